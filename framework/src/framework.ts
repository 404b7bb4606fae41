// SPDX-License-Identifier: BSD-3-Clause
/**
 * The framework of one firmware: it takes the modules of a product through the stages of their life, binds them to each
 * other, and carries their events and notifications. Nothing outside an instance is touched, so a process can hold many.
 */
import { type Alarm, AlarmQueue } from './alarm.ts';
import { Binding } from './binding.ts';
import { Entities, type State } from './entities.ts';
import { FrameworkError } from './error.ts';
import { Faults } from './faults.ts';
import type { Host } from './host.ts';
import { type ApiId, type ElementId, type EntityId, isModuleId, type ModuleId, type NotificationId } from './id.ts';
import { Log, LogLevel } from './log.ts';
import { Messenger } from './messenger.ts';
import type { Product } from './module.ts';
import { Subscriptions } from './notification.ts';
import { Progress } from './progress.ts';
import { Stages } from './stages.ts';
import { Status } from './status.ts';
import type { ApiToken, EventToken, NotificationToken, Params } from './token.ts';

/** Sizes and levels of a firmware. */
export interface FrameworkOptions {
  /** Events in the pool of each context. Default 64. */
  readonly eventCount?: number;
  /** Subscriptions to notifications in all. Default 64. */
  readonly subscriptionCount?: number;
  /** Lines below this level vanish. Default INFO. */
  readonly logLevel?: LogLevel;
  /** Characters of log kept until there is time to write them; 0 (default) writes at once. */
  readonly logBuffer?: number;
  /** Characters a log line is cut to. Default 160. */
  readonly logColumns?: number;
}

/** A firmware: a product's modules on a host. `start()` once, `poll()` on every wake-up, `stop()` at the end. */
export class Framework {
  readonly product: Product;
  readonly host: Host;
  readonly log: Log;

  private readonly entities = new Entities();
  private readonly progress = new Progress();
  private readonly stages: Stages;
  private readonly binding: Binding;
  private readonly subscriptions: Subscriptions;
  private readonly messenger: Messenger;
  private readonly alarms: AlarmQueue;

  constructor(product: Product, host: Host, options: FrameworkOptions = {}) {
    const { entities, progress } = this;
    this.product = product;
    this.host = host;
    this.log = new Log(host, {
      level: options.logLevel ?? LogLevel.INFO,
      bufferSize: options.logBuffer ?? 0,
      columns: options.logColumns ?? 160,
      banner: `[FWK] ${product.name} ${product.version}`,
    });
    const faults = new Faults(host, this.log, entities);
    this.binding = new Binding(entities, progress);
    this.subscriptions = new Subscriptions(entities, options.subscriptionCount ?? 64);
    this.messenger = new Messenger(entities, progress, this.subscriptions, faults, options.eventCount ?? 64);
    this.alarms = new AlarmQueue(
      () => host.now(),
      deadline => host.arm(deadline),
      (alarm, error) => faults.reportAlarm(alarm, error),
    );
    this.stages = new Stages(this, entities, progress, () => {
      this.alarms.close();
      this.subscriptions.clear();
      this.messenger.clear();
    });
  }

  // ---------------------------------------------------------------- stages

  /**
   * Runs the stages init, bind (two rounds) and start. A module or configuration that breaks a rule throws a
   * FrameworkError naming stage, module, element and rule; what was started by then is stopped again.
   */
  start(): void {
    this.stages.start();
  }

  /**
   * Runs the stop stage: modules in reverse order, each one's elements in reverse before it. Errors don't end the walk:
   * they are logged and answered. A second call does nothing and answers none. In a callback of set-up it throws a
   * FrameworkError E_STATE: a module that wants no start throws.
   */
  stop(): readonly FrameworkError[] {
    return this.stages.stop();
  }

  /** Whether the firmware is between start and stop. */
  get running(): boolean {
    return this.progress.running;
  }

  // ---------------------------------------------------------------- entities

  /** The module called `name`. FrameworkError E_PARAM if the product has none. */
  moduleId(name: string): ModuleId {
    const module = this.entities.named(name);
    if (module === undefined) {
      const { stage } = this.progress;
      throw new FrameworkError(Status.E_PARAM, `the product has no module ${name}`, { stage });
    }
    return module.id;
  }

  /** Whether the product has a module called `name`. */
  hasModule(name: string): boolean {
    return this.entities.named(name) !== undefined;
  }

  /** How many elements a module has; 0 before the turn of a generator, and for an unknown module. */
  elementCount(id: ModuleId): number {
    return this.entities.module(id)?.elements.length ?? 0;
  }

  /** How many sub-elements an element has, 0 for an unknown one. */
  subElementCount(id: ElementId): number {
    return this.entities.element(id)?.subElements ?? 0;
  }

  /** The element called `name` in a module, undefined when there is none. */
  findElement(module: ModuleId, name: string): ElementId | undefined {
    return this.entities.findElement(module, name);
  }

  /** The name a product gives to a module, an element or a sub-element's element; the printed form of an unknown id. */
  nameOf(id: EntityId): string {
    return this.entities.nameOf(id);
  }

  /** How far a module or element has come, undefined for an unknown one. */
  stateOf(id: ModuleId | ElementId): State | undefined {
    return isModuleId(id) ? this.entities.module(id)?.state : this.entities.element(id)?.state;
  }

  /** Whether the product has this module, element or sub-element. */
  isEntity(id: number): id is EntityId {
    return this.entities.has(id);
  }

  /** The identifier of the API contract `token` at a module, undefined when the module does not provide it. */
  apiIdOf(module: ModuleId, token: ApiToken<unknown>): ApiId | undefined {
    return this.entities.module(module)?.apis.get(token);
  }

  /** The identifier of the notification `token` of a module, undefined when the module does not send it. */
  notificationIdOf(module: ModuleId, token: NotificationToken): NotificationId | undefined {
    return this.entities.module(module)?.notifications.get(token);
  }

  // ---------------------------------------------------------------- binding

  /**
   * Binds the API contract `token` of `target` for the entity whose callback is running. Legal in the bind stage, and in
   * the init stage towards a module already initialised. Throws a FrameworkError: E_PARAM (no such target or API),
   * E_STATE (wrong stage), E_HANDLER (no API was given), or the status the target refuses with.
   */
  bind<T>(target: EntityId, token: ApiToken<T>): T {
    return this.binding.bind(target, token);
  }

  // ---------------------------------------------------------------- events

  /** Gives an element its own event list. Legal in its `elementInit`; a channel asks for one. */
  createContext(id: ElementId): void {
    this.messenger.createContext(id);
  }

  /**
   * Queues an event to `target`. While another event is handled it goes to that one's context and its source is that
   * one's target; else it goes to the target's context. Allocates nothing.
   * Answers E_STATE after stop, E_PARAM for an unknown entity or event, E_NOMEM when the context's pool is exhausted.
   */
  put<F extends string>(token: EventToken<F>, source: EntityId, target: EntityId, params?: Params<F>): Status {
    return this.messenger.send(token, source, target, params, false);
  }

  /** Queues an event and asks for a response, which comes to the source as an event with `isResponse`. */
  request<F extends string>(token: EventToken<F>, source: EntityId, target: EntityId, params?: Params<F>): Status {
    return this.messenger.send(token, source, target, params, true);
  }

  /**
   * Gives the response that `holder` owes for the request with `cookie`, from any place: it comes to the requester in the
   * context of the request. Answers E_PARAM when nothing with that cookie is owed.
   */
  respond<F extends string>(
    holder: EntityId,
    cookie: number,
    status: Status,
    token?: EventToken<F> | NotificationToken<F>,
    params?: Params<F>,
  ): Status {
    return this.messenger.respond(holder, cookie, status, token, params);
  }

  /** The cookie of the first response that `holder` owes, undefined when it owes none. */
  firstOwed(holder: EntityId): number | undefined {
    return this.messenger.firstOwed(holder);
  }

  /** Whether `holder` owes a response for the request with `cookie`. */
  isOwed(holder: EntityId, cookie: number): boolean {
    return this.messenger.isOwed(holder, cookie);
  }

  // ---------------------------------------------------------------- notifications

  /**
   * Asks that `target` receives the notification `token` of `source`. FrameworkError: E_PARAM for an unknown entity or
   * notification, E_HANDLER when the target has no processNotification, E_STATE when it is subscribed already, E_NOMEM
   * when the pool is exhausted.
   */
  subscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    this.subscriptions.subscribe(token, source, target);
  }

  /** Ends a subscription. FrameworkError: E_PARAM for an unknown entity or notification, E_STATE when there is none. */
  unsubscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    this.subscriptions.unsubscribe(token, source, target);
  }

  /**
   * Sends a notification to each subscriber, in the order they subscribed. Answers how many were queued; with
   * `responseRequested` as many responses come back to the source as notification events with `isResponse`.
   */
  notify<F extends string>(
    token: NotificationToken<F>,
    source: EntityId,
    params?: Params<F>,
    responseRequested = false,
  ): number {
    return this.messenger.notify(token, source, params, responseRequested);
  }

  // ---------------------------------------------------------------- running

  /** A stopped alarm of `owner`; `callback` runs from `poll()`, outside any event. Alarms end with the stop stage. */
  createAlarm(owner: EntityId, callback: () => void): Alarm {
    return this.alarms.create(owner, callback);
  }

  /**
   * What the host calls on every wake-up: fires due alarms, handles at most `budget` events, and writes buffered log lines
   * when nothing else is left. Answers whether there is more to do at once.
   */
  poll(budget = 256): boolean {
    if (this.running) this.alarms.fire();
    if (this.run(budget)) return true;
    return this.log.unbuffer();
  }

  /**
   * Handles at most `budget` events, one of each context in turn, so that no channel waits for another to drain.
   * Answers whether events remain. Events put during set-up wait until it is complete.
   */
  run(budget = Infinity): boolean {
    return this.messenger.run(budget);
  }

  /** Handles the events of the context of `id` until none waits; no other context's. Answers how many. */
  drain(id: EntityId): number {
    return this.messenger.drain(id);
  }
}
