// SPDX-License-Identifier: BSD-3-Clause
import { fromWords, toHex, words } from '@scp/scmi/testing';
import { ClockServer } from './clocks.ts';

const RATES = Array.from({ length: 40 }, (_, index) => 5_000_000_000 + index * 1_000_000);
const PARENTS = Array.from({ length: 60 }, (_, index) => `p${index}`);
const CLOCKS = {
  many: { rates: RATES },
  range: { range: { min: 2, max: 2 ** 33, step: 2 } },
  mux: { parents: [...PARENTS].reverse(), divider: 1 },
  ...Object.fromEntries(PARENTS.map((name, index) => [name, { fixed: index }])),
};

const server = new ClockServer({ clocks: CLOCKS });

/** Header, status and flags come before the entries. */
const BEFORE = 12;

describe('CLOCK_DESCRIBE_RATES in pages', () => {
  it.each([
    // Room for the answer with its header, rates in it.
    [136, 15],
    [128, 14],
    [104, 11],
    [BEFORE + 8, 1],
    [BEFORE + 15, 1],
    [BEFORE + 16, 2],
    [1024, 40],
    [4096, 40],
  ])('of %i bytes hold %i rates', (capacity, room) => {
    const found: number[] = [];
    const sizes: number[] = [];
    while (found.length < RATES.length) {
      const [, status, flags = 0, ...rest] = fromWords(
        server.exchange('ospm0', `04500000 00000000 ${toHex(words(found.length))}`, capacity),
      );
      expect(status).toBe(0);
      const [remaining, returned] = [flags >>> 16, flags & 0xffff];
      expect(found.length + returned + remaining).toBe(RATES.length);
      expect(rest).toHaveLength(2 * returned);
      for (let at = 0; at < returned; at++) found.push((rest[2 * at] ?? 0) + 2 ** 32 * (rest[2 * at + 1] ?? 0));
      sizes.push(returned);
    }
    expect(found).toEqual(RATES);
    expect(new Set(sizes.slice(0, -1))).toEqual(sizes.length === 1 ? new Set() : new Set([room]));
    expect(sizes[0]).toBe(room);
  });

  it('answer OUT_OF_RANGE past the end', () => {
    for (const index of [40, 41, 0xffffffff]) {
      expect(server.exchange('ospm0', `04500000 00000000 ${toHex(words(index))}`)).toBe('04500000 fbffffff');
    }
  });

  it('need room for one rate', () => {
    expect(server.exchange('ospm0', '04500000 00000000 00000000', BEFORE + 7)).toBe('04500000 f9ffffff');
  });

  it('give a triplet whole or not at all', () => {
    const triplet = '04500000 00000000 03100000 02000000 00000000 00000000 02000000 02000000 00000000';
    expect(server.exchange('ospm0', '04500000 01000000 00000000', BEFORE + 24)).toBe(triplet);
    expect(server.exchange('ospm0', '04500000 01000000 00000000', BEFORE + 23)).toBe('04500000 f9ffffff');
    expect(server.exchange('ospm0', '04500000 01000000 01000000')).toBe('04500000 fbffffff');
  });
});

describe('CLOCK_POSSIBLE_PARENTS_GET in pages', () => {
  it.each([
    [136, 31],
    [128, 29],
    [104, 23],
    [BEFORE + 4, 1],
    [1024, 60],
  ])('of %i bytes hold %i parents, ascending', (capacity, room) => {
    const found: number[] = [];
    while (found.length < PARENTS.length) {
      const [, status, flags = 0, ...rest] = fromWords(
        server.exchange('ospm0', `0c500000 02000000 ${toHex(words(found.length))}`, capacity),
      );
      expect(status).toBe(0);
      const [remaining, returned] = [flags >>> 24, flags & 0xffffff];
      expect(returned).toBe(Math.min(room, PARENTS.length - found.length));
      expect(found.length + returned + remaining).toBe(PARENTS.length);
      expect(rest).toHaveLength(returned);
      found.push(...rest);
    }
    expect(found).toEqual(PARENTS.map((_, index) => 3 + index));
  });

  it('need room for one parent', () => {
    expect(server.exchange('ospm0', '0c500000 02000000 00000000', BEFORE + 3)).toBe('0c500000 f9ffffff');
  });
});
