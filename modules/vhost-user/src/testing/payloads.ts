// SPDX-License-Identifier: BSD-3-Clause
/** Payloads of vhost-user requests as bytes: what a front end sends. */
import { FdWord, HEADER_SIZE, HeaderFlag, REGION_SIZE, TABLE_HEADER, VringAddr } from '../messages.ts';
import type { TableRegion } from '../memory.ts';
import type { RingAddresses } from '../ring.ts';

const WORD = 0x1_0000_0000;

const bytesOf = (size: number, fill: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
};

/** Writes a whole number of 0..2^53 as 64 bits. */
function set64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % WORD, true);
  view.setUint32(at + 4, Math.floor(value / WORD), true);
}

/** A 64-bit word from two. */
export const u64 = (low: number, high = 0): Uint8Array =>
  bytesOf(8, view => {
    view.setUint32(0, low, true);
    view.setUint32(4, high, true);
  });

/** A ring's state: index and a number. */
export const vringState = (index: number, number: number): Uint8Array => u64(index, number);

/** The word of SET_VRING_KICK, CALL and ERR; `hasFd` says whether a descriptor comes with it. */
export const vringFd = (index: number, hasFd = true): Uint8Array => u64(index | (hasFd ? 0 : FdWord.NONE));

/** The addresses of a ring. */
export const vringAddr = (index: number, addresses: RingAddresses, log = 0, flags = 0): Uint8Array =>
  bytesOf(40, view => {
    view.setUint32(VringAddr.INDEX, index, true);
    view.setUint32(VringAddr.FLAGS, flags, true);
    set64(view, VringAddr.DESCRIPTORS, addresses.descriptors);
    set64(view, VringAddr.USED, addresses.used);
    set64(view, VringAddr.AVAILABLE, addresses.available);
    set64(view, VringAddr.LOG, log);
  });

/** A memory table, with room for `room` regions in all. */
export const memTable = (regions: readonly TableRegion[], room = regions.length, count = regions.length): Uint8Array =>
  bytesOf(TABLE_HEADER + REGION_SIZE * Math.max(room, regions.length), view => {
    view.setUint32(0, count, true);
    regions.forEach(({ guest, size, user, offset }, index) => {
      const at = TABLE_HEADER + REGION_SIZE * index;
      set64(view, at, guest);
      set64(view, at + 8, size);
      set64(view, at + 16, user);
      set64(view, at + 24, offset);
    });
  });

/** A whole message. */
export function message(id: number, payload: Uint8Array, needReply = false): Uint8Array {
  const bytes = bytesOf(HEADER_SIZE + payload.length, view => {
    view.setUint32(0, id, true);
    view.setUint32(4, HeaderFlag.VERSION | (needReply ? HeaderFlag.NEED_REPLY : 0), true);
    view.setUint32(8, payload.length, true);
  });
  bytes.set(payload, HEADER_SIZE);
  return bytes;
}
