// SPDX-License-Identifier: BSD-3-Clause
/** Every message at every version, byte by byte, and every status. */
import { Status } from '@scp/framework';
import { FakeDriver } from '@scp/power-domain/testing';
import { OFF, ON, PowerServer, SLEEP } from './domains.ts';

const LONG = 'a-power-domain-with-a-long-name';
const VERSIONS = [0x10000, 0x20000, 0x30000, 0x30001] as const;
const plain = (version?: (typeof VERSIONS)[number]) =>
  new PowerServer({
    domains: { gpu: { on: true }, vpu: { sleep: true }, [LONG]: {} },
    ...(version === undefined ? {} : { version }),
  });

describe('the versions', () => {
  it.each([
    [0x10000, '00000100'],
    [0x20000, '00000200'],
    [0x30000, '00000300'],
    [0x30001, '01000300'],
  ] as const)('0x%x is told', (version, word) => {
    expect(plain(version).exchange('ospm0', '00440000')).toBe(`00440000 00000000 ${word}`);
  });

  it('the newest is offered unless the product says otherwise', () => {
    expect(plain().exchange('ospm0', '00440000')).toBe('00440000 00000000 01000300');
  });

  it.each([
    [0x10000, [0, 1, 2, 3, 4, 5, 6]],
    [0x20000, [0, 1, 2, 3, 4, 5, 6, 7]],
    [0x30000, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [0x30001, [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10]],
  ] as const)('0x%x has the commands %j', (version, ids) => {
    const server = plain(version);
    const present = Array.from({ length: 0x20 }, (_one, id) => id).filter(
      id => server.status('ospm0', 'messageAttributes', id) === 0,
    );
    expect(present).toEqual(ids);
    expect(server.status('ospm0', 'messageAttributes', 0x104)).toBe(-4);
  });

  it.each([
    [0x10000, '000000e0', 'e0'],
    [0x20000, '000000e0', 'e0'],
    [0x30000, '000000f0', 'f8'],
    [0x30001, '000000f0', 'f8'],
  ] as const)('0x%x has the attributes %s', (version, short, long) => {
    const server = plain(version);
    expect(server.exchange('ospm0', '03440000 00000000')).toBe(
      `03440000 00000000 ${short} 67707500 00000000 00000000 00000000`,
    );
    expect(server.exchange('ospm0', '03440000 02000000')).toBe(
      `03440000 00000000 000000${long} 612d706f 7765722d 646f6d61 696e2d00`,
    );
  });

  it('are negotiated: an agent that speaks 2.0 has neither names nor their attribute', () => {
    const server = plain();
    expect(server.exchange('ospm0', '10440000 00000200')).toBe('10440000 00000000');
    expect(server.exchange('ospm0', '08440000 02000000')).toBe('08440000 fcffffff');
    expect(server.exchange('ospm0', '03440000 02000000').slice(18, 26)).toBe('000000e0');
    expect(server.exchange('ospm0', '10440000 01000200')).toBe('10440000 ffffffff');
    expect(server.exchange('ospm0', '10440000 01000300')).toBe('10440000 00000000');
    expect(server.exchange('ospm0', '08440000 02000000').slice(0, 17)).toBe('08440000 00000000');
  });

  it('are negotiated: an agent that speaks 1.0 is not told of requests any more', () => {
    const server = new PowerServer({ domains: { a: {} }, agents: { ospm0: ['a'], ospm1: ['a'] } });
    server.status('ospm1', 'stateChangeRequestedNotify', 0, 1);
    server.exchange('ospm1', '10440000 00000100');
    server.set('ospm0', 0, ON);
    expect(server.events('ospm1')).toEqual([]);
  });
});

describe('POWER_DOMAIN_NAME_GET', () => {
  const name = (text: string) => {
    const bytes = [...text]
      .map(char => char.charCodeAt(0).toString(16))
      .join('')
      .padEnd(128, '0');
    return (bytes.match(/.{8}/g) ?? []).join(' ');
  };

  it('tells the whole name, also of a short one', () => {
    const server = plain();
    expect(server.exchange('ospm0', '08440000 02000000')).toBe(`08440000 00000000 00000000 ${name(LONG)}`);
    expect(server.exchange('ospm0', '08440000 00000000')).toBe(`08440000 00000000 00000000 ${name('gpu')}`);
  });

  it('of a domain that is not there', () => {
    expect(plain().exchange('ospm0', '08440000 03000000')).toBe('08440000 fcffffff');
  });
});

describe('POWER_STATE_SET', () => {
  it.each(VERSIONS)('at 0x%x sets, and POWER_STATE_GET tells', version => {
    const server = plain(version);
    for (const [state, actual] of [
      ['00000000', 1],
      ['01000000', 2],
      ['00000040', 0],
    ] as const) {
      expect(server.exchange('ospm0', `04444400 00000000 01000000 ${state}`)).toBe('04444400 00000000');
      expect(server.exchange('ospm0', '05444800 01000000')).toBe(`05444800 00000000 ${state}`);
      expect(server.actual('vpu')).toBe(actual);
    }
  });

  it.each([
    ['bit 31', 0x80000000],
    ['bit 29', 0x20000000],
    ['bit 28', 0x10000000],
    ['a state id that is none', 2],
    ['OFF with a state id', 0x40000001],
    ['sleep where there is none', SLEEP],
    ['1 << 30 | bit 29', 0x60000000],
  ])('refuses %s', (_what, state) => {
    const server = plain();
    expect(server.set('ospm0', 0, state)).toBe(-2);
    expect(server.actual('gpu')).toBe(1);
  });

  it('refuses in the order: domain, what is wrong, what is not supported, what is denied', () => {
    const server = new PowerServer({
      domains: { a: {}, b: {}, c: {} },
      agents: { ospm0: ['a', 'b'], ospm1: ['a', { domain: 'b', set: 'none' }, 'c'] },
      devices: [['a', 'b']],
    });
    expect(server.exchange('ospm0', '09400000 02000000 00000000 00000000')).toBe('09400000 00000000');
    const set = (flags: number, domain: number, state: number) =>
      server.status('ospm1', 'stateSet', flags, domain, state);
    expect([set(2, 9, 7), set(2, 1, 0), set(0, 1, 7), set(0, 1, ON), set(0, 0, ON)]).toEqual([-4, -2, -2, -1, -3]);
  });

  it.each([
    ['both', [0, 0], 0x60000000, [0, -1]],
    ['sync', [0, -1], 0x20000000, [0, -1]],
    ['async', [-1, 0], 0x40000000, [-1, -1]],
    ['none', [-1, -1], 0, [-1, -1]],
  ] as const)('in the ways that the product gives the agent: %s', (set, statuses, bits, withoutP2a) => {
    const server = new PowerServer({ domains: { a: {} }, agents: { ospm0: [{ domain: 'a', set }] } });
    const attributes = () => Number(server.powerCommand('ospm0', 'domainAttributes', 0).values['attributes']);
    expect(attributes() & 0x60000000).toBe(bits);
    expect([0, 1].map(flags => server.set('ospm0', 0, ON, flags))).toEqual(statuses);
    server.setP2a('ospm0', false);
    expect(attributes() & 0x60000000).toBe(bits & 0x20000000);
    expect([0, 1].map(flags => server.set('ospm0', 0, OFF, flags))).toEqual(withoutP2a);
  });

  it.each([
    [Status.E_PARAM, -2],
    [Status.E_RANGE, -5],
    [Status.E_SUPPORT, -1],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_DEVICE, -9],
    [Status.E_TIMEOUT, -8],
    [Status.E_PWRSTATE, -8],
  ])(
    'a driver that fails with %i is answered with %i, nothing has changed and nothing stays busy',
    (failure, status) => {
      const driver = new FakeDriver(['a']);
      const server = new PowerServer({ domains: { a: {} }, driver });
      driver.answers.set('a', failure);
      server.status('ospm0', 'stateNotify', 0, 1);
      expect(server.set('ospm0', 0, ON)).toBe(status);
      expect(server.get('ospm0', 0)).toBe(OFF);
      expect(server.events('ospm0')).toEqual([]);
      driver.answers.clear();
      expect(server.set('ospm0', 0, ON)).toBe(0);
      expect(server.get('ospm0', 0)).toBe(ON);
    },
  );

  it('that is vetoed is denied', () => {
    const veto = (domain: string) => (domain === 'a' ? Status.E_STATE : Status.SUCCESS);
    const server = new PowerServer({ domains: { a: { parent: 'top' }, b: { parent: 'top' }, top: {} }, veto });
    expect(server.set('ospm0', 0, ON)).toBe(-3);
    expect(server.get('ospm0', 0)).toBe(OFF);
    expect(server.actual('top')).toBe(0);
    expect(server.set('ospm0', 1, ON)).toBe(0);
  });

  it('without an event for it is BUSY', () => {
    const server = new PowerServer({ domains: { a: {} }, eventCount: 1 });
    expect(server.set('ospm0', 0, ON)).toBe(-6);
    expect(server.get('ospm0', 0)).toBe(OFF);
  });

  it('brings up the parents, which the agent need not see', () => {
    const server = new PowerServer({ domains: { a: { parent: 'top' }, top: {} }, agents: { ospm0: ['a'] } });
    expect(server.exchange('ospm0', '01440000').slice(18, 26)).toBe('01000000');
    expect(server.set('ospm0', 0, ON)).toBe(0);
    expect([server.actual('a'), server.actual('top')]).toEqual([1, 1]);
  });
});

describe('without a platform-to-agent channel', () => {
  it.each([
    ['stateNotify', 6],
    ['stateChangeRequestedNotify', 7],
  ] as const)('%s is not there', (key, id) => {
    const server = plain();
    server.setP2a('ospm0', false);
    expect(server.status('ospm0', key, 0, 1)).toBe(-1);
    expect(server.status('ospm0', 'messageAttributes', id)).toBe(-4);
  });

  it('attributes promise nothing that comes later', () => {
    const server = plain();
    server.setP2a('ospm0', false);
    expect(server.exchange('ospm0', '03440000 02000000').slice(18, 26)).toBe('00000028');
  });
});

describe('permissions of devices', () => {
  const COMMANDS: readonly (readonly [string, number[]])[] = [
    ['domainAttributes', [0]],
    ['stateSet', [0, 0, ON]],
    ['stateGet', [0]],
    ['stateNotify', [0, 1]],
    ['stateChangeRequestedNotify', [0, 1]],
    ['nameGet', [0]],
  ];
  const server = () =>
    new PowerServer({ domains: { a: {}, b: {} }, agents: { ospm0: ['a'], ospm1: ['a', 'b'] }, devices: [['a']] });
  const setDevice = (one: PowerServer, allow: string) =>
    expect(one.exchange('ospm0', `09400000 02000000 00000000 0${allow}000000`)).toBe('09400000 00000000');

  it.each(COMMANDS)('deny %s, and allow it again', (key, payload) => {
    const one = server();
    setDevice(one, '0');
    expect(one.status('ospm1', key, ...payload)).toBe(-3);
    expect(one.status('ospm0', key, ...payload)).toBe(0);
    setDevice(one, '1');
    expect(one.status('ospm1', key, ...payload)).toBe(0);
  });

  it('end notifications', () => {
    const one = server();
    one.status('ospm1', 'stateNotify', 0, 1);
    one.status('ospm1', 'stateChangeRequestedNotify', 0, 1);
    setDevice(one, '0');
    one.set('ospm0', 0, ON);
    expect(one.events('ospm1')).toEqual([]);
  });
});

describe('the configuration', () => {
  const domains = { a: {} };
  it.each([
    ['an agent that is not there', { nobody: ['a'] }, 'no agent is called nobody; the agents are ospm0, ospm1, ospm2'],
    ['a domain listed twice', { ospm0: ['a', { domain: 'a' }] }, 'agent ospm0 lists its resource 1 twice'],
  ])('refuses %s', (_what, agents, text) => {
    expect(() => new PowerServer({ domains, agents })).toThrow(text);
  });

  it('hides the protocol from an agent without domains', () => {
    const server = new PowerServer({ domains, agents: { ospm0: ['a'], ospm1: [] } });
    for (const agent of ['ospm1', 'ospm2']) expect(server.exchange(agent, '00440000')).toBe('00440000 ffffffff');
  });
});
