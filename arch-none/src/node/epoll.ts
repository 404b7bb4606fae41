// SPDX-License-Identifier: BSD-3-Clause
import type { ReadyHandler, WatchOptions } from '@scp/framework';
import { Block, C, E, libc, result, SYSCALL } from './libc.ts';

/** struct epoll_event is packed on x86-64 only. */
const EVENT = process.arch === 'x64' ? { size: 12, data: 4 } : { size: 16, data: 8 };
/** Events taken in one wake-up; more stay ready in the kernel for the next. */
const BATCH = 64;

/** Written over an event when its handler runs: the kernel reports no event without a bit. */
const SERVED = 0;

const EINTR = -4;
const EPERM = -1;

/** A place in the handler table. It is used again for another descriptor, then with another generation. */
interface Slot {
  readonly index: number;
  generation: number;
  fd: number;
  edge: boolean;
  handler: ReadyHandler | undefined;
}

const maskOf = (options: WatchOptions): number =>
  ((options.readable === true ? C.EPOLLIN : 0) |
    (options.writable === true ? C.EPOLLOUT : 0) |
    (options.edge === true ? C.EPOLLET : 0)) >>>
  0;

/**
 * One epoll set. The data of each event is a slot's index and generation, so an event of a descriptor that was taken
 * out (and perhaps closed, and its number used again) while the batch is served reaches nobody.
 */
export class ReadinessSet {
  private readonly fd: number;
  private readonly slots: Slot[] = [];
  private readonly free: Slot[] = [];
  private readonly byFd = new Map<number, Slot>();
  private readonly events = new Block(BATCH * EVENT.size);
  private readonly timespec = new Block(16);
  private readonly one = new Block(16);
  private readonly fault: ((error: unknown) => void) | undefined;
  private precise = true;

  /** `fault` is told what a handler throws; without it, the error leaves `wait`. */
  constructor(fault?: (error: unknown) => void) {
    this.fd = result(libc.epollCreate1(C.EPOLL_CLOEXEC));
    if (this.fd < 0) throw new Error(`epoll_create1 failed (errno ${-this.fd})`);
    this.fault = fault;
  }

  /** Descriptors being watched. */
  get size(): number {
    return this.byFd.size;
  }

  /** Adds a descriptor. EEXIST if it is in the set, EPERM if epoll can't watch its kind. */
  watch(fd: number, options: WatchOptions, handler: ReadyHandler): number {
    if (this.byFd.has(fd)) return E.EEXIST;
    const slot = this.free.pop() ?? { index: this.slots.length, generation: 0, fd, edge: false, handler };
    const status = this.control(C.EPOLL_CTL_ADD, fd, maskOf(options), slot);
    if (slot.index === this.slots.length) this.slots.push(slot);
    if (status < 0) {
      this.free.push(slot);
      return status;
    }
    slot.fd = fd;
    slot.edge = options.edge === true;
    slot.handler = handler;
    this.byFd.set(fd, slot);
    return 0;
  }

  /** Changes what a descriptor is watched for. ENOENT if it isn't watched. */
  rewatch(fd: number, options: WatchOptions): number {
    const slot = this.byFd.get(fd);
    if (slot === undefined) return E.ENOENT;
    const status = this.control(C.EPOLL_CTL_MOD, fd, maskOf(options), slot);
    if (status === 0) slot.edge = options.edge === true;
    return status;
  }

  /** Takes a descriptor out, if it is in. */
  unwatch(fd: number): void {
    const slot = this.byFd.get(fd);
    if (slot === undefined) return;
    this.control(C.EPOLL_CTL_DEL, fd, 0, slot);
    slot.generation = (slot.generation + 1) >>> 0;
    slot.handler = undefined;
    this.byFd.delete(fd);
    this.free.push(slot);
  }

  /**
   * Waits at most `timeoutMs` (fractions count, Infinity or negative: for ever; less after a signal) and runs the
   * handlers of what is ready: level-triggered descriptors (sockets) before edge-triggered ones (kicks), because what a
   * socket says (a new table, a new kick, the end) decides how a kick is to be served. Answers how many ran.
   */
  wait(timeoutMs: number): number {
    const count = this.collect(timeoutMs);
    return this.dispatch(count, false) + this.dispatch(count, true);
  }

  /** Closes the set. Nothing is watched any more. */
  close(): void {
    for (const fd of [...this.byFd.keys()]) this.unwatch(fd);
    libc.close(this.fd);
  }

  private collect(timeoutMs: number): number {
    const forever = timeoutMs < 0 || timeoutMs === Infinity;
    let count = forever || timeoutMs === 0 ? this.waitMs(forever ? -1 : 0) : this.waitPrecisely(timeoutMs);
    // After a signal only a wait without end begins anew: to know what is left of another takes a clock, which every
    // wait would have to read. It ends early instead, and the caller, who knows its deadline, comes again.
    while (count === EINTR) count = this.waitMs(forever ? -1 : 0);
    // Not a matter of what is watched: the set itself is gone. To answer 0 would make the caller spin.
    if (count < 0) throw new Error(`epoll_wait failed (errno ${-count})`);
    return count;
  }

  private waitMs(timeout: number): number {
    return result(libc.epollWait(this.fd, this.events.address, BATCH, timeout));
  }

  private waitPrecisely(timeoutMs: number): number {
    // A finite timeout is an alarm of the firmware, in µs. epoll_pwait2 takes it as it is, at no further system call (a
    // timerfd costs one to set and one wake-up to read); before Linux 5.11, and where a sandbox forbids it, alarms
    // are late by up to 1 ms but never early.
    if (this.precise) {
      const { address } = this.events;
      const { view } = this.timespec;
      const seconds = Math.min(0x7fff_ffff, Math.floor(timeoutMs / 1000));
      view.setUint32(0, seconds, true);
      view.setUint32(8, Math.min(999_999_999, Math.ceil((timeoutMs - seconds * 1000) * 1e6)), true);
      const count = result(libc.epollPwait2(SYSCALL.epollPwait2, this.fd, address, BATCH, this.timespec.address, 0, 8));
      if (count !== E.ENOSYS && count !== EPERM) return count;
      this.precise = false;
    }
    return this.waitMs(Math.min(0x7fff_ffff, Math.ceil(timeoutMs)));
  }

  private dispatch(count: number, edge: boolean): number {
    const { view } = this.events;
    let ran = 0;
    for (let at = 0; at < count * EVENT.size; at += EVENT.size) {
      const slot = this.slots[view.getUint32(at + EVENT.data, true)];
      if (slot?.handler === undefined || slot.generation !== view.getUint32(at + EVENT.data + 4, true)) continue;
      const events = view.getUint32(at, true);
      if (events === SERVED || slot.edge !== edge) continue;
      view.setUint32(at, SERVED, true);
      this.serve(slot, slot.handler, events);
      ran++;
    }
    return ran;
  }

  private serve(slot: Slot, handler: ReadyHandler, events: number): void {
    const { fault } = this;
    const { fd, generation } = slot;
    try {
      handler.ready(
        (events & C.EPOLLIN) !== 0,
        (events & C.EPOLLOUT) !== 0,
        (events & (C.EPOLLHUP | C.EPOLLERR)) !== 0,
      );
    } catch (error) {
      if (fault === undefined) throw error;
      // A level-triggered descriptor would be ready again at once, and the loop would do nothing else for ever.
      if (!slot.edge && slot.generation === generation) this.unwatch(fd);
      fault(error);
    }
  }

  private control(operation: number, fd: number, mask: number, slot: Slot): number {
    this.one.view.setUint32(0, mask, true);
    this.one.view.setUint32(EVENT.data, slot.index, true);
    this.one.view.setUint32(EVENT.data + 4, slot.generation, true);
    return result(libc.epollCtl(this.fd, operation, fd, this.one.address));
  }
}
