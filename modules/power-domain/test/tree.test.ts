// SPDX-License-Identifier: BSD-3-Clause
/** The order in which domains go up and down, and what keeps one on. */
import { Status } from '@scp/framework';
import { compositeState } from '@scp/power-domain/api';
import { OFF, ON, SLEEP, SOC, tree } from './trees.ts';

const CHAIN = { leaf: { parent: 'middle' }, other: { parent: 'middle' }, middle: { parent: 'root' }, root: {} };

describe('a tree of power domains', () => {
  it('goes up parents first, and down children first', () => {
    const { driver, run } = tree(CHAIN);
    expect(run('leaf', ON)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['root on', 'middle on', 'leaf on']);
    expect(run('leaf', OFF)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['leaf off', 'middle off', 'root off']);
  });

  it('keeps a parent on for each of its children', () => {
    const { driver, run } = tree(CHAIN);
    run('leaf', ON);
    run('other', ON);
    run('leaf', OFF);
    expect(driver.taken()).toEqual(['root on', 'middle on', 'leaf on', 'other on', 'leaf off']);
    run('other', OFF);
    expect(driver.taken()).toEqual(['other off', 'middle off', 'root off']);
  });

  it('keeps a parent on that is wanted for itself', () => {
    const { driver, run } = tree(CHAIN);
    run('leaf', ON);
    run('middle', ON);
    driver.taken();
    run('leaf', OFF);
    expect(driver.taken()).toEqual(['leaf off']);
    run('middle', OFF);
    expect(driver.taken()).toEqual(['middle off', 'root off']);
  });

  it('keeps on what was found on, until somebody wants it off', () => {
    const { driver, run } = tree(CHAIN, { root: ON, middle: ON, leaf: ON });
    run('leaf', OFF);
    expect(driver.taken()).toEqual(['leaf off']);
    run('middle', OFF);
    expect(driver.taken()).toEqual(['middle off']);
  });

  it('lets a parent that children need be asked off: it goes when they do', () => {
    const { driver, run, states } = tree(CHAIN, { root: ON, middle: ON, leaf: ON });
    expect(run('middle', OFF)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
    expect(states()).toEqual([ON, OFF, ON, ON]);
    run('leaf', OFF);
    expect(driver.taken()).toEqual(['leaf off', 'middle off']);
  });

  it('brings up at the start what is found below its children', () => {
    const { states, run } = tree(CHAIN, { leaf: ON });
    expect(states()).toEqual([ON, OFF, ON, ON]);
    run('leaf', OFF);
    expect(states()).toEqual([OFF, OFF, OFF, OFF]);
  });

  it('sets what is set already without a word to the driver', () => {
    const { bench, driver, run } = tree(CHAIN);
    for (const state of [OFF, ON, ON, OFF, OFF]) expect(run('root', state)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['root on', 'root off']);
    expect(bench.changes).toHaveLength(2);
  });

  it('tells of each change, with who caused it', () => {
    const { bench, run } = tree(CHAIN);
    run('leaf', ON, 1);
    run('other', ON, 2);
    run('leaf', OFF, 1);
    run('other', OFF, 3);
    expect(bench.changes).toEqual([
      ['root', ON, 1],
      ['middle', ON, 1],
      ['leaf', ON, 1],
      ['other', ON, 2],
      ['leaf', OFF, 1],
      ['other', OFF, 3],
      ['middle', OFF, 3],
      ['root', OFF, 3],
    ]);
  });

  it('tells of names, types, parents and states', () => {
    const { bench } = tree(SOC, { system: ON });
    const { power } = bench;
    expect(power.name(bench.id('core1'))).toBe('core1');
    expect(['core0', 'cluster', 'gpu', 'system'].map(name => power.type(bench.id(name)))).toEqual([0, 1, 2, 4]);
    expect(power.parent(bench.id('gpu'))).toBe(bench.id('system'));
    expect(power.parent(bench.id('system'))).toBeUndefined();
    expect([OFF, SLEEP, ON].map(state => power.hasState(bench.id('gpu'), state))).toEqual([true, false, true]);
    expect(power.initialState(bench.id('system'))).toBe(ON);
  });
});

describe('a cluster', () => {
  it('goes off with the last of its cores, and on with the first', () => {
    const { driver, run } = tree(SOC, { system: ON, cluster: ON, core0: ON, core1: ON });
    run('core0', OFF);
    run('core1', OFF);
    expect(driver.taken()).toEqual(['core0 off', 'core1 off', 'cluster off']);
    run('core1', ON);
    expect(driver.taken()).toEqual(['cluster on', 'core1 on']);
  });

  it('stays on when that is requested', () => {
    const { driver, run } = tree(SOC, { system: ON, cluster: ON, core0: ON });
    run('cluster', ON);
    run('core0', OFF);
    expect(driver.taken()).toEqual(['core0 off']);
  });
});

describe('masks of allowed states', () => {
  it('let a domain have no more power than its parent, unless the product says otherwise', () => {
    const { driver, run } = tree(SOC, { system: ON });
    run('core0', SLEEP);
    expect(driver.taken()).toEqual(['cluster sleep', 'core0 sleep']);
    run('core0', ON);
    expect(driver.taken()).toEqual(['cluster on', 'core0 on']);
    run('core0', SLEEP);
    expect(driver.taken()).toEqual(['core0 sleep', 'cluster sleep']);
  });

  it('of Juno let cores sleep under a cluster that is off', () => {
    const allowed = { off: ['off' as const, 'sleep' as const], sleep: ['off' as const, 'sleep' as const] };
    const core = { parent: 'cluster', states: ['off' as const, 'sleep' as const, 'on' as const], allowed };
    const { driver, run } = tree({ core, cluster: { type: 'cluster' as const, states: ['off', 'sleep', 'on'] } });
    run('core', SLEEP);
    expect(driver.taken()).toEqual(['core sleep']);
    run('core', ON);
    expect(driver.taken()).toEqual(['cluster on', 'core on']);
    run('core', SLEEP);
    expect(driver.taken()).toEqual(['core sleep', 'cluster off']);
  });

  it('give a parent the least of its states that the children can have', () => {
    const { driver, run } = tree({ child: { parent: 'top', states: ['off', 'sleep'] }, top: {} });
    run('child', SLEEP);
    expect(driver.taken()).toEqual(['top on', 'child sleep']);
  });
});

describe('composite states', () => {
  it('are words of four bits a level', () => {
    expect([compositeState(ON), compositeState(OFF, SLEEP), compositeState(ON, ON, ON)]).toEqual([1, 0x10020, 0x20111]);
    const { bench } = tree(SOC, { system: ON, cluster: SLEEP, core0: OFF });
    expect(bench.power.composite(bench.id('core0'))).toBe(0x20120);
    expect(bench.power.composite(bench.id('system'))).toBe(ON);
  });

  it('request several levels at once', () => {
    const { driver, run } = tree(SOC, { system: ON, cluster: ON, core0: ON });
    expect(run('core0', compositeState(OFF, SLEEP))).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['core0 off', 'cluster sleep']);
    expect(run('core0', compositeState(OFF, OFF))).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['cluster off']);
    expect(run('core0', compositeState(SLEEP, ON, ON))).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['cluster on', 'core0 sleep']);
  });

  it.each([
    ['a level above the root', 'system', compositeState(ON, ON), 'E_PARAM'],
    ['more levels than there are', 'core0', 0x40000 | ON, 'E_PARAM'],
    ['a state that a level does not have', 'gpu', compositeState(SLEEP), 'E_PARAM'],
    ['a state that a level above does not have', 'core0', compositeState(OFF, OFF, SLEEP), 'E_PARAM'],
    ['a number that is no state', 'core0', 7, 'E_PARAM'],
    ['a negative one', 'core0', -1, 'E_PARAM'],
    ['levels that exclude each other', 'core0', compositeState(ON, SLEEP), 'E_PWRSTATE'],
    ['levels that exclude each other further up', 'core0', compositeState(ON, ON, OFF), 'E_PWRSTATE'],
  ])('are refused with %s', (_what, name, composite, status) => {
    const { driver, run } = tree(SOC, { system: ON });
    expect(run(name, composite)).toBe(status);
    expect(driver.taken()).toEqual([]);
  });

  it('that fail leave every level as it was', () => {
    const { driver, run, states } = tree(SOC, { system: ON, cluster: ON, core0: ON });
    driver.answers.set('cluster sleep', Status.E_DEVICE);
    expect(run('core0', compositeState(OFF, SLEEP))).toBe('E_DEVICE');
    expect(states()).toEqual([ON, OFF, ON, OFF, ON]);
    expect(driver.taken()).toEqual(['core0 off', 'cluster sleep', 'core0 on']);
    run('core0', OFF);
    expect(states()).toEqual([OFF, OFF, OFF, OFF, ON]);
  });
});

describe('a driver that fails', () => {
  it('leaves everything as it was, also what was brought up for it', () => {
    const { bench, driver, run, states } = tree(CHAIN);
    driver.answers.set('leaf', Status.E_DEVICE);
    expect(run('leaf', ON)).toBe('E_DEVICE');
    expect(states()).toEqual([OFF, OFF, OFF, OFF]);
    expect(driver.taken()).toEqual(['root on', 'middle on', 'leaf on', 'middle off', 'root off']);
    driver.answers.clear();
    expect(run('leaf', ON)).toBe('SUCCESS');
    expect(bench.host.logged()).toEqual([]);
  });

  it('on the way up fails what is below', () => {
    const { driver, run, states } = tree(CHAIN);
    driver.answers.set('root on', Status.E_TIMEOUT);
    expect(run('leaf', ON)).toBe('E_TIMEOUT');
    expect(driver.taken()).toEqual(['root on']);
    expect(states()).toEqual([OFF, OFF, OFF, OFF]);
    driver.answers.clear();
    expect(run('leaf', ON)).toBe('SUCCESS');
  });

  it('leaves a parent on that can’t go off, tells the log, and tries again at the next request', () => {
    const { bench, driver, run, states } = tree(CHAIN);
    run('leaf', ON);
    driver.taken();
    driver.answers.set('middle off', Status.E_DEVICE);
    expect(run('leaf', OFF)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['leaf off', 'middle off']);
    expect(states()).toEqual([OFF, OFF, ON, ON]);
    expect(bench.host.logged()).toEqual(['[POWER-DOMAIN] middle stays as it is: E_DEVICE']);
    driver.answers.clear();
    run('leaf', OFF);
    expect(driver.taken()).toEqual(['middle off', 'root off']);
    expect(states()).toEqual([OFF, OFF, OFF, OFF]);
  });

  it('keeps on what is above a domain that can’t go off', () => {
    const { driver, run, states } = tree(CHAIN, { root: ON });
    run('leaf', ON);
    driver.answers.set('middle off', Status.E_DEVICE);
    run('leaf', OFF);
    driver.taken();
    expect(run('root', OFF)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
    expect(states()).toEqual([OFF, OFF, ON, ON]);
  });

  it('logs rarely', () => {
    const { bench, driver, run } = tree(CHAIN);
    driver.answers.set('middle off', Status.E_DEVICE);
    for (let times = 0; times < 50; times++) {
      run('leaf', ON);
      run('leaf', OFF);
    }
    expect(bench.host.logged()).toHaveLength(10);
  });

  it.each([
    ['to tell its state', { leaf: 9 }, undefined, 'is found in a state that is not among its own'],
    ['to be brought up', { leaf: ON }, Status.E_DEVICE, 'can’t be brought up at the start'],
    ['by taking time at the start', { leaf: ON }, Status.PENDING, 'can’t be brought up at the start'],
  ])('%s ends the start', (_what, states, answer, text) => {
    const prepare = (driver: { readonly answers: Map<string, Status>; readonly states: Map<string, number> }) => {
      for (const [name, state] of Object.entries(states)) driver.states.set(name, state);
      if (answer !== undefined) driver.answers.set('middle', answer);
    };
    expect(() => tree(CHAIN, {}, { prepare })).toThrow(text);
  });
});
