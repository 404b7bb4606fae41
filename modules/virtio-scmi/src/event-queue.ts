// SPDX-License-Identifier: BSD-3-Clause
/**
 * The event queue (VIRTIO 1.2 §5.17.6.2): notifications and delayed responses, one a buffer. A notification that finds no
 * buffer is dropped; a delayed response waits for one. What is sent while a command is being handled is published after
 * the command's own response.
 */
import { copyBytes } from './chain.ts';
import type { GuestMemory } from './guest-memory.ts';
import { Found, type SplitQueue } from './split-queue.ts';

/** Bytes of the longest message that can be kept, header included. */
export const MESSAGE_SIZE = 1024;
/** Buffers looked at in one go: a driver that offers useless ones without end holds nobody else. */
const LOOK_LIMIT = 64;

/** What came of an attempt to publish a message. */
export const Outcome = {
  SENT: 0,
  /** There is no buffer. */
  NO_BUFFER: 1,
  /** The only buffer is too small for it. */
  TOO_SMALL: 2,
  /** There may be a buffer behind those that were looked at. */
  LOOK_AGAIN: 3,
  /** The driver broke a rule; the queue must not be used any more. */
  DEFECT: 4,
} as const;
/** What came of an attempt to publish a message. */
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Messages waiting to be published, in the order they were sent; bounded, and all memory is there from the start. */
export class EventQueue {
  /** The queue while it runs. */
  queue: SplitQueue | undefined = undefined;
  /** Notifications dropped so far. */
  dropped = 0;
  /** The last delivery left a message for which it was too early. */
  isEarly = false;

  private readonly bytes: DataView;
  private readonly lengths: Int32Array;
  private readonly delayed: Uint8Array;
  /** By slot: the time before which a message is not published, µs. */
  private readonly notBefore: Float64Array;
  /** Slots in the order of sending; the first `count` are taken, the others free. */
  private readonly order: Int32Array;
  private count = 0;

  /** Keeps up to `capacity` messages. */
  constructor(capacity: number) {
    this.bytes = new DataView(new ArrayBuffer(capacity * MESSAGE_SIZE));
    this.lengths = new Int32Array(capacity);
    this.delayed = new Uint8Array(capacity);
    this.notBefore = new Float64Array(capacity);
    this.order = Int32Array.from({ length: capacity }, (_, slot) => slot);
  }

  /** Messages waiting. */
  get waiting(): number {
    return this.count;
  }

  /** Keeps a message of `length` bytes until `notBefore` (µs) at least. False when there is no room, or it is too long. */
  hold(message: DataView, length: number, delayed: boolean, notBefore: number): boolean {
    if (this.count === this.order.length || length > MESSAGE_SIZE) return false;
    const slot = this.order[this.count] ?? 0;
    this.count++;
    copyBytes(this.bytes, slot * MESSAGE_SIZE, message, 0, length);
    this.lengths[slot] = length;
    this.delayed[slot] = delayed ? 1 : 0;
    this.notBefore[slot] = notBefore;
    return true;
  }

  /** Forgets what waits. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Publishes one message of `length` bytes from `at` of `message`. A buffer that is no event buffer goes back empty, and
   * so does one too small for a delayed response as soon as another is behind it.
   */
  publish(memory: GuestMemory, message: DataView, at: number, length: number, delayed: boolean): Outcome {
    const { queue } = this;
    if (queue === undefined) return Outcome.NO_BUFFER;
    const { chain } = queue;
    for (let looked = 0; looked < LOOK_LIMIT; looked++) {
      const found = queue.peek(memory, undefined);
      if (found === Found.NOTHING) return Outcome.NO_BUFFER;
      if (found === Found.DEFECT) return Outcome.DEFECT;
      if (chain.readable > 0) {
        queue.take();
        queue.give(chain.head, 0);
        continue;
      }
      if (chain.writable >= length) {
        queue.take();
        chain.write(memory, message, at, length);
        queue.give(chain.head, length);
        return Outcome.SENT;
      }
      if (!delayed || queue.waiting() < 2) return Outcome.TOO_SMALL;
      queue.take();
      queue.give(chain.head, 0);
    }
    return Outcome.LOOK_AGAIN;
  }

  /**
   * Publishes what waits and is due at `now` (µs), as far as there are buffers; notifications that find none are dropped.
   * Answers the outcome for the first delayed response that finds no buffer, SENT when there is none.
   */
  deliver(memory: GuestMemory, now: number): Outcome {
    let outcome: Outcome = Outcome.SENT;
    let kept = 0;
    this.isEarly = false;
    for (let index = 0; index < this.count; index++) {
      const slot = this.order[index] ?? 0;
      const delayed = this.delayed[slot] === 1;
      if ((this.notBefore[slot] ?? 0) > now) {
        this.isEarly = true;
        this.order[index] = this.order[kept] ?? 0;
        this.order[kept] = slot;
        kept++;
        continue;
      }
      const result: Outcome =
        outcome === Outcome.DEFECT || (delayed && outcome !== Outcome.SENT)
          ? outcome
          : this.publish(memory, this.bytes, slot * MESSAGE_SIZE, this.lengths[slot] ?? 0, delayed);
      if (result === Outcome.SENT) continue;
      if (result === Outcome.DEFECT) outcome = result;
      if (!delayed) {
        this.dropped++;
        continue;
      }
      if (outcome === Outcome.SENT) outcome = result;
      // Slots of messages that are gone move behind those that stay.
      this.order[index] = this.order[kept] ?? 0;
      this.order[kept] = slot;
      kept++;
    }
    this.count = kept;
    return outcome;
  }
}
