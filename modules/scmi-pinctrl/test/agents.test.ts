// SPDX-License-Identifier: BSD-3-Clause
/** Pins that several agents see: whose they are, who may change them, and what is left of an agent that is reset. */
import { Status } from '@scp/framework';
import { FakePinctrlDriver } from '@scp/pinctrl/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { PinctrlServer, type Setup } from './pins.ts';

const PLAN: Setup['plan'] = {
  pins: { tx: [0, 4], rx: [0, 5], led: [0, 7], key: [1, 0] },
  groups: { uart_grp: ['tx', 'rx'], led_grp: ['led'] },
  functions: { uart: [1, 'uart_grp'], pwm: [2, 'led_grp', 'uart_grp'] },
};

/** To ospm0 ids are as in the plan; to ospm1 the other way round. */
const AGENTS: NonNullable<Setup['agents']> = {
  ospm0: { pins: ['tx', 'rx', 'led', 'key'], groups: ['uart_grp', 'led_grp'], functions: ['uart', 'pwm'] },
  ospm1: { pins: ['key', 'led', 'rx', 'tx'], groups: ['led_grp', 'uart_grp'], functions: ['pwm', 'uart'] },
};

const make = (setup: Partial<Setup> = {}) => new PinctrlServer({ plan: PLAN, agents: AGENTS, ...setup });

const [PIN, GROUP] = [0, 1];
const [SUCCESS, IN_USE, NOT_OWNED, DENIED, BUSY] = [0, -11, -2, -3, -6];

describe('ownership', () => {
  it('is of pins, under whatever ids', () => {
    const server = make();
    for (const _again of [1, 2]) expect(server.status('ospm0', 'request', 1, PIN)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 2, PIN)).toBe(IN_USE);
    expect(server.status('ospm1', 'request', 1, PIN)).toBe(SUCCESS);
    expect(server.status('ospm1', 'release', 2, PIN)).toBe(NOT_OWNED);
    expect(server.status('ospm0', 'release', 1, PIN)).toBe(SUCCESS);
    expect(server.status('ospm0', 'release', 1, PIN)).toBe(NOT_OWNED);
    expect(server.status('ospm1', 'request', 2, PIN)).toBe(SUCCESS);
  });

  it('of a group is that of its pins', () => {
    const server = make();
    expect(server.status('ospm0', 'request', 1, PIN)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 1, GROUP)).toBe(IN_USE);
    expect(server.status('ospm1', 'request', 3, PIN)).toBe(SUCCESS);
    expect(server.status('ospm1', 'release', 3, PIN)).toBe(SUCCESS);
    expect(server.status('ospm0', 'release', 0, GROUP)).toBe(NOT_OWNED);
    expect(server.status('ospm0', 'request', 0, GROUP)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 3, PIN)).toBe(IN_USE);
    expect(server.status('ospm0', 'release', 0, PIN)).toBe(SUCCESS);
    expect(server.status('ospm0', 'release', 0, GROUP)).toBe(NOT_OWNED);
    expect(server.status('ospm0', 'release', 1, PIN)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 1, GROUP)).toBe(SUCCESS);
  });

  it('keeps others from changes, also through a group; reading is free', () => {
    const server = make();
    expect(server.configure('ospm1', [GROUP, 1], [[10, 4]], 1)).toBe(SUCCESS);
    server.status('ospm0', 'request', 1, PIN);
    const before = server.state('rx');
    expect(server.configure('ospm1', [PIN, 2], [[10, 8]])).toBe(IN_USE);
    expect(server.configure('ospm1', [GROUP, 1], [[10, 8]])).toBe(IN_USE);
    expect(server.configure('ospm1', [GROUP, 1], [], 0)).toBe(IN_USE);
    expect([server.state('rx'), server.state('tx')]).toEqual([before, before]);
    expect(server.configure('ospm1', [PIN, 3], [[10, 8]])).toBe(SUCCESS);
    expect(server.configure('ospm0', [GROUP, 0], [[10, 9]])).toBe(SUCCESS);
    expect(server.pinctrl('ospm1', 'settingsGet', 2, 10)).toMatchObject({
      status: SUCCESS,
      values: { functionSelected: 1, configs: [{ type: 10, value: 9 }] },
    });
    expect(server.status('ospm1', 'pinctrlAttributes', 2, PIN)).toBe(SUCCESS);
  });

  it('comes after what is wrong with the command', () => {
    const server = make();
    server.status('ospm0', 'request', 1, PIN);
    expect(server.configure('ospm1', [PIN, 2], [[192, 1]])).toBe(-1);
    expect(server.configure('ospm1', [PIN, 2], [[17, 2]])).toBe(-2);
    expect(server.configure('ospm1', [PIN, 2], [])).toBe(-2);
  });
});

describe('permissions', () => {
  const agents: Setup['agents'] = {
    ospm0: { pins: ['tx', 'rx', 'led'], groups: ['uart_grp', 'led_grp'], functions: ['uart', 'pwm'] },
    ospm1: {
      pins: ['led', { pin: 'rx', configure: false }, { pin: 'tx', configure: true }],
      groups: ['uart_grp', 'led_grp'],
      functions: ['uart', 'pwm'],
    },
  };

  it('of the product let an agent see a pin, and not change it, nor a group with it', () => {
    const server = make({ agents });
    for (const target of [
      [PIN, 1],
      [GROUP, 0],
    ] as const) {
      expect(server.configure('ospm1', target, [[10, 8]])).toBe(DENIED);
      for (const key of ['request', 'release']) {
        expect(server.status('ospm1', key, target[1], target[0])).toBe(DENIED);
      }
      expect(server.status('ospm1', 'settingsGet', target[1], (target[0] << 16) | 10)).toBe(SUCCESS);
      for (const key of ['pinctrlAttributes', 'nameGet']) {
        expect(server.status('ospm1', key, target[1], target[0])).toBe(SUCCESS);
      }
    }
    expect(server.configure('ospm1', [PIN, 2], [[10, 8]])).toBe(SUCCESS);
    expect(server.configure('ospm1', [GROUP, 1], [], 1)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 1, GROUP)).toBe(SUCCESS);
    expect(server.value('rx', 10)).toBe(0);
  });

  it('come after settings that are not there, and before values and owners', () => {
    const server = make({ agents });
    server.status('ospm0', 'request', 1, PIN);
    expect(server.configure('ospm1', [PIN, 1], [[192, 1]])).toBe(-1);
    expect(server.configure('ospm1', [PIN, 1], [[17, 2]])).toBe(DENIED);
    expect(server.configure('ospm1', [PIN, 1], [[17, 1]])).toBe(DENIED);
    expect(server.status('ospm1', 'request', 1, PIN)).toBe(DENIED);
  });

  it('of devices deny every command, of a group by each of its pins', () => {
    const server = make({ devices: [['rx'], ['pwm']] });
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]).status).toBe(SUCCESS);
    for (const [selector, id] of [
      [PIN, 2],
      [GROUP, 1],
    ] as const) {
      for (const key of ['pinctrlAttributes', 'nameGet', 'request', 'release']) {
        expect([key, server.status('ospm1', key, id, selector)]).toEqual([key, DENIED]);
      }
      expect(server.status('ospm1', 'settingsGet', id, (selector << 16) | 10)).toBe(DENIED);
      expect(server.configure('ospm1', [selector, id], [[10, 8]])).toBe(DENIED);
    }
    expect(server.status('ospm1', 'listAssociations', 1, GROUP, 0)).toBe(DENIED);
    expect(server.configure('ospm1', [GROUP, 0], [], 0)).toBe(SUCCESS);
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 1, 0]).status).toBe(SUCCESS);
    expect(server.configure('ospm1', [GROUP, 0], [], 0)).toBe(DENIED);
    expect(server.status('ospm1', 'listAssociations', 0, 2, 0)).toBe(DENIED);
    expect(server.configure('ospm1', [GROUP, 0], [[10, 8]])).toBe(SUCCESS);
    expect(server.configure('ospm0', [GROUP, 0], [], 1)).toBe(SUCCESS);
  });
});

describe('what is left of an agent that is reset', () => {
  it('are its settings, and none of its pins', () => {
    const server = make();
    server.status('ospm0', 'request', 0, GROUP);
    server.status('ospm1', 'request', 0, PIN);
    server.configure('ospm0', [GROUP, 0], [[10, 8]], 0);
    server.disconnect('ospm0');
    expect(server.state('tx')).toEqual(['uart', [10, 8]]);
    expect(server.status('ospm1', 'request', 1, GROUP)).toBe(SUCCESS);
    expect(server.status('ospm0', 'request', 3, PIN)).toBe(IN_USE);
  });

  it('is the same after RESET_AGENT_CONFIGURATION', () => {
    const server = make();
    server.status('ospm1', 'request', 1, GROUP);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(SUCCESS);
    expect(server.status('ospm0', 'request', 0, GROUP)).toBe(SUCCESS);
  });

  it('follows random requests as a model does', () => {
    const server = make();
    const pins = ['tx', 'rx', 'led', 'key'];
    const owners = new Map<string, string>();
    let seed = 7;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % limit;
    };
    const idOf = (agent: string, pin: string) => (agent === 'ospm0' ? pins.indexOf(pin) : 3 - pins.indexOf(pin));
    for (let step = 0; step < 2000; step++) {
      const agent = `ospm${random(2)}`;
      const isGroup = random(3) === 0;
      const pin = pins[random(4)] ?? '';
      const members = isGroup ? ['tx', 'rx'] : [pin];
      const target = isGroup ? [agent === 'ospm0' ? 0 : 1, GROUP] : [idOf(agent, pin), PIN];
      const isOthers = members.some(one => owners.has(one) && owners.get(one) !== agent);
      switch (random(8)) {
        case 0:
          server.disconnect(agent);
          for (const one of pins) if (owners.get(one) === agent) owners.delete(one);
          break;
        case 1:
        case 2:
        case 3:
          expect(server.status(agent, 'request', ...target)).toBe(isOthers ? IN_USE : SUCCESS);
          if (!isOthers) for (const one of members) owners.set(one, agent);
          break;
        case 4:
        case 5: {
          const isOwner = members.every(one => owners.get(one) === agent);
          expect(server.status(agent, 'release', ...target)).toBe(isOwner ? SUCCESS : NOT_OWNED);
          if (isOwner) for (const one of members) owners.delete(one);
          break;
        }
        default:
          expect(server.configure(agent, [isGroup ? GROUP : PIN, target[0] ?? 0], [[10, step]])).toBe(
            isOthers ? IN_USE : SUCCESS,
          );
      }
    }
  });
});

describe('a change that takes time', () => {
  const slow = () => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    const server = make({ driver });
    driver.answer = Status.PENDING;
    const finish = (status: Status = Status.SUCCESS) => {
      driver.complete(server.controllerId(0), status);
      server.framework.run();
    };
    return { driver, server, finish };
  };

  it.each([
    ['a pin', PIN, 0, 'soc [4] 10=8'],
    ['a group', GROUP, 0, 'soc [4,5] 10=8'],
  ])('is answered when it is done: %s', (_what, selector, id, call) => {
    const { driver, server, finish } = slow();
    server.begin('ospm0', selector, id, [[10, 8]]);
    expect(server.end('ospm0')).toBeUndefined();
    expect(driver.taken()).toEqual([call]);
    finish();
    expect(server.end('ospm0')).toBe(SUCCESS);
    server.begin('ospm0', selector, id, [[10, 8]]);
    finish(Status.E_DEVICE);
    expect(server.end('ospm0')).toBe(-9);
  });

  it('keeps others off its controller, not off others, nor from reading and owning', () => {
    const { driver, server, finish } = slow();
    server.begin('ospm0', GROUP, 0, [[10, 8]]);
    expect(server.configure('ospm1', [GROUP, 1], [[10, 8]])).toBe(BUSY);
    expect(server.configure('ospm1', [PIN, 1], [[10, 8]])).toBe(BUSY);
    expect(server.configure('ospm1', [PIN, 1], [[17, 8]])).toBe(-2);
    expect(server.status('ospm1', 'settingsGet', 3, 10)).toBe(SUCCESS);
    expect(server.status('ospm1', 'request', 1, PIN)).toBe(SUCCESS);
    driver.answer = Status.SUCCESS;
    expect(server.configure('ospm1', [PIN, 0], [[10, 8]])).toBe(SUCCESS);
    finish();
    expect(server.end('ospm0')).toBe(SUCCESS);
    expect(server.configure('ospm1', [PIN, 1], [[10, 8]])).toBe(SUCCESS);
  });

  it('is not answered to an agent that was reset meanwhile, and done all the same', () => {
    const { server, driver, finish } = slow();
    server.begin('ospm0', GROUP, 0, [[10, 8]]);
    server.disconnect('ospm0');
    expect(server.configure('ospm0', [PIN, 2], [[10, 8]])).toBe(BUSY);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    driver.answer = Status.SUCCESS;
    expect(server.configure('ospm0', [PIN, 2], [[10, 8]])).toBe(SUCCESS);
  });

  it('is answered when another agent resets the configuration of its sender', () => {
    const { server, finish } = slow();
    server.begin('ospm1', GROUP, 1, [[10, 8]]);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(SUCCESS);
    finish();
    expect(server.end('ospm1')).toBe(SUCCESS);
  });

  it('is in force when the mock has taken its time', () => {
    const server = make({ controller: { delay: 500 } });
    server.begin('ospm0', GROUP, 0, [[10, 8]], 0);
    server.advance(499);
    expect([server.end('ospm0'), server.state('tx')]).toEqual([undefined, ['none']]);
    server.advance(1);
    expect([server.end('ospm0'), server.state('tx')]).toEqual([SUCCESS, ['uart', [10, 8]]]);
  });
});
