// SPDX-License-Identifier: BSD-3-Clause
/**
 * A vhost-user front end with a virtio-scmi driver: what tests attack the back end with, and what the agent's command line
 * talks to any vhost-user SCMI device through. Nothing here blocks: whoever owns the readiness set gives `turn`, which lets
 * what is ready be served.
 */
import { Errno, type Mapping, type Posix } from '@scp/framework';
import {
  DRIVER_FEATURES,
  DriverMemory,
  type DriverOptions,
  type DriverRing,
  ScmiDriver,
} from '@scp/virtio-scmi/driver';
import { F_PROTOCOL_FEATURES, HEADER_SIZE, PAYLOAD_LIMIT, Request } from '../messages.ts';
import { memTable, message, u64, vringAddr, vringFd, vringState } from './payloads.ts';

export * from '../messages.ts';
export * from './payloads.ts';
export type { TableRegion } from '../memory.ts';

/** What a front end runs on. */
export interface FrontEndHost {
  readonly posix: Posix;
  /** Monotonic time, µs. */
  now(): number;
  /** Serves what is ready, and waits at most `timeoutMs` when nothing is: `NodePosix.wait`. */
  turn(timeoutMs: number): void;
}

/** A reply. */
export interface Reply {
  readonly id: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** Whose habits a front end has: QEMU's `vhost-user-scmi`, or those of user-mode Linux. */
export type Style = 'qemu' | 'uml';

/** How a device is brought up. */
export interface BringUpOptions extends DriverOptions {
  readonly style?: Style;
  /** Bytes of guest memory. Default 4 MiB. */
  readonly memorySize?: number;
  /** Give the back end a channel for its own requests. Default false. */
  readonly backendRequests?: boolean;
  /** The available index both rings start at. Default 0. */
  readonly index?: number;
}

/** Time that replies and commands may take, ms. */
const TIMEOUT = 5000;
/** Where guest memory is, by style: QEMU's arm64 machine, and an address that user-mode Linux was seen with. */
const PLACE = {
  qemu: { guest: 0x4000_0000, user: 0x7f00_0000_0000, offset: 0 },
  uml: { guest: 0x1500_0000, user: 0x1500_0000, offset: 0x1500_0000 },
} as const;
const NO_PAYLOAD = new Uint8Array(0);
const PROTOCOL = { REPLY_ACK: 1 << 3, BACKEND_REQ: 1 << 5 } as const;

/** The memory, rings and descriptors of a device that was brought up. */
interface Attached {
  readonly style: Style;
  readonly memfd: number;
  readonly mapping: Mapping;
  readonly driver: ScmiDriver;
  /** By queue. */
  readonly kicks: readonly number[];
  readonly calls: readonly number[];
  readonly errs: readonly number[];
  readonly requests: number;
}

/** One connection to a back end. */
export class FrontEnd {
  /** Interrupts seen, and defects reported, by queue. */
  readonly interrupts = [0, 0];
  readonly defects = [0, 0];
  /** Features negotiated: virtio's, bits 0..31, and vhost-user's. */
  features = 0;
  protocolFeatures = 0;
  /** The back end has closed the connection. */
  closed = false;

  private readonly host: FrontEndHost;
  private readonly fd: number;
  private readonly input = new Uint8Array(HEADER_SIZE + PAYLOAD_LIMIT);
  private received = 0;
  private readonly replies: Reply[] = [];
  private attached: Attached | undefined = undefined;

  /** Connects to the socket at `path`. Answers a negative errno when that fails. */
  static connect(host: FrontEndHost, path: string): FrontEnd | number {
    const fd = host.posix.connect(path);
    return fd < 0 ? fd : new FrontEnd(host, fd);
  }

  /** Takes over a connected socket. */
  constructor(host: FrontEndHost, fd: number) {
    this.host = host;
    this.fd = fd;
    host.posix.watch(fd, { readable: true }, { ready: () => this.receive() });
  }

  // ---------------------------------------------------------------- messages

  /** Sends a request; answers how many bytes were taken, or a negative errno. Descriptors stay the caller's. */
  send(id: number, payload: Uint8Array = NO_PAYLOAD, descriptors: readonly number[] = [], needReply = false): number {
    return this.sendBytes(message(id, payload, needReply), descriptors);
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: Uint8Array, descriptors: readonly number[] = []): number {
    return this.host.posix.send(this.fd, bytes, 0, bytes.length, descriptors);
  }

  /** Takes the next reply, undefined when there is none yet. */
  takeReply(): Reply | undefined {
    return this.replies.shift();
  }

  /** Sends a request and waits for its reply: undefined when the connection ends first, or there is none in time. */
  transact(id: number, payload?: Uint8Array, descriptors?: readonly number[], needReply = false): Reply | undefined {
    if (this.send(id, payload, descriptors, needReply) < 0) return undefined;
    this.until(() => this.replies.length > 0 || this.closed, TIMEOUT);
    return this.takeReply();
  }

  /** Sends a request that asks for an acknowledgement: 0 for done, another number for refused, undefined for none. */
  ack(id: number, payload?: Uint8Array, descriptors?: readonly number[]): number | undefined {
    const reply = this.transact(id, payload, descriptors, true);
    return reply === undefined ? undefined : word(reply.payload, 0);
  }

  private receive(): void {
    for (;;) {
      const got = this.host.posix.receive(this.fd, this.input, this.received, this.input.length - this.received);
      for (const fd of got.descriptors) this.host.posix.close(fd);
      if (got.length === Errno.EAGAIN) return;
      if (got.length <= 0) {
        this.host.posix.unwatch(this.fd);
        this.closed = true;
        return;
      }
      this.received += got.length;
      this.cut();
    }
  }

  private cut(): void {
    for (;;) {
      const size = word(this.input, 8);
      if (this.received < HEADER_SIZE || this.received < HEADER_SIZE + size) return;
      const payload = this.input.slice(HEADER_SIZE, HEADER_SIZE + size);
      this.replies.push({ id: word(this.input, 0), flags: word(this.input, 4), payload });
      this.input.copyWithin(0, HEADER_SIZE + size, this.received);
      this.received -= HEADER_SIZE + size;
    }
  }

  /** Lets turns pass until `done`, or `timeoutMs` have passed. Answers whether it is done. */
  until(done: () => boolean, timeoutMs = TIMEOUT): boolean {
    const deadline = this.host.now() + 1000 * timeoutMs;
    while (!done()) {
      const left = (deadline - this.host.now()) / 1000;
      if (left <= 0) return false;
      this.host.turn(left);
    }
    return true;
  }

  // ---------------------------------------------------------------- bringing a device up

  /** Negotiates and starts both queues. Answers what failed, undefined when nothing did. */
  bringUp(options: BringUpOptions = {}): string | undefined {
    const style = options.style ?? 'qemu';
    return this.negotiate(style, options) ?? this.attach(style, options) ?? this.startAs(style, options.index ?? 0);
  }

  /** The driver; only once the device has been brought up. RangeError before. */
  get driver(): ScmiDriver {
    return this.device.driver;
  }

  private get device(): Attached {
    if (this.attached === undefined) throw new RangeError('the device has not been brought up');
    return this.attached;
  }

  private negotiate(
    style: Style,
    { features = DRIVER_FEATURES, backendRequests = false }: BringUpOptions,
  ): string | undefined {
    if (style === 'uml') this.send(Request.SET_OWNER);
    const offered = this.transact(Request.GET_FEATURES);
    if (offered === undefined) return 'no answer to GET_FEATURES';
    if ((word(offered.payload, 4) & 1) === 0) return 'VERSION_1 is not offered';
    this.features = word(offered.payload, 0) & (features | F_PROTOCOL_FEATURES);
    if ((this.features & F_PROTOCOL_FEATURES) !== 0) {
      const protocol = this.transact(Request.GET_PROTOCOL_FEATURES);
      if (protocol === undefined) return 'no answer to GET_PROTOCOL_FEATURES';
      const wanted = PROTOCOL.REPLY_ACK | (backendRequests ? PROTOCOL.BACKEND_REQ : 0);
      this.protocolFeatures = word(protocol.payload, 0) & wanted;
      const status = this.set(style === 'uml', Request.SET_PROTOCOL_FEATURES, u64(this.protocolFeatures));
      if (status !== 0) return `SET_PROTOCOL_FEATURES answered ${status}`;
    }
    if (style === 'qemu') this.send(Request.SET_OWNER);
    return undefined;
  }

  /** Sends a request; acknowledged if `acked` and the back end can. 0 is success. */
  private set(acked: boolean, id: number, payload?: Uint8Array, descriptors?: readonly number[]): number {
    if (acked && (this.protocolFeatures & PROTOCOL.REPLY_ACK) !== 0) return this.ack(id, payload, descriptors) ?? -1;
    return this.send(id, payload, descriptors) < 0 ? -1 : 0;
  }

  private attach(style: Style, options: BringUpOptions): string | undefined {
    const { posix } = this.host;
    const { offset, guest } = PLACE[style];
    const size = options.memorySize ?? 0x40_0000;
    const memfd = posix.memfd('guest', offset + size);
    if (memfd < 0) return `no memory (errno ${-memfd})`;
    const mapping = posix.map(memfd, offset, size);
    if (typeof mapping === 'number') {
      posix.close(memfd);
      return `memory can't be mapped (errno ${-mapping})`;
    }
    const pair = () => [posix.eventfd(), posix.eventfd()];
    const driver = new ScmiDriver(new DriverMemory(mapping.view(0, size), guest), {
      ...options,
      features: this.features,
    });
    const wantsRequests = (this.protocolFeatures & PROTOCOL.BACKEND_REQ) !== 0;
    const requests = wantsRequests ? posix.eventfd() : -1;
    this.attached = { style, memfd, mapping, driver, kicks: pair(), calls: pair(), errs: pair(), requests };
    this.device.calls.forEach((fd, queue) => this.count(fd, this.interrupts, queue));
    this.device.errs.forEach((fd, queue) => this.count(fd, this.defects, queue));
    if (wantsRequests) {
      const status = this.set(true, Request.SET_BACKEND_REQ_FD, undefined, [requests]);
      if (status !== 0) return `SET_BACKEND_REQ_FD answered ${status}`;
    }
    return undefined;
  }

  private count(fd: number, counters: number[], queue: number): void {
    this.host.posix.watch(
      fd,
      { readable: true, edge: true },
      { ready: () => void (counters[queue] = (counters[queue] ?? 0) + 1) },
    );
  }

  /** Starts both queues at available index `index`: after `bringUp`, and again after `stopQueues`. */
  start(index = 0): string | undefined {
    return this.startAs(this.device.style, index);
  }

  private startAs(style: Style, index: number): string | undefined {
    this.device.driver.reset(index);
    const failed = style === 'qemu' ? this.startLikeQemu(index) : this.startLikeUml(index);
    if (failed !== undefined) return failed;
    // Without acknowledgements, an answer to anything says that what came before is done.
    if ((this.protocolFeatures & PROTOCOL.REPLY_ACK) === 0 && this.transact(Request.GET_FEATURES) === undefined) {
      return 'the back end has closed the connection';
    }
    this.device.driver.postEvents();
    this.kick();
    return undefined;
  }

  private startLikeQemu(index: number): string | undefined {
    const calls = [0, 1].map(
      queue => (): number => this.setFd(false, Request.SET_VRING_CALL, queue, this.device.calls),
    );
    const rings = [0, 1].flatMap(queue => [
      () => this.set(false, Request.SET_VRING_NUM, vringState(queue, this.ring(queue).size)),
      () => this.set(false, Request.SET_VRING_BASE, vringState(queue, index)),
      () => this.set(false, Request.SET_VRING_ADDR, this.addresses(queue)),
      () => this.setFd(false, Request.SET_VRING_KICK, queue, this.device.kicks),
      () => this.setFd(false, Request.SET_VRING_ERR, queue, this.device.errs),
    ]);
    const enables = [0, 1].map(queue => () => this.enable(queue, true));
    return this.all([
      ...calls,
      () => this.set(false, Request.SET_FEATURES, u64(this.features, 1)),
      () => this.setMemory(true),
      ...rings,
      ...enables,
      ...calls,
    ]);
  }

  private startLikeUml(index: number): string | undefined {
    const rings = [0, 1].flatMap(queue => [
      () => this.setFd(true, Request.SET_VRING_CALL, queue, this.device.calls),
      () => this.set(true, Request.SET_VRING_NUM, vringState(queue, this.ring(queue).size)),
      () => this.set(true, Request.SET_VRING_BASE, vringState(queue, index)),
      () => this.set(true, Request.SET_VRING_ADDR, this.addresses(queue)),
    ]);
    const enables = [0, 1].flatMap(queue => [
      () => this.setFd(true, Request.SET_VRING_KICK, queue, this.device.kicks),
      () => this.enable(queue, true),
    ]);
    const features = () => this.set(true, Request.SET_FEATURES, u64(this.features, 1));
    return this.all([features, () => this.setMemory(true), ...rings, ...enables]);
  }

  private all(steps: readonly (() => number)[]): string | undefined {
    const at = steps.findIndex(step => step() !== 0);
    return at < 0 ? undefined : `step ${at} of the start was refused`;
  }

  private setFd(acked: boolean, id: number, queue: number, descriptors: readonly number[]): number {
    return this.set(acked, id, vringFd(queue), descriptors.slice(queue, queue + 1));
  }

  /** Sends the memory table, as it was or as `regions` say. */
  setMemory(acked: boolean): number {
    const { style, memfd, driver } = this.device;
    const region = { ...PLACE[style], size: driver.memory.u8.length };
    // User-mode Linux has room for two regions and uses one.
    return this.set(acked, Request.SET_MEM_TABLE, memTable([region], style === 'uml' ? 2 : 1), [memfd]);
  }

  /** Turns a queue on or off; 0 is success. */
  enable(queue: number, enabled: boolean): number {
    return this.set(true, Request.SET_VRING_ENABLE, vringState(queue, enabled ? 1 : 0));
  }

  private ring(queue: number): DriverRing {
    const { driver } = this.device;
    return queue === 0 ? driver.commands : driver.events;
  }

  /** The payload of SET_VRING_ADDR for a queue. */
  addresses(queue: number): Uint8Array {
    const { user } = PLACE[this.device.style];
    const { descriptorsAt, availableAt, usedAt } = this.ring(queue);
    return vringAddr(queue, { descriptors: user + descriptorsAt, available: user + availableAt, used: user + usedAt });
  }

  /** Stops both queues as the style does. Answers the base of each, as far as the style asks for it. */
  stopQueues(): number[] {
    if (this.device.style === 'uml') {
      for (const queue of [1, 0]) this.enable(queue, false);
      this.transact(Request.GET_FEATURES);
      return [];
    }
    for (const queue of [0, 1]) this.enable(queue, false);
    return [0, 1].map(queue => {
      const reply = this.transact(Request.GET_VRING_BASE, vringState(queue, 0));
      return reply === undefined ? -1 : word(reply.payload, 4);
    });
  }

  // ---------------------------------------------------------------- commands and events

  /** Kicks where the device wants it. */
  kick(): void {
    for (const queue of [0, 1]) if (this.ring(queue).needsKick()) this.forceKick(queue);
  }

  /** Kicks whether the device wants it or not. */
  forceKick(queue: number): void {
    this.host.posix.signal(this.device.kicks[queue] ?? -1);
  }

  /**
   * Sends one command, header first, with room for `capacity` bytes of answer, and waits for it. Undefined when there is
   * none in time, or the connection ends. For more than one under way, use `driver`.
   */
  command(request: Uint8Array, capacity = 136, timeoutMs = TIMEOUT): Uint8Array | undefined {
    const { driver } = this;
    const slot = driver.post(request, capacity);
    if (slot < 0) return undefined;
    this.kick();
    let answered = -1;
    this.until(() => (answered = driver.reap()) >= 0 || this.closed, timeoutMs);
    return answered === slot ? driver.response(slot) : undefined;
  }

  /** Takes the next event; undefined when there is none. */
  takeEvent(): Uint8Array | undefined {
    const event = this.driver.takeEvent();
    if (event !== undefined) this.kick();
    return event;
  }

  /** Waits for an event; undefined when there is none in time, or the connection ends. */
  event(timeoutMs = TIMEOUT): Uint8Array | undefined {
    let event: Uint8Array | undefined;
    this.until(() => (event = this.takeEvent()) !== undefined || this.closed, timeoutMs);
    return event;
  }

  /** Closes the connection and releases everything. */
  close(): void {
    const { posix } = this.host;
    posix.close(this.fd);
    this.closed = true;
    if (this.attached === undefined) return;
    const { memfd, mapping, kicks, calls, errs, requests } = this.attached;
    for (const fd of [memfd, requests, ...kicks, ...calls, ...errs]) if (fd >= 0) posix.close(fd);
    mapping.unmap();
    this.attached = undefined;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;

/** Connects to the back end at `path`: a front end, or a negative errno. */
export const connect = (host: FrontEndHost, path: string): FrontEnd | number => FrontEnd.connect(host, path);
