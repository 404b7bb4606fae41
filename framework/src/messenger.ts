// SPDX-License-Identifier: BSD-3-Clause
/** Events, notifications and responses of one firmware: how they are queued in contexts, and how they are handled. */
import { Context } from './context.ts';
import type { Entities } from './entities.ts';
import { FrameworkError } from './error.ts';
import type { Event } from './event.ts';
import type { Faults } from './faults.ts';
import type { ElementId, EntityId } from './id.ts';
import type { Subscriptions } from './notification.ts';
import { OwedResponses } from './owed.ts';
import type { Progress } from './progress.ts';
import { ReadyContexts } from './ready.ts';
import { Status } from './status.ts';
import type { EventToken, NotificationToken, Params } from './token.ts';

/** Carries the messages of one firmware. Once set up, it allocates nothing for a message. */
export class Messenger {
  private readonly entities: Entities;
  private readonly progress: Progress;
  private readonly subscriptions: Subscriptions;
  private readonly faults: Faults;
  private readonly eventCount: number;
  private readonly contexts: Context[] = [];
  private readonly ready = new ReadyContexts();
  private readonly owed = new OwedResponses();
  private readonly global: Context;
  /** The context whose event is being handled. */
  private active: Context | undefined = undefined;
  private cookie = 0;

  /** `eventCount` is the size of each context's pool. */
  constructor(
    entities: Entities,
    progress: Progress,
    subscriptions: Subscriptions,
    faults: Faults,
    eventCount: number,
  ) {
    this.entities = entities;
    this.progress = progress;
    this.subscriptions = subscriptions;
    this.faults = faults;
    this.eventCount = eventCount;
    this.global = this.addContext();
  }

  // ---------------------------------------------------------------- contexts

  /** As `Framework.createContext`. */
  createContext(id: ElementId): void {
    const element = this.entities.element(id);
    if (this.progress.stage !== 'init' || this.progress.caller !== id || element === undefined) {
      throw new FrameworkError(Status.E_STATE, `a context is made in the elementInit of its own element`);
    }
    element.context ??= this.addContext();
  }

  private addContext(): Context {
    const context = new Context(this.eventCount);
    this.contexts.push(context);
    this.ready.grow();
    return context;
  }

  /** The context of an entity: its element's own, or the global one. */
  private contextOf(id: EntityId): Context {
    return this.entities.element(id)?.context ?? this.global;
  }

  // ---------------------------------------------------------------- events

  /** As `Framework.put`, or `Framework.request` with `responseRequested`. */
  send<F extends string>(
    token: EventToken<F>,
    source: EntityId,
    target: EntityId,
    params: Params<F> | undefined,
    responseRequested: boolean,
  ): Status {
    if (!this.progress.accepting) return Status.E_STATE;
    const id = this.entities.module(target)?.events.get(token);
    if (id === undefined || !this.entities.has(source) || !this.entities.has(target)) return Status.E_PARAM;
    const context = this.active ?? this.contextOf(target);
    const event = this.takeEvent(context, responseRequested);
    if (event === undefined) return Status.E_NOMEM;
    event.id = id;
    event.source = context.current?.target ?? source;
    event.target = target;
    this.fill(event, token, params);
    this.queue(event);
    return Status.SUCCESS;
  }

  /** Takes an event and, when an answer is wanted, the one for the answer; both or none. */
  private takeEvent(context: Context, responseRequested: boolean): Event | undefined {
    const event = context.take();
    if (event === undefined) return undefined;
    if (responseRequested) {
      event.reply = context.take();
      if (event.reply === undefined) {
        context.release(event);
        return undefined;
      }
    }
    event.responseRequested = responseRequested;
    event.cookie = this.cookie = (this.cookie + 1) >>> 0;
    return event;
  }

  private fill<F extends string>(
    event: Event,
    token: { readonly fields: readonly F[] },
    params: Params<F> | undefined,
  ): void {
    if (params === undefined) return;
    for (let at = 0; at < token.fields.length; at++) {
      const field = token.fields[at];
      if (field !== undefined) event.setParam(at, params[field]);
    }
  }

  private queue(event: Event): void {
    event.context.append(event);
    this.ready.add(event.context);
  }

  // ---------------------------------------------------------------- delayed responses

  /** As `Framework.respond`. */
  respond<F extends string>(
    holder: EntityId,
    cookie: number,
    status: Status,
    token: EventToken<F> | NotificationToken<F> | undefined,
    params: Params<F> | undefined,
  ): Status {
    const response = this.owed.take(holder, cookie);
    if (response === undefined) return Status.E_PARAM;
    response.status = status;
    if (token !== undefined) this.fill(response, token, params);
    response.isDelayed = false;
    this.queue(response);
    return Status.SUCCESS;
  }

  /** As `Framework.firstOwed`. */
  firstOwed(holder: EntityId): number | undefined {
    return this.owed.first(holder)?.cookie;
  }

  /** As `Framework.isOwed`. */
  isOwed(holder: EntityId, cookie: number): boolean {
    return this.owed.has(holder, cookie);
  }

  // ---------------------------------------------------------------- notifications

  /** As `Framework.notify`. */
  notify<F extends string>(
    token: NotificationToken<F>,
    source: EntityId,
    params: Params<F> | undefined,
    responseRequested: boolean,
  ): number {
    if (!this.progress.accepting) return 0;
    const id = this.entities.module(source)?.notifications.get(token);
    if (id === undefined) return 0;
    let queued = 0;
    const subscribers = this.subscriptions.of(id, source);
    for (let at = 0; at < subscribers.length; at++) {
      const target = subscribers[at];
      if (target === undefined) continue;
      const event = this.takeEvent(this.active ?? this.contextOf(target), responseRequested);
      if (event === undefined) continue;
      event.id = id;
      event.source = source;
      event.target = target;
      event.isNotification = true;
      this.fill(event, token, params);
      this.queue(event);
      queued++;
    }
    return queued;
  }

  // ---------------------------------------------------------------- handling

  /** As `Framework.run`. */
  run(budget: number): boolean {
    if (!this.progress.running) return false;
    // Counts up, in small integers: counting down from Infinity would make a heap number an event.
    for (let handled = 0; ; handled++) {
      const context = this.ready.peek();
      if (context === undefined) return false;
      if (handled >= budget) return true;
      this.ready.drop();
      this.processNext(context);
      if (context.waiting > 0) this.ready.add(context);
    }
  }

  /** As `Framework.drain`. */
  drain(id: EntityId): number {
    if (!this.progress.running) return 0;
    const context = this.contextOf(id);
    let handled = 0;
    for (; context.waiting > 0; handled++) this.processNext(context);
    return handled;
  }

  private processNext(context: Context): void {
    const event = context.next();
    if (event === undefined) return;
    const instance = this.entities.module(event.target)?.instance;
    // A handler may drain a context, even its own: what is handled inside must not change what it sees afterwards.
    const outer = this.active;
    const outerEvent = context.current;
    this.active = context;
    context.current = event;
    const response = this.prepareResponse(event);
    let status: Status = Status.E_HANDLER;
    let thrown: unknown = undefined;
    try {
      const handled = event.isNotification
        ? instance?.processNotification?.(event, response)
        : instance?.processEvent?.(event, response);
      status = handled ?? Status.E_HANDLER;
    } catch (error) {
      status = Status.E_PANIC;
      thrown = error;
    }
    if (status < 0) this.faults.reportEvent(event, status, thrown);
    this.finish(event, response, status);
    context.current = outerEvent;
    this.active = outer;
  }

  /** The response a handler fills in: the event with source and target swapped, or scratch when none is wanted. */
  private prepareResponse(event: Event): Event {
    const response = event.reply ?? event.context.scratch;
    response.clear();
    response.id = event.id;
    response.cookie = event.cookie;
    response.source = event.target;
    response.target = event.source;
    response.isNotification = event.isNotification;
    response.isResponse = true;
    response.copyParams(event);
    return response;
  }

  private finish(event: Event, response: Event, status: Status): void {
    // A handler may have stopped the firmware: then nobody is left to answer.
    if (response !== event.context.scratch && this.progress.running) {
      event.reply = undefined;
      if (response.isDelayed && status >= 0) {
        this.owed.add(response);
      } else {
        response.isDelayed = false;
        if (response.status === 0) response.status = status;
        this.queue(response);
      }
    }
    event.context.release(event);
  }

  /** Forgets everything that waits or is owed: the stop stage. */
  clear(): void {
    this.owed.clear();
    for (const context of this.contexts) context.clear();
  }
}
