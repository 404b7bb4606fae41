"use strict";

// modules/vhost-user/.scratch/race.ts
var import_node_worker_threads = require("node:worker_threads");

// framework/src/alarm.ts
var Alarm = class {
  constructor(queue, owner, callback) {
    /** When it fires next, µs; Infinity while it is stopped. */
    this.deadline = Infinity;
    this.period = 0;
    this.queue = queue;
    this.owner = owner;
    this.callback = callback;
  }
  /** Whether it will fire. */
  get running() {
    return this.deadline !== Infinity;
  }
  /** Fires once, `delay` µs from now; a running alarm starts over. */
  start(delay) {
    this.period = 0;
    this.queue.schedule(this, delay);
  }
  /** Fires every `period` µs (at least 1). Periods that were missed are skipped, not made up for. */
  startPeriodic(period) {
    this.period = Math.max(1, period);
    this.queue.schedule(this, this.period);
  }
  /** Fires no more. */
  stop() {
    this.deadline = Infinity;
    this.queue.remove(this);
  }
  /** Called by the queue when the deadline has come. */
  fire(now) {
    if (this.period > 0) {
      const missed = Math.floor((now - this.deadline) / this.period);
      this.queue.scheduleAt(this, this.deadline + (missed + 1) * this.period);
    } else {
      this.deadline = Infinity;
    }
    this.callback();
  }
};
var AlarmQueue = class {
  /** `now` and `arm` as in Host; `fault` is told what a callback throws. */
  constructor(now, arm, fault) {
    this.pending = [];
    /** What the host was last asked for; NaN once that has passed, for it then holds no alarm any more. */
    this.armed = Infinity;
    /** How many at the head of `pending` are still to fire in this round. */
    this.due = 0;
    this.closed = false;
    this.now = now;
    this.arm = arm;
    this.fault = fault;
  }
  /** A stopped alarm of `owner`. `callback` runs outside any event, in no context. */
  create(owner, callback) {
    return new Alarm(this, owner, callback);
  }
  /** Sets an alarm's deadline `delay` µs from now. */
  schedule(alarm, delay) {
    this.scheduleAt(alarm, this.now() + Math.max(0, delay));
  }
  /** Sets an alarm's deadline. */
  scheduleAt(alarm, deadline) {
    this.take(alarm);
    if (this.closed) return;
    alarm.deadline = deadline;
    let at = this.pending.length;
    this.pending.push(alarm);
    for (; at > 0; at--) {
      const before = this.pending[at - 1];
      if (before === void 0 || before.deadline <= deadline) break;
      this.pending[at] = before;
    }
    this.pending[at] = alarm;
    this.update();
  }
  /** Takes an alarm out. */
  remove(alarm) {
    this.take(alarm);
    this.update();
  }
  /** Fires what is due, each alarm at most once, also when callbacks throw. Answers how many fired. */
  fire() {
    const now = this.now();
    if (this.armed <= now) this.armed = NaN;
    this.due = 0;
    for (; this.due < this.pending.length; this.due++) {
      const alarm = this.pending[this.due];
      if (alarm === void 0 || alarm.deadline > now) break;
    }
    let fired = 0;
    while (this.due > 0) {
      const alarm = this.pending.shift();
      this.due--;
      if (alarm === void 0) break;
      fired++;
      try {
        alarm.fire(now);
      } catch (error) {
        this.fault(alarm, error);
      }
    }
    this.update();
    return fired;
  }
  /** Stops all alarms; none starts again. */
  close() {
    this.closed = true;
    for (let alarm = this.pending.pop(); alarm !== void 0; alarm = this.pending.pop()) alarm.deadline = Infinity;
    this.update();
  }
  take(alarm) {
    const at = this.pending.indexOf(alarm);
    if (at < 0) return;
    if (at < this.due) this.due--;
    this.pending.copyWithin(at, at + 1);
    this.pending.pop();
  }
  update() {
    const next = this.pending[0]?.deadline ?? Infinity;
    if (next === this.armed) return;
    this.armed = next;
    this.arm(next);
  }
};

// framework/src/status.ts
var Status = {
  /** Accepted; the answer comes later as an event. */
  PENDING: 1,
  SUCCESS: 0,
  /** Bad argument or identifier. */
  E_PARAM: -1,
  E_ALIGN: -2,
  E_SIZE: -3,
  /** Called from the wrong place, or a called handler misbehaved. */
  E_HANDLER: -4,
  E_ACCESS: -5,
  E_RANGE: -6,
  E_TIMEOUT: -7,
  /** A pool is exhausted. */
  E_NOMEM: -8,
  E_PWRSTATE: -9,
  E_SUPPORT: -10,
  E_DEVICE: -11,
  E_BUSY: -12,
  E_OS: -13,
  /** Malformed configuration. */
  E_DATA: -14,
  /** Wrong stage of life. */
  E_STATE: -15,
  E_INIT: -16,
  E_OVERWRITTEN: -17,
  E_PANIC: -18
};
var names = new Map(Object.entries(Status).map(([name2, value]) => [value, name2]));
var statusName = (status) => names.get(status) ?? "unknown";

// framework/src/error.ts
function describeError(error) {
  const text = String(error);
  if (!(error instanceof Error) || error.stack === void 0) return text;
  return error.stack.includes(error.message) ? error.stack : `${text}
${error.stack}`;
}
var FrameworkError = class _FrameworkError extends Error {
  constructor(status, rule, place = {}) {
    const where = [
      place.stage,
      place.module === void 0 ? void 0 : `module ${place.module}`,
      place.element === void 0 ? void 0 : `element ${place.element}`
    ].filter((part) => part !== void 0);
    super(`${where.length === 0 ? "" : `${where.join(", ")}: `}${rule} (${statusName(status)})`);
    this.name = "FrameworkError";
    this.status = status;
    this.rule = rule;
    this.place = place;
  }
  /** The same error with the parts of `place` that it lacks. */
  at(place) {
    return new _FrameworkError(this.status, this.rule, {
      stage: this.place.stage ?? place.stage,
      module: this.place.module ?? place.module,
      element: this.place.module === void 0 ? this.place.element ?? place.element : this.place.element
    });
  }
};

// framework/src/id.ts
var TYPE = { none: 1, module: 2, element: 3, subElement: 4, api: 5, event: 6, notification: 7 };
var ID_LIMIT = {
  modules: 256,
  elements: 4096,
  subElements: 256,
  apis: 16,
  events: 64,
  notifications: 64
};
var isOfType = (id, type) => (id & 15) === type && id >>> 0 === id;
var isNoneId = (id) => id === TYPE.none;
var isModuleId = (id) => isOfType(id, TYPE.module) && id >>> 12 === 0;
var isElementId = (id) => isOfType(id, TYPE.element) && id >>> 24 === 0;
var isSubElementId = (id) => isOfType(id, TYPE.subElement);
var isApiId = (id) => isOfType(id, TYPE.api) && id >>> 16 === 0;
var isEventId = (id) => isOfType(id, TYPE.event) && id >>> 18 === 0;
var isNotificationId = (id) => isOfType(id, TYPE.notification) && id >>> 18 === 0;
var inRange = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
function compose(is, type, what, module2, index, limit, sub = 0) {
  if (!inRange(module2, ID_LIMIT.modules)) {
    throw new RangeError(`${what}: module index ${module2} is not within 0..${ID_LIMIT.modules - 1}`);
  }
  if (!inRange(index, limit)) throw new RangeError(`${what}: index ${index} is not within 0..${limit - 1}`);
  if (!inRange(sub, ID_LIMIT.subElements)) {
    throw new RangeError(`${what}: sub-element index ${sub} is not within 0..${ID_LIMIT.subElements - 1}`);
  }
  const id = (type | module2 << 4 | index << 12 | sub << 24) >>> 0;
  if (!is(id)) throw new RangeError(`${what}: ${id} is not an identifier of this kind`);
  return id;
}
var NONE_ID = compose(isNoneId, TYPE.none, "none", 0, 0, 1);
var moduleId = (module2) => compose(isModuleId, TYPE.module, "module", module2, 0, 1);
var elementId = (module2, element) => compose(isElementId, TYPE.element, "element", module2, element, ID_LIMIT.elements);
var apiId = (module2, api) => compose(isApiId, TYPE.api, "API", module2, api, ID_LIMIT.apis);
var eventId = (module2, event) => compose(isEventId, TYPE.event, "event", module2, event, ID_LIMIT.events);
var notificationId = (module2, notification) => compose(isNotificationId, TYPE.notification, "notification", module2, notification, ID_LIMIT.notifications);
var moduleIndex = (id) => id >>> 4 & 255;
var elementIndex = (id) => id >>> 12 & 4095;
var subElementIndex = (id) => id >>> 24;
var apiIndex = (id) => id >>> 12 & 15;
var eventIndex = (id) => id >>> 12 & 63;
var notificationIndex = (id) => id >>> 12 & 63;
function formatId(id) {
  const module2 = moduleIndex(id);
  if (isNoneId(id)) return "[NON 0]";
  if (isModuleId(id)) return `[MOD ${module2}]`;
  if (isElementId(id)) return `[ELM ${module2}:${elementIndex(id)}]`;
  if (isSubElementId(id)) return `[SUB ${module2}:${elementIndex(id)}:${subElementIndex(id)}]`;
  if (isApiId(id)) return `[API ${module2}:${apiIndex(id)}]`;
  if (isEventId(id)) return `[EVT ${module2}:${eventIndex(id)}]`;
  if (isNotificationId(id)) return `[NOT ${module2}:${notificationIndex(id)}]`;
  return "[INV]";
}

// framework/src/token.ts
var PARAM_COUNT = 4;
function positions(name2, fields) {
  if (fields.length > PARAM_COUNT) {
    throw new RangeError(`${name2}: ${fields.length} parameters, an event carries at most ${PARAM_COUNT}`);
  }
  const at = {};
  fields.forEach((field, index) => at[field] = index);
  const complete = (found) => fields.every((field) => field in found);
  if (!complete(at)) throw new RangeError(`${name2}: a field has no position`);
  return at;
}
var defineApi = (name2) => ({ kind: "api", name: name2 });
var defineEvent = (name2, fields = []) => ({
  kind: "event",
  name: name2,
  fields,
  at: positions(name2, fields)
});
var ApiProvider = class {
  constructor(token, give) {
    this.token = token;
    this.give = give;
  }
  /** Whether this provides `token`: tokens are compared by identity, which is what makes the type sound. */
  isFor(token) {
    return Object.is(token, this.token);
  }
  /** Asks for the API on behalf of `source`. Answers a status to refuse (E_ACCESS, E_PARAM, E_SUPPORT, E_NOMEM). */
  request(source, target) {
    return this.give(source, target);
  }
};
var provide = (token, give) => new ApiProvider(token, give);

// framework/src/event.ts
var NOBODY = moduleId(0);
var Event = class {
  constructor(context) {
    /** The event or notification; meaningless while the event is in the pool. */
    this.id = 0;
    this.source = NOBODY;
    this.target = NOBODY;
    /** Ties a response to its request: one counter for the whole firmware. */
    this.cookie = 0;
    this.isResponse = false;
    this.isNotification = false;
    this.responseRequested = false;
    /** A handler sets this in the response it is given, to answer later with `respond(…)`. */
    this.isDelayed = false;
    /** What a response says of the request's outcome. */
    this.status = 0;
    /** The event set aside for the answer when one is requested, so that an accepted request can always be answered. */
    this.reply = void 0;
    this.params = new Float64Array(PARAM_COUNT);
    this.context = context;
  }
  /** The parameter at a position of the token: `event.param(CLOCK_REQUEST.at.rate)`. */
  param(at) {
    return this.params[at] ?? 0;
  }
  /** Sets the parameter at a position of the token. */
  setParam(at, value) {
    this.params[at] = value;
  }
  /** Takes over another event's parameters. */
  copyParams(from) {
    for (let at = 0; at < PARAM_COUNT; at++) this.params[at] = from.params[at] ?? 0;
  }
  /** Forgets everything a previous user left. */
  clear() {
    this.id = 0;
    this.cookie = 0;
    this.isResponse = false;
    this.isNotification = false;
    this.responseRequested = false;
    this.isDelayed = false;
    this.status = 0;
    this.reply = void 0;
    this.params.fill(0);
  }
};

// framework/src/context.ts
var Context = class {
  constructor(owner, size) {
    /** The event being handled. */
    this.current = void 0;
    /** Whether the framework has it on its list of contexts with something to do. */
    this.isReady = false;
    this.free = [];
    this.head = 0;
    this.count = 0;
    this.owed = [];
    this.owner = owner;
    this.queue = new Array(size).fill(void 0);
    for (let made = 0; made < size; made++) this.free.push(new Event(this));
    this.scratch = new Event(this);
  }
  /** Events waiting. */
  get waiting() {
    return this.count;
  }
  /** Events in the pool. */
  get available() {
    return this.free.length;
  }
  /** Takes a cleared event from the pool, undefined when it is exhausted. */
  take() {
    return this.free.pop();
  }
  /** Puts an event, and the one set aside for its answer, back into the pool. */
  release(event) {
    const { reply } = event;
    event.clear();
    this.free.push(event);
    if (reply !== void 0) this.release(reply);
  }
  /** Appends an event of this context's pool to the queue. */
  append(event) {
    this.queue[(this.head + this.count) % this.queue.length] = event;
    this.count++;
  }
  /** Removes the event at the head of the queue. */
  next() {
    if (this.count === 0) return void 0;
    const event = this.queue[this.head];
    this.queue[this.head] = void 0;
    this.head = (this.head + 1) % this.queue.length;
    this.count--;
    return event;
  }
  /** Keeps a response that its holder (the response's source) will give later. */
  owe(response2) {
    this.owed.push(response2);
  }
  /** The response that `holder` owes for the request with `cookie`; the first one when no cookie is given. */
  owedBy(holder, cookie) {
    for (let at = 0; at < this.owed.length; at++) {
      const response2 = this.owed[at];
      if (response2?.source === holder && (cookie === void 0 || response2.cookie === cookie)) return response2;
    }
    return void 0;
  }
  /** Takes a response off the list of those owed; the others keep their order. */
  settle(response2) {
    const at = this.owed.indexOf(response2);
    if (at < 0) return;
    this.owed.copyWithin(at, at + 1);
    this.owed.pop();
  }
  /** Forgets everything that waits or is owed: the stop stage. */
  clear() {
    for (let event = this.next(); event !== void 0; event = this.next()) this.release(event);
    for (let event = this.owed.pop(); event !== void 0; event = this.owed.pop()) this.release(event);
  }
};

// framework/src/log.ts
var LogLevel = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, CRIT: 5, DISABLED: 6 };
var Log = class {
  constructor(host, options) {
    this.levels = [];
    this.lines = [];
    this.used = 0;
    this.dropped = 0;
    this.bannerDone = false;
    this.host = host;
    this.options = options;
  }
  /** Whether a line of `level` would be kept: ask before building a costly text. */
  enabled(level) {
    return level >= this.options.level && this.options.level !== LogLevel.DISABLED;
  }
  trace(text) {
    this.write(LogLevel.TRACE, text);
  }
  debug(text) {
    this.write(LogLevel.DEBUG, text);
  }
  info(text) {
    this.write(LogLevel.INFO, text);
  }
  warn(text) {
    this.write(LogLevel.WARN, text);
  }
  error(text) {
    this.write(LogLevel.ERROR, text);
  }
  crit(text) {
    this.write(LogLevel.CRIT, text);
  }
  /**
   * Logs `text` at `level`, by convention with the module's tag in front: `[CLOCK] …`. Each line of a text of several
   * (a stack) is a line of the log.
   */
  write(level, text) {
    if (!this.enabled(level)) return;
    if (!this.bannerDone) {
      this.bannerDone = true;
      this.store(LogLevel.INFO, this.options.banner);
    }
    if (text.includes("\n")) {
      for (const line of text.split("\n")) this.store(level, line);
    } else {
      this.store(level, text);
    }
  }
  store(level, text) {
    const line = text.length > this.options.columns ? text.slice(0, this.options.columns) : text;
    if (this.options.bufferSize === 0) {
      this.host.log(level, line);
      return;
    }
    const note = this.dropped > 0 ? this.droppedNote() : "";
    if (this.used + note.length + line.length > this.options.bufferSize) {
      this.dropped++;
      return;
    }
    if (this.dropped > 0) {
      this.dropped = 0;
      this.append(LogLevel.WARN, note);
    }
    this.append(level, line);
  }
  append(level, line) {
    this.used += line.length;
    this.levels.push(level);
    this.lines.push(line);
  }
  droppedNote() {
    return `[FWK] ... and ${this.dropped} more messages...`;
  }
  /** Writes one buffered line. Answers whether more remain. */
  unbuffer() {
    const line = this.lines.shift();
    const level = this.levels.shift();
    if (line !== void 0 && level !== void 0) {
      this.used -= line.length;
      this.host.log(level, line);
    } else if (this.dropped > 0) {
      const note = this.droppedNote();
      this.dropped = 0;
      this.host.log(LogLevel.WARN, note);
    }
    return this.lines.length > 0 || this.dropped > 0;
  }
  /** Writes everything that is buffered. */
  flush() {
    while (this.unbuffer()) ;
  }
};
var LogLimit = class {
  constructor(now, burst = 10, intervalUs = 1e6) {
    /** Lines held back since the last one let through. */
    this.suppressed = 0;
    this.burst = burst;
    this.intervalUs = intervalUs;
    this.tokens = burst;
    this.last = now;
  }
  /** Whether a line may be written at `now` (µs). When it may, the caller adds `suppressed` to its text and zeroes it. */
  take(now) {
    const earned = Math.floor((now - this.last) / this.intervalUs);
    if (earned > 0) {
      this.tokens = Math.min(this.burst, this.tokens + earned);
      this.last += earned * this.intervalUs;
    }
    if (this.tokens === 0) {
      this.suppressed++;
      return false;
    }
    this.tokens--;
    return true;
  }
};

// framework/src/notification.ts
var NOBODY2 = [];
var Subscriptions = class {
  constructor(capacity) {
    this.count = 0;
    this.targets = /* @__PURE__ */ new Map();
    this.capacity = capacity;
  }
  /** The subscribers of a source's notification, in the order they subscribed. */
  of(id, source) {
    return this.targets.get(id)?.get(source) ?? NOBODY2;
  }
  /** Adds a subscription. E_STATE if it is there, E_NOMEM if there are too many. */
  add({ id, source, target }) {
    if (this.of(id, source).includes(target)) return Status.E_STATE;
    if (this.count === this.capacity) return Status.E_NOMEM;
    const sources = this.targets.get(id) ?? /* @__PURE__ */ new Map();
    this.targets.set(id, sources);
    sources.set(source, [...this.of(id, source), target]);
    this.count++;
    return Status.SUCCESS;
  }
  /** Removes a subscription. E_STATE if it is not there. */
  remove({ id, source, target }) {
    const left = this.of(id, source).filter((other) => other !== target);
    if (left.length === this.of(id, source).length) return Status.E_STATE;
    this.targets.get(id)?.set(source, left);
    this.count--;
    return Status.SUCCESS;
  }
  /** Removes all: the stop stage. */
  clear() {
    this.targets.clear();
    this.count = 0;
  }
};

// framework/src/framework.ts
var State = { UNINITIALIZED: 0, INITIALIZED: 1, BOUND: 2, STARTED: 3, SUSPENDED: 4 };
function idsOf(tokens, make, module2) {
  return new Map(tokens.map((token, index) => [token, make(module2, index)]));
}
var Framework = class {
  constructor(product, host, options = {}) {
    this.modules = [];
    this.byName = /* @__PURE__ */ new Map();
    this.contexts = [];
    /** Contexts with events waiting, in the order they got them: a ring. */
    this.ready = [];
    this.readyHead = 0;
    this.readyCount = 0;
    /** The context whose event is being handled. */
    this.active = void 0;
    this.cookie = 0;
    this.stage = void 0;
    /** Whose lifecycle callback runs: the source of a binding. */
    this.caller = void 0;
    this.product = product;
    this.host = host;
    this.eventCount = options.eventCount ?? 64;
    this.log = new Log(host, {
      level: options.logLevel ?? LogLevel.INFO,
      bufferSize: options.logBuffer ?? 0,
      columns: options.logColumns ?? 160,
      banner: `[FWK] ${product.name} ${product.version}`
    });
    this.subscriptions = new Subscriptions(options.subscriptionCount ?? 64);
    this.alarms = new AlarmQueue(
      () => host.now(),
      (deadline) => host.arm(deadline),
      (alarm, error) => this.reportAlarm(alarm, error)
    );
    this.faults = new LogLimit(host.now());
    this.global = this.addContext(void 0);
  }
  // ---------------------------------------------------------------- stages
  /**
   * Runs the stages init, bind (two rounds) and start. A module or configuration that breaks a rule throws a
   * FrameworkError naming stage, module, element and rule; what was started by then is stopped again.
   */
  start() {
    if (this.stage !== void 0) {
      throw new FrameworkError(Status.E_STATE, "start() is called once in a firmware\u2019s life", { stage: this.stage });
    }
    try {
      this.enterStage("init");
      this.createModules();
      for (const module2 of this.modules) this.initModule(module2);
      this.enterStage("bind");
      for (const round of [0, 1]) {
        for (const module2 of this.modules) this.bindModule(module2, round);
      }
      this.enterStage("start");
      for (const module2 of this.modules) this.startModule(module2);
    } catch (error) {
      this.halt();
      throw error;
    }
    this.enterStage("run");
    this.log.info("[FWK] Module initialization complete!");
  }
  /**
   * Runs the stop stage: modules in reverse order, each one's elements in reverse before it. Errors don't end the walk:
   * they are logged and answered. A second call does nothing and answers none. In a callback of set-up it throws a
   * FrameworkError E_STATE: a module that wants no start throws.
   */
  stop() {
    if (this.stage === void 0 || this.stage === "stop" || this.stage === "stopped") return [];
    if (this.stage !== "run") throw new FrameworkError(Status.E_STATE, "stop() during set-up; throw to end the start");
    return this.halt();
  }
  halt() {
    this.enterStage("stop");
    const errors = [];
    for (const module2 of [...this.modules].reverse()) {
      const elements = module2.elements.map((element, index) => ({ element, id: this.elementOf(module2, index) }));
      for (const { element, id } of elements.reverse()) this.suspend(module2, element, id, errors);
      this.suspend(module2, module2, module2.id, errors);
    }
    this.alarms.close();
    this.subscriptions.clear();
    for (const context of this.contexts) context.clear();
    this.enterStage("stopped");
    for (const error of errors) this.log.error(`[FWK] ${error.message}`);
    this.log.info("[FWK] Stopped");
    this.log.flush();
    return errors;
  }
  /** Whether the firmware is between start and stop. */
  get running() {
    return this.stage === "run";
  }
  enterStage(stage) {
    this.stage = stage;
  }
  createModules() {
    const { modules } = this.product;
    if (modules.length > ID_LIMIT.modules) {
      throw new FrameworkError(Status.E_DATA, `${modules.length} modules, a product has at most ${ID_LIMIT.modules}`, {
        stage: "init"
      });
    }
    modules.forEach(({ definition: definition2 }, index) => {
      this.guard(definition2.name, void 0, () => {
        this.checkDefinition(definition2);
        const record = {
          id: moduleId(index),
          definition: definition2,
          instance: definition2.create(this),
          elements: [],
          apis: idsOf(definition2.apis ?? [], apiId, index),
          events: idsOf(definition2.events ?? [], eventId, index),
          notifications: idsOf(definition2.notifications ?? [], notificationId, index),
          state: State.UNINITIALIZED
        };
        this.modules.push(record);
        this.byName.set(definition2.name, record);
        const { elements } = modules[index] ?? {};
        if (typeof elements !== "function") record.elements = this.elementRecords(elements ?? []);
        this.checkInstance(record);
      });
    });
  }
  checkDefinition(definition2) {
    if (this.byName.has(definition2.name)) {
      throw new FrameworkError(Status.E_DATA, "a product names each module once");
    }
    for (const [kind, tokens, limit] of [
      ["APIs", definition2.apis, ID_LIMIT.apis],
      ["events", definition2.events, ID_LIMIT.events],
      ["notifications", definition2.notifications, ID_LIMIT.notifications]
    ]) {
      const count = tokens?.length ?? 0;
      if (count > limit) {
        throw new FrameworkError(Status.E_DATA, `${count} ${kind}, a module has at most ${limit}`);
      }
    }
    for (const name2 of definition2.requires ?? []) {
      if (!this.byName.has(name2)) {
        throw new FrameworkError(Status.E_DATA, `requires module ${name2} before it in the product`);
      }
    }
  }
  checkInstance({ definition: definition2, instance, elements }) {
    for (const token of definition2.apis ?? []) {
      if (!instance.apis?.some((provider) => provider.isFor(token))) {
        throw new FrameworkError(Status.E_DATA, `declares API ${token.name} but does not provide it`);
      }
    }
    for (const provider of instance.apis ?? []) {
      if (!definition2.apis?.includes(provider.token)) {
        throw new FrameworkError(Status.E_DATA, `provides API ${provider.token.name} without declaring it`);
      }
    }
    if (elements.length > 0 && instance.elementInit === void 0) {
      throw new FrameworkError(Status.E_DATA, `has ${elements.length} elements but no elementInit`);
    }
    if ((definition2.events?.length ?? 0) > 0 && instance.processEvent === void 0) {
      throw new FrameworkError(Status.E_DATA, "declares events but has no processEvent");
    }
  }
  elementRecords(elements) {
    if (elements.length > ID_LIMIT.elements) {
      throw new FrameworkError(Status.E_DATA, `${elements.length} elements, a module has at most ${ID_LIMIT.elements}`);
    }
    const names3 = /* @__PURE__ */ new Set();
    return elements.map(({ name: name2, subElements = 0, config }) => {
      if (names3.has(name2)) throw new FrameworkError(Status.E_DATA, "an element name is used twice", { element: name2 });
      names3.add(name2);
      if (subElements > ID_LIMIT.subElements) {
        throw new FrameworkError(Status.E_DATA, `${subElements} sub-elements, at most ${ID_LIMIT.subElements}`, {
          element: name2
        });
      }
      return { name: name2, subElements, config, context: void 0, state: State.UNINITIALIZED };
    });
  }
  initModule(module2) {
    const { name: name2 } = module2.definition;
    const { elements, config } = this.product.modules[moduleIndex(module2.id)] ?? {};
    this.guard(name2, void 0, () => {
      if (typeof elements === "function") {
        module2.elements = this.elementRecords(elements(module2.id));
        this.checkInstance(module2);
      }
      this.as(module2.id, () => module2.instance.init(config, module2.elements.length));
      module2.state = State.INITIALIZED;
    });
    module2.elements.forEach(
      (element, index) => this.guard(name2, element.name, () => {
        const id = this.elementOf(module2, index);
        this.as(id, () => module2.instance.elementInit?.(id, element.config, element.subElements));
        element.state = State.INITIALIZED;
      })
    );
    this.guard(name2, void 0, () => this.as(module2.id, () => module2.instance.postInit?.()));
  }
  bindModule(module2, round) {
    this.each(module2, State.BOUND, round === 1, (id) => module2.instance.bind?.(id, round));
  }
  startModule(module2) {
    this.each(module2, State.STARTED, true, (id) => module2.instance.start?.(id));
  }
  /** Calls back for the module, then for each element, and notes the state they reach. */
  each(module2, state, reached, call) {
    const { name: name2 } = module2.definition;
    this.guard(name2, void 0, () => this.as(module2.id, () => call(module2.id)));
    if (reached) module2.state = state;
    module2.elements.forEach(
      (element, index) => this.guard(name2, element.name, () => {
        const id = this.elementOf(module2, index);
        this.as(id, () => call(id));
        if (reached) element.state = state;
      })
    );
  }
  suspend(module2, entity, id, errors) {
    if (entity.state === State.UNINITIALIZED || entity.state === State.SUSPENDED) return;
    entity.state = State.SUSPENDED;
    try {
      this.guard(module2.definition.name, entity.name, () => this.as(id, () => module2.instance.stop?.(id)));
    } catch (error) {
      errors.push(error instanceof FrameworkError ? error : new FrameworkError(Status.E_PANIC, String(error)));
    }
  }
  /** Runs a part of a stage and names stage, module and element in what it throws. */
  guard(module2, element, run) {
    try {
      run();
    } catch (error) {
      const broken = error instanceof FrameworkError ? error : new FrameworkError(Status.E_PANIC, describeError(error));
      throw broken.at({ stage: this.stage, module: module2, element });
    }
  }
  as(caller, run) {
    this.caller = caller;
    try {
      run();
    } finally {
      this.caller = void 0;
    }
  }
  // ---------------------------------------------------------------- entities
  /** The module called `name`. FrameworkError E_PARAM if the product has none. */
  moduleId(name2) {
    const module2 = this.byName.get(name2);
    if (module2 === void 0) {
      throw new FrameworkError(Status.E_PARAM, `the product has no module ${name2}`, { stage: this.stage });
    }
    return module2.id;
  }
  /** Whether the product has a module called `name`. */
  hasModule(name2) {
    return this.byName.has(name2);
  }
  /** How many elements a module has; 0 before the turn of a generator, and for an unknown module. */
  elementCount(id) {
    return this.modules[moduleIndex(id)]?.elements.length ?? 0;
  }
  /** How many sub-elements an element has, 0 for an unknown one. */
  subElementCount(id) {
    return this.elementRecord(id)?.subElements ?? 0;
  }
  /** The element called `name` in a module, undefined when there is none. */
  findElement(module2, name2) {
    const record = this.modules[moduleIndex(module2)];
    const index = record?.elements.findIndex((element) => element.name === name2) ?? -1;
    return record === void 0 || index < 0 ? void 0 : this.elementOf(record, index);
  }
  /** The name a product gives to a module, an element or a sub-element's element; the printed form of an unknown id. */
  nameOf(id) {
    if (isModuleId(id)) return this.modules[moduleIndex(id)]?.definition.name ?? formatId(id);
    return this.elementRecord(id)?.name ?? formatId(id);
  }
  /** How far a module or element has come, undefined for an unknown one. */
  stateOf(id) {
    return isModuleId(id) ? this.modules[moduleIndex(id)]?.state : this.elementRecord(id)?.state;
  }
  /** Whether the product has this module, element or sub-element. */
  isEntity(id) {
    const module2 = this.modules[moduleIndex(id)];
    if (module2 === void 0) return false;
    if (isModuleId(id)) return true;
    if (isElementId(id)) return elementIndex(id) < module2.elements.length;
    if (!isSubElementId(id)) return false;
    return subElementIndex(id) < (module2.elements[elementIndex(id)]?.subElements ?? 0);
  }
  elementOf(module2, index) {
    return elementId(moduleIndex(module2.id), index);
  }
  elementRecord(id) {
    if (isModuleId(id)) return void 0;
    return this.modules[moduleIndex(id)]?.elements[elementIndex(id)];
  }
  // ---------------------------------------------------------------- binding
  /**
   * Binds the API contract `token` of `target` for the entity whose callback is running. Legal in the bind stage, and in
   * the init stage towards a module already initialised. Throws a FrameworkError: E_PARAM (no such target or API),
   * E_STATE (wrong stage), E_HANDLER (no API was given), or the status the target refuses with.
   */
  bind(target, token) {
    const module2 = this.modules[moduleIndex(target)];
    if (module2 === void 0 || !this.isEntity(target)) {
      throw new FrameworkError(
        Status.E_PARAM,
        `binds ${token.name} of ${formatId(target)}, which the product does not have`
      );
    }
    const name2 = `${token.name} of ${this.describe(target)}`;
    const provider = this.provider(module2, token);
    if (provider === void 0) {
      const known = (module2.definition.apis ?? []).map((api2) => api2.name).join(", ");
      throw new FrameworkError(Status.E_PARAM, `binds ${name2}, which provides ${known === "" ? "no API" : known}`);
    }
    if (this.caller === void 0 || !this.isBindable(module2, this.caller)) {
      throw new FrameworkError(
        Status.E_STATE,
        `binds ${name2} in stage ${this.stage ?? "none"}; legal in stage bind, or in init once the target is initialised`
      );
    }
    const api = provider.request(this.caller, target);
    if (typeof api === "number") {
      const status = Object.values(Status).find((value) => value === api && value < 0) ?? Status.E_HANDLER;
      throw new FrameworkError(status, `binds ${name2}, which refuses ${this.describe(this.caller)}`);
    }
    if (api === void 0 || api === null) {
      throw new FrameworkError(Status.E_HANDLER, `binds ${name2}, which gave no API`);
    }
    return api;
  }
  isBindable(module2, caller) {
    if (this.stage === "bind") return true;
    return this.stage === "init" && module2.state === State.INITIALIZED && moduleIndex(caller) !== moduleIndex(module2.id);
  }
  /** The identifier of the API contract `token` at a module, undefined when the module does not provide it. */
  apiIdOf(module2, token) {
    return this.modules[moduleIndex(module2)]?.apis.get(token);
  }
  provider(module2, token) {
    for (const provider of module2.instance.apis ?? []) {
      if (provider.isFor(token)) return provider;
    }
    return void 0;
  }
  describe(id) {
    const module2 = this.modules[moduleIndex(id)]?.definition.name ?? formatId(id);
    return isModuleId(id) ? module2 : `${module2}/${this.nameOf(id)}`;
  }
  // ---------------------------------------------------------------- contexts
  /** Gives an element its own event list. Legal in its `elementInit`; a channel asks for one. */
  createContext(id) {
    const element = this.modules[moduleIndex(id)]?.elements[elementIndex(id)];
    if (this.stage !== "init" || this.caller !== id || element === void 0) {
      throw new FrameworkError(Status.E_STATE, `a context is made in the elementInit of its own element`);
    }
    element.context ??= this.addContext(id);
  }
  addContext(owner) {
    const context = new Context(owner, this.eventCount);
    this.contexts.push(context);
    this.ready.push(void 0);
    return context;
  }
  /** The context an event from outside any other goes to: the target element's own, or the global one. */
  contextOf(target) {
    return this.active ?? this.elementRecord(target)?.context ?? this.global;
  }
  makeReady(context) {
    if (context.isReady) return;
    context.isReady = true;
    this.ready[(this.readyHead + this.readyCount) % this.ready.length] = context;
    this.readyCount++;
  }
  /** The context whose turn it is; leaves out those that were drained while they waited for it. */
  peekReady() {
    for (; this.readyCount > 0; this.dropReady()) {
      const context = this.ready[this.readyHead];
      if (context !== void 0 && context.waiting > 0) return context;
    }
    return void 0;
  }
  dropReady() {
    const context = this.ready[this.readyHead];
    if (context !== void 0) context.isReady = false;
    this.ready[this.readyHead] = void 0;
    this.readyHead = (this.readyHead + 1) % this.ready.length;
    this.readyCount--;
  }
  // ---------------------------------------------------------------- events
  /**
   * Queues an event to `target`. While another event is handled it goes to that one's context and its source is that
   * one's target; else it goes to the target's context. Allocates nothing.
   * Answers E_STATE after stop, E_PARAM for an unknown entity or event, E_NOMEM when the context's pool is exhausted.
   */
  put(token, source, target, params) {
    return this.send(token, source, target, params, false);
  }
  /** Queues an event and asks for a response, which comes to the source as an event with `isResponse`. */
  request(token, source, target, params) {
    return this.send(token, source, target, params, true);
  }
  send(token, source, target, params, responseRequested) {
    if (this.stage === "stop" || this.stage === "stopped" || this.stage === void 0) return Status.E_STATE;
    const id = this.modules[moduleIndex(target)]?.events.get(token);
    if (id === void 0 || !this.isEntity(source) || !this.isEntity(target)) return Status.E_PARAM;
    const context = this.contextOf(target);
    const event = this.takeEvent(context, responseRequested);
    if (event === void 0) return Status.E_NOMEM;
    event.id = id;
    event.source = context.current?.target ?? source;
    event.target = target;
    this.fill(event, token, params);
    this.queue(event);
    return Status.SUCCESS;
  }
  /** Takes an event and, when an answer is wanted, the one for the answer; both or none. */
  takeEvent(context, responseRequested) {
    const event = context.take();
    if (event === void 0) return void 0;
    if (responseRequested) {
      event.reply = context.take();
      if (event.reply === void 0) {
        context.release(event);
        return void 0;
      }
    }
    event.responseRequested = responseRequested;
    event.cookie = this.cookie = this.cookie + 1 >>> 0;
    return event;
  }
  fill(event, token, params) {
    if (params === void 0) return;
    for (let at = 0; at < token.fields.length; at++) {
      const field = token.fields[at];
      if (field !== void 0) event.setParam(at, params[field]);
    }
  }
  queue(event) {
    event.context.append(event);
    this.makeReady(event.context);
  }
  /**
   * Gives the response that `holder` owes for the request with `cookie`, from any place: it comes to the requester in the
   * context of the request. Answers E_PARAM when nothing with that cookie is owed.
   */
  respond(holder, cookie, status, token, params) {
    const response2 = this.findOwed(holder, cookie);
    if (response2 === void 0) return Status.E_PARAM;
    response2.status = status;
    if (token !== void 0) this.fill(response2, token, params);
    response2.context.settle(response2);
    response2.isDelayed = false;
    this.queue(response2);
    return Status.SUCCESS;
  }
  /** The cookie of the first response that `holder` owes, undefined when it owes none. */
  firstOwed(holder) {
    return this.findOwed(holder)?.cookie;
  }
  /** Whether `holder` owes a response for the request with `cookie`. */
  isOwed(holder, cookie) {
    return this.findOwed(holder, cookie) !== void 0;
  }
  findOwed(holder, cookie) {
    for (let at = 0; at < this.contexts.length; at++) {
      const response2 = this.contexts[at]?.owedBy(holder, cookie);
      if (response2 !== void 0) return response2;
    }
    return void 0;
  }
  // ---------------------------------------------------------------- notifications
  /**
   * Asks that `target` receives the notification `token` of `source`. FrameworkError: E_PARAM for an unknown entity or
   * notification, E_HANDLER when the target has no processNotification, E_STATE when it is subscribed already, E_NOMEM
   * when the pool is exhausted.
   */
  subscribe(token, source, target) {
    const subscription = this.subscription(token, source, target);
    const handles = this.modules[moduleIndex(target)]?.instance.processNotification !== void 0;
    const status = handles ? this.subscriptions.add(subscription) : Status.E_HANDLER;
    if (status !== Status.SUCCESS)
      throw new FrameworkError(
        status,
        `subscribes ${this.describe(target)} to ${token.name} of ${this.describe(source)}`
      );
  }
  /** Ends a subscription. FrameworkError: E_PARAM for an unknown entity or notification, E_STATE when there is none. */
  unsubscribe(token, source, target) {
    const status = this.subscriptions.remove(this.subscription(token, source, target));
    if (status !== Status.SUCCESS)
      throw new FrameworkError(
        status,
        `unsubscribes ${this.describe(target)} from ${token.name} of ${this.describe(source)}`
      );
  }
  subscription(token, source, target) {
    const id = this.modules[moduleIndex(source)]?.notifications.get(token);
    if (id === void 0 || !this.isEntity(source) || !this.isEntity(target)) {
      throw new FrameworkError(Status.E_PARAM, `${formatId(source)} sends no ${token.name} to ${formatId(target)}`);
    }
    return { id, source, target };
  }
  /**
   * Sends a notification to each subscriber, in the order they subscribed. Answers how many were queued; with
   * `responseRequested` as many responses come back to the source as notification events with `isResponse`.
   */
  notify(token, source, params, responseRequested = false) {
    if (this.stage === "stop" || this.stage === "stopped") return 0;
    const id = this.modules[moduleIndex(source)]?.notifications.get(token);
    if (id === void 0) return 0;
    let queued = 0;
    const subscribers = this.subscriptions.of(id, source);
    for (let at = 0; at < subscribers.length; at++) {
      const target = subscribers[at];
      if (target === void 0) continue;
      const event = this.takeEvent(this.contextOf(target), responseRequested);
      if (event === void 0) continue;
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
  createAlarm(owner, callback) {
    return this.alarms.create(owner, callback);
  }
  // ---------------------------------------------------------------- running
  /**
   * What the host calls on every wake-up: fires due alarms, handles at most `budget` events, and writes buffered log lines
   * when nothing else is left. Answers whether there is more to do at once.
   */
  poll(budget = 256) {
    if (this.running) this.alarms.fire();
    if (this.run(budget)) return true;
    return this.log.unbuffer();
  }
  /**
   * Handles at most `budget` events, one of each context in turn, so that no channel waits for another to drain.
   * Answers whether events remain. Events put during set-up wait until it is complete.
   */
  run(budget = Infinity) {
    if (!this.running) return false;
    for (let handled = 0; ; handled++) {
      const context = this.peekReady();
      if (context === void 0) return false;
      if (handled >= budget) return true;
      this.dropReady();
      this.processNext(context);
      if (context.waiting > 0) this.makeReady(context);
    }
  }
  /** Handles the events of the context of `id` until none waits; no other context's. Answers how many. */
  drain(id) {
    if (!this.running) return 0;
    const context = this.elementRecord(id)?.context ?? this.global;
    let handled = 0;
    for (; context.waiting > 0; handled++) this.processNext(context);
    return handled;
  }
  processNext(context) {
    const event = context.next();
    if (event === void 0) return;
    const instance = this.modules[moduleIndex(event.target)]?.instance;
    const outer = this.active;
    const outerEvent = context.current;
    this.active = context;
    context.current = event;
    const response2 = this.prepareResponse(event);
    let status = Status.E_HANDLER;
    let thrown = void 0;
    try {
      const handled = event.isNotification ? instance?.processNotification?.(event, response2) : instance?.processEvent?.(event, response2);
      status = handled ?? Status.E_HANDLER;
    } catch (error) {
      status = Status.E_PANIC;
      thrown = error;
    }
    if (status < 0) this.reportEvent(event, status, thrown);
    this.finish(event, response2, status);
    context.current = outerEvent;
    this.active = outer;
  }
  /** The response a handler fills in: the event with source and target swapped, or scratch when none is wanted. */
  prepareResponse(event) {
    const response2 = event.reply ?? event.context.scratch;
    response2.clear();
    response2.id = event.id;
    response2.cookie = event.cookie;
    response2.source = event.target;
    response2.target = event.source;
    response2.isNotification = event.isNotification;
    response2.isResponse = true;
    response2.copyParams(event);
    return response2;
  }
  finish(event, response2, status) {
    if (response2 !== event.context.scratch && this.running) {
      event.reply = void 0;
      if (response2.isDelayed && status >= 0) {
        event.context.owe(response2);
      } else {
        response2.isDelayed = false;
        if (response2.status === 0) response2.status = status;
        this.queue(response2);
      }
    }
    event.context.release(event);
  }
  reportEvent({ id, source, target }, status, thrown) {
    if (!this.mayReport()) return;
    const what = `${formatId(id)}: ${formatId(source)} -> ${formatId(target)}`;
    this.log.crit(`[FWK] Process event (${what}) (${statusName(status)})`);
    if (thrown !== void 0) this.log.crit(`[FWK] ${describeError(thrown)}`);
  }
  reportAlarm(alarm, thrown) {
    if (this.mayReport()) this.log.crit(`[FWK] Alarm of ${this.describe(alarm.owner)}: ${describeError(thrown)}`);
  }
  mayReport() {
    if (!this.faults.take(this.host.now())) return false;
    if (this.faults.suppressed > 0) this.log.crit(`[FWK] ${this.faults.suppressed} faults were not logged`);
    this.faults.suppressed = 0;
    return true;
  }
};

// framework/src/module.ts
var configure = (definition2, config, elements = []) => ({ definition: definition2, config, elements });

// framework/src/testing.ts
var TestHost = class {
  constructor(posix) {
    this.lines = [];
    this.options = /* @__PURE__ */ new Map();
    /** The deadline the firmware has armed, µs; Infinity for none. */
    this.deadline = Infinity;
    this.time = 0;
    this.posix = posix;
  }
  log(level, line) {
    this.lines.push({ level, line });
  }
  now() {
    return this.time;
  }
  arm(deadline) {
    this.deadline = deadline;
  }
  option(name2) {
    return this.options.get(name2);
  }
  /** The lines logged at `level` or above. */
  logged(level = LogLevel.WARN) {
    return this.lines.filter((entry) => entry.level >= level).map((entry) => entry.line);
  }
  /** Moves the clock `us` ahead, stopping at each deadline to let `framework` do what is due, and drains its events. */
  advance(framework, us) {
    const end = this.time + us;
    while (framework.poll()) ;
    while (this.deadline <= end) {
      this.time = Math.max(this.time, this.deadline);
      this.deadline = Infinity;
      while (framework.poll()) ;
    }
    this.time = end;
    while (framework.poll()) ;
  }
};

// modules/scmi/src/declaration.ts
var u32 = {
  size: 4,
  type: "u32",
  get: (view, at) => view.getUint32(at, true),
  set: (view, at, value) => view.setUint32(at, value, true)
};
var name = (size) => ({
  size,
  type: `char[${size}]`,
  get: (view, at) => {
    let text = "";
    for (let index = 0; index < size; index++) {
      const code = view.getUint8(at + index);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  },
  set: (view, at, value) => {
    for (let index = 0; index < size; index++) {
      view.setUint8(at + index, index < Math.min(value.length, size - 1) ? value.charCodeAt(index) : 0);
    }
  }
});
var name16 = name(16);
var name64 = name(64);
function makeLayout(first, fields, tail) {
  const at = {};
  let size = first;
  for (const [key, field] of Object.entries(fields)) {
    at[key] = size;
    size += field.size;
  }
  const complete = (found) => Object.keys(fields).every((key) => key in found);
  if (!complete(at)) throw new RangeError("a field has no offset");
  const put = (view, offset, field, value) => field.set(view, offset, value);
  return {
    fields,
    at,
    size,
    tail,
    decode(view, start, end) {
      if (end - start < size) throw new RangeError(`${end - start} bytes of payload, ${size} are needed`);
      const values = {};
      for (const [key, field] of Object.entries(fields)) values[key] = field.get(view, start + (at[key] ?? 0));
      if (tail !== void 0) values[tail.name] = tail.decode(view, start + size, end);
      return values;
    },
    encode(view, start, values) {
      for (const [key, value] of Object.entries(values)) {
        const field = fields[key];
        const offset = start + (at[key] ?? 0);
        if (field === void 0) throw new RangeError(`no field ${key}`);
        if (isText(field)) put(view, offset, field, String(value));
        else put(view, offset, field, Number(value));
      }
    }
  };
}
var isText = (field) => field.type.startsWith("char");
var layout = (fields, tail) => makeLayout(0, fields, tail);
var response = (fields, tail) => makeLayout(4, fields, tail);
var EMPTY = makeLayout(0, {});
var statusOnly = makeLayout(4, {});
var VERSION_RESPONSE = response({ version: u32 });
var MESSAGE_ATTRIBUTES_REQUEST = layout({ messageId: u32 });
var MESSAGE_ATTRIBUTES_RESPONSE = response({ attributes: u32 });
var NEGOTIATE_REQUEST = layout({ version: u32 });

// modules/scmi/src/status.ts
var ScmiStatus = {
  SUCCESS: 0,
  NOT_SUPPORTED: -1,
  INVALID_PARAMETERS: -2,
  DENIED: -3,
  NOT_FOUND: -4,
  OUT_OF_RANGE: -5,
  BUSY: -6,
  COMMS_ERROR: -7,
  GENERIC_ERROR: -8,
  HARDWARE_ERROR: -9,
  PROTOCOL_ERROR: -10,
  IN_USE: -11
};
var names2 = new Map(Object.entries(ScmiStatus).map(([name2, value]) => [value, name2]));

// modules/scmi/src/page.ts
var Page = class {
  /** A page with room for `payload` bytes (a multiple of 4) after the header. */
  constructor(payload) {
    const buffer = new ArrayBuffer(4 + payload);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.signed = new Int32Array(buffer);
  }
  /** Bytes of payload that fit. */
  get capacity() {
    return this.bytes.length - 4;
  }
  /** The header word. */
  get header() {
    return this.words[0] ?? 0;
  }
  set header(word) {
    this.words[0] = word;
  }
  /** The unsigned word at payload offset `at`; 0 past the end. */
  u32(at) {
    return this.words[(at >> 2) + 1] ?? 0;
  }
  /** The signed word at payload offset `at`; 0 past the end. */
  i32(at) {
    return this.signed[(at >> 2) + 1] ?? 0;
  }
  /** Writes a word, signed or unsigned, at payload offset `at`; past the end it is lost. */
  set(at, value) {
    this.words[(at >> 2) + 1] = value;
  }
  /** Writes a whole number of 0..2^53-1 as two words, low first. */
  setU64(at, value) {
    this.set(at, value);
    this.set(at + 4, Math.floor(value / 4294967296));
  }
  /** Reads two words, low first; exact up to 2^53. */
  u64(at) {
    return this.u32(at + 4) * 4294967296 + this.u32(at);
  }
  /** Writes a whole number of -2^53..2^53 as two words, two's complement, low first. */
  setI64(at, value) {
    this.set(at, value % 4294967296);
    this.set(at + 4, Math.floor(value / 4294967296));
  }
  /** Reads a signed 64-bit value from two words, low first; rounded beyond 2^53. */
  i64(at) {
    return this.i32(at + 4) * 4294967296 + this.u32(at);
  }
  /** Writes a packed name (see `packName`) at payload offset `at`. */
  setName(at, name2) {
    for (let word = 0; word < name2.length; word++) this.set(at + 4 * word, name2[word] ?? 0);
  }
};

// modules/scmi/src/api.ts
var SCMI_PROTOCOL = defineApi("SCMI_PROTOCOL");
var SCMI_HUB = defineApi("SCMI_HUB");
var SCMI_SERVICE = defineApi("SCMI_SERVICE");
var SCMI_TRANSPORT = defineApi("SCMI_TRANSPORT");

// modules/virtio-scmi/src/guest-memory.ts
var WINDOW_STRIDE = 1073741824;
var WINDOW_OVERLAP = 1048576;
var WORD = 4294967296;
var HIGH_LIMIT = 2097152;
function addressOf(low, high) {
  const upper = high >>> 0;
  return upper >= HIGH_LIMIT ? Infinity : upper * WORD + (low >>> 0);
}
var Window = class {
  constructor(base, bytes, reach) {
    this.low = base | 0;
    this.high = Math.floor(base / WORD);
    this.length = bytes.byteLength;
    this.reach = reach;
    this.view = new DataView(bytes);
    this.u8 = new Uint8Array(bytes);
    this.u16 = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  }
};
var Region = class {
  constructor({ base, size, source }) {
    this.base = base;
    this.size = size;
    this.source = source;
    this.windows = new Array(Math.ceil(size / WINDOW_STRIDE)).fill(void 0);
  }
  /** The window an offset belongs to. Made when first used: a view costs address space accounting, not only memory. */
  window(offset) {
    const index = Math.floor(offset / WINDOW_STRIDE);
    return this.windows[index] ?? this.open(index);
  }
  open(index) {
    const start = index * WINDOW_STRIDE;
    const length = Math.min(this.size - start, WINDOW_STRIDE + WINDOW_OVERLAP);
    const window = new Window(this.base + start, this.source.view(start, length), Math.min(length, WINDOW_STRIDE));
    this.windows[index] = window;
    return window;
  }
};
var RegionMemory = class {
  constructor(regions) {
    this.offset = 0;
    this.remaining = 0;
    /** The window that was found last: nearly always the next one too. */
    this.last = void 0;
    this.regions = regions.map((facts) => new Region(facts));
  }
  at(low, high) {
    const { last } = this;
    if (last !== void 0) {
      const offset = ((high >>> 0) - last.high) * WORD + ((low >>> 0) - (last.low >>> 0));
      if (offset >= 0 && offset < last.reach) {
        this.offset = offset | 0;
        this.remaining = last.length - offset | 0;
        return last;
      }
    }
    return this.search(low, high);
  }
  find(low, high, length) {
    const window = this.at(low, high);
    return window !== void 0 && length <= this.remaining ? window : void 0;
  }
  /** The place of `length` bytes (at most 1 MiB) from `offset` of region `index`; undefined when they are not all there. */
  place(index, offset, length) {
    const region = this.regions[index];
    if (region === void 0 || offset < 0 || !(offset + length <= region.size) || length > WINDOW_OVERLAP)
      return void 0;
    return { window: region.window(offset), offset: offset % WINDOW_STRIDE };
  }
  search(low, high) {
    const address = addressOf(low, high);
    for (let index = 0; index < this.regions.length; index++) {
      const region = this.regions[index];
      if (region === void 0 || address < region.base || address >= region.base + region.size) continue;
      const window = region.window(address - region.base);
      this.last = window;
      this.offset = (address - region.base) % WINDOW_STRIDE;
      this.remaining = window.length - this.offset;
      return window;
    }
    return void 0;
  }
};
var BufferSource = class {
  constructor(bytes) {
    this.bytes = bytes;
  }
  /** The buffer itself: a region over it has one window. RangeError for any other part. */
  view(offset, length) {
    if (offset !== 0 || length !== this.bytes.byteLength)
      throw new RangeError("a buffer has one view, the whole of it");
    return this.bytes;
  }
};

// modules/virtio-scmi/src/virtio.ts
var SCMI_DEVICE_ID = 32;
var Feature = {
  /** The device can send notifications and delayed responses: there is an event queue. */
  SCMI_P2A_CHANNELS: 1 << 0,
  RING_INDIRECT_DESC: 1 << 28,
  RING_EVENT_IDX: 1 << 29
};
var FeatureHigh = { VERSION_1: 1 << 0 };
var DescriptorFlag = { NEXT: 1, WRITE: 2, INDIRECT: 4 };
var DESCRIPTOR_SIZE = 16;
var AVAIL_NO_INTERRUPT = 1;
var USED_NO_NOTIFY = 1;
var MAX_QUEUE_SIZE = 32768;
var descriptorBytes = (size) => DESCRIPTOR_SIZE * size;
var availableBytes = (size, eventIdx) => 4 + 2 * size + (eventIdx ? 2 : 0);
var usedBytes = (size, eventIdx) => 4 + 8 * size + (eventIdx ? 2 : 0);
var isQueueSize = (size) => size >= 1 && size <= MAX_QUEUE_SIZE && (size & size - 1) === 0;
var wantsEvent = (event, before, after) => (after - event - 1 & 65535) < (after - before & 65535);

// modules/virtio-scmi/src/api.ts
var VIRTIO_DEVICE = defineApi("VIRTIO_DEVICE");

// modules/virtio-scmi/src/testing/driver-ring.ts
var DriverMemory = class {
  constructor(bytes, base) {
    this.used = 0;
    this.base = base;
    this.view = new DataView(bytes);
    this.u8 = new Uint8Array(bytes);
    this.u16 = new Uint16Array(bytes, 0, bytes.byteLength >> 1);
  }
  /** Sets `length` bytes aside; answers their offset. RangeError when the memory is used up. */
  allocate(length, alignment = 16) {
    const at = Math.ceil(this.used / alignment) * alignment;
    if (at + length > this.u8.length) throw new RangeError(`${length} bytes do not fit in the driver\u2019s memory`);
    this.used = at + length;
    return at;
  }
  /** The guest address of an offset. */
  address(offset) {
    return this.base + offset;
  }
};
var DriverRing = class {
  /** Sets a queue of `size` up in `memory`. */
  constructor(memory, size, eventIdx) {
    /** The id and length of the entry that `take` answered for. */
    this.id = 0;
    this.length = 0;
    /** The available index as offered, and as it was when the last kick was decided. */
    this.offered = 0;
    this.announced = 0;
    this.taken = 0;
    this.interrupts = true;
    this.memory = memory;
    this.size = size;
    this.eventIdx = eventIdx;
    this.descriptorsAt = memory.allocate(descriptorBytes(size));
    this.availableAt = memory.allocate(availableBytes(size, true));
    this.usedAt = memory.allocate(usedBytes(size, true));
  }
  /** Clears the ring; both indices start at `index`. */
  reset(index = 0) {
    const { u8, u16 } = this.memory;
    u8.fill(0, this.descriptorsAt, this.descriptorsAt + descriptorBytes(this.size));
    u8.fill(0, this.availableAt, this.availableAt + availableBytes(this.size, true));
    u8.fill(0, this.usedAt, this.usedAt + usedBytes(this.size, true));
    u16[(this.availableAt >> 1) + 1] = index;
    u16[(this.usedAt >> 1) + 1] = index;
    this.offered = index;
    this.announced = index;
    this.taken = index;
    this.interrupts = true;
    this.setUsedEvent(index);
  }
  /** Writes a descriptor into the table at `table` (an offset; left out: the queue's own). */
  describe(index, words, table = this.descriptorsAt) {
    this.setDescriptor(
      table + DESCRIPTOR_SIZE * index,
      words.low,
      words.high ?? 0,
      words.length,
      words.flags ?? 0,
      words.next ?? 0
    );
  }
  /** The same at an offset in memory, word by word. */
  setDescriptor(at, low, high, length, flags, next) {
    const { view } = this.memory;
    view.setUint32(at, low, true);
    view.setUint32(at + 4, high, true);
    view.setUint32(at + 8, length, true);
    view.setUint16(at + 12, flags, true);
    view.setUint16(at + 14, next, true);
  }
  // ---------------------------------------------------------------- available
  /** Makes the chain at `head` available. */
  offer(head) {
    const { u16 } = this.memory;
    u16[(this.availableAt >> 1) + 2 + (this.offered & this.size - 1)] = head;
    this.setAvailableIndex(this.offered + 1);
  }
  /** The available index; a driver has no business to set it by hand. */
  get availableIndex() {
    return this.offered;
  }
  setAvailableIndex(index) {
    this.offered = index & 65535;
    Atomics.store(this.memory.u16, (this.availableAt >> 1) + 1, this.offered);
  }
  /** Whether the device wants a kick for what was offered since this was asked last. */
  needsKick() {
    const { u16 } = this.memory;
    const before = this.announced;
    if (before === this.offered) return false;
    this.announced = this.offered;
    const used = this.usedAt >> 1;
    if (this.eventIdx) return wantsEvent(Atomics.load(u16, used + 2 + 4 * this.size), before, this.offered);
    return (Atomics.load(u16, used) & USED_NO_NOTIFY) === 0;
  }
  /** Sets the flags of the available ring. */
  setAvailableFlags(flags) {
    Atomics.store(this.memory.u16, this.availableAt >> 1, flags);
  }
  /** Sets the event word of the available ring: the used index that is to be heard of. */
  setUsedEvent(index) {
    Atomics.store(this.memory.u16, (this.availableAt >> 1) + 2 + this.size, index & 65535);
  }
  // ---------------------------------------------------------------- used
  /** Whether the device has returned a buffer that has not been taken; it is then in `id` and `length`. */
  take() {
    if (this.usedIndex === this.taken) return false;
    const at = this.usedAt + 4 + 8 * (this.taken & this.size - 1);
    this.id = this.memory.view.getUint32(at, true);
    this.length = this.memory.view.getUint32(at + 4, true);
    this.taken = this.taken + 1 & 65535;
    if (this.interrupts) this.setUsedEvent(this.taken);
    return true;
  }
  /** The used index, as the device has published it. */
  get usedIndex() {
    return Atomics.load(this.memory.u16, (this.usedAt >> 1) + 1);
  }
  /** Buffers offered and not returned. */
  get outstanding() {
    return this.offered - this.usedIndex & 65535;
  }
  /** Asks for interrupts, or for none. Answers whether there is something to take already. */
  setInterrupts(wanted) {
    this.interrupts = wanted;
    if (this.eventIdx) this.setUsedEvent(wanted ? this.taken : this.taken - 1);
    else this.setAvailableFlags(wanted ? 0 : AVAIL_NO_INTERRUPT);
    return this.usedIndex !== this.taken;
  }
};

// modules/virtio-scmi/src/testing/driver.ts
var TABLE_ENTRIES = 1024;
var DRIVER_FEATURES = Feature.SCMI_P2A_CHANNELS | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
var WHOLE = {};
var ScmiDriver = class {
  constructor(memory, options = {}) {
    /** Bytes that the device wrote for the command that `reap` answered. */
    this.length = 0;
    this.freeSlotCount = 0;
    this.firstFree = 0;
    this.freeCount = 0;
    const size = options.queueSize ?? 256;
    const commands = options.commands ?? Math.max(1, Math.min(64, size >> 1));
    this.memory = memory;
    this.features = options.features ?? DRIVER_FEATURES;
    this.requestSize = options.requestSize ?? 256;
    this.responseSize = options.responseSize ?? 1024;
    this.eventSize = options.eventSize ?? 1024;
    this.eventCount = options.events ?? Math.min(16, size);
    const eventIdx = (this.features & Feature.RING_EVENT_IDX) !== 0;
    this.commands = new DriverRing(memory, size, eventIdx);
    this.events = new DriverRing(memory, size, eventIdx);
    this.slots = new Int32Array(commands);
    for (let slot = 0; slot < commands; slot++) {
      this.slots[slot] = memory.allocate(this.requestSize + this.responseSize + TABLE_ENTRIES * DESCRIPTOR_SIZE);
    }
    this.eventsAt = memory.allocate(this.eventSize * this.eventCount);
    this.freeSlots = new Int32Array(commands);
    this.links = new Int32Array(size);
    this.slotOf = new Int32Array(size);
    this.chainLengths = new Int32Array(size);
    this.reset();
  }
  /** Forgets everything under way; both rings start at `index`. */
  reset(index = 0) {
    this.commands.reset(index);
    this.events.reset(index);
    this.freeSlotCount = this.freeSlots.length;
    for (let at = 0; at < this.freeSlots.length; at++) this.freeSlots[at] = at;
    for (let at = 0; at < this.links.length; at++) this.links[at] = at + 1;
    this.firstFree = 0;
    this.freeCount = this.links.length;
  }
  // ---------------------------------------------------------------- commands
  /**
   * Makes a command available: `request` with its header, room for `capacity` bytes of answer. Answers the slot it is in,
   * -1 when there is none free, or not enough descriptors. RangeError when it is longer than the driver was set up for.
   */
  post(request2, capacity, cut = WHOLE) {
    if (request2.length > this.requestSize || capacity > this.responseSize) {
      throw new RangeError(`${request2.length} bytes with room for ${capacity}: more than this driver has buffers for`);
    }
    const requestCut = cut.request ?? this.requestSize;
    const responseCut = cut.response ?? this.responseSize;
    const needed = Math.ceil(request2.length / requestCut) + Math.ceil(capacity / responseCut);
    const indirect = (this.features & Feature.RING_INDIRECT_DESC) !== 0 && needed > 1;
    const taken = indirect ? 1 : needed;
    if (this.freeSlotCount === 0 || taken > this.freeCount || needed === 0 || needed > TABLE_ENTRIES) return -1;
    const slot = this.freeSlots[--this.freeSlotCount] ?? 0;
    const requestAt = this.slots[slot] ?? 0;
    const responseAt = requestAt + this.requestSize;
    for (let at = 0; at < request2.length; at++) this.memory.u8[requestAt + at] = request2[at] ?? 0;
    const head = this.firstFree;
    const table = indirect ? responseAt + this.responseSize : this.commands.descriptorsAt;
    let index = indirect ? 0 : head;
    for (let made = 0, at = 0; made < needed; made++) {
      const writable = at >= request2.length;
      const end = writable ? request2.length + capacity : request2.length;
      const length = Math.min(writable ? responseCut : requestCut, end - at);
      const next = indirect ? index + 1 : this.links[index] ?? 0;
      const flags = (writable ? DescriptorFlag.WRITE : 0) | (made + 1 < needed ? DescriptorFlag.NEXT : 0);
      const address = this.memory.address(writable ? responseAt + at - request2.length : requestAt + at);
      this.set(table + DESCRIPTOR_SIZE * index, address, length, flags, made + 1 < needed ? next : 0);
      at += length;
      index = next;
    }
    if (indirect) {
      const at = this.commands.descriptorsAt + DESCRIPTOR_SIZE * head;
      this.set(at, this.memory.address(table), DESCRIPTOR_SIZE * needed, DescriptorFlag.INDIRECT, 0);
      index = this.links[head] ?? 0;
    }
    this.firstFree = index;
    this.freeCount -= taken;
    this.chainLengths[head] = taken;
    this.slotOf[head] = slot;
    this.commands.offer(head);
    return slot;
  }
  set(at, address, length, flags, next) {
    this.commands.setDescriptor(at, address, Math.floor(address / 4294967296), length, flags, next);
  }
  /**
   * Takes an answered command back. Answers its slot, -1 when there is none; `length` then tells how many bytes of the
   * slot's response count. RangeError when the device returns what it was not given.
   */
  reap() {
    const { commands } = this;
    if (!commands.take()) return -1;
    const head = commands.id;
    const chain = this.chainLengths[head] ?? 0;
    if (chain === 0) throw new RangeError(`the device returns descriptor ${head}, which it does not have`);
    this.length = commands.length;
    let tail = head;
    for (let step = 1; step < chain; step++) tail = this.links[tail] ?? 0;
    this.links[tail] = this.firstFree;
    this.firstFree = head;
    this.freeCount += chain;
    this.chainLengths[head] = 0;
    const slot = this.slotOf[head] ?? 0;
    this.freeSlots[this.freeSlotCount++] = slot;
    return slot;
  }
  /** A copy of the first `length` bytes of a slot's response, to be taken before the slot is used again. */
  response(slot, length = this.length) {
    const at = (this.slots[slot] ?? 0) + this.requestSize;
    return this.memory.u8.slice(at, at + Math.min(length, this.responseSize));
  }
  // ---------------------------------------------------------------- events
  /** Offers all event buffers; once after a reset. */
  postEvents() {
    for (let index = 0; index < this.eventCount; index++) this.postEvent(index);
  }
  postEvent(index) {
    const address = this.memory.address(this.eventsAt + index * this.eventSize);
    this.events.describe(index, {
      low: address,
      high: Math.floor(address / 4294967296),
      length: this.eventSize,
      flags: DescriptorFlag.WRITE
    });
    this.events.offer(index);
  }
  /**
   * A copy of the next event, header first, undefined when there is none. Its buffer is offered again. RangeError when the
   * device returns what it was not given.
   */
  takeEvent() {
    const { events } = this;
    if (!events.take()) return void 0;
    if (events.id >= this.eventCount) {
      throw new RangeError(`the device returns event buffer ${events.id}, which it does not have`);
    }
    const at = this.eventsAt + events.id * this.eventSize;
    const bytes = this.memory.u8.slice(at, at + Math.min(events.length, this.eventSize));
    this.postEvent(events.id);
    return bytes;
  }
};

// modules/virtio-scmi/src/chain.ts
var Defect = {
  NONE: 0,
  INDEX: 1,
  HEAD: 2,
  NEXT: 3,
  LOOP: 4,
  ADDRESS: 5,
  ORDER: 6,
  TOTAL: 7,
  INDIRECT_FEATURE: 8,
  INDIRECT_FLAGS: 9,
  INDIRECT_LENGTH: 10,
  INDIRECT_ADDRESS: 11
};
var TEXTS = [
  "nothing",
  "more buffers available than the queue has",
  "a head beyond the descriptor table",
  "a descriptor links beyond its table",
  "a chain longer than its table",
  "a buffer outside guest memory",
  "a readable descriptor after a writable one",
  "a chain of more than 4 GiB",
  "an indirect table without the feature",
  "an indirect descriptor inside a table, or with a next one",
  "an indirect table of a wrong length",
  "an indirect table outside guest memory"
];
var defectText = (defect) => TEXTS[defect] ?? "unknown";
var WRITABLE_KEPT = 1024;
var INDIRECT_LIMIT = 1024;
var TOTAL_LIMIT = 4294967295;
function copyBytes(to, toAt, from, fromAt, length) {
  let at = 0;
  for (const words = length - 3; at < words; at += 4) to.setUint32(toAt + at, from.getUint32(fromAt + at, true), true);
  for (; at < length; at++) to.setUint8(toAt + at, from.getUint8(fromAt + at));
}
var Chain = class {
  constructor() {
    /** The descriptor that names the chain towards the driver. */
    this.head = 0;
    /** Bytes of its readable part; as many as fit have been copied. */
    this.readable = 0;
    /** Bytes of its writable part that can be filled, at most WRITABLE_KEPT. */
    this.writable = 0;
    this.total = 0;
    this.hasWritable = false;
    this.count = 0;
    this.lows = new Int32Array(WRITABLE_KEPT);
    this.highs = new Int32Array(WRITABLE_KEPT);
    this.lengths = new Int32Array(WRITABLE_KEPT);
  }
  /**
   * Walks the chain from `head` in the descriptor table of `size` entries and copies its readable bytes into `request` as
   * far as that goes. `indirect` says whether indirect tables are negotiated.
   */
  walk(memory, table, size, head, indirect, request2) {
    this.head = head;
    this.readable = 0;
    this.writable = 0;
    this.total = 0;
    this.hasWritable = false;
    this.count = 0;
    let view = table.window.view;
    let base = table.offset;
    let limit = size;
    let index = head;
    let steps = 0;
    let inTable = false;
    for (; ; ) {
      if (index >= limit) return Defect.NEXT;
      if (++steps > limit) return Defect.LOOP;
      const at = base + DESCRIPTOR_SIZE * index;
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      const length = view.getUint32(at + 8, true);
      const flags = view.getUint16(at + 12, true);
      const next = view.getUint16(at + 14, true);
      if ((flags & DescriptorFlag.INDIRECT) !== 0) {
        if (!indirect) return Defect.INDIRECT_FEATURE;
        if (inTable || (flags & DescriptorFlag.NEXT) !== 0) return Defect.INDIRECT_FLAGS;
        const most = Math.min(Math.max(size, 2), INDIRECT_LIMIT);
        if (length === 0 || (length & DESCRIPTOR_SIZE - 1) !== 0 || length > DESCRIPTOR_SIZE * most) {
          return Defect.INDIRECT_LENGTH;
        }
        const window = memory.find(low, high, length);
        if (window === void 0) return Defect.INDIRECT_ADDRESS;
        view = window.view;
        base = memory.offset;
        limit = length >>> 4;
        index = 0;
        steps = 0;
        inTable = true;
        continue;
      }
      const writable = (flags & DescriptorFlag.WRITE) !== 0;
      if (!writable && this.hasWritable) return Defect.ORDER;
      this.hasWritable = writable;
      const defect = this.add(memory, low, high, length, writable, request2);
      if (defect !== Defect.NONE) return defect;
      if ((flags & DescriptorFlag.NEXT) === 0) return Defect.NONE;
      index = next;
    }
  }
  /** Takes one buffer, which may go on from one window or region into the next. */
  add(memory, low, high, length, writable, request2) {
    if (length > TOTAL_LIMIT - this.total) return Defect.TOTAL;
    this.total += length;
    let left = length;
    while (left > 0) {
      const window = memory.at(low, high);
      if (window === void 0) return Defect.ADDRESS;
      const part = left < memory.remaining ? left : memory.remaining;
      if (writable) {
        this.keep(low, high, part);
      } else {
        if (request2 !== void 0 && this.readable < request2.byteLength) {
          const room = request2.byteLength - this.readable;
          copyBytes(request2, this.readable, window.view, memory.offset, part < room ? part : room);
        }
        this.readable += part;
      }
      left -= part;
      if (left > 0) {
        const sum = (low >>> 0) + part;
        low = sum | 0;
        if (sum > 4294967295) high = high + 1 | 0;
      }
    }
    return Defect.NONE;
  }
  keep(low, high, length) {
    const room = WRITABLE_KEPT - this.writable;
    if (room === 0) return;
    const kept = length < room ? length : room;
    this.lows[this.count] = low;
    this.highs[this.count] = high;
    this.lengths[this.count] = kept;
    this.count++;
    this.writable += kept;
  }
  /**
   * Fills the writable part with `length` bytes (at most `writable`) of `from`, beginning at `at`. False when it is not in
   * memory any more.
   */
  write(memory, from, at, length) {
    let done = 0;
    for (let segment = 0; done < length && segment < this.count; segment++) {
      const room = this.lengths[segment] ?? 0;
      const part = length - done < room ? length - done : room;
      const window = memory.find(this.lows[segment] ?? 0, this.highs[segment] ?? 0, part);
      if (window === void 0) return false;
      copyBytes(window.view, memory.offset, from, at + done, part);
      done += part;
    }
    return done === length;
  }
};

// modules/virtio-scmi/src/split-queue.ts
var Found = { NOTHING: 0, CHAIN: 1, DEFECT: 2 };
var fits = ({ window, offset }, bytes, alignment) => offset >= 0 && offset % alignment === 0 && offset + bytes <= window.length;
var SplitQueue = class {
  /** Takes up a queue whose set-up has passed `check`. The used index goes on from what is in memory. */
  constructor(setup, features, chain) {
    /** What was wrong when `peek` answered DEFECT. */
    this.defect = Defect.NONE;
    this.suppressed = false;
    const { size, next, descriptors, available, used } = setup;
    this.chain = chain;
    this.features = features;
    this.size = size;
    this.mask = size - 1;
    this.next = next & 65535;
    this.seen = this.next;
    this.descriptors = descriptors;
    this.avail16 = available.window.u16;
    this.availAt = available.offset >> 1;
    this.usedEventAt = this.availAt + 2 + size;
    this.used16 = used.window.u16;
    this.usedView = used.window.view;
    this.usedAt = used.offset >> 1;
    this.usedOffset = used.offset;
    this.availEventAt = this.usedAt + 2 + 4 * size;
    this.published = Atomics.load(this.used16, this.usedAt + 1);
    this.decided = this.published;
    Atomics.store(this.used16, this.usedAt, 0);
  }
  /** What is wrong with a set-up, undefined when nothing is. */
  static check({ size, descriptors, available, used }, { eventIdx }) {
    if (!isQueueSize(size)) return `a size of ${size}`;
    if (!fits(descriptors, descriptorBytes(size), 16)) return "a misplaced descriptor table";
    if (!fits(available, availableBytes(size, eventIdx), 2)) return "a misplaced available ring";
    if (!fits(used, usedBytes(size, eventIdx), 4)) return "a misplaced used ring";
    return void 0;
  }
  /** How many chains the driver has made available and nobody has taken; more than the size is a defect. */
  waiting() {
    this.seen = Atomics.load(this.avail16, this.availAt + 1);
    return this.seen - this.next & 65535;
  }
  /**
   * Walks the next available chain into `chain`, its readable part into `request`, without taking it. DEFECT says that the
   * driver broke a rule: the queue must not be used any more.
   */
  peek(memory, request2) {
    if (this.seen === this.next && this.waiting() === 0) return Found.NOTHING;
    if ((this.seen - this.next & 65535) > this.size) return this.fail(Defect.INDEX);
    this.suppress();
    const head = this.avail16[this.availAt + 2 + (this.next & this.mask)] ?? 0;
    if (head >= this.size) return this.fail(Defect.HEAD);
    const defect = this.chain.walk(memory, this.descriptors, this.size, head, this.features.indirect, request2);
    return defect === Defect.NONE ? Found.CHAIN : this.fail(defect);
  }
  fail(defect) {
    this.defect = defect;
    return Found.DEFECT;
  }
  /** Takes the chain that `peek` found. */
  take() {
    this.next = this.next + 1 & 65535;
  }
  /** Puts the chain taken last back, to be found again. */
  untake() {
    this.next = this.next - 1 & 65535;
  }
  /** Returns a chain to the driver with `length` bytes written. */
  give(head, length) {
    const at = this.usedOffset + 4 + 8 * (this.published & this.mask);
    this.usedView.setUint32(at, head, true);
    this.usedView.setUint32(at + 4, length, true);
    this.published = this.published + 1 & 65535;
    Atomics.store(this.used16, this.usedAt + 1, this.published);
  }
  /** Whether the driver wants an interrupt for what was returned since the last time this was asked. */
  wantsInterrupt() {
    const before = this.decided;
    if (before === this.published) return false;
    this.decided = this.published;
    if (this.features.eventIdx) {
      return wantsEvent(Atomics.load(this.avail16, this.usedEventAt), before, this.published);
    }
    return (Atomics.load(this.avail16, this.availAt) & AVAIL_NO_INTERRUPT) === 0;
  }
  /** Asks for no kicks while there is work; with EVENT_IDX an event word that stays behind says so by itself. */
  suppress() {
    if (this.features.eventIdx || this.suppressed) return;
    this.suppressed = true;
    Atomics.store(this.used16, this.usedAt, USED_NO_NOTIFY);
  }
  /** Asks for a kick at the next buffer. Answers whether one has come since the last look, for which there may be no kick. */
  arm() {
    const { seen } = this;
    if (this.features.eventIdx) {
      Atomics.store(this.used16, this.availEventAt, seen);
    } else {
      this.suppressed = false;
      Atomics.store(this.used16, this.usedAt, 0);
    }
    this.waiting();
    return this.seen !== seen;
  }
};

// modules/virtio-scmi/src/event-queue.ts
var MESSAGE_SIZE = 1024;
var LOOK_LIMIT = 64;
var Outcome = {
  SENT: 0,
  /** There is no buffer. */
  NO_BUFFER: 1,
  /** The only buffer is too small for it. */
  TOO_SMALL: 2,
  /** There may be a buffer behind those that were looked at. */
  LOOK_AGAIN: 3,
  /** The driver broke a rule; the queue must not be used any more. */
  DEFECT: 4
};
var EventQueue = class {
  /** Keeps up to `capacity` messages. */
  constructor(capacity) {
    /** The queue while it runs. */
    this.queue = void 0;
    /** Notifications dropped so far. */
    this.dropped = 0;
    this.count = 0;
    this.bytes = new DataView(new ArrayBuffer(capacity * MESSAGE_SIZE));
    this.lengths = new Int32Array(capacity);
    this.delayed = new Uint8Array(capacity);
    this.order = Int32Array.from({ length: capacity }, (_, slot) => slot);
  }
  /** Messages waiting. */
  get waiting() {
    return this.count;
  }
  /** Keeps a message of `length` bytes. False when there is no room, or it is too long. */
  hold(message, length, delayed) {
    if (this.count === this.order.length || length > MESSAGE_SIZE) return false;
    const slot = this.order[this.count] ?? 0;
    this.count++;
    copyBytes(this.bytes, slot * MESSAGE_SIZE, message, 0, length);
    this.lengths[slot] = length;
    this.delayed[slot] = delayed ? 1 : 0;
    return true;
  }
  /** Forgets what waits. */
  clear() {
    this.count = 0;
  }
  /**
   * Publishes one message of `length` bytes from `at` of `message`. A buffer that is no event buffer goes back empty, and
   * so does one too small for a delayed response as soon as another is behind it.
   */
  publish(memory, message, at, length, delayed) {
    const { queue } = this;
    if (queue === void 0) return Outcome.NO_BUFFER;
    const { chain } = queue;
    for (let looked = 0; looked < LOOK_LIMIT; looked++) {
      const found = queue.peek(memory, void 0);
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
   * Publishes what waits, as far as there are buffers; notifications that find none are dropped. Answers the outcome for
   * the first delayed response that has to wait on, SENT when nothing waits.
   */
  deliver(memory) {
    let outcome = Outcome.SENT;
    let kept = 0;
    for (let index = 0; index < this.count; index++) {
      const slot = this.order[index] ?? 0;
      const delayed = this.delayed[slot] === 1;
      const result = outcome === Outcome.DEFECT || delayed && outcome !== Outcome.SENT ? outcome : this.publish(memory, this.bytes, slot * MESSAGE_SIZE, this.lengths[slot] ?? 0, delayed);
      if (result === Outcome.SENT) continue;
      if (result === Outcome.DEFECT) outcome = result;
      if (!delayed) {
        this.dropped++;
        continue;
      }
      if (outcome === Outcome.SENT) outcome = result;
      this.order[index] = this.order[kept] ?? 0;
      this.order[kept] = slot;
      kept++;
    }
    this.count = kept;
    return outcome;
  }
};

// modules/virtio-scmi/src/events.ts
var RUN = defineEvent("RUN");

// modules/virtio-scmi/src/device.ts
var COMMAND_QUEUE = 0;
var EVENT_QUEUE = 1;
var OFFERED = Feature.SCMI_P2A_CHANNELS | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
var MIN_REQUEST = 4;
var MIN_RESPONSE = 8;
var BATCH = 64;
var RETRY_US = 1e3;
var ScmiDevice = class {
  constructor(framework, id, delayedResponses) {
    this.deviceId = SCMI_DEVICE_ID;
    this.queueCount = 2;
    this.features = OFFERED;
    this.featuresHigh = FeatureHigh.VERSION_1;
    this.service = void 0;
    this.request = void 0;
    this.response = void 0;
    this.transport = void 0;
    this.accepted = 0;
    this.memory = void 0;
    this.commands = void 0;
    this.commandChain = new Chain();
    this.eventChain = new Chain();
    /** The page that events came in last, and a view of it. */
    this.eventPage = void 0;
    this.eventView = void 0;
    /** The index to go on from, of each queue. */
    this.resume = [0, 0];
    /** A RUN event is on its way. */
    this.scheduled = false;
    /** The service has a command that it has not answered. */
    this.busy = false;
    /** Its answer is not wanted any more: the queue was stopped meanwhile. */
    this.orphaned = false;
    /** The queue is being stopped: commands under way end, none is taken. */
    this.stopping = false;
    /** Chains returned since it was last decided whether to interrupt. */
    this.returned = 0;
    this.framework = framework;
    this.id = id;
    this.name = framework.nameOf(id);
    this.limit = new LogLimit(framework.host.now());
    this.events = new EventQueue(delayedResponses);
    this.retry = framework.createAlarm(id, () => this.schedule());
  }
  /** Names the service that answers this channel. */
  serve(service) {
    const view = ({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.service = service;
    this.request = view(service.request);
    this.response = view(service.response);
  }
  // ---------------------------------------------------------------- towards the transport
  attach(transport) {
    this.transport = transport;
  }
  acceptFeatures(low, high) {
    if ((low & ~OFFERED) !== 0 || high !== FeatureHigh.VERSION_1) return false;
    this.accepted = low;
    return true;
  }
  setMemory(memory) {
    this.memory = memory;
  }
  start(queue, setup) {
    const features = {
      indirect: (this.accepted & Feature.RING_INDIRECT_DESC) !== 0,
      eventIdx: (this.accepted & Feature.RING_EVENT_IDX) !== 0
    };
    const defect = SplitQueue.check(setup, features);
    if (defect !== void 0) return defect;
    if (queue === COMMAND_QUEUE) {
      this.commands = new SplitQueue(setup, features, this.commandChain);
      this.returned = 0;
      this.schedule();
    } else if (queue === EVENT_QUEUE) {
      this.events.queue = new SplitQueue(setup, features, this.eventChain);
      this.schedule();
    }
    return void 0;
  }
  stop(queue) {
    if (queue === COMMAND_QUEUE) this.stopCommands();
    if (queue === EVENT_QUEUE) this.stopEvents();
    return this.resume[queue] ?? 0;
  }
  stopCommands() {
    const { commands } = this;
    if (commands === void 0) return;
    if (this.busy && !this.orphaned && this.framework.running) {
      this.stopping = true;
      this.framework.drain(this.id);
      this.stopping = false;
    }
    if (this.commands === void 0) return;
    if (this.busy && !this.orphaned) {
      this.orphaned = true;
      commands.untake();
    }
    this.interruptCommands();
    this.resume[COMMAND_QUEUE] = commands.next;
    this.commands = void 0;
  }
  stopEvents() {
    const { queue } = this.events;
    if (queue === void 0) return;
    this.resume[EVENT_QUEUE] = queue.next;
    this.events.queue = void 0;
  }
  kick(queue) {
    if (queue === COMMAND_QUEUE ? this.commands !== void 0 : this.events.waiting > 0) this.schedule();
  }
  reset() {
    this.commands = void 0;
    this.events.queue = void 0;
    this.events.clear();
    this.resume.fill(0);
    this.accepted = 0;
    this.busy = false;
    this.orphaned = false;
    this.returned = 0;
    this.service?.reset();
    this.events.clear();
  }
  /** Drops everything that refers to the transport's memory: the stop stage. */
  close() {
    this.commands = void 0;
    this.events.queue = void 0;
    this.memory = void 0;
    this.retry.stop();
  }
  // ---------------------------------------------------------------- the command queue
  schedule() {
    if (this.scheduled) return;
    const status = this.framework.put(RUN, this.id, this.id);
    this.scheduled = status === Status.SUCCESS;
    if (status === Status.E_NOMEM) this.retry.start(RETRY_US);
  }
  /** The event RUN. */
  run() {
    this.scheduled = false;
    if (this.events.waiting > 0 && !this.busy) this.deliver();
    const { commands, memory } = this;
    if (commands === void 0 || memory === void 0 || this.stopping) return;
    if (this.busy) {
      this.interruptCommands();
      return;
    }
    const found = commands.peek(memory, this.request);
    if (found === Found.CHAIN) {
      if (this.submit(commands)) this.schedule();
      if (this.returned >= BATCH) this.interruptCommands();
    } else if (found === Found.NOTHING) {
      if (commands.arm()) this.schedule();
      else this.interruptCommands();
    } else {
      this.fail(COMMAND_QUEUE, commands.defect);
    }
  }
  /** Hands the chain just found to the service. False when that can't be now. */
  submit(commands) {
    const { chain } = commands;
    commands.take();
    if (chain.readable < MIN_REQUEST || chain.writable < MIN_RESPONSE) {
      commands.give(chain.head, 0);
      this.returned++;
      return true;
    }
    this.busy = true;
    if (this.service?.signal(chain.readable, chain.writable) === true) return true;
    this.busy = false;
    commands.untake();
    this.interruptCommands();
    this.retry.start(RETRY_US);
    return false;
  }
  respond(length) {
    if (!this.busy) return;
    this.busy = false;
    const { commands, memory, response: response2 } = this;
    if (this.orphaned) {
      this.orphaned = false;
    } else if (commands !== void 0 && memory !== void 0 && response2 !== void 0) {
      const { chain } = commands;
      const written = Math.min(length, chain.writable, response2.byteLength);
      if (chain.write(memory, response2, 0, written)) {
        commands.give(chain.head, written);
        this.returned++;
      } else {
        this.fail(COMMAND_QUEUE, Defect.ADDRESS);
      }
    }
    if (this.events.waiting > 0) this.deliver();
    this.schedule();
  }
  interruptCommands() {
    if (this.returned === 0) return;
    this.returned = 0;
    if (this.commands?.wantsInterrupt() === true) this.transport?.signal(COMMAND_QUEUE);
  }
  // ---------------------------------------------------------------- the event queue
  get hasP2a() {
    return (this.accepted & Feature.SCMI_P2A_CHANNELS) !== 0 && this.events.queue !== void 0;
  }
  transmit(page, length, delayed) {
    const { memory, events } = this;
    const view = this.viewOf(page);
    if (memory === void 0 || !this.hasP2a) return this.refuse(delayed);
    if (this.busy) return events.hold(view, length, delayed) || this.refuse(delayed);
    if (delayed && events.waiting > 0) return events.hold(view, length, true) || this.refuse(true);
    const outcome = events.publish(memory, view, 0, length, delayed);
    this.interruptEvents();
    if (outcome === Outcome.SENT) return true;
    if (outcome === Outcome.DEFECT) this.failEvents();
    if (!delayed) return this.refuse(false);
    if (!events.hold(view, length, true)) return this.refuse(true);
    this.schedule();
    return true;
  }
  viewOf(page) {
    if (this.eventPage !== page || this.eventView === void 0) {
      const { bytes } = page;
      this.eventPage = page;
      this.eventView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.eventView;
  }
  refuse(delayed) {
    this.events.dropped++;
    this.warn(delayed ? "delayed response dropped: too many wait" : "notification dropped: no event buffer for it");
    return false;
  }
  /** Publishes what waits; afterwards a kick comes, or RUN, when there is a buffer for what still waits. */
  deliver() {
    const { memory, events } = this;
    const { queue } = events;
    if (memory === void 0 || queue === void 0) return;
    const before = events.dropped;
    const outcome = events.deliver(memory);
    if (events.dropped !== before) this.warn("notifications dropped: no event buffers for them");
    if (outcome === Outcome.DEFECT) {
      this.failEvents();
      return;
    }
    this.interruptEvents();
    const waits = outcome === Outcome.NO_BUFFER || outcome === Outcome.TOO_SMALL;
    if (outcome === Outcome.LOOK_AGAIN || waits && queue.arm()) this.schedule();
  }
  interruptEvents() {
    if (this.events.queue?.wantsInterrupt() === true) this.transport?.signal(EVENT_QUEUE);
  }
  // ---------------------------------------------------------------- defects
  fail(queue, defect) {
    if (queue === COMMAND_QUEUE) {
      this.interruptCommands();
      this.resume[COMMAND_QUEUE] = this.commands?.next ?? 0;
      this.commands = void 0;
    } else {
      this.interruptEvents();
      this.stopEvents();
    }
    this.transport?.broken(queue, defectText(defect));
  }
  failEvents() {
    this.fail(EVENT_QUEUE, this.events.queue?.defect ?? Defect.NONE);
  }
  warn(text) {
    const { framework, limit } = this;
    if (!limit.take(framework.host.now())) return;
    const more = limit.suppressed > 0 ? ` (and ${limit.suppressed} more lines like this)` : "";
    limit.suppressed = 0;
    framework.log.warn(`[VIRTIO-SCMI] ${this.name}: ${text}${more}`);
  }
};

// modules/virtio-scmi/src/module.ts
var create = (framework) => {
  const devices = [];
  const services = [];
  const deviceOf = (id) => isElementId(id) ? devices[elementIndex(id)] : void 0;
  return {
    apis: [
      provide(SCMI_TRANSPORT, (source, target) => {
        const device = deviceOf(target);
        if (device === void 0 || !isElementId(target)) return Status.E_PARAM;
        const index = elementIndex(target);
        if (!isElementId(source) || services[index] !== void 0) return Status.E_ACCESS;
        services[index] = source;
        return device;
      }),
      provide(VIRTIO_DEVICE, (_source, target) => deviceOf(target) ?? Status.E_PARAM)
    ],
    init() {
    },
    elementInit(id, { delayedResponses }) {
      framework.createContext(id);
      devices[elementIndex(id)] = new ScmiDevice(framework, id, delayedResponses);
    },
    bind(id, round) {
      if (round === 0 || !isElementId(id)) return;
      const service = services[elementIndex(id)];
      if (service === void 0) {
        throw new FrameworkError(Status.E_DATA, "no agent of the scmi module has this device as its transport");
      }
      deviceOf(id)?.serve(framework.bind(service, SCMI_SERVICE));
    },
    stop(id) {
      deviceOf(id)?.close();
    },
    processEvent(event) {
      deviceOf(event.target)?.run();
      return Status.SUCCESS;
    }
  };
};
var definition = {
  name: "virtio-scmi",
  type: "DRIVER",
  apis: [SCMI_TRANSPORT, VIRTIO_DEVICE],
  events: [RUN],
  create
};
var module_default = definition;

// modules/virtio-scmi/test/rig.ts
var COMMAND = defineEvent("COMMAND", ["generation"]);
var BASE = 1073741824;
var EchoService = class {
  request = new Page(252);
  response = new Page(1020);
  /** Leaves commands pending until `finish`. */
  holds = false;
  /** Takes no command, as a hub without events would. */
  refuses = false;
  /** Called when a command is handled, before it is answered. */
  handling = void 0;
  resets = 0;
  /** Requests handled: length and bytes. */
  handled = [];
  records = true;
  transport = void 0;
  busy = false;
  length = 0;
  capacity = 0;
  params = { generation: 0 };
  framework;
  id;
  constructor(framework, id) {
    this.framework = framework;
    this.id = id;
  }
  signal(length, capacity) {
    if (this.busy || this.refuses) return false;
    this.length = length;
    this.capacity = capacity;
    this.busy = this.framework.put(COMMAND, this.id, this.id, this.params) === Status.SUCCESS;
    return this.busy;
  }
  reset() {
    this.resets++;
    this.busy = false;
    this.params.generation++;
  }
  handle(generation) {
    if (!this.busy || generation !== this.params.generation) return;
    if (this.records) {
      this.handled.push({
        length: this.length,
        capacity: this.capacity,
        bytes: this.request.bytes.slice(0, this.length)
      });
    }
    this.handling?.();
    if (!this.holds) this.finish();
  }
  /** Answers the command under way. */
  finish() {
    const { request: request2, response: response2 } = this;
    const payload = Math.min(this.length - 4, 252);
    const fits2 = 8 + payload <= this.capacity;
    response2.header = request2.header;
    response2.set(0, fits2 ? 0 : -8);
    if (fits2) for (let at = 0; at < payload; at++) response2.bytes[8 + at] = request2.bytes[4 + at] ?? 0;
    this.busy = false;
    this.transport?.respond(fits2 ? 8 + payload : 8);
  }
};
var echoModule = (services) => ({
  name: "echo",
  type: "SERVICE",
  apis: [SCMI_SERVICE],
  events: [COMMAND],
  create: (framework) => {
    const transports = [];
    return {
      apis: [
        provide(
          SCMI_SERVICE,
          (_source, target) => isElementId(target) ? services[elementIndex(target)] ?? Status.E_PARAM : Status.E_PARAM
        )
      ],
      init: () => void 0,
      elementInit(id, { transport }) {
        services.push(new EchoService(framework, id));
        transports.push(transport);
      },
      bind(id, round) {
        if (round === 1 || !isElementId(id)) return;
        const service = services[elementIndex(id)];
        const transport = transports[elementIndex(id)];
        if (service !== void 0 && transport !== void 0) {
          service.transport = framework.bind(transport, SCMI_TRANSPORT);
        }
      },
      processEvent(event) {
        if (isElementId(event.target)) services[elementIndex(event.target)]?.handle(event.param(0));
        return Status.SUCCESS;
      }
    };
  }
});
var transportModule = (devices) => ({
  name: "test-transport",
  type: "DRIVER",
  create: (framework) => {
    const targets = [];
    return {
      init: () => void 0,
      elementInit: (_id, { transport }) => void targets.push(transport),
      bind(id, round) {
        const target = isElementId(id) ? targets[elementIndex(id)] : void 0;
        if (round === 1 && target !== void 0) devices.push(framework.bind(target, VIRTIO_DEVICE));
      }
    };
  }
});
var Side = class {
  device;
  service;
  bytes;
  memory;
  driver;
  /** Interrupts, by queue, and defects reported. */
  interrupts = [0, 0];
  defects = [];
  framework;
  constructor(framework, device, service, options, size) {
    this.framework = framework;
    this.device = device;
    this.service = service;
    this.bytes = new ArrayBuffer(size);
    this.memory = new RegionMemory([{ base: BASE, size, source: new BufferSource(this.bytes) }]);
    this.driver = new ScmiDriver(new DriverMemory(this.bytes, BASE), options);
    device.attach(this);
  }
  signal(queue) {
    this.interrupts[queue] = (this.interrupts[queue] ?? 0) + 1;
  }
  broken(queue, defect) {
    this.defects.push(`${queue}: ${defect}`);
  }
  /** Negotiates and starts both queues. */
  start(index = 0, features = this.driver.features) {
    this.device.reset();
    this.device.acceptFeatures(features, FeatureHigh.VERSION_1);
    this.device.setMemory(this.memory);
    this.driver.reset(index);
    this.startQueue(0, this.driver.commands, index);
    this.startQueue(1, this.driver.events, index);
    this.framework.run();
  }
  startQueue(queue, ring, next) {
    const place = (offset) => {
      const address = BASE + offset;
      const window = this.memory.at(address, 0);
      if (window === void 0) throw new Error("the driver\u2019s ring is not in its memory");
      return { window, offset: this.memory.offset };
    };
    return this.device.start(queue, {
      size: ring.size,
      next,
      descriptors: place(ring.descriptorsAt),
      available: place(ring.availableAt),
      used: place(ring.usedAt)
    });
  }
  /** Kicks when the device asks for it, and lets the firmware run until nothing is left to do. */
  pump() {
    if (this.driver.commands.needsKick()) this.device.kick(0);
    if (this.driver.events.needsKick()) this.device.kick(1);
    this.framework.run();
  }
  /** Sends a command and answers what came back; undefined when nothing did. */
  exchange(request2, capacity = 136, cut = {}) {
    const slot = this.driver.post(request2, capacity, cut);
    if (slot < 0) throw new Error("the driver has no room for another command");
    this.pump();
    return this.driver.reap() === slot ? this.driver.response(slot) : void 0;
  }
};
var Rig = class {
  host = new TestHost();
  framework;
  one;
  other;
  constructor(options = {}) {
    const { driver = {}, memory = 4194304, delayedResponses = 64 } = options;
    const services = [];
    const devices = [];
    const names3 = ["one", "other"];
    const channel = (index) => ({ transport: elementId(0, index) });
    this.framework = new Framework(
      {
        name: "rig",
        version: "0",
        modules: [
          configure(
            module_default,
            {},
            names3.map((name2) => ({ name: name2, config: { delayedResponses } }))
          ),
          configure(
            echoModule(services),
            {},
            names3.map((name2, index) => ({ name: name2, config: channel(index) }))
          ),
          configure(
            transportModule(devices),
            {},
            names3.map((name2, index) => ({ name: name2, config: channel(index) }))
          )
        ]
      },
      this.host,
      options.framework
    );
    this.framework.start();
    const side = (index) => {
      const device = devices[index];
      const service = services[index];
      if (device === void 0 || service === void 0) throw new Error("the rig has two sides");
      const made = new Side(this.framework, device, service, index === 0 ? driver : {}, memory);
      made.start();
      return made;
    };
    this.one = side(0);
    this.other = side(1);
  }
};
function request(word, length = 12) {
  const bytes = Uint8Array.from({ length }, (_, at) => at & 255);
  const header = [word & 255, word >> 8 & 255, word >> 16 & 255, word >>> 24 & 255];
  header.slice(0, length).forEach((byte, at) => bytes[at] = byte);
  return bytes;
}

// modules/vhost-user/.scratch/race.ts
var rig = new Rig();
var one = rig.one;
var sab = new SharedArrayBuffer(4194304);
one.bytes = sab;
one.memory = new RegionMemory([{ base: BASE, size: sab.byteLength, source: { view: () => sab } }]);
one.driver = new ScmiDriver(new DriverMemory(sab, BASE), { queueSize: 64, commands: 16 });
one.service.records = false;
var c = one.driver.commands;
var w = new import_node_worker_threads.Worker(
  `const {workerData:d}=require('worker_threads');const u32=new Uint32Array(d.sab);const vals=[0,1,2,4,5,6,16,32,48,0xffffffff,0x40000000,0x403ffff8,0x7fffffff,0x10000,0x20001,0x10005,0xffff0003];
 let n=0;for(;;){ const a=(d.at>>2)+Math.floor(Math.random()*d.words); u32[a]=vals[Math.floor(Math.random()*vals.length)]; if((++n&63)==0){u32[(d.avail>>2)+1+Math.floor(Math.random()*8)]=vals[Math.floor(Math.random()*vals.length)]} }`,
  { eval: true, workerData: { sab, at: c.descriptorsAt, words: 64 * 4, avail: c.availableAt } }
);
w.on("online", () => setTimeout(() => {
  const t = performance.now();
  let rounds = 0, served = 0;
  one.service.handling = () => served++;
  while (performance.now() - t < 8e3) {
    rounds++;
    one.start();
    for (let i = 0; i < 16; i++) one.driver.commands.offer(Math.floor(Math.random() * 64));
    for (let k = 0; k < 4; k++) {
      one.device.kick(0);
      one.framework.run(2e3);
    }
  }
  console.log({ rounds, served, defects: [...new Set(one.defects)].sort(), n: one.defects.length });
  const other = rig.other.exchange(request(3));
  console.log("other", other?.length);
  w.terminate();
}, 200));
