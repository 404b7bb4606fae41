// SPDX-License-Identifier: BSD-3-Clause
import type { Context } from './context.ts';

/** The contexts with events waiting, in the order they got them: a ring with room for all, each on it at most once. */
export class ReadyContexts {
  private readonly ring: (Context | undefined)[] = [];
  private head = 0;
  private count = 0;

  /** Makes room for one more context: set-up only, while the head of the ring still rests at its start. */
  grow(): void {
    this.ring.push(undefined);
  }

  /** Puts a context at the end, unless it is there. */
  add(context: Context): void {
    if (context.isReady) return;
    context.isReady = true;
    this.ring[(this.head + this.count) % this.ring.length] = context;
    this.count++;
  }

  /** The context whose turn it is; leaves out those that were drained while they waited for it. */
  peek(): Context | undefined {
    for (; this.count > 0; this.drop()) {
      const context = this.ring[this.head];
      if (context !== undefined && context.waiting > 0) return context;
    }
    return undefined;
  }

  /** Takes away the context whose turn it is. */
  drop(): void {
    const context = this.ring[this.head];
    if (context !== undefined) context.isReady = false;
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) % this.ring.length;
    this.count--;
  }
}
