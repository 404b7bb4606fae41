// SPDX-License-Identifier: BSD-3-Clause
/** Transitions that take time, and those that subscribers veto. */
import { Status } from '@scp/framework';
import { compositeState } from '@scp/power-domain/api';
import type { Question } from '@scp/power-domain/testing';
import { OFF, ON, SLEEP, SOC, tree } from './trees.ts';

const CHAIN = { leaf: { parent: 'root' }, other: { parent: 'root' }, root: {} };

function slow(names: readonly string[], states = {}) {
  const made = tree(CHAIN, states);
  for (const name of names) made.driver.answers.set(name, Status.PENDING);
  return made;
}

describe('a transition that takes time', () => {
  it('is answered with PENDING, then with an event', () => {
    const { bench, driver, set } = slow(['root']);
    expect(set('root', ON)).toBe('PENDING');
    expect(bench.wait()).toBeUndefined();
    expect(bench.state('root')).toBe(OFF);
    driver.complete('root');
    expect(bench.wait()).toBe('SUCCESS');
    expect(bench.state('root')).toBe(ON);
  });

  it('that ends before its event is handled is answered then, and the domain is busy until it is', () => {
    const { bench, driver, set } = slow(['root']);
    set('root', ON);
    driver.complete('root', Status.E_DEVICE);
    expect(set('root', ON)).toBe('E_BUSY');
    expect(bench.wait()).toBe('E_DEVICE');
    expect(set('root', ON)).toBe('PENDING');
  });

  it('keeps others off the domain, and off no other', () => {
    const { bench, driver, set, run } = slow(['leaf'], { root: ON });
    set('leaf', ON);
    for (const state of [ON, OFF]) expect(set('leaf', state)).toBe('E_BUSY');
    expect(run('other', ON)).toBe('SUCCESS');
    driver.complete('leaf');
    expect(bench.wait()).toBe('SUCCESS');
    expect(set('leaf', OFF)).toBe('PENDING');
  });

  it('of a parent comes first on the way up', () => {
    const { bench, driver, set } = slow(['root', 'leaf']);
    expect(set('leaf', ON)).toBe('PENDING');
    bench.drain();
    expect(driver.taken()).toEqual(['root on']);
    driver.complete('root');
    expect(driver.taken()).toEqual(['leaf on']);
    expect(bench.wait()).toBeUndefined();
    driver.complete('leaf');
    expect(bench.wait()).toBe('SUCCESS');
  });

  it('of a parent comes last on the way down, and is not waited for', () => {
    const { bench, driver, set } = slow(['root', 'leaf']);
    driver.answers.delete('root');
    driver.answers.set('root off', Status.PENDING);
    set('leaf', ON);
    driver.complete('leaf');
    bench.wait();
    driver.taken();
    set('leaf', OFF);
    expect(driver.taken()).toEqual(['leaf off']);
    driver.complete('leaf');
    expect(bench.wait()).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['root off']);
    driver.complete('root');
    expect(bench.state('root')).toBe(OFF);
  });

  it('of a parent is shared by what waits for it', () => {
    const { bench, driver, set } = slow(['root']);
    set('leaf', ON);
    set('other', ON);
    driver.complete('root');
    expect([bench.wait(), bench.wait()]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(driver.taken()).toEqual(['root on', 'leaf on', 'other on']);
  });

  it('of a parent that fails, fails what waits for it', () => {
    const { bench, driver, set, states } = slow(['root']);
    set('leaf', ON);
    set('other', ON);
    driver.complete('root', Status.E_DEVICE);
    expect([bench.wait(), bench.wait()]).toEqual(['E_DEVICE', 'E_DEVICE']);
    expect(states()).toEqual([OFF, OFF, OFF]);
  });

  it('turns round when it is needed again meanwhile', () => {
    const { bench, driver, set, run, states } = slow([], { leaf: ON, root: ON });
    run('root', OFF);
    driver.answers.set('root', Status.PENDING);
    run('leaf', OFF);
    driver.taken();
    expect(set('leaf', ON)).toBe('PENDING');
    expect(set('root', ON)).toBe('PENDING');
    expect(driver.taken()).toEqual([]);
    driver.complete('root');
    expect(driver.taken()).toEqual(['root on']);
    driver.complete('root');
    expect([bench.wait(), bench.wait()]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(states()).toEqual([ON, OFF, ON]);
  });

  it('that fails to go off lets what waits go on', () => {
    const { bench, driver, set, run, states } = slow([], { leaf: ON, root: ON });
    run('root', OFF);
    driver.answers.set('root', Status.PENDING);
    run('leaf', OFF);
    expect(set('leaf', ON)).toBe('PENDING');
    driver.complete('root', Status.E_DEVICE);
    expect(bench.wait()).toBe('SUCCESS');
    expect(states()).toEqual([ON, OFF, ON]);
  });

  it('off is answered when it is off, even if a child has asked for more meanwhile', () => {
    const { bench, driver, set } = slow(['root'], { root: ON });
    set('root', OFF);
    expect(set('leaf', ON)).toBe('PENDING');
    driver.complete('root');
    expect(bench.wait()).toBe('SUCCESS');
    driver.complete('root');
    expect(bench.wait()).toBe('SUCCESS');
    expect(bench.changes.map(([name, state]) => [name, state])).toEqual([
      ['root', OFF],
      ['root', ON],
      ['leaf', ON],
    ]);
  });

  it('of several levels is answered when all are there, and keeps others off them', () => {
    const { bench, driver, set, run } = tree(SOC, { system: ON, cluster: ON, core0: ON });
    driver.answers.set('cluster', Status.PENDING);
    expect(set('core0', compositeState(OFF, SLEEP))).toBe('PENDING');
    bench.drain();
    expect(bench.state('core0')).toBe(OFF);
    expect(set('cluster', ON)).toBe('E_BUSY');
    expect(run('gpu', ON)).toBe('SUCCESS');
    driver.complete('cluster');
    expect(bench.wait()).toBe('SUCCESS');
    driver.answers.clear();
    expect(run('cluster', ON)).toBe('SUCCESS');
  });

  it('that fails leaves what others have asked of a level meanwhile', () => {
    const { bench, driver, set, run, states } = tree(SOC, { system: ON });
    driver.answers.set('core0', Status.PENDING);
    set('core0', ON);
    expect(run('cluster', ON)).toBe('SUCCESS');
    driver.complete('core0', Status.E_DEVICE);
    expect(bench.wait()).toBe('E_DEVICE');
    expect(states()).toEqual([OFF, OFF, ON, OFF, ON]);
  });

  it('completed when nothing is under way is told in the log, rarely', () => {
    const { bench, driver } = slow([]);
    for (let times = 0; times < 50; times++) driver.complete('root');
    expect(bench.host.logged()).toHaveLength(10);
    expect(bench.host.logged()[0]).toBe('[POWER-DOMAIN] root: its driver completes what is not under way');
  });

  it('goes on without anybody waiting when there is no event for the answer', () => {
    const { bench, driver, set } = tree(CHAIN, {}, { eventCount: 1 });
    driver.answers.set('root', Status.PENDING);
    expect(set('root', ON)).toBe('E_NOMEM');
    expect(set('root', ON)).toBe('E_BUSY');
    driver.complete('root');
    expect(bench.state('root')).toBe(ON);
    expect(set('root', ON)).toBe('SUCCESS');
  });
});

describe('subscribers before a transition', () => {
  const asked = (answers: readonly ((question: Question) => Status)[], states = {}) =>
    tree(CHAIN, states, { vetoers: answers });

  it('are asked, one domain after the other, before its driver is', () => {
    const { bench, driver, run } = asked([() => Status.SUCCESS, () => Status.SUCCESS]);
    expect(run('leaf', ON)).toBe('SUCCESS');
    expect(bench.questions).toEqual([
      ['root', OFF, ON],
      ['root', OFF, ON],
      ['leaf', OFF, ON],
      ['leaf', OFF, ON],
    ]);
    expect(driver.taken()).toEqual(['root on', 'leaf on']);
  });

  it('veto: nothing changes', () => {
    const veto = ([name]: Question) => (name === 'leaf' ? Status.E_STATE : Status.SUCCESS);
    const { bench, driver, run, states } = asked([() => Status.SUCCESS, veto]);
    expect(run('leaf', ON, 4)).toBe('E_ACCESS');
    expect(driver.taken()).toEqual(['root on', 'root off']);
    expect(states()).toEqual([OFF, OFF, OFF]);
    expect(bench.changes.map(([name]) => name)).toEqual(['root', 'root']);
    expect(run('other', ON)).toBe('SUCCESS');
  });

  it('veto what a domain above would do', () => {
    const { driver, run, states } = asked([([name]) => (name === 'root' ? Status.E_STATE : Status.SUCCESS)]);
    expect(run('leaf', ON)).toBe('E_ACCESS');
    expect(driver.taken()).toEqual([]);
    expect(states()).toEqual([OFF, OFF, OFF]);
  });

  it('can answer later', () => {
    const { bench, driver, set } = asked([() => Status.PENDING, () => Status.PENDING], { root: ON });
    expect(set('leaf', ON)).toBe('PENDING');
    expect(bench.wait()).toBeUndefined();
    bench.answerNext(Status.SUCCESS);
    bench.drain();
    expect(driver.taken()).toEqual([]);
    bench.answerNext(Status.SUCCESS);
    expect(bench.wait()).toBe('SUCCESS');
    expect(set('leaf', OFF)).toBe('PENDING');
    bench.drain();
    bench.answerNext(Status.E_STATE);
    bench.answerNext(Status.SUCCESS);
    expect(bench.wait()).toBe('E_ACCESS');
    expect(bench.state('leaf')).toBe(ON);
  });

  it('are not asked during set-up', () => {
    const { bench, states } = asked([() => Status.E_STATE], { leaf: ON });
    expect(states()).toEqual([ON, OFF, ON]);
    expect(bench.questions).toEqual([]);
  });
});
