// SPDX-License-Identifier: BSD-3-Clause
/** Systems without SCMI: requests, their time, drivers, schedules. */
import {
  configure,
  type ElementId,
  elementId,
  Framework,
  isNotificationId,
  LogLevel,
  type ModuleDefinition,
  notificationIndex,
  provide,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import systemPower from '@scp/system-power';
import {
  SYSTEM_POWER,
  SYSTEM_POWER_DRIVER,
  SYSTEM_POWER_ENTERED,
  SYSTEM_POWER_REQUESTED,
  type SystemPower,
  SystemState,
} from '@scp/system-power/api';
import schema, { type SystemPowerElementConfig } from '@scp/system-power/schema';

const { SHUTDOWN, COLD_RESET, WARM_RESET, POWER_UP, SUSPEND } = SystemState;
const DEFAULTS: SystemPowerElementConfig = {
  warmReset: true,
  suspend: true,
  gracefulTimeout: 10_000,
  schedule: [],
};
const REQUESTED = systemPower.notifications?.indexOf(SYSTEM_POWER_REQUESTED);

/** A framework with a driver (module 0), systems `a` and `b` (module 1), and a user. */
function start(config: Partial<SystemPowerElementConfig> = {}, withDriver = false) {
  const host = new TestHost();
  const calls: number[] = [];
  const told: string[] = [];
  const driver: { answer: Status } = { answer: Status.SUCCESS };
  let power: SystemPower | undefined;
  const driverModule: ModuleDefinition = {
    name: 'driver',
    type: 'DRIVER',
    apis: [SYSTEM_POWER_DRIVER],
    create: () => ({
      apis: [
        provide(SYSTEM_POWER_DRIVER, () => ({
          enter: (_id, state) => {
            calls.push(state);
            return driver.answer;
          },
        })),
      ],
      init: () => undefined,
      elementInit: () => undefined,
    }),
  };
  const user: ModuleDefinition = {
    name: 'user',
    type: 'SERVICE',
    create: framework => ({
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        power = framework.bind(framework.moduleId('system-power'), SYSTEM_POWER);
        for (const index of [0, 1]) {
          framework.subscribe(SYSTEM_POWER_REQUESTED, elementId(1, index), id);
          framework.subscribe(SYSTEM_POWER_ENTERED, elementId(1, index), id);
        }
      },
      processNotification: event => {
        const isRequest = isNotificationId(event.id) && notificationIndex(event.id) === REQUESTED;
        const params = (isRequest ? [0, 1, 2, 3] : [0, 1]).map(at => event.param(at)).join(' ');
        told.push(`${framework.nameOf(event.source)} ${isRequest ? 'asked' : 'entered'} ${params}`);
        return Status.SUCCESS;
      },
    }),
  };
  const first: SystemPowerElementConfig = {
    ...DEFAULTS,
    ...config,
    ...(withDriver ? { driver: elementId(0, 0) } : {}),
  };
  const modules = [
    configure(driverModule, undefined, [{ name: 'driver', config: undefined }]),
    configure(systemPower, {}, [
      { name: 'a', config: first },
      { name: 'b', config: DEFAULTS },
    ]),
    configure(user, undefined),
  ];
  const framework = new Framework({ name: 'bench', version: '0', modules }, host);
  framework.start();
  if (power === undefined) throw new Error('not bound');
  const bound = power;
  const a = elementId(1, 0);
  const request = (state: SystemState, isGraceful = false, timeout = 0, cause = 1, id: ElementId = a) => {
    const status = bound.request(id, state, isGraceful, timeout, cause);
    while (framework.poll());
    return status;
  };
  return {
    host,
    framework,
    power: bound,
    driver,
    calls,
    a,
    b: elementId(1, 1),
    request,
    state: () => bound.state(a),
    told: () => told.splice(0),
    advance: (us: number) => host.advance(framework, us),
  };
}

describe('a forceful request', () => {
  it.each([
    [SHUTDOWN, SHUTDOWN, 'shutdown'],
    [COLD_RESET, POWER_UP, 'cold reset'],
    [WARM_RESET, POWER_UP, 'warm reset'],
    [SUSPEND, SUSPEND, 'suspend'],
  ])('for %i is carried out at once and leaves the system in %i', (state, after, word) => {
    const { request, state: now, told, host, power, b } = start();
    expect(request(state)).toBe(Status.SUCCESS);
    expect(now()).toBe(after);
    expect(power.state(b)).toBe(POWER_UP);
    expect(told()).toEqual([`a entered ${state} 1`, `a asked ${state} 0 0 1`]);
    expect(host.logged(LogLevel.INFO)).toContain(`[SYSTEM-POWER] a: ${word}, by agent 1`);
  });

  it('of the platform is logged as such', () => {
    const { request, host } = start();
    request(SHUTDOWN, false, 0, 0);
    expect(host.logged(LogLevel.INFO)).toContain('[SYSTEM-POWER] a: shutdown, by the platform');
  });

  it('drops a graceful one under way', () => {
    const { request, state, told, advance } = start();
    request(SHUTDOWN, true);
    expect(request(COLD_RESET)).toBe(Status.SUCCESS);
    told();
    advance(1_000_000);
    expect(state()).toBe(POWER_UP);
    expect(told()).toEqual([]);
  });
});

describe('a graceful request', () => {
  it('is told at once and carried out when its time is over', () => {
    const { request, state, told, advance, host } = start();
    expect(request(SHUTDOWN, true, 5000, 2)).toBe(Status.SUCCESS);
    expect(told()).toEqual(['a asked 0 1 5000 2']);
    expect(host.logged(LogLevel.INFO)).toContain('[SYSTEM-POWER] a: shutdown is asked for gracefully, by agent 2');
    advance(4999);
    expect(state()).toBe(POWER_UP);
    advance(1);
    expect(state()).toBe(SHUTDOWN);
    expect(told()).toEqual(['a entered 0 2']);
  });

  it('has the time of its system unless it gives one', () => {
    const { request, state, told, advance } = start({ gracefulTimeout: 7000 });
    request(SUSPEND, true);
    expect(told()).toEqual(['a asked 4 1 7000 1']);
    advance(7000);
    expect(state()).toBe(SUSPEND);
  });

  it('is one at a time for each system', () => {
    const { request, advance, b } = start();
    request(SHUTDOWN, true);
    expect(request(COLD_RESET, true)).toBe(Status.E_BUSY);
    expect(request(POWER_UP)).toBe(Status.E_BUSY);
    expect(request(COLD_RESET, true, 0, 1, b)).toBe(Status.SUCCESS);
    advance(10_000);
    expect(request(COLD_RESET, true)).toBe(Status.SUCCESS);
  });
});

describe('power up', () => {
  it('brings a system back, and is told to nobody', () => {
    const { request, state, told } = start();
    for (const down of [SHUTDOWN, SUSPEND] as const) {
      request(down);
      told();
      expect(request(POWER_UP, true)).toBe(Status.SUCCESS);
      expect(state()).toBe(POWER_UP);
      expect(told()).toEqual(['a entered 3 1']);
    }
  });

  it('of a system that is up is nothing', () => {
    const { request, told } = start();
    expect(request(POWER_UP)).toBe(Status.SUCCESS);
    expect(told()).toEqual([]);
  });

  it('is noted when an agent in the system is heard', () => {
    const { request, power, a, state } = start();
    request(SHUTDOWN);
    power.seenUp(a);
    expect(state()).toBe(POWER_UP);
  });
});

describe('what a system does not have', () => {
  it.each([
    [{ warmReset: false }, WARM_RESET],
    [{ suspend: false }, SUSPEND],
  ])('%j is refused', (config, state) => {
    const { request, power, a, b, told } = start(config);
    for (const isGraceful of [false, true]) expect(request(state, isGraceful)).toBe(Status.E_SUPPORT);
    expect(told()).toEqual([]);
    expect([power.supports(a, state), power.supports(b, state), power.supports(a, COLD_RESET)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('nor can anything be asked of a system that is not there', () => {
    const { request, power } = start();
    expect(request(SHUTDOWN, false, 0, 1, elementId(1, 2))).toBe(Status.E_PARAM);
    expect(request(SHUTDOWN, false, 0, 1, elementId(2, 0))).toBe(Status.E_PARAM);
    expect(power.supports(elementId(1, 2), SHUTDOWN)).toBe(false);
  });
});

describe('a driver', () => {
  it('carries out what is asked, when its time has come', () => {
    const { request, calls, advance } = start({}, true);
    request(COLD_RESET);
    request(SHUTDOWN, true, 100_000);
    expect(calls).toEqual([COLD_RESET]);
    advance(100_000);
    request(POWER_UP);
    expect(calls).toEqual([COLD_RESET, SHUTDOWN, POWER_UP]);
  });

  it('that fails leaves the system as it was, and a graceful request under way', () => {
    const { request, driver, state, told, host, advance } = start({}, true);
    request(SUSPEND, true, 100_000);
    told();
    driver.answer = Status.E_DEVICE;
    expect(request(SHUTDOWN)).toBe(Status.E_DEVICE);
    expect(state()).toBe(POWER_UP);
    expect(told()).toEqual([]);
    advance(100_000);
    expect(state()).toBe(POWER_UP);
    expect(host.logged()).toEqual(['[SYSTEM-POWER] a: suspend fails: E_DEVICE']);
  });
});

describe('a schedule', () => {
  const shutdown = { request: 'shutdown', graceful: true, from: 'start', after: 5_000_000 } as const;

  it('asks for what it says, when it says', () => {
    const { told, advance, state } = start({ schedule: [{ ...shutdown, timeout: 2_000_000 }] });
    advance(4_999_999);
    expect(told()).toEqual([]);
    advance(1);
    expect(told()).toEqual(['a asked 0 1 2000000 0']);
    advance(2_000_000);
    expect(state()).toBe(SHUTDOWN);
    expect(told()).toEqual(['a entered 0 0']);
  });

  it('goes on entry by entry, graceful or forceful', () => {
    const { told, advance } = start({
      schedule: [
        { ...shutdown, request: 'suspend', after: 0 },
        { ...shutdown, request: 'warm-reset', graceful: false, after: 20_000 },
        { ...shutdown, request: 'cold-reset', after: 30_000 },
      ],
    });
    advance(50_000);
    expect(told()).toEqual([
      'a asked 4 1 10000 0',
      'a entered 4 0',
      'a entered 2 0',
      'a asked 2 0 0 0',
      'a asked 1 1 10000 0',
      'a entered 1 0',
    ]);
  });

  it('counts from when an agent listens, each time', () => {
    const { told, advance, power, a } = start({
      schedule: [{ ...shutdown, from: 'agent', graceful: false, after: 100 }],
    });
    advance(1_000_000);
    expect(told()).toEqual([]);
    for (const _time of [1, 2]) {
      power.listens(a);
      advance(99);
      expect(told()).toEqual([]);
      advance(1);
      expect(told()).toEqual(['a entered 0 0', 'a asked 0 0 0 0']);
    }
  });

  it('that comes while a graceful request is under way is told in the log', () => {
    const { host, advance } = start({
      schedule: [
        { ...shutdown, after: 0 },
        { ...shutdown, after: 100 },
      ],
    });
    advance(100);
    expect(host.logged()).toEqual(['[SYSTEM-POWER] a: shutdown fails: E_BUSY']);
  });

  it.each([
    ['warm-reset', { warmReset: false }],
    ['suspend', { suspend: false }],
  ] as const)('that asks for a %s that the system does not have is refused', (request, config) => {
    const schedule = [{ ...shutdown, request }];
    const message = `the schedule of system a has a ${request}, which it can’t do`;
    expect(() => start({ ...config, schedule })).toThrow(message);
    expect(schema.check({}, [{ name: 'a', config: { ...DEFAULTS, ...config, schedule } }])).toEqual([
      { path: ['elements', 'a', 'schedule'], message },
    ]);
    expect(schema.check({}, [{ name: 'a', config: { ...DEFAULTS, schedule } }])).toEqual([]);
  });

  it('ends with the firmware', () => {
    const { framework, told, advance } = start({ schedule: [shutdown] });
    framework.stop();
    advance(10_000_000);
    expect(told()).toEqual([]);
  });
});

describe('the log', () => {
  it('is limited', () => {
    const { request, host } = start();
    for (let times = 0; times < 50; times++) request(COLD_RESET);
    expect(host.logged(LogLevel.INFO).filter(line => line.includes('cold reset'))).toHaveLength(10);
  });
});
