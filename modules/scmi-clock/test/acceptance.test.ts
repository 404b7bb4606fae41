// SPDX-License-Identifier: BSD-3-Clause
/** The cases of Arm's compliance suite for the Clock protocol, in its way: token 0, a 128-byte area, version 1.0. */
import { toHex, words } from '@scp/scmi/testing';
import { ClockServer } from './clocks.ts';

const CLOCKS = {
  uart: { rates: [24_000_000, 48_000_000] },
  pll: { range: { min: 1_000_000, max: 5_000_000_000, step: 1_000_000 }, rate: 100_000_000, on: true },
  osc: { fixed: 32_768, on: true },
};
const NAMES = ['uart', 'pll', 'osc'];
const COUNT = NAMES.length;
const BAD = COUNT + 1;

/** The area holds 128 bytes, 24 of them before the header. */
const AREA = 104;

function suite() {
  const server = new ClockServer({ clocks: CLOCKS, version: 0x10000 });
  return {
    server,
    send: (hex: string) => server.exchange('ospm0', hex, AREA),
    attributes: (clock: number) => server.exchange('ospm0', `03500000 0${clock}000000`, AREA),
  };
}

const rate = (value: number): string => toHex(words(value % 2 ** 32, Math.floor(value / 2 ** 32)));

describe('compliance suite, clock', () => {
  it('c001 PROTOCOL_VERSION', () => {
    expect(suite().send('00500000')).toBe('00500000 00000000 00000100');
  });

  it('c002 PROTOCOL_ATTRIBUTES', () => {
    expect(suite().send('01500000')).toBe('01500000 00000000 03000800');
  });

  it('c003 PROTOCOL_MESSAGE_ATTRIBUTES of the mandatory commands', () => {
    const { send } = suite();
    for (let id = 0; id <= 7; id++) expect(send(`02500000 0${id}000000`)).toBe('02500000 00000000 00000000');
  });

  it('c004 a command that is not there', () => {
    const { send } = suite();
    expect(send('08500000')).toBe('08500000 fcffffff');
    expect(send('02500000 08000000')).toBe('02500000 fcffffff');
  });

  it('c005 CLOCK_ATTRIBUTES of every clock', () => {
    const { attributes } = suite();
    expect(attributes(0)).toBe('03500000 00000000 00000000 75617274 00000000 00000000 00000000');
    expect(attributes(1)).toBe('03500000 00000000 01000000 706c6c00 00000000 00000000 00000000');
    expect(attributes(2)).toBe('03500000 00000000 01000000 6f736300 00000000 00000000 00000000');
  });

  it('c006 CLOCK_ATTRIBUTES of a clock that is not there', () => {
    const { send } = suite();
    for (const id of [COUNT, BAD]) expect(send(`03500000 0${id}000000`)).toBe('03500000 fcffffff');
    expect(send('03500000 ffffffff')).toBe('03500000 fcffffff');
  });

  it('c007 CLOCK_DESCRIBE_RATES', () => {
    const { send } = suite();
    const uart = `04500000 00000000 02000000 ${rate(24e6)} ${rate(48e6)}`;
    expect(send('04500000 00000000 00000000')).toBe(uart);
    expect(send('04500000 00000000 01000000')).toBe(`04500000 00000000 01000000 ${rate(48e6)}`);
    expect(send('04500000 00000000 02000000')).toBe('04500000 fbffffff');
    const pll = `04500000 00000000 03100000 ${rate(1e6)} ${rate(5e9)} ${rate(1e6)}`;
    expect(send('04500000 01000000 00000000')).toBe(pll);
    expect(send('04500000 02000000 00000000')).toBe(`04500000 00000000 01000000 ${rate(32_768)}`);
    expect(send('04500000 02000000 01000000')).toBe('04500000 fbffffff');
  });

  it('c008 CLOCK_DESCRIBE_RATES of a clock that is not there', () => {
    expect(suite().send(`04500000 0${BAD}000000 00000000`)).toBe('04500000 fcffffff');
  });

  it('c009 CLOCK_RATE_SET, synchronous, for every clock', () => {
    const { send } = suite();
    for (const [clock, value, before] of [
      [0, 48e6, 24e6],
      [1, 5e9, 100e6],
      [2, 32_768, 32_768],
    ] as const) {
      const get = () => send(`06500000 0${clock}000000`);
      const set = (to: number) => send(`05500000 00000000 0${clock}000000 ${rate(to)}`);
      expect(get()).toBe(`06500000 00000000 ${rate(before)}`);
      expect(set(value)).toBe('05500000 00000000');
      expect(get()).toBe(`06500000 00000000 ${rate(value)}`);
      expect(set(before)).toBe('05500000 00000000');
      expect(get()).toBe(`06500000 00000000 ${rate(before)}`);
    }
  });

  it('c010 CLOCK_RATE_SET, asynchronous', () => {
    const { send, server } = suite();
    expect(send(`05500000 01000000 00000000 ${rate(48e6)}`)).toBe('05500000 00000000');
    expect(server.events('ospm0')).toEqual([`05520000 00000000 00000000 ${rate(48e6)}`]);
    expect(send('06500000 00000000')).toBe(`06500000 00000000 ${rate(48e6)}`);
  });

  it('c011 CLOCK_RATE_SET with invalid parameters', () => {
    const { send } = suite();
    expect(send(`05500000 00000000 00000000 ${toHex(words(24e6 + 1))} 01000000`)).toBe('05500000 feffffff');
    expect(send(`05500000 ff000000 00000000 ${rate(24e6)}`)).toBe('05500000 feffffff');
    expect(send('06500000 00000000')).toBe(`06500000 00000000 ${rate(24e6)}`);
  });

  it('c012 CLOCK_RATE_SET of a clock that is not there', () => {
    expect(suite().send(`05500000 00000000 0${BAD}000000 ${rate(24e6)}`)).toBe('05500000 fcffffff');
    expect(suite().send(`05500000 ff000000 0${BAD}000000 ${rate(24e6)}`)).toBe('05500000 fcffffff');
  });

  it('c013 CLOCK_RATE_GET of every clock', () => {
    const { send } = suite();
    expect([0, 1, 2].map(clock => send(`06500000 0${clock}000000`))).toEqual([
      `06500000 00000000 ${rate(24e6)}`,
      `06500000 00000000 ${rate(100e6)}`,
      `06500000 00000000 ${rate(32_768)}`,
    ]);
  });

  it('c014 CLOCK_RATE_GET of a clock that is not there', () => {
    expect(suite().send(`06500000 0${BAD}000000`)).toBe('06500000 fcffffff');
  });

  it('c015 CLOCK_CONFIG_SET with invalid attributes', () => {
    for (const version of [0x10000, 0x20000, 0x30000] as const) {
      const server = new ClockServer({ clocks: CLOCKS, version });
      expect(server.exchange('ospm0', '07500000 00000000 0f000000', AREA)).toBe('07500000 feffffff');
    }
  });

  it('c016 CLOCK_CONFIG_SET of a clock that is not there', () => {
    expect(suite().send(`07500000 0${BAD}000000 01000000`)).toBe('07500000 fcffffff');
    expect(suite().send(`07500000 0${BAD}000000 0f000000`)).toBe('07500000 fcffffff');
  });

  it('c017 CLOCK_CONFIG_SET enables and disables, and CLOCK_ATTRIBUTES follows', () => {
    const { send, attributes } = suite();
    for (const [clock, states] of [
      [0, ['01', '00', '01']],
      [1, ['00', '01', '00']],
      [2, ['00', '01', '01']],
    ] as const) {
      for (const state of states) {
        expect(send(`07500000 0${clock}000000 ${state}000000`)).toBe('07500000 00000000');
        expect(attributes(clock).slice(18, 26)).toBe(`${state}000000`);
      }
    }
  });
});
