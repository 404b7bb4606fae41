// SPDX-License-Identifier: BSD-3-Clause
/** Every command at every version: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { FakeBoard } from '@scp/dvfs/testing';
import { Status } from '@scp/framework';
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { words } from '@scp/scmi/testing';
import { PERF_PROTOCOL } from '@scp/scmi-perf/messages';
import { PerfServer, type Setup } from './domains.ts';

const LONG = 'a-performance-domain-with-a-very-long-name';
const OPPS = [
  { level: 500, frequency: 500_000_000, voltage: 600_000, power: 300 },
  { level: 1000, frequency: 1_000_000_000, voltage: 700_000, power: 0 },
  { level: 1500, frequency: 1_500_000_000, voltage: 800_000, power: 1500 },
];
const DOMAINS = {
  big: { opps: OPPS, sustained: 1000, latency: 1200, rateLimit: 0x12345 },
  [LONG]: { opps: OPPS },
  index: {
    opps: [
      { level: 7, frequency: 100_000_000, voltage: 1, power: 1 },
      { level: 20, frequency: 250_000_000, voltage: 1, power: 2 },
      { level: 30, frequency: 300_000_000, voltage: 1, power: 3 },
    ],
    sustained: 20,
    levelIndexing: true,
  },
  fixed: { opps: OPPS },
};
const AGENTS = {
  ospm0: ['big', LONG, 'index', { domain: 'fixed', limits: false, level: false, notify: false }],
} as const;
const VERSIONS = [0x10000, 0x20000, 0x30000, 0x40000] as const;
type Version = (typeof VERSIONS)[number];

const server = (version: Version = 0x40000, setup: Partial<Setup> = {}) =>
  new PerfServer({ domains: DOMAINS, agents: AGENTS, version, ...setup });

const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
};

describe('PROTOCOL_VERSION and NEGOTIATE_PROTOCOL_VERSION', () => {
  it.each([
    [0x10000, '00000100'],
    [0x20000, '00000200'],
    [0x30000, '00000300'],
    [0x40000, '00000400'],
  ] as const)('offer version %i', (version, bytes) => {
    expect(server(version).exchange('ospm0', '004c0400')).toBe(`004c0400 00000000 ${bytes}`);
  });

  it('let an agent speak an older version from then on, and only that agent', () => {
    const both = server(0x40000, { agents: { ospm0: ['index'], ospm1: ['index'] } });
    for (const [version, answer] of [
      ['00000300', '00000000'],
      ['01000300', 'ffffffff'],
      ['01000400', 'ffffffff'],
      ['00000500', 'ffffffff'],
    ] as const) {
      expect(both.exchange('ospm0', `104c0000 ${version}`)).toBe(`104c0000 ${answer}`);
    }
    expect(both.exchange('ospm0', '084c0000 00000000')).toBe('084c0000 00000000 14000000');
    expect(both.exchange('ospm1', '084c0000 00000000')).toBe('084c0000 00000000 01000000');
    expect(both.exchange('ospm0', '004c0000')).toBe('004c0000 00000000 00000400');
  });

  it.each([0x10000, 0x20000, 0x30000] as const)('is not there at version %i', version => {
    expect(server(version).exchange('ospm0', '104c0000 00000100')).toBe('104c0000 fcffffff');
  });
});

describe('PROTOCOL_ATTRIBUTES', () => {
  it.each([
    ['abstract', 0x10000, 0],
    ['abstract', 0x40000, 0],
    ['mW', 0x10000, 1],
    ['mW', 0x20000, 1],
    ['mW', 0x40000, 1],
    ['uW', 0x10000, 1],
    ['uW', 0x20000, 1],
    ['uW', 0x30000, 2],
    ['uW', 0x40000, 2],
  ] as const)(
    'tell the power unit, the number of domains and no statistics: %s at version %i',
    (powerUnit, version, unit) => {
      expect(server(version, { powerUnit }).exchange('ospm0', '014c0000')).toBe(
        `014c0000 00000000 04000${unit}00 00000000 00000000 00000000`,
      );
    },
  );

  it('count the domains of the agent; one that has none has no such protocol', () => {
    const one = server(0x40000, { agents: { ospm0: ['big'], ospm1: ['big', 'index'], ospm2: [] } });
    expect(one.exchange('ospm1', '014c0000').slice(18, 26)).toBe('02000100');
    expect(one.exchange('ospm2', '014c0000')).toBe('014c0000 ffffffff');
    expect(one.exchange('ospm2', '004c0000')).toBe('004c0000 ffffffff');
  });
});

describe('PROTOCOL_MESSAGE_ATTRIBUTES', () => {
  it.each([
    [0x10000, 10, false],
    [0x20000, 11, false],
    [0x30000, 12, false],
    [0x40000, 12, true],
  ] as const)('know the messages of version %i, none of which has a fast channel', (version, last, negotiates) => {
    const one = server(version);
    for (let id = 0; id <= 0xff; id++) {
      const exists = id <= last || (negotiates && id === 16);
      expect(one.exchange('ospm0', `024c0000 ${word(id)}`)).toBe(
        exists ? '024c0000 00000000 00000000' : '024c0000 fcffffff',
      );
    }
    expect(one.exchange('ospm0', '024c0000 03010000')).toBe('024c0000 fcffffff');
  });

  it('know no notifications for an agent without a way for them, or without a domain that has them', () => {
    const one = server(0x40000, { agents: { ospm0: ['big'], ospm1: [{ domain: 'big', notify: false }] } });
    one.setP2a('ospm0', false);
    for (const id of ['09', '0a']) {
      for (const agent of ['ospm0', 'ospm1']) {
        expect(one.exchange(agent, `024c0000 ${id}000000`)).toBe('024c0000 fcffffff');
      }
      expect(one.exchange('ospm0', `${id}4c0000 00000000 01000000`)).toBe(`${id}4c0000 ffffffff`);
      expect(one.exchange('ospm1', `${id}4c0000 00000000 01000000`)).toBe(`${id}4c0000 fcffffff`);
    }
  });
});

describe('PERFORMANCE_DOMAIN_ATTRIBUTES', () => {
  const NAMES = {
    big: '62696700 00000000 00000000 00000000',
    long: '612d7065 72666f72 6d616e63 652d6400',
    index: '696e6465 78000000 00000000 00000000',
    fixed: '66697865 64000000 00000000 00000000',
  };

  it.each([
    ['big', 0, VERSIONS, '000000f0', '45230100 40420f00 e8030000'],
    ['long', 1, [0x10000, 0x20000], '000000f0', '00000000 60e31600 dc050000'],
    ['long', 1, [0x30000, 0x40000], '000000f4', '00000000 60e31600 dc050000'],
    ['index', 2, [0x10000, 0x20000, 0x30000], '000000f0', '00000000 90d00300 14000000'],
    ['index', 2, [0x40000], '000000f2', '00000000 90d00300 14000000'],
    ['fixed', 3, VERSIONS, '00000000', '00000000 60e31600 dc050000'],
  ] as const)('of %s, domain %i, at versions %j', (name, id, versions, attributes, rest) => {
    for (const version of versions) {
      expect(server(version).exchange('ospm0', `034c0000 0${id}000000`)).toBe(
        `034c0000 00000000 ${attributes} ${rest} ${NAMES[name]}`,
      );
    }
  });

  it.each([
    [{ limits: false }, '00000070'],
    [{ level: false }, '000000b0'],
    [{ notify: false }, '000000c0'],
    [{ limits: true, level: true, notify: true }, '000000f0'],
  ])('tell what the agent may do: %j', (entry, attributes) => {
    const one = server(0x40000, { agents: { ospm0: [{ domain: 'big', ...entry }] } });
    expect(one.exchange('ospm0', '034c0000 00000000').slice(18, 26)).toBe(attributes);
  });

  it('tell of no notifications to an agent without a way for them', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.exchange('ospm0', '034c0000 00000000').slice(18, 26)).toBe('000000c0');
  });

  it.each([4, 5, 0x10000, 0xffffffff])('answer NOT_FOUND to domain %i', id => {
    expect(server().exchange('ospm0', `034c0000 ${word(id)}`)).toBe('034c0000 fcffffff');
  });
});

describe('PERFORMANCE_DESCRIBE_LEVELS', () => {
  it.each([0x10000, 0x20000, 0x30000] as const)('has three words for a level at version %i', version => {
    expect(server(version).exchange('ospm0', '044c0000 00000000 00000000')).toBe(
      '044c0000 00000000 03000000 f4010000 2c010000 b0040000 e8030000 00000000 b0040000 dc050000 dc050000 b0040000',
    );
    expect(server(version).exchange('ospm0', '044c0000 02000000 01000000')).toBe(
      '044c0000 00000000 02000000 14000000 02000000 00000000 1e000000 03000000 00000000',
    );
  });

  it('has five words for a level at version 4.0, indexing or not', () => {
    expect(server().exchange('ospm0', '044c0000 00000000 01000000')).toBe(
      '044c0000 00000000 02000000 e8030000 00000000 b0040000 40420f00 01000000 dc050000 dc050000 b0040000 60e31600 02000000',
    );
    expect(server().exchange('ospm0', '044c0000 02000000 00000000')).toBe(
      '044c0000 00000000 03000000 07000000 01000000 00000000 a0860100 00000000 14000000 02000000 00000000 90d00300 01000000 1e000000 03000000 00000000 e0930400 02000000',
    );
  });

  it.each([
    [0x10000, 'uW', [2, 0, 1, 1]],
    [0x20000, 'uW', [2, 0, 1, 1]],
    [0x30000, 'uW', [1500, 0, 499, 1]],
    [0x40000, 'uW', [1500, 0, 499, 1]],
    [0x10000, 'mW', [1500, 0, 499, 1]],
    [0x10000, 'abstract', [1500, 0, 499, 1]],
  ] as const)('tells power costs in the unit of PROTOCOL_ATTRIBUTES: at version %i %s', (version, powerUnit, costs) => {
    const opps = [1500, 0, 499, 1].map((power, at) => ({ level: at + 1, voltage: 1, power }));
    const one = server(version, { domains: { a: { opps } }, agents: { ospm0: ['a'] }, powerUnit });
    const answer = Buffer.from(one.exchange('ospm0', '044c0000 00000000 00000000').split(' ').join(''), 'hex');
    const size = version === 0x40000 ? 20 : 12;
    expect(costs.map((_cost, at) => answer.readUInt32LE(12 + at * size + 4))).toEqual(costs);
  });

  it.each([
    [0x10000, 'feffffff'],
    [0x20000, 'feffffff'],
    [0x30000, 'feffffff'],
    [0x40000, 'fbffffff'],
  ] as const)('past the end, at version %i', (version, status) => {
    for (const index of [3, 4, 0xffffffff]) {
      expect(server(version).exchange('ospm0', `044c0000 00000000 ${word(index)}`)).toBe(`044c0000 ${status}`);
    }
  });
});

describe('PERFORMANCE_LIMITS_SET and PERFORMANCE_LIMITS_GET', () => {
  it.each(VERSIONS)('set and tell, the upper limit first, at version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '064c0000 00000000')).toBe('064c0000 00000000 dc050000 f4010000');
    expect(one.exchange('ospm0', '054c0000 00000000 dc050000 e8030000')).toBe('054c0000 00000000');
    expect(one.exchange('ospm0', '064c0000 00000000')).toBe('064c0000 00000000 dc050000 e8030000');
    expect(one.exchange('ospm0', '054c0000 00000000 e8030000 e8030000')).toBe('054c0000 00000000');
    expect(one.exchange('ospm0', '064c0000 00000000')).toBe('064c0000 00000000 e8030000 e8030000');
    // Those of other domains are their own.
    expect(one.exchange('ospm0', '064c0000 01000000')).toBe('064c0000 00000000 dc050000 f4010000');
  });

  it('name levels by index at version 4.0, and by level before', () => {
    const [now, before] = [server(), server(0x30000)];
    expect(now.exchange('ospm0', '054c0000 02000000 02000000 01000000')).toBe('054c0000 00000000');
    expect(now.exchange('ospm0', '064c0000 02000000')).toBe('064c0000 00000000 02000000 01000000');
    expect(before.exchange('ospm0', '054c0000 02000000 1e000000 14000000')).toBe('054c0000 00000000');
    expect(before.exchange('ospm0', '064c0000 02000000')).toBe('064c0000 00000000 1e000000 14000000');
    expect(before.status('ospm0', 'limitsSet', 2, 2, 1)).toBe(-5);
    expect(now.status('ospm0', 'limitsSet', 2, 30, 20)).toBe(-5);
  });

  it.each([0x30000, 0x40000] as const)('leave a limit that is 0 as it is, at version %i', version => {
    const one = server(version);
    for (const [max, min, limits] of [
      [1000, 0, [500, 1000]],
      [0, 1000, [1000, 1000]],
      [1500, 0, [1000, 1500]],
      [0, 500, [500, 1500]],
    ] as const) {
      expect(one.status('ospm0', 'limitsSet', 0, max, min)).toBe(0);
      expect(one.limits('ospm0', 0)).toEqual(limits);
    }
    one.status('ospm0', 'limitsSet', 0, 0, 1000);
    expect(one.status('ospm0', 'limitsSet', 0, 500, 0)).toBe(-2);
    expect(one.limits('ospm0', 0)).toEqual([1000, 1500]);
  });

  it('leave a limit that is index 0 as it is', () => {
    const one = server();
    one.status('ospm0', 'limitsSet', 2, 2, 1);
    expect(one.status('ospm0', 'limitsSet', 2, 1, 0)).toBe(0);
    expect(one.limits('ospm0', 2)).toEqual([1, 1]);
    expect(one.status('ospm0', 'limitsSet', 2, 0, 0)).toBe(-5);
    expect(one.status('ospm0', 'limitsSet', 2, 3, 1)).toBe(-5);
  });

  it.each([
    ['a domain that is not there, whatever else', VERSIONS, [4, 9, 9], -4],
    ['a domain the agent may not limit, whatever else', VERSIONS, [3, 9, 99], -3],
    ['an upper limit beyond', VERSIONS, [0, 1501, 500], -5],
    ['a lower limit beyond', VERSIONS, [0, 1500, 499], -5],
    ['a lower limit beyond a word', VERSIONS, [0, 1500, 0xffffffff], -5],
    ['what is between two levels', VERSIONS, [0, 1499, 500], -5],
    ['what is between two levels', VERSIONS, [0, 1500, 501], -5],
    ['limits upside down', VERSIONS, [0, 500, 1500], -2],
    ['limits upside down, one beyond', VERSIONS, [0, 500, 1501], -5],
    ['a limit of 0, which is a level like any other', [0x10000, 0x20000], [0, 0, 500], -5],
    ['a limit of 0, which is a level like any other', [0x10000, 0x20000], [0, 1500, 0], -5],
    ['limits that are both left', VERSIONS, [0, 0, 0], -5],
  ] as const)('refuse %s, at versions %j', (_what, versions, payload, status) => {
    for (const version of versions) {
      const one = server(version);
      one.status('ospm0', 'notifyLimits', 0, 1);
      expect(one.status('ospm0', 'limitsSet', ...payload)).toBe(status);
      for (const id of [0, 1, 3]) expect(one.limits('ospm0', id)).toEqual([500, 1500]);
      expect(one.events('ospm0')).toEqual([]);
    }
  });

  it('tell limits of a domain the agent may not set', () => {
    expect(server().exchange('ospm0', '064c0000 03000000')).toBe('064c0000 00000000 dc050000 f4010000');
  });
});

describe('PERFORMANCE_LEVEL_SET and PERFORMANCE_LEVEL_GET', () => {
  it.each(VERSIONS)('set and tell, at version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '084c0000 00000000')).toBe('084c0000 00000000 e8030000');
    for (const level of ['dc050000', 'dc050000', 'f4010000', 'e8030000']) {
      expect(one.exchange('ospm0', `074c0000 00000000 ${level}`)).toBe('074c0000 00000000');
      expect(one.exchange('ospm0', '084c0000 00000000')).toBe(`084c0000 00000000 ${level}`);
    }
    expect(one.exchange('ospm0', '084c0000 01000000')).toBe('084c0000 00000000 dc050000');
  });

  it('reach clock and supply', () => {
    const board = new FakeBoard(Object.keys(DOMAINS));
    const one = server(0x40000, { board });
    one.status('ospm0', 'levelSet', 0, 1500);
    expect(board.at('big')).toEqual([1_500_000_000, 800_000]);
    one.status('ospm0', 'levelSet', 2, 0);
    expect(board.at('index')).toEqual([100_000_000, 1]);
  });

  it('name levels by index at version 4.0, 0 too, and by level before', () => {
    const [now, before] = [server(), server(0x30000)];
    for (const index of ['02', '00', '01']) {
      expect(now.exchange('ospm0', `074c0000 02000000 ${index}000000`)).toBe('074c0000 00000000');
      expect(now.exchange('ospm0', '084c0000 02000000')).toBe(`084c0000 00000000 ${index}000000`);
    }
    for (const level of ['1e', '07', '14']) {
      expect(before.exchange('ospm0', `074c0000 02000000 ${level}000000`)).toBe('074c0000 00000000');
      expect(before.exchange('ospm0', '084c0000 02000000')).toBe(`084c0000 00000000 ${level}000000`);
    }
    expect([now.status('ospm0', 'levelSet', 2, 3), now.status('ospm0', 'levelSet', 2, 20)]).toEqual([-5, -5]);
    expect(before.status('ospm0', 'levelSet', 2, 1)).toBe(-5);
  });

  it.each([
    ['a domain that is not there, whatever else', [4, 9], -4],
    ['a domain the agent may not set, whatever else', [3, 9], -3],
    ['a level beyond', [0, 1501], -5],
    ['a level below', [0, 499], -5],
    ['no level', [0, 0], -5],
    ['what is between two levels', [0, 750], -5],
    ['a level beyond a word’s sign', [0, 0xffffffff], -5],
  ] as const)('refuse %s', (_what, payload, status) => {
    for (const version of VERSIONS) {
      const one = server(version);
      one.status('ospm0', 'notifyLevel', 0, 1);
      expect(one.status('ospm0', 'levelSet', ...payload)).toBe(status);
      expect([one.level('ospm0', 0), one.level('ospm0', 3)]).toEqual([1000, 1500]);
      expect(one.events('ospm0')).toEqual([]);
    }
  });

  it('refuse a level outside the limits', () => {
    const one = server();
    one.status('ospm0', 'limitsSet', 0, 1000, 1000);
    expect([500, 1000, 1500].map(level => one.status('ospm0', 'levelSet', 0, level))).toEqual([-5, 0, -5]);
    expect(one.level('ospm0', 0)).toBe(1000);
  });

  it('tell the level of a domain the agent may not set', () => {
    expect(server().exchange('ospm0', '084c0000 03000000')).toBe('084c0000 00000000 dc050000');
  });
});

describe('PERFORMANCE_DESCRIBE_FASTCHANNEL', () => {
  it('says that there is none, for every message of every domain', () => {
    const one = server();
    for (const id of [0, 3]) {
      for (const message of [0, 4, 5, 6, 7, 8, 9, 0xc, 0xff, 0x100]) {
        expect(one.status('ospm0', 'describeFastchannel', id, message)).toBe(-1);
      }
    }
    expect(one.exchange('ospm0', '0b4c0000 04000000 05000000')).toBe('0b4c0000 fcffffff');
  });

  it('is not there at version 1.0', () => {
    expect(server(0x10000).exchange('ospm0', '0b4c0000 00000000 05000000')).toBe('0b4c0000 fcffffff');
    expect(server(0x20000).exchange('ospm0', '0b4c0000 00000000 05000000')).toBe('0b4c0000 ffffffff');
  });
});

describe('PERFORMANCE_DOMAIN_NAME_GET', () => {
  it.each([
    [0x30000, 0, 'big'],
    [0x30000, 1, LONG],
    [0x40000, 1, LONG],
  ] as const)('at version %i of domain %i', (version, domain, name) => {
    const answer = server(version).exchange('ospm0', `0c4c0000 0${domain}000000`);
    const bytes = Buffer.from(name).toString('hex').padEnd(128, '0');
    expect(answer.split(' ').join('')).toBe(`0c4c0000${'0'.repeat(8)}${'0'.repeat(8)}${bytes}`);
  });

  it.each([0x10000, 0x20000] as const)('is not there at version %i', version => {
    expect(server(version).exchange('ospm0', '0c4c0000 00000000')).toBe('0c4c0000 fcffffff');
  });
});

describe('what a driver says to a level', () => {
  it.each([
    [Status.E_DEVICE, -9],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_NOMEM, -6],
    [Status.E_SUPPORT, -1],
    [Status.E_TIMEOUT, -8],
  ])('is answered, and nothing has changed: %i is %i', (status, answer) => {
    const board = new FakeBoard(Object.keys(DOMAINS));
    const one = server(0x40000, { board });
    one.status('ospm0', 'notifyLevel', 0, 1);
    one.status('ospm0', 'notifyLimits', 0, 1);
    board.answers.set('big voltage', status);
    board.answers.set('big rate', status);
    expect(one.status('ospm0', 'levelSet', 0, 1500)).toBe(answer);
    expect(one.status('ospm0', 'limitsSet', 0, 500, 500)).toBe(answer);
    expect([one.level('ospm0', 0), one.limits('ospm0', 0)]).toEqual([1000, [500, 1500]]);
    board.answers.clear();
    // Neither the level nor the limits that were refused stand.
    expect(one.status('ospm0', 'limitsSet', 0, 1500, 500)).toBe(0);
    expect(one.level('ospm0', 0)).toBe(1000);
    expect(one.events('ospm0')).toEqual([]);
  });
});

describe('lengths', () => {
  const cases = VERSIONS.flatMap(version =>
    Object.values(PERF_PROTOCOL.commands)
      .filter(command => command.since <= version)
      .map(({ name, id, request }) => ({ name, id, version, size: layoutAt(request, version).size })),
  );

  it.each(cases)('$name at $version takes $size bytes', ({ id, version, size }) => {
    const head = header(PERF_PROTOCOL.id, id, MessageType.COMMAND, 0);
    const one = server(version);
    const send = (length: number) => {
      const bytes = new Uint8Array(4 + length);
      bytes.set(words(head));
      const answer = one.send('ospm0', bytes);
      return answer === undefined ? [] : [answer.length, new DataView(answer.buffer).getInt32(4, true)];
    };
    for (let length = 0; length < size; length++) expect(send(length)).toEqual([8, -10]);
    for (const length of [size + 1, size + 4, 200]) expect(send(length)).toEqual([8, -10]);
    expect(send(size)[1]).not.toBe(-10);
  });

  it.each([
    ['014c0000', 24],
    ['034c0000 00000000', 40],
    ['044c0000 00000000 00000000', 32],
    ['064c0000 00000000', 16],
    ['084c0000 00000000', 12],
    ['0c4c0000 00000000', 76],
  ])('of the answer to %s: it needs room for %i bytes', (hex, room) => {
    expect(server().exchange('ospm0', hex, room).slice(9, 17)).toBe('00000000');
    expect(
      server()
        .exchange('ospm0', hex, room - 1)
        .slice(9),
    ).toBe('f9ffffff');
  });
});
