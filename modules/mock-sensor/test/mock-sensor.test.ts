// SPDX-License-Identifier: BSD-3-Clause
import { configure, type ProductModule, Status } from '@scp/framework';
import mockSensor from '@scp/mock-sensor';
import type { MockSensorElementConfig } from '@scp/mock-sensor/schema';
import { DRIVER_CONTRACT, SensorBench } from '@scp/sensor/testing';

const mock = (config: Partial<MockSensorElementConfig>): ProductModule =>
  configure(mockSensor, {}, [{ name: 'soc-temp', config: { delay: 0, ...config } }]);

const axis = (name: string) => ({ name, type: 'metres-per-second-squared' as const, exponent: 0 });
const axes = [axis('acc_X'), axis('acc_Y'), axis('acc_Z')];

/** A bench whose sensor has three axes. */
const axesBench = (config: Partial<MockSensorElementConfig>): SensorBench => new SensorBench(mock(config), { axes });

const wave = (shape: 'sine' | 'triangle' | 'square' | 'sawtooth') => ({
  shape,
  offset: 100,
  amplitude: 50,
  period: 8000,
});

/** Readings at each eighth of the period. */
function eighths(bench: SensorBench): number[] {
  return Array.from({ length: 8 }, () => {
    const [value = NaN] = bench.values();
    bench.advance(1000);
    return value;
  });
}

describe('the driver contract', () => {
  const subjects: [string, Partial<MockSensorElementConfig>][] = [
    ['a constant', { value: 42 }],
    ['a list', { values: [1, 2, 3] }],
    ['a noisy waveform', { waveform: { ...wave('sine'), noise: { amplitude: 9, seed: 7 } } }],
    ['a slow constant', { value: 42, delay: 10_000 }],
    ['a slow waveform', { waveform: wave('triangle'), delay: 999_000 }],
  ];
  for (const [name, config] of subjects) {
    describe(name, () => {
      it.each(DRIVER_CONTRACT.map(rule => [rule.name, rule] as const))('%s', (_name, rule) => {
        expect(() => rule.check(() => mock(config), {})).not.toThrow();
      });
    });
  }
});

describe('values', () => {
  it.each([0, -40_000, 25_000, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])('a constant %d', value => {
    const bench = new SensorBench(mock({ value }));
    expect([bench.values(), bench.values()]).toEqual([[value], [value]]);
  });

  it('a constant for each axis', () => {
    expect(axesBench({ value: [1, -2, 3] }).values()).toEqual([1, -2, 3]);
  });

  it('one constant for all axes', () => {
    expect(axesBench({ value: 5 }).values()).toEqual([5, 5, 5]);
  });

  it('a list is stepped through by readings, over and over', () => {
    const bench = new SensorBench(mock({ values: [10, 20, 30] }));
    expect([1, 2, 3, 4].map(() => bench.values()[0])).toEqual([10, 20, 30, 10]);
  });

  it('a list with a period is stepped through by time', () => {
    const bench = new SensorBench(mock({ values: [10, 20, 30], period: 2000 }));
    expect(eighths(bench)).toEqual([10, 10, 20, 20, 30, 30, 10, 10]);
  });

  it('a list with a value for each axis', () => {
    const bench = axesBench({ values: [[1, 2, 3], 7] });
    expect([bench.values(), bench.values()]).toEqual([
      [1, 2, 3],
      [7, 7, 7],
    ]);
  });
});

describe('waveforms', () => {
  it.each([
    ['sine' as const, [100, 135, 150, 135, 100, 65, 50, 65]],
    ['triangle' as const, [100, 125, 150, 125, 100, 75, 50, 75]],
    ['square' as const, [150, 150, 150, 150, 50, 50, 50, 50]],
    ['sawtooth' as const, [50, 63, 75, 88, 100, 113, 125, 138]],
  ])('%s', (shape, values) => {
    const bench = new SensorBench(mock({ waveform: wave(shape) }));
    expect(eighths(bench)).toEqual(values);
    expect(eighths(bench)).toEqual(values);
  });

  it('one for each axis', () => {
    const bench = axesBench({
      waveforms: [wave('square'), { ...wave('sawtooth'), offset: 0 }, { ...wave('sine'), amplitude: 0 }],
    });
    expect(bench.values()).toEqual([150, -50, 100]);
    bench.advance(4000);
    expect(bench.values()).toEqual([50, 0, 100]);
  });

  it('one for all axes', () => {
    expect(axesBench({ waveform: wave('square') }).values()).toEqual([150, 150, 150]);
  });

  function noisy(seed: number): number[] {
    const bench = new SensorBench(mock({ waveform: { ...wave('square'), noise: { amplitude: 3, seed } } }));
    return Array.from({ length: 200 }, () => bench.values()[0] ?? NaN);
  }

  it('noise stays within its amplitude and reaches it on both sides', () => {
    expect(new Set(noisy(1))).toEqual(new Set([147, 148, 149, 150, 151, 152, 153]));
  });

  it('noise repeats with its seed and differs with another', () => {
    expect(noisy(1)).toEqual(noisy(1));
    expect(noisy(1)).not.toEqual(noisy(2));
  });

  it('noise is the same on every machine', () => {
    expect(noisy(1).slice(0, 8)).toEqual([151, 147, 150, 153, 153, 148, 151, 152]);
  });
});

describe('delay', () => {
  it('a reading is there when the delay has passed, with the value of that moment', () => {
    const bench = new SensorBench(mock({ waveform: wave('sawtooth'), delay: 4000 }));
    expect(bench.read(9)).toBe(Status.PENDING);
    bench.advance(3999);
    expect(bench.responses).toEqual([]);
    bench.advance(1);
    expect(bench.responses).toEqual([{ tag: 9, status: Status.SUCCESS }]);
    expect(bench.sensor.value(bench.id, 0)).toBe(100);
  });
});

describe('configuration that is refused', () => {
  const start = (config: Partial<MockSensorElementConfig>) => () => new SensorBench(mock(config));
  it.each<[string, Partial<MockSensorElementConfig>, RegExp]>([
    ['no source', {}, /exactly one of value, values, waveform and waveforms.*E_DATA/],
    ['two sources', { value: 1, values: [1] }, /exactly one of/],
    ['a period without values', { value: 1, period: 5 }, /period says how long/],
    ['values of different sizes', { values: [[1, 2], [1]] }, /each of values has/],
    ['no values', { values: [] }, /each of values has/],
    ['more values than the sensor has', { value: [1, 2] }, /sensor.*1 values in a reading.*gives 2/],
    ['more waveforms than the sensor has', { waveforms: [wave('sine'), wave('sine')] }, /1 values in a reading/],
  ])('%s', (_name, config, message) => {
    expect(start(config)).toThrow(message);
  });

  it('fewer values than the sensor has axes', () => {
    expect(() => axesBench({ value: [1, 2] })).toThrow(/3 values in a reading, but driver soc-temp gives 2/);
  });
});
