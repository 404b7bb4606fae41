// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, moduleId, type ModuleDefinition, type ProductElement, Status } from '@scp/framework';
import { PINCTRL, PINCTRL_DRIVER } from '@scp/pinctrl/api';
import schema, { type PinctrlElementConfig } from '@scp/pinctrl/schema';
import { elementsOf, FakePinctrlDriver, PinctrlBench, type Plan } from '@scp/pinctrl/testing';

const PLAN: Plan = {
  pins: { tx: [0, 4], rx: [0, 5], led: [0, 0], key: [1, 0] },
  groups: { uart_grp: ['tx', 'rx'], led_grp: ['led'], rx_grp: ['rx'] },
  functions: { uart: [1, 'uart_grp'], pwm: [2, 'led_grp', 'rx_grp'], off: [0, 'uart_grp'] },
  pinFunctions: { gpio: [3, 'led', 'tx'] },
};

function make(plan: Plan = PLAN) {
  const driver = new FakePinctrlDriver(['soc', 'aon']);
  const bench = new PinctrlBench(driver.module, elementsOf(plan, 1, 0));
  return { driver, bench };
}

describe('what a product says', () => {
  it('of pins, groups and functions is told', () => {
    const { bench } = make();
    const info = (name: string) => bench.pinctrl.info(bench.id(name));
    expect(info('tx')).toEqual({ kind: 'pin', name: 'tx' });
    expect(info('uart_grp')).toEqual({ kind: 'group', name: 'uart_grp', pins: [bench.id('tx'), bench.id('rx')] });
    expect(info('pwm')).toEqual({
      kind: 'function',
      name: 'pwm',
      isForPins: false,
      isGpio: false,
      targets: [bench.id('led_grp'), bench.id('rx_grp')],
    });
    expect(info('gpio')).toMatchObject({ isForPins: true, isGpio: true, targets: [bench.id('led'), bench.id('tx')] });
    for (const id of [elementId(1, 99), elementId(0, 0)]) expect(bench.pinctrl.info(id)).toBeUndefined();
  });

  const broken: readonly (readonly [string, Plan, string])[] = [
    ['a number twice', { pins: { a: [0, 1], b: [0, 1] } }, 'b is number 1 of its controller, as a is'],
    ['pins of two controllers', { pins: { a: [0, 1], b: [1, 1] }, groups: { g: ['a', 'b'] } }, 'g has pins of several'],
    ['a group without pins', { pins: { a: [0, 1] }, groups: { g: [] } }, 'g has no pins'],
    ['a group of groups', { pins: { a: [0, 1] }, groups: { g: ['a'], h: ['g'] } }, 'h has g among its pins'],
    ['a function of nothing', { pins: { a: [0, 1] }, functions: { f: [1] } }, 'f has no groups'],
    ['a function of pins as groups', { pins: { a: [0, 1] }, functions: { f: [1, 'a'] } }, 'f has a among its groups'],
    [
      'a function of groups as pins',
      { pins: { a: [0, 1] }, groups: { g: ['a'] }, pinFunctions: { f: [1, 'g'] } },
      'f has g among its pins',
    ],
    [
      'a selector twice on a pin',
      { pins: { a: [0, 1] }, groups: { g: ['a'] }, functions: { f: [1, 'g'] }, pinFunctions: { h: [1, 'a'] } },
      'h has selector 1 on pin a, as f has',
    ],
  ];

  it.each(broken)('is refused: %s', (_what, plan, text) => {
    expect(() => make(plan)).toThrow(text);
    expect(schema.check({}, elementsOf(plan, 1, 0))).toEqual([
      { path: ['elements', text.slice(0, 1)], message: expectText(text.slice(2)) },
    ]);
  });

  const expectText = (text: string): unknown => expect.stringContaining(text);

  it('is refused with names that agents can’t tell apart, of one kind', () => {
    const named = (name: string, pin: number): ProductElement<PinctrlElementConfig> => ({
      name: `${name}${pin}`,
      config: { pin: { name, driver: elementId(0, 0), number: pin } },
    });
    const group = { name: 'g', config: { group: { name: 'x', pins: [elementId(1, 0)] } } };
    const start = (...elements: ProductElement<PinctrlElementConfig>[]) =>
      new PinctrlBench(new FakePinctrlDriver().module, elements);
    expect(() => start(named('x', 0), named('x', 1))).toThrow('x1 is called pin x, as x0 is');
    const bench = start(named('x', 0), group);
    expect(bench.pinctrl.info(bench.id('x0'))).toEqual({ kind: 'pin', name: 'x' });
    expect(bench.pinctrl.info(bench.id('g'))).toMatchObject({ kind: 'group', name: 'x' });
  });

  it.each<readonly [string, Plan, string]>([
    ['a pin', { pins: { a: [0, 8] } }, 'pin a is number 8 of a controller with 8'],
    ['a selector', { pins: { a: [0, 7] }, pinFunctions: { f: [8, 'a'] } }, 'function f has selector 8'],
  ])('is refused with what a controller does not have: %s', (_what, plan, text) => {
    expect(() => make(plan)).toThrow(text);
  });

  it('is checked when the product is built', () => {
    expect(schema.check({}, elementsOf(PLAN, 1, 0))).toEqual([]);
  });
});

describe('settings', () => {
  it('of a pin are the driver’s that can be read, of a group those that all its pins have', () => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    driver.common = [0, 4, 10, 14];
    driver.own.set('soc 5', [0, 2, 10, 14, 200]);
    const bench = new PinctrlBench(driver.module, elementsOf(PLAN, 1, 0));
    expect(bench.pinctrl.settings(bench.id('tx'))).toEqual([4, 10, 14]);
    expect(bench.pinctrl.settings(bench.id('rx'))).toEqual([2, 10, 14, 200]);
    expect(bench.pinctrl.settings(bench.id('uart_grp'))).toEqual([10, 14]);
    expect(bench.pinctrl.settings(bench.id('uart'))).toEqual([]);
    expect(bench.pinctrl.settings(elementId(1, 99))).toEqual([]);
    expect(bench.check('uart_grp', [[4, 1]])).toBe('E_SUPPORT');
    expect(bench.check('tx', [[4, 1]])).toBe('SUCCESS');
    expect(bench.check('rx', [[4, 1]])).toBe('E_SUPPORT');
  });

  it('are read from the driver; a group’s are its first pin’s', () => {
    const { bench, driver } = make();
    driver.state.set('soc 4 10', 6);
    driver.state.set('soc 5 10', 7);
    expect([bench.get('tx', 10), bench.get('rx', 10), bench.get('uart_grp', 10)]).toEqual([6, 7, 6]);
    expect([bench.get('tx', 0), bench.get('tx', 11), bench.get('uart', 10)]).toEqual([
      'E_SUPPORT',
      'E_SUPPORT',
      'E_PARAM',
    ]);
  });

  it.each<readonly [string, readonly (readonly [number, number])[], string]>([
    ['none', [], 'SUCCESS'],
    [
      'several',
      [
        [10, 8],
        [4, 1],
        [192, 3],
      ],
      'SUCCESS',
    ],
    [
      'one twice',
      [
        [10, 8],
        [10, 9],
      ],
      'SUCCESS',
    ],
    ['a value-less one with any value', [[2, 0xffffffff]], 'SUCCESS'],
    ['the default', [[0, 77]], 'SUCCESS'],
    [
      'one the pin does not have',
      [
        [10, 8],
        [11, 1],
      ],
      'E_SUPPORT',
    ],
    ['one that can’t be written', [[14, 1]], 'E_SUPPORT'],
    ['a value that the driver does not take', [[10, 0x1000000]], 'E_PARAM'],
    [
      'a switch',
      [
        [17, 1],
        [18, 0],
      ],
      'SUCCESS',
    ],
    ['a switch neither on nor off', [[17, 2]], 'E_PARAM'],
  ])('are checked before any is applied: %s', (_what, settings, expected) => {
    for (const target of ['tx', 'uart_grp']) {
      const { bench, driver } = make();
      expect(bench.check(target, settings)).toBe(expected);
      expect(driver.taken()).toEqual([]);
      expect(bench.configure(target, settings)).toBe(expected);
      expect(driver.taken()).toHaveLength(expected === 'SUCCESS' ? 1 : 0);
    }
  });

  it('reach the driver in their order, for all pins of a group at once', () => {
    const { bench, driver } = make();
    expect(
      bench.configure('rx', [
        [10, 8],
        [4, 1],
        [10, 9],
      ]),
    ).toBe('SUCCESS');
    expect(bench.configure('uart_grp', [[2, 0]], 'uart')).toBe('SUCCESS');
    expect(bench.configure('key', [[2, 0]])).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['soc [5] 10=8 4=1 10=9', 'soc [4,5] mux 1 2=0', 'aon [0] 2=0']);
  });
});

describe('functions', () => {
  it('are selected on the groups or pins they are for', () => {
    const { bench, driver } = make();
    for (const [target, name, expected] of [
      ['uart_grp', 'uart', 'SUCCESS'],
      ['led_grp', 'pwm', 'SUCCESS'],
      ['rx_grp', 'pwm', 'SUCCESS'],
      ['led', 'gpio', 'SUCCESS'],
      ['led_grp', 'uart', 'E_PARAM'],
      ['tx', 'uart', 'E_PARAM'],
      ['rx', 'gpio', 'E_PARAM'],
      ['uart_grp', 'gpio', 'E_PARAM'],
      ['uart_grp', 'tx', 'E_PARAM'],
    ] as const) {
      expect([target, name, bench.configure(target, [], name)]).toEqual([target, name, expected]);
    }
    expect(driver.taken()).toEqual(['soc [4,5] mux 1', 'soc [0] mux 2', 'soc [5] mux 2', 'soc [0] mux 3']);
  });

  it('are read from the driver; a group has one when all its pins have', () => {
    const { bench, driver } = make();
    expect(['tx', 'rx', 'uart_grp', 'led', 'led_grp'].map(name => bench.selected(name))).toEqual([
      'off',
      'off',
      'off',
      undefined,
      undefined,
    ]);
    bench.configure('uart_grp', [], 'uart');
    expect([bench.selected('tx'), bench.selected('rx'), bench.selected('uart_grp')]).toEqual(['uart', 'uart', 'uart']);
    bench.configure('rx_grp', [], 'pwm');
    expect([bench.selected('tx'), bench.selected('rx'), bench.selected('uart_grp')]).toEqual([
      'uart',
      'pwm',
      undefined,
    ]);
    driver.state.set('soc 4', 7);
    expect(bench.selected('tx')).toBeUndefined();
    expect(bench.selected('uart')).toBeUndefined();
  });
});

describe('ownership', () => {
  it('is one owner’s, asked for once or often', () => {
    const { bench } = make();
    expect([bench.request('led', 1), bench.request('led', 1)]).toEqual(['SUCCESS', 'SUCCESS']);
    expect([bench.request('led', 2), bench.release('led', 2)]).toEqual(['E_ACCESS', 'E_STATE']);
    expect([bench.release('led', 1), bench.release('led', 1)]).toEqual(['SUCCESS', 'E_STATE']);
    expect(bench.request('led', 2)).toBe('SUCCESS');
  });

  it('of a group is that of all its pins', () => {
    const { bench } = make();
    bench.request('rx', 1);
    expect([bench.request('uart_grp', 2), bench.release('uart_grp', 1)]).toEqual(['E_ACCESS', 'E_STATE']);
    expect(bench.request('tx', 2)).toBe('SUCCESS');
    expect(bench.release('tx', 2)).toBe('SUCCESS');
    bench.request('tx', 1);
    expect(bench.release('uart_grp', 1)).toBe('SUCCESS');
    expect(bench.request('uart_grp', 2)).toBe('SUCCESS');
    expect([bench.request('rx', 1), bench.request('rx_grp', 1)]).toEqual(['E_ACCESS', 'E_ACCESS']);
    expect(bench.release('rx', 2)).toBe('SUCCESS');
    expect(bench.release('uart_grp', 2)).toBe('E_STATE');
  });

  it('keeps others from changes, not from changes of what nobody owns', () => {
    const { bench, driver } = make();
    expect(bench.configure('uart_grp', [[10, 8]], undefined, 2)).toBe('SUCCESS');
    bench.request('rx', 1);
    driver.taken();
    for (const target of ['rx', 'uart_grp', 'rx_grp']) {
      expect(bench.configure(target, [[10, 8]], undefined, 2)).toBe('E_ACCESS');
      expect(bench.pinctrl.isHeldByOther(bench.id(target), 2)).toBe(true);
      expect(bench.pinctrl.isHeldByOther(bench.id(target), 1)).toBe(false);
    }
    expect(driver.taken()).toEqual([]);
    expect(bench.configure('tx', [[10, 8]], undefined, 2)).toBe('SUCCESS');
    expect(bench.configure('uart_grp', [[10, 8]], undefined, 1)).toBe('SUCCESS');
  });

  it('ends all at once', () => {
    const { bench } = make();
    for (const target of ['led', 'uart_grp']) bench.request(target, 1);
    bench.request('key', 2);
    bench.pinctrl.releaseAll(1);
    for (const target of ['led', 'tx', 'rx', 'uart_grp']) expect(bench.request(target, 3)).toBe('SUCCESS');
    expect(bench.request('key', 3)).toBe('E_ACCESS');
  });
});

describe('a change that takes time', () => {
  it('is answered to the user when it ends, and keeps its controller busy', () => {
    const { bench, driver } = make();
    driver.answer = Status.PENDING;
    expect(bench.begin('uart_grp', [[10, 8]])).toBe('PENDING');
    for (const target of ['uart_grp', 'led']) expect(bench.begin(target, [[10, 9]])).toBe('E_BUSY');
    driver.answer = Status.SUCCESS;
    expect(bench.begin('key', [[10, 9]])).toBe('SUCCESS');
    expect(bench.outcomes).toEqual([]);
    driver.complete(elementId(0, 1), Status.SUCCESS);
    expect(bench.outcomes).toEqual([]);
    driver.complete(elementId(0, 0), Status.E_TIMEOUT);
    expect(bench.outcomes).toEqual([['uart_grp', 'E_TIMEOUT']]);
    expect(bench.begin('led', [[10, 9]])).toBe('SUCCESS');
  });

  it('that nobody asked for is ignored, and told in the log', () => {
    const { bench, driver } = make();
    for (let time = 0; time < 100; time++) driver.complete(elementId(0, 0), Status.SUCCESS);
    expect(bench.outcomes).toEqual([]);
    expect(bench.host.logged()[0]).toBe('[PINCTRL] soc completes what is not under way');
    expect(bench.host.logged().length).toBeLessThan(20);
  });

  it('that fails at once is over', () => {
    const { bench, driver } = make();
    driver.answer = Status.E_DEVICE;
    expect(bench.begin('led', [[10, 8]])).toBe('E_DEVICE');
    driver.answer = Status.SUCCESS;
    expect(bench.begin('led', [[10, 8]])).toBe('SUCCESS');
  });
});

describe('the HAL', () => {
  it('refuses what is neither pin nor group', () => {
    const { bench } = make();
    for (const id of [bench.id('uart'), elementId(1, 99), elementId(0, 0)]) {
      const change = bench.change([[10, 1]]);
      expect(bench.pinctrl.get(id, 10, { value: 0 })).toBe(Status.E_PARAM);
      expect(bench.pinctrl.check(id, change)).toBe(Status.E_PARAM);
      expect(bench.pinctrl.configure(id, change, 1)).toBe(Status.E_PARAM);
      expect(bench.pinctrl.request(id, 1)).toBe(Status.E_PARAM);
      expect(bench.pinctrl.release(id, 1)).toBe(Status.E_PARAM);
      expect(bench.pinctrl.isHeldByOther(id, 1)).toBe(false);
      expect(bench.pinctrl.selected(id)).toBeUndefined();
    }
  });

  it('wants of each user a way to tell it outcomes', () => {
    const careless: ModuleDefinition = {
      name: 'careless',
      type: 'DRIVER',
      create: framework => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) framework.bind(moduleId(1), PINCTRL);
        },
      }),
    };
    expect(() => new PinctrlBench(configure(careless, undefined), [])).toThrow('PINCTRL_CLIENT of careless');
  });

  it('asks drivers by their contract', () => {
    const other: ModuleDefinition = {
      name: 'other',
      type: 'DRIVER',
      create: () => ({ init: () => undefined, elementInit: () => undefined }),
    };
    const driver = configure(other, undefined, [{ name: 'soc', config: undefined }]);
    expect(() => new PinctrlBench(driver, elementsOf({ pins: { a: [0, 0] } }, 1, 0))).toThrow(PINCTRL_DRIVER.name);
  });
});
