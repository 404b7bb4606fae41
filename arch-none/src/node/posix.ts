// SPDX-License-Identifier: BSD-3-Clause
import { fstatSync, unlinkSync } from 'node:fs';
import type { FileFacts, Mapping, Posix, ReadyHandler, Received, WatchOptions } from '@scp/framework';
import { Errno } from '@scp/framework';
import { ReadinessSet } from './epoll.ts';
import { Block, C, E, failure, libc, result } from './libc.ts';
import { Mappings } from './mapping.ts';
import { UnixSockets } from './socket.ts';

const NAME_SIZE = 250;
const encoder = new TextEncoder();

/**
 * `Posix` on Linux, for the thread that makes it. The thread calls `wait` in a loop, which runs the handlers; nothing
 * here needs the thread's event loop, except the release of addresses (see `retired`).
 */
export class NodePosix implements Posix {
  private readonly set: ReadinessSet;
  private readonly sockets = new UnixSockets();
  private readonly mappings = new Mappings();
  private readonly one = new Block(8);

  /** `fault` is told what a handler throws; without it, the error leaves `wait`. */
  constructor(fault?: (error: unknown) => void) {
    this.set = new ReadinessSet(fault);
    this.one.view.setUint32(0, 1, true);
  }

  /** Descriptors being watched. */
  get watched(): number {
    return this.set.size;
  }

  /**
   * Mappings that are gone but whose addresses are still taken, because a view of them may live. They are released in a
   * turn of the event loop after a garbage collection.
   */
  get retired(): number {
    return this.mappings.retired;
  }

  /**
   * Waits at most `timeoutMs` (fractions count; Infinity or negative: for ever) and runs the handlers of what is ready,
   * sockets before kicks. Answers how many ran. Not to be called by a handler.
   */
  wait(timeoutMs: number): number {
    return this.set.wait(timeoutMs);
  }

  /** Ends all mappings and the readiness set. Descriptors stay open: they are their owners'. */
  dispose(): void {
    this.mappings.close();
    this.set.close();
  }

  watch(fd: number, options: WatchOptions, handler: ReadyHandler): number {
    return this.set.watch(fd, options, handler);
  }

  rewatch(fd: number, options: WatchOptions): number {
    return this.set.rewatch(fd, options);
  }

  unwatch(fd: number): void {
    this.set.unwatch(fd);
  }

  listen(path: string): number {
    return this.sockets.listen(path);
  }

  accept(fd: number): number {
    return this.sockets.accept(fd);
  }

  connect(path: string): number {
    return this.sockets.connect(path);
  }

  receive(fd: number, into: Uint8Array, offset: number, length: number): Received {
    return this.sockets.receive(fd, into, offset, length);
  }

  send(fd: number, from: Uint8Array, offset: number, length: number, descriptors?: readonly number[]): number {
    return this.sockets.send(fd, from, offset, length, descriptors);
  }

  /** Answers 0 when the signal was given. */
  signal(fd: number): number {
    const written = libc.write(fd, this.one.address, 8);
    if (written === 8) return 0;
    // A stream socket in an eventfd's place that takes a part of the bytes is full: its reader has much to wake up to.
    return written < 0 ? failure() : Errno.EAGAIN;
  }

  setNonBlocking(fd: number): number {
    const flags = result(libc.fcntl(fd, C.F_GETFL, 0));
    if (flags < 0) return flags;
    return (flags & C.O_NONBLOCK) !== 0 ? 0 : result(libc.fcntl(fd, C.F_SETFL, flags | C.O_NONBLOCK));
  }

  eventfd(): number {
    return result(libc.eventfd(0, C.EFD_NONBLOCK | C.EFD_CLOEXEC));
  }

  memfd(name: string, size: number): number {
    const label = new Block(NAME_SIZE);
    encoder.encodeInto(name, label.bytes.subarray(0, NAME_SIZE - 1));
    const fd = result(libc.memfdCreate(label.address, C.MFD_CLOEXEC | C.MFD_ALLOW_SEALING));
    if (fd < 0) return fd;
    const status = Number.isSafeInteger(size) ? result(libc.ftruncate(fd, size)) : E.EINVAL;
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }

  stat(fd: number): FileFacts | undefined {
    try {
      const facts = fstatSync(fd);
      return { size: facts.size, kind: kindOf(facts) };
    } catch {
      return undefined;
    }
  }

  sealShrink(fd: number): boolean {
    const seals = libc.fcntl(fd, C.F_GET_SEALS, 0);
    if (seals < 0) return false;
    return (seals & C.F_SEAL_SHRINK) !== 0 || libc.fcntl(fd, C.F_ADD_SEALS, C.F_SEAL_SHRINK) === 0;
  }

  map(fd: number, offset: number, length: number): Mapping | number {
    return this.mappings.map(fd, offset, length);
  }

  /**
   * Takes the descriptor out of the set too: the kernel would go on reporting it if the peer has the same file open.
   */
  close(fd: number): void {
    this.set.unwatch(fd);
    libc.close(fd);
  }

  unlink(path: string): void {
    try {
      unlinkSync(path);
    } catch {
      // Gone already, or not ours to remove: the next listener on the path replaces a stale socket.
    }
  }
}

function kindOf(facts: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSocket(): boolean;
  isFIFO(): boolean;
}): FileFacts['kind'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'directory';
  if (facts.isSocket()) return 'socket';
  return facts.isFIFO() ? 'fifo' : 'other';
}
