// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, moduleId, type ModuleDefinition, Status } from '@scp/framework';
import { POWER_CAPPING, UNCAPPED } from '@scp/power-capping/api';
import schema, { type PowerCappingElementConfig } from '@scp/power-capping/schema';
import { FakePowerDriver, POWER_DOMAIN_DEFAULTS, PowerBench } from '@scp/power-capping/testing';

/** Domains `a` and `b`, which is part of `a`, on a fake driver; `b` as `config` says. */
function make(config: Partial<PowerCappingElementConfig> = {}) {
  const driver = new FakePowerDriver(['a', 'b']);
  const bench = new PowerBench(driver.module, [
    { name: 'a', config: { ...POWER_DOMAIN_DEFAULTS, driver: elementId(0, 0) } },
    { name: 'b', config: { ...POWER_DOMAIN_DEFAULTS, parent: elementId(1, 0), driver: elementId(0, 1), ...config } },
  ]);
  const started = driver.taken();
  const settle = () => {
    while (bench.framework.poll());
    return bench.changes.splice(0);
  };
  return { driver, bench, started, settle };
}

describe('what a product says of a domain', () => {
  it('is told', () => {
    const { bench } = make({ cap: { fixed: 9000 }, interval: { fixed: 77 }, unit: 'abstract', accuracy: 5 });
    expect(bench.domains.info(bench.id('a'))).toEqual({
      name: 'a',
      unit: 2,
      parent: undefined,
      cap: { min: 1000, max: 20_000, step: 500 },
      isCapConfigurable: true,
      initialCap: 20_000,
      interval: { min: 1000, max: 50_000, step: 1000 },
      isIntervalConfigurable: true,
      initialInterval: 1000,
      monitored: true,
      asynchronous: false,
      capNotifications: true,
      powerNotifications: true,
      sustainablePower: 0,
      accuracy: 0,
    });
    expect(bench.domains.info(bench.id('b'))).toMatchObject({
      unit: 0,
      parent: bench.id('a'),
      cap: { min: 9000, max: 9000, step: 0 },
      isCapConfigurable: false,
      initialCap: 9000,
      interval: { min: 77, max: 77, step: 0 },
      isIntervalConfigurable: false,
      initialInterval: 77,
      accuracy: 5,
    });
    expect(bench.domains.info(elementId(1, 2))).toBeUndefined();
    expect(bench.domains.info(elementId(0, 0))).toBeUndefined();
  });

  it('has no power notifications without measurements', () => {
    const { bench } = make({ monitored: false });
    expect(bench.domains.info(bench.id('b'))).toMatchObject({ monitored: false, powerNotifications: false });
  });

  it.each<readonly [string, Partial<PowerCappingElementConfig>, string]>([
    ['a minimum that is the maximum', { cap: { min: 5, max: 5, step: 1 } }, 'b cap: min is below max'],
    ['a minimum above the maximum', { interval: { min: 6, max: 5, step: 1 } }, 'b interval: min is below max'],
    ['a maximum off the steps', { cap: { min: 5, max: 10, step: 3 } }, 'b cap: max is a whole number of steps'],
    ['neither caps nor measurements', { cap: { fixed: 5 }, monitored: false }, 'neither capped nor monitored'],
    ['asynchronous without caps', { cap: { fixed: 5 }, asynchronous: true }, 'none asynchronously'],
    ['a cap that it does not have', { initialCap: 1200 }, 'initialCap 1200 is not one'],
    ['a cap above the fixed one', { cap: { fixed: 5 }, initialCap: 6 }, 'initialCap 6 is not one'],
    ['an interval that it does not have', { initialInterval: 51_000 }, 'initialInterval 51000 is not one'],
    ['being part of itself', { parent: elementId(1, 1) }, 'b is part of itself: b in b'],
  ])('is refused: %s', (_what, config, text) => {
    expect(() => make(config)).toThrow(text);
  });

  it('is refused when domains are part of each other', () => {
    const driver = new FakePowerDriver(['a', 'b', 'c']);
    const domain = (name: string, index: number, parent: number) => ({
      name,
      config: { ...POWER_DOMAIN_DEFAULTS, parent: elementId(1, parent), driver: elementId(0, index) },
    });
    const loop = () => new PowerBench(driver.module, [domain('a', 0, 1), domain('b', 1, 2), domain('c', 2, 1)]);
    expect(loop).toThrow('b is part of itself: b in c in b');
  });

  it('is checked when the product is built, where Linux’s own wishes are warnings', () => {
    const element = (name: string, config: Partial<PowerCappingElementConfig>) => ({
      name,
      config: { ...POWER_DOMAIN_DEFAULTS, driver: elementId(0, 0), ...config },
    });
    expect(schema.check({}, [element('a', {}), element('b', { parent: elementId(1, 0) })])).toEqual([]);
    const odd = { cap: { min: 1100, max: 2100, step: 500 }, parent: elementId(1, 0) };
    expect(schema.check({}, [element('a', { unit: 'abstract' }), element('b', odd)])).toEqual([
      {
        path: ['elements', 'b'],
        message: 'cap: Linux rounds to multiples of step, so min is best one of them',
        warning: true,
      },
      { path: ['elements', 'b'], message: 'Linux shows no zone at all when a parent, a, is abstract', warning: true },
    ]);
    expect(schema.check({}, [element('a', { initialCap: 1 })])).toEqual([
      { path: ['elements', 'a'], message: 'initialCap 1 is not one of its caps' },
    ]);
  });
});

describe('the start', () => {
  it('brings the hardware to the initial interval and cap', () => {
    const { started, bench } = make({ initialCap: 0, initialInterval: 3000 });
    expect(started).toEqual(['a interval 1000', 'a cap 20000', 'b interval 3000', 'b cap 0']);
    expect(bench.inForce('b')).toEqual([UNCAPPED, 3000]);
    expect(bench.changes).toEqual([]);
  });

  it.each(['cap', 'interval'])('fails when the driver does not take the %s', setting => {
    const driver = new FakePowerDriver(['a']);
    driver.answers.set(`a ${setting}`, Status.E_DEVICE);
    const domain = { name: 'a', config: { ...POWER_DOMAIN_DEFAULTS, driver: elementId(0, 0) } };
    expect(() => new PowerBench(driver.module, [domain])).toThrow('does not take the initial state (E_DEVICE)');
  });

  it('wants of each user a way to tell it outcomes', () => {
    const careless: ModuleDefinition = {
      name: 'careless',
      type: 'SERVICE',
      create: framework => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) framework.bind(moduleId(1), POWER_CAPPING);
        },
      }),
    };
    expect(() => new PowerBench(configure(careless, undefined), [])).toThrow('POWER_CAPPING_CLIENT of careless');
  });
});

describe('caps', () => {
  it('reach the driver, rounded down to a step, and are told with who caused them', () => {
    const { bench, driver, settle } = make();
    expect(bench.cap('b', 7999, 3)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['b cap 7500']);
    expect(bench.inForce('b')).toEqual([7500, 1000]);
    expect(settle()).toEqual([['b', 7500, 1000, 3]]);
    expect(bench.cap('b', UNCAPPED, 4)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['b cap 0']);
    expect(settle()).toEqual([['b', 0, 1000, 4]]);
  });

  it('that are in force already change nothing', () => {
    const { bench, driver, settle } = make();
    expect(bench.cap('b', 20_000)).toBe('SUCCESS');
    bench.cap('b', 5000);
    driver.taken();
    settle();
    expect(bench.cap('b', 5499)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
    expect(settle()).toEqual([]);
  });

  it.each([1, 999, 20_001, 0xffffffff])('out of range are refused: %i', cap => {
    const { bench, driver } = make();
    expect(bench.cap('b', cap)).toBe('E_RANGE');
    expect(driver.taken()).toEqual([]);
  });

  it('are refused where there is nothing to choose', () => {
    const { bench } = make({ cap: { fixed: 5 } });
    for (const cap of [UNCAPPED, 5, 6]) expect(bench.cap('b', cap)).toBe('E_SUPPORT');
  });

  it('that the driver refuses change nothing', () => {
    const { bench, driver, settle } = make();
    driver.answers.set('b cap', Status.E_DEVICE);
    expect(bench.cap('b', 5000)).toBe('E_DEVICE');
    expect(bench.inForce('b')).toEqual([20_000, 1000]);
    expect(settle()).toEqual([]);
  });
});

describe('intervals', () => {
  it('reach the driver, rounded down to a step, and are told with who caused them', () => {
    const { bench, driver, settle } = make();
    expect(bench.interval('b', 4999, 2)).toBe('SUCCESS');
    expect(driver.taken()).toEqual(['b interval 4000']);
    expect(settle()).toEqual([['b', 20_000, 4000, 2]]);
    expect(bench.interval('b', 4000, 2)).toBe('SUCCESS');
    expect([driver.taken(), settle()]).toEqual([[], []]);
  });

  it.each([0, 999, 50_001])('out of range are refused: %i', interval => {
    const { bench, driver } = make();
    expect(bench.interval('b', interval)).toBe('E_RANGE');
    expect(driver.taken()).toEqual([]);
  });

  it('are refused where there is nothing to choose', () => {
    const { bench } = make({ interval: { fixed: 5 } });
    expect(bench.interval('b', 5)).toBe('E_SUPPORT');
  });
});

describe('an operation that takes time', () => {
  it.each(['cap', 'interval'] as const)('is answered to the user when it ends: %s', setting => {
    const { bench, driver, settle } = make();
    driver.answers.set(`b ${setting}`, Status.PENDING);
    const begin = () => (setting === 'cap' ? bench.beginCap('b', 5000, 6) : bench.beginInterval('b', 9000, 6));
    const before = bench.inForce('b');
    expect(begin()).toBe('PENDING');
    expect(bench.beginCap('b', 6000)).toBe('E_BUSY');
    expect(bench.beginInterval('b', 6000)).toBe('E_BUSY');
    expect(bench.cap('a', 5000)).toBe('SUCCESS');
    settle();
    expect(bench.inForce('b')).toEqual(before);
    driver.complete(bench.id('b'), Status.E_TIMEOUT);
    expect(bench.outcomes.splice(0)).toEqual([['b', 'E_TIMEOUT']]);
    expect([bench.inForce('b'), settle()]).toEqual([before, []]);
    expect(begin()).toBe('PENDING');
    driver.complete(bench.id('b'), Status.SUCCESS);
    expect(bench.outcomes).toEqual([['b', 'SUCCESS']]);
    const after = setting === 'cap' ? [5000, 1000] : [20_000, 9000];
    expect(bench.inForce('b')).toEqual(after);
    expect(settle()).toEqual([['b', ...after, 6]]);
  });

  it('that nobody asked for is ignored, and told in the log', () => {
    const { bench, driver } = make();
    for (let time = 0; time < 100; time++) driver.complete(bench.id('b'), Status.SUCCESS);
    expect(bench.outcomes).toEqual([]);
    expect(bench.host.logged()[0]).toBe('[POWERCAP] b: its driver completes what is not under way');
    expect(bench.host.logged().length).toBeLessThan(20);
  });
});

describe('measurements', () => {
  it.each([
    [0, 0],
    [4321, 4321],
    [12.4, 12],
    [0x1_0000_0000, 0xffffffff],
    [-1, 'E_DEVICE'],
  ])('are what the driver says: %d is %s', (power, expected) => {
    const { bench, driver } = make();
    driver.power.set('b', power);
    expect(bench.power('b')).toBe(expected);
  });

  it('are those of domains that are monitored', () => {
    expect(make({ monitored: false }).bench.power('b')).toBe('E_SUPPORT');
  });

  it('come each interval while someone wants them', () => {
    const { bench, driver } = make();
    const id = bench.id('b');
    driver.power.set('b', 10);
    bench.advance(5000);
    expect(bench.measured).toEqual([]);
    bench.domains.startMonitoring(id);
    bench.domains.startMonitoring(id);
    bench.advance(2500);
    expect(bench.measured.splice(0)).toEqual([
      ['b', 10, 6000],
      ['b', 10, 7000],
    ]);
    bench.domains.stopMonitoring(id);
    bench.advance(1000);
    expect(bench.measured.splice(0)).toHaveLength(1);
    bench.domains.stopMonitoring(id);
    bench.domains.stopMonitoring(id);
    bench.advance(10_000);
    expect(bench.measured).toEqual([]);
    bench.domains.startMonitoring(id);
    bench.advance(1000);
    expect(bench.measured).toHaveLength(1);
  });

  it('follow the interval in force', () => {
    const { bench } = make();
    bench.interval('b', 5000);
    expect(bench.host.deadline).toBe(Infinity);
    bench.domains.startMonitoring(bench.id('b'));
    bench.interval('b', 10_000);
    bench.advance(25_000);
    expect(bench.measured.map(([, , time]) => time)).toEqual([10_000, 20_000]);
  });

  it('that fail are left out, and told in the log', () => {
    const { bench, driver } = make();
    driver.power.set('b', -1);
    bench.domains.startMonitoring(bench.id('b'));
    bench.advance(1000);
    expect(bench.measured).toEqual([]);
    expect(bench.host.logged()).toEqual(['[POWERCAP] b: its driver does not measure']);
  });

  it('are not there for domains that are not monitored, nor for what is no domain', () => {
    const { bench } = make({ monitored: false });
    for (const id of [bench.id('b'), elementId(1, 9), elementId(0, 0)]) {
      bench.domains.startMonitoring(id);
      bench.domains.stopMonitoring(id);
    }
    bench.advance(10_000);
    expect(bench.measured).toEqual([]);
  });
});

it('refuses ids that are no domain', () => {
  const { bench } = make();
  for (const id of [elementId(1, 2), elementId(0, 0)]) {
    expect(bench.domains.setCap(id, 5000, 0)).toBe(Status.E_PARAM);
    expect(bench.domains.setInterval(id, 5000, 0)).toBe(Status.E_PARAM);
    expect(bench.domains.measure(id, { value: 0 })).toBe(Status.E_PARAM);
    expect([bench.domains.cap(id), bench.domains.interval(id)]).toEqual([0, 0]);
  }
});
