// SPDX-License-Identifier: BSD-3-Clause
/** What agents share and what each has for itself: ids, votes, permissions, parents. */
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { FakeDriver } from '@scp/clock/testing';
import { ClockServer } from './clocks.ts';

const OFF = 0;
const ON = 1;

describe('two agents that share a clock', () => {
  const shared = (on: boolean) =>
    new ClockServer({
      clocks: { a: { fixed: 1 }, b: { fixed: 2, on } },
      agents: { ospm0: ['a', 'b'], ospm1: ['b'], ospm2: ['b', 'a'] },
    });
  /** By agent: its id of clock b. */
  const ID = { ospm0: 1, ospm1: 0, ospm2: 0 } as const;
  type Agent = keyof typeof ID;
  const set = (server: ClockServer, agent: Agent, state: number) => server.status(agent, 'configSet', ID[agent], state);

  it('see it under their own ids', () => {
    const server = shared(true);
    expect([server.rate('ospm0', 1), server.rate('ospm1', 0), server.rate('ospm2', 0)]).toEqual([2, 2, 2]);
    expect(server.status('ospm1', 'rateGet', 1)).toBe(-4);
  });

  it.each<[boolean, [Agent, number][], boolean]>([
    [false, [], false],
    [true, [], true],
    [false, [['ospm0', ON]], true],
    [true, [['ospm0', OFF]], false],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', OFF],
      ],
      true,
    ],
    [
      false,
      [
        ['ospm1', OFF],
        ['ospm0', ON],
      ],
      true,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', ON],
        ['ospm0', OFF],
      ],
      true,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', ON],
        ['ospm0', OFF],
        ['ospm1', OFF],
      ],
      false,
    ],
    [
      true,
      [
        ['ospm0', OFF],
        ['ospm1', ON],
        ['ospm2', OFF],
      ],
      true,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm0', ON],
        ['ospm0', OFF],
      ],
      false,
    ],
    [
      true,
      [
        ['ospm0', OFF],
        ['ospm0', OFF],
        ['ospm0', ON],
      ],
      true,
    ],
  ])('starting %s, after the votes %j, it is enabled: %s', (on, votes, enabled) => {
    const server = shared(on);
    for (const [agent, state] of votes) expect(set(server, agent, state)).toBe(0);
    for (const agent of ['ospm0', 'ospm1', 'ospm2'] as const) {
      expect(server.isEnabled(agent, ID[agent])).toBe(enabled);
      expect(server.value(agent, 'configGet', 'config', ID[agent], 0)).toBe(enabled ? 1 : 0);
    }
    expect(server.isEnabled('ospm0', 0)).toBe(false);
  });

  it.each<[boolean, boolean, boolean]>([
    // At the start, after ospm0 is reset with ospm1 voting OFF, after both are reset.
    [false, false, false],
    [true, false, true],
  ])('started %s: a reset takes back one agent’s vote: %s, then the last: %s', (on, one, both) => {
    const server = shared(on);
    set(server, 'ospm0', ON);
    set(server, 'ospm1', OFF);
    expect(server.isEnabled('ospm1', 0)).toBe(true);
    server.disconnect('ospm0');
    expect(server.isEnabled('ospm1', 0)).toBe(one);
    expect(server.command('ospm1', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect(server.isEnabled('ospm1', 0)).toBe(both);
  });

  it('share its rate: the last one to set it wins', () => {
    const server = new ClockServer({
      clocks: { a: { rates: [1, 2, 3] } },
      agents: { ospm0: ['a'], ospm1: ['a'] },
    });
    server.status('ospm0', 'rateSet', 0, 0, 2, 0);
    server.status('ospm1', 'rateSet', 0, 0, 3, 0);
    expect(server.rate('ospm0', 0)).toBe(3);
  });
});

describe('a parent', () => {
  it('that runs for its children is reported as it is, whatever agents vote', () => {
    const server = new ClockServer({ clocks: { child: { parents: ['parent'], divider: 1 }, parent: { fixed: 8 } } });
    server.status('ospm0', 'configSet', 0, ON);
    expect(server.isEnabled('ospm0', 1)).toBe(true);
    expect(server.status('ospm0', 'configSet', 1, OFF)).toBe(0);
    expect(server.isEnabled('ospm0', 1)).toBe(true);
    server.status('ospm0', 'configSet', 0, OFF);
    expect(server.isEnabled('ospm0', 1)).toBe(false);
  });

  const mux = () =>
    new ClockServer({
      clocks: { a: { fixed: 10 }, b: { fixed: 20 }, c: { fixed: 30 }, mux: { parents: ['a', 'b', 'c'], divider: 1 } },
      agents: { ospm0: ['c', 'mux', 'a', 'b'], ospm1: ['mux', 'b'], ospm2: ['mux'] },
    });

  it('is known to each agent by its own id, in ascending order', () => {
    const server = mux();
    expect(server.exchange('ospm0', '0c500000 01000000 00000000')).toBe(
      '0c500000 00000000 03000000 00000000 02000000 03000000',
    );
    expect(server.exchange('ospm1', '0c500000 00000000 00000000')).toBe('0c500000 00000000 01000000 01000000');
    expect(server.status('ospm0', 'parentSet', 1, 0)).toBe(0);
    expect(server.rate('ospm0', 1)).toBe(30);
    expect(server.status('ospm1', 'parentSet', 0, 1)).toBe(0);
    expect(server.rate('ospm0', 1)).toBe(20);
    expect(server.value('ospm0', 'parentGet', 'parentId', 1)).toBe(3);
    expect(server.value('ospm1', 'parentGet', 'parentId', 0)).toBe(1);
  });

  it('that the agent does not see is not told', () => {
    expect(mux().status('ospm1', 'parentGet', 0)).toBe(-3);
    const attributes = Number(mux().value('ospm1', 'clockAttributes', 'attributes', 0));
    expect((attributes >>> 28) & 1).toBe(1);
  });

  it('is not there for an agent that sees none', () => {
    const server = mux();
    expect([
      server.status('ospm2', 'parentGet', 0),
      server.status('ospm2', 'parentSet', 0, 0),
      server.status('ospm2', 'possibleParentsGet', 0, 0),
    ]).toEqual([-1, -1, -1]);
    expect(Number(server.value('ospm2', 'clockAttributes', 'attributes', 0)) & (1 << 28)).toBe(0);
  });
});

describe('permissions of the configuration', () => {
  const entries = ['free', { clock: 'no-state', state: false }, { clock: 'no-rate', rate: false }];
  const server = () =>
    new ClockServer({
      clocks: {
        free: { rates: [1, 2] },
        'no-state': { rates: [1, 2] },
        'no-rate': { rates: [1, 2] },
        'no-parent': { parents: ['free', 'no-rate'], divider: 1 },
      },
      agents: { ospm0: [...entries, { clock: 'no-parent', parent: false }], ospm1: ['no-state'] },
    });

  it.each([
    [0, '000000e0', 0, [0, 0, -1]],
    [1, '00000060', 1, [-3, 0, -1]],
    [2, '000000c0', 1, [0, -3, -1]],
    [3, '000000a0', 1, [0, 0, -3]],
  ])('of clock %i are told, and hold', (clock, permissions, restricted, [state, rate, parent]) => {
    const one = server();
    expect(one.exchange('ospm0', `0f500000 0${clock}000000`)).toBe(`0f500000 00000000 ${permissions}`);
    expect((Number(one.value('ospm0', 'clockAttributes', 'attributes', clock)) >>> 1) & 1).toBe(restricted);
    expect(one.status('ospm0', 'configSet', clock, 1)).toBe(state);
    expect(one.status('ospm0', 'rateSet', 0, clock, 1, 0)).toBe(rate);
    expect(one.status('ospm0', 'rateSet', 1, clock, 1, 0)).toBe(rate);
    expect(one.status('ospm0', 'parentSet', clock, 0)).toBe(parent);
    expect(one.isEnabled('ospm0', clock)).toBe(state === 0);
  });

  it('are one agent’s', () => {
    expect(server().exchange('ospm1', '0f500000 00000000')).toBe('0f500000 00000000 000000e0');
    expect(server().status('ospm1', 'configSet', 0, 1)).toBe(0);
  });

  it('come after what is wrong with the command, and before what is wrong with the rate', () => {
    const one = server();
    expect(one.status('ospm0', 'configSet', 1, 0xf)).toBe(-2);
    expect(one.status('ospm0', 'rateSet', 0x10, 2, 1, 0)).toBe(-2);
    expect(one.status('ospm0', 'rateSet', 0, 2, 9, 9)).toBe(-3);
  });
});

describe('permissions of devices', () => {
  const COMMANDS: readonly [string, number[]][] = [
    ['clockAttributes', [0]],
    ['describeRates', [0, 0]],
    ['rateSet', [0, 0, 1, 0]],
    ['rateGet', [0]],
    ['configSet', [0, 1]],
    ['nameGet', [0]],
    ['rateNotify', [0, 1]],
    ['rateChangeRequestedNotify', [0, 1]],
    ['configGet', [0, 0]],
    ['possibleParentsGet', [0, 0]],
    ['parentSet', [0, 1]],
    ['parentGet', [0]],
    ['getPermissions', [0]],
  ];
  const server = () =>
    new ClockServer({
      clocks: { mux: { parents: ['a'], divider: 1 }, a: { rates: [1, 2] } },
      agents: { ospm0: ['mux', 'a'], ospm1: ['mux', 'a'] },
      devices: [['mux']],
    });
  const setDevice = (one: ClockServer, allow: number) =>
    expect(one.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, allow]).status).toBe(0);

  it.each(COMMANDS)('deny %s, and allow it again', (key, payload) => {
    const one = server();
    setDevice(one, 0);
    expect(one.status('ospm1', key, ...payload)).toBe(-3);
    expect(one.status('ospm0', key, ...payload)).toBe(0);
    setDevice(one, 1);
    expect(one.status('ospm1', key, ...payload)).toBe(0);
  });

  it.each(COMMANDS)('leave an unknown clock unknown to %s', (key, payload) => {
    const one = server();
    setDevice(one, 0);
    const unknown = key === 'rateSet' ? [0, 7, 1, 0] : [7, ...payload.slice(1)];
    expect(one.status('ospm1', key, ...unknown)).toBe(-4);
  });

  it('end notifications', () => {
    const one = server();
    one.status('ospm1', 'rateNotify', 0, 1);
    setDevice(one, 0);
    one.status('ospm0', 'rateSet', 0, 1, 2, 0);
    expect(one.rate('ospm0', 0)).toBe(2);
    expect(one.events('ospm1')).toEqual([]);
  });
});

describe('a driver that fails', () => {
  it.each([
    [Status.E_PARAM, -2],
    [Status.E_RANGE, -2],
    [Status.E_SUPPORT, -1],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_NOMEM, -6],
    [Status.E_DEVICE, -9],
    [Status.E_TIMEOUT, -8],
    [Status.E_PWRSTATE, -8],
  ])('with %i is answered with %i, nothing has changed and nothing stays busy', (failure, status) => {
    const driver = new FakeDriver(['a', 'b', 'mux']);
    const server = new ClockServer({ clocks: { a: {}, b: {}, mux: { parents: ['a', 'b'] } }, driver });
    for (const key of ['setRate', 'start', 'setParent', 'getRate']) driver.answers.set(`mux ${key}`, failure);
    const commands: readonly [string, number[]][] = [
      ['rateGet', [2]],
      ['rateSet', [0, 2, 200, 0]],
      ['configSet', [2, 1]],
      ['parentSet', [2, 1]],
    ];
    for (const [key, payload] of commands) expect(server.status('ospm0', key, ...payload)).toBe(status);
    expect(server.isEnabled('ospm0', 0)).toBe(false);
    expect(server.isEnabled('ospm0', 2)).toBe(false);
    expect(server.value('ospm0', 'parentGet', 'parentId', 2)).toBe(0);
    driver.answers.clear();
    for (const [key, payload] of commands) expect(server.status('ospm0', key, ...payload)).toBe(0);
  });

  it('takes no vote from an agent', () => {
    const driver = new FakeDriver(['a']);
    const server = new ClockServer({ clocks: { a: {} }, agents: { ospm0: ['a'], ospm1: ['a'] }, driver });
    driver.answers.set('a start', Status.E_DEVICE);
    expect(server.status('ospm0', 'configSet', 0, 1)).toBe(-9);
    driver.answers.clear();
    expect(server.status('ospm1', 'configSet', 0, 0)).toBe(0);
    expect(server.isEnabled('ospm0', 0)).toBe(false);
  });

  it('after the extended configuration was set: that is undone', () => {
    const driver = new FakeDriver(['a']);
    driver.types = [1];
    const server = new ClockServer({ clocks: { a: {} }, driver });
    server.status('ospm0', 'configSet', 0, 0x10003, 40);
    driver.answers.set('a start', Status.E_DEVICE);
    expect(server.status('ospm0', 'configSet', 0, 0x10001, 60)).toBe(-9);
    expect(server.value('ospm0', 'configGet', 'extendedValue', 0, 1)).toBe(40);
    driver.answers.set('a setExtended', Status.E_RANGE);
    driver.answers.delete('a start');
    expect(server.status('ospm0', 'configSet', 0, 0x10001, 60)).toBe(-2);
    expect(server.isEnabled('ospm0', 0)).toBe(false);
  });

  it('when a reset takes votes back is told in the log, rarely', () => {
    const driver = new FakeDriver(['a']);
    const server = new ClockServer({ clocks: { a: {} }, driver });
    driver.answers.set('a stop', Status.E_DEVICE);
    for (let times = 0; times < 50; times++) {
      server.status('ospm0', 'configSet', 0, 1);
      server.disconnect('ospm0');
    }
    const lines = server.host.logged().filter(line => line.includes('does not follow the votes'));
    expect(lines[0]).toBe('[SCMI-CLOCK] a does not follow the votes on its state: E_DEVICE');
    expect(lines).toHaveLength(10);
  });
});

describe('the configuration', () => {
  const clocks = { a: { fixed: 1 } };
  it.each([
    ['an agent that is not there', { nobody: ['a'] }, 'no agent is called nobody; the agents are ospm0, ospm1, ospm2'],
    ['a clock listed twice', { ospm0: ['a', 'a'] }, 'agent ospm0 lists clock a twice'],
  ])('refuses %s', (_what, agents, text) => {
    expect(() => new ClockServer({ clocks, agents })).toThrow(text);
  });

  it('hides the protocol from an agent without clocks', () => {
    const server = new ClockServer({ clocks, agents: { ospm0: ['a'], ospm1: [] } });
    for (const agent of ['ospm1', 'ospm2']) expect(server.exchange(agent, '00500000')).toBe('00500000 ffffffff');
  });
});
