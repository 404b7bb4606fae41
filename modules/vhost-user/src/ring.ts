// SPDX-License-Identifier: BSD-3-Clause
import { Errno, type Posix, type ReadyHandler } from '@scp/framework';
import { availableBytes, descriptorBytes, type QueueSetup, usedBytes } from '@scp/virtio-scmi/api';
import type { SharedMemory } from './memory.ts';

/** Where a ring is, in user addresses. */
export interface RingAddresses {
  readonly descriptors: number;
  readonly available: number;
  readonly used: number;
}

/** Whether addresses have the alignment that VIRTIO asks for. */
export const isAligned = ({ descriptors, available, used }: RingAddresses): boolean =>
  descriptors % 16 === 0 && available % 2 === 0 && used % 4 === 0;

/** What the front end has said about one ring, and the descriptors it gave for it. */
export class Ring implements ReadyHandler {
  readonly index: number;
  /** Descriptors in the ring, 0 while unknown. */
  size = 0;
  /** The available index to go on from when it starts; the front end has to say it once, be it 0. */
  base = 0;
  hasBase = false;
  addresses: RingAddresses | undefined = undefined;
  enabled = false;
  /** There is no kick descriptor: the ring is looked at from time to time. */
  polled = false;
  /** The device works on it. */
  running = false;
  /** A rule was broken on it; it rests until it is set up anew. */
  broken = false;

  private readonly posix: Posix;
  private readonly kicked: (ring: Ring) => void;
  private kick = -1;
  private call = -1;
  private err = -1;

  constructor(posix: Posix, index: number, kicked: (ring: Ring) => void) {
    this.posix = posix;
    this.index = index;
    this.kicked = kicked;
  }

  /** Whether everything is there that it needs to run. */
  get isComplete(): boolean {
    return (
      this.size > 0 && this.hasBase && this.addresses !== undefined && this.enabled && (this.kick >= 0 || this.polled)
    );
  }

  /** The set-up for the device; undefined while a part is unknown, misaligned or not in memory. */
  resolve(memory: SharedMemory, eventIdx: boolean): QueueSetup | undefined {
    const { size, base: next, addresses } = this;
    if (size === 0 || addresses === undefined || !isAligned(addresses)) return undefined;
    const descriptors = memory.place(addresses.descriptors, descriptorBytes(size));
    const available = memory.place(addresses.available, availableBytes(size, eventIdx));
    const used = memory.place(addresses.used, usedBytes(size, eventIdx));
    if (descriptors === undefined || available === undefined || used === undefined) return undefined;
    return { size, next, descriptors, available, used };
  }

  // ---------------------------------------------------------------- descriptors

  /** Takes over the kick descriptor; -1 for none, then the ring is polled. False when it can't be watched. */
  setKick(fd: number): boolean {
    if (fd >= 0) {
      this.posix.setNonBlocking(fd);
      // Each kick is a new edge, so the eventfd is never read: one system call less on every wake-up.
      if (this.posix.watch(fd, { readable: true, edge: true }, this) < 0) return false;
    }
    this.closeKick();
    this.kick = fd;
    this.polled = fd < 0;
    return true;
  }

  /** Gives the kick descriptor up: the ring has been stopped. */
  closeKick(): void {
    this.polled = false;
    if (this.kick < 0) return;
    this.posix.unwatch(this.kick);
    this.posix.close(this.kick);
    this.kick = -1;
  }

  ready(): void {
    this.kicked(this);
  }

  /** Takes over the descriptor that interrupts the driver; -1 for none. */
  setCall(fd: number): void {
    if (fd >= 0) this.posix.setNonBlocking(fd);
    if (this.call >= 0) this.posix.close(this.call);
    this.call = fd;
    // A signal for the former one may have been lost; one too many does no harm.
    if (this.running) this.signal();
  }

  /** Takes over the descriptor that reports a broken ring; -1 for none. */
  setErr(fd: number): void {
    if (fd >= 0) this.posix.setNonBlocking(fd);
    if (this.err >= 0) this.posix.close(this.err);
    this.err = fd;
  }

  /** Interrupts the driver. A descriptor that is full says it already; one whose other end is gone is forgotten. */
  signal(): void {
    if (this.call < 0) return;
    const status = this.posix.signal(this.call);
    if (status >= 0 || status === Errno.EAGAIN || status === Errno.EINTR) return;
    this.posix.close(this.call);
    this.call = -1;
  }

  /** Reports a broken ring. */
  report(): void {
    if (this.err >= 0) this.posix.signal(this.err);
  }

  /** Forgets everything: the connection has ended. */
  close(): void {
    this.closeKick();
    this.running = false;
    this.setCall(-1);
    this.setErr(-1);
    this.size = 0;
    this.base = 0;
    this.hasBase = false;
    this.addresses = undefined;
    this.enabled = false;
    this.broken = false;
  }
}
