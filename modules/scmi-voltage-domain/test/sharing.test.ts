// SPDX-License-Identifier: BSD-3-Clause
/** Domains that several agents have: the mode of all votes, the level of the last, and what is left of a reset agent. */
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { FakeSupply } from '@scp/voltage-domain/testing';
import { type Setup, VoltageServer } from './domains.ts';

const [OFF, ON] = [0x0, 0x7];

const shared = (setup: Partial<Setup> = {}) =>
  new VoltageServer({
    domains: { a: { levels: [1, 2, 3], modes: [8, 9] } },
    agents: { ospm0: ['a'], ospm1: ['a'], ospm2: ['a'] },
    ...setup,
  });

/** What each agent votes in turn, and the mode afterwards. */
type Step = readonly [agent: 0 | 1 | 2, vote: number, mode: number];

const play = (server: VoltageServer, steps: readonly Step[]) => {
  for (const [agent, vote, mode] of steps) {
    expect(server.status(`ospm${agent}`, 'configSet', 0, vote)).toBe(0);
    expect([0, 1, 2].map(other => server.mode(`ospm${other}`, 0))).toEqual([mode, mode, mode]);
  }
};

describe('the mode', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'is on while any agent wants it so',
      [
        [0, ON, ON],
        [1, ON, ON],
        [0, OFF, ON],
        [1, OFF, OFF],
      ],
    ],
    [
      'counts an agent once',
      [
        [0, ON, ON],
        [0, ON, ON],
        [0, OFF, OFF],
        [0, OFF, OFF],
        [1, OFF, OFF],
        [0, ON, ON],
      ],
    ],
    [
      'is the highest of all',
      [
        [0, ON, ON],
        [1, 8, 8],
        [2, 9, 9],
        [1, OFF, 9],
        [2, OFF, ON],
        [0, OFF, OFF],
      ],
    ],
    [
      'is not of those who have not voted',
      [
        [0, OFF, OFF],
        [1, ON, ON],
        [1, OFF, OFF],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared(), steps);
  });

  it('is that of the start until somebody votes', () => {
    const server = shared({ domains: { a: { levels: [1, 2], on: true } } });
    expect(server.mode('ospm1', 0)).toBe(ON);
    play(server, [[0, OFF, OFF]]);
  });

  it('keeps a vote that was refused out', () => {
    const fake = new FakeSupply({ levels: { kind: 'list', list: [1, 2] } });
    const server = shared({ domains: { a: { fake } } });
    fake.status = Status.E_DEVICE;
    expect(server.status('ospm0', 'configSet', 0, ON)).toBe(-9);
    fake.status = Status.SUCCESS;
    play(server, [
      [1, ON, ON],
      [1, OFF, OFF],
    ]);
  });

  it('is not set again when a vote changes nothing', () => {
    const fake = new FakeSupply({ levels: { kind: 'list', list: [1, 2] } });
    const server = shared({ domains: { a: { fake } } });
    play(server, [
      [0, ON, ON],
      [1, ON, ON],
      [0, OFF, ON],
      [1, OFF, OFF],
    ]);
    expect(fake.taken()).toEqual(['mode 7', 'mode 0']);
  });
});

describe('the level', () => {
  it('is that of the last who set it, for all', () => {
    const server = shared();
    for (const [agent, level] of [
      [0, 3],
      [1, 2],
      [0, 1],
    ] as const) {
      expect(server.status(`ospm${agent}`, 'levelSet', 0, 0, level)).toBe(0);
      expect([0, 1, 2].map(other => server.level(`ospm${other}`, 0))).toEqual([level, level, level]);
    }
  });
});

describe('permissions', () => {
  const restricted = () =>
    shared({
      agents: {
        ospm0: ['a'],
        ospm1: [{ domain: 'a', mode: false }],
        ospm2: [{ domain: 'a', level: false }],
      },
    });

  it('of the product let an agent set the one and not the other', () => {
    const server = restricted();
    expect(server.status('ospm1', 'configSet', 0, ON)).toBe(-3);
    expect(server.status('ospm1', 'levelSet', 0, 0, 2)).toBe(0);
    expect(server.status('ospm2', 'configSet', 0, ON)).toBe(0);
    expect(server.status('ospm2', 'levelSet', 0, 0, 3)).toBe(-3);
    expect([server.mode('ospm1', 0), server.level('ospm2', 0)]).toEqual([ON, 2]);
  });

  it('come after what is wrong with the command, and before the level', () => {
    const server = restricted();
    expect(server.status('ospm1', 'configSet', 0, 1)).toBe(-2);
    expect(server.status('ospm2', 'levelSet', 0, 2, 3)).toBe(-2);
    expect(server.status('ospm2', 'levelSet', 0, 1, 3)).toBe(-1);
    expect(server.status('ospm2', 'levelSet', 0, 0, 99)).toBe(-3);
  });

  it('of devices deny every command', () => {
    const server = shared({
      domains: { a: { levels: [1, 2] }, b: { levels: [1, 2] } },
      agents: { ospm0: ['a'], ospm1: ['b', 'a'] },
      devices: [['a']],
    });
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]).status).toBe(0);
    for (const [key, ...rest] of [
      ['domainAttributes'],
      ['describeLevels', 9],
      ['configSet', ON],
      ['configGet'],
      ['levelSet', 0, 9],
      ['levelGet'],
      ['nameGet'],
    ] as const) {
      expect([key, server.status('ospm1', key, 1, ...rest)]).toEqual([key, -3]);
    }
    expect(server.status('ospm1', 'configSet', 0, ON)).toBe(0);
    expect(server.status('ospm0', 'configSet', 0, ON)).toBe(0);
  });
});

describe('what is left of an agent that is reset', () => {
  it('is the mode of the others’ votes', () => {
    const server = shared();
    play(server, [
      [0, 9, 9],
      [1, ON, 9],
    ]);
    server.disconnect('ospm0');
    expect(server.mode('ospm1', 0)).toBe(ON);
    server.disconnect('ospm1');
    expect(server.mode('ospm1', 0)).toBe(OFF);
  });

  it('is the mode of the start when nobody else has voted', () => {
    const server = shared({ domains: { a: { levels: [1, 2], on: true } } });
    play(server, [[0, OFF, OFF]]);
    server.disconnect('ospm0');
    expect(server.mode('ospm1', 0)).toBe(ON);
  });

  it('is the level', () => {
    const server = shared();
    server.status('ospm0', 'levelSet', 0, 0, 3);
    server.disconnect('ospm0');
    expect(server.level('ospm1', 0)).toBe(3);
  });

  it('is the same after RESET_AGENT_CONFIGURATION', () => {
    const server = shared();
    play(server, [[1, ON, ON]]);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect(server.mode('ospm0', 0)).toBe(OFF);
  });

  it('is a mode that follows when the driver is free again', () => {
    const fake = new FakeSupply({ levels: { kind: 'list', list: [1, 2] } });
    const server = shared({ domains: { a: { fake } } });
    play(server, [[0, ON, ON]]);
    fake.status = Status.PENDING;
    expect(server.hal.setLevel(server.domainId('a'), 2)).toBe(Status.PENDING);
    server.disconnect('ospm0');
    fake.taken();
    server.advance(5000);
    expect(fake.taken()).toEqual([]);
    fake.status = Status.SUCCESS;
    fake.finish();
    server.advance(1000);
    expect(fake.taken()).toEqual(['mode 0']);
  });

  it('is told in the log when a driver does not let a mode follow', () => {
    const fake = new FakeSupply({ levels: { kind: 'list', list: [1, 2] } });
    const server = shared({ domains: { a: { fake } } });
    play(server, [[0, ON, ON]]);
    fake.status = Status.E_DEVICE;
    server.disconnect('ospm0');
    expect(server.host.logged()).toEqual(['[SCMI-VOLTAGE] a does not follow the votes: E_DEVICE']);
  });
});

describe('a configuration', () => {
  it.each([
    ['an agent that is not there', { agents: { nobody: ['a'] } }, 'no agent is called nobody'],
    ['a domain twice', { agents: { ospm0: ['a', 'a'] } }, 'lists its resource 1 twice'],
  ])('is refused with %s', (_what, setup, text) => {
    expect(() => shared(setup)).toThrow(text);
  });
});
