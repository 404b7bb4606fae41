// SPDX-License-Identifier: BSD-3-Clause
/**
 * One descriptor chain: the readable bytes copied to private memory, the writable ones remembered to be filled later.
 * The driver can change all of it at any time, so each word is read once, checked, and used from the copy.
 */
import type { GuestMemory, Place } from './guest-memory.ts';
import { DESCRIPTOR_SIZE, DescriptorFlag } from './virtio.ts';

/** What is wrong with a ring or a chain: each ends the service of the queue. 0 is nothing. */
export const Defect = {
  NONE: 0,
  INDEX: 1,
  HEAD: 2,
  NEXT: 3,
  LOOP: 4,
  ADDRESS: 5,
  ORDER: 6,
  TOTAL: 7,
  INDIRECT_FEATURE: 8,
  INDIRECT_FLAGS: 9,
  INDIRECT_LENGTH: 10,
  INDIRECT_ADDRESS: 11,
} as const;
/** A defect. */
export type Defect = (typeof Defect)[keyof typeof Defect];

const TEXTS: readonly string[] = [
  'nothing',
  'more buffers available than the queue has',
  'a head beyond the descriptor table',
  'a descriptor links beyond its table',
  'a chain longer than its table',
  'a buffer outside guest memory',
  'a readable descriptor after a writable one',
  'a chain of more than 4 GiB',
  'an indirect table without the feature',
  'an indirect descriptor inside a table, or with a next one',
  'an indirect table of a wrong length',
  'an indirect table outside guest memory',
];

/** A defect in words. */
export const defectText = (defect: Defect): string => TEXTS[defect] ?? 'unknown';

/** Bytes of a chain's writable part that are remembered: more than the longest message. */
export const WRITABLE_KEPT = 1024;
/** Descriptors in an indirect table at most, whatever the size of the queue. */
const INDIRECT_LIMIT = 1024;
/** Bytes in a chain at most (VIRTIO 1.2 §2.7.5.2: 2^32), as a number that is one less. */
const TOTAL_LIMIT = 0xffff_ffff;

/** Copies `length` bytes between views; words where there are four bytes left. */
export function copyBytes(to: DataView, toAt: number, from: DataView, fromAt: number, length: number): void {
  let at = 0;
  for (const words = length - 3; at < words; at += 4) to.setUint32(toAt + at, from.getUint32(fromAt + at, true), true);
  for (; at < length; at++) to.setUint8(toAt + at, from.getUint8(fromAt + at));
}

/** A chain, reused for one after another. */
export class Chain {
  /** The descriptor that names the chain towards the driver. */
  head = 0;
  /** Bytes of its readable part; as many as fit have been copied. */
  readable = 0;
  /** Bytes of its writable part that can be filled, at most WRITABLE_KEPT. */
  writable = 0;

  private total = 0;
  private hasWritable = false;
  private count = 0;
  private readonly lows = new Int32Array(WRITABLE_KEPT);
  private readonly highs = new Int32Array(WRITABLE_KEPT);
  private readonly lengths = new Int32Array(WRITABLE_KEPT);

  /**
   * Walks the chain from `head` in the descriptor table of `size` entries and copies its readable bytes into `request` as
   * far as that goes. `indirect` says whether indirect tables are negotiated.
   */
  walk(
    memory: GuestMemory,
    table: Place,
    size: number,
    head: number,
    indirect: boolean,
    request: DataView | undefined,
  ): Defect {
    this.head = head;
    this.readable = 0;
    this.writable = 0;
    this.total = 0;
    this.hasWritable = false;
    this.count = 0;

    let view = table.window.view;
    let base = table.offset;
    let limit = size;
    let index = head;
    let steps = 0;
    let inTable = false;
    for (;;) {
      if (index >= limit) return Defect.NEXT;
      if (++steps > limit) return Defect.LOOP;
      const at = base + DESCRIPTOR_SIZE * index;
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      const length = view.getUint32(at + 8, true);
      const flags = view.getUint16(at + 12, true);
      const next = view.getUint16(at + 14, true);

      if ((flags & DescriptorFlag.INDIRECT) !== 0) {
        if (!indirect) return Defect.INDIRECT_FEATURE;
        if (inTable || (flags & DescriptorFlag.NEXT) !== 0) return Defect.INDIRECT_FLAGS;
        // A queue of one descriptor still has to carry a request and a response.
        const most = Math.min(Math.max(size, 2), INDIRECT_LIMIT);
        if (length === 0 || (length & (DESCRIPTOR_SIZE - 1)) !== 0 || length > DESCRIPTOR_SIZE * most) {
          return Defect.INDIRECT_LENGTH;
        }
        const window = memory.find(low, high, length);
        if (window === undefined) return Defect.INDIRECT_ADDRESS;
        view = window.view;
        base = memory.offset;
        limit = length >>> 4;
        index = 0;
        steps = 0;
        inTable = true;
        continue;
      }

      const writable = (flags & DescriptorFlag.WRITE) !== 0;
      if (!writable && this.hasWritable) return Defect.ORDER;
      this.hasWritable = writable;
      const defect = this.add(memory, low, high, length, writable, request);
      if (defect !== Defect.NONE) return defect;
      if ((flags & DescriptorFlag.NEXT) === 0) return Defect.NONE;
      index = next;
    }
  }

  /** Takes one buffer, which may go on from one window or region into the next. */
  private add(
    memory: GuestMemory,
    low: number,
    high: number,
    length: number,
    writable: boolean,
    request: DataView | undefined,
  ): Defect {
    if (length > TOTAL_LIMIT - this.total) return Defect.TOTAL;
    this.total += length;
    let left = length;
    while (left > 0) {
      const window = memory.at(low, high);
      if (window === undefined) return Defect.ADDRESS;
      const part = left < memory.remaining ? left : memory.remaining;
      if (writable) {
        this.keep(low, high, part);
      } else {
        if (request !== undefined && this.readable < request.byteLength) {
          const room = request.byteLength - this.readable;
          copyBytes(request, this.readable, window.view, memory.offset, part < room ? part : room);
        }
        this.readable += part;
      }
      left -= part;
      if (left > 0) {
        const sum = (low >>> 0) + part;
        low = sum | 0;
        if (sum > 0xffff_ffff) high = (high + 1) | 0;
      }
    }
    return Defect.NONE;
  }

  private keep(low: number, high: number, length: number): void {
    const room = WRITABLE_KEPT - this.writable;
    if (room === 0) return;
    const kept = length < room ? length : room;
    this.lows[this.count] = low;
    this.highs[this.count] = high;
    this.lengths[this.count] = kept;
    this.count++;
    this.writable += kept;
  }

  /**
   * Fills the writable part with `length` bytes (at most `writable`) of `from`, beginning at `at`. False when it is not in
   * memory any more.
   */
  write(memory: GuestMemory, from: DataView, at: number, length: number): boolean {
    let done = 0;
    for (let segment = 0; done < length && segment < this.count; segment++) {
      const room = this.lengths[segment] ?? 0;
      const part = length - done < room ? length - done : room;
      const window = memory.find(this.lows[segment] ?? 0, this.highs[segment] ?? 0, part);
      if (window === undefined) return false;
      copyBytes(window.view, memory.offset, from, at + done, part);
      done += part;
    }
    return done === length;
  }
}
