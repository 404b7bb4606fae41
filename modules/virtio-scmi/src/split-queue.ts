// SPDX-License-Identifier: BSD-3-Clause
/**
 * The device side of a split virtqueue (VIRTIO 1.2 §2.7). Index and flag words are accessed with Atomics, which orders
 * everything else around them: an acquire before the slots and buffers are read, a release after they are written, and a
 * full barrier between a store and a load where a wake-up could be missed otherwise.
 */
import type { QueueSetup } from './api.ts';
import { type Chain, Defect } from './chain.ts';
import type { GuestMemory, Place } from './guest-memory.ts';
import {
  AVAIL_NO_INTERRUPT,
  availableBytes,
  descriptorBytes,
  isQueueSize,
  USED_NO_NOTIFY,
  usedBytes,
  wantsEvent,
} from './virtio.ts';

/** What `peek` finds. */
export const Found = { NOTHING: 0, CHAIN: 1, DEFECT: 2 } as const;
/** What `peek` finds. */
export type Found = (typeof Found)[keyof typeof Found];

/** What of the negotiated features a queue depends on. */
export interface QueueFeatures {
  readonly indirect: boolean;
  readonly eventIdx: boolean;
}

const fits = ({ window, offset }: Place, bytes: number, alignment: number): boolean =>
  offset >= 0 && offset % alignment === 0 && offset + bytes <= window.length;

/** A queue while it runs: made for one start, dropped at the stop. Everything it needs per buffer is there from the start. */
export class SplitQueue {
  /** The chain that `peek` found last. */
  readonly chain: Chain;
  /** What was wrong when `peek` answered DEFECT. */
  defect: Defect = Defect.NONE;
  /** The available index of the next chain to take. */
  next: number;

  private readonly size: number;
  private readonly mask: number;
  private readonly features: QueueFeatures;
  private readonly descriptors: Place;
  private readonly avail16: Uint16Array;
  /** Position of the available ring's flags, in half words; idx, slots and the driver's event word follow. */
  private readonly availAt: number;
  private readonly usedEventAt: number;
  private readonly used16: Uint16Array;
  private readonly usedView: DataView;
  private readonly usedAt: number;
  private readonly usedOffset: number;
  private readonly availEventAt: number;
  /** The available index as last read. */
  private seen: number;
  /** The used index as published. */
  private published: number;
  /** The used index when it was last decided whether to interrupt. */
  private decided: number;
  private suppressed = false;

  /** What is wrong with a set-up, undefined when nothing is. */
  static check({ size, descriptors, available, used }: QueueSetup, { eventIdx }: QueueFeatures): string | undefined {
    if (!isQueueSize(size)) return `a size of ${size}`;
    if (!fits(descriptors, descriptorBytes(size), 16)) return 'a misplaced descriptor table';
    if (!fits(available, availableBytes(size, eventIdx), 2)) return 'a misplaced available ring';
    if (!fits(used, usedBytes(size, eventIdx), 4)) return 'a misplaced used ring';
    return undefined;
  }

  /** Takes up a queue whose set-up has passed `check`. The used index goes on from what is in memory. */
  constructor(setup: QueueSetup, features: QueueFeatures, chain: Chain) {
    const { size, next, descriptors, available, used } = setup;
    this.chain = chain;
    this.features = features;
    this.size = size;
    this.mask = size - 1;
    this.next = next & 0xffff;
    this.seen = this.next;
    this.descriptors = descriptors;
    this.avail16 = available.window.u16;
    this.availAt = available.offset >> 1;
    this.usedEventAt = this.availAt + 2 + size;
    this.used16 = used.window.u16;
    this.usedView = used.window.view;
    this.usedAt = used.offset >> 1;
    this.usedOffset = used.offset;
    this.availEventAt = this.usedAt + 2 + 4 * size;
    this.published = Atomics.load(this.used16, this.usedAt + 1);
    this.decided = this.published;
    // A flag left by a former user of the ring would be taken for ours.
    Atomics.store(this.used16, this.usedAt, 0);
  }

  /** How many chains the driver has made available and nobody has taken; more than the size is a defect. */
  waiting(): number {
    this.seen = Atomics.load(this.avail16, this.availAt + 1);
    return (this.seen - this.next) & 0xffff;
  }

  /**
   * Walks the next available chain into `chain`, its readable part into `request`, without taking it. DEFECT says that the
   * driver broke a rule: the queue must not be used any more.
   */
  peek(memory: GuestMemory, request: DataView | undefined): Found {
    if (this.seen === this.next && this.waiting() === 0) return Found.NOTHING;
    if (((this.seen - this.next) & 0xffff) > this.size) return this.fail(Defect.INDEX);
    this.suppress();
    const head = this.avail16[this.availAt + 2 + (this.next & this.mask)] ?? 0;
    if (head >= this.size) return this.fail(Defect.HEAD);
    const defect = this.chain.walk(memory, this.descriptors, this.size, head, this.features.indirect, request);
    return defect === Defect.NONE ? Found.CHAIN : this.fail(defect);
  }

  private fail(defect: Defect): Found {
    this.defect = defect;
    return Found.DEFECT;
  }

  /** Takes the chain that `peek` found. */
  take(): void {
    this.next = (this.next + 1) & 0xffff;
  }

  /** Puts the chain taken last back, to be found again. */
  untake(): void {
    this.next = (this.next - 1) & 0xffff;
  }

  /** Returns a chain to the driver with `length` bytes written. */
  give(head: number, length: number): void {
    const at = this.usedOffset + 4 + 8 * (this.published & this.mask);
    this.usedView.setUint32(at, head, true);
    this.usedView.setUint32(at + 4, length, true);
    this.published = (this.published + 1) & 0xffff;
    Atomics.store(this.used16, this.usedAt + 1, this.published);
  }

  /** Whether the driver wants an interrupt for what was returned since the last time this was asked. */
  wantsInterrupt(): boolean {
    const before = this.decided;
    if (before === this.published) return false;
    this.decided = this.published;
    if (this.features.eventIdx) {
      return wantsEvent(Atomics.load(this.avail16, this.usedEventAt), before, this.published);
    }
    return (Atomics.load(this.avail16, this.availAt) & AVAIL_NO_INTERRUPT) === 0;
  }

  /** Asks for no kicks while there is work; with EVENT_IDX an event word that stays behind says so by itself. */
  private suppress(): void {
    if (this.features.eventIdx || this.suppressed) return;
    this.suppressed = true;
    Atomics.store(this.used16, this.usedAt, USED_NO_NOTIFY);
  }

  /** Asks for a kick at the next buffer. Answers whether one has come since the last look, for which there may be no kick. */
  arm(): boolean {
    const { seen } = this;
    if (this.features.eventIdx) {
      Atomics.store(this.used16, this.availEventAt, seen);
    } else {
      this.suppressed = false;
      Atomics.store(this.used16, this.usedAt, 0);
    }
    this.waiting();
    return this.seen !== seen;
  }
}
