// SPDX-License-Identifier: BSD-3-Clause
import { CAUSE_PLATFORM, ClockState, Round } from '@scp/clock/api';
import { ClockBench, clockDriverContract } from '@scp/clock/testing';
import { configure, elementId, type ProductElement, Status } from '@scp/framework';
import systemPll from '@scp/system-pll';
import schema, { type SystemPllElementConfig } from '@scp/system-pll/schema';

const at = { on: true, lock: 0 };
const CPU = { min: 50_000_000, max: 4_000_000_000, step: 1000 };
const PIXEL = { min: 12_500_000, max: 594_000_000, step: 250_000 };

const ELEMENTS: readonly ProductElement<SystemPllElementConfig>[] = [
  { name: 'cpu', config: { ...at, range: CPU, rate: 1_330_000_000 } },
  { name: 'pixel', config: { ...at, range: PIXEL, rate: 594_000_000 } },
  { name: 'odd-step', config: { ...at, range: { min: 1, max: 100, step: 3 } } },
  { name: 'any', config: { ...at, range: { min: 0, max: 9_007_199_254_740_991, step: 1 } } },
  { name: 'off', config: { ...at, range: PIXEL, on: false } },
  { name: 'locks', config: { ...at, range: CPU, lock: 100 } },
];

describe('system-pll keeps the contract of clock drivers:', () => {
  for (const { name, run } of clockDriverContract(() => configure(systemPll, {}, ELEMENTS))) it(name, run);
});

const bench = (config: Partial<SystemPllElementConfig>, clocks = ['a']) =>
  new ClockBench(
    configure(systemPll, {}, [{ name: 'a', config: { ...at, range: PIXEL, ...config } }]),
    clocks.map(name => ({ name, config: { driver: elementId(0, 0) } })),
  );
const rateOf = (one: ClockBench) => one.run((clock, out) => clock.getRate(one.id('a'), out)).value;

describe('system-pll', () => {
  it.each<readonly [string, Partial<SystemPllElementConfig>, number, number]>([
    ['its lowest rate, running', {}, 12_500_000, ClockState.RUNNING],
    ['the configured rate, stopped', { rate: 148_500_000, on: false }, 148_500_000, ClockState.STOPPED],
  ])('starts with %s', (_what, config, rate, state) => {
    const one = bench(config);
    expect([rateOf(one), one.clock.state(one.id('a'))]).toEqual([rate, state]);
  });

  it('rounds to its step from the lowest rate, by mode', () => {
    const one = bench({});
    const set = (rate: number, round: Round) =>
      one.run((clock, out) => clock.setRate(one.id('a'), rate, round, CAUSE_PLATFORM, out));
    for (const [rate, round, expected] of [
      [148_400_000, Round.NEAREST, 148_500_000],
      [148_375_000, Round.NEAREST, 148_250_000],
      [148_300_000, Round.UP, 148_500_000],
      [148_400_000, Round.DOWN, 148_250_000],
      [148_500_000, Round.NONE, 148_500_000],
    ] as const) {
      expect(set(rate, round)).toEqual({ status: 'SUCCESS', value: expected });
      expect(rateOf(one)).toBe(expected);
    }
    expect(set(148_400_000, Round.NONE).status).toBe('E_RANGE');
    expect(set(594_000_001, Round.DOWN).status).toBe('E_RANGE');
    expect(set(12_499_999, Round.NEAREST).status).toBe('E_RANGE');
    expect(rateOf(one)).toBe(148_500_000);
  });

  it('has a new rate when it has locked', () => {
    const one = bench({ lock: 100 });
    const id = one.id('a');
    const out = { value: 0 };
    expect(one.clock.setRate(id, 25_000_000, Round.NONE, 7, out)).toBe(Status.PENDING);
    one.host.advance(one.framework, 99);
    expect(one.rateChanges).toEqual([]);
    one.host.advance(one.framework, 1);
    expect(one.rateChanges).toEqual([['a', 25_000_000, 7]]);
    expect(one.wait()).toEqual({ status: 'SUCCESS', value: 25_000_000 });
    expect(rateOf(one)).toBe(25_000_000);
  });

  it('locks when it starts, and takes a rate at once while it is stopped', () => {
    const one = bench({ lock: 100, on: false });
    const id = one.id('a');
    const out = { value: 0 };
    expect([one.clock.isSlow(id), one.clock.enableDelay(id)]).toEqual([true, 100]);
    expect(one.clock.setRate(id, 25_000_000, Round.NONE, 0, out)).toBe(Status.SUCCESS);
    expect(one.clock.setState(id, ClockState.RUNNING, 0)).toBe(Status.PENDING);
    expect(one.clock.state(id)).toBe(ClockState.STOPPED);
    one.host.advance(one.framework, 100);
    expect([one.clock.state(id), rateOf(one)]).toEqual([ClockState.RUNNING, 25_000_000]);
    expect(one.clock.setState(id, ClockState.STOPPED, 0)).toBe(Status.SUCCESS);
  });

  it('stops while it locks, and nothing comes after', () => {
    const one = bench({ lock: 100 });
    expect(one.clock.setRate(one.id('a'), 25_000_000, Round.NONE, 0, { value: 0 })).toBe(Status.PENDING);
    expect(one.framework.stop()).toEqual([]);
    expect(one.host.deadline).toBe(Infinity);
  });

  it('drives one clock with each PLL', () => {
    expect(() => bench({}, ['a', 'b'])).toThrow('refuses clock/b');
  });

  it.each<readonly [string, Partial<SystemPllElementConfig>, string]>([
    [
      'a rate at the start between steps',
      { rate: 12_600_000 },
      'rate 12600000 at the start is not a step of its range',
    ],
    [
      'a range that does not end on a step',
      { range: { min: 0, max: 9, step: 2 } },
      'range 0..9: max must be whole steps of 2 above min',
    ],
    ['a range upside down', { range: { min: 2, max: 1, step: 1 } }, 'range 2..1: whole Hz, min not above max'],
  ])('refuses %s, when the product is built and when it starts', (_what, config, text) => {
    expect(schema.check({}, [{ name: 'a', config: { ...at, range: PIXEL, ...config } }])).toEqual([
      { path: ['elements', 'a'], message: text },
    ]);
    expect(() => bench(config)).toThrow(text);
  });

  it('finds nothing wrong with good PLLs', () => {
    expect(schema.check({}, ELEMENTS)).toEqual([]);
  });
});
