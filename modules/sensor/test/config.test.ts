// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, Framework, moduleId, type ProductElement } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import sensorModule from '@scp/sensor';
import {
  SENSOR,
  SENSOR_DRIVER_RESPONSE,
  SENSOR_TYPE_NAMES,
  sensorTypeCode,
  sensorTypeName,
  type SensorTypeName,
} from '@scp/sensor/api';
import schema, { type SensorElementConfig } from '@scp/sensor/schema';
import { FakeSensor, fakeDriver, SENSOR_DEFAULTS, SensorBench } from '@scp/sensor/testing';

const plain: SensorElementConfig = { ...SENSOR_DEFAULTS, driver: elementId(0, 0), type: 'celsius' };
const axis = { name: 'acc_X', type: 'metres-per-second-squared', exponent: -3 } as const;
const withAxes: SensorElementConfig = { ...SENSOR_DEFAULTS, driver: elementId(0, 0), axes: [axis] };

describe('sensor types', () => {
  it.each<[SensorTypeName, number]>([
    ['none', 0x00],
    ['celsius', 0x02],
    ['volts', 0x05],
    ['amperes', 0x06],
    ['watts', 0x07],
    ['joules', 0x08],
    ['kilopascals', 0x0f],
    ['days', 0x18],
    ['metres', 0x1f],
    ['henries', 0x2f],
    ['farads', 0x30],
    ['colour-temperature-kelvin', 0x3b],
    ['misses', 0x47],
    ['retries', 0x48],
    ['radians-per-second', 0x57],
    ['metres-per-second-squared', 0x59],
    ['radians-per-second-squared', 0x5d],
    ['oem', 0xff],
  ])('%s', (name, code) => {
    expect(sensorTypeCode(name)).toBe(code);
    expect(sensorTypeName(code)).toBe(name);
  });

  it('every name has a code of its own, 0x00..0x5D and 0xFF', () => {
    const codes = SENSOR_TYPE_NAMES.map(sensorTypeCode);
    expect(codes).toEqual([...Array(0x5e).keys(), 0xff]);
    expect(new Set(SENSOR_TYPE_NAMES).size).toBe(95);
  });

  it('other names and codes are undefined', () => {
    expect([sensorTypeCode('furlongs'), sensorTypeName(0x5e), sensorTypeName(0xfe)]).toEqual(Array(3).fill(undefined));
  });
});

describe('configuration that contradicts itself is refused at build and at start', () => {
  const segment = { lowest: 10, highest: 50, step: 20 };
  it.each<[string, SensorElementConfig, string]>([
    ['no type', { ...SENSOR_DEFAULTS, driver: elementId(0, 0) }, 'a sensor has a type, or axes'],
    ['axes and a type', { ...withAxes, type: 'celsius' }, 'has type, exponent, resolution and range on each axis'],
    ['axes and an exponent', { ...withAxes, exponent: 1 }, 'on each axis'],
    ['axes and trip points', { ...withAxes, tripPoints: 1 }, 'a trip point watches one value'],
    ['minimum above maximum', { ...plain, minimum: 2, maximum: 1 }, 'sensor: minimum is above maximum'],
    ['an axis’s too', { ...withAxes, axes: [{ ...axis, minimum: 2, maximum: 1 }] }, 'axis acc_X: minimum is above'],
    ['exponent', { ...plain, exponent: 16 }, 'exponent 16 is not within -16..15'],
    ['resolution', { ...plain, resolution: { value: 2 ** 27, exponent: 0 } }, 'a resolution is 0..2^27-1'],
    ['trip points', { ...plain, tripPoints: 256 }, '0..255 trip points'],
    ['power', { ...plain, power: 2 ** 32 }, 'power is 1..2^32-1 µW'],
    ['timestamps', { ...plain, timestampExponent: -17 }, 'the timestamp exponent is -16..15'],
    ['name', { ...plain, name: 'n'.repeat(64) }, 'a name has 1..63 characters'],
    ['both kinds of intervals', { ...plain, updateIntervals: [1], updateIntervalSegment: segment }, 'not both'],
    ['intervals that descend', { ...plain, updateIntervals: [2, 1] }, 'update intervals ascend'],
    ['intervals twice', { ...plain, updateIntervals: [2, 2] }, 'update intervals ascend'],
    ['interval 0', { ...plain, updateIntervals: [0] }, 'at least 1 µs'],
    ['a segment with a part of a step', { ...plain, updateIntervalSegment: { ...segment, step: 30 } }, 'whole number'],
    ['an interval of none', { ...plain, updateInterval: 5 }, 'samplingPeriod is for it'],
    ['an interval not among them', { ...plain, updateIntervals: [4], updateInterval: 5 }, 'not one of the sensor’s'],
  ])('%s', (_name, config, rule) => {
    const fake = fakeDriver({ 'soc-temp': new FakeSensor() });
    const elements: ProductElement<SensorElementConfig>[] = [{ name: 'soc-temp', config }];
    const problems = schema.check({ maxWaitingReaders: 16 }, elements);
    expect(problems.map(({ path }) => path)).toEqual([['elements', 'soc-temp']]);
    expect(problems[0]?.message).toContain(rule);
    const product = {
      name: 'test',
      version: '0',
      modules: [fake, configure(sensorModule, { maxWaitingReaders: 16 }, elements)],
    };
    expect(() => new Framework(product, new TestHost()).start()).toThrow(rule);
  });

  it('what is right is not', () => {
    const good = [plain, withAxes, { ...plain, updateIntervalSegment: segment, updateInterval: 30 }];
    const elements = good.map((config, index) => ({ name: `s${index}`, config }));
    expect(schema.check({ maxWaitingReaders: 16 }, elements)).toEqual([]);
  });

  it('two sensors on one driver', () => {
    const elements = ['a', 'b'].map(name => ({ name, config: plain }));
    const modules = [fakeDriver({ x: new FakeSensor() }), configure(sensorModule, { maxWaitingReaders: 16 }, elements)];
    expect(() => new Framework({ name: 'test', version: '0', modules }, new TestHost()).start()).toThrow(
      'init, module sensor, element b: driver x drives another sensor; one each',
    );
  });
});

describe('binding', () => {
  const client = (bind: (framework: Framework) => void) => ({
    name: 'client',
    type: 'SERVICE' as const,
    create: (framework: Framework) => ({ init: () => undefined, bind: () => bind(framework) }),
  });
  const start = (bind: (framework: Framework) => void) => () =>
    new Framework(
      {
        name: 'test',
        version: '0',
        modules: [
          fakeDriver({ x: new FakeSensor() }),
          configure(sensorModule, { maxWaitingReaders: 1 }, [{ name: 'x', config: plain }]),
          configure(client(bind), undefined),
        ],
      },
      new TestHost(),
    ).start();

  it('the user’s API is the module’s', () => {
    expect(start(framework => framework.bind(moduleId(1), SENSOR))).not.toThrow();
    expect(start(framework => framework.bind(elementId(1, 0), SENSOR))).toThrow('E_SUPPORT');
  });

  it('the driver’s end is for the driver only', () => {
    expect(start(framework => framework.bind(elementId(1, 0), SENSOR_DRIVER_RESPONSE))).toThrow('E_ACCESS');
  });
});

describe('info', () => {
  it('of a plain sensor', () => {
    const config = {
      name: 'CPU temperature near the big cluster',
      exponent: -3,
      resolution: { value: 125, exponent: -3 },
      minimum: -40_000,
      power: 150,
      tripPoints: 2,
      asynchronous: true,
      updateIntervals: [10_000],
    };
    const { sensor, id } = new SensorBench(fakeDriver({ x: new FakeSensor() }), config);
    expect(sensor.info(id)).toEqual({
      name: 'CPU temperature near the big cluster',
      type: 2,
      exponent: -3,
      resolution: { value: 125, exponent: -3 },
      minimum: -40_000,
      maximum: undefined,
      axes: [],
      valueCount: 1,
      power: 150,
      timestampExponent: undefined,
      updateIntervals: { kind: 'list', intervals: [10_000] },
      tripPointCount: 2,
      asynchronous: true,
      continuousUpdates: false,
      configurable: true,
      initiallyEnabled: true,
      initialInterval: 10_000,
    });
  });

  it('of a sensor with axes', () => {
    const { sensor, id } = new SensorBench(fakeDriver({ x: new FakeSensor([1, 2]) }), { axes: [axis, axis] });
    expect(sensor.info(id)).toMatchObject({ name: 'soc-temp', valueCount: 2, type: 0x59, exponent: -3 });
    expect(sensor.info(id)?.axes).toHaveLength(2);
  });
});
