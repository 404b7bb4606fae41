// SPDX-License-Identifier: BSD-3-Clause
/**
 * Guest memory as a device sees it: regions of guest address space, each reached through views of at most 1 GiB + 1 MiB.
 *
 * Guest addresses are 64 bits; here they are two 32-bit words, low and high, signed or unsigned alike. Below 2^53 they are
 * exact as a number, and above it no address is valid.
 */

/** Bytes from the start of one window of a region to the start of the next. */
export const WINDOW_STRIDE = 0x4000_0000;
/** Bytes by which a window reaches into the next: a range of so many bytes always lies in one window. */
export const WINDOW_OVERLAP = 0x10_0000;
/** The first address that no region may reach: 2^53. */
export const ADDRESS_LIMIT = 0x20_0000_0000_0000;

const WORD = 0x1_0000_0000;
/** High words of addresses below 2^53. */
const HIGH_LIMIT = 0x20_0000;

/** The number of an address given as two words; Infinity for one of 2^53 or above. */
export function addressOf(low: number, high: number): number {
  const upper = high >>> 0;
  return upper >= HIGH_LIMIT ? Infinity : upper * WORD + (low >>> 0);
}

/** Where the bytes of a region come from: `Mapping` of a host, or one ArrayBuffer. */
export interface MemorySource {
  /** A view of `length` bytes from `offset`; `length` is at most 1 GiB + 1 MiB. */
  view(offset: number, length: number): ArrayBuffer;
}

/** A region, as a transport learns of it. */
export interface RegionFacts {
  /** Guest address of the first byte. */
  readonly base: number;
  /** Bytes, 1 or more. */
  readonly size: number;
  readonly source: MemorySource;
}

/** A directly accessible part of a region. */
export class Window {
  /** Guest address of byte 0: low word, high word. */
  readonly low: number;
  readonly high: number;
  /** Bytes that can be accessed. */
  readonly length: number;
  /** Offsets that belong to this window rather than to the next. */
  readonly reach: number;
  /** Bytes at any offset, of any alignment. */
  readonly view: DataView;
  /** The same bytes. */
  readonly u8: Uint8Array;
  /** Half words, for atomic access: element n is at offset 2n. */
  readonly u16: Uint16Array;

  constructor(base: number, bytes: ArrayBuffer, reach: number) {
    this.low = base | 0;
    this.high = Math.floor(base / WORD);
    this.length = bytes.byteLength;
    this.reach = reach;
    this.view = new DataView(bytes);
    this.u8 = new Uint8Array(bytes);
    this.u16 = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  }
}

/** A place in guest memory. */
export interface Place {
  readonly window: Window;
  readonly offset: number;
}

/** What a device needs of guest memory. */
export interface GuestMemory {
  /** The window that holds the address, undefined when none does; `offset` and `remaining` then tell the rest. */
  at(low: number, high: number): Window | undefined;
  /** The same for a range of `length` bytes (at most 1 MiB) that lies wholly in one region. */
  find(low: number, high: number, length: number): Window | undefined;
  /** Where in the window that `at` or `find` gave last the address is. */
  readonly offset: number;
  /** Bytes from there to the end of that window, 1 or more. */
  readonly remaining: number;
}

class Region {
  readonly base: number;
  readonly size: number;
  private readonly source: MemorySource;
  private readonly windows: (Window | undefined)[];

  constructor({ base, size, source }: RegionFacts) {
    this.base = base;
    this.size = size;
    this.source = source;
    this.windows = new Array<Window | undefined>(Math.ceil(size / WINDOW_STRIDE)).fill(undefined);
  }

  /** The window an offset belongs to. Made when first used: a view costs address space accounting, not only memory. */
  window(offset: number): Window {
    const index = Math.floor(offset / WINDOW_STRIDE);
    return this.windows[index] ?? this.open(index);
  }

  private open(index: number): Window {
    const start = index * WINDOW_STRIDE;
    const length = Math.min(this.size - start, WINDOW_STRIDE + WINDOW_OVERLAP);
    const window = new Window(this.base + start, this.source.view(start, length), Math.min(length, WINDOW_STRIDE));
    this.windows[index] = window;
    return window;
  }
}

/** Whether two ranges have a byte in common. */
export const overlaps = (base: number, size: number, otherBase: number, otherSize: number): boolean =>
  base < otherBase + otherSize && otherBase < base + size;

/**
 * What is wrong with a table of regions, as words for a log; undefined when nothing is: sizes are 1 or more, no region
 * reaches 2^53, none overlaps another.
 */
export function checkRegions(regions: readonly { readonly base: number; readonly size: number }[]): string | undefined {
  for (const [index, { base, size }] of regions.entries()) {
    if (!(size > 0)) return `region ${index} is empty`;
    if (!(base + size <= ADDRESS_LIMIT)) return `region ${index} reaches beyond the address space`;
    for (const other of regions.slice(0, index)) {
      if (overlaps(base, size, other.base, other.size)) return `region ${index} overlaps another`;
    }
  }
  return undefined;
}

/** Guest memory over a table of regions that `checkRegions` has nothing against. */
export class RegionMemory implements GuestMemory {
  offset = 0;
  remaining = 0;
  private readonly regions: readonly Region[];
  /** The window that was found last: nearly always the next one too. */
  private last: Window | undefined = undefined;

  constructor(regions: readonly RegionFacts[]) {
    this.regions = regions.map(facts => new Region(facts));
  }

  at(low: number, high: number): Window | undefined {
    const { last } = this;
    if (last !== undefined) {
      const offset = ((high >>> 0) - last.high) * WORD + ((low >>> 0) - (last.low >>> 0));
      if (offset >= 0 && offset < last.reach) {
        this.offset = offset | 0;
        this.remaining = (last.length - offset) | 0;
        return last;
      }
    }
    return this.search(low, high);
  }

  find(low: number, high: number, length: number): Window | undefined {
    const window = this.at(low, high);
    return window !== undefined && length <= this.remaining ? window : undefined;
  }

  /** The place of `length` bytes (at most 1 MiB) from `offset` of region `index`; undefined when they are not all there. */
  place(index: number, offset: number, length: number): Place | undefined {
    const region = this.regions[index];
    if (region === undefined || offset < 0 || !(offset + length <= region.size) || length > WINDOW_OVERLAP)
      return undefined;
    return { window: region.window(offset), offset: offset % WINDOW_STRIDE };
  }

  private search(low: number, high: number): Window | undefined {
    const address = addressOf(low, high);
    for (let index = 0; index < this.regions.length; index++) {
      const region = this.regions[index];
      if (region === undefined || address < region.base || address >= region.base + region.size) continue;
      const window = region.window(address - region.base);
      this.last = window;
      this.offset = (address - region.base) % WINDOW_STRIDE;
      this.remaining = window.length - this.offset;
      return window;
    }
    return undefined;
  }
}

/** A source over one ArrayBuffer. */
export class BufferSource implements MemorySource {
  private readonly bytes: ArrayBuffer;

  constructor(bytes: ArrayBuffer) {
    this.bytes = bytes;
  }

  /** The buffer itself: a region over it has one window. RangeError for any other part. */
  view(offset: number, length: number): ArrayBuffer {
    if (offset !== 0 || length !== this.bytes.byteLength)
      throw new RangeError('a buffer has one view, the whole of it');
    return this.bytes;
  }
}
