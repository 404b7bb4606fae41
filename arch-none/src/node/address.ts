// SPDX-License-Identifier: BSD-3-Clause
import { Block, C, E } from './libc.ts';

/** Bytes of sun_path, the terminating zero included. */
const PATH_SIZE = 108;
const encoder = new TextEncoder();

/** A struct sockaddr_un to be filled in. */
export class UnixAddress {
  private readonly block = new Block(2 + PATH_SIZE);
  /** Bytes in use: what bind and connect take as the length. */
  length = 0;

  /** Where the structure is. */
  get address(): number {
    return this.block.address;
  }

  /**
   * Names the socket file `path`, at most 107 bytes, or with a leading `@` allowed the abstract socket of that name.
   * ENAMETOOLONG, or EINVAL for an empty path or one with a zero byte.
   */
  set(path: string, abstract = false): number {
    const bytes = encoder.encode(path);
    if (bytes.length > PATH_SIZE - 1) return E.ENAMETOOLONG;
    if (bytes.length === 0 || bytes.includes(0)) return E.EINVAL;
    this.block.bytes.fill(0);
    this.block.view.setUint16(0, C.AF_UNIX, true);
    this.block.bytes.set(bytes, 2);
    this.length = 2 + bytes.length + 1;
    if (abstract && path.startsWith('@')) {
      this.block.bytes[2] = 0;
      this.length = 2 + bytes.length;
    }
    return 0;
  }
}
