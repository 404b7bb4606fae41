// SPDX-License-Identifier: BSD-3-Clause
/** The cases that the reference suggests for the Powercap protocol, which Arm's suite does not cover; and what Linux does. */
import { PowercapServer } from './domains.ts';

const DOMAINS = {
  soc: { asynchronous: true, value: 9000, sustainablePower: 15_000 },
  cpu: { parent: 'soc', value: 5000 },
  gpu: { parent: 'soc', cap: { fixed: 6000 }, interval: { fixed: 10_000 } },
};
const COUNT = Object.keys(DOMAINS).length;

const shared = () => new PowercapServer({ domains: DOMAINS, agents: { ospm0: ['soc', 'cpu', 'gpu'], ospm1: ['cpu'] } });
const alone = (version?: 0x10000 | 0x20000) =>
  new PowercapServer({ domains: DOMAINS, ...(version === undefined ? {} : { version }) });

describe('every protocol, powercap', () => {
  it('version', () => {
    expect(alone().exchange('ospm0', '00600000')).toBe('00600000 00000000 00000200');
    expect(alone(0x10000).exchange('ospm0', '00600000')).toBe('00600000 00000000 00000100');
  });

  it('attributes with reserved bits zero', () => {
    expect(alone().exchange('ospm0', '01600000')).toBe('01600000 00000000 03000000');
  });

  it.each([
    [0x10000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [0x20000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16]],
  ] as const)(
    'MESSAGE_ATTRIBUTES for each implemented id = 0 and NOT_FOUND for each other id: version %i',
    (version, ids) => {
      const server = alone(version);
      const known = [];
      for (let id = 0; id < 0x120; id++) {
        const { status, values } = server.powercap('ospm0', 'messageAttributes', id);
        if (status === 0) {
          expect(values).toEqual({ attributes: 0 });
          known.push(id);
        } else expect(status).toBe(-4);
      }
      expect(known).toEqual(ids);
      expect(server.exchange('ospm0', '0c600000 00000000 05000000')).toBe('0c600000 fcffffff');
    },
  );

  it('NEGOTIATE own version -> SUCCESS, next major -> NOT_SUPPORTED', () => {
    expect(alone().exchange('ospm0', '10600000 00000200')).toBe('10600000 00000000');
    expect(alone().exchange('ospm0', '10600000 00000300')).toBe('10600000 ffffffff');
    expect(alone(0x10000).exchange('ospm0', '10600000 00000100')).toBe('10600000 fcffffff');
  });

  it.each(['03', '04', '06', '08', '09'])('ids count, count + 1 and 0xFFFFFFFF -> NOT_FOUND: message %s', message => {
    for (const id of [`0${COUNT}000000`, `0${COUNT + 1}000000`, 'ffffffff', '00010000']) {
      expect(alone().exchange('ospm0', `${message}600000 ${id}`)).toBe(`${message}600000 fcffffff`);
    }
  });

  it.each([
    ['05', '00000000 88130000'],
    ['07', '00000000 d0070000'],
    ['0a', '01000000'],
    ['0b', '01000000 00000000 01000000'],
  ])('ids count, count + 1 and 0xFFFFFFFF -> NOT_FOUND: message %s', (message, rest) => {
    for (const id of [`0${COUNT}000000`, `0${COUNT + 1}000000`, 'ffffffff', '00010000']) {
      expect(alone().exchange('ospm0', `${message}600000 ${id} ${rest}`)).toBe(`${message}600000 fcffffff`);
    }
  });
});

describe('suggested cases, powercap', () => {
  it('cap below min / above max -> INVALID_PARAMETERS', () => {
    const server = shared();
    for (const cap of [1, 999, 20_001, 0xffffffff]) expect(server.capSet('ospm0', 1, cap)).toBe(-2);
    for (const cap of [1000, 20_000]) expect(server.capSet('ospm0', 1, cap)).toBe(0);
  });

  it('flags 0x1, 0x2, 0x3 behaviour (0x3: no delayed message)', () => {
    const server = shared();
    const send = (flags: string, cap: string) => server.exchange('ospm0', `05604001 00000000 ${flags}000000 ${cap}`);
    expect(send('01', '983a0000')).toBe('05604001 00000000');
    expect([server.cap('soc'), server.events('ospm0')]).toEqual([15_000, []]);
    expect(send('02', '10270000')).toBe('05604001 00000000');
    expect([server.cap('soc'), server.events('ospm0')]).toEqual([10_000, ['05624001 00000000 00000000 10270000']]);
    expect(send('03', '88130000')).toBe('05604001 00000000');
    expect([server.cap('soc'), server.events('ospm0')]).toEqual([5000, []]);
  });

  it('v2 cap 0 with one agent', () => {
    const server = shared();
    expect(server.capSet('ospm0', 1, 5000)).toBe(0);
    expect(server.exchange('ospm0', '05600000 01000000 00000000 00000000')).toBe('05600000 00000000');
    expect(server.exchange('ospm0', '04600000 01000000')).toBe('04600000 00000000 00000000');
  });

  it('v2 cap 0 with two agents', () => {
    const server = shared();
    expect(server.capSet('ospm0', 1, 5000)).toBe(0);
    expect(server.capSet('ospm1', 0, 8000)).toBe(0);
    expect([server.capGet('ospm0', 1), server.capGet('ospm1', 0)]).toEqual([5000, 5000]);
    expect(server.capSet('ospm0', 1, 0)).toBe(0);
    expect([server.capGet('ospm0', 1), server.capGet('ospm1', 0)]).toEqual([8000, 8000]);
    expect(server.capSet('ospm1', 0, 0)).toBe(0);
    expect([server.capGet('ospm0', 1), server.capGet('ospm1', 0)]).toEqual([0, 0]);
  });

  it('PAI bounds', () => {
    const server = shared();
    for (const pai of [0, 999, 50_001, 0xffffffff]) expect(server.status('ospm0', 'paiSet', 1, 0, pai)).toBe(-2);
    for (const pai of [1000, 50_000]) expect(server.status('ospm0', 'paiSet', 1, 0, pai)).toBe(0);
    expect(server.status('ospm0', 'paiSet', 2, 0, 10_000)).toBe(-1);
  });

  it('threshold crossing both ways', () => {
    const waveform = { shape: 'square' as const, offset: 8000, amplitude: 4000, period: 8000 };
    const server = new PowercapServer({ domains: { a: { waveform } } });
    expect(server.status('ospm0', 'measurementsNotify', 0, 1, 5000, 11_000)).toBe(0);
    server.advance(8000);
    expect(server.events('ospm0')).toEqual([
      '01630000 00000000 00000000 e02e0000',
      '01630000 00000000 00000000 a00f0000',
    ]);
    server.advance(4000);
    expect(server.events('ospm0')).toEqual(['01630000 00000000 00000000 e02e0000']);
  });

  it('CAP_CHANGED carries the agent', () => {
    const server = shared();
    server.status('ospm0', 'capNotify', 1, 1);
    server.status('ospm1', 'capNotify', 0, 1);
    expect(server.capSet('ospm1', 0, 15_000)).toBe(0);
    expect(server.events('ospm0')).toEqual(['00630000 02000000 01000000 983a0000 e8030000']);
    expect(server.events('ospm1')).toEqual(['00630000 02000000 00000000 983a0000 e8030000']);
  });

  it('low > high -> INVALID_PARAMETERS', () => {
    const server = shared();
    expect(server.status('ospm0', 'measurementsNotify', 1, 1, 2, 1)).toBe(-2);
    expect(server.status('ospm0', 'measurementsNotify', 1, 1, 1, 1)).toBe(0);
    expect(server.status('ospm0', 'measurementsNotify', 1, 0, 2, 1)).toBe(0);
  });

  it('notification lengths 16 and 12', () => {
    const server = shared();
    server.status('ospm0', 'capNotify', 1, 1);
    server.status('ospm0', 'measurementsNotify', 1, 1, 1, 2);
    server.capSet('ospm0', 1, 10_000);
    server.advance(1000);
    expect(server.events('ospm0').map(event => event.split(' ').length)).toEqual([5, 4]);
  });
});

describe('Linux 6.12, arm_scmi_powercap', () => {
  /** Payloads of the driver's own commands, whose `enabled` state follows POWERCAP_CAP_GET. */
  const linux = (server: PowercapServer, domain: number, flags: number) => ({
    setLimit: (cap: number) => server.status('ospm0', 'capSet', domain, flags, cap),
    enable: (cap: number) => server.status('ospm0', 'capSet', domain, flags | 1, cap),
    limit: () => server.capGet('ospm0', domain),
  });

  it('probes every domain by its rules', () => {
    const server = shared();
    for (let domain = 0; domain < COUNT; domain++) {
      const { status, values } = server.powercap('ospm0', 'domainAttributes', domain);
      expect(status).toBe(0);
      const attributes = Number(values['attributes']);
      for (const [bit, min, max, step] of [
        [27, 'minCap', 'maxCap', 'capStep'],
        [25, 'minPai', 'maxPai', 'paiStep'],
      ] as const) {
        const isConfigurable = ((attributes >>> bit) & 1) === 1;
        expect(Number(values[min])).toBeGreaterThan(0);
        expect(Number(values[min]) < Number(values[max])).toBe(isConfigurable);
        expect(Number(values[step]) > 0).toBe(isConfigurable);
      }
      const parent = Number(values['parentId']);
      expect(parent === 0xffffffff || (parent < COUNT && parent !== domain)).toBe(true);
      expect((attributes >>> 22) & 1).toBe(0);
      expect(server.capGet('ospm0', domain)).toBeGreaterThan(0);
    }
  });

  it.each([
    ['asynchronous', 0, 0x2],
    ['not asynchronous', 1, 0x0],
  ])('writes and reads back limits, and disables and enables: a domain that is %s', (_what, domain, flags) => {
    const server = shared();
    const { setLimit, enable, limit } = linux(server, domain, flags);
    expect(setLimit(12_000)).toBe(0);
    expect(limit()).toBe(12_000);
    expect(enable(0)).toBe(0);
    expect(limit()).toBe(0);
    expect(enable(12_000)).toBe(0);
    expect(limit()).toBe(12_000);
    const complete = server.events('ospm0').filter(event => event.startsWith('0562'));
    expect(complete).toHaveLength(flags === 0 ? 0 : 1);
  });

  it('reads the state it has disabled or enabled at once, though the hardware needs time', () => {
    const server = new PowercapServer({ domains: { soc: { asynchronous: true, delay: 1_000_000 } } });
    const { enable, limit } = linux(server, 0, 0x2);
    expect(enable(0)).toBe(0);
    expect([limit(), server.cap('soc')]).toEqual([0, 20_000]);
    server.advance(1_000_000);
    expect([limit(), server.cap('soc')]).toEqual([0, 0]);
    expect(enable(9000)).toBe(0);
    expect(limit()).toBe(9000);
    server.advance(1_000_000);
    expect([limit(), server.events('ospm0')]).toEqual([9000, []]);
  });

  it('writes and reads back time windows, and reads power', () => {
    const server = shared();
    expect(server.status('ospm0', 'paiSet', 0, 0, 20_000)).toBe(0);
    expect(server.powercap('ospm0', 'paiGet', 0).values).toEqual({ pai: 20_000 });
    expect(server.powercap('ospm0', 'measurementsGet', 0).values).toEqual({ power: 9000, pai: 20_000 });
    expect(server.capSet('ospm0', 0, 4000)).toBe(0);
    expect(server.powercap('ospm0', 'measurementsGet', 0).values).toEqual({ power: 4000, pai: 20_000 });
  });
});
