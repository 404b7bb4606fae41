// SPDX-License-Identifier: BSD-3-Clause
/**
 * Acceptance of the Performance domain protocol, by the names of Arm's compliance suite (d001-d029), at the versions it knows;
 * then what Linux and version 4.0 need beside it. d021, d028 and d029 are about fast channels that exist: none do here.
 */
import { PerfServer } from './domains.ts';

const OPPS = [
  { level: 665_000, voltage: 600_000, power: 665 },
  { level: 998_000, voltage: 700_000, power: 1207 },
  { level: 1_330_000, voltage: 800_000, power: 1915 },
  { level: 1_463_000, voltage: 900_000, power: 2472 },
];
const [MIN, MAX] = [665_000, 1_463_000];
const DOMAINS = { cpu: { opps: OPPS, sustained: 1_330_000, latency: 1200 }, sys: { opps: OPPS } };
const AGENTS = { ospm0: ['cpu', { domain: 'sys', limits: false, level: false, notify: false }] } as const;
/** The domain with everything, that with nothing, and the id after the last but one. */
const [CPU, SYS, COUNT] = [0, 1, 2];
const BAD = COUNT + 1;

const suite = (version: 0x10000 | 0x20000) => new PerfServer({ domains: DOMAINS, agents: AGENTS, version });

/** The words of an answer after its header, the status first. */
const answer = (server: PerfServer, hex: string): number[] => {
  const bytes = Buffer.from(server.exchange('ospm0', hex).split(' ').join(''), 'hex');
  expect(bytes.subarray(0, 4).toString('hex')).toBe(hex.slice(0, 8));
  return Array.from({ length: bytes.length / 4 - 1 }, (_, at) =>
    at === 0 ? bytes.readInt32LE(4) : bytes.readUInt32LE(4 + 4 * at),
  );
};
const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes.toString('hex');
};
const send = (server: PerfServer, id: number, ...payload: number[]): number[] =>
  answer(server, [word(0x4c00 | id), ...payload.map(word)].join(' '));

describe.each([0x10000, 0x20000] as const)('at version %i', version => {
  const isV2 = version === 0x20000;

  it('d001 version', () => {
    expect(send(suite(version), 0)).toEqual([0, version]);
  });

  it('d002 attributes', () => {
    const [status, attributes = 0, ...statistics] = send(suite(version), 1);
    expect([status, attributes >>> 17, attributes & 0xffff, ...statistics]).toEqual([0, 0, COUNT, 0, 0, 0]);
  });

  it('d003 message attributes', () => {
    for (let id = 3; id <= 8; id++) expect(send(suite(version), 2, id)).toEqual([0, 0]);
  });

  it('d004 an unknown command', () => {
    expect(send(suite(version), 0xc)).toEqual([-4]);
    expect(send(suite(version), 2, 0xc)).toEqual([-4]);
  });

  it('d005 domain attributes', () => {
    const [status, attributes = 0, rateLimit = 0] = send(suite(version), 3, CPU);
    expect([status, attributes & 0x7ffffff, rateLimit >>> 20]).toEqual([0, 0, 0]);
    expect(suite(version).perfCommand('ospm0', 'domainAttributes', CPU).values['name']).toBe('cpu');
  });

  it('d006 domain attributes of a bad domain', () => {
    expect(send(suite(version), 3, BAD)).toEqual([-4]);
  });

  it('d007 levels by index', () => {
    const server = suite(version);
    let total = 0;
    for (let remaining = 1; remaining > 0;) {
      const [status, counts = 0, ...entries] = send(server, 4, CPU, total);
      expect([status, counts & 0xf000, entries.length]).toEqual([0, 0, 3 * (counts & 0xfff)]);
      entries.forEach((one, at) => at % 3 === 2 && expect(one >>> 16).toBe(0));
      total += counts & 0xfff;
      remaining = counts >>> 16;
    }
    expect(total).toBe(OPPS.length);
    expect(send(server, 4, CPU, total + 1)).toEqual([-2]);
  });

  it('d008 levels of a bad domain', () => {
    expect(send(suite(version), 4, BAD, 0)).toEqual([-4]);
  });

  it('d009 limits are set and read back', () => {
    const server = suite(version);
    expect(send(server, 6, CPU)).toEqual([0, MAX, MIN]);
    expect(send(server, 5, CPU, 1_330_000, MIN)).toEqual([0]);
    expect(send(server, 6, CPU)).toEqual([0, 1_330_000, MIN]);
    expect(send(server, 5, CPU, MAX, MIN)).toEqual([0]);
  });

  it('d010 limits out of range, and swapped', () => {
    const server = suite(version);
    expect(send(server, 5, CPU, MAX + 1, MIN)).toEqual([-5]);
    expect(send(server, 5, CPU, MAX, MIN - 1)).toEqual([-5]);
    expect(send(server, 5, CPU, MIN, MAX)).toEqual([-2]);
  });

  it('d011 limits of a domain that has none to set, and of a bad one', () => {
    expect(send(suite(version), 5, SYS, MAX, MIN)).toEqual([-3]);
    expect(send(suite(version), 5, BAD, MAX, MIN)).toEqual([-4]);
  });

  it('d012 limits read of a bad domain', () => {
    expect(send(suite(version), 6, BAD)).toEqual([-4]);
  });

  it('d013 the level is set and read back', () => {
    const server = suite(version);
    expect(send(server, 8, CPU)).toEqual([0, 1_330_000]);
    for (const level of [MAX, MIN, 1_330_000]) {
      expect(send(server, 7, CPU, level)).toEqual([0]);
      expect(send(server, 8, CPU)).toEqual([0, level]);
    }
  });

  it('d014 a level out of range', () => {
    expect(send(suite(version), 7, CPU, MAX + 1)).toEqual([-5]);
    expect(send(suite(version), 7, CPU, MIN - 1)).toEqual([-5]);
  });

  it('d015 the level of a domain that has none to set, and of a bad one', () => {
    expect(send(suite(version), 7, SYS, MAX)).toEqual([-3]);
    expect(send(suite(version), 7, BAD, MAX)).toEqual([-4]);
  });

  it('d016 the level read of a bad domain', () => {
    expect(send(suite(version), 8, BAD)).toEqual([-4]);
  });

  it.each([
    ['d017', 9],
    ['d019', 0xa],
  ] as const)('%s reserved bits in message %i', (_name, id) => {
    expect(send(suite(version), id, CPU, 0xff)).toEqual([-2]);
  });

  it.each([
    ['d018', 9],
    ['d020', 0xa],
  ] as const)('%s notifications of a domain without, and of a bad one, by message %i', (_name, id) => {
    expect(send(suite(version), id, SYS, 1)).toEqual([-1]);
    expect(send(suite(version), id, BAD, 1)).toEqual([-4]);
  });

  it('d022 a fast channel of a bad domain', () => {
    expect(send(suite(version), 0xb, BAD, 5)).toEqual([-4]);
  });

  it('d023 a fast channel of a message that is not there is not found, but the domain without any decides first', () => {
    expect(send(suite(version), 0xb, CPU, 0xc)).toEqual([isV2 ? -1 : -4]);
  });

  it('d024 a fast channel of a domain without', () => {
    expect(send(suite(version), 0xb, CPU, 5)).toEqual([isV2 ? -1 : -4]);
  });

  it('d025 fast channels of messages 0 to 4', () => {
    for (let id = 0; id <= 4; id++) expect(send(suite(version), 0xb, CPU, id)).toEqual([isV2 ? -1 : -4]);
  });

  it('d026 limits are notified', () => {
    const server = suite(version);
    expect(send(server, 9, CPU, 1)).toEqual([0]);
    expect(send(server, 5, CPU, 1_330_000, MIN)).toEqual([0]);
    expect(server.events('ospm0')).toEqual([['004f0000', ...[1, CPU, 1_330_000, MIN].map(word)].join(' ')]);
    expect(send(server, 9, CPU, 0)).toEqual([0]);
    expect(send(server, 5, CPU, MAX, MIN)).toEqual([0]);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('d027 the level is notified', () => {
    const server = suite(version);
    expect(send(server, 0xa, CPU, 1)).toEqual([0]);
    expect(send(server, 7, CPU, MAX)).toEqual([0]);
    expect(server.events('ospm0')).toEqual([['014f0000', ...[1, CPU, MAX].map(word)].join(' ')]);
    expect(send(server, 0xa, CPU, 0)).toEqual([0]);
    expect(send(server, 7, CPU, MIN)).toEqual([0]);
    expect(server.events('ospm0')).toEqual([]);
  });
});

describe('beside the suite', () => {
  it('the id space is tested with count, count + 1 and 0xFFFFFFFF', () => {
    const server = new PerfServer({ domains: DOMAINS, agents: AGENTS });
    for (const [id, ...rest] of [[3], [4, 0], [5, MAX, MIN], [6], [7, MAX], [8], [9, 1], [0xa, 1], [0xb, 5], [0xc]]) {
      for (const domain of [COUNT, COUNT + 1, 0xffffffff]) {
        expect([id, ...send(server, id ?? 0, domain, ...rest)]).toEqual([id, -4]);
      }
    }
  });

  it('what Linux sends at start, in order, for a domain with level indexing, end to end', () => {
    const server = new PerfServer({ domains: { gpu: { opps: OPPS, levelIndexing: true } } });
    expect(send(server, 0)).toEqual([0, 0x40000]);
    expect(send(server, 1)).toEqual([0, 0x10001, 0, 0, 0]);
    expect([send(server, 2, 0xa), send(server, 2, 9)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const [status, attributes = 0, , frequency, level] = send(server, 3, 0);
    expect([status, attributes.toString(16), frequency, level]).toEqual([0, 'f2000000', MAX, MAX]);
    const levels = send(server, 4, 0, 0).slice(2);
    const found = OPPS.map((_opp, at) => levels.slice(5 * at, 5 * at + 5));
    expect(found).toEqual(OPPS.map((opp, at) => [opp.level, opp.power, 0, opp.level, at]));
    for (const [index = 0] of found.map(entry => entry.slice(4))) {
      expect(send(server, 7, 0, index)).toEqual([0]);
      expect(send(server, 8, 0)).toEqual([0, index]);
    }
    expect(send(server, 5, 0, 2, 1)).toEqual([0]);
    expect(send(server, 8, 0)).toEqual([0, 2]);
  });

  it('levels of the product are the frequencies that Linux computes of them', () => {
    const server = new PerfServer({ domains: DOMAINS });
    const [, , , frequency = 0, level = 0] = send(server, 3, CPU);
    const factor = (frequency * 1000) / level;
    expect(Number.isInteger(factor)).toBe(true);
    const levels = send(server, 4, CPU, 0).slice(2);
    OPPS.forEach((opp, at) => expect((levels[5 * at] ?? 0) * factor).toBe(opp.level * 1000));
  });
});
