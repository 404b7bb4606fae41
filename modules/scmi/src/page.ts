// SPDX-License-Identifier: BSD-3-Clause
/**
 * A private copy of one message: header word, then payload, as on the wire. Agents can change their memory at any time,
 * so a request is copied here before it is checked, and a response is complete before it is copied out.
 *
 * Offsets are those of the specification's tables: they count bytes of payload, after the header, and are multiples of 4.
 */
export class Page {
  /** The message: 4 bytes of header, then the payload. */
  readonly bytes: Uint8Array;
  private readonly words: Uint32Array;
  private readonly signed: Int32Array;

  /** A page with room for `payload` bytes (a multiple of 4) after the header. */
  constructor(payload: number) {
    const buffer = new ArrayBuffer(4 + payload);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.signed = new Int32Array(buffer);
  }

  /** Bytes of payload that fit. */
  get capacity(): number {
    return this.bytes.length - 4;
  }

  /** The header word. */
  get header(): number {
    return this.words[0] ?? 0;
  }
  set header(word: number) {
    this.words[0] = word;
  }

  /** The unsigned word at payload offset `at`; 0 past the end. */
  u32(at: number): number {
    return this.words[(at >> 2) + 1] ?? 0;
  }

  /** The signed word at payload offset `at`; 0 past the end. */
  i32(at: number): number {
    return this.signed[(at >> 2) + 1] ?? 0;
  }

  /** Writes a word, signed or unsigned, at payload offset `at`; past the end it is lost. */
  set(at: number, value: number): void {
    this.words[(at >> 2) + 1] = value;
  }

  /** Writes a whole number of 0..2^53-1 as two words, low first. */
  setU64(at: number, value: number): void {
    this.set(at, value);
    this.set(at + 4, Math.floor(value / 0x100000000));
  }

  /** Reads two words, low first; exact up to 2^53. */
  u64(at: number): number {
    return this.u32(at + 4) * 0x100000000 + this.u32(at);
  }

  /** Writes a whole number of -2^53..2^53 as two words, two's complement, low first. */
  setI64(at: number, value: number): void {
    this.set(at, value % 0x100000000);
    this.set(at + 4, Math.floor(value / 0x100000000));
  }

  /** Reads a signed 64-bit value from two words, low first; rounded beyond 2^53. */
  i64(at: number): number {
    return this.i32(at + 4) * 0x100000000 + this.u32(at);
  }

  /** Writes a packed name (see `packName`) at payload offset `at`. */
  setName(at: number, name: PackedName): void {
    for (let word = 0; word < name.length; word++) this.set(at + 4 * word, name[word] ?? 0);
  }
}

/** A NUL-terminated, NUL-padded ASCII name as little-endian words: ready to be copied into a response. */
export type PackedName = Uint32Array;

/** Whether a name is cut in a field of 16 bytes: an extended name, which the protocol's NAME_GET tells in full. */
export const isExtendedName = (name: string): boolean => name.length > 15;

/** Packs `name` into a field of `size` bytes (16 or 64): cut to size - 1 characters, always terminated and padded. */
export function packName(name: string, size: 16 | 64): PackedName {
  const words = new Uint32Array(size / 4);
  for (let at = 0; at < Math.min(name.length, size - 1); at++) {
    const code = name.charCodeAt(at);
    words[at >> 2] = (words[at >> 2] ?? 0) | ((code > 0x7e || code < 0x20 ? 0x3f : code) << (8 * (at & 3)));
  }
  return words;
}
