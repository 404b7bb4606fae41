// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type ProductElement } from '@scp/framework';
import mockPowerMeter from '@scp/mock-power-meter';
import type { MockPowerMeterElementConfig } from '@scp/mock-power-meter/schema';
import { UNCAPPED } from '@scp/power-capping/api';
import { POWER_DOMAIN_DEFAULTS, PowerBench, powerDriverContract } from '@scp/power-capping/testing';

const wave = (shape: 'sine' | 'triangle' | 'square' | 'sawtooth') => ({
  shape,
  offset: 8000,
  amplitude: 4000,
  period: 40_000,
});

const ELEMENTS: readonly ProductElement<MockPowerMeterElementConfig>[] = [
  { name: 'constant', config: { value: 15_000, delay: 0 } },
  { name: 'nothing', config: { value: 0, delay: 0 } },
  { name: 'wave', config: { waveform: wave('triangle'), delay: 0 } },
  { name: 'slow', config: { waveform: wave('sine'), delay: 500 } },
];

describe('mock-power-meter keeps the contract of drivers:', () => {
  for (const { name, run } of powerDriverContract(() => configure(mockPowerMeter, {}, ELEMENTS))) it(name, run);
});

const domain = (name: string, index = 0) => ({
  name,
  config: { ...POWER_DOMAIN_DEFAULTS, driver: elementId(0, index), initialCap: UNCAPPED },
});

const make = (config: Partial<MockPowerMeterElementConfig>) =>
  new PowerBench(configure(mockPowerMeter, {}, [{ name: 'a', config: { delay: 0, ...config } }]), [domain('a')]);

describe('mock-power-meter', () => {
  it('draws a constant power, or the cap if that is lower', () => {
    const bench = make({ value: 4200 });
    expect(bench.power('a')).toBe(4200);
    bench.cap('a', 4500);
    expect(bench.power('a')).toBe(4200);
    bench.cap('a', 4000);
    expect(bench.power('a')).toBe(4000);
    bench.cap('a', UNCAPPED);
    expect(bench.power('a')).toBe(4200);
  });

  // A sine’s quarter around its peak is 2√2/π of the amplitude; the mean of 32 values is 1.0001 of that.
  it.each([
    ['sine', [4398, 8000, 11_602, 8000]],
    ['triangle', [5000, 8000, 11_000, 8000]],
    ['square', [4000, 12_000, 12_000, 4000]],
    ['sawtooth', [11_000, 5000, 7000, 9000]],
  ] as const)('averages a %s over the interval', (shape, expected) => {
    const bench = make({ waveform: wave(shape) });
    bench.interval('a', 10_000);
    // The quarters around the lowest and the highest point of sine and triangle; of the others, those from 0 on.
    bench.advance(shape === 'sine' || shape === 'triangle' ? 35_000 : 40_000);
    const powers = expected.map(() => {
      const power = bench.power('a');
      bench.advance(10_000);
      return power;
    });
    expect(powers).toEqual(expected);
  });

  it('averages what the cap leaves of each moment', () => {
    const bench = make({ waveform: wave('square') });
    bench.interval('a', 40_000);
    bench.advance(40_000);
    expect(bench.power('a')).toBe(8000);
    bench.cap('a', 10_000);
    expect(bench.power('a')).toBe(7000);
  });

  it('never draws less than nothing, and has a past before its clock began', () => {
    const bench = make({ waveform: { shape: 'square', offset: 0, amplitude: 1000, period: 2000 } });
    bench.interval('a', 2000);
    expect(bench.power('a')).toBe(500);
  });

  it('takes as long as configured', () => {
    const bench = make({ value: 5000, delay: 300 });
    expect(bench.beginCap('a', 1000)).toBe('PENDING');
    bench.advance(299);
    expect([bench.power('a'), bench.outcomes]).toEqual([5000, []]);
    bench.advance(1);
    expect([bench.power('a'), bench.outcomes]).toEqual([1000, [['a', 'SUCCESS']]]);
  });

  it('serves one domain with each meter', () => {
    const driver = configure(mockPowerMeter, {}, [{ name: 'a', config: { value: 1, delay: 0 } }]);
    expect(() => new PowerBench(driver, [domain('a'), domain('b')])).toThrow('refuses power-capping/b');
  });

  it.each([{}, { value: 1, waveform: wave('sine') }])('has exactly one source of power: %j', config => {
    expect(() => make(config)).toThrow('exactly one of value and waveform');
  });
});
