// SPDX-License-Identifier: BSD-3-Clause
import {
  addressOf,
  BufferSource,
  checkRegions,
  type MemorySource,
  overlaps,
  RegionMemory,
  WINDOW_OVERLAP,
  WINDOW_STRIDE,
} from '@scp/virtio-scmi/api';

const GIB = 0x4000_0000;

const region = (base: number, size: number) => ({ base, size, source: new BufferSource(new ArrayBuffer(size)) });

describe('addressOf', () => {
  it.each([
    [0, 0, 0],
    [0xffff_ffff, 0, 0xffff_ffff],
    [-1, 0, 0xffff_ffff],
    [0, 1, 0x1_0000_0000],
    [-1, 0x1f_ffff, 2 ** 53 - 1],
    [0, 0x20_0000, Infinity],
    [0, -1, Infinity],
    [0, 0x8000_0000, Infinity],
  ])('of %i, %i', (low, high, address) => expect(addressOf(low, high)).toBe(address));
});

describe('checkRegions', () => {
  it.each([
    ['nothing', [], undefined],
    [
      'neighbours',
      [
        [0, 16],
        [16, 16],
      ],
      undefined,
    ],
    ['up to 2^53', [[2 ** 53 - 16, 16]], undefined],
    ['an empty one', [[0, 0]], 'region 0 is empty'],
    ['one beyond 2^53', [[2 ** 53 - 16, 32]], 'region 0 reaches beyond the address space'],
    ['one at no address', [[Infinity, 16]], 'region 0 reaches beyond the address space'],
    ['one of no size', [[16, Infinity]], 'region 0 reaches beyond the address space'],
    [
      'one in another',
      [
        [0, 64],
        [16, 16],
      ],
      'region 1 overlaps another',
    ],
    [
      'one over the end of another',
      [
        [0, 64],
        [63, 16],
      ],
      'region 1 overlaps another',
    ],
    [
      'the same twice',
      [
        [0, 64],
        [0, 64],
      ],
      'region 1 overlaps another',
    ],
  ] as const)('%s', (_name, regions, verdict) => {
    expect(checkRegions(regions.map(([base, size]) => ({ base, size })))).toBe(verdict);
  });

  it('agrees with overlaps', () => {
    expect([overlaps(0, 4, 4, 4), overlaps(0, 5, 4, 4), overlaps(4, 4, 0, 4), overlaps(4, 4, 0, 5)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('RegionMemory', () => {
  const memory = new RegionMemory([region(0x1000, 0x1000), region(0x2000, 0x800), region(0x1_0000_0000, 0x1000)]);

  it.each([
    ['below', 0xfff, 0, 1, undefined],
    ['first byte', 0x1000, 0, 1, 0],
    ['whole region', 0x1000, 0, 0x1000, 0],
    ['one byte more', 0x1000, 0, 0x1001, undefined],
    ['last byte', 0x1fff, 0, 1, 0xfff],
    ['across into the neighbour', 0x1fff, 0, 2, undefined],
    ['neighbour', 0x2000, 0, 0x800, 0],
    ['hole', 0x2800, 0, 1, undefined],
    ['above 4 GiB', 0xfff, 1, 1, 0xfff],
    ['above 4 GiB, behind the end', 0x1000, 1, 1, undefined],
    ['high word too high', 0x1000, 2, 1, undefined],
    ['2^53', 0x1000, 0x20_0000, 1, undefined],
    ['2^63', 0x1000, -0x8000_0000, 1, undefined],
  ] as const)('finds %s', (_name, low, high, length, offset) => {
    // Both from scratch and with any region as the one found last.
    for (const [beforeLow, beforeHigh] of [
      [0x1000, 0],
      [0x2000, 0],
      [0, 1],
      [0, 0],
    ] as const) {
      memory.at(beforeLow, beforeHigh);
      const window = memory.find(low, high, length);
      expect(window === undefined ? undefined : memory.offset).toBe(offset);
    }
  });

  it('takes addresses above 2 GiB, signed or not', () => {
    const high = new RegionMemory([region(0xc000_0000, 0x100)]);
    expect(high.find(0xc000_0010, 0, 4)?.length).toBe(0x100);
    expect(high.offset).toBe(0x10);
    expect(high.find(0xc000_0020 | 0, 0, 4)?.length).toBe(0x100);
    expect(high.offset).toBe(0x20);
    expect(high.remaining).toBe(0xe0);
  });

  it('reads and writes what its source holds', () => {
    const bytes = new ArrayBuffer(64);
    const small = new RegionMemory([{ base: 0x4000, size: 64, source: new BufferSource(bytes) }]);
    small.at(0x4008, 0)?.view.setUint32(small.offset, 0x1234_5678, true);
    expect(new DataView(bytes).getUint32(8, true)).toBe(0x1234_5678);
    expect(small.at(0x4008, 0)?.u16[small.offset >> 1]).toBe(0x5678);
    expect(small.at(0x4008, 0)?.u8[small.offset]).toBe(0x78);
  });

  it('places rings by region and offset', () => {
    expect(memory.place(1, 0x100, 0x700)?.offset).toBe(0x100);
    expect(memory.place(1, 0x101, 0x700)).toBeUndefined();
    expect(memory.place(1, -1, 4)).toBeUndefined();
    expect(memory.place(7, 0, 4)).toBeUndefined();
    expect(memory.place(0, 0, WINDOW_OVERLAP + 1)).toBeUndefined();
  });
});

describe('windows', () => {
  it('are views of at most 1 GiB + 1 MiB, made when first used', () => {
    const asked: [number, number][] = [];
    const source: MemorySource = {
      view(offset, length) {
        asked.push([offset, length]);
        throw new Error('noted');
      },
    };
    const large = new RegionMemory([{ base: GIB, size: 2.5 * GIB, source }]);
    expect(asked).toEqual([]);
    for (const address of [GIB, 2 * GIB, 3 * GIB]) expect(() => large.at(address, 0)).toThrow('noted');
    expect(asked).toEqual([
      [0, WINDOW_STRIDE + WINDOW_OVERLAP],
      [GIB, WINDOW_STRIDE + WINDOW_OVERLAP],
      [2 * GIB, GIB / 2],
    ]);
  });
});
