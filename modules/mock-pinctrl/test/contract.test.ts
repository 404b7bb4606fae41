// SPDX-License-Identifier: BSD-3-Clause
import { configure, type ProductElement } from '@scp/framework';
import mockPinctrl from '@scp/mock-pinctrl';
import mockPinctrlSchema, { type MockPinctrlElementConfig } from '@scp/mock-pinctrl/schema';
import { PIN_SETTING_NAMES } from '@scp/pinctrl/api';
import { elementsOf, PinctrlBench, pinctrlDriverContract, type Settings } from '@scp/pinctrl/testing';

const DEFAULTS: MockPinctrlElementConfig = { pins: 4, muxes: 8, vendorSettings: [], reset: [], limits: [], delay: 0 };

const ELEMENTS: readonly ProductElement<MockPinctrlElementConfig>[] = [
  { name: 'all', config: DEFAULTS },
  { name: 'few', config: { ...DEFAULTS, settings: ['drive-strength', 'bias-pull-up', 'bias-disable'], muxes: 2 } },
  { name: 'nothing', config: { ...DEFAULTS, pins: 3, settings: [] } },
  {
    name: 'set',
    config: {
      ...DEFAULTS,
      vendorSettings: [255, 192],
      reset: [
        { setting: 'bias-pull-down', value: 50_000 },
        { setting: 'drive-push-pull', value: 1 },
        { setting: 'drive-strength', value: 4 },
      ],
      limits: [{ setting: 'drive-strength', min: 2, max: 12 }],
    },
  },
  { name: 'slow', config: { ...DEFAULTS, delay: 500, reset: [{ setting: 'bias-disable', value: 1 }] } },
];

describe('mock-pinctrl keeps the contract of drivers:', () => {
  for (const { name, run } of pinctrlDriverContract(() => configure(mockPinctrl, {}, ELEMENTS))) it(name, run);
});

function make(config: Partial<MockPinctrlElementConfig> = {}) {
  const driver = configure(mockPinctrl, {}, [{ name: 'soc', config: { ...DEFAULTS, ...config } }]);
  const plan = { pins: { a: [0, 0], b: [0, 1] }, groups: { g: ['a', 'b'] }, functions: { f: [3, 'g'] } } as const;
  return new PinctrlBench(driver, elementsOf(plan, 1, 0));
}

/** What holds of a pin. */
const holding = (bench: PinctrlBench, pin = 'a') => bench.state(pin).filter(([, value]) => value !== 0);

describe('mock-pinctrl', () => {
  it('has all settings, or those configured', () => {
    const settings = (config: Partial<MockPinctrlElementConfig>) => {
      const bench = make(config);
      return bench.pinctrl.settings(bench.id('a'));
    };
    expect(settings({})).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(settings({ settings: ['slew-rate', 'default', 'input-value'], vendorSettings: [200, 192] })).toEqual([
      14, 20, 192, 200,
    ]);
    const { setting } = mockPinctrlSchema.element.properties.reset.items.properties;
    expect(setting.anyOf.map(one => one.const)).toEqual([...PIN_SETTING_NAMES]);
  });

  it.each<readonly [string, Settings, Settings]>([
    [
      'pull-up turned off is no bias',
      [
        [4, 1],
        [4, 0],
      ],
      [[2, 1]],
    ],
    [
      'pull-down turned off is no bias',
      [
        [6, 1],
        [6, 0],
      ],
      [[2, 1]],
    ],
    [
      'turning off what does not hold changes nothing',
      [
        [4, 1],
        [6, 0],
      ],
      [[4, 1]],
    ],
    [
      'the pin’s own pull left as it is',
      [
        [6, 5],
        [5, 0],
      ],
      [[6, 5]],
    ],
    [
      'the pin’s own pull',
      [
        [6, 5],
        [5, 1],
      ],
      [[5, 1]],
    ],
    ['Ω are kept', [[4, 47_000]], [[4, 47_000]]],
    [
      'value-less settings with value 0',
      [
        [1, 0],
        [7, 0],
      ],
      [
        [1, 1],
        [7, 1],
      ],
    ],
    [
      'the last of several',
      [
        [4, 1],
        [6, 1],
        [3, 0],
        [7, 0],
        [8, 0],
      ],
      [
        [3, 1],
        [8, 1],
      ],
    ],
    [
      'others beside them',
      [
        [10, 8],
        [2, 0],
        [9, 0],
        [10, 9],
        [15, 3],
      ],
      [
        [2, 1],
        [9, 1],
        [10, 9],
        [15, 3],
      ],
    ],
  ])('%s', (_what, settings, expected) => {
    const bench = make({ settings: PIN_SETTING_NAMES.filter(name => name !== 'input-value') });
    expect(bench.configure('a', settings)).toBe('SUCCESS');
    expect(holding(bench)).toEqual(expected);
    expect(holding(bench, 'b')).toEqual([]);
  });

  it.each<readonly [string, Settings, number]>([
    ['nothing', [], 0],
    ['a pull-up', [[4, 1]], 1],
    ['a pull-down', [[6, 1]], 0],
    [
      'an output that is low, against a pull-up',
      [
        [4, 1],
        [17, 1],
        [18, 0],
      ],
      0,
    ],
    [
      'an output that is high',
      [
        [17, 1],
        [18, 1],
      ],
      1,
    ],
    ['an output value without an output', [[18, 1]], 0],
  ])('reads what is on the pin: %s', (_what, settings, expected) => {
    const bench = make();
    bench.configure('a', settings);
    expect(bench.get('a', 14)).toBe(expected);
  });

  it('starts as configured, and is brought back to that', () => {
    const bench = make({
      reset: [
        { setting: 'bias-pull-down', value: 5 },
        { setting: 'slew-rate', value: 2 },
      ],
    });
    const start = [
      [6, 5],
      [20, 2],
    ];
    expect([holding(bench), holding(bench, 'b')]).toEqual([start, start]);
    bench.configure('a', [
      [4, 1],
      [10, 3],
      [0, 9],
      [10, 4],
    ]);
    expect(holding(bench)).toEqual([
      [6, 5],
      [10, 4],
      [20, 2],
    ]);
  });

  it('takes the values that limits allow', () => {
    const bench = make({ limits: [{ setting: 'drive-strength', min: 2, max: 12 }] });
    const status = (value: number) => bench.configure('g', [[10, value]]);
    expect([1, 2, 12, 13].map(status)).toEqual(['E_PARAM', 'SUCCESS', 'SUCCESS', 'E_PARAM']);
    expect(bench.configure('g', [[11, 0xffffffff]])).toBe('SUCCESS');
  });

  it('takes as long as configured', () => {
    const bench = make({ delay: 300 });
    expect(bench.begin('g', [[10, 8]], 'f')).toBe('PENDING');
    bench.host.advance(bench.framework, 299);
    expect([bench.get('a', 10), bench.selected('g'), bench.outcomes]).toEqual([0, undefined, []]);
    bench.host.advance(bench.framework, 1);
    expect([bench.get('a', 10), bench.selected('g'), bench.outcomes]).toEqual([8, 'f', [['g', 'SUCCESS']]]);
  });

  it('has as many pins and functions as configured', () => {
    expect(() => make({ pins: 1 })).toThrow('pin b is number 1 of a controller with 1');
    expect(() => make({ muxes: 3 })).toThrow('function f has selector 3');
  });

  it.each([
    ['limits', { limits: [{ setting: 'slew-rate' as const, min: 0, max: 1 }] }],
    ['reset', { reset: [{ setting: 'slew-rate' as const, value: 1 }] }],
  ])('refuses %s of what it does not have', (_what, config) => {
    expect(() => make({ settings: ['drive-strength'], ...config })).toThrow('its pins have no setting slew-rate');
  });
});
