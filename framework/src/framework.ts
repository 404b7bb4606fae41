// SPDX-License-Identifier: BSD-3-Clause
/**
 * The framework of one firmware: it takes the modules of a product through the stages of their life, binds them to each
 * other, and carries their events and notifications. Nothing outside an instance is touched, so a process can hold many.
 */
import { type Alarm, AlarmQueue } from './alarm.ts';
import { Context } from './context.ts';
import { describeError, FrameworkError, type Stage } from './error.ts';
import type { Event } from './event.ts';
import type { Host } from './host.ts';
import {
  type ApiId,
  apiId,
  elementId,
  elementIndex,
  type ElementId,
  type EntityId,
  eventId,
  type EventId,
  formatId,
  ID_LIMIT,
  isElementId,
  isModuleId,
  isSubElementId,
  moduleId,
  type ModuleId,
  moduleIndex,
  notificationId,
  type NotificationId,
  subElementIndex,
} from './id.ts';
import { Log, LogLevel, LogLimit } from './log.ts';
import type { Module, ModuleDefinition, Product, ProductElement } from './module.ts';
import { type Subscription, Subscriptions } from './notification.ts';
import { Status, statusName } from './status.ts';
import type { ApiToken, EventToken, NotificationToken, Params } from './token.ts';

/** How far a module or an element has come. */
export const State = { UNINITIALIZED: 0, INITIALIZED: 1, BOUND: 2, STARTED: 3, SUSPENDED: 4 } as const;
/** A state. */
export type State = (typeof State)[keyof typeof State];

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

interface ElementRecord {
  readonly name: string;
  readonly config: unknown;
  readonly subElements: number;
  readonly context: Context | undefined;
  state: State;
}

interface ModuleRecord {
  readonly id: ModuleId;
  readonly definition: ModuleDefinition;
  readonly instance: Module;
  elements: { name: string; config: unknown; subElements: number; context: Context | undefined; state: State }[];
  /** Token to identifier, of the definition's APIs, events and notifications. */
  readonly apis: ReadonlyMap<unknown, ApiId>;
  readonly events: ReadonlyMap<unknown, EventId>;
  readonly notifications: ReadonlyMap<unknown, NotificationId>;
  state: State;
}

function idsOf<T>(tokens: readonly unknown[], make: (module: number, index: number) => T, module: number) {
  return new Map(tokens.map((token, index) => [token, make(module, index)] as const));
}

/** A firmware: a product's modules on a host. `start()` once, `poll()` on every wake-up, `stop()` at the end. */
export class Framework {
  readonly product: Product;
  readonly host: Host;
  readonly log: Log;

  private readonly modules: ModuleRecord[] = [];
  private readonly byName = new Map<string, ModuleRecord>();
  private readonly global: Context;
  private readonly contexts: Context[] = [];
  /** Contexts with events waiting, in the order they got them: a ring. */
  private readonly ready: (Context | undefined)[] = [];
  private readyHead = 0;
  private readyCount = 0;
  /** The context whose event is being handled. */
  private active: Context | undefined = undefined;
  private readonly subscriptions: Subscriptions;
  private readonly alarms: AlarmQueue;
  /** Holds back the faults of handlers and alarms: an agent may be able to provoke them. */
  private readonly faults: LogLimit;
  private readonly eventCount: number;
  private cookie = 0;
  private stage: Stage | undefined = undefined;
  /** Whose lifecycle callback runs: the source of a binding. */
  private caller: EntityId | undefined = undefined;

  constructor(product: Product, host: Host, options: FrameworkOptions = {}) {
    this.product = product;
    this.host = host;
    this.eventCount = options.eventCount ?? 64;
    this.log = new Log(host, {
      level: options.logLevel ?? LogLevel.INFO,
      bufferSize: options.logBuffer ?? 0,
      columns: options.logColumns ?? 160,
      banner: `[FWK] ${product.name} ${product.version}`,
    });
    this.subscriptions = new Subscriptions(options.subscriptionCount ?? 64);
    this.alarms = new AlarmQueue(
      () => host.now(),
      deadline => host.arm(deadline),
      (alarm, error) => this.reportAlarm(alarm, error),
    );
    this.faults = new LogLimit(host.now());
    this.global = this.addContext(undefined);
  }

  // ---------------------------------------------------------------- stages

  /**
   * Runs the stages init, bind (two rounds) and start. A module or configuration that breaks a rule throws a
   * FrameworkError naming stage, module, element and rule; what was started by then is stopped again.
   */
  start(): void {
    if (this.stage !== undefined) {
      throw new FrameworkError(Status.E_STATE, 'start() is called once in a firmware’s life', { stage: this.stage });
    }
    try {
      this.enterStage('init');
      this.createModules();
      for (const module of this.modules) this.initModule(module);
      this.enterStage('bind');
      for (const round of [0, 1] as const) {
        for (const module of this.modules) this.bindModule(module, round);
      }
      this.enterStage('start');
      for (const module of this.modules) this.startModule(module);
    } catch (error) {
      this.halt();
      throw error;
    }
    this.enterStage('run');
    this.log.info('[FWK] Module initialization complete!');
  }

  /**
   * Runs the stop stage: modules in reverse order, each one's elements in reverse before it. Errors don't end the walk:
   * they are logged and answered. A second call does nothing and answers none. In a callback of set-up it throws a
   * FrameworkError E_STATE: a module that wants no start throws.
   */
  stop(): readonly FrameworkError[] {
    if (this.stage === undefined || this.stage === 'stop' || this.stage === 'stopped') return [];
    if (this.stage !== 'run') throw new FrameworkError(Status.E_STATE, 'stop() during set-up; throw to end the start');
    return this.halt();
  }

  private halt(): readonly FrameworkError[] {
    this.enterStage('stop');
    const errors: FrameworkError[] = [];
    for (const module of [...this.modules].reverse()) {
      const elements = module.elements.map((element, index) => ({ element, id: this.elementOf(module, index) }));
      for (const { element, id } of elements.reverse()) this.suspend(module, element, id, errors);
      this.suspend(module, module, module.id, errors);
    }
    this.alarms.close();
    this.subscriptions.clear();
    for (const context of this.contexts) context.clear();
    this.enterStage('stopped');
    for (const error of errors) this.log.error(`[FWK] ${error.message}`);
    this.log.info('[FWK] Stopped');
    this.log.flush();
    return errors;
  }

  /** Whether the firmware is between start and stop. */
  get running(): boolean {
    return this.stage === 'run';
  }

  private enterStage(stage: Stage): void {
    this.stage = stage;
  }

  private createModules(): void {
    const { modules } = this.product;
    if (modules.length > ID_LIMIT.modules) {
      throw new FrameworkError(Status.E_DATA, `${modules.length} modules, a product has at most ${ID_LIMIT.modules}`, {
        stage: 'init',
      });
    }
    modules.forEach(({ definition }, index) => {
      this.guard(definition.name, undefined, () => {
        this.checkDefinition(definition);
        const record: ModuleRecord = {
          id: moduleId(index),
          definition,
          instance: definition.create(this),
          elements: [],
          apis: idsOf(definition.apis ?? [], apiId, index),
          events: idsOf(definition.events ?? [], eventId, index),
          notifications: idsOf(definition.notifications ?? [], notificationId, index),
          state: State.UNINITIALIZED,
        };
        this.modules.push(record);
        this.byName.set(definition.name, record);
        const { elements } = modules[index] ?? {};
        // A table is known to everyone before the first init; a generator's elements only after its module's turn.
        if (typeof elements !== 'function') record.elements = this.elementRecords(elements ?? []);
        this.checkInstance(record);
      });
    });
  }

  private checkDefinition(definition: ModuleDefinition): void {
    if (this.byName.has(definition.name)) {
      throw new FrameworkError(Status.E_DATA, 'a product names each module once');
    }
    for (const [kind, tokens, limit] of [
      ['APIs', definition.apis, ID_LIMIT.apis],
      ['events', definition.events, ID_LIMIT.events],
      ['notifications', definition.notifications, ID_LIMIT.notifications],
    ] as const) {
      const count = tokens?.length ?? 0;
      if (count > limit) {
        throw new FrameworkError(Status.E_DATA, `${count} ${kind}, a module has at most ${limit}`);
      }
    }
    for (const name of definition.requires ?? []) {
      if (!this.byName.has(name)) {
        throw new FrameworkError(Status.E_DATA, `requires module ${name} before it in the product`);
      }
    }
  }

  private checkInstance({ definition, instance, elements }: ModuleRecord): void {
    for (const token of definition.apis ?? []) {
      if (!instance.apis?.some(provider => provider.isFor(token))) {
        throw new FrameworkError(Status.E_DATA, `declares API ${token.name} but does not provide it`);
      }
    }
    for (const provider of instance.apis ?? []) {
      if (!definition.apis?.includes(provider.token)) {
        throw new FrameworkError(Status.E_DATA, `provides API ${provider.token.name} without declaring it`);
      }
    }
    if (elements.length > 0 && instance.elementInit === undefined) {
      throw new FrameworkError(Status.E_DATA, `has ${elements.length} elements but no elementInit`);
    }
    if ((definition.events?.length ?? 0) > 0 && instance.processEvent === undefined) {
      throw new FrameworkError(Status.E_DATA, 'declares events but has no processEvent');
    }
  }

  private elementRecords(elements: readonly ProductElement[]): ModuleRecord['elements'] {
    if (elements.length > ID_LIMIT.elements) {
      throw new FrameworkError(Status.E_DATA, `${elements.length} elements, a module has at most ${ID_LIMIT.elements}`);
    }
    const names = new Set<string>();
    return elements.map(({ name, subElements = 0, config }) => {
      if (names.has(name)) throw new FrameworkError(Status.E_DATA, 'an element name is used twice', { element: name });
      names.add(name);
      if (subElements > ID_LIMIT.subElements) {
        throw new FrameworkError(Status.E_DATA, `${subElements} sub-elements, at most ${ID_LIMIT.subElements}`, {
          element: name,
        });
      }
      return { name, subElements, config, context: undefined, state: State.UNINITIALIZED };
    });
  }

  private initModule(module: ModuleRecord): void {
    const { name } = module.definition;
    const { elements, config } = this.product.modules[moduleIndex(module.id)] ?? {};
    this.guard(name, undefined, () => {
      if (typeof elements === 'function') {
        module.elements = this.elementRecords(elements(module.id));
        this.checkInstance(module);
      }
      this.as(module.id, () => module.instance.init(config, module.elements.length));
      // From here on it may hold something, which the stop stage has to free even if one of its elements fails.
      module.state = State.INITIALIZED;
    });
    module.elements.forEach((element, index) =>
      this.guard(name, element.name, () => {
        const id = this.elementOf(module, index);
        this.as(id, () => module.instance.elementInit?.(id, element.config, element.subElements));
        element.state = State.INITIALIZED;
      }),
    );
    this.guard(name, undefined, () => this.as(module.id, () => module.instance.postInit?.()));
  }

  private bindModule(module: ModuleRecord, round: 0 | 1): void {
    this.each(module, State.BOUND, round === 1, id => module.instance.bind?.(id, round));
  }

  private startModule(module: ModuleRecord): void {
    this.each(module, State.STARTED, true, id => module.instance.start?.(id));
  }

  /** Calls back for the module, then for each element, and notes the state they reach. */
  private each(module: ModuleRecord, state: State, reached: boolean, call: (id: ModuleId | ElementId) => void): void {
    const { name } = module.definition;
    this.guard(name, undefined, () => this.as(module.id, () => call(module.id)));
    if (reached) module.state = state;
    module.elements.forEach((element, index) =>
      this.guard(name, element.name, () => {
        const id = this.elementOf(module, index);
        this.as(id, () => call(id));
        if (reached) element.state = state;
      }),
    );
  }

  private suspend(
    module: ModuleRecord,
    entity: { state: State; name?: string },
    id: ModuleId | ElementId,
    errors: FrameworkError[],
  ): void {
    // What was never initialised holds nothing; a start that failed halfway has initialised only some.
    if (entity.state === State.UNINITIALIZED || entity.state === State.SUSPENDED) return;
    entity.state = State.SUSPENDED;
    try {
      this.guard(module.definition.name, entity.name, () => this.as(id, () => module.instance.stop?.(id)));
    } catch (error) {
      errors.push(error instanceof FrameworkError ? error : new FrameworkError(Status.E_PANIC, String(error)));
    }
  }

  /** Runs a part of a stage and names stage, module and element in what it throws. */
  private guard(module: string, element: string | undefined, run: () => void): void {
    try {
      run();
    } catch (error) {
      const broken = error instanceof FrameworkError ? error : new FrameworkError(Status.E_PANIC, describeError(error));
      throw broken.at({ stage: this.stage, module, element });
    }
  }

  private as(caller: EntityId, run: () => void): void {
    this.caller = caller;
    try {
      run();
    } finally {
      this.caller = undefined;
    }
  }

  // ---------------------------------------------------------------- entities

  /** The module called `name`. FrameworkError E_PARAM if the product has none. */
  moduleId(name: string): ModuleId {
    const module = this.byName.get(name);
    if (module === undefined) {
      throw new FrameworkError(Status.E_PARAM, `the product has no module ${name}`, { stage: this.stage });
    }
    return module.id;
  }

  /** Whether the product has a module called `name`. */
  hasModule(name: string): boolean {
    return this.byName.has(name);
  }

  /** How many elements a module has; 0 before the turn of a generator, and for an unknown module. */
  elementCount(id: ModuleId): number {
    return this.modules[moduleIndex(id)]?.elements.length ?? 0;
  }

  /** How many sub-elements an element has, 0 for an unknown one. */
  subElementCount(id: ElementId): number {
    return this.elementRecord(id)?.subElements ?? 0;
  }

  /** The element called `name` in a module, undefined when there is none. */
  findElement(module: ModuleId, name: string): ElementId | undefined {
    const record = this.modules[moduleIndex(module)];
    const index = record?.elements.findIndex(element => element.name === name) ?? -1;
    return record === undefined || index < 0 ? undefined : this.elementOf(record, index);
  }

  /** The name a product gives to a module, an element or a sub-element's element; the printed form of an unknown id. */
  nameOf(id: EntityId): string {
    if (isModuleId(id)) return this.modules[moduleIndex(id)]?.definition.name ?? formatId(id);
    return this.elementRecord(id)?.name ?? formatId(id);
  }

  /** How far a module or element has come, undefined for an unknown one. */
  stateOf(id: ModuleId | ElementId): State | undefined {
    return isModuleId(id) ? this.modules[moduleIndex(id)]?.state : this.elementRecord(id)?.state;
  }

  /** Whether the product has this module, element or sub-element. */
  isEntity(id: number): id is EntityId {
    const module = this.modules[moduleIndex(id)];
    if (module === undefined) return false;
    if (isModuleId(id)) return true;
    if (isElementId(id)) return elementIndex(id) < module.elements.length;
    if (!isSubElementId(id)) return false;
    return subElementIndex(id) < (module.elements[elementIndex(id)]?.subElements ?? 0);
  }

  private elementOf(module: ModuleRecord, index: number): ElementId {
    return elementId(moduleIndex(module.id), index);
  }

  private elementRecord(id: EntityId): ElementRecord | undefined {
    if (isModuleId(id)) return undefined;
    return this.modules[moduleIndex(id)]?.elements[elementIndex(id)];
  }

  // ---------------------------------------------------------------- binding

  /**
   * Binds the API contract `token` of `target` for the entity whose callback is running. Legal in the bind stage, and in
   * the init stage towards a module already initialised. Throws a FrameworkError: E_PARAM (no such target or API),
   * E_STATE (wrong stage), E_HANDLER (no API was given), or the status the target refuses with.
   */
  bind<T>(target: EntityId, token: ApiToken<T>): T {
    const module = this.modules[moduleIndex(target)];
    if (module === undefined || !this.isEntity(target)) {
      throw new FrameworkError(
        Status.E_PARAM,
        `binds ${token.name} of ${formatId(target)}, which the product does not have`,
      );
    }
    const name = `${token.name} of ${this.describe(target)}`;
    const provider = this.provider(module, token);
    if (provider === undefined) {
      const known = (module.definition.apis ?? []).map(api => api.name).join(', ');
      throw new FrameworkError(Status.E_PARAM, `binds ${name}, which provides ${known === '' ? 'no API' : known}`);
    }
    if (this.caller === undefined || !this.isBindable(module, this.caller)) {
      throw new FrameworkError(
        Status.E_STATE,
        `binds ${name} in stage ${this.stage ?? 'none'}; legal in stage bind, or in init once the target is initialised`,
      );
    }
    const api = provider.request(this.caller, target);
    if (typeof api === 'number') {
      const status = Object.values(Status).find(value => value === api && value < 0) ?? Status.E_HANDLER;
      throw new FrameworkError(status, `binds ${name}, which refuses ${this.describe(this.caller)}`);
    }
    if (api === undefined || api === null) {
      throw new FrameworkError(Status.E_HANDLER, `binds ${name}, which gave no API`);
    }
    return api;
  }

  private isBindable(module: ModuleRecord, caller: EntityId): boolean {
    if (this.stage === 'bind') return true;
    // A module is done with its init only after its elements and postInit, so none of these binds to it.
    return (
      this.stage === 'init' && module.state === State.INITIALIZED && moduleIndex(caller) !== moduleIndex(module.id)
    );
  }

  /** The identifier of the API contract `token` at a module, undefined when the module does not provide it. */
  apiIdOf(module: ModuleId, token: ApiToken<unknown>): ApiId | undefined {
    return this.modules[moduleIndex(module)]?.apis.get(token);
  }

  private provider<T>(module: ModuleRecord, token: ApiToken<T>) {
    for (const provider of module.instance.apis ?? []) {
      if (provider.isFor(token)) return provider;
    }
    return undefined;
  }

  private describe(id: EntityId): string {
    const module = this.modules[moduleIndex(id)]?.definition.name ?? formatId(id);
    return isModuleId(id) ? module : `${module}/${this.nameOf(id)}`;
  }

  // ---------------------------------------------------------------- contexts

  /** Gives an element its own event list. Legal in its `elementInit`; a channel asks for one. */
  createContext(id: ElementId): void {
    const element = this.modules[moduleIndex(id)]?.elements[elementIndex(id)];
    if (this.stage !== 'init' || this.caller !== id || element === undefined) {
      throw new FrameworkError(Status.E_STATE, `a context is made in the elementInit of its own element`);
    }
    element.context ??= this.addContext(id);
  }

  private addContext(owner: EntityId | undefined): Context {
    const context = new Context(owner, this.eventCount);
    this.contexts.push(context);
    this.ready.push(undefined);
    return context;
  }

  /** The context an event from outside any other goes to: the target element's own, or the global one. */
  private contextOf(target: EntityId): Context {
    return this.active ?? this.elementRecord(target)?.context ?? this.global;
  }

  private makeReady(context: Context): void {
    if (context.isReady) return;
    context.isReady = true;
    this.ready[(this.readyHead + this.readyCount) % this.ready.length] = context;
    this.readyCount++;
  }

  /** The context whose turn it is; leaves out those that were drained while they waited for it. */
  private peekReady(): Context | undefined {
    for (; this.readyCount > 0; this.dropReady()) {
      const context = this.ready[this.readyHead];
      if (context !== undefined && context.waiting > 0) return context;
    }
    return undefined;
  }

  private dropReady(): void {
    const context = this.ready[this.readyHead];
    if (context !== undefined) context.isReady = false;
    this.ready[this.readyHead] = undefined;
    this.readyHead = (this.readyHead + 1) % this.ready.length;
    this.readyCount--;
  }

  // ---------------------------------------------------------------- events

  /**
   * Queues an event to `target`. While another event is handled it goes to that one's context and its source is that
   * one's target; else it goes to the target's context. Allocates nothing.
   * Answers E_STATE after stop, E_PARAM for an unknown entity or event, E_NOMEM when the context's pool is exhausted.
   */
  put<F extends string>(token: EventToken<F>, source: EntityId, target: EntityId, params?: Params<F>): Status {
    return this.send(token, source, target, params, false);
  }

  /** Queues an event and asks for a response, which comes to the source as an event with `isResponse`. */
  request<F extends string>(token: EventToken<F>, source: EntityId, target: EntityId, params?: Params<F>): Status {
    return this.send(token, source, target, params, true);
  }

  private send<F extends string>(
    token: EventToken<F>,
    source: EntityId,
    target: EntityId,
    params: Params<F> | undefined,
    responseRequested: boolean,
  ): Status {
    if (this.stage === 'stop' || this.stage === 'stopped' || this.stage === undefined) return Status.E_STATE;
    const id = this.modules[moduleIndex(target)]?.events.get(token);
    if (id === undefined || !this.isEntity(source) || !this.isEntity(target)) return Status.E_PARAM;
    const context = this.contextOf(target);
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
    this.makeReady(event.context);
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
    const response = this.findOwed(holder, cookie);
    if (response === undefined) return Status.E_PARAM;
    response.status = status;
    if (token !== undefined) this.fill(response, token, params);
    response.context.settle(response);
    response.isDelayed = false;
    this.queue(response);
    return Status.SUCCESS;
  }

  /** The cookie of the first response that `holder` owes, undefined when it owes none. */
  firstOwed(holder: EntityId): number | undefined {
    return this.findOwed(holder)?.cookie;
  }

  /** Whether `holder` owes a response for the request with `cookie`. */
  isOwed(holder: EntityId, cookie: number): boolean {
    return this.findOwed(holder, cookie) !== undefined;
  }

  private findOwed(holder: EntityId, cookie?: number): Event | undefined {
    for (let at = 0; at < this.contexts.length; at++) {
      const response = this.contexts[at]?.owedBy(holder, cookie);
      if (response !== undefined) return response;
    }
    return undefined;
  }

  // ---------------------------------------------------------------- notifications

  /**
   * Asks that `target` receives the notification `token` of `source`. FrameworkError: E_PARAM for an unknown entity or
   * notification, E_HANDLER when the target has no processNotification, E_STATE when it is subscribed already, E_NOMEM
   * when the pool is exhausted.
   */
  subscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    const subscription = this.subscription(token, source, target);
    const handles = this.modules[moduleIndex(target)]?.instance.processNotification !== undefined;
    const status = handles ? this.subscriptions.add(subscription) : Status.E_HANDLER;
    if (status !== Status.SUCCESS)
      throw new FrameworkError(
        status,
        `subscribes ${this.describe(target)} to ${token.name} of ${this.describe(source)}`,
      );
  }

  /** Ends a subscription. FrameworkError: E_PARAM for an unknown entity or notification, E_STATE when there is none. */
  unsubscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    const status = this.subscriptions.remove(this.subscription(token, source, target));
    if (status !== Status.SUCCESS)
      throw new FrameworkError(
        status,
        `unsubscribes ${this.describe(target)} from ${token.name} of ${this.describe(source)}`,
      );
  }

  private subscription(token: NotificationToken, source: EntityId, target: EntityId): Subscription {
    const id = this.modules[moduleIndex(source)]?.notifications.get(token);
    if (id === undefined || !this.isEntity(source) || !this.isEntity(target)) {
      throw new FrameworkError(Status.E_PARAM, `${formatId(source)} sends no ${token.name} to ${formatId(target)}`);
    }
    return { id, source, target };
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
    if (this.stage === 'stop' || this.stage === 'stopped') return 0;
    const id = this.modules[moduleIndex(source)]?.notifications.get(token);
    if (id === undefined) return 0;
    let queued = 0;
    const subscribers = this.subscriptions.of(id, source);
    for (let at = 0; at < subscribers.length; at++) {
      const target = subscribers[at];
      if (target === undefined) continue;
      const event = this.takeEvent(this.contextOf(target), responseRequested);
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

  // ---------------------------------------------------------------- alarms

  /** A stopped alarm of `owner`; `callback` runs from `poll()`, outside any event. Alarms end with the stop stage. */
  createAlarm(owner: EntityId, callback: () => void): Alarm {
    return this.alarms.create(owner, callback);
  }

  // ---------------------------------------------------------------- running

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
    if (!this.running) return false;
    // Counts up, in small integers: counting down from Infinity would make a heap number an event.
    for (let handled = 0; ; handled++) {
      const context = this.peekReady();
      if (context === undefined) return false;
      if (handled >= budget) return true;
      this.dropReady();
      this.processNext(context);
      if (context.waiting > 0) this.makeReady(context);
    }
  }

  /** Handles the events of the context of `id` until none waits; no other context's. Answers how many. */
  drain(id: EntityId): number {
    if (!this.running) return 0;
    const context = this.elementRecord(id)?.context ?? this.global;
    let handled = 0;
    for (; context.waiting > 0; handled++) this.processNext(context);
    return handled;
  }

  private processNext(context: Context): void {
    const event = context.next();
    if (event === undefined) return;
    const instance = this.modules[moduleIndex(event.target)]?.instance;
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
    if (status < 0) this.reportEvent(event, status, thrown);
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
    if (response !== event.context.scratch && this.running) {
      event.reply = undefined;
      if (response.isDelayed && status >= 0) {
        event.context.owe(response);
      } else {
        response.isDelayed = false;
        if (response.status === 0) response.status = status;
        this.queue(response);
      }
    }
    event.context.release(event);
  }

  private reportEvent({ id, source, target }: Event, status: Status, thrown: unknown): void {
    if (!this.mayReport()) return;
    const what = `${formatId(id)}: ${formatId(source)} -> ${formatId(target)}`;
    this.log.crit(`[FWK] Process event (${what}) (${statusName(status)})`);
    if (thrown !== undefined) this.log.crit(`[FWK] ${describeError(thrown)}`);
  }

  private reportAlarm(alarm: Alarm, thrown: unknown): void {
    if (this.mayReport()) this.log.crit(`[FWK] Alarm of ${this.describe(alarm.owner)}: ${describeError(thrown)}`);
  }

  private mayReport(): boolean {
    if (!this.faults.take(this.host.now())) return false;
    if (this.faults.suppressed > 0) this.log.crit(`[FWK] ${this.faults.suppressed} faults were not logged`);
    this.faults.suppressed = 0;
    return true;
  }
}
