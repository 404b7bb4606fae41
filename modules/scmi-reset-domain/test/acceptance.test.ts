// SPDX-License-Identifier: BSD-3-Clause
/** The cases of Arm's compliance suite for the Reset domain protocol, in its way: token 0, a 128-byte area, version 1.0. */
import { ResetServer } from './domains.ts';

const DOMAINS = {
  dpu: { latency: 100 },
  vpu: { asynchronous: true, autonomous: true },
  uart: { explicit: false, notifications: false },
};
const COUNT = Object.keys(DOMAINS).length;
const BAD = COUNT + 1;

/** The area holds 128 bytes, 24 of them before the header. */
const AREA = 104;

function suite() {
  const server = new ResetServer({ domains: DOMAINS, version: 0x10000 });
  return { server, send: (hex: string) => server.exchange('ospm0', hex, AREA) };
}

describe('compliance suite, reset', () => {
  it('r001 PROTOCOL_VERSION', () => {
    expect(suite().send('00580000')).toBe('00580000 00000000 00000100');
  });

  it('r002 PROTOCOL_ATTRIBUTES', () => {
    expect(suite().send('01580000')).toBe('01580000 00000000 03000000');
  });

  it('r003 PROTOCOL_MESSAGE_ATTRIBUTES of the mandatory commands', () => {
    const { send } = suite();
    for (let id = 0; id <= 4; id++) expect(send(`02580000 0${id}000000`)).toBe('02580000 00000000 00000000');
  });

  it('r004 a command that is not there', () => {
    const { send } = suite();
    expect(send('06580000')).toBe('06580000 fcffffff');
    expect(send('02580000 06000000')).toBe('02580000 fcffffff');
    expect(send('0c580000')).toBe('0c580000 fcffffff');
    expect(send('02580000 0c000000')).toBe('02580000 fcffffff');
  });

  it('r005 RESET_DOMAIN_ATTRIBUTES of every domain', () => {
    const { send } = suite();
    expect(send('03580000 00000000')).toBe('03580000 00000000 00000040 64000000 64707500 00000000 00000000 00000000');
    expect(send('03580000 01000000')).toBe('03580000 00000000 000000c0 ffffffff 76707500 00000000 00000000 00000000');
    expect(send('03580000 02000000')).toBe('03580000 00000000 00000000 ffffffff 75617274 00000000 00000000 00000000');
  });

  it('r006 RESET_DOMAIN_ATTRIBUTES of a domain that is not there', () => {
    const { send } = suite();
    for (const id of [COUNT, BAD]) expect(send(`03580000 0${id}000000`)).toBe('03580000 fcffffff');
    expect(send('03580000 ffffffff')).toBe('03580000 fcffffff');
  });

  it('r007 RESET of a domain that is not there', () => {
    const { send } = suite();
    for (const flags of ['00', '01', '02', '05', 'f8']) {
      expect(send(`04580000 0${BAD}000000 ${flags}000000 00000000`)).toBe('04580000 fcffffff');
    }
  });

  it('r008 RESET with reserved flags, and asynchronous on a domain that is not', () => {
    const { send } = suite();
    for (let id = 0; id < COUNT; id++) {
      expect(send(`04580000 0${id}000000 f8000000 00000000`)).toBe('04580000 feffffff');
    }
    for (const id of [0, 2]) expect(send(`04580000 0${id}000000 05000000 00000000`)).toBe('04580000 ffffffff');
  });

  it('r009 RESET, de-assert, with an architectural state that is not there', () => {
    const { send } = suite();
    for (let id = 0; id < COUNT; id++) {
      expect(send(`04580000 0${id}000000 00000000 ff000000`)).toBe('04580000 feffffff');
    }
  });

  it('r010 RESET_NOTIFY of a domain that is not there', () => {
    expect(suite().send(`05580000 0${BAD}000000 01000000`)).toBe('05580000 fcffffff');
  });

  it('r011 RESET_NOTIFY with reserved bits', () => {
    const { send } = suite();
    for (let id = 0; id < COUNT; id++) expect(send(`05580000 0${id}000000 0f000000`)).toBe('05580000 feffffff');
  });
});

describe('suggested cases, reset', () => {
  it('async: ack before complete, same token', () => {
    const server = new ResetServer({ domains: { a: {}, b: {}, c: {}, d: { asynchronous: true, delay: 100 } } });
    expect(server.exchange('ospm0', '0458c000 03000000 05000000 00000000')).toBe('0458c000 00000000');
    expect(server.events('ospm0')).toEqual([]);
    server.advance(100);
    expect(server.events('ospm0')).toEqual(['045ac000 00000000 03000000']);
  });

  it('notification to all subscribers', () => {
    const server = new ResetServer({
      domains: { a: {}, b: {} },
      agents: { ospm0: ['a', 'b'], ospm1: ['b', 'a'], ospm2: ['a', 'b'] },
    });
    expect(server.exchange('ospm0', '05580000 00000000 01000000')).toBe('05580000 00000000');
    expect(server.exchange('ospm1', '05580000 01000000 01000000')).toBe('05580000 00000000');
    expect(server.exchange('ospm0', '04580000 00000000 01000000 00000000')).toBe('04580000 00000000');
    expect(server.events('ospm0')).toEqual(['005b0000 01000000 00000000 00000000']);
    expect(server.events('ospm1')).toEqual(['005b0000 01000000 01000000 00000000']);
    expect(server.events('ospm2')).toEqual([]);
  });

  it('assert keeps the line until de-assert', () => {
    const server = new ResetServer({ domains: { a: { delay: 0 } } });
    const line = () => server.isAsserted('a');
    expect(server.reset('ospm0', 0, 2)).toBe(0);
    server.advance(1_000_000);
    expect(line()).toBe(true);
    expect(server.reset('ospm0', 0, 0)).toBe(0);
    expect(line()).toBe(false);
  });

  it('second agent: DENIED without permission, GENERIC_ERROR while another keeps the domain', () => {
    const server = new ResetServer({
      domains: { a: {} },
      agents: { ospm0: ['a'], ospm1: ['a'], ospm2: [{ domain: 'a', reset: false }] },
    });
    expect(server.reset('ospm0', 0, 2)).toBe(0);
    for (const flags of [0, 1]) expect(server.reset('ospm1', 0, flags)).toBe(-8);
    for (const flags of [0, 1, 2]) expect(server.reset('ospm2', 0, flags)).toBe(-3);
    expect(server.isAsserted('a')).toBe(true);
  });
});
