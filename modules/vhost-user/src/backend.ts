// SPDX-License-Identifier: BSD-3-Clause
/**
 * The state of one connection: what the front end's requests do (the vhost-user protocol text, "Message Specification").
 * Messages come in parsed; replies are left in `reply`. After each message that may matter it is worked out anew which
 * rings can run, so the order in which a front end sets a ring up does not matter.
 */
import { type Alarm, type ElementId, type Framework, type Posix } from '@scp/framework';
import { Feature, isQueueSize, type VirtioDevice, type VirtioTransport } from '@scp/virtio-scmi/api';
import type { Reporter } from './report.ts';
import { readRegion, SharedMemory, word64 } from './memory.ts';
import {
  F_PROTOCOL_FEATURES,
  FdWord,
  isHarmless,
  MAX_REGIONS,
  PROTOCOL_FEATURES,
  Refusal,
  REGION_SIZE,
  Request,
  REQUESTS,
  TABLE_HEADER,
  VringAddr,
} from './messages.ts';
import { isAligned, Ring } from './ring.ts';

/** How often rings without a kick descriptor are looked at, µs. */
const POLL_INTERVAL = 1000;
const MAX_BASE = 0xffff;

/** What the state of a connection is made with. */
export interface BackendOptions {
  readonly framework: Framework;
  readonly posix: Posix;
  readonly id: ElementId;
  readonly device: VirtioDevice;
  readonly reporter: Reporter;
  readonly requireSealedMemory: boolean;
}

/** One device's back end: used for one connection after another, `close` in between. */
export class Backend implements VirtioTransport {
  /** The payload of the reply to the last message; `replyLength` bytes of it count, 0 when there is no reply. */
  readonly reply = new DataView(new ArrayBuffer(8));
  replyLength = 0;

  private readonly options: BackendOptions;
  private readonly rings: readonly Ring[];
  private readonly poll: Alarm;
  private memory: SharedMemory | undefined = undefined;
  /** Features the front end has set, low word; undefined before it did. */
  private features: number | undefined = undefined;
  /** The channel for requests to the front end: kept open, there is nothing to ask. */
  private requestFd = -1;
  /** The descriptors of the message being handled; those taken over are -1. */
  private descriptors: number[] = [];
  /** The payload of the message being handled. */
  private payload: DataView = this.reply;

  constructor(options: BackendOptions) {
    this.options = options;
    const { device, framework, posix, id } = options;
    this.rings = Array.from(
      { length: device.queueCount },
      (_, index) => new Ring(posix, index, ring => this.kicked(ring)),
    );
    this.poll = framework.createAlarm(id, () => {
      for (const ring of this.rings) if (ring.polled) this.kicked(ring);
    });
  }

  // ---------------------------------------------------------------- messages

  /**
   * Handles one message with `payload` of its exact length. Descriptors that are taken over are replaced by -1 in
   * `descriptors`, the others are the caller's to close. False when the connection can't go on.
   */
  handle(id: number, needReply: boolean, payload: DataView, descriptors: number[]): boolean {
    this.replyLength = 0;
    this.payload = payload;
    this.descriptors = descriptors;
    const declaration = REQUESTS.get(id);
    // Too short to be read: whoever sent it and we don't speak of the same thing.
    if (declaration !== undefined && payload.byteLength < declaration.size) {
      this.options.reporter.refused(`${declaration.name} with ${payload.byteLength} bytes`);
      return false;
    }
    const refusal = this.check(id) || this.dispatch(id);
    if (refusal !== Refusal.NONE && !needReply) return isHarmless(refusal);
    // A request with a body of its own has been answered by that body.
    if (needReply && this.replyLength === 0) this.answer(refusal, 0);
    return true;
  }

  private check(id: number): Refusal {
    const { reporter } = this.options;
    const { payload, descriptors } = this;
    const declaration = REQUESTS.get(id);
    if (declaration === undefined) {
      reporter.refused(`request ${id}, which is not offered`);
      return Refusal.UNKNOWN;
    }
    const { name, size, open, minDescriptors, maxDescriptors } = declaration;
    if (!open && payload.byteLength > size) {
      reporter.refused(`${name} with ${payload.byteLength} bytes`);
      return Refusal.LENGTH;
    }
    if (descriptors.length < minDescriptors || descriptors.length > maxDescriptors) {
      reporter.refused(`${name} with ${descriptors.length} descriptors`);
      return Refusal.DESCRIPTORS;
    }
    return Refusal.NONE;
  }

  private dispatch(id: number): Refusal {
    switch (id) {
      case Request.GET_FEATURES:
        return this.answer(this.options.device.features | F_PROTOCOL_FEATURES, this.options.device.featuresHigh);
      case Request.SET_FEATURES:
        return this.setFeatures();
      case Request.SET_OWNER:
        return Refusal.NONE;
      case Request.RESET_OWNER:
        return this.disableAll();
      case Request.SET_MEM_TABLE:
        return this.setMemTable();
      case Request.GET_PROTOCOL_FEATURES:
        return this.answer(PROTOCOL_FEATURES, 0);
      case Request.SET_PROTOCOL_FEATURES:
        return this.setProtocolFeatures();
      case Request.GET_QUEUE_NUM:
        return this.answer(this.rings.length, 0);
      case Request.SET_BACKEND_REQ_FD:
        if (this.requestFd >= 0) this.options.posix.close(this.requestFd);
        this.requestFd = this.takeDescriptor();
        return Refusal.NONE;
      case Request.RESET_DEVICE:
        return this.resetDevice();
      default:
        return this.dispatchRing(id);
    }
  }

  private dispatchRing(id: number): Refusal {
    const { payload } = this;
    const isFd = id === Request.SET_VRING_KICK || id === Request.SET_VRING_CALL || id === Request.SET_VRING_ERR;
    const word = payload.getUint32(0, true);
    const ring = this.rings[isFd ? word & FdWord.INDEX : word];
    if (ring === undefined) {
      this.options.reporter.refused(`${REQUESTS.get(id)?.name ?? ''} for a ring that is not there`);
      return Refusal.INDEX;
    }
    if (isFd) return this.setFd(id, ring, word);
    const number = payload.getUint32(4, true);
    switch (id) {
      case Request.SET_VRING_NUM:
        return this.setNum(ring, number);
      case Request.SET_VRING_BASE:
        return this.setBase(ring, number);
      case Request.SET_VRING_ADDR:
        return this.setAddr(ring);
      case Request.GET_VRING_BASE:
        this.stop(ring);
        ring.closeKick();
        return this.answer(ring.index, ring.base);
      case Request.SET_VRING_ENABLE:
        return this.setEnable(ring, number);
      default:
        return Refusal.UNKNOWN;
    }
  }

  private answer(low: number, high: number): Refusal {
    this.reply.setUint32(0, low, true);
    this.reply.setUint32(4, high, true);
    this.replyLength = 8;
    return Refusal.NONE;
  }

  private refuse(refusal: Refusal, text: string): Refusal {
    this.options.reporter.refused(text);
    return refusal;
  }

  private takeDescriptor(): number {
    const fd = this.descriptors[0] ?? -1;
    this.descriptors[0] = -1;
    return fd;
  }

  // ---------------------------------------------------------------- features and device

  private setFeatures(): Refusal {
    const { device } = this.options;
    const low = this.payload.getUint32(0, true);
    const high = this.payload.getUint32(4, true);
    const offered = device.features | F_PROTOCOL_FEATURES;
    if ((low & ~offered) !== 0 || (high & ~device.featuresHigh) !== 0) {
      return this.refuse(Refusal.FEATURES, 'features that were not offered');
    }
    if (high !== device.featuresHigh) return this.refuse(Refusal.FEATURES, 'features without VERSION_1');
    if (this.rings.some(ring => ring.running)) {
      if (low === this.features) return Refusal.NONE;
      return this.refuse(Refusal.MOMENT, 'other features while rings run');
    }
    // A driver that negotiates is a driver that starts: nothing of its predecessor's stays.
    device.reset();
    device.acceptFeatures(low & ~F_PROTOCOL_FEATURES, high);
    this.features = low;
    if ((low & F_PROTOCOL_FEATURES) === 0) for (const ring of this.rings) ring.enabled = true;
    this.update();
    return Refusal.NONE;
  }

  private setProtocolFeatures(): Refusal {
    const unknown =
      (this.payload.getUint32(0, true) & ~PROTOCOL_FEATURES) !== 0 || this.payload.getUint32(4, true) !== 0;
    return unknown ? this.refuse(Refusal.FEATURES, 'protocol features that were not offered') : Refusal.NONE;
  }

  private disableAll(): Refusal {
    for (const ring of this.rings) {
      this.stop(ring);
      ring.enabled = false;
    }
    return Refusal.NONE;
  }

  private resetDevice(): Refusal {
    const { device } = this.options;
    this.disableAll();
    device.reset();
    if (this.features !== undefined) device.acceptFeatures(this.features & ~F_PROTOCOL_FEATURES, device.featuresHigh);
    for (const ring of this.rings) ring.base = 0;
    return Refusal.NONE;
  }

  // ---------------------------------------------------------------- memory

  private setMemTable(): Refusal {
    const { posix, reporter, device, requireSealedMemory: requireSealed } = this.options;
    const { payload, descriptors } = this;
    const count = payload.getUint32(0, true);
    if (count < 1 || count > MAX_REGIONS || payload.byteLength < TABLE_HEADER + REGION_SIZE * count) {
      return this.refuse(Refusal.MEMORY, `a memory table of ${count} regions`);
    }
    if (descriptors.length !== count) {
      return this.refuse(
        Refusal.DESCRIPTORS,
        `a memory table of ${count} regions with ${descriptors.length} descriptors`,
      );
    }
    const regions = Array.from({ length: count }, (_, index) => readRegion(payload, index));
    const memory = SharedMemory.map(posix, regions, descriptors, { requireSealed });
    if (typeof memory === 'string') return this.refuse(Refusal.MEMORY, `a memory table: ${memory}`);
    if (!memory.sealed) reporter.happened('its memory can shrink: it is trusted not to do that');

    const before = this.memory;
    for (const ring of this.rings) {
      const wasRunning = ring.running;
      this.stop(ring);
      if (wasRunning && ring.resolve(memory, this.eventIdx) === undefined) {
        ring.broken = true;
        ring.report();
        reporter.refused(`a memory table without ring ${ring.index}, which runs`);
      }
    }
    this.memory = memory;
    device.setMemory(memory.guest);
    before?.unmap();
    this.update();
    return Refusal.NONE;
  }

  private get eventIdx(): boolean {
    return ((this.features ?? 0) & Feature.RING_EVENT_IDX) !== 0;
  }

  // ---------------------------------------------------------------- rings

  private setFd(id: number, ring: Ring, word: number): Refusal {
    const { posix } = this.options;
    const { payload, descriptors } = this;
    if ((word & FdWord.REST) !== 0 || payload.getUint32(4, true) !== 0) {
      return this.refuse(Refusal.VALUE, 'a ring descriptor with unknown flags');
    }
    if (descriptors.length !== ((word & FdWord.NONE) === 0 ? 1 : 0)) {
      return this.refuse(Refusal.DESCRIPTORS, 'a ring descriptor that is not there, or one too many');
    }
    const fd = descriptors[0] ?? -1;
    if (id === Request.SET_VRING_KICK) {
      if (!ring.setKick(fd)) return this.refuse(Refusal.KIND, 'a kick descriptor that can’t be watched');
      this.takeDescriptor();
      this.update();
      // What the former descriptor was to say may never come.
      if (ring.running) this.kicked(ring);
      return Refusal.NONE;
    }
    const kind = fd < 0 ? 'other' : posix.stat(fd)?.kind;
    // Each signal would make the file longer.
    if (kind === undefined || kind === 'file' || kind === 'directory') {
      return this.refuse(Refusal.KIND, 'a file in place of an eventfd');
    }
    this.takeDescriptor();
    if (id === Request.SET_VRING_CALL) ring.setCall(fd);
    else ring.setErr(fd);
    return Refusal.NONE;
  }

  private setNum(ring: Ring, size: number): Refusal {
    if (!isQueueSize(size)) return this.refuse(Refusal.VALUE, `a ring of ${size} descriptors`);
    if (ring.running && !ring.broken) return this.refuse(Refusal.MOMENT, 'another size for a ring that runs');
    this.heal(ring);
    ring.size = size;
    this.update();
    return Refusal.NONE;
  }

  private setBase(ring: Ring, base: number): Refusal {
    if (base > MAX_BASE) {
      return this.refuse(
        Refusal.VALUE,
        'the base of a packed ring: the front end lets the guest use packed rings, this device does not',
      );
    }
    if (ring.running && !ring.broken) return this.refuse(Refusal.MOMENT, 'another base for a ring that runs');
    this.heal(ring);
    ring.base = base;
    ring.hasBase = true;
    this.update();
    return Refusal.NONE;
  }

  private setAddr(ring: Ring): Refusal {
    const { payload, memory } = this;
    const addresses = {
      descriptors: word64(payload, VringAddr.DESCRIPTORS),
      available: word64(payload, VringAddr.AVAILABLE),
      used: word64(payload, VringAddr.USED),
    };
    this.heal(ring);
    const { addresses: before } = ring;
    const same =
      before?.descriptors === addresses.descriptors &&
      before.available === addresses.available &&
      before.used === addresses.used;
    if (!same) this.stop(ring);
    ring.addresses = addresses;
    this.update();
    if (!isAligned(addresses)) return this.refuse(Refusal.ADDRESS, `misaligned addresses of ring ${ring.index}`);
    if (memory !== undefined && ring.size > 0 && ring.resolve(memory, this.eventIdx) === undefined) {
      return this.refuse(Refusal.ADDRESS, `ring ${ring.index} is not in the memory table`);
    }
    return Refusal.NONE;
  }

  private setEnable(ring: Ring, number: number): Refusal {
    if (number > 1) return this.refuse(Refusal.VALUE, `SET_VRING_ENABLE ${number}`);
    if (this.features === undefined || (this.features & F_PROTOCOL_FEATURES) === 0) {
      return this.refuse(Refusal.MOMENT, 'SET_VRING_ENABLE without the feature PROTOCOL_FEATURES');
    }
    this.heal(ring);
    ring.enabled = number === 1;
    if (number === 0) this.stop(ring);
    if (number === 1 && this.memory === undefined) this.options.reporter.refused('a ring without any memory');
    this.update();
    return Refusal.NONE;
  }

  /** Starts every ring that can run and does not. */
  private update(): void {
    const { device, reporter } = this.options;
    const { memory, features } = this;
    if (memory === undefined || features === undefined) return;
    for (const ring of this.rings) {
      if (ring.running || ring.broken || !ring.isComplete) continue;
      const setup = ring.resolve(memory, this.eventIdx);
      if (setup === undefined) continue;
      const defect = device.start(ring.index, setup);
      if (defect !== undefined) {
        reporter.refused(`ring ${ring.index}: ${defect}`);
        continue;
      }
      ring.running = true;
      reporter.happened(`ring ${ring.index} started: ${ring.size} descriptors, base ${ring.base}`);
    }
    this.updatePoll();
  }

  private updatePoll(): void {
    const wanted = this.rings.some(ring => ring.running && ring.polled);
    if (wanted && !this.poll.running) this.poll.startPeriodic(POLL_INTERVAL);
    if (!wanted && this.poll.running) this.poll.stop();
  }

  private stop(ring: Ring): void {
    if (!ring.running) return;
    ring.base = this.options.device.stop(ring.index);
    ring.running = false;
    this.updatePoll();
  }

  /** Lets a broken ring start again: the front end sets it up anew. */
  private heal(ring: Ring): void {
    if (!ring.broken) return;
    this.stop(ring);
    ring.broken = false;
  }

  private kicked(ring: Ring): void {
    if (ring.running) this.options.device.kick(ring.index);
  }

  // ---------------------------------------------------------------- from the device

  signal(queue: number): void {
    this.rings[queue]?.signal();
  }

  broken(queue: number, defect: string): void {
    const ring = this.rings[queue];
    if (ring === undefined) return;
    ring.broken = true;
    ring.report();
    this.options.reporter.refused(`ring ${queue} is broken: ${defect}`);
  }

  // ---------------------------------------------------------------- the end

  /** The connection has ended: everything it brought is released, the device is reset. */
  close(): void {
    const { device, posix } = this.options;
    this.poll.stop();
    for (const ring of this.rings) ring.close();
    device.reset();
    device.setMemory(undefined);
    this.memory?.unmap();
    this.memory = undefined;
    this.features = undefined;
    if (this.requestFd >= 0) posix.close(this.requestFd);
    this.requestFd = -1;
    this.payload = this.reply;
    this.descriptors = [];
  }
}
