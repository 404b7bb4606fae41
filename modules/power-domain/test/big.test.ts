// SPDX-License-Identifier: BSD-3-Clause
/** Random trees under random requests, drivers that take time and fail, and subscribers that veto. */
import fc from 'fast-check';
import { Status } from '@scp/framework';
import { type PowerState, rankOf, STATES_BY_RANK } from '@scp/power-domain/api';
import { OFF, ON, type Plan, SLEEP, tree } from './trees.ts';

const COUNT = 7;
const names = Array.from({ length: COUNT }, (_one, index) => `d${index}`);
const parents = fc.tuple(
  ...names.map((_name, index) =>
    fc
      .option(fc.nat(COUNT), { nil: undefined })
      .map(pick => (pick === undefined || index === 0 ? undefined : pick % index)),
  ),
);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      domain: fc.nat(COUNT - 1),
      state: fc.constantFrom(OFF, ON, SLEEP),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('complete' as const), domain: fc.nat(COUNT - 1), fails: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('slow' as const), domain: fc.nat(COUNT - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fast' as const), domain: fc.nat(COUNT - 1) }) },
);

const nameOf = (domain: number): string => names[domain] ?? '';

describe('random trees of power domains', () => {
  it.each([false, true])(
    'keep every child within its parent, and end where they are wanted; with vetoes: %s',
    vetoes => {
      fc.assert(
        fc.property(
          parents,
          fc.array(step, { maxLength: 60 }),
          fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
          (tops, steps, denials) => {
            let asked = 0;
            const vetoers = vetoes
              ? [() => ((denials[asked++ % denials.length] ?? false) ? Status.E_STATE : Status.SUCCESS)]
              : [];
            const plans = Object.fromEntries(
              names.map((name, index): [string, Plan] => {
                const top = tops[index];
                return [
                  name,
                  { states: ['off', 'sleep', 'on'], ...(top === undefined ? {} : { parent: nameOf(top) }) },
                ];
              }),
            );
            const made = tree(plans, {}, { vetoers });
            const { bench, driver } = made;
            /** Requests under way: what they ask for. */
            const pending = new Map<string, PowerState>();
            const wanted = new Map<string, PowerState>(names.map(name => [name, OFF]));
            const settle = () => {
              for (let outcome = bench.waitFrom(); outcome !== undefined; outcome = bench.waitFrom()) {
                const state = pending.get(outcome.domain);
                if (state === undefined) throw new Error(`${outcome.domain} answers what nobody asked`);
                pending.delete(outcome.domain);
                if (outcome.status === 'SUCCESS') wanted.set(outcome.domain, state);
              }
            };
            const check = () => {
              names.forEach((name, index) => {
                const top = tops[index];
                if (top === undefined) return;
                const rank = rankOf(stateOf(bench.state(name)));
                expect(rank).toBeLessThanOrEqual(rankOf(stateOf(bench.state(nameOf(top)))));
              });
            };
            for (const one of steps) {
              const name = nameOf(one.domain);
              if (one.kind === 'slow') driver.answers.set(name, Status.PENDING);
              else if (one.kind === 'fast') driver.answers.delete(name);
              else if (one.kind === 'complete') {
                if (driver.isPending(name)) driver.complete(name, one.fails ? Status.E_DEVICE : Status.SUCCESS);
              } else {
                const status = bench.set(name, one.state);
                if (pending.has(name)) expect(status).toBe('E_BUSY');
                else if (status === 'PENDING') pending.set(name, one.state);
                else if (status === 'SUCCESS') wanted.set(name, one.state);
                else expect(['E_ACCESS', 'E_DEVICE']).toContain(status);
              }
              settle();
              check();
            }
            // Everything that is under way ends well.
            for (const name of names) driver.answers.delete(name);
            for (let more = true; more;) {
              more = false;
              for (const name of names) {
                if (!driver.isPending(name)) continue;
                driver.complete(name);
                more = true;
              }
              settle();
              check();
            }
            expect([...pending.keys()]).toEqual([]);
            if (vetoes) return;
            // A background transition that failed is tried again by the next request for the domain.
            for (const name of names) expect(bench.run(name, wanted.get(name) ?? OFF)).toBe('SUCCESS');
            const goal = (index: number): number =>
              Math.max(
                rankOf(wanted.get(nameOf(index)) ?? OFF),
                ...names.map((_name, child) => (tops[child] === index ? goal(child) : 0)),
              );
            names.forEach((name, index) =>
              expect([name, bench.state(name)]).toEqual([name, STATES_BY_RANK[goal(index)]]),
            );
          },
        ),
        { numRuns: 8000 },
      );
    },
  );
});

const stateOf = (value: number): PowerState => (value === ON ? ON : value === SLEEP ? SLEEP : OFF);
