// SPDX-License-Identifier: BSD-3-Clause
import { ClockServer } from './clocks.ts';

const CLOCKS = {
  pll: { range: { min: 100, max: 2 ** 40, step: 1 }, rate: 1000 },
  uart: { parents: ['pll', 'osc'], divider: 10 },
  osc: { fixed: 50 },
};
const server = (version: 0x20000 | 0x30000 = 0x30000) =>
  new ClockServer({
    clocks: CLOCKS,
    agents: { ospm0: ['uart', 'pll', 'osc'], ospm1: ['pll', 'osc', 'uart'], ospm2: ['uart'] },
    version,
  });

describe('CLOCK_RATE_CHANGED', () => {
  it('goes to every subscriber with its own id, the causer too, after the answer', () => {
    const one = server();
    expect(one.exchange('ospm0', '09500000 01000000 01000000')).toBe('09500000 00000000');
    expect(one.status('ospm1', 'rateNotify', 0, 1)).toBe(0);
    expect(one.status('ospm0', 'rateSet', 0, 1, 0x2a05f200, 1)).toBe(0);
    expect(one.events('ospm0')).toEqual(['00530000 01000000 01000000 00f2052a 01000000']);
    expect(one.events('ospm1')).toEqual(['00530000 01000000 00000000 00f2052a 01000000']);
    expect(one.events('ospm2')).toEqual([]);
  });

  it('is sent only when the rate is another', () => {
    const one = server();
    one.status('ospm0', 'rateNotify', 1, 1);
    one.status('ospm0', 'rateSet', 0, 1, 1000, 0);
    one.status('ospm0', 'rateSet', 0, 1, 50, 0);
    expect(one.events('ospm0')).toEqual([]);
  });

  it('follows a parent’s rate, and a change of parent', () => {
    const one = server();
    one.status('ospm2', 'rateNotify', 0, 1);
    one.status('ospm1', 'rateSet', 0, 0, 2000, 0);
    expect(one.events('ospm2')).toEqual(['00530000 02000000 00000000 c8000000 00000000']);
    one.status('ospm0', 'parentSet', 0, 2);
    expect(one.events('ospm2')).toEqual(['00530000 01000000 00000000 05000000 00000000']);
    one.status('ospm0', 'parentSet', 0, 2);
    one.status('ospm1', 'rateSet', 0, 0, 3000, 0);
    expect(one.events('ospm2')).toEqual([]);
  });

  it('is turned on and off, twice as once', () => {
    const one = server();
    const change = (rate: number) => {
      one.status('ospm1', 'rateSet', 0, 0, rate, 0);
      return one.events('ospm0').length;
    };
    expect(change(101)).toBe(0);
    for (const enable of [1, 1]) expect(one.status('ospm0', 'rateNotify', 1, enable)).toBe(0);
    expect(change(102)).toBe(1);
    for (const enable of [0, 0]) expect(one.status('ospm0', 'rateNotify', 1, enable)).toBe(0);
    expect(change(103)).toBe(0);
  });

  it('ends when the agent is reset', () => {
    const one = server();
    one.status('ospm0', 'rateNotify', 1, 1);
    one.status('ospm0', 'rateChangeRequestedNotify', 1, 1);
    one.status('ospm1', 'rateNotify', 0, 1);
    one.disconnect('ospm0');
    one.status('ospm1', 'rateSet', 0, 0, 500, 0);
    expect(one.events('ospm0')).toEqual([]);
    expect(one.events('ospm1')).toHaveLength(1);
  });

  it('is dropped without a buffer for it, and not sent later', () => {
    const one = server();
    one.status('ospm0', 'rateNotify', 1, 1);
    one.setBuffers('ospm0', false);
    one.status('ospm1', 'rateSet', 0, 0, 500, 0);
    one.setBuffers('ospm0', true);
    expect(one.events('ospm0')).toEqual([]);
  });

  it('is not sent to an agent that has gone back to version 1.0', () => {
    const one = server();
    one.status('ospm0', 'rateNotify', 1, 1);
    expect(one.status('ospm0', 'negotiate', 0x10000)).toBe(0);
    one.status('ospm1', 'rateSet', 0, 0, 500, 0);
    expect(one.events('ospm0')).toEqual([]);
  });
});

describe('CLOCK_RATE_CHANGE_REQUESTED', () => {
  it('tells subscribers but the requester of the rate as requested', () => {
    const one = server(0x20000);
    expect(one.exchange('ospm0', '0a500000 01000000 01000000')).toBe('0a500000 00000000');
    expect(one.status('ospm1', 'rateChangeRequestedNotify', 0, 1)).toBe(0);
    one.status('ospm1', 'rateSet', 0, 0, 1000, 0);
    expect(one.events('ospm0')).toEqual(['01530000 02000000 01000000 e8030000 00000000']);
    expect(one.events('ospm1')).toEqual([]);
    one.status('ospm0', 'rateSet', 4, 1, 50, 0);
    expect(one.events('ospm1')).toEqual(['01530000 01000000 00000000 32000000 00000000']);
  });

  it('also of asynchronous requests', () => {
    const one = server();
    one.status('ospm0', 'rateChangeRequestedNotify', 1, 1);
    one.status('ospm1', 'rateSet', 1, 0, 700, 0);
    expect(one.events('ospm0')).toEqual(['01530000 02000000 01000000 bc020000 00000000']);
  });

  it('not of requests that are refused', () => {
    const one = server();
    one.status('ospm0', 'rateChangeRequestedNotify', 1, 1);
    one.status('ospm1', 'rateSet', 0, 0, 50, 0);
    one.status('ospm1', 'rateSet', 0x10, 0, 500, 0);
    expect(one.events('ospm0')).toEqual([]);
  });
});

describe.each([
  ['rateNotify', '09'],
  ['rateChangeRequestedNotify', '0a'],
])('%s', (key, id) => {
  it.each([
    ['03000000 01000000', 'fcffffff'],
    ['03000000 0f000000', 'fcffffff'],
    ['00000000 02000000', 'feffffff'],
    ['00000000 0f000000', 'feffffff'],
    ['00000000 00000080', 'feffffff'],
  ])('%s answers %s', (payload, status) => {
    expect(server().exchange('ospm0', `${id}500000 ${payload}`)).toBe(`${id}500000 ${status}`);
  });

  it('is not supported without a platform-to-agent channel, nor is it a message', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.status('ospm0', key, 0, 1)).toBe(-1);
    expect(one.exchange('ospm0', `02500000 ${id}000000`)).toBe('02500000 fcffffff');
  });
});

describe('without a platform-to-agent channel', () => {
  it('attributes tell of no notifications and no pending rate changes', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.exchange('ospm0', '01500000')).toBe('01500000 00000000 03000000');
    expect(Number(one.value('ospm0', 'clockAttributes', 'attributes', 1)) >>> 29).toBe(0);
    expect(Number(one.value('ospm1', 'clockAttributes', 'attributes', 0)) >>> 30).toBe(3);
  });
});
