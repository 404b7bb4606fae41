// SPDX-License-Identifier: BSD-3-Clause
/** What agents share and what each has for itself: ids, votes, states, notifications. */
import fc from 'fast-check';
import { Status } from '@scp/framework';
import { FakeDriver } from '@scp/power-domain/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { words } from '@scp/scmi/testing';
import { POWER_DOMAIN_PROTOCOL } from '@scp/scmi-power-domain/messages';
import { OFF, ON, PowerServer, SLEEP } from './domains.ts';

const AGENTS = ['ospm0', 'ospm1', 'ospm2'] as const;
type Agent = (typeof AGENTS)[number];
/** By agent: its id of domain b. */
const ID = { ospm0: 1, ospm1: 0, ospm2: 0 } as const;

const shared = (on: boolean, report: 'own' | 'actual' = 'own') =>
  new PowerServer({
    domains: { a: {}, b: { on, sleep: true } },
    agents: { ospm0: ['a', 'b'], ospm1: ['b'], ospm2: ['b', 'a'] },
    report,
  });
const set = (server: PowerServer, agent: Agent, state: number, flags = 0) => server.set(agent, ID[agent], state, flags);
const get = (server: PowerServer, agent: Agent) => server.get(agent, ID[agent]);

describe('agents that share a domain', () => {
  it.each<[boolean, [Agent, number][], number]>([
    [false, [], 0],
    [true, [], 1],
    [false, [['ospm0', ON]], 1],
    [true, [['ospm0', OFF]], 0],
    [true, [['ospm0', SLEEP]], 2],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', OFF],
      ],
      1,
    ],
    [
      false,
      [
        ['ospm1', OFF],
        ['ospm0', ON],
      ],
      1,
    ],
    [
      false,
      [
        ['ospm0', SLEEP],
        ['ospm1', OFF],
      ],
      2,
    ],
    [
      false,
      [
        ['ospm0', SLEEP],
        ['ospm1', ON],
        ['ospm2', OFF],
      ],
      1,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', ON],
        ['ospm0', OFF],
      ],
      1,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm1', ON],
        ['ospm0', OFF],
        ['ospm1', OFF],
      ],
      0,
    ],
    [
      true,
      [
        ['ospm0', OFF],
        ['ospm1', ON],
        ['ospm2', OFF],
      ],
      1,
    ],
    [
      false,
      [
        ['ospm0', ON],
        ['ospm0', ON],
        ['ospm0', OFF],
      ],
      0,
    ],
    [
      true,
      [
        ['ospm0', OFF],
        ['ospm0', OFF],
        ['ospm0', ON],
      ],
      1,
    ],
    [
      true,
      [
        ['ospm0', ON],
        ['ospm0', OFF],
      ],
      0,
    ],
  ])('starting %s, after the votes %j, have it in state %i', (on, votes, actual) => {
    for (const report of ['own', 'actual'] as const) {
      const server = shared(on, report);
      const own = new Map<Agent, number>();
      for (const [agent, state] of votes) {
        expect(set(server, agent, state)).toBe(0);
        own.set(agent, state);
      }
      expect(server.actual('b')).toBe(actual);
      const word = [OFF, ON, SLEEP][actual] ?? -1;
      for (const agent of AGENTS) expect(get(server, agent)).toBe(report === 'own' ? (own.get(agent) ?? word) : word);
      expect(server.actual('a')).toBe(0);
    }
  });

  it('see it under their own ids, and no other', () => {
    const server = shared(true);
    expect(AGENTS.map(agent => get(server, agent))).toEqual([ON, ON, ON]);
    expect(server.get('ospm1', 1)).toBe(-4);
  });

  it.each<[boolean, number, number, number]>([
    // Started; after ospm0 is reset with ospm1 voting OFF; with ospm1 voting SLEEP; after both are reset.
    [false, 0, 2, 0],
    [true, 0, 2, 1],
  ])('started %s: a reset takes back one agent’s vote, and then the last', (on, off, sleep, both) => {
    for (const [vote, one] of [
      [OFF, off],
      [SLEEP, sleep],
    ] as const) {
      const server = shared(on);
      set(server, 'ospm0', ON);
      set(server, 'ospm1', vote);
      expect(server.actual('b')).toBe(1);
      server.disconnect('ospm0');
      expect(server.actual('b')).toBe(one);
      expect(get(server, 'ospm0')).toBe([OFF, ON, SLEEP][one]);
      expect(server.command('ospm1', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
      expect(server.actual('b')).toBe(both);
    }
  });

  it('lose nothing when one that has not voted is reset', () => {
    const server = shared(false);
    set(server, 'ospm0', ON);
    server.disconnect('ospm1');
    expect(server.actual('b')).toBe(1);
  });
});

describe('notifications', () => {
  const subscribed = (...agents: readonly Agent[]) => {
    const server = shared(false);
    for (const agent of agents) {
      expect(server.status(agent, 'stateNotify', ID[agent], 1)).toBe(0);
      expect(server.status(agent, 'stateChangeRequestedNotify', ID[agent], 1)).toBe(0);
    }
    return server;
  };

  it('tell a change (POWER_STATE_CHANGED) to every subscriber, a request (POWER_STATE_CHANGE_REQUESTED) to all others', () => {
    const server = subscribed('ospm0', 'ospm1');
    expect(set(server, 'ospm0', ON)).toBe(0);
    expect(server.events('ospm0')).toEqual(['00470000 01000000 01000000 00000000']);
    expect(server.events('ospm1')).toEqual([
      '01470000 01000000 00000000 00000000',
      '00470000 01000000 00000000 00000000',
    ]);
    expect(server.events('ospm2')).toEqual([]);
  });

  it('tell a request that has no effect, and no change then', () => {
    const server = subscribed('ospm0', 'ospm1');
    set(server, 'ospm0', ON);
    server.events('ospm0');
    server.events('ospm1');
    set(server, 'ospm1', OFF);
    expect(server.events('ospm0')).toEqual(['01470000 02000000 01000000 00000040']);
    expect(server.events('ospm1')).toEqual([]);
  });

  it('tell nothing of what is so already', () => {
    const server = subscribed('ospm0', 'ospm1');
    for (const agent of ['ospm0', 'ospm1', 'ospm2'] as const) expect(set(server, agent, OFF)).toBe(0);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('tell of what the platform does when an agent is reset', () => {
    const server = subscribed('ospm1');
    set(server, 'ospm0', ON);
    server.events('ospm1');
    server.disconnect('ospm0');
    expect(server.events('ospm1')).toEqual(['00470000 00000000 00000000 00000040']);
  });

  it('tell of a parent that follows, with who caused it', () => {
    const server = new PowerServer({
      domains: { a: { parent: 'top' }, top: {} },
      agents: { ospm0: ['a'], ospm1: ['top'] },
    });
    server.status('ospm1', 'stateNotify', 0, 1);
    server.set('ospm0', 0, ON);
    server.set('ospm0', 0, OFF);
    expect(server.events('ospm1')).toEqual([
      '00470000 01000000 00000000 00000000',
      '00470000 01000000 00000000 00000040',
    ]);
  });

  it('are off at first, for each domain of its own, and off again after a reset', () => {
    const server = shared(false);
    server.status('ospm0', 'stateNotify', 0, 1);
    set(server, 'ospm1', ON);
    expect(server.events('ospm0')).toEqual([]);
    server.status('ospm0', 'stateNotify', 1, 1);
    server.disconnect('ospm0');
    set(server, 'ospm1', OFF);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('are not there from version 3.0 on for a domain of which the agent is not told', () => {
    const agents = { ospm0: [{ domain: 'a', notify: false }] };
    for (const [version, status] of [
      [0x20000, 0],
      [0x30000, -1],
    ] as const) {
      const server = new PowerServer({ domains: { a: {} }, agents, version });
      expect(server.status('ospm0', 'stateNotify', 0, 1)).toBe(-1);
      expect(server.status('ospm0', 'stateChangeRequestedNotify', 0, 1)).toBe(status);
      expect(server.status('ospm0', 'stateChangeRequestedNotify', 0, 2)).toBe(-2);
    }
  });
});

describe('a transition that takes time', () => {
  const slow = (type: 'device' | 'core' = 'device') =>
    new PowerServer({
      domains: { a: { delay: 100, type }, b: {} },
      agents: { ospm0: ['a', 'b'], ospm1: ['a', 'b'] },
    });

  it.each([0, 100])('of %i µs is told of once its command is answered', delay => {
    const server = new PowerServer({ domains: { a: { delay } }, trace: true });
    server.status('ospm0', 'stateNotify', 0, 1);
    server.host.lines.length = 0;
    server.send('ospm0', words(0x4404, 0, 0, ON));
    server.advance(delay);
    const order = server.host.lines.map(({ line }) => (line.includes('< POWER_STATE_CHANGED') ? 'change' : 'answer'));
    expect(order).toEqual(['answer', 'change']);
  });

  it('is waited for by a synchronous command', () => {
    const server = slow();
    server.status('ospm0', 'stateNotify', 0, 1);
    server.begin('ospm0', 0, ON);
    server.advance(99);
    expect(server.end('ospm0')).toBeUndefined();
    expect(server.get('ospm1', 0)).toBe(OFF);
    server.advance(1);
    expect(server.end('ospm0')).toBe(0);
    expect(server.events('ospm0')).toEqual(['00470000 01000000 00000000 00000000']);
    expect(server.get('ospm0', 0)).toBe(ON);
  });

  it('is not waited for by an asynchronous command: POWER_STATE_CHANGED tells, and nothing else', () => {
    const server = slow();
    server.status('ospm0', 'stateNotify', 0, 1);
    expect(server.exchange('ospm0', '0444a800 01000000 00000000 00000000')).toBe('0444a800 00000000');
    expect(server.events('ospm0')).toEqual([]);
    expect(server.get('ospm0', 0)).toBe(OFF);
    server.advance(100);
    expect(server.events('ospm0')).toEqual(['00470000 01000000 00000000 00000000']);
    expect(server.get('ospm0', 0)).toBe(ON);
  });

  it.each([0, 1])('of a processor is never waited for, with flag %i', flags => {
    const server = slow('core');
    expect(server.set('ospm0', 0, ON, flags)).toBe(0);
    expect(server.actual('a')).toBe(0);
    server.advance(100);
    expect(server.actual('a')).toBe(1);
    server.setP2a('ospm0', false);
    expect(server.set('ospm0', 0, OFF, flags)).toBe(0);
  });

  it('keeps others off the domain, and off no other', () => {
    const server = slow();
    server.begin('ospm0', 0, ON);
    expect(server.set('ospm1', 0, OFF)).toBe(-6);
    expect(server.set('ospm1', 0, ON, 1)).toBe(-6);
    expect(server.set('ospm1', 1, ON)).toBe(0);
    server.advance(100);
    expect(server.end('ospm0')).toBe(0);
    expect(server.set('ospm1', 0, OFF)).toBe(0);
    expect(server.actual('a')).toBe(1);
  });

  it('of another user of the HAL keeps agents off too', () => {
    const server = slow();
    expect(server.power.setState(server.domainId('a'), 1, 0)).toBe(Status.PENDING);
    expect(server.set('ospm0', 0, ON)).toBe(-6);
    server.advance(100);
    expect(server.set('ospm0', 0, ON)).toBe(0);
  });

  it('that is under way when the agent is reset answers nothing and leaves no vote', () => {
    const server = slow();
    server.begin('ospm0', 0, ON);
    server.disconnect('ospm0');
    expect(server.set('ospm0', 1, ON)).toBe(0);
    server.advance(100);
    expect(server.end('ospm0')).toBeUndefined();
    server.advance(100);
    expect(server.actual('a')).toBe(0);
    server.begin('ospm0', 0, ON);
    server.advance(100);
    expect(server.end('ospm0')).toBe(0);
  });

  it('that is under way when another agent is reset goes on, and the domain follows the votes afterwards', () => {
    const server = new PowerServer({
      domains: { a: { delay: 100, sleep: true } },
      agents: { ospm0: ['a'], ospm1: ['a'] },
    });
    server.begin('ospm0', 0, SLEEP);
    server.advance(100);
    server.end('ospm0');
    server.begin('ospm1', 0, ON);
    server.disconnect('ospm0');
    server.advance(100);
    expect(server.end('ospm1')).toBe(0);
    expect(server.actual('a')).toBe(1);
    server.begin('ospm1', 0, OFF);
    server.disconnect('ospm1');
    server.advance(300);
    expect(server.actual('a')).toBe(0);
  });

  it('that is under way when a trusted agent resets the one that waits is answered, and leaves no vote', () => {
    const server = slow();
    server.begin('ospm1', 0, ON);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    server.advance(100);
    expect(server.end('ospm1')).toBe(0);
    server.advance(100);
    expect(server.actual('a')).toBe(0);
    expect(server.get('ospm1', 0)).toBe(OFF);
  });

  it('that fails is told to who waits, and in the log when nobody does', () => {
    const driver = new FakeDriver(['a']);
    const server = new PowerServer({ domains: { a: {} }, driver });
    driver.answers.set('a', Status.PENDING);
    server.begin('ospm0', 0, ON);
    driver.complete('a', Status.E_DEVICE);
    server.advance(0);
    expect(server.end('ospm0')).toBe(-9);
    expect(server.host.logged().filter(line => line.includes('POWER-DOMAIN]'))).toEqual([]);
    expect(server.set('ospm0', 0, ON, 1)).toBe(0);
    driver.complete('a', Status.E_DEVICE);
    server.advance(0);
    expect(server.host.logged()).toContain('[SCMI-POWER-DOMAIN] a is not set as an agent wants it: E_DEVICE');
    expect(server.get('ospm0', 0)).toBe(OFF);
  });

  it('that a reset asks for, of a domain that somebody keeps busy, is tried again', () => {
    const server = slow();
    server.begin('ospm0', 0, ON);
    server.advance(100);
    server.end('ospm0');
    server.power.setState(server.domainId('a'), 0, 0);
    server.advance(100);
    server.power.setState(server.domainId('a'), 1, 0);
    server.disconnect('ospm0');
    server.advance(3000);
    expect(server.actual('a')).toBe(0);
  });

  it('that a reset asks for and that fails is told in the log, rarely', () => {
    const driver = new FakeDriver(['a']);
    const server = new PowerServer({ domains: { a: {} }, driver });
    driver.answers.set('a off', Status.E_DEVICE);
    for (let times = 0; times < 50; times++) {
      server.set('ospm0', 0, ON);
      server.disconnect('ospm0');
    }
    const lines = server.host.logged();
    expect(lines[0]).toBe('[SCMI-POWER-DOMAIN] a does not follow the votes on its state: E_DEVICE');
    expect(lines).toHaveLength(10);
  });
});

describe('random interleavings of agents', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        agent: fc.constantFrom(...AGENTS),
        state: fc.constantFrom(ON, SLEEP, OFF),
        flags: fc.constantFrom(0, 1),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reset' as const), agent: fc.constantFrom(...AGENTS) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const) }) },
  );
  const RANK = new Map([
    [OFF, 0],
    [SLEEP, 1],
    [ON, 2],
  ]);

  it.each([0, 100])('end where the votes say, with transitions of %i µs', delay => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { maxLength: 40 }), (on, steps) => {
        const server = new PowerServer({
          domains: { b: { on, sleep: true, delay } },
          agents: { ospm0: ['b'], ospm1: ['b'], ospm2: ['b'] },
        });
        const votes = new Map<Agent, number>();
        /** Commands that are pending: what they vote for. */
        const pending = new Map<Agent, number>();
        /** An asynchronous setting that was accepted and is under way. */
        let later: { agent: Agent; state: number } | undefined;
        const settle = () => {
          for (const [agent, state] of [...pending]) {
            const status = server.end(agent);
            if (status === undefined) continue;
            pending.delete(agent);
            if (status === 0) votes.set(agent, state);
          }
        };
        const finishLater = () => {
          if (later !== undefined) votes.set(later.agent, later.state);
          later = undefined;
        };
        const advance = () => {
          server.advance(5000);
          settle();
          finishLater();
        };
        for (const one of steps) {
          if (one.kind === 'advance') advance();
          else if (one.kind === 'reset') {
            server.disconnect(one.agent);
            pending.delete(one.agent);
            votes.delete(one.agent);
            if (later?.agent === one.agent) later = undefined;
            // A vote that is taken back can bring the domain into motion.
            settle();
          } else if (!pending.has(one.agent)) {
            const payload = [one.flags, 0, one.state];
            const answer = server.send(
              one.agent,
              server.encode(POWER_DOMAIN_PROTOCOL, POWER_DOMAIN_PROTOCOL.commands.stateSet, payload),
            );
            const status = answer === undefined ? 1 : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
            expect([1, 0, -6]).toContain(status);
            // One at a time: what is accepted comes after what was under way.
            if (status !== -6) finishLater();
            if (status === 1) pending.set(one.agent, one.state);
            else if (status === 0 && one.flags === 1) later = { agent: one.agent, state: one.state };
            else if (status === 0) votes.set(one.agent, one.state);
            settle();
          }
        }
        advance();
        const ranks = [...votes.values()].map(state => RANK.get(state) ?? -1);
        const expected = ranks.length === 0 ? (on ? ON : OFF) : ([OFF, SLEEP, ON][Math.max(...ranks)] ?? -1);
        expect([OFF, ON, SLEEP][server.actual('b')]).toBe(expected);
        for (const agent of AGENTS) expect(server.get(agent, 0)).toBe(votes.get(agent) ?? expected);
      }),
      { numRuns: 200 },
    );
  });
});
