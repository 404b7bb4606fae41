// SPDX-License-Identifier: BSD-3-Clause
/** The driver side of a split virtqueue, for tests and tools. Every word of it can be set wrong on purpose. */
import {
  AVAIL_NO_INTERRUPT,
  availableBytes,
  DESCRIPTOR_SIZE,
  descriptorBytes,
  USED_NO_NOTIFY,
  usedBytes,
  wantsEvent,
} from '../virtio.ts';

/** Memory that driver and device share, as the driver sees it. */
export class DriverMemory {
  /** Guest address of byte 0. */
  readonly base: number;
  readonly view: DataView;
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  private used = 0;

  constructor(bytes: ArrayBuffer, base: number) {
    this.base = base;
    this.view = new DataView(bytes);
    this.u8 = new Uint8Array(bytes);
    this.u16 = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  }

  /** Sets `length` bytes aside; answers their offset. RangeError when the memory is used up. */
  allocate(length: number, alignment = 16): number {
    const at = Math.ceil(this.used / alignment) * alignment;
    if (at + length > this.u8.length) throw new RangeError(`${length} bytes do not fit in the driver’s memory`);
    this.used = at + length;
    return at;
  }

  /** The guest address of an offset. */
  address(offset: number): number {
    return this.base + offset;
  }
}

/** A descriptor, word by word. */
export interface DescriptorWords {
  readonly low: number;
  readonly high?: number;
  readonly length: number;
  readonly flags?: number;
  readonly next?: number;
}

/** A queue as its driver sees it. */
export class DriverRing {
  readonly memory: DriverMemory;
  readonly size: number;
  readonly eventIdx: boolean;
  /** Offsets of the parts in the memory. */
  readonly descriptorsAt: number;
  readonly availableAt: number;
  readonly usedAt: number;
  /** The id and length of the entry that `take` answered for. */
  id = 0;
  length = 0;

  /** The available index as offered, and as it was when the last kick was decided. */
  private offered = 0;
  private announced = 0;
  private taken = 0;
  private interrupts = true;

  /** Sets a queue of `size` up in `memory`. */
  constructor(memory: DriverMemory, size: number, eventIdx: boolean) {
    this.memory = memory;
    this.size = size;
    this.eventIdx = eventIdx;
    this.descriptorsAt = memory.allocate(descriptorBytes(size));
    this.availableAt = memory.allocate(availableBytes(size, true));
    this.usedAt = memory.allocate(usedBytes(size, true));
  }

  /** Clears the ring; both indices start at `index`. */
  reset(index = 0): void {
    const { u8, u16 } = this.memory;
    u8.fill(0, this.descriptorsAt, this.descriptorsAt + descriptorBytes(this.size));
    u8.fill(0, this.availableAt, this.availableAt + availableBytes(this.size, true));
    u8.fill(0, this.usedAt, this.usedAt + usedBytes(this.size, true));
    u16[(this.availableAt >> 1) + 1] = index;
    u16[(this.usedAt >> 1) + 1] = index;
    this.offered = index;
    this.announced = index;
    this.taken = index;
    this.interrupts = true;
    this.setUsedEvent(index);
  }

  /** Writes a descriptor into the table at `table` (an offset; left out: the queue's own). */
  describe(index: number, words: DescriptorWords, table = this.descriptorsAt): void {
    this.setDescriptor(
      table + DESCRIPTOR_SIZE * index,
      words.low,
      words.high ?? 0,
      words.length,
      words.flags ?? 0,
      words.next ?? 0,
    );
  }

  /** The same at an offset in memory, word by word. */
  setDescriptor(at: number, low: number, high: number, length: number, flags: number, next: number): void {
    const { view } = this.memory;
    view.setUint32(at, low, true);
    view.setUint32(at + 4, high, true);
    view.setUint32(at + 8, length, true);
    view.setUint16(at + 12, flags, true);
    view.setUint16(at + 14, next, true);
  }

  // ---------------------------------------------------------------- available

  /** Makes the chain at `head` available. */
  offer(head: number): void {
    const { u16 } = this.memory;
    u16[(this.availableAt >> 1) + 2 + (this.offered & (this.size - 1))] = head;
    this.setAvailableIndex(this.offered + 1);
  }

  /** The available index; a driver has no business to set it by hand. */
  get availableIndex(): number {
    return this.offered;
  }
  setAvailableIndex(index: number): void {
    this.offered = index & 0xffff;
    Atomics.store(this.memory.u16, (this.availableAt >> 1) + 1, this.offered);
  }

  /** Whether the device wants a kick for what was offered since this was asked last. */
  needsKick(): boolean {
    const { u16 } = this.memory;
    const before = this.announced;
    if (before === this.offered) return false;
    this.announced = this.offered;
    const used = this.usedAt >> 1;
    if (this.eventIdx) return wantsEvent(Atomics.load(u16, used + 2 + 4 * this.size), before, this.offered);
    return (Atomics.load(u16, used) & USED_NO_NOTIFY) === 0;
  }

  /** Sets the flags of the available ring. */
  setAvailableFlags(flags: number): void {
    Atomics.store(this.memory.u16, this.availableAt >> 1, flags);
  }

  /** Sets the event word of the available ring: the used index that is to be heard of. */
  setUsedEvent(index: number): void {
    Atomics.store(this.memory.u16, (this.availableAt >> 1) + 2 + this.size, index & 0xffff);
  }

  // ---------------------------------------------------------------- used

  /** Whether the device has returned a buffer that has not been taken; it is then in `id` and `length`. */
  take(): boolean {
    if (this.usedIndex === this.taken) return false;
    const at = this.usedAt + 4 + 8 * (this.taken & (this.size - 1));
    this.id = this.memory.view.getUint32(at, true);
    this.length = this.memory.view.getUint32(at + 4, true);
    this.taken = (this.taken + 1) & 0xffff;
    if (this.interrupts) this.setUsedEvent(this.taken);
    return true;
  }

  /** The used index, as the device has published it. */
  get usedIndex(): number {
    return Atomics.load(this.memory.u16, (this.usedAt >> 1) + 1);
  }

  /** Buffers offered and not returned. */
  get outstanding(): number {
    return (this.offered - this.usedIndex) & 0xffff;
  }

  /** Asks for interrupts, or for none. Answers whether there is something to take already. */
  setInterrupts(wanted: boolean): boolean {
    this.interrupts = wanted;
    if (this.eventIdx) this.setUsedEvent(wanted ? this.taken : this.taken - 1);
    else this.setAvailableFlags(wanted ? 0 : AVAIL_NO_INTERRUPT);
    return this.usedIndex !== this.taken;
  }
}
