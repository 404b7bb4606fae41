// SPDX-License-Identifier: BSD-3-Clause
/** For tests: clocks without SCMI, and the cases that every clock driver must pass. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  isElementId,
  isNotificationId,
  type Module,
  type ModuleDefinition,
  notificationIndex,
  type ProductElement,
  type ProductModule,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  CAUSE_PLATFORM,
  type Clock,
  CLOCK,
  CLOCK_RATE_CHANGED,
  CLOCK_REQUEST,
  CLOCK_STATE_CHANGED,
  ClockState,
  ExtendedType,
  highestRate,
  lowestRate,
  type Out,
  type Rates,
  Round,
} from './api.ts';
import clockModule from './module.ts';
import type { ClockElementConfig } from './schema.ts';

export { FakeDriver } from './fake-driver.ts';

/** Where CLOCK_RATE_CHANGED stands among the HAL's notifications. */
const RATE_CHANGED = clockModule.notifications?.indexOf(CLOCK_RATE_CHANGED);

/** How an operation ended. */
export interface Outcome {
  readonly status: string;
  readonly value: number;
}

/** A change that was told: the clock's name, its rate or state, who caused it. */
export type Change = readonly [clock: string, value: number, cause: number];

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class ClockBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  readonly rateChanges: Change[] = [];
  readonly stateChanges: Change[] = [];
  private readonly responses: Outcome[] = [];
  private api: Clock | undefined = undefined;

  /** Starts the firmware. `clocks` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(driver: ProductModule, clocks: readonly ProductElement<ClockElementConfig>[]) {
    const modules = [driver, configure(clockModule, {}, clocks), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('clock');
        this.api = framework.bind(source, CLOCK);
        framework.subscribe(CLOCK_RATE_CHANGED, source, id);
        framework.subscribe(CLOCK_STATE_CHANGED, source, id);
      },
      processEvent: event => {
        const value = event.param(CLOCK_REQUEST.at.value);
        this.responses.push({ status: nameOf(event.status), value });
        return Status.SUCCESS;
      },
      processNotification: event => {
        const clock = event.param(CLOCK_RATE_CHANGED.at.clock);
        const name = isElementId(clock) ? framework.nameOf(clock) : '?';
        const isRate = isNotificationId(event.id) && notificationIndex(event.id) === RATE_CHANGED;
        const change: Change = [
          name,
          event.param(CLOCK_RATE_CHANGED.at.rate),
          event.param(CLOCK_RATE_CHANGED.at.cause),
        ];
        (isRate ? this.rateChanges : this.stateChanges).push(change);
        return Status.SUCCESS;
      },
    });
    return { name: 'user', type: 'SERVICE', create };
  }

  /** The HAL. */
  get clock(): Clock {
    if (this.api === undefined) throw new Error('the user has not bound the clock');
    return this.api;
  }

  /** The clock called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('clock'), name);
    if (found === undefined) throw new Error(`no clock ${name}`);
    return found;
  }

  /** Does an operation and waits for the outcome if it is PENDING. */
  run(operation: (clock: Clock, out: Out) => Status): Outcome {
    const out = { value: 0 };
    const status = operation(this.clock, out);
    if (status !== Status.PENDING) {
      this.drain();
      return { status: nameOf(status), value: out.value };
    }
    const outcome = this.wait();
    if (outcome === undefined) throw new Error('a pending operation never ends');
    return outcome;
  }

  /** Waits for the outcome of a pending operation; undefined when nothing comes any more. */
  wait(): Outcome | undefined {
    this.drain();
    while (this.responses.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    return this.responses.shift();
  }

  /** Handles all events. */
  drain(): void {
    while (this.framework.poll());
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/**
 * What every clock driver must do, as cases for each of its elements. `make` makes its module, configured anew for each
 * case, with a table of elements that need no parent.
 */
export function clockDriverContract(make: () => ProductModule): ContractCase[] {
  const names = (module: ProductModule): string[] =>
    Array.isArray(module.elements) ? module.elements.map((element: ProductElement) => element.name) : [];
  return names(make()).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const driver = make();
        const clocks = names(driver).map((one, index) => ({ name: one, config: { driver: elementId(0, index) } }));
        const bench = new ClockBench(driver, clocks);
        check(bench, bench.id(name));
        bench.framework.stop();
      },
    })),
  );
}

const CASES: readonly (readonly [string, (bench: ClockBench, id: ElementId) => void])[] = [
  ['has a rate among its rates at the start', (bench, id) => same('rate', has(bench, id, rateOf(bench, id)), true)],
  [
    'takes its lowest and its highest rate',
    (bench, id) => {
      const rates = ratesOf(bench, id);
      for (const rate of [highestRate(rates), lowestRate(rates)]) {
        for (const round of [Round.NONE, Round.NEAREST, Round.UP, Round.DOWN]) {
          same(`set ${rate}`, set(bench, id, rate, round), { status: 'SUCCESS', value: rate });
          same('rate', rateOf(bench, id), rate);
        }
      }
    },
  ],
  [
    'rounds a rate between two of its rates',
    (bench, id) => {
      const [below, above] = neighbours(ratesOf(bench, id));
      if (above - below < 2) return;
      same('none', set(bench, id, below + 1, Round.NONE).status, 'E_RANGE');
      for (const [rate, round, expected] of [
        [below + 1, Round.DOWN, below],
        [above - 1, Round.DOWN, below],
        [below + 1, Round.UP, above],
        [below + (above - below) / 2, Round.NEAREST, below],
        [above - Math.floor((above - below - 1) / 2), Round.NEAREST, above],
      ] as const) {
        if (!Number.isInteger(rate)) continue;
        same(`round ${rate}`, set(bench, id, rate, round), { status: 'SUCCESS', value: expected });
        same('rate', rateOf(bench, id), expected);
      }
    },
  ],
  [
    'refuses a rate outside its rates and keeps the one it has',
    (bench, id) => {
      const rates = ratesOf(bench, id);
      const before = rateOf(bench, id);
      for (const round of [Round.NONE, Round.NEAREST, Round.UP, Round.DOWN]) {
        same('above', set(bench, id, highestRate(rates) + 1, round).status, 'E_RANGE');
      }
      if (lowestRate(rates) > 0) same('below', set(bench, id, lowestRate(rates) - 1, Round.DOWN).status, 'E_RANGE');
      same('rate', rateOf(bench, id), before);
    },
  ],
  [
    'rounds a rate below the lowest up to it',
    (bench, id) => {
      const lowest = lowestRate(ratesOf(bench, id));
      if (lowest > 0) same('set', set(bench, id, lowest - 1, Round.UP), { status: 'SUCCESS', value: lowest });
    },
  ],
  [
    'starts and stops, each also twice',
    (bench, id) => {
      const { RUNNING, STOPPED } = ClockState;
      for (const state of [RUNNING, RUNNING, STOPPED, STOPPED, RUNNING]) {
        same('set', bench.run(clock => clock.setState(id, state, CAUSE_PLATFORM)).status, 'SUCCESS');
        same('state', bench.clock.state(id), state);
      }
    },
  ],
  [
    'takes a rate while it is stopped and keeps it when it starts',
    (bench, id) => {
      const rate = highestRate(ratesOf(bench, id));
      bench.run(clock => clock.setState(id, ClockState.STOPPED, CAUSE_PLATFORM));
      same('set', set(bench, id, rate, Round.NONE).status, 'SUCCESS');
      same('rate', rateOf(bench, id), rate);
      bench.run(clock => clock.setState(id, ClockState.RUNNING, CAUSE_PLATFORM));
      same('rate', rateOf(bench, id), rate);
    },
  ],
  [
    'keeps its state when the rate changes',
    (bench, id) => {
      const state = bench.clock.state(id);
      set(bench, id, highestRate(ratesOf(bench, id)), Round.NONE);
      same('state', bench.clock.state(id), state);
    },
  ],
  [
    'answers at once, or takes one operation at a time and says that it is slow',
    (bench, id) => {
      const rate = highestRate(ratesOf(bench, id));
      const status = bench.clock.setRate(id, rate, Round.NONE, CAUSE_PLATFORM, { value: 0 });
      same('slow', bench.clock.isSlow(id), status === Status.PENDING);
      if (status !== Status.PENDING) return;
      same('second', nameOf(bench.clock.setState(id, ClockState.RUNNING, CAUSE_PLATFORM)), 'E_BUSY');
      same('outcome', bench.wait(), { status: 'SUCCESS', value: rate });
      same('rate', rateOf(bench, id), rate);
    },
  ],
  [
    'keeps extended configuration of the kinds it has, and refuses others',
    (bench, id) => {
      const types = bench.clock.extendedTypes(id);
      for (const type of [ExtendedType.DUTY_CYCLE, ExtendedType.PHASE, 0x80]) {
        const has = types.includes(type);
        same('set', bench.run(clock => clock.setExtended(id, type, 25)).status, has ? 'SUCCESS' : 'E_SUPPORT');
        const got = bench.run((clock, out) => clock.getExtended(id, type, out));
        same('get', got, has ? { status: 'SUCCESS', value: 25 } : { status: 'E_SUPPORT', value: 0 });
      }
      for (const [type, value] of [
        [ExtendedType.DUTY_CYCLE, 101],
        [ExtendedType.PHASE, 360],
      ] as const) {
        if (!types.includes(type)) continue;
        same('beyond', bench.run(clock => clock.setExtended(id, type, value)).status, 'E_RANGE');
        same('kept', bench.run((clock, out) => clock.getExtended(id, type, out)).value, 25);
      }
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}

function ratesOf(bench: ClockBench, id: ElementId): Rates {
  const rates = bench.clock.rates(id);
  if (rates === undefined) throw new Error('no rates');
  return rates;
}

const rateOf = (bench: ClockBench, id: ElementId): number => bench.run((clock, out) => clock.getRate(id, out)).value;

const set = (bench: ClockBench, id: ElementId, rate: number, round: Round): Outcome =>
  bench.run((clock, out) => clock.setRate(id, rate, round, CAUSE_PLATFORM, out));

function has(bench: ClockBench, id: ElementId, rate: number): boolean {
  const rates = ratesOf(bench, id);
  if (rates.kind === 'list') return rates.list.includes(rate);
  return rate >= rates.min && rate <= rates.max && (rate - rates.min) % rates.step === 0;
}

/** The lowest two rates; twice the same for a single one. */
function neighbours(rates: Rates): readonly [number, number] {
  if (rates.kind === 'range') return [rates.min, Math.min(rates.min + rates.step, rates.max)];
  return [rates.list[0] ?? 0, rates.list[1] ?? rates.list[0] ?? 0];
}
