// SPDX-License-Identifier: BSD-3-Clause
/** Agents that share clocks, one of them the parent of another: random sequences of what they do, against a model. */
import fc from 'fast-check';
import { ClockServer } from './clocks.ts';

const AGENTS = ['ospm0', 'ospm1', 'ospm2'] as const;
/** Clock 0 runs at the start; clock 1 does not; clock 2 is derived from clock 1, which runs whenever it does. */
const INITIAL = [true, false, false];
const RATES = [100, 200, 300];

type Vote = 'on' | 'off' | undefined;

/** What the votes of all agents lead to. */
class Model {
  readonly votes: Vote[][] = AGENTS.map(() => INITIAL.map(() => undefined));
  rate = 100;

  /** The state that the votes on a clock ask for. */
  private wanted(clock: number): boolean {
    const votes = this.votes.map(own => own[clock]);
    if (votes.includes('on')) return true;
    return votes.includes('off') ? false : (INITIAL[clock] ?? false);
  }

  runs(clock: number): boolean {
    return this.wanted(clock) || (clock === 1 && this.wanted(2));
  }
}

const step = fc.record({
  agent: fc.nat(AGENTS.length - 1),
  clock: fc.nat(INITIAL.length - 1),
  action: fc.constantFrom('enable', 'disable', 'rate', 'reset', 'disconnect'),
  rate: fc.constantFrom(...RATES),
});

describe('agents that share clocks', () => {
  it('see what the votes of all lead to, whatever they do in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const names = ['a', 'b', 'c'];
        const server = new ClockServer({
          clocks: { a: { rates: RATES, rate: 100, on: true }, b: { fixed: 8 }, c: { parents: ['b'], divider: 2 } },
          agents: Object.fromEntries(AGENTS.map(agent => [agent, names])),
        });
        const model = new Model();
        for (const { agent: index, clock, action, rate } of steps) {
          const agent = AGENTS[index] ?? 'ospm0';
          const votes = model.votes[index] ?? [];
          if (action === 'enable' || action === 'disable') {
            expect(server.status(agent, 'configSet', clock, action === 'enable' ? 1 : 0, 0)).toBe(0);
            votes[clock] = action === 'enable' ? 'on' : 'off';
          } else if (action === 'rate') {
            expect(server.status(agent, 'rateSet', 0, 0, rate, 0)).toBe(0);
            model.rate = rate;
          } else {
            if (action === 'disconnect') server.disconnect(agent);
            else server.exchange(agent, `0b400000 0${index + 1}000000 00000000`);
            votes.fill(undefined);
          }
          for (const observer of AGENTS) {
            expect([0, 1, 2].map(id => server.isEnabled(observer, id))).toEqual([0, 1, 2].map(id => model.runs(id)));
            expect(server.rate(observer, 0)).toBe(model.rate);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
