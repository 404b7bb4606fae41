// SPDX-License-Identifier: BSD-3-Clause
import { Event } from './event.ts';

/**
 * An event list of its own: a pool of free events, the queue of those waiting and the event being handled. Every channel
 * has one, so what is handled for one channel never waits behind another's events, and one channel that exhausts its pool
 * takes nothing from another.
 */
export class Context {
  /** The event being handled. */
  current: Event | undefined = undefined;
  /** Whether the framework has it on its list of contexts with something to do. */
  isReady = false;
  /** Given to handlers whose answer nobody asked for. */
  readonly scratch: Event;
  private readonly free: Event[] = [];
  /** A ring: at most as many events as the pool has. */
  private readonly queue: (Event | undefined)[];
  private head = 0;
  private count = 0;

  /** A context with `size` events. */
  constructor(size: number) {
    this.queue = new Array<Event | undefined>(size).fill(undefined);
    for (let made = 0; made < size; made++) this.free.push(new Event(this));
    this.scratch = new Event(this);
  }

  /** Events waiting. */
  get waiting(): number {
    return this.count;
  }

  /** Takes a cleared event from the pool, undefined when it is exhausted. */
  take(): Event | undefined {
    return this.free.pop();
  }

  /** Puts an event, and the one set aside for its answer, back into the pool. */
  release(event: Event): void {
    const { reply } = event;
    event.clear();
    this.free.push(event);
    if (reply !== undefined) this.release(reply);
  }

  /** Appends an event of this context's pool to the queue. */
  append(event: Event): void {
    this.queue[(this.head + this.count) % this.queue.length] = event;
    this.count++;
  }

  /** Removes the event at the head of the queue. */
  next(): Event | undefined {
    if (this.count === 0) return undefined;
    const event = this.queue[this.head];
    this.queue[this.head] = undefined;
    this.head = (this.head + 1) % this.queue.length;
    this.count--;
    return event;
  }

  /** Forgets everything that waits: the stop stage. */
  clear(): void {
    for (let event = this.next(); event !== undefined; event = this.next()) this.release(event);
  }
}
