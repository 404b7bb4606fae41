// SPDX-License-Identifier: BSD-3-Clause
/** Domains that several agents have: who may change a line, where it goes, and what is left of an agent that is reset. */
import { Status } from '@scp/framework';
import { ResetOperation } from '@scp/reset-domain/api';
import { FakeResetDriver } from '@scp/reset-domain/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { ResetServer, type Setup } from './domains.ts';

const [DEASSERT, PULSE, ASSERT, PULSE_ASYNC] = [0, 1, 2, 5];

const shared = (setup: Partial<Setup> = {}) =>
  new ResetServer({ domains: { a: {} }, agents: { ospm0: ['a'], ospm1: ['a'], ospm2: ['a'] }, ...setup });

/** What each agent does in turn, and what comes of it: the status, and whether the line is asserted afterwards. */
type Step = readonly [agent: 0 | 1 | 2, flags: number, status: number, line: boolean];

const play = (server: ResetServer, steps: readonly Step[]) => {
  for (const [agent, flags, status, line] of steps) {
    expect([server.reset(`ospm${agent}`, 0, flags), server.isAsserted('a')]).toEqual([status, line]);
  }
};

describe('an exclusive line', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'is kept asserted',
      [
        [0, ASSERT, 0, true],
        [1, DEASSERT, -8, true],
        [1, PULSE, -8, true],
        [1, ASSERT, 0, true],
      ],
    ],
    [
      'is kept released',
      [
        [0, DEASSERT, 0, false],
        [1, ASSERT, -8, false],
        [1, PULSE, -8, false],
        [1, DEASSERT, 0, false],
      ],
    ],
    [
      'is free again when the one that kept it asserted has released it, for those who want it so',
      [
        [0, ASSERT, 0, true],
        [0, DEASSERT, 0, false],
        [1, DEASSERT, 0, false],
        [1, ASSERT, -8, false],
      ],
    ],
    [
      'is its keeper’s to change',
      [
        [0, ASSERT, 0, true],
        [0, DEASSERT, 0, false],
        [0, PULSE, 0, false],
        [0, ASSERT, 0, true],
      ],
    ],
    [
      'is kept by each of several',
      [
        [0, DEASSERT, 0, false],
        [1, DEASSERT, 0, false],
        [0, ASSERT, -8, false],
        [1, ASSERT, -8, false],
      ],
    ],
    [
      'is nobody’s after pulses alone',
      [
        [0, PULSE, 0, false],
        [1, PULSE, 0, false],
        [2, ASSERT, 0, true],
      ],
    ],
    [
      'is released for its keeper by a pulse',
      [
        [0, ASSERT, 0, true],
        [0, PULSE, 0, false],
        [1, ASSERT, -8, false],
        [1, DEASSERT, 0, false],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared(), steps);
  });

  it('refuses without effect: a refused agent keeps nothing', () => {
    const server = shared();
    play(server, [
      [0, DEASSERT, 0, false],
      [1, ASSERT, -8, false],
    ]);
    server.disconnect('ospm0');
    play(server, [[2, ASSERT, 0, true]]);
  });
});

describe('a line by vote', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'is released while any agent wants it so',
      [
        [0, DEASSERT, 0, false],
        [1, DEASSERT, 0, false],
        [0, ASSERT, 0, false],
        [1, ASSERT, 0, true],
      ],
    ],
    [
      'is released for the first who wants it',
      [
        [0, ASSERT, 0, true],
        [1, ASSERT, 0, true],
        [2, DEASSERT, 0, false],
      ],
    ],
    [
      'counts an agent once',
      [
        [0, DEASSERT, 0, false],
        [0, DEASSERT, 0, false],
        [1, DEASSERT, 0, false],
        [1, ASSERT, 0, false],
        [1, ASSERT, 0, false],
        [0, ASSERT, 0, true],
        [0, ASSERT, 0, true],
        [1, DEASSERT, 0, false],
      ],
    ],
    [
      'is not pulsed under another agent',
      [
        [0, DEASSERT, 0, false],
        [1, PULSE, -8, false],
        [0, PULSE, 0, false],
        [0, ASSERT, 0, true],
        [1, PULSE, -8, true],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared({ sharing: 'vote' }), steps);
  });

  it('tells of a reset when the line is asserted, as caused by the last', () => {
    const server = shared({ sharing: 'vote' });
    server.status('ospm2', 'notify', 0, 1);
    play(server, [
      [0, DEASSERT, 0, false],
      [1, DEASSERT, 0, false],
      [0, ASSERT, 0, false],
    ]);
    expect(server.events('ospm2')).toEqual([]);
    play(server, [[1, ASSERT, 0, true]]);
    expect(server.events('ospm2')).toEqual(['005b0000 02000000 00000000 00000000']);
  });
});

describe('permissions', () => {
  it('of the product let an agent see a domain, and not reset it', () => {
    const server = shared({ agents: { ospm0: ['a'], ospm1: [{ domain: 'a', reset: false }] } });
    expect(server.status('ospm1', 'domainAttributes', 0)).toBe(0);
    expect(server.status('ospm1', 'notify', 0, 1)).toBe(0);
    for (const flags of [DEASSERT, PULSE, ASSERT]) expect(server.reset('ospm1', 0, flags)).toBe(-3);
    server.reset('ospm0', 0, PULSE);
    expect(server.events('ospm1')).toEqual(['005b0000 01000000 00000000 00000000']);
  });

  it('come after what is wrong with the command and before what others do', () => {
    const server = shared({ agents: { ospm0: ['a'], ospm1: [{ domain: 'a', reset: false }] } });
    server.reset('ospm0', 0, ASSERT);
    expect(server.reset('ospm1', 0, 8)).toBe(-2);
    expect(server.reset('ospm1', 0, PULSE_ASYNC)).toBe(-1);
    expect(server.reset('ospm1', 0, DEASSERT)).toBe(-3);
  });

  it('of devices deny every command, and notifications', () => {
    const server = shared({
      domains: { a: {}, b: {} },
      agents: { ospm0: ['a'], ospm1: ['b', 'a'] },
      devices: [['a']],
    });
    server.status('ospm1', 'notify', 1, 1);
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]).status).toBe(0);
    expect(server.status('ospm1', 'domainAttributes', 1)).toBe(-3);
    expect(server.status('ospm1', 'nameGet', 1)).toBe(-3);
    expect(server.status('ospm1', 'notify', 1, 0)).toBe(-3);
    expect(server.reset('ospm1', 1, PULSE)).toBe(-3);
    expect(server.reset('ospm1', 0, PULSE)).toBe(0);
    server.reset('ospm0', 0, PULSE);
    expect(server.events('ospm1')).toEqual([]);
  });
});

describe('what is left of an agent that is reset', () => {
  it.each([
    ['asserted', true, DEASSERT, ASSERT],
    ['released', false, ASSERT, DEASSERT],
  ] as const)('is a line as it was at the start: %s', (_what, asserted, away, back) => {
    const server = shared({ domains: { a: { asserted } } });
    play(server, [[0, away, 0, !asserted]]);
    server.disconnect('ospm0');
    expect(server.isAsserted('a')).toBe(asserted);
    play(server, [
      [1, away, 0, !asserted],
      [1, back, 0, asserted],
    ]);
  });

  it('is a line released for those who still want it', () => {
    const server = shared({ sharing: 'vote', domains: { a: { asserted: true } } });
    play(server, [
      [0, DEASSERT, 0, false],
      [1, DEASSERT, 0, false],
    ]);
    server.disconnect('ospm0');
    expect(server.isAsserted('a')).toBe(false);
    server.disconnect('ospm1');
    expect(server.isAsserted('a')).toBe(true);
  });

  it('is a pulse’s outcome, which is everyone’s', () => {
    const server = shared({ domains: { a: { asserted: true } } });
    play(server, [
      [1, PULSE, 0, false],
      [0, DEASSERT, 0, false],
    ]);
    server.disconnect('ospm0');
    expect(server.isAsserted('a')).toBe(false);
  });

  it('are no subscriptions, and nothing of others', () => {
    const server = shared();
    for (const agent of ['ospm0', 'ospm1']) server.status(agent, 'notify', 0, 1);
    server.disconnect('ospm0');
    server.reset('ospm1', 0, PULSE);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.events('ospm1')).toHaveLength(1);
  });

  it('tells of the reset that follows from it as the platform’s', () => {
    const server = shared({ domains: { a: { asserted: true } } });
    server.status('ospm1', 'notify', 0, 1);
    play(server, [[0, DEASSERT, 0, false]]);
    server.disconnect('ospm0');
    expect(server.events('ospm1')).toEqual(['005b0000 00000000 00000000 00000000']);
  });

  it('is the same after RESET_AGENT_CONFIGURATION', () => {
    const server = shared();
    play(server, [[1, ASSERT, 0, true]]);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect(server.isAsserted('a')).toBe(false);
    play(server, [[0, ASSERT, 0, true]]);
  });

  it('is a line that follows when the driver is free again', () => {
    const driver = new FakeResetDriver(['a']);
    const server = shared({ driver });
    play(server, [[0, ASSERT, 0, true]]);
    driver.answers.set('a pulse', Status.PENDING);
    expect(server.hal.operate(server.domainId('a'), ResetOperation.PULSE, 0, 0)).toBe(Status.PENDING);
    server.disconnect('ospm0');
    driver.taken();
    server.advance(5000);
    expect(driver.taken()).toEqual([]);
    driver.answers.delete('a pulse');
    driver.complete(server.domainId('a'), Status.E_DEVICE);
    server.advance(1000);
    expect(driver.taken()).toEqual(['a release 0']);
  });

  it('is told in the log when a driver does not let a line follow', () => {
    const driver = new FakeResetDriver(['a']);
    const server = shared({ driver });
    play(server, [[0, ASSERT, 0, true]]);
    driver.answers.set('a release', Status.E_DEVICE);
    server.disconnect('ospm0');
    expect(server.host.logged()).toEqual(['[SCMI-RESET] a does not follow the votes: E_DEVICE']);
    driver.answers.clear();
    play(server, [[1, DEASSERT, 0, false]]);
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
