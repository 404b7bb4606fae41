// SPDX-License-Identifier: BSD-3-Clause
/**
 * The vhost-user wire: message numbers, payloads, features. One table drives the checks of size and descriptors. Numbers
 * are in the byte order of the host, which is little-endian wherever this runs.
 */

/** Bytes of the header: request @0, flags @4, payload size @8; 32-bit words. */
export const HEADER_SIZE = 12;
/** Bytes of payload that are read at most: well above the longest message. */
export const PAYLOAD_LIMIT = 4096;

/** Bits of the header's flags. */
export const HeaderFlag = { VERSION_MASK: 3, VERSION: 1, REPLY: 4, NEED_REPLY: 8 } as const;

/** Requests from the front end, as far as this back end takes them. */
export const Request = {
  GET_FEATURES: 1,
  SET_FEATURES: 2,
  SET_OWNER: 3,
  RESET_OWNER: 4,
  SET_MEM_TABLE: 5,
  SET_VRING_NUM: 8,
  SET_VRING_ADDR: 9,
  SET_VRING_BASE: 10,
  GET_VRING_BASE: 11,
  SET_VRING_KICK: 12,
  SET_VRING_CALL: 13,
  SET_VRING_ERR: 14,
  GET_PROTOCOL_FEATURES: 15,
  SET_PROTOCOL_FEATURES: 16,
  GET_QUEUE_NUM: 17,
  SET_VRING_ENABLE: 18,
  SET_BACKEND_REQ_FD: 21,
  RESET_DEVICE: 34,
} as const;
/** A request. */
export type Request = (typeof Request)[keyof typeof Request];

/** Protocol features: MQ (bit 0), REPLY_ACK (3), BACKEND_REQ (5: user-mode Linux 6.12 needs it), RESET_DEVICE (13). */
export const PROTOCOL_FEATURES = 0x2029;
/** The feature bit that is vhost-user's own: protocol features can be negotiated, rings start disabled. */
export const F_PROTOCOL_FEATURES = 1 << 30;

/** Regions in a memory table at most. */
export const MAX_REGIONS = 8;
/** Bytes in front of the regions of a memory table: their number, then padding. */
export const TABLE_HEADER = 8;
/** Bytes of a region: guest address @0, size @8, user address @16, offset in its file @24; 64-bit. */
export const REGION_SIZE = 32;

/** The word of SET_VRING_KICK, CALL and ERR: the index of the ring in bits 0..7, bit 8 says that no descriptor comes. */
export const FdWord = { INDEX: 0xff, NONE: 0x100, REST: 0xfffffe00 } as const;

/** SET_VRING_ADDR: index @0, flags @4, then 64-bit user addresses: descriptors, used ring, available ring, log. */
export const VringAddr = { INDEX: 0, FLAGS: 4, DESCRIPTORS: 8, USED: 16, AVAILABLE: 24, LOG: 32 } as const;

/** What is fixed about a request. */
export interface RequestDeclaration {
  readonly id: Request;
  readonly name: string;
  /** Bytes of payload: exactly, or at least where `open`. */
  readonly size: number;
  /** Whether more payload may follow: arrays have room for more entries than are used. */
  readonly open: boolean;
  /** Descriptors that may come with it. */
  readonly minDescriptors: number;
  readonly maxDescriptors: number;
}

const NO_DESCRIPTORS = [0, 0] as const;
const MAYBE_ONE = [0, 1] as const;

const declare = (
  name: keyof typeof Request,
  size: number,
  [minDescriptors, maxDescriptors]: readonly [number, number] = NO_DESCRIPTORS,
  open = false,
): RequestDeclaration => ({ id: Request[name], name, size, open, minDescriptors, maxDescriptors });

const STATE = 8;
const U64 = 8;

/** The requests, by number. */
export const REQUESTS: ReadonlyMap<number, RequestDeclaration> = new Map(
  [
    declare('GET_FEATURES', 0),
    declare('SET_FEATURES', U64),
    declare('SET_OWNER', 0),
    declare('RESET_OWNER', 0),
    declare('SET_MEM_TABLE', TABLE_HEADER, [0, MAX_REGIONS], true),
    declare('SET_VRING_NUM', STATE),
    declare('SET_VRING_ADDR', 40),
    declare('SET_VRING_BASE', STATE),
    declare('GET_VRING_BASE', STATE),
    declare('SET_VRING_KICK', U64, MAYBE_ONE),
    declare('SET_VRING_CALL', U64, MAYBE_ONE),
    declare('SET_VRING_ERR', U64, MAYBE_ONE),
    declare('GET_PROTOCOL_FEATURES', 0),
    declare('SET_PROTOCOL_FEATURES', U64),
    declare('GET_QUEUE_NUM', 0),
    declare('SET_VRING_ENABLE', STATE),
    declare('SET_BACKEND_REQ_FD', 0, [1, 1]),
    declare('RESET_DEVICE', 0),
  ].map(declaration => [declaration.id, declaration] as const),
);

/** Why a request is refused: the value of a reply that was asked for. 0 is success. */
export const Refusal = {
  NONE: 0,
  /** More payload than the request has. */
  LENGTH: 1,
  /** Descriptors missing or too many. */
  DESCRIPTORS: 2,
  /** A request that does not exist or whose feature is not offered. */
  UNKNOWN: 3,
  /** A ring that the device does not have. */
  INDEX: 4,
  /** A size, base or switch out of range. */
  VALUE: 5,
  /** Ring addresses that are misaligned or outside the memory table. */
  ADDRESS: 6,
  /** Features that were not offered, or VERSION_1 missing. */
  FEATURES: 7,
  /** Not at this moment. */
  MOMENT: 8,
  /** A memory table that breaks a rule or can't be mapped. */
  MEMORY: 9,
  /** A descriptor that is not of a kind for this use. */
  KIND: 10,
} as const;
/** Why a request is refused. */
export type Refusal = (typeof Refusal)[keyof typeof Refusal];

/**
 * Whether the connection goes on when a request is refused that asked for no reply: it does where both sides still agree
 * on the state. Where the front end believes in something that is not so, it is told by the end of the connection.
 */
export const isHarmless = (refusal: Refusal): boolean =>
  refusal === Refusal.UNKNOWN || refusal === Refusal.ADDRESS || refusal === Refusal.MOMENT;
