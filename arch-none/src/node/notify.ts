// SPDX-License-Identifier: BSD-3-Clause
import { UnixAddress } from './address.ts';
import { Block, C, libc } from './libc.ts';

const SIZE = 64;

/**
 * Tells systemd how the service is (`READY=1`, `STOPPING=1`), if it listens at NOTIFY_SOCKET. Failures don't matter
 * here.
 */
export function notifyManager(state: string, path = process.env['NOTIFY_SOCKET']): void {
  const address = new UnixAddress();
  if (path === undefined || address.set(path, true) < 0) return;
  const fd = libc.socket(C.AF_UNIX, C.SOCK_DGRAM | C.SOCK_CLOEXEC | C.SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  const block = new Block(SIZE);
  const { written } = new TextEncoder().encodeInto(state, block.bytes);
  libc.sendto(fd, block.address, written, C.MSG_NOSIGNAL, address.address, address.length);
  libc.close(fd);
}
