// SPDX-License-Identifier: BSD-3-Clause
/** Domains whose clock or supply needs time, or is tried again: settings are accepted, and the level is told when it is there. */
import { type DomainPlan, FakeBoard } from '@scp/dvfs/testing';
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { PerfServer, type Setup } from './domains.ts';

const OPPS = [1, 2, 3, 4, 5].map(level => ({ level, frequency: 1_000_000 * level, voltage: level, power: 0 }));
const AGENTS = { ospm0: ['b', 'a'], ospm1: ['a'], ospm2: ['a'] };

/** Domain `a` is slow in its supply: 1 to ospm0, 0 to the others. */
function make(plan: Partial<DomainPlan> = {}) {
  const board = new FakeBoard(['a', 'b']);
  const server = new PerfServer({
    domains: { a: { opps: OPPS, sustained: 3, ...plan }, b: { opps: OPPS, sustained: 3 } },
    agents: AGENTS,
    board,
  });
  board.answers.set('a voltage', Status.PENDING);
  board.taken();
  const finish = (status: Status = Status.SUCCESS) => {
    board.finish('a', 'voltage', status);
    server.framework.run();
  };
  return { board, server, finish };
}

/** Domain `a` with a PLL and a supply that take their time. */
const real = (lock: number, voltage: number, setup: Partial<Setup> = {}) =>
  new PerfServer({
    domains: { a: { opps: OPPS, sustained: 3 }, b: { opps: OPPS, sustained: 3 } },
    agents: AGENTS,
    delays: { lock, voltage },
    ...setup,
  });

describe('a level that takes time', () => {
  it('is accepted at once, and told by LEVEL_GET when it is there', () => {
    const { board, server, finish } = make();
    expect(server.exchange('ospm0', '074c0000 01000000 05000000')).toBe('074c0000 00000000');
    expect(board.taken()).toEqual(['a voltage 5']);
    expect(server.exchange('ospm0', '084c0400 01000000')).toBe('');
    expect(server.end('ospm0')).toBeUndefined();
    finish();
    expect(Buffer.from(server.take('ospm0') ?? []).toString('hex')).toBe('084c0400' + '00000000' + '05000000');
    expect(server.level('ospm1', 0)).toBe(5);
  });

  it('is told as what it is when it has failed', () => {
    const { server, finish } = make();
    server.status('ospm1', 'notifyLevel', 0, 1);
    server.status('ospm0', 'levelSet', 1, 5);
    server.beginLevelGet('ospm0', 1);
    finish(Status.E_TIMEOUT);
    expect(server.end('ospm0')).toBe(3);
    expect(server.events('ospm1')).toEqual([]);
    expect(server.host.logged()).toEqual(['[DVFS] a does not come to level 5: E_TIMEOUT']);
  });

  it('is notified when it is there', () => {
    const { server, finish } = make();
    server.status('ospm0', 'notifyLevel', 1, 1);
    server.status('ospm1', 'levelSet', 0, 5);
    expect(server.events('ospm0')).toEqual([]);
    finish();
    expect(server.events('ospm0')).toEqual(['014f0000 02000000 01000000 05000000']);
  });

  it('gives way to the last one wanted meanwhile', () => {
    const { board, server, finish } = make();
    server.status('ospm2', 'notifyLevel', 0, 1);
    server.status('ospm0', 'levelSet', 1, 5);
    for (const level of [1, 2, 4]) expect(server.status('ospm1', 'levelSet', 0, level)).toBe(0);
    server.beginLevelGet('ospm1', 0);
    finish();
    expect(server.end('ospm1')).toBeUndefined();
    finish();
    expect(server.end('ospm1')).toBe(4);
    expect(board.taken()).toEqual(['a voltage 5', 'a rate 5000000', 'a rate 4000000', 'a voltage 4']);
    expect(server.events('ospm2')).toEqual([
      '014f0000 01000000 00000000 05000000',
      '014f0000 02000000 00000000 04000000',
    ]);
  });

  it('leaves limits, other domains and what only describes alone', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    expect(server.limits('ospm0', 1)).toEqual([1, 5]);
    expect(server.status('ospm0', 'domainAttributes', 1)).toBe(0);
    expect([server.status('ospm0', 'levelSet', 0, 4), server.level('ospm0', 0)]).toEqual([0, 4]);
    finish();
  });

  it('is checked against the limits when it is wanted, and moved by limits that come later', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    expect(server.status('ospm1', 'limitsSet', 0, 2, 1)).toBe(0);
    expect(server.status('ospm0', 'levelSet', 1, 5)).toBe(-5);
    expect(server.limits('ospm0', 1)).toEqual([1, 2]);
    server.beginLevelGet('ospm0', 1);
    finish();
    finish();
    expect(server.end('ospm0')).toBe(2);
    server.status('ospm1', 'limitsSet', 0, 5, 1);
    finish();
    expect(server.level('ospm0', 1)).toBe(5);
  });
});

describe('a LEVEL_GET that waits', () => {
  it('is one of each agent’s', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    for (const [agent, id] of [
      ['ospm0', 1],
      ['ospm1', 0],
      ['ospm2', 0],
    ] as const) {
      server.beginLevelGet(agent, id);
    }
    finish();
    expect(['ospm0', 'ospm1', 'ospm2'].map(agent => server.end(agent))).toEqual([5, 5, 5]);
  });

  it('does not wait for what others want after it', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    server.beginLevelGet('ospm0', 1);
    server.status('ospm1', 'levelSet', 0, 1);
    finish();
    expect(server.end('ospm0')).toBe(5);
    finish();
    expect(server.level('ospm1', 0)).toBe(1);
  });

  it('does not wait for what is no longer wanted', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    server.status('ospm1', 'levelSet', 0, 1);
    server.beginLevelGet('ospm1', 0);
    server.status('ospm2', 'levelSet', 0, 5);
    finish();
    expect(server.end('ospm1')).toBe(5);
  });

  it('is answered in the words of the version', () => {
    const { server, finish } = make({ levelIndexing: true });
    server.exchange('ospm1', '104c0000 00000300');
    server.status('ospm0', 'levelSet', 1, 4);
    server.beginLevelGet('ospm0', 1);
    server.beginLevelGet('ospm1', 0);
    finish();
    expect([server.end('ospm0'), server.end('ospm1')]).toEqual([4, 5]);
  });

  it('waits for tries too', () => {
    const { board, server } = make({ retry: 100, retries: 2 });
    board.answers.set('a voltage', Status.E_DEVICE);
    expect(server.status('ospm0', 'levelSet', 1, 5)).toBe(0);
    server.beginLevelGet('ospm0', 1);
    server.advance(199);
    expect(server.end('ospm0')).toBeUndefined();
    server.advance(1);
    expect(server.end('ospm0')).toBe(3);
  });

  it('of a reset agent is not answered, and its next command is', () => {
    const { server, finish } = make();
    server.status('ospm1', 'levelSet', 0, 5);
    server.beginLevelGet('ospm0', 1);
    server.disconnect('ospm0');
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    server.status('ospm1', 'levelSet', 0, 1);
    server.beginLevelGet('ospm0', 1);
    finish();
    expect(server.end('ospm0')).toBe(1);
  });

  it('is answered when another agent resets the configuration of its own', () => {
    const { server, finish } = make();
    server.status('ospm0', 'levelSet', 1, 5);
    server.beginLevelGet('ospm1', 0);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(5);
    expect(server.level('ospm1', 0)).toBe(5);
  });

  it('of an agent whose connection ended does not answer the next command in its place', () => {
    const { server, finish } = make();
    server.status('ospm1', 'levelSet', 0, 5);
    server.beginLevelGet('ospm0', 1);
    server.disconnect('ospm0');
    server.status('ospm2', 'levelSet', 0, 1);
    server.beginLevelGet('ospm0', 1);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    finish();
    expect(server.end('ospm0')).toBe(1);
  });

  it('of an agent whose connection ended does not answer what waits for another domain', () => {
    const { board, server, finish } = make();
    board.answers.set('b voltage', Status.PENDING);
    server.status('ospm1', 'levelSet', 0, 5);
    server.status('ospm0', 'levelSet', 0, 4);
    server.beginLevelGet('ospm0', 1);
    server.disconnect('ospm0');
    server.beginLevelGet('ospm0', 0);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    board.finish('b', 'voltage');
    board.finish('b', 'voltage');
    expect(server.end('ospm0')).toBe(3);
  });

  it('of a reset agent does not get into the way of the one after it', () => {
    const { server, finish } = make();
    server.status('ospm1', 'levelSet', 0, 5);
    server.beginLevelGet('ospm0', 1);
    server.disconnect('ospm0');
    server.beginLevelGet('ospm0', 1);
    finish();
    expect(server.end('ospm0')).toBe(5);
  });
});

describe('an agent that is reset while its level is under way', () => {
  it.each([
    ['its connection', (server: PerfServer) => server.disconnect('ospm1')],
    [
      'its configuration',
      (server: PerfServer) => server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]),
    ],
  ])('has asked for nothing afterwards: %s', (_what, reset) => {
    const { server, finish } = make();
    server.status('ospm1', 'levelSet', 0, 5);
    reset(server);
    finish();
    finish();
    expect(server.level('ospm0', 1)).toBe(3);
  });
});

describe('PLLs that lock and supplies that take time', () => {
  it.each([
    [100, 0, 100],
    [0, 300, 300],
    [100, 300, 400],
  ])('of %i µs and %i µs make a level take %i µs, and LEVEL_GET with it', (lock, voltage, total) => {
    const server = real(lock, voltage);
    server.status('ospm0', 'notifyLevel', 1, 1);
    for (const level of [5, 1]) {
      expect(server.status('ospm0', 'levelSet', 1, level)).toBe(0);
      server.beginLevelGet('ospm0', 1);
      server.advance(total - 1);
      expect([server.end('ospm0'), server.events('ospm0')]).toEqual([undefined, []]);
      server.advance(1);
      expect(server.end('ospm0')).toBe(level);
      expect(server.events('ospm0')).toEqual([`014f0000 01000000 01000000 0${level}000000`]);
    }
  });

  it('do what an agent wanted whose connection has ended, then what is left', () => {
    const server = real(100, 300);
    server.status('ospm1', 'limitsSet', 0, 2, 1);
    server.disconnect('ospm1');
    server.advance(10_000);
    expect([server.level('ospm0', 1), server.limits('ospm0', 1)]).toEqual([3, [1, 5]]);
  });

  it('need no room in an agent’s pool of events', () => {
    const server = real(100, 300, { eventCount: 2 });
    expect(server.status('ospm0', 'levelSet', 1, 5)).toBe(0);
    server.advance(400);
    expect(server.level('ospm0', 1)).toBe(5);
  });

  it('stop in the middle, and nothing comes after', () => {
    const server = real(100, 300);
    server.status('ospm0', 'levelSet', 1, 5);
    server.beginLevelGet('ospm1', 0);
    expect(server.framework.stop()).toEqual([]);
    server.advance(10_000);
    expect([server.take('ospm1'), server.host.deadline]).toEqual([undefined, Infinity]);
  });
});
