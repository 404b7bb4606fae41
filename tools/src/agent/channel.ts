// SPDX-License-Identifier: BSD-3-Clause

/** A way to an SCMI server: one command at a time. */
export interface Channel {
  /**
   * Sends a command, header first, and waits for its answer. `capacity` is the room for the answer with its header.
   * Throws a TransportError when none comes in time or the server goes away.
   */
  call(command: Uint8Array, capacity: number): Uint8Array;
  /** Ends the connection. */
  close(): void;
}

/** The server could not be reached, or did not answer: not an SCMI status. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}
