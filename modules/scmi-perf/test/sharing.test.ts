// SPDX-License-Identifier: BSD-3-Clause
/** Domains that several agents have: limits of all together, the level of the last, and what is left of a reset agent. */
import { FakeBoard } from '@scp/dvfs/testing';
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { PerfServer, type Setup } from './domains.ts';

const OPPS = [1, 2, 3, 4, 5].map(level => ({ level, frequency: 1_000_000 * level, voltage: level, power: 0 }));

const shared = (setup: Partial<Setup> = {}) =>
  new PerfServer({
    domains: { a: { opps: OPPS, sustained: 3 } },
    agents: { ospm0: ['a'], ospm1: ['a'], ospm2: ['a'] },
    ...setup,
  });

/** What an agent does, and limits and level that every agent sees afterwards. */
type Step = readonly [
  agent: 0 | 1 | 2,
  action: readonly number[] | number | 'reset',
  limits: readonly [number, number],
  level: number,
];

const play = (server: PerfServer, steps: readonly Step[]) => {
  steps.forEach(([agent, action, limits, level], at) => {
    const name = `ospm${agent}`;
    if (action === 'reset') server.disconnect(name);
    else if (typeof action === 'number') expect([at, server.status(name, 'levelSet', 0, action)]).toEqual([at, 0]);
    else expect([at, server.status(name, 'limitsSet', 0, action[1] ?? 0, action[0] ?? 0)]).toEqual([at, 0]);
    for (const other of ['ospm0', 'ospm1', 'ospm2']) {
      expect([at, server.limits(other, 0), server.level(other, 0)]).toEqual([at, limits, level]);
    }
  });
};

describe('limits', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'are what those of all agents have in common',
      [
        [0, [2, 5], [2, 5], 3],
        [1, [1, 4], [2, 4], 3],
        [2, [3, 3], [3, 3], 3],
        [2, [1, 5], [2, 4], 3],
        [0, [1, 5], [1, 4], 3],
        [1, [1, 5], [1, 5], 3],
      ],
    ],
    [
      'count once for an agent, which takes back its own only',
      [
        [0, [1, 2], [1, 2], 2],
        [0, [1, 2], [1, 2], 2],
        [1, [1, 5], [1, 2], 2],
        [0, [1, 5], [1, 5], 3],
      ],
    ],
    [
      'that exclude each other: the lowest upper limit holds',
      [
        [0, [4, 5], [4, 5], 4],
        [1, [1, 2], [2, 2], 2],
        [2, [3, 3], [2, 2], 2],
        [1, [1, 5], [3, 3], 3],
        [2, [1, 5], [4, 5], 4],
      ],
    ],
    [
      'left as they are, are the agent’s own',
      [
        [0, [2, 4], [2, 4], 3],
        [1, [0, 3], [2, 3], 3],
        [1, [2, 0], [2, 3], 3],
        [0, [1, 5], [2, 3], 3],
        [1, [1, 0], [1, 3], 3],
      ],
    ],
    [
      'move the level, which comes back when it may',
      [
        [0, 5, [1, 5], 5],
        [1, [1, 2], [1, 2], 2],
        [1, [1, 4], [1, 4], 4],
        [1, [1, 5], [1, 5], 5],
        [1, [1, 1], [1, 1], 1],
        [0, 1, [1, 1], 1],
        [1, [1, 5], [1, 5], 1],
      ],
    ],
    [
      'of a reset agent are gone',
      [
        [0, [3, 4], [3, 4], 3],
        [1, [4, 5], [4, 4], 4],
        [1, 'reset', [3, 4], 3],
        [0, 'reset', [1, 5], 3],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared(), steps);
  });

  it('constrain the levels that others set', () => {
    const server = shared();
    server.status('ospm0', 'limitsSet', 0, 4, 2);
    expect([1, 2, 4, 5].map(level => server.status('ospm1', 'levelSet', 0, level))).toEqual([-5, 0, 0, -5]);
    expect(server.level('ospm2', 0)).toBe(4);
  });

  it('of an agent that names levels by index are the same ones', () => {
    const server = shared({ domains: { a: { opps: OPPS, sustained: 3, levelIndexing: true } } });
    server.exchange('ospm1', '104c0000 00000300');
    server.status('ospm0', 'limitsSet', 0, 3, 1);
    expect([server.limits('ospm0', 0), server.limits('ospm1', 0)]).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect([server.status('ospm1', 'levelSet', 0, 4), server.level('ospm0', 0)]).toEqual([0, 3]);
  });
});

describe('the level', () => {
  it.each<readonly [string, readonly Step[]]>([
    [
      'is that of the last who set it, for all',
      [
        [0, 5, [1, 5], 5],
        [1, 2, [1, 5], 2],
        [0, 4, [1, 5], 4],
        [2, 4, [1, 5], 4],
      ],
    ],
    [
      'of a reset agent gives way to the last of the others, in the end to that of the start',
      [
        [0, 1, [1, 5], 1],
        [1, 5, [1, 5], 5],
        [2, 2, [1, 5], 2],
        [0, 4, [1, 5], 4],
        [0, 'reset', [1, 5], 2],
        [1, 'reset', [1, 5], 2],
        [2, 'reset', [1, 5], 3],
      ],
    ],
    [
      'stays when an agent is reset that did not set it last, or at all',
      [
        [0, 1, [1, 5], 1],
        [1, 5, [1, 5], 5],
        [2, 'reset', [1, 5], 5],
        [0, 'reset', [1, 5], 5],
      ],
    ],
    [
      'of the start stays within the limits',
      [
        [0, [4, 5], [4, 5], 4],
        [1, 5, [4, 5], 5],
        [1, 'reset', [4, 5], 4],
      ],
    ],
  ])('%s', (_what, steps) => {
    play(shared(), steps);
  });

  it('is not set again where nothing changes', () => {
    const board = new FakeBoard(['a']);
    const server = shared({ board });
    board.taken();
    server.status('ospm0', 'levelSet', 0, 3);
    server.status('ospm1', 'limitsSet', 0, 4, 2);
    server.disconnect('ospm1');
    expect(board.taken()).toEqual([]);
  });

  it('that was refused does not stand', () => {
    const board = new FakeBoard(['a']);
    const server = shared({ board });
    board.answers.set('a voltage', Status.E_DEVICE);
    expect(server.status('ospm0', 'levelSet', 0, 5)).toBe(-9);
    board.answers.clear();
    play(server, [
      [1, [1, 4], [1, 4], 3],
      [1, 'reset', [1, 5], 3],
    ]);
  });
});

describe('what is left of an agent that is reset', () => {
  it('is nothing: others are told, in the platform’s name', () => {
    const server = shared();
    server.status('ospm0', 'limitsSet', 0, 5, 4);
    for (const key of ['notifyLimits', 'notifyLevel']) server.status('ospm1', key, 0, 1);
    server.disconnect('ospm0');
    expect(server.events('ospm1').sort()).toEqual([
      '004f0000 00000000 00000000 05000000 01000000',
      '014f0000 00000000 00000000 03000000',
    ]);
  });

  it('is nothing, also when another agent resets its configuration', () => {
    const server = shared();
    server.status('ospm1', 'limitsSet', 0, 2, 2);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect([server.limits('ospm1', 0), server.level('ospm1', 0)]).toEqual([[1, 5], 3]);
  });

  it('goes when the clock is no longer kept busy by somebody else', () => {
    const board = new FakeBoard(['a']);
    const server = shared({ board });
    server.status('ospm0', 'levelSet', 0, 5);
    board.answers.set('a rate', Status.E_BUSY);
    server.disconnect('ospm0');
    server.advance(5000);
    expect(server.level('ospm1', 0)).toBe(5);
    board.answers.clear();
    server.advance(1000);
    expect(server.level('ospm1', 0)).toBe(3);
    expect(server.host.deadline).toBe(Infinity);
  });

  it('stays when the hardware fails, and the log says so', () => {
    const board = new FakeBoard(['a']);
    const server = shared({ board });
    server.status('ospm0', 'levelSet', 0, 5);
    board.answers.set('a rate', Status.E_DEVICE);
    server.disconnect('ospm0');
    server.advance(100_000);
    expect(server.level('ospm1', 0)).toBe(5);
    expect(server.host.logged()).toEqual(['[SCMI-PERF] a does not follow its requests: E_DEVICE']);
  });
});

describe('permissions', () => {
  it('of the product let an agent set the one and not the other', () => {
    const server = shared({
      agents: { ospm0: ['a'], ospm1: [{ domain: 'a', limits: false }], ospm2: [{ domain: 'a', level: false }] },
    });
    expect([server.status('ospm1', 'limitsSet', 0, 4, 2), server.status('ospm1', 'levelSet', 0, 4)]).toEqual([-3, 0]);
    expect([server.status('ospm2', 'limitsSet', 0, 5, 2), server.status('ospm2', 'levelSet', 0, 2)]).toEqual([0, -3]);
    expect([server.level('ospm0', 0), server.limits('ospm0', 0)]).toEqual([4, [2, 5]]);
  });

  it('of devices deny every command, and notifications, but fast channels, which are not there', () => {
    const server = shared({
      domains: { a: { opps: OPPS }, b: { opps: OPPS } },
      agents: { ospm0: ['a'], ospm1: ['b', 'a'] },
      devices: [['a']],
    });
    for (const key of ['notifyLimits', 'notifyLevel']) expect(server.status('ospm1', key, 1, 1)).toBe(0);
    expect(server.command('ospm0', BASE_PROTOCOL, 'setDevicePermissions', [2, 0, 0]).status).toBe(0);
    for (const [key, status, ...rest] of [
      ['domainAttributes', -3],
      ['describeLevels', -3, 99],
      ['limitsSet', -3, 99, 99],
      ['limitsGet', -3],
      ['levelSet', -3, 99],
      ['levelGet', -3],
      ['notifyLimits', -3, 1],
      ['notifyLevel', -3, 1],
      ['describeFastchannel', -1, 5],
      ['nameGet', -3],
    ] as const) {
      expect([key, server.status('ospm1', key, 1, ...rest)]).toEqual([key, status]);
    }
    expect(server.status('ospm1', 'levelSet', 0, 2)).toBe(0);
    expect(server.status('ospm0', 'levelSet', 0, 2)).toBe(0);
    expect(server.status('ospm0', 'limitsSet', 0, 2, 2)).toBe(0);
    expect(server.events('ospm1')).toEqual([]);
  });

  it.each([
    ['an agent that there is not', { ospm9: ['a'] }, 'no agent is called ospm9'],
    ['a domain twice', { ospm0: ['a', 'a'] }, 'agent ospm0 lists its resource 1 twice; each once'],
    ['what is no domain', { ospm0: ['z'] }, 'is no performance domain'],
  ])('of the product can’t be for %s', (_what, agents, text) => {
    expect(() => shared({ agents })).toThrow(text);
  });
});

describe('whatever agents do', () => {
  it('limits and level are those of the model, and everyone is told of every change', () => {
    // A linear congruential generator: the same in every run.
    let seed = 4711;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const server = shared();
    for (const key of ['notifyLimits', 'notifyLevel']) server.status('ospm2', key, 0, 1);
    const limits: [number, number][] = [
      [1, 5],
      [1, 5],
    ];
    /** The last request comes last. */
    let requests: { readonly agent: number; readonly level: number }[] = [];
    const held = (): readonly [number, number] => {
      const max = Math.min(...limits.map(one => one[1]));
      return [Math.min(max, Math.max(...limits.map(one => one[0]))), max];
    };
    const wanted = () => {
      const [min, max] = held();
      return Math.min(max, Math.max(min, requests[requests.length - 1]?.level ?? 3));
    };
    let told = [...held(), wanted()];
    for (let step = 0; step < 3000; step++) {
      const agent = random(2);
      const name = `ospm${agent}`;
      const before = held();
      switch (random(8)) {
        case 0:
          server.disconnect(name);
          limits[agent] = [1, 5];
          requests = requests.filter(request => request.agent !== agent);
          break;
        case 1:
        case 2:
        case 3: {
          const [min, max] = [random(7), random(7)];
          const [own, other] = limits[agent] ?? [1, 5];
          const [low, high] = [min === 0 ? own : min, max === 0 ? other : max];
          const isOut = (min === 0 && max === 0) || low > 5 || high > 5;
          expect(server.status(name, 'limitsSet', 0, max, min)).toBe(isOut ? -5 : low > high ? -2 : 0);
          if (!isOut && low <= high) limits[agent] = [low, high];
          break;
        }
        default: {
          const level = random(7);
          const fits = level >= before[0] && level <= before[1];
          expect(server.status(name, 'levelSet', 0, level)).toBe(fits ? 0 : -5);
          if (fits) requests = [...requests.filter(request => request.agent !== agent), { agent, level }];
        }
      }
      expect([step, server.limits(name, 0), server.level(name, 0)]).toEqual([step, held(), wanted()]);
      for (const event of server.events('ospm2')) {
        const [header, , , first = '', second = ''] = event
          .split(' ')
          .map((hex, at) => (at === 0 ? hex : `${Number.parseInt(hex.slice(0, 2), 16)}`));
        told =
          header === '004f0000'
            ? [Number(second), Number(first), told[2] ?? 0]
            : [told[0] ?? 0, told[1] ?? 0, Number(first)];
      }
      expect([step, ...told]).toEqual([step, ...held(), wanted()]);
    }
  });
});
