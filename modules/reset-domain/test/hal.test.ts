// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, moduleId, type ModuleDefinition, Status } from '@scp/framework';
import mockReset from '@scp/mock-reset';
import { RESET_DOMAIN, ResetOperation } from '@scp/reset-domain/api';
import { FakeResetDriver, RESET_DOMAIN_DEFAULTS, ResetBench } from '@scp/reset-domain/testing';
import type { ResetDomainElementConfig } from '@scp/reset-domain/schema';

const { RELEASE, ASSERT, PULSE } = ResetOperation;
const WARM = 0x80000001;

/** Domains `a` and `b` on a fake driver; `b` as `config` says. */
function make(config: Partial<ResetDomainElementConfig> = {}) {
  const driver = new FakeResetDriver(['a', 'b']);
  const bench = new ResetBench(driver.module, [
    { name: 'a', config: { ...RESET_DOMAIN_DEFAULTS, driver: elementId(0, 0) } },
    { name: 'b', config: { ...RESET_DOMAIN_DEFAULTS, driver: elementId(0, 1), ...config } },
  ]);
  return { driver, bench };
}

describe('what a product says of a domain', () => {
  it('is told with the reset states as SCMI encodes them', () => {
    const { bench } = make({ explicit: false, asynchronous: true, latency: 30, states: [0, 1, 0x7fffffff] });
    expect(bench.domains.info(bench.id('b'))).toEqual({
      name: 'b',
      autonomous: true,
      explicit: false,
      asynchronous: true,
      notifications: true,
      latency: 30,
      states: [0, 0x80000000, WARM, 0xffffffff],
    });
    expect(bench.domains.info(bench.id('a'))).toMatchObject({ latency: undefined, states: [0] });
    expect(bench.domains.info(elementId(1, 2))).toBeUndefined();
    expect(bench.domains.info(elementId(0, 0))).toBeUndefined();
  });

  it.each([
    ['no way to be reset', { autonomous: false, explicit: false }, 'can be reset in no way'],
    ['an asynchronous reset without an autonomous one', { autonomous: false, asynchronous: true }, 'autonomous resets'],
    ['a latency without an autonomous reset', { autonomous: false, latency: 0 }, 'autonomous resets'],
  ])('is refused: %s', (_what, config, text) => {
    expect(() => make(config)).toThrow(text);
  });
});

describe('operations', () => {
  it('reach the driver with the reset state', () => {
    const { bench, driver } = make({ states: [1] });
    expect(bench.run('b', PULSE, WARM)).toBe('SUCCESS');
    expect(bench.run('b', ASSERT, WARM)).toBe('SUCCESS');
    expect(bench.run('b', RELEASE)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([`b pulse ${WARM}`, `b assert ${WARM}`, 'b release 0']);
  });

  it('leave a line alone that is as wanted, and say so', () => {
    const { bench, driver } = make();
    expect(bench.run('a', RELEASE)).toBe('SUCCESS');
    bench.run('a', ASSERT);
    driver.taken();
    expect(bench.run('a', ASSERT)).toBe('SUCCESS');
    expect(driver.taken()).toEqual([]);
    expect(bench.resets).toHaveLength(1);
  });

  it.each([
    ['autonomous', { autonomous: false }, ['SUCCESS', 'SUCCESS', 'E_SUPPORT']],
    ['explicit', { explicit: false }, ['E_SUPPORT', 'E_SUPPORT', 'SUCCESS']],
  ])('are those the domain has: not %s', (_what, config, expected) => {
    const { bench } = make(config);
    expect([ASSERT, RELEASE, PULSE].map(operation => bench.run('b', operation))).toEqual(expected);
  });

  it('refuse reset states and ids that are not there', () => {
    const { bench, driver } = make({ states: [2] });
    for (const state of [1, WARM, 2]) expect(bench.run('b', PULSE, state)).toBe('E_PARAM');
    expect(bench.domains.operate(elementId(1, 2), PULSE, 0, 0)).toBe(Status.E_PARAM);
    expect(bench.domains.operate(elementId(0, 0), PULSE, 0, 0)).toBe(Status.E_PARAM);
    expect(bench.domains.isAsserted(elementId(1, 2))).toBe(false);
    expect(driver.taken()).toEqual([]);
  });

  it('answer what the driver says', () => {
    const { bench, driver } = make();
    driver.answers.set('a pulse', Status.E_DEVICE);
    expect(bench.run('a', PULSE)).toBe('E_DEVICE');
    expect(bench.run('b', PULSE)).toBe('SUCCESS');
  });
});

describe('an operation that takes time', () => {
  it.each([ASSERT, RELEASE, PULSE])('is answered to the user when it ends: operation %i', operation => {
    const { bench, driver } = make();
    if (operation === RELEASE) driver.asserted.add('a');
    for (const name of ['assert', 'release', 'pulse']) driver.answers.set(`a ${name}`, Status.PENDING);
    expect(bench.begin('a', operation)).toBe('PENDING');
    for (const other of [ASSERT, RELEASE, PULSE]) expect(bench.begin('a', other)).toBe('E_BUSY');
    expect(bench.run('b', PULSE)).toBe('SUCCESS');
    expect(bench.outcomes).toEqual([]);
    driver.complete(bench.id('a'), Status.E_TIMEOUT);
    expect(bench.outcomes.splice(0)).toEqual([['a', 'E_TIMEOUT']]);
    expect(bench.begin('a', operation)).toBe('PENDING');
    driver.complete(bench.id('a'), Status.SUCCESS);
    expect(bench.outcomes).toEqual([['a', 'SUCCESS']]);
    expect(bench.isAsserted('a')).toBe(operation === ASSERT);
  });

  it('that nobody asked for is ignored, and told in the log', () => {
    const { bench, driver } = make();
    driver.complete(bench.id('a'), Status.SUCCESS);
    expect(bench.outcomes).toEqual([]);
    expect(bench.host.logged()).toEqual(['[RESET] a: its driver completes what is not under way']);
    for (let time = 0; time < 100; time++) driver.complete(bench.id('a'), Status.SUCCESS);
    expect(bench.host.logged().length).toBeLessThan(20);
  });
});

describe('resets are told', () => {
  const settle = (bench: ResetBench) => {
    while (bench.framework.poll());
    return bench.resets.splice(0);
  };

  it('when the line is asserted and when it is pulsed, with who caused it', () => {
    const { bench } = make({ states: [1] });
    bench.run('a', ASSERT, 0, 3);
    expect(settle(bench)).toEqual([['a', 0, 3]]);
    bench.run('a', RELEASE, 0, 3);
    expect(settle(bench)).toEqual([]);
    bench.run('b', PULSE, WARM, 4);
    expect(settle(bench)).toEqual([['b', WARM, 4]]);
  });

  it('when they have been done, not before, and not when they failed', () => {
    const { bench, driver } = make();
    driver.answers.set('a pulse', Status.PENDING);
    bench.begin('a', PULSE, 0, 5);
    expect(settle(bench)).toEqual([]);
    driver.complete(bench.id('a'), Status.E_DEVICE);
    expect(settle(bench)).toEqual([]);
    bench.begin('a', PULSE, 0, 5);
    driver.complete(bench.id('a'), Status.SUCCESS);
    expect(settle(bench)).toEqual([['a', 0, 5]]);
    driver.answers.set('a pulse', Status.E_DEVICE);
    bench.run('a', PULSE);
    expect(settle(bench)).toEqual([]);
  });

  it('when the hardware does them by itself, in a state the domain has', () => {
    const { bench, driver } = make({ states: [1] });
    driver.happen(bench.id('b'), WARM);
    expect(settle(bench)).toEqual([['b', WARM, 0]]);
    driver.happen(bench.id('b'), 2);
    expect(settle(bench)).toEqual([]);
    expect(bench.host.logged()).toEqual([
      '[RESET] b: its driver tells of reset state 2, which the domain does not have',
    ]);
  });

  it('unless the product says that they are not', () => {
    const { bench, driver } = make({ notifications: false });
    bench.run('b', PULSE);
    bench.run('b', ASSERT);
    driver.happen(bench.id('b'), 0);
    expect(settle(bench)).toEqual([]);
  });
});

describe('binding', () => {
  it('wants of each user a way to tell it outcomes', () => {
    const careless: ModuleDefinition = {
      name: 'careless',
      type: 'SERVICE',
      create: framework => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) framework.bind(moduleId(1), RESET_DOMAIN);
        },
      }),
    };
    // In the place of the driver's module, so that the bench's own user comes after it.
    const driver = configure(mockReset, {}, [{ name: 'a', config: { asserted: false, delay: 0 } }]);
    const bench = () => new ResetBench(configure(careless, undefined), []);
    expect(bench).toThrow('RESET_DOMAIN_CLIENT of careless');
    expect(() => new ResetBench(driver, [])).not.toThrow();
  });
});
