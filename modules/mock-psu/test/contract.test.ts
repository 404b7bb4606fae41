// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type ProductElement } from '@scp/framework';
import mockPsu from '@scp/mock-psu';
import schema, { type MockPsuElementConfig } from '@scp/mock-psu/schema';
import { PsuBench, psuDriverContract } from '@scp/psu/testing';

const at = { on: true, delay: 0 };
const STEPS = { min: 600_000, max: 1_200_000, step: 12_500 };

const ELEMENTS: readonly ProductElement<MockPsuElementConfig>[] = [
  { name: 'any', config: at },
  { name: 'steps', config: { ...at, range: STEPS, voltage: 900_000 } },
  { name: 'off', config: { ...at, range: STEPS, on: false } },
  { name: 'single', config: { ...at, range: { min: 5, max: 5, step: 1 } } },
  { name: 'slow', config: { ...at, range: STEPS, delay: 500 } },
  { name: 'slow-any', config: { ...at, delay: 1, voltage: 800_000, on: false } },
];

describe('mock-psu keeps the contract of supply drivers:', () => {
  for (const { name, run } of psuDriverContract(() => configure(mockPsu, {}, ELEMENTS))) it(name, run);
});

const bench = (config: Partial<MockPsuElementConfig>, supplies = ['a']) =>
  new PsuBench(
    configure(mockPsu, {}, [{ name: 'a', config: { ...at, ...config } }]),
    supplies.map(name => ({ name, config: { driver: elementId(0, 0) } })),
  );

describe('mock-psu', () => {
  it.each<readonly [string, Partial<MockPsuElementConfig>, number, number]>([
    ['nothing, on', {}, 0, 1],
    ['its lowest voltage', { range: STEPS }, 600_000, 1],
    ['the configured voltage, off', { range: STEPS, voltage: 900_000, on: false }, 900_000, 0],
  ])('starts with %s', (_what, config, voltage, enabled) => {
    const one = bench(config);
    expect([one.voltage('a'), one.enabled('a')]).toEqual([voltage, enabled]);
  });

  it('takes as long as configured', () => {
    const one = bench({ range: STEPS, delay: 500 });
    expect(one.beginVoltage('a', 900_000)).toBe('PENDING');
    one.host.advance(one.framework, 499);
    expect([one.voltage('a'), one.outcomes]).toEqual([600_000, []]);
    one.host.advance(one.framework, 1);
    expect([one.voltage('a'), one.outcomes]).toEqual([900_000, [['a', 'SUCCESS']]]);
  });

  it('drives one supply with each element', () => {
    expect(() => bench({}, ['a', 'b'])).toThrow('refuses psu/b');
  });

  it.each<readonly [string, Partial<MockPsuElementConfig>, string]>([
    [
      'a voltage at the start it can’t have',
      { range: STEPS, voltage: 600_001 },
      'voltage 600001 at the start is not one of its voltages',
    ],
    ['a range upside down', { range: { min: 2, max: 1, step: 1 } }, 'voltages 2..1: whole µV, min not above max'],
    [
      'a range that does not end on a step',
      { range: { min: 0, max: 9, step: 2 } },
      'voltages 0..9: max must be whole steps of 2 above min',
    ],
  ])('refuses %s, when the product is built and when it starts', (_what, config, text) => {
    expect(schema.check({}, [{ name: 'a', config: { ...at, ...config } }])).toEqual([
      { path: ['elements', 'a'], message: text },
    ]);
    expect(() => bench(config)).toThrow(text);
  });

  it('finds nothing wrong with good supplies', () => {
    expect(schema.check({}, ELEMENTS)).toEqual([]);
  });
});
