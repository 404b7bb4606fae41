// SPDX-License-Identifier: BSD-3-Clause
/** The driver side of virtio-scmi: what tests, the vhost-user front end and the agent's command line send commands with. */
import { type DriverMemory, DriverRing } from './driver-ring.ts';
import { DESCRIPTOR_SIZE, DescriptorFlag, Feature } from '../virtio.ts';

export { type DescriptorWords, DriverMemory, DriverRing } from './driver-ring.ts';
export { DRIVER_BASE, DriverSide } from './driver-side.ts';
export * from '../virtio.ts';

/** Descriptors that one indirect table holds at most. */
const TABLE_ENTRIES = 1024;

/** How a driver is set up. */
export interface DriverOptions {
  /** Descriptors in each queue; a power of two. Default 256. */
  readonly queueSize?: number;
  /** Negotiated features, bits 0..31. Default: event queue, indirect descriptors, event index. */
  readonly features?: number;
  /** Commands under way at most. Default: half the queue, at most 64. */
  readonly commands?: number;
  /** Event buffers. Default: the queue's size, at most 16. */
  readonly events?: number;
  /** Bytes of a request, of a response and of an event at most, headers included. Defaults 256, 1024 and 1024. */
  readonly requestSize?: number;
  readonly responseSize?: number;
  readonly eventSize?: number;
}

/** The features a driver uses unless told otherwise. */
export const DRIVER_FEATURES = Feature.SCMI_P2A_CHANNELS | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;

/** How a command's buffers are cut into descriptors: bytes in each at most. */
export interface Cut {
  readonly request?: number;
  readonly response?: number;
}

const WHOLE: Cut = {};

/** A driver with its two queues. It has to be told when to look, and says when the device wants a kick. */
export class ScmiDriver {
  readonly memory: DriverMemory;
  readonly features: number;
  /** The command queue and the event queue. */
  readonly commands: DriverRing;
  readonly events: DriverRing;
  /** Bytes that the device wrote for the command that `reap` answered. */
  length = 0;

  private readonly requestSize: number;
  private readonly responseSize: number;
  private readonly eventSize: number;
  private readonly eventCount: number;
  private readonly eventsAt: number;
  /** Offset of each command's request; the response and the indirect table follow. */
  private readonly slots: Int32Array;
  private readonly freeSlots: Int32Array;
  private freeSlotCount = 0;
  /** The free descriptors, and those of each chain, as lists. */
  private readonly links: Int32Array;
  private firstFree = 0;
  private freeCount = 0;
  private readonly slotOf: Int32Array;
  private readonly chainLengths: Int32Array;

  constructor(memory: DriverMemory, options: DriverOptions = {}) {
    const size = options.queueSize ?? 256;
    const commands = options.commands ?? Math.max(1, Math.min(64, size >> 1));
    this.memory = memory;
    this.features = options.features ?? DRIVER_FEATURES;
    this.requestSize = options.requestSize ?? 256;
    this.responseSize = options.responseSize ?? 1024;
    this.eventSize = options.eventSize ?? 1024;
    this.eventCount = options.events ?? Math.min(16, size);
    const eventIdx = (this.features & Feature.RING_EVENT_IDX) !== 0;
    this.commands = new DriverRing(memory, size, eventIdx);
    this.events = new DriverRing(memory, size, eventIdx);
    this.slots = new Int32Array(commands);
    for (let slot = 0; slot < commands; slot++) {
      this.slots[slot] = memory.allocate(this.requestSize + this.responseSize + TABLE_ENTRIES * DESCRIPTOR_SIZE);
    }
    this.eventsAt = memory.allocate(this.eventSize * this.eventCount);
    this.freeSlots = new Int32Array(commands);
    this.links = new Int32Array(size);
    this.slotOf = new Int32Array(size);
    this.chainLengths = new Int32Array(size);
    this.reset();
  }

  /** Forgets everything under way; both rings start at `index`. */
  reset(index = 0): void {
    this.commands.reset(index);
    this.events.reset(index);
    this.freeSlotCount = this.freeSlots.length;
    for (let at = 0; at < this.freeSlots.length; at++) this.freeSlots[at] = at;
    for (let at = 0; at < this.links.length; at++) this.links[at] = at + 1;
    this.firstFree = 0;
    this.freeCount = this.links.length;
  }

  // ---------------------------------------------------------------- commands

  /**
   * Makes a command available: `request` with its header, room for `capacity` bytes of answer. Answers the slot it is in,
   * -1 when there is none free, or not enough descriptors. RangeError when it is longer than the driver was set up for.
   */
  post(request: Uint8Array, capacity: number, cut: Cut = WHOLE): number {
    if (request.length > this.requestSize || capacity > this.responseSize) {
      throw new RangeError(`${request.length} bytes with room for ${capacity}: more than this driver has buffers for`);
    }
    const requestCut = cut.request ?? this.requestSize;
    const responseCut = cut.response ?? this.responseSize;
    const needed = Math.ceil(request.length / requestCut) + Math.ceil(capacity / responseCut);
    const indirect = (this.features & Feature.RING_INDIRECT_DESC) !== 0 && needed > 1;
    const taken = indirect ? 1 : needed;
    if (this.freeSlotCount === 0 || taken > this.freeCount || needed === 0 || needed > TABLE_ENTRIES) return -1;

    const slot = this.freeSlots[--this.freeSlotCount] ?? 0;
    const requestAt = this.slots[slot] ?? 0;
    const responseAt = requestAt + this.requestSize;
    for (let at = 0; at < request.length; at++) this.memory.u8[requestAt + at] = request[at] ?? 0;

    const head = this.firstFree;
    const table = indirect ? responseAt + this.responseSize : this.commands.descriptorsAt;
    let index = indirect ? 0 : head;
    for (let made = 0, at = 0; made < needed; made++) {
      const writable = at >= request.length;
      const end = writable ? request.length + capacity : request.length;
      const length = Math.min(writable ? responseCut : requestCut, end - at);
      const next = indirect ? index + 1 : (this.links[index] ?? 0);
      const flags = (writable ? DescriptorFlag.WRITE : 0) | (made + 1 < needed ? DescriptorFlag.NEXT : 0);
      const address = this.memory.address(writable ? responseAt + at - request.length : requestAt + at);
      this.set(table + DESCRIPTOR_SIZE * index, address, length, flags, made + 1 < needed ? next : 0);
      at += length;
      index = next;
    }
    if (indirect) {
      const at = this.commands.descriptorsAt + DESCRIPTOR_SIZE * head;
      this.set(at, this.memory.address(table), DESCRIPTOR_SIZE * needed, DescriptorFlag.INDIRECT, 0);
      index = this.links[head] ?? 0;
    }
    this.firstFree = index;
    this.freeCount -= taken;
    this.chainLengths[head] = taken;
    this.slotOf[head] = slot;
    this.commands.offer(head);
    return slot;
  }

  private set(at: number, address: number, length: number, flags: number, next: number): void {
    this.commands.setDescriptor(at, address, Math.floor(address / 0x1_0000_0000), length, flags, next);
  }

  /**
   * Takes an answered command back. Answers its slot, -1 when there is none; `length` then tells how many bytes of the
   * slot's response count. RangeError when the device returns what it was not given.
   */
  reap(): number {
    const { commands } = this;
    if (!commands.take()) return -1;
    const head = commands.id;
    const chain = this.chainLengths[head] ?? 0;
    if (chain === 0) throw new RangeError(`the device returns descriptor ${head}, which it does not have`);
    this.length = commands.length;
    let tail = head;
    for (let step = 1; step < chain; step++) tail = this.links[tail] ?? 0;
    this.links[tail] = this.firstFree;
    this.firstFree = head;
    this.freeCount += chain;
    this.chainLengths[head] = 0;
    const slot = this.slotOf[head] ?? 0;
    this.freeSlots[this.freeSlotCount++] = slot;
    return slot;
  }

  /** A copy of the first `length` bytes of a slot's response, to be taken before the slot is used again. */
  response(slot: number, length = this.length): Uint8Array {
    const at = (this.slots[slot] ?? 0) + this.requestSize;
    return this.memory.u8.slice(at, at + Math.min(length, this.responseSize));
  }

  // ---------------------------------------------------------------- events

  /** Offers all event buffers; once after a reset. */
  postEvents(): void {
    for (let index = 0; index < this.eventCount; index++) this.postEvent(index);
  }

  private postEvent(index: number): void {
    const address = this.memory.address(this.eventsAt + index * this.eventSize);
    this.events.describe(index, {
      low: address,
      high: Math.floor(address / 0x1_0000_0000),
      length: this.eventSize,
      flags: DescriptorFlag.WRITE,
    });
    this.events.offer(index);
  }

  /**
   * A copy of the next event, header first, undefined when there is none. Its buffer is offered again. RangeError when the
   * device returns what it was not given.
   */
  takeEvent(): Uint8Array | undefined {
    const { events } = this;
    if (!events.take()) return undefined;
    if (events.id >= this.eventCount) {
      throw new RangeError(`the device returns event buffer ${events.id}, which it does not have`);
    }
    const at = this.eventsAt + events.id * this.eventSize;
    const bytes = this.memory.u8.slice(at, at + Math.min(events.length, this.eventSize));
    this.postEvent(events.id);
    return bytes;
  }
}
