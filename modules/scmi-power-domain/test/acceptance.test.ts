// SPDX-License-Identifier: BSD-3-Clause
/** The cases of Arm's compliance suite for the Power domain protocol, in its way: token 0, a 128-byte area, version 2.0. */
import { PowerServer } from './domains.ts';

const DOMAINS = { gpu: { on: true }, vpu: {}, fixed: { on: true }, mute: {} };
const ENTRIES = [
  'gpu',
  { domain: 'vpu', set: 'sync' },
  { domain: 'fixed', set: 'none' },
  { domain: 'mute', notify: false },
] as const;
const COUNT = ENTRIES.length;
const BAD = COUNT + 1;
const SETTABLE = [0, 1, 3];

/** The area holds 128 bytes, 24 of them before the header. */
const AREA = 104;

function suite() {
  const server = new PowerServer({ domains: DOMAINS, agents: { ospm0: ENTRIES }, version: 0x20000 });
  return { server, send: (hex: string) => server.exchange('ospm0', hex, AREA) };
}

describe('compliance suite, power domain', () => {
  it('p001 PROTOCOL_VERSION', () => {
    expect(suite().send('00440000')).toBe('00440000 00000000 00000200');
  });

  it('p002 PROTOCOL_ATTRIBUTES', () => {
    expect(suite().send('01440000')).toBe('01440000 00000000 04000000 00000000 00000000 00000000');
  });

  it('p003 PROTOCOL_MESSAGE_ATTRIBUTES of the mandatory commands', () => {
    const { send } = suite();
    for (let id = 0; id <= 7; id++) expect(send(`02440000 0${id}000000`)).toBe('02440000 00000000 00000000');
  });

  it('p004 a command that is not there', () => {
    const { send } = suite();
    expect(send('08440000')).toBe('08440000 fcffffff');
    expect(send('02440000 08000000')).toBe('02440000 fcffffff');
  });

  it('p005 POWER_DOMAIN_ATTRIBUTES of every domain', () => {
    const { send } = suite();
    expect(send('03440000 00000000')).toBe('03440000 00000000 000000e0 67707500 00000000 00000000 00000000');
    expect(send('03440000 01000000')).toBe('03440000 00000000 000000a0 76707500 00000000 00000000 00000000');
    expect(send('03440000 02000000')).toBe('03440000 00000000 00000080 66697865 64000000 00000000 00000000');
    expect(send('03440000 03000000')).toBe('03440000 00000000 00000060 6d757465 00000000 00000000 00000000');
  });

  it('p006 POWER_DOMAIN_ATTRIBUTES of a domain that is not there', () => {
    const { send } = suite();
    for (const id of [COUNT, BAD]) expect(send(`03440000 0${id}000000`)).toBe('03440000 fcffffff');
    expect(send('03440000 ffffffff')).toBe('03440000 fcffffff');
  });

  it('p007 POWER_STATE_SET with reserved flags, and with reserved bits in the state', () => {
    const { send } = suite();
    for (const id of SETTABLE) {
      for (const flags of ['0e', '0f']) {
        expect(send(`04440000 ${flags}000000 0${id}000000 00000000`)).toBe('04440000 feffffff');
      }
      expect(send(`04440000 00000000 0${id}000000 000000ff`)).toBe('04440000 feffffff');
    }
  });

  it('p008 POWER_STATE_SET of a domain that can’t be set', () => {
    const { send } = suite();
    for (const flags of ['00', '01'])
      expect(send(`04440000 ${flags}000000 02000000 00000000`)).toBe('04440000 ffffffff');
  });

  it('p009 POWER_STATE_SET of a domain that is not there', () => {
    const { send } = suite();
    expect(send(`04440000 00000000 0${BAD}000000 00000000`)).toBe('04440000 fcffffff');
    expect(send(`04440000 0f000000 0${BAD}000000 000000ff`)).toBe('04440000 fcffffff');
  });

  it('p010 POWER_STATE_GET of every domain', () => {
    const { send } = suite();
    expect([0, 1, 2, 3].map(id => send(`05440000 0${id}000000`))).toEqual([
      '05440000 00000000 00000000',
      '05440000 00000000 00000040',
      '05440000 00000000 00000000',
      '05440000 00000000 00000040',
    ]);
  });

  it('p011 POWER_STATE_GET of a domain that is not there', () => {
    expect(suite().send(`05440000 0${BAD}000000`)).toBe('05440000 fcffffff');
  });

  it('p012 POWER_STATE_NOTIFY with reserved bits', () => {
    const { send } = suite();
    for (const id of [0, 1, 2]) expect(send(`06440000 0${id}000000 0f000000`)).toBe('06440000 feffffff');
  });

  it('p013 POWER_STATE_NOTIFY of a domain without notifications', () => {
    const { send } = suite();
    for (const enable of ['01', '00']) expect(send(`06440000 03000000 ${enable}000000`)).toBe('06440000 ffffffff');
  });

  it('p014 POWER_STATE_NOTIFY of a domain that is not there', () => {
    expect(suite().send(`06440000 0${BAD}000000 01000000`)).toBe('06440000 fcffffff');
  });

  it('p015 POWER_STATE_CHANGE_REQUESTED_NOTIFY with reserved bits', () => {
    const { send } = suite();
    for (let id = 0; id < COUNT; id++) expect(send(`07440000 0${id}000000 0f000000`)).toBe('07440000 feffffff');
  });

  it('p016 POWER_STATE_CHANGE_REQUESTED_NOTIFY of a domain that is not there', () => {
    expect(suite().send(`07440000 0${BAD}000000 01000000`)).toBe('07440000 fcffffff');
  });
});

describe('suggested cases, power domain', () => {
  const TWO = { domains: { a: {}, b: {} }, agents: { ospm0: ['a', 'b'], ospm1: ['b', 'a'] } };

  it('POWER_STATE_CHANGED by agent 2, domain 7, OFF, as in the worked example', () => {
    const domains = Object.fromEntries(Array.from({ length: 8 }, (_one, index) => [`d${index}`, { on: true }]));
    const server = new PowerServer({ domains, agents: { ospm0: Object.keys(domains), ospm1: ['d7'] } });
    server.exchange('ospm0', '06440000 07000000 01000000');
    server.exchange('ospm1', '04440000 00000000 00000000 00000040');
    expect(server.events('ospm0')).toEqual(['00470000 02000000 07000000 00000040']);
  });

  it('reserved header bits are echoed', () => {
    const server = new PowerServer(TWO);
    expect(server.exchange('ospm0', '054400f4 00000000')).toBe('054400f4 00000000 00000040');
  });

  it('what Linux does: sets, then reads back exactly what it has set, whoever else uses the domain', () => {
    const server = new PowerServer(TWO);
    const set = (agent: string, id: string, state: string) =>
      expect(server.exchange(agent, `04440000 00000000 ${id} ${state}`)).toBe('04440000 00000000');
    const get = (agent: string, id: string) => server.exchange(agent, `05440000 ${id}`).slice(18);
    set('ospm0', '00000000', '00000000');
    expect(get('ospm0', '00000000')).toBe('00000000');
    set('ospm1', '01000000', '00000000');
    set('ospm1', '01000000', '00000040');
    expect(get('ospm1', '01000000')).toBe('00000040');
    expect(get('ospm0', '00000000')).toBe('00000000');
    expect(server.actual('a')).toBe(1);
  });

  it('duplicate subscriptions tell once, and one disable ends them', () => {
    const server = new PowerServer(TWO);
    for (const _time of [1, 2]) expect(server.status('ospm0', 'stateNotify', 0, 1)).toBe(0);
    server.set('ospm0', 0, 0);
    expect(server.events('ospm0')).toHaveLength(1);
    for (const _time of [1, 2]) expect(server.status('ospm0', 'stateNotify', 0, 0)).toBe(0);
    server.set('ospm0', 0, 0x40000000);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('a notification without a buffer is dropped, and the command does not fail', () => {
    const server = new PowerServer(TWO);
    server.status('ospm0', 'stateNotify', 0, 1);
    server.setBuffers('ospm0', false);
    expect(server.set('ospm0', 0, 0)).toBe(0);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('empty and short payloads', () => {
    const server = new PowerServer(TWO);
    for (const [id, size] of [
      [2, 4],
      [3, 4],
      [4, 12],
      [5, 4],
      [6, 8],
      [7, 8],
      [8, 4],
      [0x10, 4],
    ] as const) {
      const header = id.toString(16).padStart(2, '0');
      for (const length of [0, size - 1, size + 4]) {
        expect(server.exchange('ospm0', `${header}440000${'00'.repeat(length)}`)).toBe(`${header}440000 f6ffffff`);
      }
    }
  });

  it('answers need their room: NAME_GET 80 bytes, DOMAIN_ATTRIBUTES 28, others 8', () => {
    const server = new PowerServer(TWO);
    expect(server.exchange('ospm0', '08440000 00000000', 76)).toBe(
      '08440000 00000000 00000000 61000000'.padEnd(35 + 9 * 15, ' 00000000'),
    );
    expect(server.exchange('ospm0', '08440000 00000000', 72)).toBe('08440000 f9ffffff');
    expect(server.exchange('ospm0', '03440000 00000000', 28).length).toBe(7 * 9 - 1);
    expect(server.exchange('ospm0', '03440000 00000000', 24)).toBe('03440000 f9ffffff');
    expect(server.exchange('ospm0', '04440000 00000000 00000000 00000000', 8)).toBe('04440000 00000000');
  });
});
