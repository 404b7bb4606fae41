// SPDX-License-Identifier: BSD-3-Clause
import { Page } from './page.ts';

/** Bytes of payload that a request page holds: the longest defined request, rounded up generously. */
export const REQUEST_CAPACITY = 252;
/** Bytes of payload that a response page holds: more than any transport here takes. */
export const RESPONSE_CAPACITY = 1020;

/**
 * One command on its way through the hub, with its response in the making. Each service (channel) has one, reused: a
 * handler must not keep it, except between answering PENDING and calling `respond`.
 */
export class Message {
  readonly request = new Page(REQUEST_CAPACITY);
  readonly response = new Page(RESPONSE_CAPACITY);
  /** The agent that sends it, 1..N. */
  agent = 0;
  /** The protocol version spoken with this agent: the negotiated one, or the one the product offers. */
  version = 0;
  /** Whether the agent can receive notifications and delayed responses. */
  p2a = false;
  /** Bytes of request payload: as sent, checked against the declaration before a handler runs. */
  length = 0;
  /** Bytes of response payload, status included, that the agent has room for. */
  capacity = 0;
  /**
   * Bytes of response payload, status included, of a successful answer. The hub sets it to the size of the declared
   * fixed fields; a handler adds the entries it writes behind them.
   */
  size = 0;
  /** Told to `respond`, so that an answer that comes after the agent was reset is not taken for the next command's. */
  sequence = 0;

  /** The unsigned request word at payload offset `at`. */
  u32(at: number): number {
    return this.request.u32(at);
  }

  /** Writes a word of the response at payload offset `at` (the status is at 0 and not a handler's to write). */
  set(at: number, value: number): void {
    this.response.set(at, value);
  }

  /** How many entries of `entrySize` bytes still fit behind the fixed fields. */
  room(entrySize: number): number {
    return this.capacity < this.size ? 0 : Math.floor((this.capacity - this.size) / entrySize);
  }
}
