// SPDX-License-Identifier: BSD-3-Clause
/** Every command at every version: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { Status } from '@scp/framework';
import { FakeResetDriver } from '@scp/reset-domain/testing';
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { words } from '@scp/scmi/testing';
import { RESET_DOMAIN_PROTOCOL } from '@scp/scmi-reset-domain/messages';
import { ResetServer } from './domains.ts';

const LONG = 'a-reset-domain-with-a-very-long-name';
const DOMAINS = {
  dpu: { latency: 250, states: [0, 5], asynchronous: true },
  [LONG]: { explicit: false },
  line: { autonomous: false, notifications: false },
};
const VERSIONS = [0x10000, 0x30000, 0x30001] as const;

const server = (version: (typeof VERSIONS)[number] = 0x30001) => new ResetServer({ domains: DOMAINS, version });

describe('PROTOCOL_VERSION and NEGOTIATE_PROTOCOL_VERSION', () => {
  it.each([
    [0x10000, '00000100'],
    [0x30000, '00000300'],
    [0x30001, '01000300'],
  ] as const)('offer version %i', (version, bytes) => {
    expect(server(version).exchange('ospm0', '00580400')).toBe(`00580400 00000000 ${bytes}`);
  });

  it('let an agent speak an older version from then on, and only that agent', () => {
    const both = new ResetServer({ domains: DOMAINS, agents: { ospm0: [LONG], ospm1: [LONG] } });
    const name = '612d7265 7365742d 646f6d61 696e2d00';
    expect(both.exchange('ospm0', '10580000 00000100')).toBe('10580000 00000000');
    expect(both.exchange('ospm0', '03580000 00000000')).toBe(`03580000 00000000 00000040 ffffffff ${name}`);
    expect(both.exchange('ospm0', '06580000 00000000')).toBe('06580000 fcffffff');
    expect(both.exchange('ospm1', '03580000 00000000')).toBe(`03580000 00000000 00000060 ffffffff ${name}`);
    for (const version of ['02000300', '00000400', '00000200', '00000000']) {
      expect(both.exchange('ospm0', `10580000 ${version}`)).toBe('10580000 ffffffff');
    }
    expect(both.exchange('ospm0', '06580000 00000000')).toBe('06580000 fcffffff');
    expect(both.exchange('ospm0', '10580000 01000300')).toBe('10580000 00000000');
    expect(both.exchange('ospm0', '03580000 00000000')).toBe(`03580000 00000000 00000060 ffffffff ${name}`);
  });

  it('are not there to negotiate before version 3.1', () => {
    expect(server(0x30000).exchange('ospm0', '10580000 00000300')).toBe('10580000 fcffffff');
  });
});

describe('PROTOCOL_MESSAGE_ATTRIBUTES', () => {
  const known = (one: ResetServer, agent = 'ospm0') => {
    const ids = [];
    for (let id = 0; id < 0x120; id++) {
      const { status, values } = one.resetCommand(agent, 'messageAttributes', id);
      if (status === 0) {
        expect(values).toEqual({ attributes: 0 });
        ids.push(id);
      } else expect(status).toBe(-4);
    }
    return ids;
  };

  it.each([
    [0x10000, [0, 1, 2, 3, 4, 5]],
    [0x30000, [0, 1, 2, 3, 4, 5, 6]],
    [0x30001, [0, 1, 2, 3, 4, 5, 6, 16]],
  ] as const)('knows the commands of version %i', (version, ids) => {
    expect(known(server(version))).toEqual(ids);
  });

  it('knows RESET_NOTIFY only of agents with a domain that has notifications', () => {
    const both = new ResetServer({ domains: DOMAINS, agents: { ospm0: ['line'], ospm1: ['line', 'dpu'] } });
    expect(known(both)).toEqual([0, 1, 2, 3, 4, 6, 16]);
    expect(both.exchange('ospm0', '05580000 00000000 01000000')).toBe('05580000 fcffffff');
    expect(known(both, 'ospm1')).toEqual([0, 1, 2, 3, 4, 5, 6, 16]);
  });
});

describe('PROTOCOL_ATTRIBUTES', () => {
  it('tells the domains of the agent', () => {
    const both = new ResetServer({ domains: DOMAINS, agents: { ospm0: ['dpu', LONG], ospm1: ['line'] } });
    expect(both.exchange('ospm0', '01580000')).toBe('01580000 00000000 02000000');
    expect(both.exchange('ospm1', '01580000')).toBe('01580000 00000000 01000000');
    expect(both.exchange('ospm2', '01580000')).toBe('01580000 ffffffff');
  });
});

describe('RESET_DOMAIN_ATTRIBUTES', () => {
  it.each([
    [0x10000, 0, '000000c0 fa000000 64707500 00000000 00000000 00000000'],
    [0x30000, 0, '000000c0 fa000000 64707500 00000000 00000000 00000000'],
    [0x30001, 0, '000000c0 fa000000 64707500 00000000 00000000 00000000'],
    [0x10000, 1, '00000040 ffffffff 612d7265 7365742d 646f6d61 696e2d00'],
    [0x30000, 1, '00000060 ffffffff 612d7265 7365742d 646f6d61 696e2d00'],
    [0x30001, 1, '00000060 ffffffff 612d7265 7365742d 646f6d61 696e2d00'],
    [0x10000, 2, '00000000 ffffffff 6c696e65 00000000 00000000 00000000'],
    [0x30001, 2, '00000000 ffffffff 6c696e65 00000000 00000000 00000000'],
  ] as const)('at version %i of domain %i', (version, domain, bytes) => {
    expect(server(version).exchange('ospm0', `03580000 0${domain}000000`)).toBe(`03580000 00000000 ${bytes}`);
  });

  it('tells neither notifications nor asynchronous resets to an agent without a way for them', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.resetCommand('ospm0', 'domainAttributes', 0).values['attributes']).toBe(0);
    expect(one.resetCommand('ospm0', 'domainAttributes', 1).values['attributes']).toBe(1 << 29);
  });

  it('is not found', () => {
    for (const id of ['03000000', '04000000', 'ffffffff', '00010000']) {
      expect(server().exchange('ospm0', `03580000 ${id}`)).toBe('03580000 fcffffff');
    }
  });
});

describe('RESET_DOMAIN_NAME_GET', () => {
  it.each([
    [0x30000, 0, 'dpu'],
    [0x30000, 1, LONG],
    [0x30001, 1, LONG],
    [0x30001, 2, 'line'],
  ] as const)('at version %i of domain %i', (version, domain, name) => {
    const answer = server(version).exchange('ospm0', `06580000 0${domain}000000`);
    const bytes = Buffer.from(name).toString('hex').padEnd(128, '0');
    expect(answer.split(' ').join('')).toBe(`06580000${'0'.repeat(8)}${'0'.repeat(8)}${bytes}`);
  });

  it('is not found, also at version 1.0', () => {
    expect(server().exchange('ospm0', '06580000 03000000')).toBe('06580000 fcffffff');
    expect(server(0x10000).exchange('ospm0', '06580000 00000000')).toBe('06580000 fcffffff');
  });
});

describe('RESET', () => {
  it.each([
    ['de-asserts', 0x0, 0, 'release 0'],
    ['asserts', 0x2, 0, 'assert 0'],
    ['pulses', 0x1, 0, 'pulse 0'],
    ['pulses, whatever the signal', 0x3, 0, 'pulse 0'],
    ['asserts in a state of the implementation', 0x2, 0x80000005, `assert ${0x80000005}`],
    ['pulses in a state of the implementation', 0x1, 0x80000000, `pulse ${0x80000000}`],
  ])('%s', (_what, flags, state, call) => {
    const driver = new FakeResetDriver(['dpu']);
    const one = new ResetServer({ domains: { dpu: DOMAINS.dpu }, driver });
    if (flags === 0) driver.asserted.add('dpu');
    expect(one.status('ospm0', 'reset', 0, flags, state)).toBe(0);
    expect(driver.taken()).toEqual([`dpu ${call}`]);
    expect(one.isAsserted('dpu')).toBe(flags === 2);
    expect(one.events('ospm0')).toEqual([]);
  });

  it.each([
    ['a domain that is not there, whatever else', [3, 0xf8, 0xff], -4],
    ['a domain that is not there', [0xffffffff, 0, 0], -4],
    ['reserved flags', [0, 0x8, 0], -2],
    ['reserved flags', [0, 0x80000001, 0], -2],
    ['reserved flags before what the domain lacks', [2, 0xf9, 0], -2],
    ['asynchronous without autonomous', [0, 0x4, 0], -2],
    ['asynchronous without autonomous', [0, 0x6, 0], -2],
    ['an architectural state that is not there, de-asserting', [0, 0x0, 1], -2],
    ['an architectural state that is not there, asserting', [0, 0x2, 1], -2],
    ['an architectural state that is not there, pulsing', [0, 0x1, 1], -2],
    ['an architectural state that is not there, before what the domain lacks', [1, 0x5, 1], -2],
    ['a state of the implementation that is not there', [0, 0x1, 0x80000001], -2],
    ['a state of the implementation without its bit', [0, 0x1, 5], -2],
    ['asynchronous on a domain that is not', [1, 0x5, 0], -1],
    ['explicit on a domain that is not', [1, 0x2, 0], -1],
    ['explicit on a domain that is not', [1, 0x0, 0], -1],
    ['autonomous on a domain that is not', [2, 0x1, 0], -1],
  ] as const)('refuses %s', (_what, payload, status) => {
    const driver = new FakeResetDriver(Object.keys(DOMAINS));
    const one = new ResetServer({ domains: DOMAINS, driver });
    expect(one.status('ospm0', 'reset', ...payload)).toBe(status);
    expect(driver.taken()).toEqual([]);
  });

  it('refuses an asynchronous reset for an agent without a way to be told', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.status('ospm0', 'reset', 0, 5, 0)).toBe(-1);
    expect(one.status('ospm0', 'reset', 0, 1, 0)).toBe(0);
  });

  it.each([
    [Status.E_DEVICE, -9],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_SUPPORT, -1],
    [Status.E_TIMEOUT, -8],
  ])('answers what the driver says: %i is %i', (status, answer) => {
    const driver = new FakeResetDriver(['dpu']);
    const one = new ResetServer({ domains: { dpu: DOMAINS.dpu }, driver });
    for (const operation of ['assert', 'pulse']) driver.answers.set(`dpu ${operation}`, status);
    expect(one.reset('ospm0', 0, 1)).toBe(answer);
    expect(one.reset('ospm0', 0, 2)).toBe(answer);
    expect(one.exchange('ospm0', '04584000 00000000 05000000 00000000')).toBe('04584000 00000000');
    const complete = `045a4000 ${(answer & 0xff).toString(16)}ffffff`;
    expect(one.events('ospm0').filter(event => event.startsWith('04'))).toEqual([complete]);
  });
});

describe('RESET_NOTIFY and RESET_ISSUED', () => {
  it.each([
    ['a domain that is not there', [3, 0xf], -4],
    ['reserved bits', [0, 2], -2],
    ['reserved bits', [0, 0x80000000], -2],
    ['reserved bits, before what the domain lacks', [2, 0xf], -2],
    ['a domain without notifications', [2, 1], -1],
    ['a domain without notifications', [2, 0], -1],
  ] as const)('refuse %s', (_what, payload, status) => {
    expect(server().status('ospm0', 'notify', ...payload)).toBe(status);
  });

  it('are not there without a way to tell', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.status('ospm0', 'notify', 0, 1)).toBe(-1);
    expect(one.status('ospm0', 'messageAttributes', 5)).toBe(-4);
  });

  it.each(VERSIONS)('tell of pulses and asserts, not of de-asserts, in 12 bytes at version %i', version => {
    const one = server(version);
    one.status('ospm0', 'reset', 0, 1, 0);
    expect(one.events('ospm0')).toEqual([]);
    for (const enable of [1, 1]) expect(one.status('ospm0', 'notify', 0, enable)).toBe(0);
    one.status('ospm0', 'reset', 0, 1, 0x80000005);
    expect(one.events('ospm0')).toEqual(['005b0000 01000000 00000000 05000080']);
    one.status('ospm0', 'reset', 0, 2, 0);
    expect(one.events('ospm0')).toEqual(['005b0000 01000000 00000000 00000000']);
    one.status('ospm0', 'reset', 0, 2, 0);
    one.status('ospm0', 'reset', 0, 0, 0);
    one.status('ospm0', 'reset', 1, 1, 0);
    expect(one.events('ospm0')).toEqual([]);
    expect(one.status('ospm0', 'notify', 0, 0)).toBe(0);
    one.status('ospm0', 'reset', 0, 1, 0);
    expect(one.events('ospm0')).toEqual([]);
  });

  it('name the platform when the hardware resets itself', () => {
    const one = new ResetServer({ domains: { a: { watchdog: 1000 } } });
    one.status('ospm0', 'notify', 0, 1);
    one.advance(2000);
    expect(one.events('ospm0')).toEqual(Array(2).fill('005b0000 00000000 00000000 00000000'));
  });
});

describe('lengths', () => {
  const cases = VERSIONS.flatMap(version =>
    Object.values(RESET_DOMAIN_PROTOCOL.commands)
      .filter(command => command.since <= version)
      .map(({ name, id, request }) => ({ name, id, version, size: layoutAt(request, version).size })),
  );

  it.each(cases)('$name at $version takes $size bytes', ({ id, version, size }) => {
    const word = header(RESET_DOMAIN_PROTOCOL.id, id, MessageType.COMMAND, 0);
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
    [32, true],
    [31, false],
  ])('of an answer with the attributes: room for %i bytes suffices: %s', (capacity, suffices) => {
    const answer = server().exchange('ospm0', '03580000 00000000', capacity);
    expect(answer.slice(9, 17)).toBe(suffices ? '00000000' : 'f9ffffff');
  });

  it.each([
    [76, true],
    [75, false],
  ])('of an answer with the long name: room for %i bytes suffices: %s', (capacity, suffices) => {
    const answer = server().exchange('ospm0', '06580000 00000000', capacity);
    expect(answer.slice(9, 17)).toBe(suffices ? '00000000' : 'f9ffffff');
  });
});
