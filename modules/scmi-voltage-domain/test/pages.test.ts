// SPDX-License-Identifier: BSD-3-Clause
import { VoltageServer } from './domains.ts';

const LEVELS = Array.from({ length: 100 }, (_, index) => -1_000_000 + index * 25_000);
const server = new VoltageServer({
  domains: { many: { levels: LEVELS }, range: { range: { min: -5, max: 5, step: 5 } } },
});

const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
};

/** Header, status and flags come before the levels. */
const BEFORE = 12;

describe('VOLTAGE_DESCRIBE_LEVELS in pages', () => {
  it.each([
    // Room for the answer with its header, levels in it.
    [136, 31],
    [132, 30],
    [128, 29],
    [104, 23],
    [BEFORE + 4, 1],
    [BEFORE + 7, 1],
    [BEFORE + 8, 2],
    [1024, 100],
    [4096, 100],
  ])('of %i bytes hold %i levels', (capacity, room) => {
    const found: number[] = [];
    while (found.length < LEVELS.length) {
      const answer = server.exchange('ospm0', `045c0000 00000000 ${word(found.length)}`, capacity);
      const bytes = Buffer.from(answer.split(' ').join(''), 'hex');
      expect(bytes.readInt32LE(4)).toBe(0);
      const flags = bytes.readUInt32LE(8);
      const [remaining, returned] = [flags >>> 16, flags & 0xffff];
      expect(returned).toBe(Math.min(room, LEVELS.length - found.length));
      expect(found.length + returned + remaining).toBe(LEVELS.length);
      expect(bytes.length).toBe(BEFORE + 4 * returned);
      for (let at = 0; at < returned; at++) found.push(bytes.readInt32LE(BEFORE + 4 * at));
    }
    expect(found).toEqual(LEVELS);
  });

  it('answer OUT_OF_RANGE past the end, whatever the room', () => {
    for (const index of [100, 101, 0xffffffff]) {
      expect(server.exchange('ospm0', `045c0000 00000000 ${word(index)}`)).toBe('045c0000 fbffffff');
      expect(server.exchange('ospm0', `045c0000 00000000 ${word(index)}`, BEFORE)).toBe('045c0000 fbffffff');
    }
  });

  it('need room for one level', () => {
    expect(server.exchange('ospm0', '045c0000 00000000 00000000', BEFORE + 3)).toBe('045c0000 f9ffffff');
  });

  it('give a segment whole or not at all', () => {
    const segment = '045c0000 00000000 03100000 fbffffff 05000000 05000000';
    expect(server.exchange('ospm0', '045c0000 01000000 00000000', BEFORE + 12)).toBe(segment);
    expect(server.exchange('ospm0', '045c0000 01000000 00000000', BEFORE + 11)).toBe('045c0000 f9ffffff');
  });
});
