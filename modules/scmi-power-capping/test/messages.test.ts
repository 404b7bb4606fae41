// SPDX-License-Identifier: BSD-3-Clause
/** Every command at every version: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { Status } from '@scp/framework';
import { FakePowerDriver } from '@scp/power-capping/testing';
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { words } from '@scp/scmi/testing';
import { POWERCAP_PROTOCOL } from '@scp/scmi-power-capping/messages';
import { PowercapServer, type Setup } from './domains.ts';

const LONG = 'a-power-domain-with-a-very-long-name';
/** The second is part of the first, though that one comes later for agent ospm1. */
const DOMAINS: Setup['domains'] = {
  soc: { asynchronous: true, sustainablePower: 15_000, accuracy: 2500, value: 9000 },
  [LONG]: { parent: 'soc', unit: 'microwatts', cap: { fixed: 6000 }, interval: { fixed: 10_000 } },
  pmic: { parent: LONG, unit: 'abstract', monitored: false, capNotifications: false },
};
const VERSIONS = [0x10000, 0x20000] as const;

const server = (version: (typeof VERSIONS)[number] = 0x20000) => new PowercapServer({ domains: DOMAINS, version });

const RANGES = 'e8030000 50c30000 e8030000 e8030000 204e0000 f4010000';

describe('POWERCAP_DOMAIN_ATTRIBUTES', () => {
  it.each(VERSIONS)('at version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '03600000 00000000')).toBe(
      `03600000 00000000 000000ef 736f6300 00000000 00000000 00000000 ${RANGES} 983a0000 c4090000 ffffffff`,
    );
    expect(one.exchange('ospm0', '03600000 01000000')).toBe(
      '03600000 00000000 000080d4 612d706f 7765722d 646f6d61 696e2d00 10270000 10270000 00000000 70170000 70170000 00000000 00000000 00000000 00000000',
    );
    expect(one.exchange('ospm0', '03600000 02000000')).toBe(
      `03600000 00000000 0000000a 706d6963 00000000 00000000 00000000 ${RANGES} 00000000 00000000 01000000`,
    );
  });

  it('tells neither notifications nor asynchronous caps to an agent without a way for them', () => {
    const one = server();
    one.setP2a('ospm0', false);
    const attributes = (id: number) => Number(one.powercap('ospm0', 'domainAttributes', id).values['attributes']) >>> 0;
    expect([attributes(0), attributes(1), attributes(2)]).toEqual([0x0f000000, 0x14800000, 0x0a000000]);
  });

  it('names the nearest parent that the agent sees, by the agent’s id', () => {
    const one = new PowercapServer({
      domains: DOMAINS,
      agents: { ospm0: ['pmic', LONG, 'soc'], ospm1: ['pmic', 'soc'], ospm2: ['pmic'] },
    });
    const parent = (agent: string, id: number) => one.powercap(agent, 'domainAttributes', id).values['parentId'];
    expect([parent('ospm0', 0), parent('ospm0', 1), parent('ospm0', 2)]).toEqual([1, 2, 0xffffffff]);
    expect([parent('ospm1', 0), parent('ospm1', 1)]).toEqual([1, 0xffffffff]);
    expect(parent('ospm2', 0)).toBe(0xffffffff);
  });
});

describe('POWERCAP_DOMAIN_NAME_GET', () => {
  it.each([
    [0x10000, 0, 'soc'],
    [0x10000, 1, LONG],
    [0x20000, 1, LONG],
    [0x20000, 2, 'pmic'],
  ] as const)('at version %i of domain %i', (version, domain, name) => {
    const answer = server(version).exchange('ospm0', `08600000 0${domain}000000`);
    const bytes = Buffer.from(name).toString('hex').padEnd(128, '0');
    expect(answer.split(' ').join('')).toBe(`08600000${'0'.repeat(8)}${'0'.repeat(8)}${bytes}`);
  });
});

describe('POWERCAP_CAP_GET', () => {
  it.each([
    [0x10000, '204e0000'],
    [0x20000, '204e0000'],
  ] as const)('tells the product’s cap at the start: version %i', (version, cap) => {
    expect(server(version).exchange('ospm0', '04600000 00000000')).toBe(`04600000 00000000 ${cap}`);
  });

  it('tells of no cap with 0, and with the highest cap at version 1.0, which has no word for it', () => {
    const one = new PowercapServer({
      domains: { a: { initialCap: 0 } },
      agents: { ospm0: ['a'], ospm1: ['a'] },
    });
    expect(one.exchange('ospm1', '10600000 00000100')).toBe('10600000 00000000');
    expect(one.exchange('ospm0', '04600000 00000000')).toBe('04600000 00000000 00000000');
    expect(one.exchange('ospm1', '04600000 00000000')).toBe('04600000 00000000 204e0000');
    one.status('ospm0', 'capNotify', 0, 1);
    one.status('ospm1', 'capNotify', 0, 1);
    one.capSet('ospm0', 0, 1000);
    one.capSet('ospm0', 0, 0);
    expect(one.events('ospm0')[1]).toBe('00630000 01000000 00000000 00000000 e8030000');
    expect(one.events('ospm1')[1]).toBe('00630000 01000000 00000000 204e0000 e8030000');
  });

  it('of a cap that can’t be set', () => {
    expect(server().exchange('ospm0', '04600000 01000000')).toBe('04600000 00000000 70170000');
  });
});

describe('POWERCAP_CAP_SET', () => {
  it.each(VERSIONS)('sets the cap in force, rounded down to a step: version %i', version => {
    const driver = new FakePowerDriver(Object.keys(DOMAINS));
    const one = new PowercapServer({ domains: DOMAINS, version, driver });
    expect(one.exchange('ospm0', '05600000 00000000 00000000 0f270000')).toBe('05600000 00000000');
    expect(driver.taken()).toEqual(['soc cap 9500']);
    expect(one.exchange('ospm0', '04600000 00000000')).toBe('04600000 00000000 1c250000');
    expect(one.exchange('ospm0', '05604001 00000000 02000000 0f280000')).toBe('05604001 00000000');
    expect(one.events('ospm0')).toEqual(['05624001 00000000 00000000 10270000']);
  });

  it.each([
    ['a domain that is not there, whatever else', [3, 0xf8, 1], -4],
    ['reserved flags', [0, 0x4, 5000], -2],
    ['reserved flags', [0, 0x80000000, 5000], -2],
    ['reserved flags before what the domain lacks', [1, 0x4, 6000], -2],
    ['a cap that can’t be set', [1, 0, 6000], -1],
    ['taking away a cap that can’t be set', [1, 1, 0], -1],
    ['asynchronous on a domain that is not', [2, 0x2, 5000], -1],
    ['asynchronous on a domain that is not, unheard', [2, 0x3, 5000], -1],
    ['a cap below', [0, 0, 999], -2],
    ['a cap above', [0, 0x2, 20_001], -2],
    ['a cap that is negative to some', [0, 0, 0x80000000], -2],
  ] as const)('refuses %s', (_what, payload, status) => {
    const driver = new FakePowerDriver(Object.keys(DOMAINS));
    const one = new PowercapServer({ domains: DOMAINS, driver });
    expect(one.status('ospm0', 'capSet', ...payload)).toBe(status);
    one.advance(10_000);
    expect([driver.taken(), one.events('ospm0')]).toEqual([[], []]);
  });

  it('takes 0 from version 2.0 on', () => {
    expect(server(0x10000).capSet('ospm0', 0, 0)).toBe(-2);
    expect(server(0x20000).capSet('ospm0', 0, 0)).toBe(0);
    const negotiated = server();
    expect(negotiated.exchange('ospm0', '10600000 00000100')).toBe('10600000 00000000');
    expect(negotiated.capSet('ospm0', 0, 0)).toBe(-2);
  });

  it('refuses an asynchronous one for an agent without a way to be told', () => {
    const one = server();
    one.setP2a('ospm0', false);
    for (const flags of [2, 3]) expect(one.status('ospm0', 'capSet', 0, flags, 5000)).toBe(-1);
    for (const flags of [0, 1]) expect(one.status('ospm0', 'capSet', 0, flags, 5000)).toBe(0);
  });

  it.each([
    [Status.E_DEVICE, -9],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_SUPPORT, -1],
    [Status.E_TIMEOUT, -8],
  ])('answers what the driver says, and leaves no trace then: %i is %i', (status, answer) => {
    const driver = new FakePowerDriver(['a']);
    const one = new PowercapServer({
      domains: { a: { asynchronous: true } },
      agents: { ospm0: ['a'], ospm1: ['a'] },
      driver,
    });
    driver.answers.set('a cap', status);
    expect(one.capSet('ospm0', 0, 5000)).toBe(answer);
    expect(one.exchange('ospm0', '05604000 00000000 02000000 88130000')).toBe('05604000 00000000');
    expect(one.events('ospm0')).toEqual([`05624000 ${(answer & 0xff).toString(16)}ffffff`]);
    expect(one.exchange('ospm0', '05604000 00000000 03000000 88130000')).toBe('05604000 00000000');
    expect([one.events('ospm0'), one.capGet('ospm0', 0)]).toEqual([[], 20_000]);
    driver.answers.clear();
    expect(one.capSet('ospm1', 0, 8000)).toBe(0);
    expect(one.capGet('ospm0', 0)).toBe(8000);
  });
});

describe('POWERCAP_PAI_GET and POWERCAP_PAI_SET', () => {
  it.each(VERSIONS)('read and set the interval, rounded down to a step: version %i', version => {
    const one = server(version);
    expect(one.exchange('ospm0', '06600000 00000000')).toBe('06600000 00000000 e8030000');
    expect(one.exchange('ospm0', '07600000 00000000 00000000 871c0000')).toBe('07600000 00000000');
    expect(one.exchange('ospm0', '06600000 00000000')).toBe('06600000 00000000 581b0000');
    expect(one.exchange('ospm0', '06600000 01000000')).toBe('06600000 00000000 10270000');
  });

  it.each([
    ['a domain that is not there, whatever else', [3, 1, 1], -4],
    ['flags', [0, 1, 5000], -2],
    ['flags before what the domain lacks', [1, 2, 10_000], -2],
    ['an interval that can’t be set', [1, 0, 10_000], -1],
    ['an interval too short', [0, 0, 0], -2],
    ['an interval too long', [0, 0, 50_001], -2],
  ] as const)('refuse %s', (_what, payload, status) => {
    const driver = new FakePowerDriver(Object.keys(DOMAINS));
    const one = new PowercapServer({ domains: DOMAINS, driver });
    expect(one.status('ospm0', 'paiSet', ...payload)).toBe(status);
    expect(driver.taken()).toEqual([]);
  });

  it('answer what the driver says', () => {
    const driver = new FakePowerDriver(['a']);
    const one = new PowercapServer({ domains: { a: {} }, driver });
    driver.answers.set('a interval', Status.E_DEVICE);
    expect(one.status('ospm0', 'paiSet', 0, 0, 5000)).toBe(-9);
    expect(one.powercap('ospm0', 'paiGet', 0).values).toEqual({ pai: 1000 });
  });
});

describe('POWERCAP_MEASUREMENTS_GET', () => {
  it.each(VERSIONS)('tells the average and what it is of: version %i', version => {
    expect(server(version).exchange('ospm0', '09600000 00000000')).toBe('09600000 00000000 28230000 e8030000');
  });

  it('is not supported by a domain that is not monitored', () => {
    expect(server().exchange('ospm0', '09600000 02000000')).toBe('09600000 ffffffff');
  });

  it('answers what the driver says', () => {
    const driver = new FakePowerDriver(['a']);
    driver.power.set('a', -1);
    const one = new PowercapServer({ domains: { a: {} }, driver });
    expect(one.status('ospm0', 'measurementsGet', 0)).toBe(-9);
  });
});

describe('POWERCAP_CAP_NOTIFY and POWERCAP_CAP_CHANGED', () => {
  it.each([
    ['a domain that is not there', [3, 0xf], -4],
    ['reserved bits', [0, 2], -2],
    ['reserved bits, before what the domain lacks', [2, 0x80000000], -2],
    ['a domain without them', [2, 1], -1],
    ['a domain without them, off', [2, 0], -1],
  ] as const)('refuse %s', (_what, payload, status) => {
    expect(server().status('ospm0', 'capNotify', ...payload)).toBe(status);
  });

  it.each(VERSIONS)('tell of changes of the cap and the interval, not of what stays: version %i', version => {
    const one = server(version);
    one.capSet('ospm0', 0, 10_000);
    expect(one.events('ospm0')).toEqual([]);
    for (const enable of [1, 1])
      expect(one.exchange('ospm0', `0a600000 00000000 0${enable}000000`)).toBe('0a600000 00000000');
    one.capSet('ospm0', 0, 10_000);
    one.capSet('ospm0', 0, 10_499);
    one.status('ospm0', 'paiSet', 0, 0, 1000);
    expect(one.events('ospm0')).toEqual([]);
    one.capSet('ospm0', 0, 15_000);
    expect(one.events('ospm0')).toEqual(['00630000 01000000 00000000 983a0000 e8030000']);
    one.status('ospm0', 'paiSet', 0, 0, 10_000);
    expect(one.events('ospm0')).toEqual(['00630000 01000000 00000000 983a0000 10270000']);
    one.capSet('ospm0', 2, 15_000);
    expect(one.events('ospm0')).toEqual([]);
    expect(one.status('ospm0', 'capNotify', 0, 0)).toBe(0);
    one.capSet('ospm0', 0, 5000);
    expect(one.events('ospm0')).toEqual([]);
  });
});

describe('commands that no domain of an agent has', () => {
  it.each<readonly [string, Setup['domains'][string], number[]]>([
    ['caps', { cap: { fixed: 5 } }, [5]],
    ['intervals', { interval: { fixed: 5 } }, [7]],
    ['measurements', { monitored: false }, [9, 11]],
    ['cap notifications', { capNotifications: false }, [10]],
    ['power notifications', { powerNotifications: false }, [11]],
  ])('are not there: %s', (_what, plan, ids) => {
    const one = new PowercapServer({
      domains: { a: plan, b: {} },
      agents: { ospm0: ['a'], ospm1: ['a', 'b'] },
    });
    for (let id = 3; id <= 11; id++) {
      expect([id, one.status('ospm0', 'messageAttributes', id)]).toEqual([id, ids.includes(id) ? -4 : 0]);
      expect(one.status('ospm1', 'messageAttributes', id)).toBe(0);
    }
  });

  it('are those that turn notifications on, without a way to tell', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.status('ospm0', 'capNotify', 0, 1)).toBe(-1);
    expect(one.status('ospm0', 'measurementsNotify', 0, 1, 0, 1)).toBe(-1);
    for (const id of [10, 11]) expect(one.status('ospm0', 'messageAttributes', id)).toBe(-4);
  });

  it('are all of them for an agent without domains', () => {
    expect(server().exchange('ospm1', '00600000')).toBe('00600000 ffffffff');
  });
});

describe('lengths', () => {
  const cases = VERSIONS.flatMap(version =>
    Object.values(POWERCAP_PROTOCOL.commands)
      .filter(command => command.since <= version)
      .map(({ name, id, request }) => ({ name, id, version, size: layoutAt(request, version).size })),
  );

  it.each(cases)('$name at $version takes $size bytes', ({ id, version, size }) => {
    const word = header(POWERCAP_PROTOCOL.id, id, MessageType.COMMAND, 0);
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
    ['03', 64],
    ['04', 12],
    ['06', 12],
    ['08', 76],
    ['09', 16],
  ])('of the answer to message %s: room for %i bytes is needed', (message, size) => {
    for (const [capacity, status] of [
      [size - 1, 'f9ffffff'],
      [size, '00000000'],
      [128, '00000000'],
      [136, '00000000'],
    ] as const) {
      const answer = server().exchange('ospm0', `${message}600000 00000000`, capacity);
      expect(answer.slice(9, 17)).toBe(status);
    }
  });
});
