// SPDX-License-Identifier: BSD-3-Clause
/**
 * The header word of every SCMI message: message id [7:0], type [9:8], protocol [17:10], token [27:18], reserved [31:28].
 * DEN0056, "message header".
 */

/** Message types. Commands and their responses share one; the type of a delayed response or notification says so. */
export const MessageType = { COMMAND: 0, DELAYED_RESPONSE: 2, NOTIFICATION: 3 } as const;

/** The header of a message; every part is cut to its field. */
export const header = (protocol: number, message: number, type: number, token: number): number =>
  ((message & 0xff) | ((type & 3) << 8) | ((protocol & 0xff) << 10) | ((token & 0x3ff) << 18)) >>> 0;

/** The message id, 0..255. */
export const messageOf = (word: number): number => word & 0xff;
/** The message type, 0..3. */
export const typeOf = (word: number): number => (word >>> 8) & 3;
/** The protocol id, 0..255. */
export const protocolOf = (word: number): number => (word >>> 10) & 0xff;
/** The token, 0..1023: chosen by the sender of the command, opaque here. */
export const tokenOf = (word: number): number => (word >>> 18) & 0x3ff;
/** A header with another type: that of a command's delayed response. */
export const withType = (word: number, type: number): number => ((word & ~0x300) | ((type & 3) << 8)) >>> 0;
