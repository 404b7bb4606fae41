// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, Status } from '@scp/framework';
import { ClockState } from '@scp/clock/api';
import { ClockBench, FakeDriver } from '@scp/clock/testing';
import type { ClockElementConfig } from '@scp/clock/schema';
import mockClock from '@scp/mock-clock';
import type { MockClockElementConfig } from '@scp/mock-clock/schema';

const { RUNNING, STOPPED } = ClockState;

/** A clock of a test: its parents by name, the first selected unless `parent` says otherwise. */
interface Plan {
  readonly parents?: readonly string[];
  readonly parent?: string;
}
type Plans = Readonly<Record<string, Plan>>;

function elements(plans: Plans) {
  const names = Object.keys(plans);
  const idOf = (name: string) => elementId(1, names.indexOf(name));
  return names.map((name, index) => {
    const { parents, parent } = plans[name] ?? {};
    const config: ClockElementConfig = {
      driver: elementId(0, index),
      ...(parents === undefined ? {} : { parents: parents.map(idOf) }),
      ...(parent === undefined ? {} : { parent: idOf(parent) }),
    };
    return { name, config };
  });
}

function fake(plans: Plans, prepare: (driver: FakeDriver) => void = () => undefined) {
  const driver = new FakeDriver(Object.keys(plans));
  prepare(driver);
  const bench = new ClockBench(driver.module, elements(plans));
  driver.taken();
  const setState = (name: string, state: ClockState) =>
    bench.run(clock => clock.setState(bench.id(name), state, 1)).status;
  const states = () => Object.fromEntries(Object.keys(plans).map(name => [name, bench.clock.state(bench.id(name))]));
  return { driver, bench, setState, states };
}

type MockPlans = Readonly<Record<string, Plan & Partial<MockClockElementConfig>>>;

function mock(plans: MockPlans) {
  const configs = Object.entries(plans).map(([name, { parents: _parents, parent: _parent, ...config }]) => ({
    name,
    config: { on: false, enableDelay: 0, delay: 0, ...config },
  }));
  const bench = new ClockBench(configure(mockClock, {}, configs), elements(plans));
  const rate = (name: string) => bench.run((clock, out) => clock.getRate(bench.id(name), out)).value;
  const setParent = (name: string, parent: string, cause = 0) =>
    bench.run(clock => clock.setParent(bench.id(name), bench.id(parent), cause)).status;
  const setRate = (name: string, value: number, cause = 0) =>
    bench.run((clock, out) => clock.setRate(bench.id(name), value, 0, cause, out)).status;
  return { bench, rate, setParent, setRate };
}

describe('states in a tree of clocks', () => {
  const CHAIN = {
    leaf: { parents: ['middle'] },
    middle: { parents: ['root'] },
    root: {},
    other: { parents: ['middle'] },
  };

  it('start parents before children and stop them after', () => {
    const { driver, setState } = fake(CHAIN);
    expect(setState('leaf', RUNNING)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['root start', 'middle start', 'leaf start']);
    expect(setState('leaf', STOPPED)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['leaf stop', 'middle stop', 'root stop']);
  });

  it('count the children of a parent', () => {
    const { driver, setState, states } = fake(CHAIN);
    setState('leaf', RUNNING);
    setState('other', RUNNING);
    setState('leaf', STOPPED);
    expect(driver.taken()).toEqual(['root start', 'middle start', 'leaf start', 'other start', 'leaf stop']);
    expect(states()).toEqual({ leaf: 0, middle: 1, root: 1, other: 1 });
    setState('other', STOPPED);
    expect(states()).toEqual({ leaf: 0, middle: 0, root: 0, other: 0 });
  });

  it('keep a parent that is wanted for itself', () => {
    const { driver, setState, states } = fake(CHAIN);
    setState('leaf', RUNNING);
    setState('middle', RUNNING);
    setState('leaf', STOPPED);
    expect(states()).toEqual({ leaf: 0, middle: 1, root: 1, other: 0 });
    driver.taken();
    setState('middle', STOPPED);
    expect(driver.taken()).toEqual(['middle stop', 'root stop']);
  });

  it('let a parent run on when its children need it', () => {
    const { driver, setState, states } = fake(CHAIN);
    setState('middle', RUNNING);
    setState('leaf', RUNNING);
    driver.taken();
    expect(setState('middle', STOPPED)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
    expect(states()).toEqual({ leaf: 1, middle: 1, root: 1, other: 0 });
    setState('leaf', STOPPED);
    expect(driver.taken()).toEqual(['leaf stop', 'middle stop', 'root stop']);
  });

  it('ask the driver once for what is so already', () => {
    const { driver, setState } = fake(CHAIN);
    setState('root', RUNNING);
    setState('root', RUNNING);
    expect(driver.taken()).toEqual(['root start']);
    setState('root', STOPPED);
    setState('root', STOPPED);
    expect(driver.taken()).toEqual(['root stop']);
  });

  it.each([
    ['leaf start', ['root start', 'middle start', 'leaf start', 'middle stop', 'root stop']],
    ['middle start', ['root start', 'middle start', 'root stop']],
    ['root start', ['root start']],
  ])('leave nothing running when the driver fails at %s', (failing, calls) => {
    const { driver, setState, states } = fake(CHAIN);
    driver.answers.set(failing, Status.E_DEVICE);
    expect(setState('leaf', RUNNING)).toBe('E_DEVICE');
    expect(driver.taken()).toEqual(calls);
    expect(states()).toEqual({ leaf: 0, middle: 0, root: 0, other: 0 });
    driver.answers.clear();
    expect(setState('leaf', RUNNING)).toBe('SUCCESS');
  });

  it('keep the parents of a clock that can’t be stopped', () => {
    const { driver, setState, states } = fake(CHAIN);
    setState('leaf', RUNNING);
    driver.answers.set('leaf stop', Status.E_DEVICE);
    expect(setState('leaf', STOPPED)).toBe('E_DEVICE');
    expect(states()).toEqual({ leaf: 1, middle: 1, root: 1, other: 0 });
    driver.answers.clear();
    expect(setState('leaf', STOPPED)).toBe('SUCCESS');
    expect(states()).toEqual({ leaf: 0, middle: 0, root: 0, other: 0 });
  });

  it('tell of each clock that starts or stops, and who caused it', () => {
    const { bench, setState } = fake(CHAIN);
    setState('middle', RUNNING);
    setState('middle', RUNNING);
    expect(bench.stateChanges.splice(0)).toEqual([
      ['root', RUNNING, 1],
      ['middle', RUNNING, 1],
    ]);
    setState('middle', STOPPED);
    expect(bench.stateChanges).toEqual([
      ['middle', STOPPED, 1],
      ['root', STOPPED, 1],
    ]);
  });

  it('start the parents of what runs at the start, which remember how they were found', () => {
    const { bench } = mock({ pll: { fixed: 100 }, uart: { parents: ['pll'], divider: 2, on: true } });
    expect(bench.clock.state(bench.id('pll'))).toBe(RUNNING);
    expect(bench.clock.initialState(bench.id('pll'))).toBe(STOPPED);
    expect(bench.clock.initialState(bench.id('uart'))).toBe(RUNNING);
    bench.run(clock => clock.setState(bench.id('uart'), STOPPED, 0));
    expect(bench.clock.state(bench.id('pll'))).toBe(STOPPED);
  });
});

describe('parents', () => {
  const MUX = { mux: { parents: ['a', 'b'] }, a: {}, b: {} };

  it('are selected at the start', () => {
    const driver = new FakeDriver(['mux', 'a', 'b']);
    const bench = new ClockBench(driver.module, elements({ ...MUX, mux: { parents: ['a', 'b'], parent: 'b' } }));
    expect(driver.calls).toEqual(['mux setParent 1']);
    expect(bench.clock.parents(bench.id('mux'))).toEqual([bench.id('a'), bench.id('b')]);
    expect(bench.clock.parent(bench.id('mux'))).toBe(bench.id('b'));
    expect(bench.clock.parents(bench.id('a'))).toEqual([]);
    expect(bench.clock.parent(bench.id('a'))).toBeUndefined();
  });

  it('swap: the new one runs before the clock is switched over, the old one stops after', () => {
    const { driver, bench, setState } = fake(MUX);
    setState('mux', RUNNING);
    driver.taken();
    const setParent = () => bench.run(clock => clock.setParent(bench.id('mux'), bench.id('b'), 1)).status;
    expect(setParent()).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['b start', 'mux setParent 1', 'a stop']);
    expect(setParent()).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
  });

  it('stay as they are when the driver refuses', () => {
    const { driver, bench, setState, states } = fake(MUX);
    setState('mux', RUNNING);
    driver.answers.set('mux setParent', Status.E_DEVICE);
    expect(bench.run(clock => clock.setParent(bench.id('mux'), bench.id('b'), 1)).status).toBe('E_DEVICE');
    expect(states()).toEqual({ mux: 1, a: 1, b: 0 });
    expect(bench.clock.parent(bench.id('mux'))).toBe(bench.id('a'));
    driver.answers.set('b start', Status.E_PWRSTATE);
    expect(bench.run(clock => clock.setParent(bench.id('mux'), bench.id('b'), 1)).status).toBe('E_PWRSTATE');
    expect(states()).toEqual({ mux: 1, a: 1, b: 0 });
  });

  it('are not touched for a clock that is stopped', () => {
    const { driver, bench } = fake(MUX);
    bench.run(clock => clock.setParent(bench.id('mux'), bench.id('b'), 1));
    expect(driver.taken()).toEqual(['mux setParent 1']);
  });

  it('are refused when they are none of the clock’s', () => {
    const { bench } = fake({ ...MUX, c: {} });
    expect(bench.run(clock => clock.setParent(bench.id('mux'), bench.id('c'), 1)).status).toBe('E_PARAM');
    expect(bench.run(clock => clock.setParent(bench.id('a'), bench.id('b'), 1)).status).toBe('E_SUPPORT');
  });
});

describe('rates in a tree of clocks', () => {
  const TREE = {
    uart: { parents: ['div'], divider: 4 },
    div: { parents: ['pll', 'osc'], divider: 2 },
    pll: { range: { min: 100, max: 1000, step: 100 }, rate: 800 },
    osc: { fixed: 49 },
    gate: { parents: ['pll'], rates: [5, 6] },
  };

  it('follow through dividers from the start', () => {
    const { rate, bench } = mock(TREE);
    expect([rate('pll'), rate('div'), rate('uart'), rate('gate')]).toEqual([800, 400, 100, 5]);
    expect(bench.clock.rates(bench.id('uart'))).toEqual({ kind: 'list', list: [100] });
  });

  it('follow a parent’s rate, and each one is told with who caused it', () => {
    const { rate, setRate, bench } = mock(TREE);
    expect(setRate('pll', 400, 7)).toBe('SUCCESS');
    expect([rate('pll'), rate('div'), rate('uart'), rate('gate')]).toEqual([400, 200, 50, 5]);
    expect(bench.rateChanges).toEqual([
      ['pll', 400, 7],
      ['div', 200, 7],
      ['uart', 50, 7],
    ]);
  });

  it('are not told when they stay', () => {
    const { setRate, bench } = mock(TREE);
    setRate('pll', 800);
    setRate('gate', 5);
    expect(bench.rateChanges).toEqual([]);
  });

  it('follow a change of parent, in whole Hz', () => {
    const { rate, setParent, setRate, bench } = mock(TREE);
    expect(setParent('div', 'osc', 3)).toBe('SUCCESS');
    expect([rate('div'), rate('uart')]).toEqual([24, 6]);
    expect(bench.rateChanges.splice(0)).toEqual([
      ['div', 24, 3],
      ['uart', 6, 3],
    ]);
    setRate('pll', 300);
    expect(bench.rateChanges).toEqual([['pll', 300, 0]]);
  });

  it('of a divider can’t be set but to what they are', () => {
    const { setRate } = mock(TREE);
    expect(setRate('uart', 100)).toBe('SUCCESS');
    expect(setRate('uart', 50)).toBe('E_RANGE');
  });
});

describe('the set-up refuses', () => {
  const start = (plans: Plans, prepare?: (driver: FakeDriver) => void) => () => fake(plans, prepare);

  it.each<[string, () => unknown, string]>([
    ['a cycle', start({ a: { parents: ['b'] }, b: { parents: ['c'] }, c: { parents: ['a'] } }), 'a <- b <- c <- a'],
    [
      'a cycle over parents not selected',
      start({ x: {}, a: { parents: ['x', 'b'] }, b: { parents: ['a'] } }),
      'a <- b <- a',
    ],
    ['a clock that is its own parent', start({ a: { parents: ['a'] } }), 'a <- a'],
    [
      'a parent that is not among the parents',
      start({ a: {}, b: {}, c: { parents: ['a'], parent: 'b' } }),
      'not among',
    ],
    ['a slow parent', start({ a: {}, b: { parents: ['a'] } }, driver => driver.slow.add('a')), 'needs time'],
    [
      'a driver that needs time at the start',
      start({ a: {} }, driver => driver.answers.set('a getRate', Status.PENDING)),
      'to tell its rate at the start: PENDING',
    ],
    [
      'a driver that fails to select the parent',
      start({ a: {}, b: {}, c: { parents: ['a', 'b'] } }, driver => driver.answers.set('c setParent', Status.E_DEVICE)),
      'to select its parent at the start: E_DEVICE',
    ],
    ['a divider without parent', () => mock({ a: { divider: 2 } }), 'to tell its rate at the start: E_DATA'],
    ['rates that do not ascend', () => mock({ a: { rates: [2, 2] } }), 'rates must ascend'],
    ['no rates', () => mock({ a: { rates: [] } }), 'at least one'],
    ['a range with max off the steps', () => mock({ a: { range: { min: 1, max: 4, step: 2 } } }), 'whole steps'],
    ['a range upside down', () => mock({ a: { range: { min: 5, max: 4, step: 1 } } }), 'min not above max'],
    ['a step of 0', () => mock({ a: { range: { min: 1, max: 4, step: 0 } } }), 'at least 1'],
    ['a fractional rate', () => mock({ a: { fixed: 1.5 } }), 'whole Hz'],
    ['a rate at the start that it can’t have', () => mock({ a: { rates: [1, 3], rate: 2 } }), 'not one of its rates'],
    ['a rate at the start of a fixed clock', () => mock({ a: { fixed: 1, rate: 1 } }), 'fixed or follows'],
    ['two kinds of rates', () => mock({ a: { fixed: 1, rates: [1] } }), 'exactly one'],
    ['no kind of rates', () => mock({ a: {} }), 'exactly one'],
  ])('%s', (_what, set, text) => {
    expect(set).toThrow(text);
  });

  it('two clocks on one driver', () => {
    const driver = configure(mockClock, {}, [{ name: 'd', config: { on: false, enableDelay: 0, delay: 0, fixed: 1 } }]);
    const config = { driver: elementId(0, 0) };
    const clocks = [
      { name: 'a', config },
      { name: 'b', config },
    ];
    expect(() => new ClockBench(driver, clocks)).toThrow('refuses clock/b (E_ACCESS)');
  });
});
