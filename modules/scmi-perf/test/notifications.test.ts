// SPDX-License-Identifier: BSD-3-Clause
/** Who is told of limits and levels, and in whose words. */
import { PerfServer, type Setup } from './domains.ts';

const OPPS = [
  { level: 10, voltage: 1, power: 0 },
  { level: 20, voltage: 1, power: 0 },
  { level: 30, voltage: 1, power: 0 },
];

/** Domain `a` is 1 to ospm0, 0 to the others. */
const make = (setup: Partial<Setup> = {}) =>
  new PerfServer({
    domains: { a: { opps: OPPS, sustained: 20 }, b: { opps: OPPS, sustained: 20 } },
    agents: { ospm0: ['b', 'a'], ospm1: ['a', 'b'], ospm2: ['a'] },
    ...setup,
  });
const subscribeAll = (server: PerfServer) => {
  for (const key of ['notifyLimits', 'notifyLevel']) {
    for (const [agent, id] of [
      ['ospm0', 1],
      ['ospm1', 0],
    ] as const) {
      expect(server.status(agent, key, id, 1)).toBe(0);
    }
  }
};
const eventsOf = (server: PerfServer) => ['ospm0', 'ospm1', 'ospm2'].map(agent => server.events(agent));

describe('PERFORMANCE_NOTIFY_LIMITS and PERFORMANCE_NOTIFY_LEVEL', () => {
  it.each([
    ['09', '00'],
    ['0a', '01'],
  ])('turn on and off, each also twice: message %s', id => {
    const server = make();
    for (const [enable, told] of [
      ['01', 1],
      ['01', 1],
      ['00', 0],
      ['00', 0],
      ['01', 1],
    ] as const) {
      expect(server.exchange('ospm0', `${id}4c0000 01000000 ${enable}000000`)).toBe(`${id}4c0000 00000000`);
      server.status('ospm1', 'limitsSet', 0, 10, 10);
      expect(server.events('ospm0')).toHaveLength(told);
      server.status('ospm1', 'limitsSet', 0, 30, 10);
      server.status('ospm1', 'levelSet', 0, 20);
      server.events('ospm0');
    }
  });

  it.each([
    ['a domain that is not there, whatever else', [2, 0xff], -4],
    ['reserved bits', [0, 2], -2],
    ['reserved bits', [0, 0xff], -2],
    ['reserved bits', [0, 0x80000001], -2],
    ['reserved bits before what the domain lacks', [1, 2], -2],
    ['a domain without notifications', [1, 1], -1],
    ['a domain without notifications', [1, 0], -1],
  ] as const)('refuse %s', (_what, payload, status) => {
    const server = make({ agents: { ospm0: ['b', { domain: 'a', notify: false }] } });
    for (const key of ['notifyLimits', 'notifyLevel']) expect(server.status('ospm0', key, ...payload)).toBe(status);
    server.status('ospm0', 'levelSet', 1, 30);
    server.status('ospm0', 'limitsSet', 1, 30, 20);
    expect(server.events('ospm0')).toEqual([]);
  });
});

describe('PERFORMANCE_LIMITS_CHANGED', () => {
  it('goes to every subscriber, the causer too, in its own ids, and comes after the answer', () => {
    const server = make();
    subscribeAll(server);
    expect(server.exchange('ospm1', '054c0000 00000000 1e000000 14000000')).toBe('054c0000 00000000');
    expect(eventsOf(server)).toEqual([
      ['004f0000 02000000 01000000 1e000000 14000000'],
      ['004f0000 02000000 00000000 1e000000 14000000'],
      [],
    ]);
  });

  it('is not for limits that are as they were, of the agent or of all', () => {
    const server = make();
    subscribeAll(server);
    server.status('ospm1', 'limitsSet', 0, 20, 10);
    expect(eventsOf(server)).toEqual([[expect.anything()], [expect.anything()], []]);
    server.status('ospm1', 'limitsSet', 0, 20, 10);
    server.status('ospm2', 'limitsSet', 0, 20, 10);
    server.status('ospm1', 'limitsSet', 0, 30, 10);
    expect(eventsOf(server)).toEqual([[], [], []]);
    server.status('ospm2', 'limitsSet', 0, 30, 10);
    expect(eventsOf(server)).toEqual([
      ['004f0000 03000000 01000000 1e000000 0a000000'],
      ['004f0000 03000000 00000000 1e000000 0a000000'],
      [],
    ]);
  });

  it('tells the limits of all, not those of the causer', () => {
    const server = make();
    server.status('ospm2', 'limitsSet', 0, 20, 10);
    subscribeAll(server);
    server.status('ospm1', 'limitsSet', 0, 30, 20);
    expect(server.events('ospm1')).toEqual(['004f0000 02000000 00000000 14000000 14000000']);
  });

  it('comes with LEVEL_CHANGED when the level must move', () => {
    const server = make();
    subscribeAll(server);
    server.status('ospm1', 'limitsSet', 0, 10, 10);
    expect(server.events('ospm0').sort()).toEqual([
      '004f0000 02000000 01000000 0a000000 0a000000',
      '014f0000 02000000 01000000 0a000000',
    ]);
  });
});

describe('PERFORMANCE_LEVEL_CHANGED', () => {
  it('goes to every subscriber, the causer too, in its own ids, and comes after the answer', () => {
    const server = make();
    subscribeAll(server);
    expect(server.exchange('ospm0', '074c0000 01000000 1e000000')).toBe('074c0000 00000000');
    expect(eventsOf(server)).toEqual([
      ['014f0000 01000000 01000000 1e000000'],
      ['014f0000 01000000 00000000 1e000000'],
      [],
    ]);
  });

  it('is not for a level it is in, nor for another domain', () => {
    const server = make();
    subscribeAll(server);
    server.status('ospm0', 'levelSet', 1, 20);
    server.status('ospm0', 'levelSet', 0, 30);
    expect(eventsOf(server)).toEqual([[], [], []]);
  });

  it('tells of the platform’s changes', () => {
    const server = make();
    subscribeAll(server);
    server.dvfs.setOpp(server.domainId('a'), 0, 0);
    server.framework.run();
    expect(server.events('ospm1')).toEqual(['014f0000 00000000 00000000 0a000000']);
  });
});

describe('notifications', () => {
  it.each([
    ['00000100', '1e000000 14000000', '1e000000'],
    ['00000200', '1e000000 14000000', '1e000000'],
    ['00000300', '1e000000 14000000', '1e000000'],
    ['00000400', '02000000 01000000', '02000000'],
  ])('name levels as the version does that their recipient speaks: %s', (version, limits, level) => {
    const server = make({ domains: { a: { opps: OPPS, sustained: 20, levelIndexing: true }, b: { opps: OPPS } } });
    server.exchange('ospm0', `104c0000 ${version}`);
    subscribeAll(server);
    server.status('ospm1', 'limitsSet', 0, 2, 1);
    server.status('ospm1', 'levelSet', 0, 2);
    expect(server.events('ospm0')).toEqual([
      `004f0000 02000000 01000000 ${limits}`,
      `014f0000 02000000 01000000 ${level}`,
    ]);
    expect(server.events('ospm1')).toEqual([
      '004f0000 02000000 00000000 02000000 01000000',
      '014f0000 02000000 00000000 02000000',
    ]);
  });

  it('are off again after the agent is reset, and only its own', () => {
    const server = make();
    subscribeAll(server);
    server.disconnect('ospm0');
    server.status('ospm1', 'levelSet', 0, 30);
    expect(eventsOf(server)).toEqual([[], [expect.anything()], []]);
  });

  it('are dropped for an agent without buffers, and the command is answered', () => {
    const server = make();
    subscribeAll(server);
    server.setBuffers('ospm0', false);
    expect(server.status('ospm0', 'levelSet', 1, 30)).toBe(0);
    expect(server.status('ospm0', 'limitsSet', 1, 30, 30)).toBe(0);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.events('ospm1')).toHaveLength(2);
  });

  it('are dropped when there is no room for their events, and the command is answered', () => {
    const server = make({ eventCount: 1 });
    subscribeAll(server);
    expect(server.status('ospm0', 'limitsSet', 1, 10, 10)).toBe(0);
    expect([server.level('ospm0', 1), server.limits('ospm0', 1)]).toEqual([10, [10, 10]]);
  });
});
