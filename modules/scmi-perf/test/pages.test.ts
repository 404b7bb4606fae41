// SPDX-License-Identifier: BSD-3-Clause
import { PerfServer } from './domains.ts';

const COUNT = 40;
const OPPS = Array.from({ length: COUNT }, (_, index) => ({ level: 100 + 10 * index, voltage: 1, power: index }));
const servers = {
  v3: new PerfServer({ domains: { many: { opps: OPPS } }, version: 0x30000 }),
  v4: new PerfServer({ domains: { many: { opps: OPPS } } }),
};

const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
};

/** Header, status and count come before the levels. */
const BEFORE = 12;

describe('PERFORMANCE_DESCRIBE_LEVELS in pages', () => {
  it.each([
    // Room for the answer with its header, levels in it.
    ['v3', 136, 12, 10],
    ['v3', 128, 12, 9],
    ['v3', 104, 12, 7],
    ['v3', BEFORE + 12, 12, 1],
    ['v3', BEFORE + 23, 12, 1],
    ['v3', 1024, 12, COUNT],
    ['v4', 136, 20, 6],
    ['v4', 128, 20, 5],
    ['v4', 104, 20, 4],
    ['v4', BEFORE + 20, 20, 1],
    ['v4', BEFORE + 39, 20, 1],
    ['v4', 4096, 20, COUNT],
  ] as const)('of %s and %i bytes, levels of %i bytes: %i of them', (version, capacity, size, room) => {
    const found: number[] = [];
    while (found.length < COUNT) {
      const answer = servers[version].exchange('ospm0', `044c0000 00000000 ${word(found.length)}`, capacity);
      const bytes = Buffer.from(answer.split(' ').join(''), 'hex');
      expect(bytes.readInt32LE(4)).toBe(0);
      const counts = bytes.readUInt32LE(8);
      const [remaining, returned] = [counts >>> 16, counts & 0xffff];
      expect(returned).toBe(Math.min(room, COUNT - found.length));
      expect(found.length + returned + remaining).toBe(COUNT);
      expect(bytes.length).toBe(BEFORE + size * returned);
      for (let at = 0; at < returned; at++) {
        if (version === 'v4') expect(bytes.readUInt32LE(BEFORE + size * at + 16)).toBe(found.length);
        found.push(bytes.readUInt32LE(BEFORE + size * at));
      }
    }
    expect(found).toEqual(OPPS.map(opp => opp.level));
  });

  it.each([
    ['v3', 'feffffff', 11],
    ['v4', 'fbffffff', 19],
  ] as const)('of %s: past the end, and without room for one', (version, status, short) => {
    for (const index of [COUNT, COUNT + 1, 0xffffffff]) {
      for (const capacity of [136, BEFORE]) {
        expect(servers[version].exchange('ospm0', `044c0000 00000000 ${word(index)}`, capacity)).toBe(
          `044c0000 ${status}`,
        );
      }
    }
    expect(servers[version].exchange('ospm0', '044c0000 00000000 00000000', BEFORE + short)).toBe('044c0000 f9ffffff');
  });
});
