// SPDX-License-Identifier: BSD-3-Clause
import { elementId, Status } from '@scp/framework';
import { Rounding, TripMode } from '@scp/sensor/api';
import type { SensorElementConfig } from '@scp/sensor/schema';
import { DRIVER_CONTRACT, FakeSensor, fakeDriver, SensorBench } from '@scp/sensor/testing';

const SECOND = 1_000_000;

/** A bench over a fake sensor. */
function bench(config: Partial<SensorElementConfig> = {}, fake = new FakeSensor(), maxWaitingReaders = 16) {
  const made = new SensorBench(fakeDriver({ 'soc-temp': fake }), config, maxWaitingReaders);
  const { sensor, id } = made;
  return { bench: made, sensor, id, fake };
}

const slow = (values: number[] = [0]) => new FakeSensor(values, true);

describe('the driver contract', () => {
  it.each(DRIVER_CONTRACT.map(rule => [rule.name, rule] as const))('%s', (_name, rule) => {
    expect(() => rule.check(() => fakeDriver({ 'soc-temp': new FakeSensor([5]) }), {})).not.toThrow();
  });

  it.each([
    ['whole numbers', new FakeSensor([0.5])],
    ['time that the driver did not announce', Object.assign(new FakeSensor(), { status: Status.PENDING })],
    ['a failure', Object.assign(new FakeSensor(), { status: Status.E_DEVICE })],
    ['readings that never end', slow()],
  ])('a driver that breaks it is found: %s', (_name, fake) => {
    const broken = DRIVER_CONTRACT.filter(rule => {
      try {
        rule.check(() => fakeDriver({ 'soc-temp': fake }), { enabled: true });
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).not.toEqual([]);
  });
});

describe('reading', () => {
  it('answers the driver’s values', () => {
    const { bench: one, sensor, id, fake } = bench();
    fake.values = [-45_250];
    expect(one.read()).toBe(Status.SUCCESS);
    expect(sensor.value(id, 0)).toBe(-45_250);
    expect(one.responses).toEqual([]);
  });

  it('keeps the latest reading when the next one fails, and logs a bounded number of failures', () => {
    const { bench: one, sensor, id, fake } = bench();
    fake.values = [7];
    one.read();
    fake.status = Status.E_DEVICE;
    fake.values = [8];
    for (let time = 0; time < 100; time++) expect(one.read()).toBe(Status.E_DEVICE);
    expect(sensor.value(id, 0)).toBe(7);
    expect(one.host.logged()).toHaveLength(10);
    expect(one.host.logged()[0]).toBe('[SENSOR] soc-temp: reading failed (E_DEVICE)');
  });

  it('does not take PENDING from a driver that is not slow', () => {
    const { bench: one, fake } = bench();
    fake.status = Status.PENDING;
    expect(one.read()).toBe(Status.E_HANDLER);
    fake.status = Status.SUCCESS;
    expect(one.read()).toBe(Status.SUCCESS);
  });

  it('of a slow sensor ends with a response to each requester', () => {
    const { bench: one, sensor, id, fake } = bench({}, slow([3]));
    expect([one.read(1), one.read(2)]).toEqual([Status.PENDING, Status.PENDING]);
    one.advance(0);
    expect(fake.take().filter(call => call === 'read')).toHaveLength(1);
    fake.finish();
    expect(one.read(3)).toBe(Status.PENDING);
    one.advance(0);
    expect(one.responses).toEqual([
      { tag: 1, status: Status.SUCCESS },
      { tag: 2, status: Status.SUCCESS },
    ]);
    expect(sensor.value(id, 0)).toBe(3);
    fake.finish();
    one.advance(0);
    expect(one.responses).toHaveLength(3);
  });

  it('that ended before its request was taken up is answered all the same', () => {
    const { bench: one, fake } = bench({}, slow());
    one.read(1);
    fake.finish(Status.E_DEVICE);
    one.advance(0);
    expect(one.responses).toEqual([{ tag: 1, status: Status.E_DEVICE }]);
  });

  it('that fails later tells every requester', () => {
    const { bench: one, fake } = bench({}, slow());
    one.read(1);
    one.read(2);
    one.advance(0);
    fake.finish(Status.E_DEVICE);
    one.advance(0);
    expect(one.responses.map(({ status }) => status)).toEqual([Status.E_DEVICE, Status.E_DEVICE]);
  });

  it('is refused with E_BUSY when too many wait, and possible again after', () => {
    const { bench: one, fake } = bench({}, slow(), 2);
    expect([one.read(1), one.read(2), one.read(3)]).toEqual([Status.PENDING, Status.PENDING, Status.E_BUSY]);
    one.advance(0);
    expect(one.read(4)).toBe(Status.E_BUSY);
    fake.finish();
    expect([one.read(5), one.read(6), one.read(7)]).toEqual([Status.PENDING, Status.PENDING, Status.E_BUSY]);
    fake.finish();
    one.advance(0);
    expect(one.responses.map(({ tag }) => tag)).toEqual([1, 2, 5, 6]);
  });

  it('a completion that nobody waits for changes nothing', () => {
    const { sensor, id, fake } = bench({}, slow([9]));
    fake.finish();
    expect(sensor.value(id, 0)).toBe(0);
  });

  it('of an element that is no sensor is E_PARAM, and so is all else', () => {
    const { sensor } = bench();
    const driver = elementId(0, 0);
    const answers = [
      sensor.read(driver, driver, 0),
      sensor.enable(driver),
      sensor.disable(driver),
      sensor.setTimestamps(driver, true),
      sensor.setUpdateInterval(driver, 1, Rounding.UP),
      sensor.setTripPoint(driver, 0, TripMode.BOTH, 0),
    ];
    expect(answers).toEqual(answers.map(() => Status.E_PARAM));
    expect([sensor.info(driver), sensor.isSlow(driver), sensor.isEnabled(driver)]).toEqual([undefined, false, false]);
    expect([sensor.value(driver, 0), sensor.timestamp(driver), sensor.tripMode(driver, 0)]).toEqual([0, 0, 0]);
    sensor.startUpdates(elementId(1, 1));
    sensor.stopUpdates(elementId(1, 1));
  });
});

describe('timestamps', () => {
  it.each([
    [-6, 1_234_567],
    [-3, 1234],
    [-9, 1_234_567_000],
    [0, 1],
    [1, 0],
  ])('count 10^%d s', (timestampExponent, ticks) => {
    const { bench: one, sensor, id } = bench({ timestampExponent });
    one.advance(1_234_567);
    one.read();
    expect(sensor.timestamp(id)).toBe(0);
    expect(sensor.setTimestamps(id, true)).toBe(Status.SUCCESS);
    expect(sensor.hasTimestamps(id)).toBe(true);
    one.read();
    expect(sensor.timestamp(id)).toBe(ticks);
    sensor.setTimestamps(id, false);
    one.read();
    expect(sensor.timestamp(id)).toBe(0);
  });

  it('are whole milliseconds at every millisecond', () => {
    const { bench: one, sensor, id } = bench({ timestampExponent: -3 });
    sensor.setTimestamps(id, true);
    for (let ms = 1; ms < 2000; ms++) {
      one.advance(1000);
      one.read();
      expect(sensor.timestamp(id)).toBe(ms);
    }
  });

  it('are E_SUPPORT on a sensor without', () => {
    const { sensor, id } = bench();
    expect(sensor.setTimestamps(id, true)).toBe(Status.E_SUPPORT);
    expect(sensor.setTimestamps(id, false)).toBe(Status.SUCCESS);
  });
});

describe('enabling', () => {
  it('is as the product says at start, and told to the driver', () => {
    expect(bench().fake.take()).toEqual(['enable']);
    const { fake, sensor, id, bench: one } = bench({ enabled: false });
    expect(fake.take()).toEqual([]);
    expect(sensor.isEnabled(id)).toBe(false);
    expect(one.read()).toBe(Status.E_PWRSTATE);
  });

  it('tells the driver once', () => {
    const { fake, sensor, id } = bench();
    fake.take();
    expect([sensor.enable(id), sensor.disable(id), sensor.disable(id), sensor.enable(id)]).toEqual([0, 0, 0, 0]);
    expect(fake.take()).toEqual(['disable', 'enable']);
  });

  it('stays as it was when the driver fails', () => {
    const { fake, sensor, id } = bench();
    fake.status = Status.E_DEVICE;
    expect(sensor.disable(id)).toBe(Status.E_DEVICE);
    expect(sensor.isEnabled(id)).toBe(true);
  });

  it('is E_SUPPORT on a sensor that is not configurable', () => {
    const { sensor, id } = bench({ configurable: false });
    expect([sensor.enable(id), sensor.disable(id)]).toEqual([Status.SUCCESS, Status.E_SUPPORT]);
  });

  it('that fails at start ends the start', () => {
    const fake = Object.assign(new FakeSensor(), { status: Status.E_DEVICE });
    expect(() => bench({}, fake)).toThrow('start, module sensor, element soc-temp: its driver does not take');
  });
});

describe('update intervals', () => {
  const list = { updateIntervals: [10_000, 100_000, SECOND] };
  const segment = { updateIntervalSegment: { lowest: 10_000, highest: 50_000, step: 10_000 } };

  it.each([
    ['none', {}, 0],
    ['the longest of a list', list, SECOND],
    ['the longest of a segment', segment, 50_000],
    ['the one configured', { ...list, updateInterval: 10_000 }, 10_000],
  ])('at start: %s', (_name, config, interval) => {
    const { sensor, id, fake } = bench({ ...config, enabled: false });
    expect(sensor.updateInterval(id)).toBe(interval);
    expect(fake.take()).toEqual(interval === 0 ? [] : [`interval ${interval}`]);
  });

  const { DOWN, UP, CLOSEST } = Rounding;
  it.each([
    [list, 100_000, DOWN, 100_000],
    [list, 100_000, UP, 100_000],
    [list, 99_999, DOWN, 10_000],
    [list, 10_001, UP, 100_000],
    [list, 54_999, CLOSEST, 10_000],
    [list, 55_000, CLOSEST, 10_000],
    [list, 55_001, CLOSEST, 100_000],
    [list, 1, CLOSEST, 10_000],
    [list, 1e30, CLOSEST, SECOND],
    [list, 1e-10, UP, 10_000],
    [list, 1e30, DOWN, SECOND],
    [segment, 29_999, DOWN, 20_000],
    [segment, 20_001, UP, 30_000],
    [segment, 24_999.5, CLOSEST, 20_000],
    [segment, 25_000.5, CLOSEST, 30_000],
    [segment, 1, UP, 10_000],
    [segment, 1e30, DOWN, 50_000],
    [segment, 1e30, CLOSEST, 50_000],
  ])('%j: %d, rounding %d, gives %d', (config, wanted, rounding, taken) => {
    const { sensor, id } = bench(config);
    expect(sensor.setUpdateInterval(id, wanted, rounding)).toBe(Status.SUCCESS);
    expect(sensor.updateInterval(id)).toBe(taken);
  });

  it.each([
    [list, 9999, DOWN],
    [list, SECOND + 1, UP],
    [segment, 9999, DOWN],
    [segment, 50_001, UP],
  ])('%j: %d, rounding %d, is E_RANGE and changes nothing', (config, wanted, rounding) => {
    const { sensor, id } = bench(config);
    const before = sensor.updateInterval(id);
    expect(sensor.setUpdateInterval(id, wanted, rounding)).toBe(Status.E_RANGE);
    expect(sensor.updateInterval(id)).toBe(before);
  });

  it('are E_SUPPORT without, and on a sensor that is not configurable', () => {
    const without = bench();
    expect(without.sensor.setUpdateInterval(without.id, 1, CLOSEST)).toBe(Status.E_SUPPORT);
    const fixed = bench({ ...list, configurable: false });
    expect(fixed.sensor.setUpdateInterval(fixed.id, 10_000, CLOSEST)).toBe(Status.E_SUPPORT);
  });

  it('stay when the driver fails', () => {
    const { sensor, id, fake } = bench(list);
    fake.status = Status.E_DEVICE;
    expect(sensor.setUpdateInterval(id, 10_000, CLOSEST)).toBe(Status.E_DEVICE);
    expect(sensor.updateInterval(id)).toBe(SECOND);
  });
});

describe('trip points', () => {
  /** Directions in which a trip point at 100 fires on a walk through values, one a second. */
  function walk(mode: TripMode, values: number[], threshold = 100): string {
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 2 });
    fake.values = [values[0] ?? 0];
    sensor.setTripPoint(id, 1, mode, threshold);
    for (const value of values.slice(1)) {
      fake.values = [value];
      one.advance(SECOND);
    }
    expect(one.trips.every(({ index }) => index === 1)).toBe(true);
    return one.trips.map(({ direction, at }) => `${direction === 1 ? 'up' : 'down'}@${at / SECOND}`).join(' ');
  }

  const { DISABLED, POSITIVE, NEGATIVE, BOTH } = TripMode;
  it.each([
    ['fires upwards once per crossing', POSITIVE, [50, 99, 100, 150, 120, 99, 101], 'up@2 up@6'],
    ['fires downwards once per crossing', NEGATIVE, [150, 101, 100, 50, 99, 101, 100], 'down@2 down@6'],
    ['fires both ways', BOTH, [50, 150, 50, 150], 'up@1 down@2 up@3'],
    ['a touch from below is a crossing upwards only', BOTH, [50, 100, 50], 'up@1'],
    ['a touch from above is a crossing downwards only', BOTH, [150, 100, 150], 'down@1'],
    ['does not fire for the side it starts on', BOTH, [150, 150, 160], ''],
    ['does not fire when it starts on the threshold', BOTH, [100, 150], ''],
    ['does not fire when disabled', DISABLED, [50, 150, 50], ''],
    ['upwards does not fire downwards', POSITIVE, [150, 50], ''],
    ['downwards does not fire upwards', NEGATIVE, [50, 150], ''],
  ])('%s', (_name, mode, values, trips) => {
    expect(walk(mode, values)).toBe(trips);
  });

  it.each([
    [2 ** 40, [2 ** 40 - 1, 2 ** 40]],
    [-(2 ** 40), [-(2 ** 40) - 1, -(2 ** 40)]],
    [Number.MAX_SAFE_INTEGER, [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]],
  ])('is exact at %d', (threshold, values) => {
    expect(walk(POSITIVE, values, threshold)).toBe('up@1');
  });

  it('each fires by its own mode', () => {
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 4 });
    fake.values = [0];
    [DISABLED, POSITIVE, NEGATIVE, BOTH].forEach((mode, index) => sensor.setTripPoint(id, index, mode, 10));
    fake.values = [20];
    one.advance(SECOND);
    fake.values = [0];
    one.advance(SECOND);
    expect(one.trips.map(({ index, direction }) => [index, direction])).toEqual([
      [1, 1],
      [3, 1],
      [2, 0],
      [3, 0],
    ]);
  });

  it('is looked at when somebody reads', () => {
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 1 });
    sensor.setTripPoint(id, 0, POSITIVE, 10);
    fake.values = [20];
    one.read();
    one.advance(0);
    expect(one.trips).toHaveLength(1);
  });

  it('programmed anew starts from where the value is', () => {
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 1 });
    sensor.setTripPoint(id, 0, POSITIVE, 10);
    fake.values = [20];
    sensor.setTripPoint(id, 0, POSITIVE, 15);
    one.advance(5 * SECOND);
    expect(one.trips).toEqual([]);
  });

  it('is sampled at the update interval, or the sampling period, and only while it is armed and the sensor enabled', () => {
    const reads = (fake: FakeSensor) => fake.take().filter(call => call === 'read').length;
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 2, samplingPeriod: 250_000 });
    expect(one.host.deadline).toBe(Infinity);
    sensor.setTripPoint(id, 0, POSITIVE, 10);
    sensor.setTripPoint(id, 1, POSITIVE, 10);
    reads(fake);
    one.advance(SECOND);
    expect(reads(fake)).toBe(4);
    sensor.disable(id);
    one.advance(SECOND);
    expect(reads(fake)).toBe(0);
    sensor.enable(id);
    sensor.setTripPoint(id, 0, DISABLED, 0);
    one.advance(SECOND);
    expect(reads(fake)).toBe(4);
    sensor.setTripPoint(id, 1, DISABLED, 0);
    expect(one.host.deadline).toBe(Infinity);

    const other = bench({ tripPoints: 1, updateIntervals: [10_000, 100_000] });
    other.sensor.setTripPoint(other.id, 0, POSITIVE, 10);
    reads(other.fake);
    other.bench.advance(SECOND);
    expect(reads(other.fake)).toBe(10);
    other.sensor.setUpdateInterval(other.id, 10_000, 0);
    other.bench.advance(SECOND);
    expect(reads(other.fake)).toBe(100);
  });

  it('of a slow sensor takes its start from the reading it asked for', () => {
    const { bench: one, sensor, id, fake } = bench({ tripPoints: 1 }, slow([20]));
    sensor.setTripPoint(id, 0, BOTH, 10);
    fake.finish();
    one.advance(SECOND);
    fake.values = [5];
    fake.finish();
    one.advance(0);
    expect(one.trips).toMatchObject([{ index: 0, direction: 0 }]);
  });

  it('that the sensor does not have is E_PARAM', () => {
    const { sensor, id } = bench({ tripPoints: 2 });
    expect([-1, 2, 255].map(index => sensor.setTripPoint(id, index, BOTH, 0))).toEqual(Array(3).fill(Status.E_PARAM));
    expect([0, 1, 2].map(index => sensor.tripMode(id, index))).toEqual([DISABLED, DISABLED, DISABLED]);
    sensor.setTripPoint(id, 1, BOTH, 0);
    expect(sensor.tripMode(id, 1)).toBe(BOTH);
  });
});

describe('continuous updates', () => {
  const config = { continuousUpdates: true, updateIntervals: [100_000, SECOND] };

  it('come once per update interval with that interval’s sample, while they are wanted', () => {
    const { bench: one, sensor, id, fake } = bench(config);
    fake.values = [11];
    sensor.startUpdates(id);
    one.advance(3_500_000);
    expect(one.updates).toEqual([1, 2, 3].map(at => ({ at: at * SECOND, value: 11 })));
    sensor.stopUpdates(id);
    one.advance(5 * SECOND);
    expect(one.updates).toHaveLength(3);
    expect(one.host.deadline).toBe(Infinity);
  });

  it('follow the interval, and stop while the sensor is disabled', () => {
    const { bench: one, sensor, id } = bench(config);
    sensor.startUpdates(id);
    sensor.setUpdateInterval(id, 100_000, 0);
    one.advance(SECOND);
    expect(one.updates).toHaveLength(10);
    sensor.disable(id);
    one.advance(SECOND);
    expect(one.updates).toHaveLength(10);
    sensor.enable(id);
    one.advance(SECOND);
    expect(one.updates).toHaveLength(20);
  });

  it('last until the last user wants no more', () => {
    const { bench: one, sensor, id } = bench(config);
    sensor.startUpdates(id);
    sensor.startUpdates(id);
    sensor.stopUpdates(id);
    one.advance(SECOND);
    expect(one.updates).toHaveLength(1);
    sensor.stopUpdates(id);
    sensor.stopUpdates(id);
    one.advance(SECOND);
    expect(one.updates).toHaveLength(1);
  });

  it('do not come of other readings', () => {
    const { bench: one, sensor, id } = bench(config);
    sensor.startUpdates(id);
    for (let time = 0; time < 3; time++) {
      for (let read = 0; read < 5; read++) one.read();
      one.advance(SECOND);
    }
    expect(one.updates).toHaveLength(3);
  });

  it('of a slow sensor come when the sample is there; one that fails is left out', () => {
    const { bench: one, sensor, id, fake } = bench(config, slow([5]));
    sensor.startUpdates(id);
    one.advance(SECOND);
    expect(one.updates).toEqual([]);
    one.advance(500_000);
    fake.finish();
    one.advance(0);
    expect(one.updates).toEqual([{ at: 1_500_000, value: 5 }]);
    one.advance(500_000);
    fake.finish(Status.E_DEVICE);
    one.advance(999_999);
    expect(one.updates).toHaveLength(1);
    one.advance(1);
    fake.finish();
    one.advance(0);
    expect(one.updates).toHaveLength(2);
  });
});

describe('stop', () => {
  it('ends sampling and leaves a fresh start possible', () => {
    const { bench: one, sensor, id } = bench({ tripPoints: 1 });
    sensor.setTripPoint(id, 0, TripMode.BOTH, 5);
    expect(one.framework.stop()).toEqual([]);
    expect(one.host.deadline).toBe(Infinity);
    expect(bench().bench.read()).toBe(Status.SUCCESS);
  });
});
