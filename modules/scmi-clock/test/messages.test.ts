// SPDX-License-Identifier: BSD-3-Clause
/** Every command at every version: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { statusOf, words } from '@scp/scmi/testing';
import { CLOCK_PROTOCOL } from '@scp/scmi-clock/messages';
import { ClockServer } from './clocks.ts';

const LONG = 'a-clock-with-a-very-long-name';
const CLOCKS = {
  uart: { rates: [100, 200, 300], enableDelay: 1500, on: true },
  [LONG]: { range: { min: 1, max: 2 ** 40, step: 1 }, dutyCycle: 50 },
  mux: { parents: ['uart', 'osc'], parent: 'osc', divider: 2 },
  osc: { fixed: 5_000_000_000 },
};
const VERSIONS = [0x10000, 0x20000, 0x30000] as const;

const server = (version: (typeof VERSIONS)[number] = 0x30000) => new ClockServer({ clocks: CLOCKS, version });

describe('PROTOCOL_VERSION and NEGOTIATE_PROTOCOL_VERSION', () => {
  it.each([
    [0x10000, '00000100'],
    [0x20000, '00000200'],
    [0x30000, '00000300'],
  ] as const)('offer version %i', (version, bytes) => {
    expect(server(version).exchange('ospm0', '00500400')).toBe(`00500400 00000000 ${bytes}`);
  });

  it('let an agent speak an older version from then on, and only that agent', () => {
    const agents = { ospm0: ['uart'], ospm1: ['uart'] };
    const both = new ClockServer({ clocks: CLOCKS, agents });
    expect(both.exchange('ospm0', '10500000 00000100')).toBe('10500000 00000000');
    expect(both.exchange('ospm0', '03500000 00000000')).toBe(
      '03500000 00000000 01000000 75617274 00000000 00000000 00000000',
    );
    expect(both.exchange('ospm0', '0b500000 00000000 00000000')).toBe('0b500000 fcffffff');
    expect(both.exchange('ospm1', '03500000 00000000')).toBe(
      '03500000 00000000 010000c0 75617274 00000000 00000000 00000000 dc050000',
    );
    expect(both.exchange('ospm0', '10500000 00000400')).toBe('10500000 ffffffff');
    expect(both.exchange('ospm0', '10500000 00000300')).toBe('10500000 00000000');
    expect(both.exchange('ospm0', '03500000 00000000')).toBe(
      '03500000 00000000 010000c0 75617274 00000000 00000000 00000000 dc050000',
    );
  });

  it('are not there to negotiate before version 3.0', () => {
    expect(server(0x20000).exchange('ospm0', '10500000 00000200')).toBe('10500000 fcffffff');
  });
});

describe('PROTOCOL_MESSAGE_ATTRIBUTES', () => {
  it.each([
    [0x10000, [0, 1, 2, 3, 4, 5, 6, 7]],
    [0x20000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [0x30000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
  ] as const)('knows the commands of version %i', (version, ids) => {
    const one = server(version);
    const known = [];
    for (let id = 0; id < 0x120; id++) {
      const { status, values } = one.clockCommand('ospm0', 'messageAttributes', id);
      if (status === 0) {
        expect(values).toEqual({ attributes: 0 });
        known.push(id);
      } else expect(status).toBe(-4);
    }
    expect(known).toEqual(ids);
  });
});

describe('PROTOCOL_ATTRIBUTES', () => {
  it('tells the pending rate changes and the clocks of the agent', () => {
    const agents = { ospm0: ['uart', 'osc'], ospm1: ['mux'] };
    const both = new ClockServer({ clocks: CLOCKS, agents, maxPendingRateChanges: 255 });
    expect(both.exchange('ospm0', '01500000')).toBe('01500000 00000000 0200ff00');
    expect(both.exchange('ospm1', '01500000')).toBe('01500000 00000000 0100ff00');
    expect(both.exchange('ospm2', '01500000')).toBe('01500000 ffffffff');
  });
});

describe('CLOCK_ATTRIBUTES', () => {
  it.each([
    [0x10000, 0, '01000000 75617274 00000000 00000000 00000000'],
    [0x20000, 0, '010000c0 75617274 00000000 00000000 00000000 dc050000'],
    [0x30000, 0, '010000c0 75617274 00000000 00000000 00000000 dc050000'],
    [0x10000, 1, '00000000 612d636c 6f636b2d 77697468 2d612d00'],
    [0x20000, 1, '000000e0 612d636c 6f636b2d 77697468 2d612d00 00000000'],
    [0x30000, 1, '000000e8 612d636c 6f636b2d 77697468 2d612d00 00000000'],
    [0x20000, 2, '000000c0 6d757800 00000000 00000000 00000000 00000000'],
    [0x30000, 2, '000000d0 6d757800 00000000 00000000 00000000 00000000'],
  ] as const)('at version %i of clock %i', (version, clock, bytes) => {
    expect(server(version).exchange('ospm0', `03500000 0${clock}000000`)).toBe(`03500000 00000000 ${bytes}`);
  });

  it('is not found', () => {
    expect(server().exchange('ospm0', '03500000 04000000')).toBe('03500000 fcffffff');
  });
});

describe('CLOCK_NAME_GET', () => {
  it.each([
    [0, '75617274'.padEnd(128, '0')],
    [1, Buffer.from(LONG).toString('hex').padEnd(128, '0')],
  ])('of clock %i', (clock, name) => {
    const answer = server(0x20000).exchange('ospm0', `08500000 0${clock}000000`);
    expect(answer.split(' ').join('')).toBe(`08500000${'0'.repeat(8)}${'0'.repeat(8)}${name}`);
  });

  it('is not found', () => {
    expect(server().exchange('ospm0', '08500000 04000000')).toBe('08500000 fcffffff');
  });
});

describe('CLOCK_RATE_GET and CLOCK_RATE_SET', () => {
  it('carry rates above 2^32', () => {
    const one = server();
    expect(one.exchange('ospm0', '06500000 03000000')).toBe('06500000 00000000 00f2052a 01000000');
    expect(one.exchange('ospm0', '05500000 00000000 01000000 efbeadde ff000000')).toBe('05500000 00000000');
    expect(one.exchange('ospm0', '06500000 01000000')).toBe('06500000 00000000 efbeadde ff000000');
  });

  it.each([
    [0x0, 250, 0, 200],
    [0x4, 250, 0, 300],
    [0x8, 250, 0, 200],
    [0x8, 251, 0, 300],
    [0xc, 249, 0, 200],
    [0x2, 299, 0, 200],
    [0x4, 50, 0, 100],
    [0x0, 50, -2, 100],
    [0x8, 50, -2, 100],
    [0x0, 301, -2, 100],
    [0x4, 301, -2, 100],
    [0x8, 301, -2, 100],
    [0x10, 200, -2, 100],
    [0x80000000, 200, -2, 100],
  ])('with flags %i and rate %i answer %i and lead to %i', (flags, rate, status, result) => {
    const one = server();
    expect(one.status('ospm0', 'rateSet', flags, 0, rate, 0)).toBe(status);
    expect(one.rate('ospm0', 0)).toBe(result);
  });

  it('refuse rates that no clock has', () => {
    const one = server();
    for (const [low, high] of [
      [0xffffffff, 0xffffffff],
      [0, 0x200000],
      [1, 0x100],
    ] as const) {
      expect(one.status('ospm0', 'rateSet', 0, 1, low, high)).toBe(-2);
    }
  });

  it('set a clock that is stopped, which keeps the rate', () => {
    const one = server();
    one.status('ospm0', 'configSet', 0, 0);
    expect(one.status('ospm0', 'rateSet', 0, 0, 300, 0)).toBe(0);
    expect(one.rate('ospm0', 0)).toBe(300);
    one.status('ospm0', 'configSet', 0, 1);
    expect(one.rate('ospm0', 0)).toBe(300);
  });
});

describe('CLOCK_CONFIG_SET and CLOCK_CONFIG_GET', () => {
  it.each(VERSIONS)('enable and disable with 8 bytes at version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '07500000 01000000 01000000')).toBe('07500000 00000000');
    expect(one.isEnabled('ospm0', 1)).toBe(true);
    expect(one.exchange('ospm0', '07500000 01000000 00000000')).toBe('07500000 00000000');
    expect(one.isEnabled('ospm0', 1)).toBe(false);
  });

  it('enable with 12 bytes at version 3.0 only', () => {
    expect(server().exchange('ospm0', '07500000 01000000 01000000 ffffffff')).toBe('07500000 00000000');
    expect(server(0x20000).exchange('ospm0', '07500000 01000000 01000000 00000000')).toBe('07500000 f6ffffff');
  });

  it('tell the state', () => {
    const one = server();
    expect(one.exchange('ospm0', '0b500000 00000000 00000000')).toBe('0b500000 00000000 00000000 01000000 00000000');
    expect(one.exchange('ospm0', '0b500000 01000000 00000000')).toBe('0b500000 00000000 00000000 00000000 00000000');
  });

  it('set and tell extended configuration, with the state or without', () => {
    const one = server();
    const get = () => one.exchange('ospm0', '0b500000 01000000 01000000');
    expect(get()).toBe('0b500000 00000000 00000000 00000000 32000000');
    expect(one.exchange('ospm0', '07500000 01000000 03000100 19000000')).toBe('07500000 00000000');
    expect(get()).toBe('0b500000 00000000 00000000 00000000 19000000');
    expect(one.exchange('ospm0', '07500000 01000000 01000100 1a000000')).toBe('07500000 00000000');
    expect(get()).toBe('0b500000 00000000 00000000 01000000 1a000000');
  });

  it.each([
    ['reserved bits', 0x20000, [0, 2], -2],
    ['reserved bits', 0x20000, [0, 3], -2],
    ['a reserved bit', 0x30000, [0, 4], -2],
    ['a reserved bit', 0x30000, [0, 1 << 15], -2],
    ['a reserved bit', 0x30000, [0, 1 << 24], -2],
    ['the reserved state', 0x30000, [0, 2], -2],
    ['nothing to do', 0x30000, [0, 3], -2],
    ['a type the clock does not have', 0x30000, [1, 0x20001, 0], -2],
    ['a type no clock has', 0x30000, [0, 0x10001, 50], -2],
    ['a vendor type', 0x30000, [1, 0x800001, 50], -2],
    ['a value out of range', 0x30000, [1, 0x10001, 101], -2],
    ['a type without its value', 0x30000, [1, 0x10001], -10],
    ['a clock that is not there', 0x30000, [4, 2], -4],
  ] as const)('refuse %s at version %i', (_what, version, payload, status) => {
    const one = server(version);
    expect(one.status('ospm0', 'configSet', ...payload)).toBe(status);
    expect(one.isEnabled('ospm0', 0)).toBe(true);
    expect(one.isEnabled('ospm0', 1)).toBe(false);
  });

  it.each([
    ['a clock that is not there', [4, 0], -4],
    ['reserved bits', [1, 0x100], -2],
    ['a type the clock does not have', [1, 2], -2],
    ['a type no clock has', [0, 1], -2],
  ] as const)('do not tell of %s', (_what, payload, status) => {
    expect(server().status('ospm0', 'configGet', ...payload)).toBe(status);
  });
});

describe('CLOCK_POSSIBLE_PARENTS_GET, CLOCK_PARENT_GET, CLOCK_PARENT_SET', () => {
  it('name parents by the agent’s ids', () => {
    const one = server();
    expect(one.exchange('ospm0', '0c500000 02000000 00000000')).toBe('0c500000 00000000 02000000 00000000 03000000');
    expect(one.exchange('ospm0', '0c500000 02000000 01000000')).toBe('0c500000 00000000 01000000 03000000');
    expect(one.exchange('ospm0', '0e500000 02000000')).toBe('0e500000 00000000 03000000');
    expect(one.exchange('ospm0', '0d500000 02000000 00000000')).toBe('0d500000 00000000');
    expect(one.exchange('ospm0', '0e500000 02000000')).toBe('0e500000 00000000 00000000');
    expect(one.rate('ospm0', 2)).toBe(50);
  });

  it.each([
    ['possibleParentsGet', [4, 0], -4],
    ['possibleParentsGet', [0, 0], -1],
    ['possibleParentsGet', [2, 2], -5],
    ['possibleParentsGet', [2, 0xffffffff], -5],
    ['parentGet', [4], -4],
    ['parentGet', [0], -1],
    ['parentSet', [4, 0], -4],
    ['parentSet', [0, 0], -1],
    ['parentSet', [2, 1], -2],
    ['parentSet', [2, 2], -2],
    ['parentSet', [2, 4], -2],
    ['parentSet', [2, 0xffffffff], -2],
  ] as const)('%s %j answers %i', (key, payload, status) => {
    const one = server();
    expect(one.status('ospm0', key, ...payload)).toBe(status);
    expect(one.value('ospm0', 'parentGet', 'parentId', 2)).toBe(3);
  });
});

describe('CLOCK_GET_PERMISSIONS', () => {
  it('allows everything by default', () => {
    expect(server().exchange('ospm0', '0f500000 00000000')).toBe('0f500000 00000000 000000e0');
  });
  it('is not found', () => {
    expect(server().exchange('ospm0', '0f500000 04000000')).toBe('0f500000 fcffffff');
  });
});

describe('lengths', () => {
  const cases = VERSIONS.flatMap(version =>
    Object.values(CLOCK_PROTOCOL.commands)
      .filter(command => command.since <= version)
      .map(command => {
        const longest = layoutAt(command.request, version).size;
        const shortest = 'requestMinimum' in command ? Math.min(command.requestMinimum, longest) : longest;
        return { name: command.name, id: command.id, version, shortest, longest };
      }),
  );

  it.each(cases)('$name at $version takes $shortest to $longest bytes', ({ id, version, shortest, longest }) => {
    const word = header(CLOCK_PROTOCOL.id, id, MessageType.COMMAND, 0);
    const one = server(version);
    const send = (length: number) => {
      const bytes = new Uint8Array(4 + length);
      bytes.set(words(word));
      const answer = one.send('ospm0', bytes);
      return answer === undefined ? undefined : { size: answer.length, status: statusOf(answer) };
    };
    const refused = { size: 8, status: -10 };
    for (let length = 0; length < shortest; length++) expect(send(length)).toEqual(refused);
    for (const length of [longest + 1, longest + 4, 200]) expect(send(length)).toEqual(refused);
    expect(send(shortest)?.status).not.toBe(-10);
    expect(send(longest)?.status).not.toBe(-10);
  });

  it('are checked after the command is known', () => {
    expect(server(0x20000).exchange('ospm0', '0b500000')).toBe('0b500000 fcffffff');
    expect(server().exchange('ospm0', '11500000')).toBe('11500000 fcffffff');
  });

  it('of answers: what has no room has no effect', () => {
    const one = server();
    expect(one.exchange('ospm0', '03500000 00000000', 28)).toBe('03500000 f9ffffff');
    expect(one.exchange('ospm0', '03500000 00000000', 32)).toBe(
      '03500000 00000000 010000c0 75617274 00000000 00000000 00000000 dc050000',
    );
    expect(one.exchange('ospm0', '08500000 00000000', 72)).toBe('08500000 f9ffffff');
    expect(one.exchange('ospm0', '00500000', 12)).toBe('00500000 00000000 00000300');
  });
});
