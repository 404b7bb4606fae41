// SPDX-License-Identifier: BSD-3-Clause
/** Every message at every version, byte by byte, every status, and agents that share a system. */
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { SystemServer } from './systems.ts';

const SHUTDOWN = 0;
const POWER_UP = 3;
const SUSPEND = 4;
const FORCEFUL = 0;
const GRACEFUL = 1;
const OUTSIDE = { system: 'board', view: 'outside' } as const;

describe('the versions', () => {
  it.each([
    [0x10000, '00000100', [0, 1, 2, 3, 4, 5]],
    [0x20000, '00000200', [0, 1, 2, 3, 4, 5]],
    [0x20001, '01000200', [0, 1, 2, 3, 4, 5, 0x10]],
  ] as const)('0x%x is told as %s and has the commands %j', (version, word, ids) => {
    const server = new SystemServer({ version });
    expect(server.exchange('ospm0', '00480000')).toBe(`00480000 00000000 ${word}`);
    const present = Array.from({ length: 0x20 }, (_one, id) => id).filter(
      id => server.status('ospm0', 'messageAttributes', id) === 0,
    );
    expect(present).toEqual(ids);
    expect(server.status('ospm0', 'messageAttributes', 0x103)).toBe(-4);
  });

  it('the newest is offered unless the product says otherwise', () => {
    expect(new SystemServer().exchange('ospm0', '00480000')).toBe('00480000 00000000 01000200');
  });

  it.each([
    [0x10000, '004b0000 00000000 01000000 00000000'],
    [0x20000, '004b0000 00000000 01000000 00000000 e8030000'],
    [0x20001, '004b0000 00000000 01000000 00000000 e8030000'],
  ] as const)('0x%x has its notifier', (version, bytes) => {
    const server = new SystemServer({ version });
    expect(server.exchange('ospm0', '05480000 01000000')).toBe('05480000 00000000');
    server.power.request(server.systemId(), SHUTDOWN, true, 1_000_000, 0);
    server.advance(0);
    expect(server.events('ospm0')).toEqual([bytes]);
  });

  it('are negotiated: an agent that speaks 1.0 has its notifier', () => {
    const server = new SystemServer();
    expect(server.exchange('ospm0', '10480000 00000100')).toBe('10480000 00000000');
    server.status('ospm0', 'stateNotify', 1);
    server.power.request(server.systemId(), SHUTDOWN, true, 0, 0);
    server.advance(0);
    expect(server.events('ospm0')).toEqual(['004b0000 00000000 01000000 00000000']);
    expect(server.exchange('ospm0', '10480000 00000300')).toBe('10480000 ffffffff');
  });
});

describe('message attributes of SYSTEM_POWER_STATE_SET', () => {
  it.each([
    [true, true, '000000c0'],
    [true, false, '00000080'],
    [false, true, '00000040'],
    [false, false, '00000000'],
  ])('tell warm reset %s and suspend %s', (warmReset, suspend, word) => {
    const server = new SystemServer({ systems: { board: { warmReset, suspend } } });
    expect(server.exchange('ospm0', '02480000 03000000')).toBe(`02480000 00000000 ${word}`);
    expect(server.status('ospm0', 'stateSet', FORCEFUL, 2)).toBe(warmReset ? 0 : -1);
    expect(server.status('ospm0', 'stateSet', FORCEFUL, 4)).toBe(suspend ? 0 : -1);
  });
});

describe('SYSTEM_POWER_STATE_SET', () => {
  it.each([
    ['shutdown', '00', 0],
    ['cold reset', '01', 3],
    ['warm reset', '02', 3],
    ['suspend', '04', 4],
  ])('%s, forceful, is carried out at once', (_what, state, after) => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: OUTSIDE } });
    expect(server.exchange('ospm0', `03480400 00000000 ${state}000000`)).toBe('03480400 00000000');
    expect(server.exchange('ospm1', '04480000')).toBe(`04480000 00000000 0${after}000000`);
  });

  it.each([
    ['shutdown', '00', 0],
    ['cold reset', '01', 3],
    ['warm reset', '02', 3],
    ['suspend', '04', 4],
  ])('%s, graceful, is accepted and carried out when its time is over', (_what, state, after) => {
    const server = new SystemServer();
    expect(server.exchange('ospm0', `03480400 01000000 ${state}000000`)).toBe('03480400 00000000');
    server.advance(9_999_999);
    expect(server.state()).toBe(3);
    server.advance(1);
    expect(server.state()).toBe(after);
  });

  it.each([
    ['flag 1', [2, 0], -2],
    ['flag 31', [0x80000000, 0], -2],
    ['flag 1 for power up', [2, 3], -2],
    ['state 5', [0, 5], -2],
    ['state 0x7fffffff', [0, 0x7fffffff], -2],
    ['a vendor’s state', [0, 0x80000000], -1],
    ['a vendor’s state 0xffffffff', [1, 0xffffffff], -1],
    ['power up from inside', [0, 3], -1],
    ['reserved flags before everything', [0xf, 0xffffffff], -2],
  ])('refuses %s', (_what, payload, status) => {
    const server = new SystemServer();
    expect(server.status('ospm0', 'stateSet', ...payload)).toBe(status);
    server.advance(60_000_000);
    expect(server.state()).toBe(POWER_UP);
  });

  it('powers up from outside, whatever the flag', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: OUTSIDE } });
    for (const flags of [FORCEFUL, GRACEFUL]) {
      server.status('ospm1', 'stateSet', FORCEFUL, SUSPEND);
      expect(server.state()).toBe(SUSPEND);
      expect(server.status('ospm1', 'stateSet', flags, POWER_UP)).toBe(0);
      expect(server.state()).toBe(POWER_UP);
    }
    expect(server.status('ospm1', 'stateSet', FORCEFUL, POWER_UP)).toBe(0);
  });

  it('is denied to an agent that may not, after what is wrong and what is not supported', () => {
    const server = new SystemServer({
      systems: { board: { suspend: false } },
      agents: { ospm0: { system: 'board', set: false } },
    });
    const set = (flags: number, state: number) => server.status('ospm0', 'stateSet', flags, state);
    expect([set(2, 0), set(0, 5), set(0, 4), set(0, 3), set(0, 0), set(1, 1)]).toEqual([-2, -2, -1, -1, -3, -3]);
    expect(server.state()).toBe(POWER_UP);
  });

  it('is BUSY while a graceful request is under way, and forceful ends that', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: 'board' } });
    expect(server.status('ospm0', 'stateSet', GRACEFUL, SHUTDOWN)).toBe(0);
    expect(server.status('ospm1', 'stateSet', GRACEFUL, SUSPEND)).toBe(-6);
    expect(server.status('ospm1', 'stateSet', FORCEFUL, 1)).toBe(0);
    server.advance(60_000_000);
    expect(server.state()).toBe(POWER_UP);
  });
});

describe('SYSTEM_POWER_STATE_GET', () => {
  it('is for agents outside', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: OUTSIDE } });
    expect(server.exchange('ospm0', '04480000')).toBe('04480000 ffffffff');
    expect(server.exchange('ospm1', '04480000')).toBe('04480000 00000000 03000000');
  });

  it('tells that a system is up in which an agent is heard', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: OUTSIDE } });
    server.status('ospm1', 'stateSet', FORCEFUL, SHUTDOWN);
    expect(server.exchange('ospm1', '04480000')).toBe('04480000 00000000 00000000');
    server.status('ospm0', 'stateNotify', 1);
    expect(server.exchange('ospm1', '04480000')).toBe('04480000 00000000 03000000');
  });
});

describe('SYSTEM_POWER_STATE_NOTIFIER', () => {
  const three = () => {
    const server = new SystemServer({
      systems: { board: {}, other: {} },
      agents: { ospm0: 'board', ospm1: OUTSIDE, ospm2: 'other' },
    });
    for (const agent of ['ospm0', 'ospm1', 'ospm2']) expect(server.status(agent, 'stateNotify', 1)).toBe(0);
    return server;
  };

  it('goes to the other agents of the system, with who asks', () => {
    const server = three();
    server.status('ospm0', 'stateSet', GRACEFUL, SHUTDOWN);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.events('ospm1')).toEqual(['004b0000 01000000 01000000 00000000 10270000']);
    expect(server.events('ospm2')).toEqual([]);
  });

  it.each([
    [1, '01000000'],
    [2, '02000000'],
    [4, '04000000'],
  ])('has no time for graceful request %i', (state, word) => {
    const server = three();
    server.status('ospm0', 'stateSet', GRACEFUL, state);
    expect(server.events('ospm1')).toEqual([`004b0000 01000000 01000000 ${word} 00000000`]);
  });

  it('tells forceful requests too', () => {
    const server = three();
    server.status('ospm1', 'stateSet', FORCEFUL, 1);
    expect(server.events('ospm0')).toEqual(['004b0000 02000000 00000000 01000000 00000000']);
    expect(server.events('ospm1')).toEqual([]);
  });

  it('tells all of what the platform asks', () => {
    const server = three();
    expect(server.power.request(server.systemId(), SHUTDOWN, true, 1_500_001, 0)).toBe(Status.SUCCESS);
    server.advance(0);
    for (const agent of ['ospm0', 'ospm1']) {
      expect(server.events(agent)).toEqual(['004b0000 00000000 01000000 00000000 dd050000']);
    }
  });

  it('does not tell power up, nor what was refused', () => {
    const server = three();
    server.status('ospm1', 'stateSet', FORCEFUL, POWER_UP);
    server.status('ospm1', 'stateSet', 2, SHUTDOWN);
    server.status('ospm1', 'stateSet', FORCEFUL, 5);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('is off at first, off when turned off, and off after a reset', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: 'board' } });
    const told = () => {
      server.status('ospm0', 'stateSet', FORCEFUL, 1);
      return server.events('ospm1').length;
    };
    expect(told()).toBe(0);
    expect(server.exchange('ospm1', '05480000 01000000')).toBe('05480000 00000000');
    expect(told()).toBe(1);
    expect(server.exchange('ospm1', '05480000 00000000')).toBe('05480000 00000000');
    expect(told()).toBe(0);
    server.status('ospm1', 'stateNotify', 1);
    server.disconnect('ospm1');
    expect(told()).toBe(0);
    server.status('ospm1', 'stateNotify', 1);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect(told()).toBe(0);
  });

  it('comes after the answer to the command, and does not hold it up without a buffer', () => {
    const server = three();
    server.setBuffers('ospm1', false);
    expect(server.status('ospm0', 'stateSet', GRACEFUL, SHUTDOWN)).toBe(0);
    server.setBuffers('ospm1', true);
    expect(server.events('ospm1')).toEqual([]);
  });

  it('of a request whose agent is gone goes on', () => {
    const server = three();
    server.status('ospm0', 'stateSet', GRACEFUL, SHUTDOWN);
    server.disconnect('ospm0');
    server.advance(10_000_000);
    expect(server.state()).toBe(SHUTDOWN);
    expect(server.state('other')).toBe(POWER_UP);
  });
});

describe('a schedule that counts from the agent', () => {
  const scheduled = (view: 'inside' | 'outside') =>
    new SystemServer({
      systems: { board: { schedule: [{ after: 100, from: 'agent', request: 'cold-reset', graceful: false }] } },
      agents: { ospm0: { system: 'board', view } },
    });

  it('starts when notifications are turned on, not again when they are on', () => {
    const server = scheduled('inside');
    server.status('ospm0', 'stateNotify', 1);
    server.advance(60);
    server.status('ospm0', 'stateNotify', 1);
    server.advance(40);
    expect(server.events('ospm0')).toEqual(['004b0000 00000000 00000000 01000000 00000000']);
    server.disconnect('ospm0');
    server.status('ospm0', 'stateNotify', 1);
    server.advance(100);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('takes no notice of agents outside', () => {
    const server = scheduled('outside');
    server.status('ospm0', 'stateNotify', 1);
    server.advance(1000);
    expect(server.events('ospm0')).toEqual([]);
  });
});

describe('permissions of devices', () => {
  it.each([
    ['stateSet', [0, 1]],
    ['stateGet', []],
    ['stateNotify', [1]],
  ] as const)('deny %s, and allow it again', (key, payload) => {
    const server = new SystemServer({ agents: { ospm0: OUTSIDE, ospm1: OUTSIDE }, devices: [['board']] });
    const setDevice = (allow: number) =>
      expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, allow]).status).toBe(0);
    setDevice(0);
    expect(server.status('ospm1', key, ...payload)).toBe(-3);
    expect(server.status('ospm0', key, ...payload)).toBe(0);
    setDevice(1);
    expect(server.status('ospm1', key, ...payload)).toBe(0);
  });

  it('end notifications', () => {
    const server = new SystemServer({ agents: { ospm0: 'board', ospm1: 'board' }, devices: [['board']] });
    server.status('ospm1', 'stateNotify', 1);
    server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]);
    server.status('ospm0', 'stateSet', FORCEFUL, 1);
    expect(server.events('ospm1')).toEqual([]);
  });
});

describe('the configuration', () => {
  it('refuses an agent that is not there', () => {
    expect(() => new SystemServer({ agents: { nobody: 'board' } })).toThrow(
      'no agent is called nobody; the agents are ospm0, ospm1, ospm2',
    );
  });

  it('hides the protocol from an agent without a system', () => {
    expect(new SystemServer().exchange('ospm1', '00480000')).toBe('00480000 ffffffff');
  });
});
