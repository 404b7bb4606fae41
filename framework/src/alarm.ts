// SPDX-License-Identifier: BSD-3-Clause
import type { EntityId } from './id.ts';

/** A timer of one entity. Made once, started many times: starting allocates nothing. */
export class Alarm {
  readonly owner: EntityId;
  /** When it fires next, µs; Infinity while it is stopped. */
  deadline = Infinity;
  private readonly queue: AlarmQueue;
  private readonly callback: () => void;
  private period = 0;

  constructor(queue: AlarmQueue, owner: EntityId, callback: () => void) {
    this.queue = queue;
    this.owner = owner;
    this.callback = callback;
  }

  /** Whether it will fire. */
  get running(): boolean {
    return this.deadline !== Infinity;
  }

  /** Fires once, `delay` µs from now; a running alarm starts over. */
  start(delay: number): void {
    this.period = 0;
    this.queue.schedule(this, delay);
  }

  /** Fires every `period` µs (at least 1). Periods that were missed are skipped, not made up for. */
  startPeriodic(period: number): void {
    this.period = Math.max(1, period);
    this.queue.schedule(this, this.period);
  }

  /** Fires no more. */
  stop(): void {
    this.deadline = Infinity;
    this.queue.remove(this);
  }

  /** Called by the queue when the deadline has come. */
  fire(now: number): void {
    if (this.period > 0) {
      const missed = Math.floor((now - this.deadline) / this.period);
      this.queue.scheduleAt(this, this.deadline + (missed + 1) * this.period);
    } else {
      this.deadline = Infinity;
    }
    this.callback();
  }
}

/** The alarms of a firmware over the host's clock and its single alarm, earliest first. */
export class AlarmQueue {
  private readonly now: () => number;
  private readonly arm: (deadline: number) => void;
  private readonly fault: (alarm: Alarm, error: unknown) => void;
  private readonly pending: Alarm[] = [];
  /** What the host was last asked for; NaN once that has passed, for it then holds no alarm any more. */
  private armed = Infinity;
  /** How many at the head of `pending` are still to fire in this round. */
  private due = 0;
  private closed = false;

  /** `now` and `arm` as in Host; `fault` is told what a callback throws. */
  constructor(now: () => number, arm: (deadline: number) => void, fault: (alarm: Alarm, error: unknown) => void) {
    this.now = now;
    this.arm = arm;
    this.fault = fault;
  }

  /** A stopped alarm of `owner`. `callback` runs outside any event, in no context. */
  create(owner: EntityId, callback: () => void): Alarm {
    return new Alarm(this, owner, callback);
  }

  /** Sets an alarm's deadline `delay` µs from now. */
  schedule(alarm: Alarm, delay: number): void {
    this.scheduleAt(alarm, this.now() + Math.max(0, delay));
  }

  /** Sets an alarm's deadline. */
  scheduleAt(alarm: Alarm, deadline: number): void {
    this.take(alarm);
    if (this.closed) return;
    alarm.deadline = deadline;
    let at = this.pending.length;
    this.pending.push(alarm);
    for (; at > 0; at--) {
      const before = this.pending[at - 1];
      if (before === undefined || before.deadline <= deadline) break;
      this.pending[at] = before;
    }
    this.pending[at] = alarm;
    this.update();
  }

  /** Takes an alarm out. */
  remove(alarm: Alarm): void {
    this.take(alarm);
    this.update();
  }

  /** Fires what is due, each alarm at most once, also when callbacks throw. */
  fire(): void {
    if (this.pending.length === 0) return;
    const now = this.now();
    if (this.armed <= now) this.armed = NaN;
    this.due = 0;
    for (; this.due < this.pending.length; this.due++) {
      const alarm = this.pending[this.due];
      if (alarm === undefined || alarm.deadline > now) break;
    }
    // What callbacks start is due at `now` at the earliest, so it queues up behind these.
    while (this.due > 0) {
      const alarm = this.pending.shift();
      this.due--;
      if (alarm === undefined) break;
      try {
        alarm.fire(now);
      } catch (error) {
        this.fault(alarm, error);
      }
    }
    this.update();
  }

  /** Stops all alarms; none starts again. */
  close(): void {
    this.closed = true;
    for (let alarm = this.pending.pop(); alarm !== undefined; alarm = this.pending.pop()) alarm.deadline = Infinity;
    this.update();
  }

  private take(alarm: Alarm): void {
    const at = this.pending.indexOf(alarm);
    if (at < 0) return;
    if (at < this.due) this.due--;
    this.pending.copyWithin(at, at + 1);
    this.pending.pop();
  }

  private update(): void {
    const next = this.pending[0]?.deadline ?? Infinity;
    if (next === this.armed) return;
    this.armed = next;
    this.arm(next);
  }
}
