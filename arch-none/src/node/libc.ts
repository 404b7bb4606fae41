// SPDX-License-Identifier: BSD-3-Clause
/**
 * The libc of this process through koffi, glibc or musl, and the Linux constants that x64 and arm64 share. Pointers are
 * Numbers (user addresses fit in 53 bits), so that a call allocates nothing. Every call answers what C answers; the
 * negative-errno convention of `Posix` is made with `result`.
 */
import koffi from 'koffi';

const lib = koffi.load(null);

type Call<N extends readonly string[]> = (...args: { [K in keyof N]: number }) => number;

const bind = <const N extends readonly string[]>(name: string, result: string, args: N): Call<N> =>
  lib.func(name, result, [...args]);

/**
 * The calls used. The variadic ones (fcntl, syscall, prctl) are declared with fixed arguments, which the calling
 * conventions of Linux on x64 and arm64 pass in the same way.
 */
export const libc = {
  socket: bind('socket', 'int', ['int', 'int', 'int']),
  bind: bind('bind', 'int', ['int', 'uintptr_t', 'uint32_t']),
  listen: bind('listen', 'int', ['int', 'int']),
  accept4: bind('accept4', 'int', ['int', 'uintptr_t', 'uintptr_t', 'int']),
  connect: bind('connect', 'int', ['int', 'uintptr_t', 'uint32_t']),
  sendto: bind('sendto', 'intptr_t', ['int', 'uintptr_t', 'size_t', 'int', 'uintptr_t', 'uint32_t']),
  recvmsg: bind('recvmsg', 'intptr_t', ['int', 'uintptr_t', 'int']),
  sendmsg: bind('sendmsg', 'intptr_t', ['int', 'uintptr_t', 'int']),
  write: bind('write', 'intptr_t', ['int', 'uintptr_t', 'size_t']),
  close: bind('close', 'int', ['int']),
  fcntl: bind('fcntl', 'int', ['int', 'int', 'long']),
  fchmod: bind('fchmod', 'int', ['int', 'uint32_t']),
  ftruncate: bind('ftruncate', 'int', ['int', 'int64_t']),
  eventfd: bind('eventfd', 'int', ['uint32_t', 'int']),
  memfdCreate: bind('memfd_create', 'int', ['uintptr_t', 'uint32_t']),
  epollCreate1: bind('epoll_create1', 'int', ['int']),
  epollCtl: bind('epoll_ctl', 'int', ['int', 'int', 'int', 'uintptr_t']),
  epollWait: bind('epoll_wait', 'int', ['int', 'uintptr_t', 'int', 'int']),
  poll: bind('poll', 'int', ['uintptr_t', 'ulong', 'int']),
  mmap: bind('mmap', 'intptr_t', ['uintptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
  munmap: bind('munmap', 'int', ['uintptr_t', 'size_t']),
  madvise: bind('madvise', 'int', ['uintptr_t', 'size_t', 'int']),
  sysconf: bind('sysconf', 'long', ['int']),
  prctl: bind('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']),
  /** `epoll_pwait2` by number: glibc has it since 2.35 only, musl not at all. */
  epollPwait2: bind('syscall', 'long', ['long', 'int', 'uintptr_t', 'int', 'uintptr_t', 'uintptr_t', 'size_t']),
} as const;

/** Numbers of system calls; newer ones have one number on all architectures. */
export const SYSCALL = { epollPwait2: 441 } as const;

/** Linux constants, equal on x64 and arm64. */
export const C = {
  AF_UNIX: 1,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_NONBLOCK: 0x800,
  SOCK_CLOEXEC: 0x80000,
  SOL_SOCKET: 1,
  SCM_RIGHTS: 1,
  MSG_CTRUNC: 0x8,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  MSG_CMSG_CLOEXEC: 0x40000000,
  F_GETFL: 3,
  F_SETFL: 4,
  F_ADD_SEALS: 1033,
  F_GET_SEALS: 1034,
  F_SEAL_SHRINK: 2,
  O_NONBLOCK: 0x800,
  EFD_NONBLOCK: 0x800,
  EFD_CLOEXEC: 0x80000,
  MFD_CLOEXEC: 1,
  MFD_ALLOW_SEALING: 2,
  EPOLL_CLOEXEC: 0x80000,
  EPOLL_CTL_ADD: 1,
  EPOLL_CTL_DEL: 2,
  EPOLL_CTL_MOD: 3,
  EPOLLIN: 0x1,
  EPOLLOUT: 0x4,
  EPOLLERR: 0x8,
  EPOLLHUP: 0x10,
  EPOLLET: 0x80000000,
  POLLOUT: 0x4,
  PROT_READ: 1,
  PROT_WRITE: 2,
  MAP_SHARED: 0x1,
  MAP_PRIVATE: 0x2,
  MAP_FIXED: 0x10,
  MAP_ANONYMOUS: 0x20,
  MAP_NORESERVE: 0x4000,
  MADV_DONTDUMP: 16,
  SC_PAGESIZE: 30,
  PR_SET_TIMERSLACK: 29,
  HUGETLBFS_MAGIC: 0x958458f6,
} as const;

/** errno values used here, negated. */
export const E = {
  ENOENT: -2,
  EEXIST: -17,
  EINVAL: -22,
  ENAMETOOLONG: -36,
  ENOSYS: -38,
  EADDRINUSE: -98,
} as const;

// errno is a word of the thread; koffi.load and this module are per thread too, so its address is looked up once.
const errnoWord = new Int32Array(koffi.view(bind('__errno_location', 'uintptr_t', [])(), 4));

/** The negated errno of the call that just failed. */
export const failure = (): number => -(errnoWord[0] ?? 0);

/** What a call answered, or the negated errno if it answered -1. */
export const result = (answer: number): number => (answer < 0 ? failure() : answer);

/** Memory with an address: what C structures are built in. It lives as long as the object. */
export class Block {
  readonly address: number;
  readonly view: DataView;
  readonly bytes: Uint8Array;

  constructor(length: number) {
    // An ArrayBuffer's bytes are outside the JavaScript heap, where no collection moves them.
    const buffer = new ArrayBuffer(length);
    this.address = Number(koffi.address(buffer));
    this.view = new DataView(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  /** Writes a pointer or size_t. */
  setWord(offset: number, value: number): void {
    this.view.setUint32(offset, value % 0x1_0000_0000, true);
    this.view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  /** Reads a size_t below 2^53. */
  word(offset: number): number {
    return this.view.getUint32(offset, true) + this.view.getUint32(offset + 4, true) * 0x1_0000_0000;
  }
}

/** A view of `length` bytes at an address, without copy. */
export const viewAt = (address: number, length: number): ArrayBuffer => koffi.view(address, length);
