// SPDX-License-Identifier: BSD-3-Clause
/** Every command at every version: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { Status } from '@scp/framework';
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { words } from '@scp/scmi/testing';
import { VOLTAGE_DOMAIN_PROTOCOL } from '@scp/scmi-voltage-domain/messages';
import { FakeSupply } from '@scp/voltage-domain/testing';
import { VoltageServer } from './domains.ts';

const LONG = 'a-voltage-domain-with-a-very-long-name';
const DOMAINS = {
  core: { levels: [800_000, 900_000, 1_000_000], modes: [8, 10], asynchronous: true },
  [LONG]: { range: { min: -10, max: 10, step: 5 }, on: true },
  io: { fixed: 3_300_000, alwaysOn: true },
  pmic: { levels: [1, 2], readOnly: true },
  gnd: { fixed: -5_000_000 },
};
const VERSIONS = [0x10000, 0x20000, 0x20001] as const;

const server = (version: (typeof VERSIONS)[number] = 0x20001) => new VoltageServer({ domains: DOMAINS, version });

describe('PROTOCOL_VERSION and NEGOTIATE_PROTOCOL_VERSION', () => {
  it.each([
    [0x10000, '00000100'],
    [0x20000, '00000200'],
    [0x20001, '01000200'],
  ] as const)('offer version %i', (version, bytes) => {
    expect(server(version).exchange('ospm0', '005c0400')).toBe(`005c0400 00000000 ${bytes}`);
  });

  it('let an agent speak an older version from then on, and only that agent', () => {
    const agents = { ospm0: ['core', LONG], ospm1: ['core', LONG] };
    const both = new VoltageServer({ domains: DOMAINS, agents });
    const core = '636f7265 00000000 00000000 00000000';
    const long = '612d766f 6c746167 652d646f 6d616900';
    expect(both.exchange('ospm0', '105c0000 00000100')).toBe('105c0000 00000000');
    expect(both.exchange('ospm0', '035c0000 00000000')).toBe(`035c0000 00000000 00000000 ${core}`);
    expect(both.exchange('ospm0', '035c0000 01000000')).toBe(`035c0000 00000000 00000000 ${long}`);
    expect(both.exchange('ospm0', '095c0000 00000000')).toBe('095c0000 fcffffff');
    expect(both.status('ospm0', 'levelSet', 0, 1, 900_000)).toBe(-2);
    expect(both.exchange('ospm1', '035c0000 00000000')).toBe(`035c0000 00000000 00000080 ${core}`);
    for (const version of ['02000200', '00000300', '00000000', '01000100']) {
      expect(both.exchange('ospm0', `105c0000 ${version}`)).toBe('105c0000 ffffffff');
    }
    expect(both.exchange('ospm0', '105c0000 00000200')).toBe('105c0000 00000000');
    expect(both.exchange('ospm0', '035c0000 01000000')).toBe(`035c0000 00000000 00000040 ${long}`);
    expect(both.status('ospm0', 'levelSet', 0, 1, 900_000)).toBe(0);
  });

  it('are not there to negotiate before version 2.1', () => {
    expect(server(0x20000).exchange('ospm0', '105c0000 00000200')).toBe('105c0000 fcffffff');
  });
});

describe('PROTOCOL_MESSAGE_ATTRIBUTES', () => {
  it.each([
    [0x10000, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [0x20000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [0x20001, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16]],
  ] as const)('knows the commands of version %i', (version, ids) => {
    const one = server(version);
    const known = [];
    for (let id = 0; id < 0x120; id++) {
      const { status, values } = one.voltageCommand('ospm0', 'messageAttributes', id);
      if (status === 0) {
        expect(values).toEqual({ attributes: 0 });
        known.push(id);
      } else expect(status).toBe(-4);
    }
    expect(known).toEqual(ids);
  });
});

describe('PROTOCOL_ATTRIBUTES', () => {
  it('tells the domains of the agent', () => {
    const both = new VoltageServer({ domains: DOMAINS, agents: { ospm0: ['core', 'io'], ospm1: ['pmic'] } });
    expect(both.exchange('ospm0', '015c0000')).toBe('015c0000 00000000 02000000');
    expect(both.exchange('ospm1', '015c0000')).toBe('015c0000 00000000 01000000');
    expect(both.exchange('ospm2', '015c0000')).toBe('015c0000 ffffffff');
  });
});

describe('VOLTAGE_DOMAIN_ATTRIBUTES', () => {
  it.each([
    [0x10000, 0, '00000000 636f7265 00000000 00000000 00000000'],
    [0x20000, 0, '00000080 636f7265 00000000 00000000 00000000'],
    [0x20001, 0, '00000080 636f7265 00000000 00000000 00000000'],
    [0x10000, 1, '00000000 612d766f 6c746167 652d646f 6d616900'],
    [0x20000, 1, '00000040 612d766f 6c746167 652d646f 6d616900'],
    [0x20001, 2, '00000000 696f0000 00000000 00000000 00000000'],
  ] as const)('at version %i of domain %i', (version, domain, bytes) => {
    expect(server(version).exchange('ospm0', `035c0000 0${domain}000000`)).toBe(`035c0000 00000000 ${bytes}`);
  });

  it('takes ids of 16 bits, which the other commands do not', () => {
    const one = server();
    expect(one.exchange('ospm0', '035c0000 02000100')).toBe(
      '035c0000 00000000 00000000 696f0000 00000000 00000000 00000000',
    );
    expect(one.exchange('ospm0', '035c0000 05000100')).toBe('035c0000 fcffffff');
    expect(one.exchange('ospm0', '085c0000 02000100')).toBe('085c0000 fcffffff');
  });

  it('tells nothing asynchronous to an agent without a way for it', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.voltageCommand('ospm0', 'domainAttributes', 0).values['attributes']).toBe(0);
    expect(one.voltageCommand('ospm0', 'domainAttributes', 1).values['attributes']).toBe(1 << 30);
  });
});

describe('VOLTAGE_DOMAIN_NAME_GET', () => {
  it.each([
    [0x20000, 0, 'core'],
    [0x20000, 1, LONG],
    [0x20001, 1, LONG],
  ] as const)('at version %i of domain %i', (version, domain, name) => {
    const answer = server(version).exchange('ospm0', `095c0000 0${domain}000000`);
    const bytes = Buffer.from(name).toString('hex').padEnd(128, '0');
    expect(answer.split(' ').join('')).toBe(`095c0000${'0'.repeat(8)}${'0'.repeat(8)}${bytes}`);
  });

  it('is not there at version 1.0', () => {
    expect(server(0x10000).exchange('ospm0', '095c0000 00000000')).toBe('095c0000 fcffffff');
  });
});

describe('VOLTAGE_DESCRIBE_LEVELS', () => {
  it.each([
    [0, '03000000 00350c00 a0bb0d00 40420f00'],
    [1, '03100000 f6ffffff 0a000000 05000000'],
    [2, '01000000 a05a3200'],
    [4, '01000000 c0b4b3ff'],
  ])('of domain %i, at every version', (domain, bytes) => {
    for (const version of VERSIONS) {
      const answer = server(version).exchange('ospm0', `045c0000 0${domain}000000 00000000`);
      expect(answer).toBe(`045c0000 00000000 ${bytes}`);
    }
  });
});

describe('VOLTAGE_CONFIG_SET and VOLTAGE_CONFIG_GET', () => {
  it.each(VERSIONS)('turn on and off, and into modes of the implementation, at version %i', version => {
    const one = server(version);
    expect(one.mode('ospm0', 0)).toBe(0);
    for (const mode of [7, 7, 8, 10, 0, 0, 7]) {
      expect(one.exchange('ospm0', `055c0000 00000000 ${mode.toString(16).padStart(2, '0')}000000`)).toBe(
        '055c0000 00000000',
      );
      expect(one.mode('ospm0', 0)).toBe(mode);
    }
  });

  it('tell that a domain is always on', () => {
    expect(server().exchange('ospm0', '065c0000 02000000')).toBe('065c0000 00000000 07000000');
  });

  it.each([
    ['a domain that is not there, whatever else', [5, 0xff], -4],
    ['a reserved mode', [0, 1], -2],
    ['a reserved mode', [0, 6], -2],
    ['a mode it does not have', [0, 9], -2],
    ['a mode it does not have', [1, 8], -2],
    ['reserved bits', [0, 0x17], -2],
    ['reserved bits', [0, 0x80000007], -2],
    ['a reserved mode before what the domain lacks', [2, 1], -2],
    ['a domain that can’t be switched', [2, 7], -1],
    ['a domain that can’t be switched', [2, 0], -1],
    ['a domain that can only be read', [3, 7], -3],
    ['a reserved mode before what may only be read', [3, 1], -2],
  ] as const)('refuse %s', (_what, payload, status) => {
    const one = server();
    const modes = () => [0, 1, 2, 3].map(id => one.mode('ospm0', id));
    expect(one.status('ospm0', 'configSet', ...payload)).toBe(status);
    expect(modes()).toEqual([0, 7, 7, 0]);
  });
});

describe('VOLTAGE_LEVEL_SET and VOLTAGE_LEVEL_GET', () => {
  it.each(VERSIONS)('set and tell, whether the domain is on or off, at version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '085c0000 00000000')).toBe('085c0000 00000000 00350c00');
    expect(one.exchange('ospm0', '075c0000 00000000 00000000 40420f00')).toBe('075c0000 00000000');
    expect(one.exchange('ospm0', '085c0000 00000000')).toBe('085c0000 00000000 40420f00');
    one.status('ospm0', 'configSet', 0, 7);
    expect(one.level('ospm0', 0)).toBe(1_000_000);
    expect(one.exchange('ospm0', '075c0000 01000000 00000000 f6ffffff')).toBe('075c0000 00000000');
    expect(one.exchange('ospm0', '085c0000 01000000')).toBe('085c0000 00000000 f6ffffff');
    expect(one.events('ospm0')).toEqual([]);
  });

  it.each([
    ['a domain that is not there, whatever else', 0x20001, [5, 0xff, 0], -4],
    ['reserved flags', 0x20001, [0, 2, 900_000], -2],
    ['reserved flags', 0x20001, [0, 0x80000000, 900_000], -2],
    ['reserved flags before what the domain lacks', 0x20001, [2, 2, 0], -2],
    ['an asynchronous command of a later version', 0x10000, [0, 1, 900_000], -2],
    ['a domain of one level', 0x20001, [2, 0, 3_300_000], -1],
    ['a domain of one level', 0x20001, [4, 0, -5_000_000], -1],
    ['asynchronous on a domain that is not', 0x20001, [1, 1, 10], -1],
    ['a domain that can only be read', 0x20001, [3, 0, 1], -3],
    ['a domain that can only be read, before the level', 0x20001, [3, 0, 9], -3],
    ['a level it does not have', 0x20001, [0, 0, 850_000], -2],
    ['a level it does not have, asynchronous', 0x20001, [0, 1, 850_000], -2],
    ['a level off the grid', 0x20001, [1, 0, 4], -2],
    ['a level beyond the grid', 0x20001, [1, 0, 15], -2],
    ['a level of the other sign', 0x20001, [0, 0, -900_000], -2],
  ] as const)('refuse %s, at version %i', (_what, version, payload, status) => {
    const one = server(version);
    expect(one.status('ospm0', 'levelSet', ...payload)).toBe(status);
    expect([0, 1, 2, 3, 4].map(id => one.level('ospm0', id))).toEqual([800_000, -10, 3_300_000, 1, -5_000_000]);
    expect(one.events('ospm0')).toEqual([]);
  });

  it('refuse what is asynchronous for an agent without a way to be told', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.status('ospm0', 'levelSet', 0, 1, 900_000)).toBe(-1);
    expect(one.status('ospm0', 'levelSet', 0, 0, 900_000)).toBe(0);
  });
});

describe('what a driver says', () => {
  const one = () => {
    const fake = new FakeSupply({ levels: { kind: 'list', list: [1, 2] } });
    return { fake, server: new VoltageServer({ domains: { a: { fake, asynchronous: true } } }) };
  };

  it.each([
    [Status.E_DEVICE, -9],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_RANGE, -2],
    [Status.E_PARAM, -2],
    [Status.E_SUPPORT, -1],
    [Status.E_TIMEOUT, -8],
  ])('to what is set is answered: %i is %i', (status, answer) => {
    const { fake, server: voltage } = one();
    fake.status = status;
    expect(voltage.status('ospm0', 'levelSet', 0, 0, 2)).toBe(answer);
    expect(voltage.status('ospm0', 'configSet', 0, 7)).toBe(answer);
    expect(voltage.exchange('ospm0', '075c4000 00000000 01000000 02000000')).toBe('075c4000 00000000');
    expect(voltage.events('ospm0')).toEqual([`075e4000 ${(answer & 0xff).toString(16)}ffffff`]);
  });

  it('to what is read is answered', () => {
    const { fake, server: voltage } = one();
    fake.readStatus = Status.E_DEVICE;
    expect(voltage.exchange('ospm0', '085c0000 00000000')).toBe('085c0000 f7ffffff');
    expect(voltage.exchange('ospm0', '065c0000 00000000')).toBe('065c0000 f7ffffff');
  });
});

describe('lengths', () => {
  const cases = VERSIONS.flatMap(version =>
    Object.values(VOLTAGE_DOMAIN_PROTOCOL.commands)
      .filter(command => command.since <= version)
      .map(({ name, id, request }) => ({ name, id, version, size: layoutAt(request, version).size })),
  );

  it.each(cases)('$name at $version takes $size bytes', ({ id, version, size }) => {
    const word = header(VOLTAGE_DOMAIN_PROTOCOL.id, id, MessageType.COMMAND, 0);
    const one = server(version);
    const send = (length: number) => {
      const bytes = new Uint8Array(4 + length);
      bytes.set(words(word));
      const answer = one.send('ospm0', bytes);
      return answer === undefined ? [] : [answer.length, new DataView(answer.buffer).getInt32(4, true)];
    };
    for (let length = 0; length < size; length++) expect(send(length)).toEqual([8, -10]);
    for (const length of [size + 1, size + 4, 200]) expect(send(length)).toEqual([8, -10]);
    expect(send(size)[1]).not.toBe(-10);
  });

  it.each([
    ['035c0000 00000000', 28],
    ['065c0000 00000000', 12],
    ['085c0000 00000000', 12],
    ['095c0000 00000000', 76],
  ])('of the answer to %s: it needs room for %i bytes', (hex, room) => {
    expect(server().exchange('ospm0', hex, room).slice(9, 17)).toBe('00000000');
    expect(
      server()
        .exchange('ospm0', hex, room - 1)
        .slice(9),
    ).toBe('f9ffffff');
  });
});
