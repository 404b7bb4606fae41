// SPDX-License-Identifier: BSD-3-Clause
import { elementId, moduleId, Status } from '@scp/framework';
import { type Clock, CLOCK_RATE_CHANGED, ClockState, type Out } from '@scp/clock/api';
import { ClockBench, FakeDriver } from '@scp/clock/testing';

const { RUNNING, STOPPED } = ClockState;

/** A slow clock `c` with the parents `a` and `b`. */
function bench() {
  const driver = new FakeDriver(['c', 'a', 'b']);
  driver.slow.add('c');
  const parents = [elementId(1, 1), elementId(1, 2)];
  const hal = new ClockBench(driver.module, [
    { name: 'c', config: { driver: elementId(0, 0), parents } },
    { name: 'a', config: { driver: elementId(0, 1) } },
    { name: 'b', config: { driver: elementId(0, 2) } },
  ]);
  for (const operation of ['getRate', 'setRate', 'start', 'stop', 'setParent']) {
    driver.answers.set(`c ${operation}`, Status.PENDING);
  }
  driver.taken();
  const out: Out = { value: 0 };
  const c = hal.id('c');
  const getRate = (clock: Clock) => clock.getRate(c, out);
  const setRate = (clock: Clock) => clock.setRate(c, 200, 0, 5, out);
  const start = (clock: Clock) => clock.setState(c, RUNNING, 5);
  const setParent = (clock: Clock) => clock.setParent(c, hal.id('b'), 5);
  return { driver, hal, c, out, operations: { getRate, setRate, start, setParent } };
}

describe('an operation that takes time', () => {
  it.each(['getRate', 'setRate', 'start', 'setParent'] as const)('%s answers PENDING, then an event', operation => {
    const { driver, hal, c, operations } = bench();
    expect(operations[operation](hal.clock)).toBe(Status.PENDING);
    hal.drain();
    expect(hal.wait()).toBeUndefined();
    driver.complete(c, Status.SUCCESS, 200);
    expect(hal.wait()).toEqual({ status: 'SUCCESS', value: 200 });
  });

  it('keeps others off the clock until it ends, and off no other clock', () => {
    const { driver, hal, c, operations } = bench();
    operations.setRate(hal.clock);
    for (const operation of Object.values(operations)) expect(operation(hal.clock)).toBe(Status.E_BUSY);
    expect(hal.run((clock, out) => clock.setRate(hal.id('a'), 200, 0, 0, out)).status).toBe('SUCCESS');
    driver.complete(c, Status.E_DEVICE);
    expect(hal.wait()).toEqual({ status: 'E_DEVICE', value: 0 });
    for (const operation of Object.values(operations)) {
      expect(operation(hal.clock)).toBe(Status.PENDING);
      driver.complete(c, Status.E_DEVICE);
      expect(hal.wait()?.status).toBe('E_DEVICE');
    }
  });

  it('is done when the driver completes before the request is handled, and the clock stays busy until it is', () => {
    const { driver, hal, c, operations } = bench();
    expect(operations.setRate(hal.clock)).toBe(Status.PENDING);
    driver.complete(c, Status.E_TIMEOUT, 200);
    expect(operations.getRate(hal.clock)).toBe(Status.E_BUSY);
    expect(hal.wait()).toEqual({ status: 'E_TIMEOUT', value: 200 });
    expect(operations.getRate(hal.clock)).toBe(Status.PENDING);
  });

  it('tells of a rate when it is set, with who caused it, and only then', () => {
    const { driver, hal, c, operations } = bench();
    operations.setRate(hal.clock);
    hal.drain();
    expect(hal.rateChanges).toEqual([]);
    driver.complete(c, Status.SUCCESS, 200);
    hal.wait();
    expect(hal.rateChanges.splice(0)).toEqual([['c', 200, 5]]);
    operations.setRate(hal.clock);
    driver.complete(c, Status.E_DEVICE, 300);
    hal.wait();
    expect(hal.rateChanges).toEqual([]);
  });

  it('starts the parent before it begins, and stops it when it fails', () => {
    const { driver, hal, c, operations } = bench();
    operations.start(hal.clock);
    expect(driver.taken()).toEqual(['a start', 'c start']);
    driver.complete(c, Status.E_DEVICE);
    expect(hal.wait()?.status).toBe('E_DEVICE');
    expect(driver.taken()).toEqual(['a stop']);
    expect(hal.stateChanges).toEqual([
      ['a', RUNNING, 5],
      ['a', STOPPED, 5],
    ]);
  });

  it('stops the parent once it has stopped', () => {
    const { driver, hal, c, operations } = bench();
    operations.start(hal.clock);
    driver.complete(c, Status.SUCCESS);
    hal.wait();
    driver.taken();
    expect(hal.clock.setState(c, STOPPED, 5)).toBe(Status.PENDING);
    hal.drain();
    expect(driver.taken()).toEqual(['c stop']);
    driver.complete(c, Status.SUCCESS);
    expect(driver.taken()).toEqual(['a stop']);
    hal.wait();
    expect(hal.stateChanges.slice(-2)).toEqual([
      ['c', STOPPED, 5],
      ['a', STOPPED, 5],
    ]);
  });

  it.each([
    [Status.SUCCESS, 'a stop', 'b'],
    [Status.E_DEVICE, 'b stop', 'a'],
  ] as const)('changes the parent with status %i', (status, call, parent) => {
    const { driver, hal, c, operations } = bench();
    operations.start(hal.clock);
    driver.complete(c, Status.SUCCESS);
    hal.wait();
    operations.setParent(hal.clock);
    driver.taken();
    driver.complete(c, status);
    expect(driver.taken()).toEqual([call]);
    expect(hal.clock.parent(c)).toBe(hal.id(parent));
  });

  it('is not answered twice: a completion of nothing is logged, rarely', () => {
    const { driver, hal, c, operations } = bench();
    driver.complete(c, Status.SUCCESS);
    operations.setRate(hal.clock);
    driver.complete(c, Status.PENDING, 200);
    driver.complete(c, Status.SUCCESS, 200);
    driver.complete(c, Status.SUCCESS, 100);
    expect(hal.wait()).toEqual({ status: 'SUCCESS', value: 200 });
    expect(hal.wait()).toBeUndefined();
    expect(hal.host.logged().filter(line => line.includes('not under way'))).toHaveLength(3);
    for (let times = 0; times < 100; times++) driver.complete(c, Status.SUCCESS);
    expect(hal.host.logged().length).toBeLessThan(12);
  });

  it('goes on when there is no event for the answer: the clock is busy until it ends', () => {
    const { driver, hal, c, operations } = bench();
    // The pool of the context runs dry.
    while (hal.framework.notify(CLOCK_RATE_CHANGED, moduleId(1)) > 0);
    expect(operations.setRate(hal.clock)).toBe(Status.E_NOMEM);
    hal.drain();
    expect(operations.setRate(hal.clock)).toBe(Status.E_BUSY);
    driver.complete(c, Status.SUCCESS, 200);
    expect(hal.wait()).toBeUndefined();
    expect(operations.setRate(hal.clock)).toBe(Status.PENDING);
  });
});

describe('an id that is no clock', () => {
  it('answers E_PARAM, and nothing to what asks for facts', () => {
    const { hal, out } = bench();
    const id = elementId(0, 0);
    const { clock } = hal;
    expect([
      clock.getRate(id, out),
      clock.setRate(id, 1, 0, 0, out),
      clock.setState(id, RUNNING, 0),
      clock.setParent(id, id, 0),
      clock.getExtended(id, 1, out),
      clock.setExtended(id, 1, 0),
    ]).toEqual(Array.from({ length: 6 }, () => Status.E_PARAM));
    expect([clock.name(id), clock.rates(id), clock.parent(id), clock.parents(id), clock.state(id)]).toEqual([
      '',
      undefined,
      undefined,
      [],
      STOPPED,
    ]);
    expect([clock.enableDelay(id), clock.isSlow(id), clock.initialState(id), clock.extendedTypes(id)]).toEqual([
      0,
      false,
      STOPPED,
      [],
    ]);
  });
});
