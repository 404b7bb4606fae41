// SPDX-License-Identifier: BSD-3-Clause
/** Domains that several agents have: what their requests come to, and what is left of an agent that is reset. */
import { Status } from '@scp/framework';
import { FakePowerDriver } from '@scp/power-capping/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { PowercapServer, type Setup } from './domains.ts';

const shared = (setup: Partial<Setup> = {}) =>
  new PowercapServer({ domains: { a: {} }, agents: { ospm0: ['a'], ospm1: ['a'], ospm2: ['a'] }, ...setup });

/** What each agent asks for in turn, and the cap that comes of it. 20000 is the product’s, 0 is none. */
type Step = readonly [agent: 0 | 1 | 2, cap: number, outcome: number];

const play = (server: PowercapServer, steps: readonly Step[]) => {
  for (const [agent, cap, outcome] of steps) {
    expect([server.capSet(`ospm${agent}`, 0, cap), server.cap('a')]).toEqual([0, outcome]);
    for (const each of ['ospm0', 'ospm1', 'ospm2']) expect(server.capGet(each, 0)).toBe(outcome);
  }
};

describe('the cap of a domain', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'is the lowest that any agent asks for',
      [
        [0, 10_000, 10_000],
        [1, 15_000, 10_000],
        [2, 5000, 5000],
        [0, 4000, 4000],
        [0, 20_000, 5000],
        [2, 20_000, 15_000],
      ],
    ],
    [
      'counts each agent once',
      [
        [0, 5000, 5000],
        [0, 5000, 5000],
        [1, 8000, 5000],
        [0, 9000, 8000],
        [0, 0, 8000],
        [0, 0, 8000],
        [1, 0, 0],
      ],
    ],
    [
      'is gone when no request is left, and the product’s own with it',
      [
        [0, 0, 0],
        [1, 7000, 7000],
        [1, 0, 0],
      ],
    ],
    [
      'remains when an agent withdraws that has asked for nothing',
      [
        [0, 7000, 7000],
        [1, 0, 7000],
        [2, 0, 7000],
        [0, 0, 0],
        [2, 6000, 6000],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared(), steps);
  });

  it('is told when it changes, not when a request does', () => {
    const server = shared();
    server.status('ospm2', 'capNotify', 0, 1);
    play(server, [
      [0, 10_000, 10_000],
      [1, 15_000, 10_000],
      [1, 20_000, 10_000],
    ]);
    expect(server.events('ospm2')).toEqual(['00630000 01000000 00000000 10270000 e8030000']);
    play(server, [[0, 0, 20_000]]);
    expect(server.events('ospm2')).toEqual(['00630000 01000000 00000000 204e0000 e8030000']);
  });

  it('is the one of another agent, of which an asynchronous request is told', () => {
    const server = shared({ domains: { a: { asynchronous: true } } });
    play(server, [[0, 5000, 5000]]);
    expect(server.exchange('ospm1', '05600000 00000000 02000000 401f0000')).toBe('05600000 00000000');
    expect(server.events('ospm1')).toEqual(['05620000 00000000 00000000 88130000']);
    play(server, [[0, 0, 8000]]);
  });

  it('follows random requests as a model does', () => {
    const server = shared({ domains: { a: { initialCap: 12_000 } } });
    const requests = new Map<string, number>();
    let seed = 1;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % limit;
    };
    for (let step = 0; step < 2000; step++) {
      const agent = `ospm${random(3)}`;
      if (random(8) === 0) {
        server.disconnect(agent);
        requests.delete(agent);
      } else {
        const cap = random(4) === 0 ? 0 : 1000 + 500 * random(39);
        expect(server.capSet(agent, 0, cap)).toBe(0);
        requests.set(agent, cap);
      }
      const caps = [...requests.values()].filter(cap => cap > 0);
      const expected = caps.length > 0 ? Math.min(...caps) : requests.size > 0 ? 0 : 12_000;
      expect([server.cap('a'), server.capGet(`ospm${random(3)}`, 0)]).toEqual([expected, expected]);
    }
  });
});

describe('the interval of a domain', () => {
  it('is that of the last agent to set it, and the product’s after that one’s reset', () => {
    const server = shared({ domains: { a: { initialInterval: 2000 } } });
    server.status('ospm2', 'capNotify', 0, 1);
    expect(server.status('ospm0', 'paiSet', 0, 0, 5000)).toBe(0);
    expect(server.status('ospm1', 'paiSet', 0, 0, 8000)).toBe(0);
    expect(server.powercap('ospm0', 'paiGet', 0).values).toEqual({ pai: 8000 });
    server.disconnect('ospm0');
    expect(server.interval('a')).toBe(8000);
    server.disconnect('ospm1');
    expect(server.interval('a')).toBe(2000);
    expect(server.events('ospm2')).toEqual([
      '00630000 01000000 00000000 204e0000 88130000',
      '00630000 02000000 00000000 204e0000 401f0000',
      '00630000 00000000 00000000 204e0000 d0070000',
    ]);
  });
});

describe('permissions', () => {
  const agents = {
    ospm0: ['a'],
    ospm1: [{ domain: 'a', setCap: false }],
    ospm2: [{ domain: 'a', setInterval: false }],
  };

  it('of the product let an agent see a domain, and not cap it, or not set its interval', () => {
    const server = shared({ agents });
    expect(server.capSet('ospm1', 0, 5000)).toBe(-3);
    expect(server.capSet('ospm1', 0, 0)).toBe(-3);
    expect(server.status('ospm1', 'paiSet', 0, 0, 5000)).toBe(0);
    expect(server.capSet('ospm2', 0, 5000)).toBe(0);
    expect(server.status('ospm2', 'paiSet', 0, 0, 6000)).toBe(-3);
    for (const key of ['domainAttributes', 'capGet', 'paiGet', 'nameGet', 'measurementsGet']) {
      for (const agent of ['ospm1', 'ospm2']) expect(server.status(agent, key, 0)).toBe(0);
    }
    expect([server.cap('a'), server.interval('a')]).toEqual([5000, 5000]);
  });

  it('come after what is wrong with the command or the domain, and before the range', () => {
    const server = shared({ agents });
    expect(server.status('ospm1', 'capSet', 0, 4, 5000)).toBe(-2);
    expect(server.status('ospm1', 'capSet', 0, 2, 5000)).toBe(-1);
    expect(server.status('ospm1', 'capSet', 0, 0, 1)).toBe(-3);
    expect(server.status('ospm2', 'paiSet', 0, 1, 1)).toBe(-2);
    expect(server.status('ospm2', 'paiSet', 0, 0, 1)).toBe(-3);
  });

  it('of devices deny every command, and notifications', () => {
    const server = shared({
      domains: { a: {}, b: {} },
      agents: { ospm0: ['a'], ospm1: ['b', 'a'] },
      devices: [['a']],
    });
    server.status('ospm1', 'capNotify', 1, 1);
    server.status('ospm1', 'measurementsNotify', 1, 1, 1, 2);
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]).status).toBe(0);
    for (const key of ['domainAttributes', 'capGet', 'paiGet', 'nameGet', 'measurementsGet']) {
      expect([key, server.status('ospm1', key, 1), server.status('ospm1', key, 0)]).toEqual([key, -3, 0]);
    }
    expect(server.status('ospm1', 'capNotify', 1, 0)).toBe(-3);
    expect(server.status('ospm1', 'measurementsNotify', 1, 0, 0, 0)).toBe(-3);
    expect(server.capSet('ospm1', 1, 5000)).toBe(-3);
    expect(server.status('ospm1', 'paiSet', 1, 0, 5000)).toBe(-3);
    server.capSet('ospm0', 0, 5000);
    server.advance(5000);
    expect(server.events('ospm1')).toEqual([]);
  });
});

describe('what is left of an agent that is reset', () => {
  it('is the product’s cap, when no other agent has asked for anything', () => {
    const server = shared({ domains: { a: { initialCap: 9000 } } });
    play(server, [[0, 0, 0]]);
    server.disconnect('ospm0');
    expect(server.cap('a')).toBe(9000);
    play(server, [[0, 15_000, 15_000]]);
    server.disconnect('ospm0');
    expect(server.cap('a')).toBe(9000);
  });

  it('is what others ask for', () => {
    const server = shared();
    play(server, [
      [0, 5000, 5000],
      [1, 8000, 5000],
      [2, 0, 5000],
    ]);
    server.disconnect('ospm0');
    expect(server.cap('a')).toBe(8000);
    server.disconnect('ospm1');
    expect(server.cap('a')).toBe(0);
    server.disconnect('ospm2');
    expect(server.cap('a')).toBe(20_000);
  });

  it('are no subscriptions, and nothing of others', () => {
    const server = shared();
    for (const agent of ['ospm0', 'ospm1']) {
      server.status(agent, 'capNotify', 0, 1);
      server.status(agent, 'measurementsNotify', 0, 1, 1, 2);
    }
    server.disconnect('ospm0');
    server.capSet('ospm1', 0, 5000);
    server.advance(1000);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.events('ospm1')).toHaveLength(2);
    server.disconnect('ospm1');
    expect(server.host.deadline).toBe(Infinity);
  });

  it('is told as the platform’s doing', () => {
    const server = shared();
    server.status('ospm1', 'capNotify', 0, 1);
    play(server, [[0, 5000, 5000]]);
    server.disconnect('ospm0');
    expect(server.events('ospm1')).toEqual([
      '00630000 01000000 00000000 88130000 e8030000',
      '00630000 00000000 00000000 204e0000 e8030000',
    ]);
  });

  it('is the same after RESET_AGENT_CONFIGURATION', () => {
    const server = shared();
    play(server, [[1, 5000, 5000]]);
    server.status('ospm1', 'paiSet', 0, 0, 8000);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect([server.cap('a'), server.interval('a')]).toEqual([20_000, 1000]);
  });

  it('is a domain that follows when the driver is free again', () => {
    const driver = new FakePowerDriver(['a']);
    const server = shared({ driver });
    play(server, [[0, 5000, 5000]]);
    server.status('ospm0', 'paiSet', 0, 0, 8000);
    driver.answers.set('a cap', Status.PENDING);
    expect(server.hal.setCap(server.domainId('a'), 3000, 0)).toBe(Status.PENDING);
    driver.taken();
    server.disconnect('ospm0');
    server.advance(5000);
    expect(driver.taken()).toEqual([]);
    driver.answers.clear();
    driver.complete(server.domainId('a'), Status.E_DEVICE);
    server.advance(1000);
    expect(driver.taken()).toEqual(['a cap 20000', 'a interval 1000']);
  });

  it('is told in the log when a driver does not let a domain follow, which goes on with the rest', () => {
    const driver = new FakePowerDriver(['a']);
    const server = shared({ driver });
    play(server, [[0, 5000, 5000]]);
    server.status('ospm0', 'paiSet', 0, 0, 8000);
    driver.answers.set('a cap', Status.E_DEVICE);
    driver.taken();
    server.disconnect('ospm0');
    expect(server.host.logged()).toEqual(['[SCMI-POWERCAP] a does not follow the requests: E_DEVICE']);
    expect(driver.taken()).toEqual(['a cap 20000', 'a interval 1000']);
    driver.answers.clear();
    play(server, [[1, 6000, 6000]]);
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
