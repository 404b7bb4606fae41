// SPDX-License-Identifier: BSD-3-Clause
import { type EntityId, type EventId, moduleId, type NotificationId } from './id.ts';
import { PARAM_COUNT } from './token.ts';
import type { Context } from './context.ts';

const NOBODY: EntityId = moduleId(0);

/**
 * A message from one entity to another, from a context's pool. Handlers read it while they run and must not keep it:
 * it returns to the pool when they are done.
 */
export class Event {
  /** The event or notification; meaningless while the event is in the pool. */
  id: EventId | NotificationId | 0 = 0;
  source: EntityId = NOBODY;
  target: EntityId = NOBODY;
  /** Ties a response to its request: one counter for the whole firmware. */
  cookie = 0;
  isResponse = false;
  isNotification = false;
  responseRequested = false;
  /** A handler sets this in the response it is given, to answer later with `respond(…)`. */
  isDelayed = false;
  /** What a response says of the request's outcome. */
  status = 0;
  /** The event set aside for the answer when one is requested, so that an accepted request can always be answered. */
  reply: Event | undefined = undefined;
  /** What its holder owes next, while this is a response on the list of those owed. */
  nextOwed: Event | undefined = undefined;
  /** The context whose list this event is on, and goes back to. */
  readonly context: Context;
  private readonly params = new Float64Array(PARAM_COUNT);

  constructor(context: Context) {
    this.context = context;
  }

  /** The parameter at a position of the token: `event.param(CLOCK_REQUEST.at.rate)`. */
  param(at: number): number {
    return this.params[at] ?? 0;
  }

  /** Sets the parameter at a position of the token. */
  setParam(at: number, value: number): void {
    this.params[at] = value;
  }

  /** Takes over another event's parameters. */
  copyParams(from: Event): void {
    for (let at = 0; at < PARAM_COUNT; at++) this.params[at] = from.params[at] ?? 0;
  }

  /** Forgets everything a previous user left. */
  clear(): void {
    this.id = 0;
    this.cookie = 0;
    this.isResponse = false;
    this.isNotification = false;
    this.responseRequested = false;
    this.isDelayed = false;
    this.status = 0;
    this.reply = undefined;
    this.params.fill(0);
  }
}
