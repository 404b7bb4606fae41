// SPDX-License-Identifier: BSD-3-Clause
/**
 * The part of a host that has file descriptors: Unix sockets with descriptor passing, eventfds, shared mappings and
 * one readiness set. Every call answers at once (nothing blocks) and reports failure as a negative errno, so that no
 * exception crosses the message path.
 */

/** errno values that callers tell apart, negated as the calls return them. */
export const Errno = {
  EINTR: -4,
  EAGAIN: -11,
  EPIPE: -32,
  ECONNREFUSED: -111,
} as const;

/** Called when a watched descriptor is ready. `hangup` also stands for an error on the descriptor. */
export interface ReadyHandler {
  ready(readable: boolean, writable: boolean, hangup: boolean): void;
}

/** What to watch a descriptor for. */
export interface WatchOptions {
  readonly readable?: boolean;
  readonly writable?: boolean;
  /** Report each new edge once instead of as long as the descriptor is ready: an eventfd then need not be read. */
  readonly edge?: boolean;
}

/** Bytes and descriptors taken from a stream socket. Reused by the reader: valid until the next call. */
export interface Received {
  /** Bytes read, 0 at end of file, a negative errno on failure. */
  readonly length: number;
  /** Descriptors that came with the bytes; the caller owns and closes them. */
  readonly descriptors: readonly number[];
  /** Some descriptors did not fit and were lost. */
  readonly truncated: boolean;
}

/** Memory shared with another process. */
export interface Mapping {
  readonly length: number;
  /**
   * A view of `length` bytes from `offset`; at most 1 GiB + 1 MiB, within the mapping, or RangeError. Views are for
   * as long as the mapping; after `unmap` they read zeros and writes are lost, never a fault.
   */
  view(offset: number, length: number): ArrayBuffer;
  unmap(): void;
}

/** What `fstat` tells here. */
export interface FileFacts {
  readonly size: number;
  readonly kind: 'file' | 'directory' | 'socket' | 'fifo' | 'other';
}

/** File descriptors and shared memory of the host. */
export interface Posix {
  /** Adds `fd` to the readiness set. Negative errno if it can't be watched (a regular file: EPERM). */
  watch(fd: number, options: WatchOptions, handler: ReadyHandler): number;
  /** Changes what a watched descriptor is watched for. */
  rewatch(fd: number, options: WatchOptions): number;
  /** Takes `fd` out of the set; no handler of it runs afterwards, not even in the batch being served. */
  unwatch(fd: number): void;

  /**
   * Listens on a Unix stream socket at `path` (at most 107 bytes), non-blocking, close-on-exec, mode 0600 for the
   * socket file. A stale socket file that nobody listens on is replaced; anything else there is EADDRINUSE.
   */
  listen(path: string): number;
  /** Accepts one connection, non-blocking; EAGAIN when there is none. */
  accept(fd: number): number;
  /** Connects to the Unix stream socket at `path`. */
  connect(path: string): number;
  /** Receives at most `length` bytes into `into` at `offset`, with at most 32 descriptors. */
  receive(fd: number, into: Uint8Array, offset: number, length: number): Received;
  /** Sends bytes and descriptors; answers the bytes taken. Never raises SIGPIPE. */
  send(fd: number, from: Uint8Array, offset: number, length: number, descriptors?: readonly number[]): number;

  /** Adds 1 to an eventfd, or writes the same 8 bytes to whatever stands in for one; EAGAIN means already signalled. */
  signal(fd: number): number;
  /** Makes `fd` non-blocking. */
  setNonBlocking(fd: number): number;
  /** An eventfd, non-blocking, close-on-exec. */
  eventfd(): number;
  /** A sealable memory file of `size` bytes. */
  memfd(name: string, size: number): number;
  /** Facts of a descriptor, undefined when it is none. */
  stat(fd: number): FileFacts | undefined;
  /** Forbids that the file of `fd` shrinks, if it can be sealed. True when it now cannot shrink. */
  sealShrink(fd: number): boolean;
  /** Maps `length` bytes of `fd` from `offset` (page-aligned), shared; negative errno on failure. Keeps no descriptor. */
  map(fd: number, offset: number, length: number): Mapping | number;
  close(fd: number): void;
  /** Removes a file; a missing one is no error. */
  unlink(path: string): void;
}
