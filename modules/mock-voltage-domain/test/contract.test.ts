// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type ProductElement } from '@scp/framework';
import mockVoltageDomain from '@scp/mock-voltage-domain';
import schema, { type MockVoltageDomainElementConfig } from '@scp/mock-voltage-domain/schema';
import { VoltageBench, voltageDriverContract } from '@scp/voltage-domain/testing';

type Config = MockVoltageDomainElementConfig;
const at = { on: false, alwaysOn: false, readOnly: false, modes: [], delay: 0 };

const ELEMENTS: readonly ProductElement<Config>[] = [
  { name: 'list', config: { ...at, levels: [800_000, 900_000, 1_000_000] } },
  { name: 'negative', config: { ...at, levels: [-5_000_000, -3_300_000, 0, 1_800_000], level: -3_300_000 } },
  { name: 'range', config: { ...at, range: { min: 800_000, max: 1_200_000, step: 12_500 }, level: 900_000, on: true } },
  { name: 'below-ground', config: { ...at, range: { min: -(2 ** 31), max: 2 ** 31 - 1, step: 1 } } },
  { name: 'fixed', config: { ...at, fixed: 3_300_000, on: true } },
  { name: 'always-on', config: { ...at, levels: [1, 2], alwaysOn: true } },
  { name: 'read-only', config: { ...at, levels: [1, 2], readOnly: true, on: true } },
  { name: 'modes', config: { ...at, levels: [1, 2], modes: [8, 15] } },
  { name: 'slow', config: { ...at, levels: [1, 2], modes: [9], delay: 500 } },
  { name: 'slow-range', config: { ...at, range: { min: -10, max: 10, step: 10 }, delay: 1, on: true } },
];

describe('mock-voltage-domain keeps the contract of voltage drivers:', () => {
  for (const { name, run } of voltageDriverContract(() => configure(mockVoltageDomain, {}, ELEMENTS))) it(name, run);
});

const bench = (config: Partial<Config>, domains = ['a']) =>
  new VoltageBench(
    configure(mockVoltageDomain, {}, [{ name: 'a', config: { ...at, ...config } }]),
    domains.map(name => ({ name, config: { driver: elementId(0, 0), asynchronous: false } })),
  );

describe('mock-voltage-domain', () => {
  it.each<readonly [string, Partial<Config>, number, number]>([
    ['its lowest level, off', { levels: [3, 5] }, 3, 0],
    ['its lowest level, also below ground', { range: { min: -5, max: 5, step: 5 } }, -5, 0],
    ['the configured level, on', { levels: [3, 5], level: 5, on: true }, 5, 7],
    ['its fixed level', { fixed: -12_000_000 }, -12_000_000, 0],
    ['on, when it always is', { fixed: 1, alwaysOn: true }, 1, 7],
  ])('starts with %s', (_what, config, level, mode) => {
    const one = bench(config);
    expect([one.level('a'), one.mode('a')]).toEqual([level, mode]);
  });

  it('takes as long as configured', () => {
    const one = bench({ levels: [1, 2], delay: 500 });
    expect(one.beginLevel('a', 2)).toBe('PENDING');
    one.host.advance(one.framework, 499);
    expect([one.level('a'), one.outcomes]).toEqual([1, []]);
    one.host.advance(one.framework, 1);
    expect([one.level('a'), one.outcomes]).toEqual([2, [['a', 'SUCCESS']]]);
  });

  it('drives one domain with each supply', () => {
    expect(() => bench({ fixed: 1 }, ['a', 'b'])).toThrow('refuses voltage-domain/b');
  });

  it.each<readonly [string, Partial<Config>, string]>([
    ['no level', {}, 'gives 0 of levels, range and fixed; it gives exactly one'],
    ['levels twice', { fixed: 1, levels: [1] }, 'gives 2 of levels, range and fixed; it gives exactly one'],
    ['an empty list', { levels: [] }, 'it has no level'],
    ['levels that descend', { levels: [-3, -5] }, 'levels must ascend, but -3 comes before -5'],
    ['a level twice', { levels: [1, 1] }, 'levels must ascend, but 1 comes before 1'],
    [
      'a level at the start it does not have',
      { levels: [1, 3], level: 2 },
      'level 2 at the start is not one of its levels',
    ],
    [
      'a level at the start that is fixed',
      { fixed: 1, level: 1 },
      'gives a level for the start, but its level is fixed',
    ],
    [
      'a range that does not end on a step',
      { range: { min: 0, max: 9, step: 2 } },
      'its highest level 9 is not a whole number of steps above 0',
    ],
    ['a range upside down', { range: { min: 1, max: 0, step: 1 } }, 'its lowest level 1 is above its highest 0'],
    ['a step of nothing', { range: { min: 0, max: 0, step: 0 } }, 'step 0 is not whole µV from 1 on'],
    ['a level beyond SCMI’s', { fixed: 2 ** 31 }, 'level 2147483648 is not whole µV of -2^31 to 2^31 - 1'],
    [
      'modes it can’t be switched to',
      { fixed: 1, alwaysOn: true, modes: [8] },
      'has modes, but is always on: it can’t be switched to any of them',
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
