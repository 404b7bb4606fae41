// SPDX-License-Identifier: BSD-3-Clause
import { lstatSync, unlinkSync } from 'node:fs';
import { Errno, type Received } from '@scp/framework';
import { UnixAddress } from './address.ts';
import { Block, C, E, failure, libc, result } from './libc.ts';

/** Descriptors that one message carries at most. */
export const MAX_DESCRIPTORS = 32;
/** Bytes that one call moves at most; a stream's reader and writer go on from there. */
const IO_SIZE = 16384;
const BACKLOG = 16;
const SOCKET_FLAGS = C.SOCK_NONBLOCK | C.SOCK_CLOEXEC;

// struct msghdr with its iovec and control data behind it, and the bytes at the end.
const MSG = { name: 0, nameLength: 8, iov: 16, iovCount: 24, control: 32, controlLength: 40, flags: 48 } as const;
const IOV = 64;
const CONTROL = 80;
/** struct cmsghdr: length (size_t), level, type; then the descriptors. */
const CMSG = { length: 0, level: 8, type: 12, data: 16 } as const;
const CONTROL_SIZE = CMSG.data + MAX_DESCRIPTORS * 4;
const DATA = 256;

class Reception implements Received {
  length = 0;
  readonly descriptors: number[] = [];
  truncated = false;
}

/** Unix stream sockets that pass descriptors. All calls answer at once. */
export class UnixSockets {
  private readonly address = new UnixAddress();
  private readonly block = new Block(DATA + IO_SIZE);
  private readonly reception = new Reception();

  constructor() {
    this.block.setWord(MSG.iov, this.block.address + IOV);
    this.block.setWord(MSG.iovCount, 1);
    this.block.setWord(IOV, this.block.address + DATA);
  }

  /** See `Posix.listen`. */
  listen(path: string): number {
    const named = this.address.set(path);
    if (named < 0) return named;
    const fd = result(libc.socket(C.AF_UNIX, C.SOCK_STREAM | SOCKET_FLAGS, 0));
    if (fd < 0) return fd;
    // On Linux the socket file gets the mode of the socket. A umask would do it for the whole process, other threads
    // too.
    libc.fchmod(fd, 0o600);
    let status = this.bindTo(fd);
    if (status === E.EADDRINUSE && this.removeStale(path)) status = this.bindTo(fd);
    if (status === 0) status = result(libc.listen(fd, BACKLOG));
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }

  /** See `Posix.accept`. */
  accept(fd: number): number {
    return result(libc.accept4(fd, 0, 0, SOCKET_FLAGS));
  }

  /** See `Posix.connect`. */
  connect(path: string): number {
    const named = this.address.set(path);
    if (named < 0) return named;
    const fd = result(libc.socket(C.AF_UNIX, C.SOCK_STREAM | SOCKET_FLAGS, 0));
    if (fd < 0) return fd;
    const status = result(libc.connect(fd, this.address.address, this.address.length));
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }

  /** See `Posix.receive`. At most 16384 bytes a call. EINVAL for no bytes or a range outside `into`. */
  receive(fd: number, into: Uint8Array, offset: number, length: number): Received {
    const { block, reception } = this;
    reception.descriptors.length = 0;
    reception.truncated = false;
    if (!inRange(into, offset, length)) {
      reception.length = E.EINVAL;
      return reception;
    }
    block.setWord(IOV + 8, Math.min(length, IO_SIZE));
    block.setWord(MSG.control, block.address + CONTROL);
    block.setWord(MSG.controlLength, CONTROL_SIZE);
    block.view.setUint32(MSG.flags, 0, true);
    const count = libc.recvmsg(fd, block.address, C.MSG_CMSG_CLOEXEC | C.MSG_DONTWAIT);
    if (count < 0) {
      reception.length = failure();
      return reception;
    }
    for (let at = 0; at < count; at++) into[offset + at] = block.bytes[DATA + at] ?? 0;
    reception.length = count;
    reception.truncated = (block.view.getUint32(MSG.flags, true) & C.MSG_CTRUNC) !== 0;
    this.takeDescriptors();
    return reception;
  }

  /** See `Posix.send`. At most 16384 bytes a call. EINVAL for no bytes, a range outside `from`, over 32 descriptors. */
  send(fd: number, from: Uint8Array, offset: number, length: number, descriptors?: readonly number[]): number {
    const { block } = this;
    const passed = descriptors?.length ?? 0;
    if (!inRange(from, offset, length) || passed > MAX_DESCRIPTORS) return E.EINVAL;
    const count = Math.min(length, IO_SIZE);
    for (let at = 0; at < count; at++) block.bytes[DATA + at] = from[offset + at] ?? 0;
    block.setWord(IOV + 8, count);
    block.setWord(MSG.control, 0);
    block.setWord(MSG.controlLength, 0);
    if (descriptors !== undefined && passed > 0) {
      block.setWord(CONTROL + CMSG.length, CMSG.data + passed * 4);
      block.view.setInt32(CONTROL + CMSG.level, C.SOL_SOCKET, true);
      block.view.setInt32(CONTROL + CMSG.type, C.SCM_RIGHTS, true);
      for (let at = 0; at < passed; at++) {
        block.view.setInt32(CONTROL + CMSG.data + at * 4, descriptors[at] ?? -1, true);
      }
      block.setWord(MSG.control, block.address + CONTROL);
      block.setWord(MSG.controlLength, align(CMSG.data + passed * 4));
    }
    return result(libc.sendmsg(fd, block.address, C.MSG_NOSIGNAL | C.MSG_DONTWAIT));
  }

  private takeDescriptors(): void {
    const { block, reception } = this;
    const end = Math.min(CONTROL_SIZE, block.word(MSG.controlLength));
    for (let at = 0; at + CMSG.data <= end;) {
      const length = block.word(CONTROL + at + CMSG.length);
      if (length < CMSG.data || at + length > end) return;
      if (
        block.view.getInt32(CONTROL + at + CMSG.level, true) === C.SOL_SOCKET &&
        block.view.getInt32(CONTROL + at + CMSG.type, true) === C.SCM_RIGHTS
      ) {
        for (let from = at + CMSG.data; from + 4 <= at + length; from += 4) {
          reception.descriptors.push(block.view.getInt32(CONTROL + from, true));
        }
      }
      at += align(length);
    }
  }

  private bindTo(fd: number): number {
    return result(libc.bind(fd, this.address.address, this.address.length));
  }

  /**
   * Removes the socket file at `path`, which `address` names, if nobody listens on it. Answers whether the place is
   * free.
   */
  private removeStale(path: string): boolean {
    try {
      if (!lstatSync(path).isSocket()) return false;
      const probe = this.connect(path);
      if (probe >= 0) libc.close(probe);
      if (probe === E.ENOENT) return true;
      if (probe !== Errno.ECONNREFUSED) return false;
      unlinkSync(path);
      return true;
    } catch {
      return false;
    }
  }
}

const inRange = (bytes: Uint8Array, offset: number, length: number): boolean =>
  length > 0 && offset >= 0 && offset + length <= bytes.length;

/** CMSG_ALIGN of a 64-bit system. */
const align = (length: number): number => (length + 7) & ~7;
