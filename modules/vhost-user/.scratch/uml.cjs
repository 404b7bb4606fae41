'use strict';
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if ((from && typeof from === 'object') || typeof from === 'function') {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, {
          get: () => from[key],
          enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable,
        });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (
  (target = mod != null ? __create(__getProtoOf(mod)) : {}),
  __copyProps(
    // If the importer is in node compatibility mode or this is not an ESM
    // file that has been converted to a CommonJS file using a Babel-
    // compatible transform (i.e. "__esModule" has not been set), then set
    // "default" to the CommonJS "module.exports" for node compatibility.
    isNodeMode || !mod || !mod.__esModule ? __defProp(target, 'default', { value: mod, enumerable: true }) : target,
    mod,
  )
);

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
  fire(now2) {
    if (this.period > 0) {
      const missed = Math.floor((now2 - this.deadline) / this.period);
      this.queue.scheduleAt(this, this.deadline + (missed + 1) * this.period);
    } else {
      this.deadline = Infinity;
    }
    this.callback();
  }
};
var AlarmQueue = class {
  /** `now` and `arm` as in Host; `fault` is told what a callback throws. */
  constructor(now2, arm, fault) {
    this.pending = [];
    /** What the host was last asked for; NaN once that has passed, for it then holds no alarm any more. */
    this.armed = Infinity;
    /** How many at the head of `pending` are still to fire in this round. */
    this.due = 0;
    this.closed = false;
    this.now = now2;
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
  scheduleAt(alarm, deadline2) {
    this.take(alarm);
    if (this.closed) return;
    alarm.deadline = deadline2;
    let at = this.pending.length;
    this.pending.push(alarm);
    for (; at > 0; at--) {
      const before = this.pending[at - 1];
      if (before === void 0 || before.deadline <= deadline2) break;
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
    const now2 = this.now();
    if (this.armed <= now2) this.armed = NaN;
    this.due = 0;
    for (; this.due < this.pending.length; this.due++) {
      const alarm = this.pending[this.due];
      if (alarm === void 0 || alarm.deadline > now2) break;
    }
    let fired = 0;
    while (this.due > 0) {
      const alarm = this.pending.shift();
      this.due--;
      if (alarm === void 0) break;
      fired++;
      try {
        alarm.fire(now2);
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
    this.due = 0;
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
  E_PANIC: -18,
};
var names = new Map(Object.entries(Status).map(([name2, value]) => [value, name2]));
var statusName = status => names.get(status) ?? 'unknown';

// framework/src/error.ts
function describeError(error) {
  const text = String(error);
  if (!(error instanceof Error) || error.stack === void 0) return text;
  return error.stack.includes(error.message)
    ? error.stack
    : `${text}
${error.stack}`;
}
var FrameworkError = class _FrameworkError extends Error {
  constructor(status, rule, place = {}) {
    const where = [
      place.stage,
      place.module === void 0 ? void 0 : `module ${place.module}`,
      place.element === void 0 ? void 0 : `element ${place.element}`,
    ].filter(part => part !== void 0);
    super(`${where.length === 0 ? '' : `${where.join(', ')}: `}${rule} (${statusName(status)})`);
    this.name = 'FrameworkError';
    this.status = status;
    this.rule = rule;
    this.place = place;
  }
  /** The same error with the parts of `place` that it lacks. */
  at(place) {
    return new _FrameworkError(this.status, this.rule, {
      stage: this.place.stage ?? place.stage,
      module: this.place.module ?? place.module,
      element: this.place.module === void 0 ? (this.place.element ?? place.element) : this.place.element,
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
  notifications: 64,
};
var isOfType = (id, type) => (id & 15) === type && id >>> 0 === id;
var isNoneId = id => id === TYPE.none;
var isModuleId = id => isOfType(id, TYPE.module) && id >>> 12 === 0;
var isElementId = id => isOfType(id, TYPE.element) && id >>> 24 === 0;
var isSubElementId = id => isOfType(id, TYPE.subElement);
var isApiId = id => isOfType(id, TYPE.api) && id >>> 16 === 0;
var isEventId = id => isOfType(id, TYPE.event) && id >>> 18 === 0;
var isNotificationId = id => isOfType(id, TYPE.notification) && id >>> 18 === 0;
var inRange = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
function compose(is, type, what, module2, index, limit, sub = 0) {
  if (!inRange(module2, ID_LIMIT.modules)) {
    throw new RangeError(`${what}: module index ${module2} is not within 0..${ID_LIMIT.modules - 1}`);
  }
  if (!inRange(index, limit)) throw new RangeError(`${what}: index ${index} is not within 0..${limit - 1}`);
  if (!inRange(sub, ID_LIMIT.subElements)) {
    throw new RangeError(`${what}: sub-element index ${sub} is not within 0..${ID_LIMIT.subElements - 1}`);
  }
  const id = (type | (module2 << 4) | (index << 12) | (sub << 24)) >>> 0;
  if (!is(id)) throw new RangeError(`${what}: ${id} is not an identifier of this kind`);
  return id;
}
var NONE_ID = compose(isNoneId, TYPE.none, 'none', 0, 0, 1);
var moduleId = module2 => compose(isModuleId, TYPE.module, 'module', module2, 0, 1);
var elementId = (module2, element) =>
  compose(isElementId, TYPE.element, 'element', module2, element, ID_LIMIT.elements);
var apiId = (module2, api) => compose(isApiId, TYPE.api, 'API', module2, api, ID_LIMIT.apis);
var eventId = (module2, event) => compose(isEventId, TYPE.event, 'event', module2, event, ID_LIMIT.events);
var notificationId = (module2, notification) =>
  compose(isNotificationId, TYPE.notification, 'notification', module2, notification, ID_LIMIT.notifications);
var moduleIndex = id => (id >>> 4) & 255;
var elementIndex = id => (id >>> 12) & 4095;
var subElementIndex = id => id >>> 24;
var apiIndex = id => (id >>> 12) & 15;
var eventIndex = id => (id >>> 12) & 63;
var notificationIndex = id => (id >>> 12) & 63;
function formatId(id) {
  const module2 = moduleIndex(id);
  if (isNoneId(id)) return '[NON 0]';
  if (isModuleId(id)) return `[MOD ${module2}]`;
  if (isElementId(id)) return `[ELM ${module2}:${elementIndex(id)}]`;
  if (isSubElementId(id)) return `[SUB ${module2}:${elementIndex(id)}:${subElementIndex(id)}]`;
  if (isApiId(id)) return `[API ${module2}:${apiIndex(id)}]`;
  if (isEventId(id)) return `[EVT ${module2}:${eventIndex(id)}]`;
  if (isNotificationId(id)) return `[NOT ${module2}:${notificationIndex(id)}]`;
  return '[INV]';
}

// framework/src/token.ts
var PARAM_COUNT = 4;
function positions(name2, fields) {
  if (fields.length > PARAM_COUNT) {
    throw new RangeError(`${name2}: ${fields.length} parameters, an event carries at most ${PARAM_COUNT}`);
  }
  const at = {};
  fields.forEach((field, index) => (at[field] = index));
  const complete = found => fields.every(field => field in found);
  if (!complete(at)) throw new RangeError(`${name2}: a field has no position`);
  return at;
}
var defineApi = name2 => ({ kind: 'api', name: name2 });
var defineEvent = (name2, fields = []) => ({
  kind: 'event',
  name: name2,
  fields,
  at: positions(name2, fields),
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
  constructor(host2, options) {
    this.levels = [];
    this.lines = [];
    this.used = 0;
    this.dropped = 0;
    this.bannerDone = false;
    this.host = host2;
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
    if (text.includes('\n')) {
      for (const line of text.split('\n')) this.store(level, line);
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
    const note = this.dropped > 0 ? this.droppedNote() : '';
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
    while (this.unbuffer());
  }
};
var LogLimit = class {
  constructor(now2, burst = 10, intervalUs = 1e6) {
    /** Lines held back since the last one let through. */
    this.suppressed = 0;
    this.burst = burst;
    this.intervalUs = intervalUs;
    this.tokens = burst;
    this.last = now2;
  }
  /** Whether a line may be written at `now` (µs). When it may, the caller adds `suppressed` to its text and zeroes it. */
  take(now2) {
    const earned = Math.floor((now2 - this.last) / this.intervalUs);
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
    const left = this.of(id, source).filter(other => other !== target);
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
  constructor(product, host2, options = {}) {
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
    this.host = host2;
    this.eventCount = options.eventCount ?? 64;
    this.log = new Log(host2, {
      level: options.logLevel ?? LogLevel.INFO,
      bufferSize: options.logBuffer ?? 0,
      columns: options.logColumns ?? 160,
      banner: `[FWK] ${product.name} ${product.version}`,
    });
    this.subscriptions = new Subscriptions(options.subscriptionCount ?? 64);
    this.alarms = new AlarmQueue(
      () => host2.now(),
      deadline2 => host2.arm(deadline2),
      (alarm, error) => this.reportAlarm(alarm, error),
    );
    this.faults = new LogLimit(host2.now());
    this.global = this.addContext(void 0);
  }
  // ---------------------------------------------------------------- stages
  /**
   * Runs the stages init, bind (two rounds) and start. A module or configuration that breaks a rule throws a
   * FrameworkError naming stage, module, element and rule; what was started by then is stopped again.
   */
  start() {
    if (this.stage !== void 0) {
      throw new FrameworkError(Status.E_STATE, 'start() is called once in a firmware\u2019s life', {
        stage: this.stage,
      });
    }
    try {
      this.enterStage('init');
      this.createModules();
      for (const module2 of this.modules) this.initModule(module2);
      this.enterStage('bind');
      for (const round of [0, 1]) {
        for (const module2 of this.modules) this.bindModule(module2, round);
      }
      this.enterStage('start');
      for (const module2 of this.modules) this.startModule(module2);
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
  stop() {
    if (this.stage === void 0 || this.stage === 'stop' || this.stage === 'stopped') return [];
    if (this.stage !== 'run') throw new FrameworkError(Status.E_STATE, 'stop() during set-up; throw to end the start');
    return this.halt();
  }
  halt() {
    this.enterStage('stop');
    const errors = [];
    for (const module2 of [...this.modules].reverse()) {
      const elements = module2.elements.map((element, index) => ({ element, id: this.elementOf(module2, index) }));
      for (const { element, id } of elements.reverse()) this.suspend(module2, element, id, errors);
      this.suspend(module2, module2, module2.id, errors);
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
  get running() {
    return this.stage === 'run';
  }
  enterStage(stage) {
    this.stage = stage;
  }
  createModules() {
    const { modules } = this.product;
    if (modules.length > ID_LIMIT.modules) {
      throw new FrameworkError(Status.E_DATA, `${modules.length} modules, a product has at most ${ID_LIMIT.modules}`, {
        stage: 'init',
      });
    }
    modules.forEach(({ definition: definition4 }, index) => {
      this.guard(definition4.name, void 0, () => {
        this.checkDefinition(definition4);
        const record = {
          id: moduleId(index),
          definition: definition4,
          instance: definition4.create(this),
          elements: [],
          apis: idsOf(definition4.apis ?? [], apiId, index),
          events: idsOf(definition4.events ?? [], eventId, index),
          notifications: idsOf(definition4.notifications ?? [], notificationId, index),
          state: State.UNINITIALIZED,
        };
        this.modules.push(record);
        this.byName.set(definition4.name, record);
        const { elements } = modules[index] ?? {};
        if (typeof elements !== 'function') record.elements = this.elementRecords(elements ?? []);
        this.checkInstance(record);
      });
    });
  }
  checkDefinition(definition4) {
    if (this.byName.has(definition4.name)) {
      throw new FrameworkError(Status.E_DATA, 'a product names each module once');
    }
    for (const [kind, tokens, limit] of [
      ['APIs', definition4.apis, ID_LIMIT.apis],
      ['events', definition4.events, ID_LIMIT.events],
      ['notifications', definition4.notifications, ID_LIMIT.notifications],
    ]) {
      const count = tokens?.length ?? 0;
      if (count > limit) {
        throw new FrameworkError(Status.E_DATA, `${count} ${kind}, a module has at most ${limit}`);
      }
    }
    for (const name2 of definition4.requires ?? []) {
      if (!this.byName.has(name2)) {
        throw new FrameworkError(Status.E_DATA, `requires module ${name2} before it in the product`);
      }
    }
  }
  checkInstance({ definition: definition4, instance, elements }) {
    for (const token of definition4.apis ?? []) {
      if (!instance.apis?.some(provider => provider.isFor(token))) {
        throw new FrameworkError(Status.E_DATA, `declares API ${token.name} but does not provide it`);
      }
    }
    for (const provider of instance.apis ?? []) {
      if (!definition4.apis?.includes(provider.token)) {
        throw new FrameworkError(Status.E_DATA, `provides API ${provider.token.name} without declaring it`);
      }
    }
    if (elements.length > 0 && instance.elementInit === void 0) {
      throw new FrameworkError(Status.E_DATA, `has ${elements.length} elements but no elementInit`);
    }
    if ((definition4.events?.length ?? 0) > 0 && instance.processEvent === void 0) {
      throw new FrameworkError(Status.E_DATA, 'declares events but has no processEvent');
    }
  }
  elementRecords(elements) {
    if (elements.length > ID_LIMIT.elements) {
      throw new FrameworkError(Status.E_DATA, `${elements.length} elements, a module has at most ${ID_LIMIT.elements}`);
    }
    const names4 = /* @__PURE__ */ new Set();
    return elements.map(({ name: name2, subElements = 0, config }) => {
      if (names4.has(name2))
        throw new FrameworkError(Status.E_DATA, 'an element name is used twice', { element: name2 });
      names4.add(name2);
      if (subElements > ID_LIMIT.subElements) {
        throw new FrameworkError(Status.E_DATA, `${subElements} sub-elements, at most ${ID_LIMIT.subElements}`, {
          element: name2,
        });
      }
      return { name: name2, subElements, config, context: void 0, state: State.UNINITIALIZED };
    });
  }
  initModule(module2) {
    const { name: name2 } = module2.definition;
    const { elements, config } = this.product.modules[moduleIndex(module2.id)] ?? {};
    this.guard(name2, void 0, () => {
      if (typeof elements === 'function') {
        module2.elements = this.elementRecords(elements(module2.id));
        this.checkInstance(module2);
      }
      this.as(module2.id, () => module2.instance.init(config, module2.elements.length));
      module2.state = State.INITIALIZED;
    });
    module2.elements.forEach((element, index) =>
      this.guard(name2, element.name, () => {
        const id = this.elementOf(module2, index);
        this.as(id, () => module2.instance.elementInit?.(id, element.config, element.subElements));
        element.state = State.INITIALIZED;
      }),
    );
    this.guard(name2, void 0, () => this.as(module2.id, () => module2.instance.postInit?.()));
  }
  bindModule(module2, round) {
    this.each(module2, State.BOUND, round === 1, id => module2.instance.bind?.(id, round));
  }
  startModule(module2) {
    this.each(module2, State.STARTED, true, id => module2.instance.start?.(id));
  }
  /** Calls back for the module, then for each element, and notes the state they reach. */
  each(module2, state, reached, call) {
    const { name: name2 } = module2.definition;
    this.guard(name2, void 0, () => this.as(module2.id, () => call(module2.id)));
    if (reached) module2.state = state;
    module2.elements.forEach((element, index) =>
      this.guard(name2, element.name, () => {
        const id = this.elementOf(module2, index);
        this.as(id, () => call(id));
        if (reached) element.state = state;
      }),
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
    const index = record?.elements.findIndex(element => element.name === name2) ?? -1;
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
        `binds ${token.name} of ${formatId(target)}, which the product does not have`,
      );
    }
    const name2 = `${token.name} of ${this.describe(target)}`;
    const provider = this.provider(module2, token);
    if (provider === void 0) {
      const known = (module2.definition.apis ?? []).map(api2 => api2.name).join(', ');
      throw new FrameworkError(Status.E_PARAM, `binds ${name2}, which provides ${known === '' ? 'no API' : known}`);
    }
    if (this.caller === void 0 || !this.isBindable(module2, this.caller)) {
      throw new FrameworkError(
        Status.E_STATE,
        `binds ${name2} in stage ${this.stage ?? 'none'}; legal in stage bind, or in init once the target is initialised`,
      );
    }
    const api = provider.request(this.caller, target);
    if (typeof api === 'number') {
      const status = Object.values(Status).find(value => value === api && value < 0) ?? Status.E_HANDLER;
      throw new FrameworkError(status, `binds ${name2}, which refuses ${this.describe(this.caller)}`);
    }
    if (api === void 0 || api === null) {
      throw new FrameworkError(Status.E_HANDLER, `binds ${name2}, which gave no API`);
    }
    return api;
  }
  isBindable(module2, caller) {
    if (this.stage === 'bind') return true;
    return (
      this.stage === 'init' && module2.state === State.INITIALIZED && moduleIndex(caller) !== moduleIndex(module2.id)
    );
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
    if (this.stage !== 'init' || this.caller !== id || element === void 0) {
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
    if (this.stage === 'stop' || this.stage === 'stopped' || this.stage === void 0) return Status.E_STATE;
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
    event.cookie = this.cookie = (this.cookie + 1) >>> 0;
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
        `subscribes ${this.describe(target)} to ${token.name} of ${this.describe(source)}`,
      );
  }
  /** Ends a subscription. FrameworkError: E_PARAM for an unknown entity or notification, E_STATE when there is none. */
  unsubscribe(token, source, target) {
    const status = this.subscriptions.remove(this.subscription(token, source, target));
    if (status !== Status.SUCCESS)
      throw new FrameworkError(
        status,
        `unsubscribes ${this.describe(target)} from ${token.name} of ${this.describe(source)}`,
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
    if (this.stage === 'stop' || this.stage === 'stopped') return 0;
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
      const handled = event.isNotification
        ? instance?.processNotification?.(event, response2)
        : instance?.processEvent?.(event, response2);
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
var configure = (definition4, config, elements = []) => ({ definition: definition4, config, elements });

// framework/src/posix.ts
var Errno = {
  EINTR: -4,
  EAGAIN: -11,
  EPIPE: -32,
  ECONNREFUSED: -111,
};

// arch-none/src/node/posix.ts
var import_node_fs3 = require('node:fs');

// arch-none/src/node/libc.ts
var import_koffi = __toESM(require('koffi'), 1);
var lib = import_koffi.default.load(null);
var bind = (name2, result2, args) => lib.func(name2, result2, [...args]);
var libc = {
  socket: bind('socket', 'int', ['int', 'int', 'int']),
  bind: bind('bind', 'int', ['int', 'uintptr_t', 'uint32_t']),
  listen: bind('listen', 'int', ['int', 'int']),
  accept4: bind('accept4', 'int', ['int', 'uintptr_t', 'uintptr_t', 'int']),
  connect: bind('connect', 'int', ['int', 'uintptr_t', 'uint32_t']),
  sendto: bind('sendto', 'intptr_t', ['int', 'uintptr_t', 'size_t', 'int', 'uintptr_t', 'uint32_t']),
  recvmsg: bind('recvmsg', 'intptr_t', ['int', 'uintptr_t', 'int']),
  sendmsg: bind('sendmsg', 'intptr_t', ['int', 'uintptr_t', 'int']),
  write: bind('write', 'intptr_t', ['int', 'uintptr_t', 'size_t']),
  close: bind('close', 'int', ['int']),
  fcntl: bind('fcntl', 'int', ['int', 'int', 'long']),
  fchmod: bind('fchmod', 'int', ['int', 'uint32_t']),
  ftruncate: bind('ftruncate', 'int', ['int', 'int64_t']),
  eventfd: bind('eventfd', 'int', ['uint32_t', 'int']),
  memfdCreate: bind('memfd_create', 'int', ['uintptr_t', 'uint32_t']),
  epollCreate1: bind('epoll_create1', 'int', ['int']),
  epollCtl: bind('epoll_ctl', 'int', ['int', 'int', 'int', 'uintptr_t']),
  epollWait: bind('epoll_wait', 'int', ['int', 'uintptr_t', 'int', 'int']),
  poll: bind('poll', 'int', ['uintptr_t', 'ulong', 'int']),
  mmap: bind('mmap', 'intptr_t', ['uintptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
  munmap: bind('munmap', 'int', ['uintptr_t', 'size_t']),
  madvise: bind('madvise', 'int', ['uintptr_t', 'size_t', 'int']),
  sysconf: bind('sysconf', 'long', ['int']),
  prctl: bind('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']),
  /** `epoll_pwait2` by number: glibc has it since 2.35 only, musl not at all. */
  epollPwait2: bind('syscall', 'long', ['long', 'int', 'uintptr_t', 'int', 'uintptr_t', 'uintptr_t', 'size_t']),
};
var SYSCALL = { epollPwait2: 441 };
var C = {
  AF_UNIX: 1,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_NONBLOCK: 2048,
  SOCK_CLOEXEC: 524288,
  SOL_SOCKET: 1,
  SCM_RIGHTS: 1,
  MSG_CTRUNC: 8,
  MSG_DONTWAIT: 64,
  MSG_NOSIGNAL: 16384,
  MSG_CMSG_CLOEXEC: 1073741824,
  F_GETFL: 3,
  F_SETFL: 4,
  F_ADD_SEALS: 1033,
  F_GET_SEALS: 1034,
  F_SEAL_SHRINK: 2,
  O_NONBLOCK: 2048,
  EFD_NONBLOCK: 2048,
  EFD_CLOEXEC: 524288,
  MFD_CLOEXEC: 1,
  MFD_ALLOW_SEALING: 2,
  EPOLL_CLOEXEC: 524288,
  EPOLL_CTL_ADD: 1,
  EPOLL_CTL_DEL: 2,
  EPOLL_CTL_MOD: 3,
  EPOLLIN: 1,
  EPOLLOUT: 4,
  EPOLLERR: 8,
  EPOLLHUP: 16,
  EPOLLET: 2147483648,
  POLLOUT: 4,
  PROT_READ: 1,
  PROT_WRITE: 2,
  MAP_SHARED: 1,
  MAP_PRIVATE: 2,
  MAP_FIXED: 16,
  MAP_ANONYMOUS: 32,
  MAP_NORESERVE: 16384,
  MADV_DONTDUMP: 16,
  SC_PAGESIZE: 30,
  PR_SET_TIMERSLACK: 29,
  HUGETLBFS_MAGIC: 2508478710,
};
var E = {
  ENOENT: -2,
  EEXIST: -17,
  EINVAL: -22,
  ENAMETOOLONG: -36,
  ENOSYS: -38,
  EADDRINUSE: -98,
};
var errnoWord = new Int32Array(import_koffi.default.view(bind('__errno_location', 'uintptr_t', [])(), 4));
var failure = () => -(errnoWord[0] ?? 0);
var result = answer => (answer < 0 ? failure() : answer);
var Block = class {
  address;
  view;
  bytes;
  constructor(length) {
    const buffer = new ArrayBuffer(length);
    this.address = Number(import_koffi.default.address(buffer));
    this.view = new DataView(buffer);
    this.bytes = new Uint8Array(buffer);
  }
  /** Writes a pointer or size_t. */
  setWord(offset, value) {
    this.view.setUint32(offset, value % 4294967296, true);
    this.view.setUint32(offset + 4, Math.floor(value / 4294967296), true);
  }
  /** Reads a size_t below 2^53. */
  word(offset) {
    return this.view.getUint32(offset, true) + this.view.getUint32(offset + 4, true) * 4294967296;
  }
};
var viewAt = (address, length) => import_koffi.default.view(address, length);

// arch-none/src/node/epoll.ts
var EVENT = process.arch === 'x64' ? { size: 12, data: 4 } : { size: 16, data: 8 };
var BATCH = 64;
var TIMESPEC = BATCH * EVENT.size;
var SERVED = 0;
var EINTR = -4;
var EPERM = -1;
var maskOf = options =>
  ((options.readable === true ? C.EPOLLIN : 0) |
    (options.writable === true ? C.EPOLLOUT : 0) |
    (options.edge === true ? C.EPOLLET : 0)) >>>
  0;
var ReadinessSet = class {
  fd;
  slots = [];
  free = [];
  byFd = /* @__PURE__ */ new Map();
  events = new Block(TIMESPEC + 16);
  one = new Block(16);
  fault;
  precise = true;
  /** `fault` is told what a handler throws; without it, the error leaves `wait`. */
  constructor(fault) {
    this.fd = result(libc.epollCreate1(C.EPOLL_CLOEXEC));
    if (this.fd < 0) throw new Error(`epoll_create1 failed (errno ${-this.fd})`);
    this.fault = fault;
  }
  /** Descriptors being watched. */
  get size() {
    return this.byFd.size;
  }
  /** Adds a descriptor. EEXIST if it is in the set, EPERM if epoll can't watch its kind. */
  watch(fd, options, handler) {
    if (this.byFd.has(fd)) return E.EEXIST;
    const slot = this.free.pop() ?? { index: this.slots.length, generation: 0, fd, edge: false, handler };
    const status = this.control(C.EPOLL_CTL_ADD, fd, maskOf(options), slot);
    if (slot.index === this.slots.length) this.slots.push(slot);
    if (status < 0) {
      this.free.push(slot);
      return status;
    }
    slot.fd = fd;
    slot.edge = options.edge === true;
    slot.handler = handler;
    this.byFd.set(fd, slot);
    return 0;
  }
  /** Changes what a descriptor is watched for. ENOENT if it isn't watched. */
  rewatch(fd, options) {
    const slot = this.byFd.get(fd);
    if (slot === void 0) return E.ENOENT;
    const status = this.control(C.EPOLL_CTL_MOD, fd, maskOf(options), slot);
    if (status === 0) slot.edge = options.edge === true;
    return status;
  }
  /** Takes a descriptor out, if it is in. */
  unwatch(fd) {
    const slot = this.byFd.get(fd);
    if (slot === void 0) return;
    this.control(C.EPOLL_CTL_DEL, fd, 0, slot);
    slot.generation = (slot.generation + 1) >>> 0;
    slot.handler = void 0;
    this.byFd.delete(fd);
    this.free.push(slot);
  }
  /**
   * Waits at most `timeoutMs` (fractions count, Infinity or negative: for ever) and runs the handlers of what is ready:
   * level-triggered descriptors (sockets) before edge-triggered ones (kicks), because what a socket says (a new table, a
   * new kick, the end) decides how a kick is to be served. Answers how many ran.
   */
  wait(timeoutMs) {
    const count = this.collect(timeoutMs);
    return this.dispatch(count, false) + this.dispatch(count, true);
  }
  /** Closes the set. Nothing is watched any more. */
  close() {
    for (const fd of [...this.byFd.keys()]) this.unwatch(fd);
    libc.close(this.fd);
  }
  collect(timeoutMs) {
    const forever = timeoutMs < 0 || timeoutMs === Infinity;
    const start = forever || timeoutMs === 0 ? 0 : performance.now();
    for (let left = timeoutMs; ; left = Math.max(0, timeoutMs - (performance.now() - start))) {
      const count = forever || left === 0 ? this.waitMs(forever ? -1 : 0) : this.waitPrecisely(left);
      if (count !== EINTR) {
        if (count < 0) throw new Error(`epoll_wait failed (errno ${-count})`);
        return count;
      }
    }
  }
  waitMs(timeout) {
    return result(libc.epollWait(this.fd, this.events.address, BATCH, timeout));
  }
  waitPrecisely(timeoutMs) {
    if (this.precise) {
      const seconds = Math.floor(timeoutMs / 1e3);
      this.events.setWord(TIMESPEC, seconds);
      this.events.setWord(TIMESPEC + 8, Math.min(999999999, Math.ceil((timeoutMs - seconds * 1e3) * 1e6)));
      const { address } = this.events;
      const count = result(libc.epollPwait2(SYSCALL.epollPwait2, this.fd, address, BATCH, address + TIMESPEC, 0, 8));
      if (count !== E.ENOSYS && count !== EPERM) return count;
      this.precise = false;
    }
    return this.waitMs(Math.min(2147483647, Math.ceil(timeoutMs)));
  }
  dispatch(count, edge) {
    const { view } = this.events;
    let ran = 0;
    for (let at = 0; at < count * EVENT.size; at += EVENT.size) {
      const slot = this.slots[view.getUint32(at + EVENT.data, true)];
      if (slot?.handler === void 0 || slot.generation !== view.getUint32(at + EVENT.data + 4, true)) continue;
      const events = view.getUint32(at, true);
      if (events === SERVED || slot.edge !== edge) continue;
      view.setUint32(at, SERVED, true);
      this.serve(slot, slot.handler, events);
      ran++;
    }
    return ran;
  }
  serve(slot, handler, events) {
    const { fault } = this;
    const { fd, generation } = slot;
    try {
      handler.ready(
        (events & C.EPOLLIN) !== 0,
        (events & C.EPOLLOUT) !== 0,
        (events & (C.EPOLLHUP | C.EPOLLERR)) !== 0,
      );
    } catch (error) {
      if (fault === void 0) throw error;
      if (!slot.edge && slot.generation === generation) this.unwatch(fd);
      fault(error);
    }
  }
  control(operation, fd, mask, slot) {
    this.one.view.setUint32(0, mask, true);
    this.one.view.setUint32(EVENT.data, slot.index, true);
    this.one.view.setUint32(EVENT.data + 4, slot.generation, true);
    return result(libc.epollCtl(this.fd, operation, fd, this.one.address));
  }
};

// arch-none/src/node/mapping.ts
var import_node_fs = require('node:fs');
var MAX_VIEW = 1073741824 + 1048576;
var SharedMapping = class {
  length;
  owner;
  range;
  /** Where the mapping's bytes begin in the range: an offset that wasn't a multiple of the page size. */
  head;
  constructor(owner, range, head, length) {
    this.owner = owner;
    this.range = range;
    this.head = head;
    this.length = length;
  }
  view(offset, length) {
    const whole = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
    if (!whole || offset + length > this.length || length > MAX_VIEW) {
      throw new RangeError(`a view of ${length} bytes at ${offset} of a mapping of ${this.length} bytes`);
    }
    if (this.range.retired || length === 0) return new ArrayBuffer(length);
    return this.owner.view(this.range, this.head + offset, length);
  }
  unmap() {
    this.owner.retire(this.range);
  }
};
var Mappings = class {
  live = /* @__PURE__ */ new Set();
  pageSize = libc.sysconf(C.SC_PAGESIZE);
  collected = new FinalizationRegistry(range => {
    range.views--;
    this.release(range);
  });
  /** Ranges that are unmapped but whose addresses are still taken. */
  retired = 0;
  /** See `Posix.map`. An offset that is no multiple of the file's page size is served from the page it is in. */
  map(fd, offset, length) {
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length > 0;
    if (!whole || !Number.isSafeInteger(offset + length)) return E.EINVAL;
    const page = this.pageSizeOf(fd);
    const head = offset % page;
    const size = Math.ceil((head + length) / page) * page;
    const flags = C.MAP_SHARED | C.MAP_NORESERVE;
    const address = result(libc.mmap(0, size, C.PROT_READ | C.PROT_WRITE, flags, fd, offset - head));
    if (address < 0) return address;
    libc.madvise(address, size, C.MADV_DONTDUMP);
    const range = { address, length: size, views: 0, retired: false };
    this.live.add(range);
    return new SharedMapping(this, range, head, length);
  }
  /** A view that is counted until it is collected. */
  view(range, offset, length) {
    const view = viewAt(range.address + offset, length);
    range.views++;
    this.collected.register(view, range);
    return view;
  }
  /** Ends a mapping. */
  retire(range) {
    if (range.retired) return;
    range.retired = true;
    this.live.delete(range);
    this.retired++;
    if (range.views > 0) {
      const flags = C.MAP_PRIVATE | C.MAP_ANONYMOUS | C.MAP_FIXED | C.MAP_NORESERVE;
      const { address, length } = range;
      const status = result(libc.mmap(address, length, C.PROT_READ | C.PROT_WRITE, flags, -1, 0));
      if (status < 0) range.views = Infinity;
    }
    this.release(range);
  }
  /** Ends all mappings. */
  close() {
    for (const range of [...this.live]) this.retire(range);
  }
  release(range) {
    if (!range.retired || range.views > 0) return;
    libc.munmap(range.address, range.length);
    this.retired--;
  }
  /** The size of a file's pages: that of the file system for huge pages, else that of the machine. */
  pageSizeOf(fd) {
    try {
      const { type, bsize } = (0, import_node_fs.statfsSync)(`/proc/self/fd/${fd}`);
      return type === C.HUGETLBFS_MAGIC ? bsize : this.pageSize;
    } catch {
      return this.pageSize;
    }
  }
};

// arch-none/src/node/socket.ts
var import_node_fs2 = require('node:fs');

// arch-none/src/node/address.ts
var PATH_SIZE = 108;
var encoder = new TextEncoder();
var UnixAddress = class {
  block = new Block(2 + PATH_SIZE);
  /** Bytes in use: what bind and connect take as the length. */
  length = 0;
  /** Where the structure is. */
  get address() {
    return this.block.address;
  }
  /**
   * Names the socket file `path`, at most 107 bytes, or with a leading `@` allowed the abstract socket of that name.
   * ENAMETOOLONG, or EINVAL for an empty path or one with a zero byte.
   */
  set(path, abstract = false) {
    const bytes = encoder.encode(path);
    if (bytes.length > PATH_SIZE - 1) return E.ENAMETOOLONG;
    if (bytes.length === 0 || bytes.includes(0)) return E.EINVAL;
    this.block.bytes.fill(0);
    this.block.view.setUint16(0, C.AF_UNIX, true);
    this.block.bytes.set(bytes, 2);
    this.length = 2 + bytes.length + 1;
    if (abstract && path.startsWith('@')) {
      this.block.bytes[2] = 0;
      this.length = 2 + bytes.length;
    }
    return 0;
  }
};

// arch-none/src/node/socket.ts
var MAX_DESCRIPTORS = 32;
var IO_SIZE = 16384;
var BACKLOG = 16;
var SOCKET_FLAGS = C.SOCK_NONBLOCK | C.SOCK_CLOEXEC;
var MSG = { name: 0, nameLength: 8, iov: 16, iovCount: 24, control: 32, controlLength: 40, flags: 48 };
var IOV = 64;
var CONTROL = 80;
var CMSG = { length: 0, level: 8, type: 12, data: 16 };
var CONTROL_SIZE = CMSG.data + MAX_DESCRIPTORS * 4;
var DATA = 256;
var Reception = class {
  length = 0;
  descriptors = [];
  truncated = false;
};
var UnixSockets = class {
  address = new UnixAddress();
  block = new Block(DATA + IO_SIZE);
  reception = new Reception();
  constructor() {
    this.block.setWord(MSG.iov, this.block.address + IOV);
    this.block.setWord(MSG.iovCount, 1);
    this.block.setWord(IOV, this.block.address + DATA);
  }
  /** See `Posix.listen`. */
  listen(path) {
    const named = this.address.set(path);
    if (named < 0) return named;
    const fd = result(libc.socket(C.AF_UNIX, C.SOCK_STREAM | SOCKET_FLAGS, 0));
    if (fd < 0) return fd;
    libc.fchmod(fd, 384);
    let status = this.bindTo(fd);
    if (status === E.EADDRINUSE && this.removeStale(path)) status = this.bindTo(fd);
    if (status === 0) status = result(libc.listen(fd, BACKLOG));
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }
  /** See `Posix.accept`. */
  accept(fd) {
    return result(libc.accept4(fd, 0, 0, SOCKET_FLAGS));
  }
  /** See `Posix.connect`. */
  connect(path) {
    const named = this.address.set(path);
    if (named < 0) return named;
    const fd = result(libc.socket(C.AF_UNIX, C.SOCK_STREAM | SOCKET_FLAGS, 0));
    if (fd < 0) return fd;
    const status = result(libc.connect(fd, this.address.address, this.address.length));
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }
  /** See `Posix.receive`. At most 16384 bytes a call. EINVAL for no bytes or a range outside `into`. */
  receive(fd, into, offset, length) {
    const { block, reception } = this;
    reception.descriptors.length = 0;
    reception.truncated = false;
    if (!inRange2(into, offset, length)) {
      reception.length = E.EINVAL;
      return reception;
    }
    block.setWord(IOV + 8, Math.min(length, IO_SIZE));
    block.setWord(MSG.control, block.address + CONTROL);
    block.setWord(MSG.controlLength, CONTROL_SIZE);
    block.view.setUint32(MSG.flags, 0, true);
    const count = libc.recvmsg(fd, block.address, C.MSG_CMSG_CLOEXEC | C.MSG_DONTWAIT);
    if (count < 0) {
      reception.length = failure();
      return reception;
    }
    for (let at = 0; at < count; at++) into[offset + at] = block.bytes[DATA + at] ?? 0;
    reception.length = count;
    reception.truncated = (block.view.getUint32(MSG.flags, true) & C.MSG_CTRUNC) !== 0;
    this.takeDescriptors();
    return reception;
  }
  /** See `Posix.send`. At most 16384 bytes a call. EINVAL for no bytes, a range outside `from`, over 32 descriptors. */
  send(fd, from, offset, length, descriptors) {
    const { block } = this;
    const passed = descriptors?.length ?? 0;
    if (!inRange2(from, offset, length) || passed > MAX_DESCRIPTORS) return E.EINVAL;
    const count = Math.min(length, IO_SIZE);
    for (let at = 0; at < count; at++) block.bytes[DATA + at] = from[offset + at] ?? 0;
    block.setWord(IOV + 8, count);
    block.setWord(MSG.control, 0);
    block.setWord(MSG.controlLength, 0);
    if (descriptors !== void 0 && passed > 0) {
      block.setWord(CONTROL + CMSG.length, CMSG.data + passed * 4);
      block.view.setInt32(CONTROL + CMSG.level, C.SOL_SOCKET, true);
      block.view.setInt32(CONTROL + CMSG.type, C.SCM_RIGHTS, true);
      for (let at = 0; at < passed; at++) {
        block.view.setInt32(CONTROL + CMSG.data + at * 4, descriptors[at] ?? -1, true);
      }
      block.setWord(MSG.control, block.address + CONTROL);
      block.setWord(MSG.controlLength, align(CMSG.data + passed * 4));
    }
    return result(libc.sendmsg(fd, block.address, C.MSG_NOSIGNAL | C.MSG_DONTWAIT));
  }
  takeDescriptors() {
    const { block, reception } = this;
    const end = Math.min(CONTROL_SIZE, block.word(MSG.controlLength));
    for (let at = 0; at + CMSG.data <= end;) {
      const length = block.word(CONTROL + at + CMSG.length);
      if (length < CMSG.data || at + length > end) return;
      if (
        block.view.getInt32(CONTROL + at + CMSG.level, true) === C.SOL_SOCKET &&
        block.view.getInt32(CONTROL + at + CMSG.type, true) === C.SCM_RIGHTS
      ) {
        for (let from = at + CMSG.data; from + 4 <= at + length; from += 4) {
          reception.descriptors.push(block.view.getInt32(CONTROL + from, true));
        }
      }
      at += align(length);
    }
  }
  bindTo(fd) {
    return result(libc.bind(fd, this.address.address, this.address.length));
  }
  /** Removes the socket file at `path`, which `address` names, if nobody listens on it. Answers whether the place is free. */
  removeStale(path) {
    try {
      if (!(0, import_node_fs2.lstatSync)(path).isSocket()) return false;
      const probe = this.connect(path);
      if (probe >= 0) libc.close(probe);
      if (probe === E.ENOENT) return true;
      if (probe !== Errno.ECONNREFUSED) return false;
      (0, import_node_fs2.unlinkSync)(path);
      return true;
    } catch {
      return false;
    }
  }
};
var inRange2 = (bytes, offset, length) => length > 0 && offset >= 0 && offset + length <= bytes.length;
var align = length => (length + 7) & ~7;

// arch-none/src/node/posix.ts
var NAME_SIZE = 250;
var encoder2 = new TextEncoder();
var NodePosix = class {
  set;
  sockets = new UnixSockets();
  mappings = new Mappings();
  one = new Block(8);
  /** `fault` is told what a handler throws; without it, the error leaves `wait`. */
  constructor(fault) {
    this.set = new ReadinessSet(fault);
    this.one.view.setUint32(0, 1, true);
  }
  /** Descriptors being watched. */
  get watched() {
    return this.set.size;
  }
  /**
   * Mappings that are gone but whose addresses are still taken, because a view of them may live. They are released in a
   * turn of the event loop after a garbage collection.
   */
  get retired() {
    return this.mappings.retired;
  }
  /**
   * Waits at most `timeoutMs` (fractions count; Infinity or negative: for ever) and runs the handlers of what is ready,
   * sockets before kicks. Answers how many ran. Not to be called by a handler.
   */
  wait(timeoutMs) {
    return this.set.wait(timeoutMs);
  }
  /** Ends all mappings and the readiness set. Descriptors stay open: they are their owners'. */
  dispose() {
    this.mappings.close();
    this.set.close();
  }
  watch(fd, options, handler) {
    return this.set.watch(fd, options, handler);
  }
  rewatch(fd, options) {
    return this.set.rewatch(fd, options);
  }
  unwatch(fd) {
    this.set.unwatch(fd);
  }
  listen(path) {
    return this.sockets.listen(path);
  }
  accept(fd) {
    return this.sockets.accept(fd);
  }
  connect(path) {
    return this.sockets.connect(path);
  }
  receive(fd, into, offset, length) {
    return this.sockets.receive(fd, into, offset, length);
  }
  send(fd, from, offset, length, descriptors) {
    return this.sockets.send(fd, from, offset, length, descriptors);
  }
  /** Answers 0 when the signal was given. */
  signal(fd) {
    const written = libc.write(fd, this.one.address, 8);
    if (written === 8) return 0;
    return written < 0 ? failure() : Errno.EAGAIN;
  }
  setNonBlocking(fd) {
    const flags = result(libc.fcntl(fd, C.F_GETFL, 0));
    if (flags < 0) return flags;
    return (flags & C.O_NONBLOCK) !== 0 ? 0 : result(libc.fcntl(fd, C.F_SETFL, flags | C.O_NONBLOCK));
  }
  eventfd() {
    return result(libc.eventfd(0, C.EFD_NONBLOCK | C.EFD_CLOEXEC));
  }
  memfd(name2, size) {
    const label = new Block(NAME_SIZE);
    encoder2.encodeInto(name2, label.bytes.subarray(0, NAME_SIZE - 1));
    const fd = result(libc.memfdCreate(label.address, C.MFD_CLOEXEC | C.MFD_ALLOW_SEALING));
    if (fd < 0) return fd;
    const status = Number.isSafeInteger(size) ? result(libc.ftruncate(fd, size)) : E.EINVAL;
    if (status === 0) return fd;
    libc.close(fd);
    return status;
  }
  stat(fd) {
    try {
      const facts = (0, import_node_fs3.fstatSync)(fd);
      return { size: facts.size, kind: kindOf(facts) };
    } catch {
      return void 0;
    }
  }
  sealShrink(fd) {
    const seals = libc.fcntl(fd, C.F_GET_SEALS, 0);
    if (seals < 0) return false;
    return (seals & C.F_SEAL_SHRINK) !== 0 || libc.fcntl(fd, C.F_ADD_SEALS, C.F_SEAL_SHRINK) === 0;
  }
  map(fd, offset, length) {
    return this.mappings.map(fd, offset, length);
  }
  /** Takes the descriptor out of the set too: the kernel would go on reporting it if the peer has the same file open. */
  close(fd) {
    this.set.unwatch(fd);
    libc.close(fd);
  }
  unlink(path) {
    try {
      (0, import_node_fs3.unlinkSync)(path);
    } catch {}
  }
};
function kindOf(facts) {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'directory';
  if (facts.isSocket()) return 'socket';
  return facts.isFIFO() ? 'fifo' : 'other';
}

// modules/resource-perms/src/api.ts
var RESOURCE_PERMISSIONS = defineApi('RESOURCE_PERMISSIONS');

// modules/scmi/src/agents.ts
var Agent = class {
  constructor(id, name2, trusted) {
    /** Whether it asked for BASE_ERROR_EVENT. */
    this.notifyErrors = false;
    /** By index of the protocol: the position of the version spoken. */
    this.versions = new Uint8Array(0);
    /** By index of the protocol: VISIBLE, HIDDEN or DENIED. */
    this.access = new Uint8Array(0);
    this.id = id;
    this.name = name2;
    this.trusted = trusted;
  }
  /** Prepares for the product's protocols, once they are all known. */
  prepare(registry) {
    this.versions = new Uint8Array(registry.all.length);
    this.access = new Uint8Array(registry.all.length);
    this.reset(registry);
  }
  /** The position of the version spoken for a protocol. */
  versionIndex(protocol2) {
    return this.versions[protocol2.index] ?? protocol2.offered;
  }
  /** Speaks the version at a position of the declaration from now on. */
  negotiate(protocol2, version) {
    this.versions[protocol2.index] = version;
  }
  /** Whether the agent may know of a protocol: it has resources for it. Base is always there. */
  sees(protocol2) {
    return this.access[protocol2.index] !== HIDDEN;
  }
  /** Whether permissions leave the agent nothing of a protocol. */
  isDenied(protocol2) {
    return this.access[protocol2.index] === DENIED;
  }
  /** Forgets what was negotiated and subscribed to. */
  reset(registry) {
    for (const protocol2 of registry.all) this.versions[protocol2.index] = protocol2.offered;
    this.notifyErrors = false;
  }
  /** Works out which protocols are hidden or denied; to be called again when permissions change. */
  updateAccess(registry, permissions) {
    for (const registered of registry.all) {
      this.access[registered.index] = registered.index === 0 ? VISIBLE : accessOf(registered, this.id, permissions);
    }
  }
};
var VISIBLE = 0;
var HIDDEN = 1;
var DENIED = 2;
function accessOf({ protocol: protocol2 }, agent, permissions) {
  const count = protocol2.resourceCount(agent);
  if (count === 0) return HIDDEN;
  if (permissions === void 0) return VISIBLE;
  for (let index = 0; index < count; index++) {
    const resource = protocol2.resource(agent, index);
    if (resource === void 0 || permissions.isPermitted(agent, protocol2.declaration.id, resource)) return VISIBLE;
  }
  return DENIED;
}

// modules/scmi/src/declaration.ts
var u32 = {
  size: 4,
  type: 'u32',
  get: (view, at) => view.getUint32(at, true),
  set: (view, at, value) => view.setUint32(at, value, true),
};
var i32 = {
  size: 4,
  type: 'i32',
  get: (view, at) => view.getInt32(at, true),
  set: (view, at, value) => view.setInt32(at, value, true),
};
var name = size => ({
  size,
  type: `char[${size}]`,
  get: (view, at) => {
    let text = '';
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
  },
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
  const complete = found => Object.keys(fields).every(key => key in found);
  if (!complete(at)) throw new RangeError('a field has no offset');
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
    },
  };
}
var isText = field => field.type.startsWith('char');
var layout = (fields, tail) => makeLayout(0, fields, tail);
var response = (fields, tail) => makeLayout(4, fields, tail);
var list = (listName, entry2) => ({
  name: listName,
  entrySize: entry2.size,
  decode: (view, at, end) => {
    const entries = [];
    for (let next = at; next + entry2.size <= end; next += entry2.size)
      entries.push(entry2.decode(view, next, next + entry2.size));
    return entries;
  },
});
var isPlain = versioned => !Array.isArray(versioned);
function layoutAt(versioned, version) {
  if (isPlain(versioned)) return versioned;
  let found = EMPTY;
  for (const [since, candidate] of versioned) if (version >= since) found = candidate;
  return found;
}
var EMPTY = makeLayout(0, {});
var nothing = EMPTY;
var statusOnly = makeLayout(4, {});
var VERSION_RESPONSE = response({ version: u32 });
var MESSAGE_ATTRIBUTES_REQUEST = layout({ messageId: u32 });
var MESSAGE_ATTRIBUTES_RESPONSE = response({ attributes: u32 });
var NEGOTIATE_REQUEST = layout({ version: u32 });
var COMMON = { VERSION: 0, ATTRIBUTES: 1, MESSAGE_ATTRIBUTES: 2, NEGOTIATE: 16 };
function protocol(declaration) {
  const { attributes, negotiateSince, ...rest } = declaration;
  const since = 65536;
  return {
    ...rest,
    commands: {
      ...rest.commands,
      version: { id: COMMON.VERSION, name: 'PROTOCOL_VERSION', since, request: nothing, response: VERSION_RESPONSE },
      attributes: { id: COMMON.ATTRIBUTES, name: 'PROTOCOL_ATTRIBUTES', since, request: nothing, response: attributes },
      messageAttributes: {
        id: COMMON.MESSAGE_ATTRIBUTES,
        name: 'PROTOCOL_MESSAGE_ATTRIBUTES',
        since,
        request: MESSAGE_ATTRIBUTES_REQUEST,
        response: MESSAGE_ATTRIBUTES_RESPONSE,
      },
      negotiate: {
        id: COMMON.NEGOTIATE,
        name: 'NEGOTIATE_PROTOCOL_VERSION',
        since: negotiateSince,
        request: NEGOTIATE_REQUEST,
        response: statusOnly,
      },
    },
  };
}

// modules/scmi/src/header.ts
var MessageType = { COMMAND: 0, DELAYED_RESPONSE: 2, NOTIFICATION: 3 };
var header = (protocol2, message, type, token) =>
  ((message & 255) | ((type & 3) << 8) | ((protocol2 & 255) << 10) | ((token & 1023) << 18)) >>> 0;
var messageOf = word => word & 255;
var typeOf = word => (word >>> 8) & 3;
var protocolOf = word => (word >>> 10) & 255;
var tokenOf = word => (word >>> 18) & 1023;
var withType = (word, type) => ((word & ~768) | ((type & 3) << 8)) >>> 0;

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
function packName(name2, size) {
  const words = new Uint32Array(size / 4);
  for (let at = 0; at < Math.min(name2.length, size - 1); at++) {
    const code = name2.charCodeAt(at);
    words[at >> 2] = (words[at >> 2] ?? 0) | ((code > 126 || code < 32 ? 63 : code) << (8 * (at & 3)));
  }
  return words;
}

// modules/scmi/src/message.ts
var REQUEST_CAPACITY = 252;
var RESPONSE_CAPACITY = 1020;
var Message = class {
  constructor() {
    this.request = new Page(REQUEST_CAPACITY);
    this.response = new Page(RESPONSE_CAPACITY);
    /** The agent that sends it, 1..N. */
    this.agent = 0;
    /** The protocol version spoken with this agent: the negotiated one, or the one the product offers. */
    this.version = 0;
    /** Whether the agent can receive notifications and delayed responses. */
    this.p2a = false;
    /** Bytes of request payload: as sent, checked against the declaration before a handler runs. */
    this.length = 0;
    /** Bytes of response payload, status included, that the agent has room for. */
    this.capacity = 0;
    /**
     * Bytes of response payload, status included, of a successful answer. The hub sets it to the size of the declared
     * fixed fields; a handler adds the entries it writes behind them.
     */
    this.size = 0;
    /** Told to `respond`, so that an answer that comes after the agent was reset is not taken for the next command's. */
    this.sequence = 0;
  }
  /** The unsigned request word at payload offset `at`. */
  u32(at) {
    return this.request.u32(at);
  }
  /** Writes a word of the response at payload offset `at` (the status is at 0 and not a handler's to write). */
  set(at, value) {
    this.response.set(at, value);
  }
  /** How many entries of `entrySize` bytes still fit behind the fixed fields. */
  room(entrySize) {
    return this.capacity < this.size ? 0 : Math.floor((this.capacity - this.size) / entrySize);
  }
};

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
  IN_USE: -11,
};
var PENDING = 1;
var names2 = new Map(Object.entries(ScmiStatus).map(([name2, value]) => [value, name2]));
var scmiStatusName = status => names2.get(status) ?? `status ${status}`;

// modules/scmi/src/api.ts
var SCMI_PROTOCOL = defineApi('SCMI_PROTOCOL');
var SCMI_HUB = defineApi('SCMI_HUB');
var SCMI_SERVICE = defineApi('SCMI_SERVICE');
var SCMI_TRANSPORT = defineApi('SCMI_TRANSPORT');

// modules/scmi/src/base-messages.ts
var BASE_ATTRIBUTES_RESPONSE = response({ attributes: u32 });
var VENDOR_RESPONSE = response({ identifier: name16 });
var IMPLEMENTATION_RESPONSE = response({ version: u32 });
var LIST_PROTOCOLS_REQUEST = layout({ skip: u32 });
var protocolIds = {
  name: 'protocols',
  entrySize: 4,
  decode(view, at, end) {
    const ids = [];
    const count = at >= 4 ? view.getUint32(at - 4, true) : 0;
    for (let next = at; next < end && ids.length < count; next++) ids.push({ protocol: view.getUint8(next) });
    return ids;
  },
};
var LIST_PROTOCOLS_RESPONSE = response({ count: u32 }, protocolIds);
var DISCOVER_AGENT_REQUEST = layout({ agentId: u32 });
var DISCOVER_AGENT_RESPONSE_V1 = response({ name: name16 });
var DISCOVER_AGENT_RESPONSE = response({ agentId: u32, name: name16 });
var NOTIFY_ERRORS_REQUEST = layout({ enable: u32 });
var SET_DEVICE_PERMISSIONS_REQUEST = layout({ agentId: u32, deviceId: u32, flags: u32 });
var SET_PROTOCOL_PERMISSIONS_REQUEST = layout({ agentId: u32, deviceId: u32, commandId: u32, flags: u32 });
var RESET_AGENT_CONFIGURATION_REQUEST = layout({ agentId: u32, flags: u32 });
var ERROR_EVENT = layout({ agentId: u32, errorStatus: u32 }, list('errors', layout({ header: u32, status: i32 })));
var V1 = 65536;
var V2 = 131072;
var BASE_PROTOCOL = protocol({
  id: 16,
  name: 'base',
  versions: [V1, V2, 131073],
  attributes: BASE_ATTRIBUTES_RESPONSE,
  negotiateSince: 131073,
  commands: {
    discoverVendor: { id: 3, name: 'BASE_DISCOVER_VENDOR', since: V1, request: nothing, response: VENDOR_RESPONSE },
    discoverSubVendor: {
      id: 4,
      name: 'BASE_DISCOVER_SUB_VENDOR',
      since: V1,
      request: nothing,
      response: VENDOR_RESPONSE,
    },
    discoverImplementationVersion: {
      id: 5,
      name: 'BASE_DISCOVER_IMPLEMENTATION_VERSION',
      since: V1,
      request: nothing,
      response: IMPLEMENTATION_RESPONSE,
    },
    discoverListProtocols: {
      id: 6,
      name: 'BASE_DISCOVER_LIST_PROTOCOLS',
      since: V1,
      request: LIST_PROTOCOLS_REQUEST,
      response: LIST_PROTOCOLS_RESPONSE,
    },
    discoverAgent: {
      id: 7,
      name: 'BASE_DISCOVER_AGENT',
      since: V1,
      request: DISCOVER_AGENT_REQUEST,
      response: [
        [V1, DISCOVER_AGENT_RESPONSE_V1],
        [V2, DISCOVER_AGENT_RESPONSE],
      ],
    },
    notifyErrors: {
      id: 8,
      name: 'BASE_NOTIFY_ERRORS',
      since: V1,
      request: NOTIFY_ERRORS_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    setDevicePermissions: {
      id: 9,
      name: 'BASE_SET_DEVICE_PERMISSIONS',
      since: V2,
      request: SET_DEVICE_PERMISSIONS_REQUEST,
      response: statusOnly,
    },
    setProtocolPermissions: {
      id: 10,
      name: 'BASE_SET_PROTOCOL_PERMISSIONS',
      since: V2,
      request: SET_PROTOCOL_PERMISSIONS_REQUEST,
      response: statusOnly,
    },
    resetAgentConfiguration: {
      id: 11,
      name: 'BASE_RESET_AGENT_CONFIGURATION',
      since: V2,
      request: RESET_AGENT_CONFIGURATION_REQUEST,
      response: statusOnly,
    },
  },
  notifications: {
    errorEvent: { id: 0, name: 'BASE_ERROR_EVENT', since: V1, payload: ERROR_EVENT },
  },
});

// modules/scmi/src/base.ts
var CALLER = 4294967295;
var V22 = 131072;
var hasReservedBits = word => (word & ~1) !== 0;
var Base = class {
  constructor(hub, config) {
    this.declaration = BASE_PROTOCOL;
    this.hub = hub;
    this.version = config.version ?? 131073;
    this.vendor = packName(config.vendor, 16);
    this.subVendor = packName(config.subVendor, 16);
    this.implementationVersion = config.implementationVersion;
    this.names = ['platform', ...config.agents.map(agent => agent.name)].map(name2 => packName(name2, 16));
    this.handlers = {
      attributes: message => this.onAttributes(message),
      discoverVendor: message => this.onDiscoverName(message, this.vendor),
      discoverSubVendor: message => this.onDiscoverName(message, this.subVendor),
      discoverImplementationVersion: message => this.onDiscoverImplementationVersion(message),
      discoverListProtocols: message => this.onDiscoverListProtocols(message),
      discoverAgent: message => this.onDiscoverAgent(message),
      notifyErrors: message => this.onNotifyErrors(message),
      setDevicePermissions: message => this.onSetDevicePermissions(message),
      setProtocolPermissions: message => this.onSetProtocolPermissions(message),
      resetAgentConfiguration: message => this.onResetAgentConfiguration(message),
    };
  }
  resourceCount() {
    return 0;
  }
  resource() {
    return void 0;
  }
  isAvailable(command) {
    const { setDevicePermissions, setProtocolPermissions } = BASE_PROTOCOL.commands;
    const permission = command.id === setDevicePermissions.id || command.id === setProtocolPermissions.id;
    return !permission || this.hub.permissions !== void 0;
  }
  /** The hub keeps what Base has of an agent. */
  resetAgent() {}
  onAttributes(message) {
    let protocols = 0;
    for (const registered of this.hub.registry.all) if (this.lists(message.agent, registered.index)) protocols++;
    message.set(BASE_ATTRIBUTES_RESPONSE.at.attributes, (this.hub.agents.length << 8) | protocols);
    return ScmiStatus.SUCCESS;
  }
  /** Whether an agent's list has the protocol at `index`: not Base, not hidden, not denied. */
  lists(agent, index) {
    const registered = this.hub.registry.all[index];
    const state = this.agent(agent);
    if (index === 0 || registered === void 0 || state === void 0) return false;
    return state.sees(registered) && !state.isDenied(registered);
  }
  onDiscoverName(message, name2) {
    message.response.setName(VENDOR_RESPONSE.at.identifier, name2);
    return ScmiStatus.SUCCESS;
  }
  onDiscoverImplementationVersion(message) {
    message.set(IMPLEMENTATION_RESPONSE.at.version, this.implementationVersion);
    return ScmiStatus.SUCCESS;
  }
  onDiscoverListProtocols(message) {
    const skip = message.u32(LIST_PROTOCOLS_REQUEST.at.skip);
    const { all } = this.hub.registry;
    const room = 4 * message.room(4);
    let seen = 0;
    let count = 0;
    let word = 0;
    for (let index = 0; index < all.length; index++) {
      if (!this.lists(message.agent, index)) continue;
      if (seen++ < skip || count === room) continue;
      word |= (all[index]?.protocol.declaration.id ?? 0) << (8 * (count & 3));
      count++;
      message.set(LIST_PROTOCOLS_RESPONSE.size + 4 * ((count - 1) >> 2), word);
      if ((count & 3) === 0) word = 0;
    }
    if (skip > seen) return ScmiStatus.INVALID_PARAMETERS;
    message.set(LIST_PROTOCOLS_RESPONSE.at.count, count);
    message.size = LIST_PROTOCOLS_RESPONSE.size + 4 * ((count + 3) >> 2);
    return ScmiStatus.SUCCESS;
  }
  onDiscoverAgent(message) {
    const asked = message.u32(DISCOVER_AGENT_REQUEST.at.agentId);
    const id = asked === CALLER && message.version >= V22 ? message.agent : asked;
    const name2 = this.names[id];
    if (name2 === void 0) return ScmiStatus.NOT_FOUND;
    if (message.version < V22) {
      message.response.setName(DISCOVER_AGENT_RESPONSE_V1.at.name, name2);
      return ScmiStatus.SUCCESS;
    }
    message.set(DISCOVER_AGENT_RESPONSE.at.agentId, id);
    message.response.setName(DISCOVER_AGENT_RESPONSE.at.name, name2);
    return ScmiStatus.SUCCESS;
  }
  onNotifyErrors(message) {
    const enable = message.u32(NOTIFY_ERRORS_REQUEST.at.enable);
    if (hasReservedBits(enable)) return ScmiStatus.INVALID_PARAMETERS;
    const agent = this.agent(message.agent);
    if (agent !== void 0) agent.notifyErrors = enable === 1;
    return ScmiStatus.SUCCESS;
  }
  onSetDevicePermissions(message) {
    const AT = SET_DEVICE_PERMISSIONS_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const device = message.u32(AT.deviceId);
    const flags = message.u32(AT.flags);
    if (agent === void 0 || !this.reaches(agent.id, device)) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags)) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.permissions?.setDevice(agent.id, device, flags === 1);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }
  onSetProtocolPermissions(message) {
    const AT = SET_PROTOCOL_PERMISSIONS_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const device = message.u32(AT.deviceId);
    const command = message.u32(AT.commandId);
    const flags = message.u32(AT.flags);
    if (agent === void 0 || !this.reaches(agent.id, device)) return ScmiStatus.NOT_FOUND;
    const registered = this.hub.registry.find(command & 255);
    if (registered === void 0 || registered.index === 0 || !agent.sees(registered)) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags) || command > 255) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.permissions?.setProtocol(agent.id, device, command, flags === 1);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }
  onResetAgentConfiguration(message) {
    const AT = RESET_AGENT_CONFIGURATION_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const flags = message.u32(AT.flags);
    if (agent === void 0) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags)) return ScmiStatus.INVALID_PARAMETERS;
    if (agent.id !== message.agent && !this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.resetAgent(agent);
    if (flags === 1) this.hub.permissions?.reset(agent.id);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }
  agent(id) {
    return this.hub.agents[id - 1];
  }
  isTrusted(id) {
    return this.agent(id)?.trusted === true;
  }
  /** Whether a device holds a resource that the agent sees through some protocol. */
  reaches(agent, device) {
    const { permissions, registry } = this.hub;
    if (permissions === void 0 || device >= permissions.deviceCount) return false;
    for (const { protocol: protocol2 } of registry.all) {
      for (let index = 0; index < protocol2.resourceCount(agent); index++) {
        const resource = protocol2.resource(agent, index);
        if (resource !== void 0 && permissions.deviceOf(resource) === device) return true;
      }
    }
    return false;
  }
};

// modules/scmi/src/module-events.ts
var MESSAGE_EVENT = defineEvent('MESSAGE', ['sequence']);

// modules/scmi/src/registry.ts
var PROTOCOL_IDS = 256;
var HUB_ANSWERS = [COMMON.VERSION, COMMON.MESSAGE_ATTRIBUTES, COMMON.NEGOTIATE];
var Registry = class {
  constructor() {
    /** In ascending order of protocol id: Base first. */
    this.all = [];
    this.byId = new Array(PROTOCOL_IDS).fill(void 0);
  }
  /** The protocol with an id, undefined when the product has none. */
  find(id) {
    return this.byId[id];
  }
  /** Takes the protocols. FrameworkError E_STATE for an id used twice, E_DATA for a version that is not declared. */
  fill(protocols) {
    const sorted = [...protocols].sort((a, b) => a.declaration.id - b.declaration.id);
    for (const protocol2 of sorted) {
      const { id, name: name2 } = protocol2.declaration;
      if (this.byId[id] !== void 0) {
        throw new FrameworkError(
          Status.E_STATE,
          `two modules provide protocol 0x${id.toString(16)} (${name2}); one may`,
        );
      }
      const registered = register(protocol2, this.all.length);
      this.byId[id] = registered;
      this.all.push(registered);
    }
  }
};
function register(protocol2, index) {
  const { declaration } = protocol2;
  const offered = declaration.versions.indexOf(protocol2.version);
  if (offered < 0) {
    const known = declaration.versions.map(hex).join(', ');
    throw new FrameworkError(
      Status.E_DATA,
      `protocol ${declaration.name} has no version ${hex(protocol2.version)}; it has ${known}`,
    );
  }
  const tables = declaration.versions.map(version => {
    const table = new Array(PROTOCOL_IDS).fill(void 0);
    for (const [key, command] of Object.entries(declaration.commands)) {
      const present = command.id === COMMON.NEGOTIATE ? protocol2.version : version;
      if (command.since <= present) table[command.id] = entry(protocol2, key, command, version);
    }
    return table;
  });
  return { protocol: protocol2, index, tables, offered };
}
function entry(protocol2, key, command, version) {
  const request = layoutAt(command.request, version);
  const handler = protocol2.handlers[key];
  if (handler === void 0 && !HUB_ANSWERS.includes(command.id)) {
    throw new FrameworkError(
      Status.E_DATA,
      `protocol ${protocol2.declaration.name} has no handler for ${command.name}`,
    );
  }
  return {
    command,
    handler,
    shortest: Math.min(command.requestMinimum ?? request.size, request.size),
    longest: request.tail === void 0 ? request.size : Infinity,
    responseSize: layoutAt(command.response, version).size,
  };
}
var hex = value => `0x${value.toString(16)}`;

// modules/scmi/src/trace.ts
var show = values =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? showList(value) : String(value)}`)
    .join(' ');
var showList = entries => `[${entries.map(entry2 => Object.values(entry2).map(String).join(':')).join(' ')}]`;
function payloadText(page, layout2, length) {
  const end = Math.min(length, page.capacity);
  const view = new DataView(page.bytes.buffer, 4);
  if (end >= layout2.size) return show(layout2.decode(view, 0, end));
  let hex2 = '';
  for (let at = 0; at < end; at++) hex2 += view.getUint8(at).toString(16).padStart(2, '0');
  return hex2;
}
function commandText(agent, command, version, request, length, answer, size, elapsed) {
  const status = answer.i32(0);
  const name2 = command?.name ?? `message 0x${(request.header & 262143).toString(16)}`;
  const asked = command === void 0 ? '' : payloadText(request, layoutAt(command.request, version), length);
  const told = status === 0 && command !== void 0 ? payloadText(answer, layoutAt(command.response, version), size) : '';
  return `${agent} ${name2} token=${tokenOf(request.header)} ${asked} -> ${scmiStatusName(status)} ${told} (${elapsed} us)`;
}

// modules/scmi/src/hub.ts
var ERROR_EVENT_SIZE = ERROR_EVENT.size + 8;
var isFault = status =>
  status === ScmiStatus.COMMS_ERROR ||
  status === ScmiStatus.GENERIC_ERROR ||
  status === ScmiStatus.HARDWARE_ERROR ||
  status === ScmiStatus.PROTOCOL_ERROR;
var Hub = class {
  constructor(framework) {
    this.agents = [];
    this.registry = new Registry();
    this.event = new Page(RESPONSE_CAPACITY);
    this.permissions = void 0;
    this.services = /* @__PURE__ */ new Map();
    this.byMessage = /* @__PURE__ */ new Map();
    /** By agent id: the services it speaks on. */
    this.byAgent = [];
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
    this.tracing = framework.host.option('trace') === 'true' && framework.log.enabled(LogLevel.TRACE);
  }
  // ---------------------------------------------------------------- set-up
  /** Takes an agent, in the order of ids. */
  addAgent(agent) {
    this.agents.push(agent);
    this.byAgent[agent.id] = [];
  }
  /** Takes the service of a channel. */
  addService(service) {
    this.services.set(service.id, service);
    this.byMessage.set(service.message, service);
    this.byAgent[service.agent.id]?.push(service);
  }
  /** The service that is the element `id`. */
  serviceOf(id) {
    return this.services.get(id);
  }
  /** Fixes what each agent sees, once all protocols are known. */
  prepare() {
    for (const agent of this.agents) agent.prepare(this.registry);
    this.updateAccess();
  }
  /** Works out anew what permissions leave each agent. */
  updateAccess() {
    for (const agent of this.agents) agent.updateAccess(this.registry, this.permissions);
  }
  // ---------------------------------------------------------------- commands
  queue(service) {
    return this.framework.put(MESSAGE_EVENT, service.id, service.id, service.params) === Status.SUCCESS;
  }
  now() {
    return this.framework.host.now();
  }
  /** Handles the command of a service, unless the service was reset since it was queued. */
  process(service, sequence) {
    if (!service.busy || service.message.sequence !== sequence) return;
    const result2 = this.dispatch(service);
    if (result2 !== PENDING) this.answer(service, result2);
  }
  respond(message, sequence, status) {
    const service = this.byMessage.get(message);
    if (service?.busy === true && message.sequence === sequence) this.answer(service, status);
  }
  /** The checks, in the order that the first one broken decides the answer. DEN0056; every row before the handler's own. */
  dispatch(service) {
    const { message, agent } = service;
    const word = message.request.header;
    service.command = void 0;
    message.size = 4;
    if (typeOf(word) !== MessageType.COMMAND) return ScmiStatus.PROTOCOL_ERROR;
    const registered = this.registry.find(protocolOf(word));
    if (registered === void 0 || !agent.sees(registered)) return ScmiStatus.NOT_SUPPORTED;
    if (agent.isDenied(registered)) return ScmiStatus.DENIED;
    const entry2 = this.findEntry(registered, agent, messageOf(word));
    if (entry2 === void 0) return ScmiStatus.NOT_FOUND;
    service.command = entry2.command;
    if (message.length < entry2.shortest || message.length > entry2.longest) return ScmiStatus.PROTOCOL_ERROR;
    message.p2a = this.hasP2a(agent.id);
    if (entry2.command.notifies === true && !message.p2a) return ScmiStatus.NOT_SUPPORTED;
    if (entry2.responseSize > message.capacity) return ScmiStatus.COMMS_ERROR;
    message.size = entry2.responseSize;
    message.version = registered.protocol.declaration.versions[agent.versionIndex(registered)] ?? 0;
    const result2 = this.handle(registered, entry2, message, agent);
    return result2 === ScmiStatus.SUCCESS && message.size > message.capacity ? ScmiStatus.COMMS_ERROR : result2;
  }
  findEntry(registered, agent, id) {
    const entry2 = registered.tables[agent.versionIndex(registered)]?.[id];
    if (entry2 === void 0) return void 0;
    const { protocol: protocol2 } = registered;
    return protocol2.isAvailable?.(entry2.command, agent.id) === false ? void 0 : entry2;
  }
  handle(registered, entry2, message, agent) {
    try {
      if (entry2.handler !== void 0) return entry2.handler(message);
    } catch (error) {
      this.framework.log.crit(`[SCMI] ${entry2.command.name}: ${error instanceof Error ? error.stack : String(error)}`);
      return ScmiStatus.GENERIC_ERROR;
    }
    switch (entry2.command.id) {
      case COMMON.VERSION:
        message.set(VERSION_RESPONSE.at.version, registered.protocol.version);
        return ScmiStatus.SUCCESS;
      case COMMON.MESSAGE_ATTRIBUTES:
        return this.messageAttributes(registered, message, agent);
      case COMMON.NEGOTIATE:
        return this.negotiate(registered, message, agent);
      default:
        return ScmiStatus.NOT_FOUND;
    }
  }
  messageAttributes(registered, message, agent) {
    const id = message.u32(MESSAGE_ATTRIBUTES_REQUEST.at.messageId);
    const entry2 = id > 255 ? void 0 : this.findEntry(registered, agent, id);
    if (entry2 === void 0 || (entry2.command.notifies === true && !message.p2a)) return ScmiStatus.NOT_FOUND;
    const attributes = registered.protocol.messageAttributes?.(entry2.command, agent.id) ?? 0;
    message.set(MESSAGE_ATTRIBUTES_RESPONSE.at.attributes, attributes);
    return ScmiStatus.SUCCESS;
  }
  negotiate(registered, message, agent) {
    const wanted = message.u32(NEGOTIATE_REQUEST.at.version);
    const index = registered.protocol.declaration.versions.indexOf(wanted);
    if (index < 0 || index > registered.offered) return ScmiStatus.NOT_SUPPORTED;
    agent.negotiate(registered, index);
    return ScmiStatus.SUCCESS;
  }
  answer(service, status) {
    const { message } = service;
    const size = status === ScmiStatus.SUCCESS ? message.size : 4;
    message.response.header = message.request.header;
    message.response.set(0, status);
    service.busy = false;
    if (this.tracing) this.trace(service, size);
    if (status !== ScmiStatus.SUCCESS) this.reportFailure(service, status);
    service.transport?.respond(4 + size);
  }
  trace(service, size) {
    const { message, command } = service;
    const elapsed = this.now() - service.since;
    this.framework.log.trace(
      `[SCMI] ${commandText(service.name, command, message.version, message.request, message.length, message.response, size, elapsed)}`,
    );
  }
  reportFailure(service, status) {
    if (!isFault(status)) return;
    const word = service.message.request.header;
    if (this.limit.take(this.now())) {
      const held = this.limit.suppressed;
      this.limit.suppressed = 0;
      const name2 = service.command?.name ?? `header 0x${word.toString(16)}`;
      this.framework.log.warn(
        `[SCMI] ${service.name}: ${name2}, ${service.message.length} bytes of payload, answered ${scmiStatusName(status)}${held > 0 ? ` (${held} more like this)` : ''}`,
      );
    }
    for (let at = 0; at < this.agents.length; at++) {
      const agent = this.agents[at];
      if (agent?.notifyErrors === true) this.notifyError(agent.id, service.agent.id, word, status);
    }
  }
  notifyError(recipient, cause, word, status) {
    this.event.set(ERROR_EVENT.at.agentId, cause);
    this.event.set(ERROR_EVENT.at.errorStatus, 1);
    this.event.set(ERROR_EVENT.size, word);
    this.event.set(ERROR_EVENT.size + 4, status);
    this.notify(recipient, BASE_PROTOCOL, BASE_PROTOCOL.notifications.errorEvent, ERROR_EVENT_SIZE);
  }
  // ---------------------------------------------------------------- what protocols use
  agentId(name2) {
    return this.agents.find(agent => agent.name === name2)?.id;
  }
  versionFor(protocol2, agent) {
    const registered = this.registry.find(protocol2.id);
    const state = this.agents[agent - 1];
    if (registered === void 0 || state === void 0) return 0;
    return protocol2.versions[state.versionIndex(registered)] ?? 0;
  }
  hasP2a(agent) {
    return this.p2aOf(agent) !== void 0;
  }
  isPermitted(agent, protocol2, _messageId, resource) {
    return this.permissions?.isPermitted(agent, protocol2, resource) ?? true;
  }
  notify(agent, protocol2, notification, size) {
    const transport = this.p2aOf(agent);
    if (transport === void 0) return false;
    this.event.header = header(protocol2.id, notification.id, MessageType.NOTIFICATION, 0);
    if (this.tracing)
      this.framework.log.trace(`[SCMI] ${this.agents[agent - 1]?.name ?? agent} < ${notification.name}`);
    return transport.transmit(this.event, 4 + size, false);
  }
  sendDelayed(agent, command, size) {
    const transport = this.p2aOf(agent);
    this.event.header = withType(command, MessageType.DELAYED_RESPONSE);
    if (this.tracing) {
      this.framework.log.trace(
        `[SCMI] ${this.agents[agent - 1]?.name ?? agent} < delayed 0x${command.toString(16)} ${scmiStatusName(this.event.i32(0))}`,
      );
    }
    transport?.transmit(this.event, 4 + size, true);
  }
  p2aOf(agent) {
    const services = this.byAgent[agent];
    if (services === void 0) return void 0;
    for (let at = 0; at < services.length; at++) {
      const transport = services[at]?.transport;
      if (transport?.hasP2a === true) return transport;
    }
    return void 0;
  }
  resetAgent(agent) {
    agent.reset(this.registry);
    for (const { protocol: protocol2 } of this.registry.all) protocol2.resetAgent(agent.id);
  }
};

// modules/scmi/src/service.ts
var Service = class {
  constructor(id, name2, agent, owner) {
    this.message = new Message();
    /** Known once the hub has bound it. */
    this.transport = void 0;
    /** A command waits for its answer. */
    this.busy = false;
    /** When the command under way arrived, µs. */
    this.since = 0;
    /** The declaration of the command under way, for the trace. */
    this.command = void 0;
    /** Parameters of the message event: kept here so that queueing allocates nothing. */
    this.params = { sequence: 0 };
    this.id = id;
    this.name = name2;
    this.agent = agent;
    this.owner = owner;
    this.message.agent = agent.id;
  }
  get request() {
    return this.message.request;
  }
  get response() {
    return this.message.response;
  }
  signal(length, capacity) {
    if (this.busy) return false;
    const { message } = this;
    message.length = length - 4;
    message.capacity = Math.min(capacity - 4, message.response.capacity);
    message.sequence = (message.sequence + 1) >>> 0;
    this.params.sequence = message.sequence;
    this.since = this.owner.now();
    this.busy = this.owner.queue(this);
    return this.busy;
  }
  reset() {
    this.message.sequence = (this.message.sequence + 1) >>> 0;
    this.busy = false;
    this.owner.resetAgent(this.agent);
  }
};

// modules/scmi/src/module.ts
function create(framework) {
  const hub = new Hub(framework);
  const protocols = /* @__PURE__ */ new Set();
  const transports = /* @__PURE__ */ new Map();
  let base;
  function bindService(id) {
    const transport = transports.get(id);
    const service = hub.serviceOf(id);
    if (transport !== void 0 && service !== void 0) {
      service.transport = framework.bind(transport, SCMI_TRANSPORT);
    }
  }
  function bindProtocols() {
    if (framework.hasModule('resource-perms')) {
      hub.permissions = framework.bind(framework.moduleId('resource-perms'), RESOURCE_PERMISSIONS);
    }
    const bound = [...protocols].map(id => framework.bind(id, SCMI_PROTOCOL));
    hub.registry.fill(base === void 0 ? bound : [base, ...bound]);
    hub.prepare();
  }
  return {
    apis: [
      provide(SCMI_HUB, (source, target) => {
        if (!isModuleId(source) || !isModuleId(target)) return Status.E_SUPPORT;
        protocols.add(source);
        return hub;
      }),
      provide(SCMI_SERVICE, (source, target) => {
        const service = hub.serviceOf(target);
        return service !== void 0 && transports.get(service.id) === source ? service : Status.E_ACCESS;
      }),
    ],
    init(config) {
      const names4 = /* @__PURE__ */ new Set();
      config.agents.forEach(({ name: name2, trusted }, index) => {
        if (names4.has(name2)) throw new FrameworkError(Status.E_DATA, `two agents are called ${name2}`);
        names4.add(name2);
        hub.addAgent(new Agent(index + 1, name2, trusted));
      });
      base = new Base(hub, config);
    },
    elementInit(id, { agent: name2, transport }) {
      const agent = hub.agents.find(one => one.name === name2);
      if (agent === void 0) {
        const known = hub.agents.map(one => one.name).join(', ');
        throw new FrameworkError(Status.E_DATA, `no agent is called ${name2}; the agents are ${known}`);
      }
      framework.createContext(id);
      transports.set(id, transport);
      hub.addService(new Service(id, framework.nameOf(id), agent, hub));
    },
    bind(id, round) {
      if (isModuleId(id)) {
        if (round === 1) bindProtocols();
      } else if (round === 0) {
        bindService(id);
      }
    },
    processEvent(event) {
      const service = hub.serviceOf(event.target);
      if (service === void 0) return Status.E_PARAM;
      hub.process(service, event.param(MESSAGE_EVENT.at.sequence));
      return Status.SUCCESS;
    },
  };
}
var definition = {
  name: 'scmi',
  type: 'SERVICE',
  apis: [SCMI_HUB, SCMI_SERVICE],
  events: [MESSAGE_EVENT],
  create,
};
var module_default = definition;

// modules/virtio-scmi/src/guest-memory.ts
var WINDOW_STRIDE = 1073741824;
var WINDOW_OVERLAP = 1048576;
var ADDRESS_LIMIT = 9007199254740992;
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
var overlaps = (base, size, otherBase, otherSize) => base < otherBase + otherSize && otherBase < base + size;
function checkRegions(regions) {
  for (const [index, { base, size }] of regions.entries()) {
    if (!(size > 0)) return `region ${index} is empty`;
    if (!(base + size <= ADDRESS_LIMIT)) return `region ${index} reaches beyond the address space`;
    for (const other of regions.slice(0, index)) {
      if (overlaps(base, size, other.base, other.size)) return `region ${index} overlaps another`;
    }
  }
  return void 0;
}
var RegionMemory = class {
  constructor(regions) {
    this.offset = 0;
    this.remaining = 0;
    /** The window that was found last: nearly always the next one too. */
    this.last = void 0;
    this.regions = regions.map(facts => new Region(facts));
  }
  at(low, high) {
    const { last } = this;
    if (last !== void 0) {
      const offset = ((high >>> 0) - last.high) * WORD + ((low >>> 0) - (last.low >>> 0));
      if (offset >= 0 && offset < last.reach) {
        this.offset = offset | 0;
        this.remaining = (last.length - offset) | 0;
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
    if (region === void 0 || offset < 0 || !(offset + length <= region.size) || length > WINDOW_OVERLAP) return void 0;
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

// modules/virtio-scmi/src/virtio.ts
var SCMI_DEVICE_ID = 32;
var Feature = {
  /** The device can send notifications and delayed responses: there is an event queue. */
  SCMI_P2A_CHANNELS: 1 << 0,
  RING_INDIRECT_DESC: 1 << 28,
  RING_EVENT_IDX: 1 << 29,
};
var FeatureHigh = { VERSION_1: 1 << 0 };
var DescriptorFlag = { NEXT: 1, WRITE: 2, INDIRECT: 4 };
var DESCRIPTOR_SIZE = 16;
var AVAIL_NO_INTERRUPT = 1;
var USED_NO_NOTIFY = 1;
var MAX_QUEUE_SIZE = 32768;
var descriptorBytes = size => DESCRIPTOR_SIZE * size;
var availableBytes = (size, eventIdx) => 4 + 2 * size + (eventIdx ? 2 : 0);
var usedBytes = (size, eventIdx) => 4 + 8 * size + (eventIdx ? 2 : 0);
var isQueueSize = size => size >= 1 && size <= MAX_QUEUE_SIZE && (size & (size - 1)) === 0;
var wantsEvent = (event, before, after) => ((after - event - 1) & 65535) < ((after - before) & 65535);

// modules/virtio-scmi/src/api.ts
var VIRTIO_DEVICE = defineApi('VIRTIO_DEVICE');

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
  INDIRECT_ADDRESS: 11,
};
var TEXTS = [
  'nothing',
  'more buffers available than the queue has',
  'a head beyond the descriptor table',
  'a descriptor links beyond its table',
  'a chain longer than its table',
  'a buffer outside guest memory',
  'a readable descriptor after a writable one',
  'a chain of more than 4 GiB',
  'an indirect table without the feature',
  'an indirect descriptor inside a table, or with a next one',
  'an indirect table of a wrong length',
  'an indirect table outside guest memory',
];
var defectText = defect => TEXTS[defect] ?? 'unknown';
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
  walk(memory, table, size, head, indirect, request) {
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
    for (;;) {
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
        if (length === 0 || (length & (DESCRIPTOR_SIZE - 1)) !== 0 || length > DESCRIPTOR_SIZE * most) {
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
      const defect = this.add(memory, low, high, length, writable, request);
      if (defect !== Defect.NONE) return defect;
      if ((flags & DescriptorFlag.NEXT) === 0) return Defect.NONE;
      index = next;
    }
  }
  /** Takes one buffer, which may go on from one window or region into the next. */
  add(memory, low, high, length, writable, request) {
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
        if (request !== void 0 && this.readable < request.byteLength) {
          const room = request.byteLength - this.readable;
          copyBytes(request, this.readable, window.view, memory.offset, part < room ? part : room);
        }
        this.readable += part;
      }
      left -= part;
      if (left > 0) {
        const sum = (low >>> 0) + part;
        low = sum | 0;
        if (sum > 4294967295) high = (high + 1) | 0;
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
var fits = ({ window, offset }, bytes, alignment) =>
  offset >= 0 && offset % alignment === 0 && offset + bytes <= window.length;
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
    if (!fits(descriptors, descriptorBytes(size), 16)) return 'a misplaced descriptor table';
    if (!fits(available, availableBytes(size, eventIdx), 2)) return 'a misplaced available ring';
    if (!fits(used, usedBytes(size, eventIdx), 4)) return 'a misplaced used ring';
    return void 0;
  }
  /** How many chains the driver has made available and nobody has taken; more than the size is a defect. */
  waiting() {
    this.seen = Atomics.load(this.avail16, this.availAt + 1);
    return (this.seen - this.next) & 65535;
  }
  /**
   * Walks the next available chain into `chain`, its readable part into `request`, without taking it. DEFECT says that the
   * driver broke a rule: the queue must not be used any more.
   */
  peek(memory, request) {
    if (this.seen === this.next && this.waiting() === 0) return Found.NOTHING;
    if (((this.seen - this.next) & 65535) > this.size) return this.fail(Defect.INDEX);
    this.suppress();
    const head = this.avail16[this.availAt + 2 + (this.next & this.mask)] ?? 0;
    if (head >= this.size) return this.fail(Defect.HEAD);
    const defect = this.chain.walk(memory, this.descriptors, this.size, head, this.features.indirect, request);
    return defect === Defect.NONE ? Found.CHAIN : this.fail(defect);
  }
  fail(defect) {
    this.defect = defect;
    return Found.DEFECT;
  }
  /** Takes the chain that `peek` found. */
  take() {
    this.next = (this.next + 1) & 65535;
  }
  /** Puts the chain taken last back, to be found again. */
  untake() {
    this.next = (this.next - 1) & 65535;
  }
  /** Returns a chain to the driver with `length` bytes written. */
  give(head, length) {
    const at = this.usedOffset + 4 + 8 * (this.published & this.mask);
    this.usedView.setUint32(at, head, true);
    this.usedView.setUint32(at + 4, length, true);
    this.published = (this.published + 1) & 65535;
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
  /** Asks for a kick at the next buffer. Answers whether one has come meanwhile, for which there may be no kick. */
  arm() {
    if (this.features.eventIdx) {
      Atomics.store(this.used16, this.availEventAt, this.next);
    } else {
      this.suppressed = false;
      Atomics.store(this.used16, this.usedAt, 0);
    }
    return this.waiting() !== 0;
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
  DEFECT: 4,
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
      const result2 =
        outcome === Outcome.DEFECT || (delayed && outcome !== Outcome.SENT)
          ? outcome
          : this.publish(memory, this.bytes, slot * MESSAGE_SIZE, this.lengths[slot] ?? 0, delayed);
      if (result2 === Outcome.SENT) continue;
      if (result2 === Outcome.DEFECT) outcome = result2;
      if (!delayed) {
        this.dropped++;
        continue;
      }
      if (outcome === Outcome.SENT) outcome = result2;
      this.order[index] = this.order[kept] ?? 0;
      this.order[kept] = slot;
      kept++;
    }
    this.count = kept;
    return outcome;
  }
};

// modules/virtio-scmi/src/events.ts
var RUN = defineEvent('RUN');

// modules/virtio-scmi/src/device.ts
var COMMAND_QUEUE = 0;
var EVENT_QUEUE = 1;
var OFFERED = Feature.SCMI_P2A_CHANNELS | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
var MIN_REQUEST = 4;
var MIN_RESPONSE = 8;
var BATCH2 = 64;
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
      eventIdx: (this.accepted & Feature.RING_EVENT_IDX) !== 0,
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
      if (this.returned >= BATCH2) this.interruptCommands();
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
    this.warn(delayed ? 'delayed response dropped: too many wait' : 'notification dropped: no event buffer for it');
    return false;
  }
  /** Publishes what waits; afterwards a kick comes, or RUN, when there is a buffer for what still waits. */
  deliver() {
    const { memory, events } = this;
    const { queue } = events;
    if (memory === void 0 || queue === void 0) return;
    const before = events.dropped;
    const outcome = events.deliver(memory);
    if (events.dropped !== before) this.warn('notifications dropped: no event buffers for them');
    if (outcome === Outcome.DEFECT) {
      this.failEvents();
      return;
    }
    this.interruptEvents();
    if (outcome === Outcome.LOOK_AGAIN || (outcome === Outcome.NO_BUFFER && queue.arm())) this.schedule();
    if (outcome === Outcome.TOO_SMALL && queue.arm() && queue.waiting() > 1) this.schedule();
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
    const more = limit.suppressed > 0 ? ` (and ${limit.suppressed} more lines like this)` : '';
    limit.suppressed = 0;
    framework.log.warn(`[VIRTIO-SCMI] ${this.name}: ${text}${more}`);
  }
};

// modules/virtio-scmi/src/module.ts
var create2 = framework => {
  const devices = [];
  const services = [];
  const deviceOf = id => (isElementId(id) ? devices[elementIndex(id)] : void 0);
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
      provide(VIRTIO_DEVICE, (_source, target) => deviceOf(target) ?? Status.E_PARAM),
    ],
    init() {},
    elementInit(id, { delayedResponses }) {
      framework.createContext(id);
      devices[elementIndex(id)] = new ScmiDevice(framework, id, delayedResponses);
    },
    bind(id, round) {
      if (round === 0 || !isElementId(id)) return;
      const service = services[elementIndex(id)];
      if (service === void 0) {
        throw new FrameworkError(Status.E_DATA, 'no agent of the scmi module has this device as its transport');
      }
      deviceOf(id)?.serve(framework.bind(service, SCMI_SERVICE));
    },
    stop(id) {
      deviceOf(id)?.close();
    },
    processEvent(event) {
      deviceOf(event.target)?.run();
      return Status.SUCCESS;
    },
  };
};
var definition2 = {
  name: 'virtio-scmi',
  type: 'DRIVER',
  apis: [SCMI_TRANSPORT, VIRTIO_DEVICE],
  events: [RUN],
  create: create2,
};
var module_default2 = definition2;

// modules/vhost-user/src/messages.ts
var HEADER_SIZE = 12;
var PAYLOAD_LIMIT = 4096;
var HeaderFlag = { VERSION_MASK: 3, VERSION: 1, REPLY: 4, NEED_REPLY: 8 };
var Request = {
  GET_FEATURES: 1,
  SET_FEATURES: 2,
  SET_OWNER: 3,
  RESET_OWNER: 4,
  SET_MEM_TABLE: 5,
  SET_VRING_NUM: 8,
  SET_VRING_ADDR: 9,
  SET_VRING_BASE: 10,
  GET_VRING_BASE: 11,
  SET_VRING_KICK: 12,
  SET_VRING_CALL: 13,
  SET_VRING_ERR: 14,
  GET_PROTOCOL_FEATURES: 15,
  SET_PROTOCOL_FEATURES: 16,
  GET_QUEUE_NUM: 17,
  SET_VRING_ENABLE: 18,
  SET_BACKEND_REQ_FD: 21,
  RESET_DEVICE: 34,
};
var PROTOCOL_FEATURES = 8233;
var F_PROTOCOL_FEATURES = 1 << 30;
var MAX_REGIONS = 8;
var TABLE_HEADER = 8;
var REGION_SIZE = 32;
var FdWord = { INDEX: 255, NONE: 256, REST: 4294966784 };
var VringAddr = { INDEX: 0, FLAGS: 4, DESCRIPTORS: 8, USED: 16, AVAILABLE: 24, LOG: 32 };
var NO_DESCRIPTORS = [0, 0];
var MAYBE_ONE = [0, 1];
var declare = (name2, size, [minDescriptors, maxDescriptors] = NO_DESCRIPTORS, open = false) => ({
  id: Request[name2],
  name: name2,
  size,
  open,
  minDescriptors,
  maxDescriptors,
});
var STATE = 8;
var U64 = 8;
var REQUESTS = new Map(
  [
    declare('GET_FEATURES', 0),
    declare('SET_FEATURES', U64),
    declare('SET_OWNER', 0),
    declare('RESET_OWNER', 0),
    declare('SET_MEM_TABLE', TABLE_HEADER, [0, MAX_REGIONS], true),
    declare('SET_VRING_NUM', STATE),
    declare('SET_VRING_ADDR', 40),
    declare('SET_VRING_BASE', STATE),
    declare('GET_VRING_BASE', STATE),
    declare('SET_VRING_KICK', U64, MAYBE_ONE),
    declare('SET_VRING_CALL', U64, MAYBE_ONE),
    declare('SET_VRING_ERR', U64, MAYBE_ONE),
    declare('GET_PROTOCOL_FEATURES', 0),
    declare('SET_PROTOCOL_FEATURES', U64),
    declare('GET_QUEUE_NUM', 0),
    declare('SET_VRING_ENABLE', STATE),
    declare('SET_BACKEND_REQ_FD', 0, [1, 1]),
    declare('RESET_DEVICE', 0),
  ].map(declaration => [declaration.id, declaration]),
);
var Refusal = {
  NONE: 0,
  /** More payload than the request has. */
  LENGTH: 1,
  /** Descriptors missing or too many. */
  DESCRIPTORS: 2,
  /** A request that does not exist or whose feature is not offered. */
  UNKNOWN: 3,
  /** A ring that the device does not have. */
  INDEX: 4,
  /** A size, base or switch out of range. */
  VALUE: 5,
  /** Ring addresses that are misaligned or outside the memory table. */
  ADDRESS: 6,
  /** Features that were not offered, or VERSION_1 missing. */
  FEATURES: 7,
  /** Not at this moment. */
  MOMENT: 8,
  /** A memory table that breaks a rule or can't be mapped. */
  MEMORY: 9,
  /** A descriptor that is not of a kind for this use. */
  KIND: 10,
};
var isHarmless = refusal => refusal === Refusal.UNKNOWN || refusal === Refusal.ADDRESS || refusal === Refusal.MOMENT;

// modules/vhost-user/src/memory.ts
var MEMORY_LIMIT = 1099511627776;
var PAGE = 4096;
var REGION_ALIGNMENT = 16;
var word64 = (payload, at) => addressOf(payload.getUint32(at, true), payload.getUint32(at + 4, true));
function readRegion(payload, index) {
  const at = TABLE_HEADER + index * REGION_SIZE;
  return {
    guest: word64(payload, at),
    size: word64(payload, at + 8),
    user: word64(payload, at + 16),
    offset: word64(payload, at + 24),
  };
}
function checkTable(regions) {
  const guest = checkRegions(regions.map(({ guest: base, size }) => ({ base, size })));
  if (guest !== void 0) return `${guest} in guest addresses`;
  const user = checkRegions(regions.map(({ user: base, size }) => ({ base, size })));
  if (user !== void 0) return `${user} in user addresses`;
  for (const [index, region] of regions.entries()) {
    const page = region.offset % PAGE;
    if (region.guest % PAGE !== page || region.user % PAGE !== page || page % REGION_ALIGNMENT !== 0) {
      return `region ${index} is not aligned with its file`;
    }
  }
  if (regions.reduce((sum, { size }) => sum + size, 0) > MEMORY_LIMIT) return 'more than 1 TiB';
  return void 0;
}
var SharedMemory = class _SharedMemory {
  constructor(regions, mappings, sealed) {
    this.regions = regions;
    this.mappings = mappings;
    this.sealed = sealed;
    this.guest = new RegionMemory(
      regions.flatMap(({ guest: base, size }, index) => {
        const source = mappings[index];
        return source === void 0 ? [] : [{ base, size, source }];
      }),
    );
  }
  /** Maps a table, one descriptor a region. Answers what is wrong with it in words; then nothing stays mapped. */
  static map(posix2, regions, descriptors, { requireSealed }) {
    const defect = checkTable(regions);
    if (defect !== void 0) return defect;
    const mappings = [];
    let sealed = true;
    const fail = text => {
      for (const mapping of mappings) mapping.unmap();
      return text;
    };
    for (const [index, { size, offset }] of regions.entries()) {
      const fd = descriptors[index] ?? -1;
      const isSealed = posix2.sealShrink(fd);
      sealed &&= isSealed;
      if (requireSealed && !isSealed) return fail(`the file of region ${index} can shrink`);
      const facts = posix2.stat(fd);
      if (facts?.kind !== 'file') return fail(`the descriptor of region ${index} is no file`);
      if (!(offset + size <= facts.size)) return fail(`region ${index} reaches beyond its file`);
      const mapping = posix2.map(fd, offset, size);
      if (typeof mapping === 'number') return fail(`region ${index} can't be mapped (errno ${-mapping})`);
      mappings.push(mapping);
    }
    return new _SharedMemory(regions, mappings, sealed);
  }
  /** Where `length` bytes at a user address are; undefined when they are not wholly in one region. */
  place(user, length) {
    const index = this.regions.findIndex(region2 => user >= region2.user && user < region2.user + region2.size);
    const region = this.regions[index];
    return region === void 0 ? void 0 : this.guest.place(index, user - region.user, length);
  }
  /** Ends it. Views that anyone still has read zeros. */
  unmap() {
    for (const mapping of this.mappings) mapping.unmap();
  }
};

// modules/vhost-user/src/ring.ts
var isAligned = ({ descriptors, available, used }) => descriptors % 16 === 0 && available % 2 === 0 && used % 4 === 0;
var Ring = class {
  constructor(posix2, index, kicked) {
    /** Descriptors in the ring, 0 while unknown. */
    this.size = 0;
    /** The available index to go on from when it starts. */
    this.base = 0;
    this.addresses = void 0;
    this.enabled = false;
    /** There is no kick descriptor: the ring is looked at from time to time. */
    this.polled = false;
    /** The device works on it. */
    this.running = false;
    /** A rule was broken on it; it rests until it is set up anew. */
    this.broken = false;
    this.kick = -1;
    this.call = -1;
    this.err = -1;
    this.posix = posix2;
    this.index = index;
    this.kicked = kicked;
  }
  /** Whether everything is there that it needs to run. */
  get isComplete() {
    return this.size > 0 && this.addresses !== void 0 && this.enabled && (this.kick >= 0 || this.polled);
  }
  /** The set-up for the device; undefined while a part is unknown, misaligned or not in memory. */
  resolve(memory, eventIdx) {
    const { size, base: next, addresses } = this;
    if (size === 0 || addresses === void 0 || !isAligned(addresses)) return void 0;
    const descriptors = memory.place(addresses.descriptors, descriptorBytes(size));
    const available = memory.place(addresses.available, availableBytes(size, eventIdx));
    const used = memory.place(addresses.used, usedBytes(size, eventIdx));
    if (descriptors === void 0 || available === void 0 || used === void 0) return void 0;
    return { size, next, descriptors, available, used };
  }
  // ---------------------------------------------------------------- descriptors
  /** Takes over the kick descriptor; -1 for none, then the ring is polled. False when it can't be watched. */
  setKick(fd) {
    if (fd >= 0) {
      this.posix.setNonBlocking(fd);
      if (this.posix.watch(fd, { readable: true, edge: true }, this) < 0) return false;
    }
    this.closeKick();
    this.kick = fd;
    this.polled = fd < 0;
    return true;
  }
  /** Gives the kick descriptor up: the ring has been stopped. */
  closeKick() {
    this.polled = false;
    if (this.kick < 0) return;
    this.posix.unwatch(this.kick);
    this.posix.close(this.kick);
    this.kick = -1;
  }
  ready() {
    this.kicked(this);
  }
  /** Takes over the descriptor that interrupts the driver; -1 for none. */
  setCall(fd) {
    if (fd >= 0) this.posix.setNonBlocking(fd);
    if (this.call >= 0) this.posix.close(this.call);
    this.call = fd;
    if (this.running) this.signal();
  }
  /** Takes over the descriptor that reports a broken ring; -1 for none. */
  setErr(fd) {
    if (fd >= 0) this.posix.setNonBlocking(fd);
    if (this.err >= 0) this.posix.close(this.err);
    this.err = fd;
  }
  /** Interrupts the driver. A descriptor that is full says it already; one whose other end is gone is forgotten. */
  signal() {
    if (this.call < 0) return;
    const status = this.posix.signal(this.call);
    if (status >= 0 || status === Errno.EAGAIN || status === Errno.EINTR) return;
    this.posix.close(this.call);
    this.call = -1;
  }
  /** Reports a broken ring. */
  report() {
    if (this.err >= 0) this.posix.signal(this.err);
  }
  /** Forgets everything: the connection has ended. */
  close() {
    this.closeKick();
    this.running = false;
    this.setCall(-1);
    this.setErr(-1);
    this.size = 0;
    this.base = 0;
    this.addresses = void 0;
    this.enabled = false;
    this.broken = false;
  }
};

// modules/vhost-user/src/backend.ts
var POLL_INTERVAL = 1e3;
var MAX_BASE = 65535;
var Backend = class {
  constructor(options) {
    /** The payload of the reply to the last message; `replyLength` bytes of it count, 0 when there is no reply. */
    this.reply = new DataView(new ArrayBuffer(8));
    this.replyLength = 0;
    this.memory = void 0;
    /** Features the front end has set, low word; undefined before it did. */
    this.features = void 0;
    /** The channel for requests to the front end: kept open, there is nothing to ask. */
    this.requestFd = -1;
    /** The descriptors of the message being handled; those taken over are -1. */
    this.descriptors = [];
    /** The payload of the message being handled. */
    this.payload = this.reply;
    this.options = options;
    const { device, framework, posix: posix2, id } = options;
    this.rings = Array.from(
      { length: device.queueCount },
      (_, index) => new Ring(posix2, index, ring => this.kicked(ring)),
    );
    this.poll = framework.createAlarm(id, () => {
      for (const ring of this.rings) if (ring.polled) this.kicked(ring);
    });
  }
  // ---------------------------------------------------------------- messages
  /**
   * Handles one message with `payload` of its exact length. Descriptors that are taken over are replaced by -1 in
   * `descriptors`, the others are the caller's to close. False when the connection can't go on.
   */
  handle(id, needReply, payload, descriptors) {
    this.replyLength = 0;
    this.payload = payload;
    this.descriptors = descriptors;
    const declaration = REQUESTS.get(id);
    if (declaration !== void 0 && payload.byteLength < declaration.size) {
      this.options.reporter.refused(`${declaration.name} with ${payload.byteLength} bytes`);
      return false;
    }
    const refusal = this.check(id) || this.dispatch(id);
    if (refusal !== Refusal.NONE && !needReply) return isHarmless(refusal);
    if (needReply && this.replyLength === 0) this.answer(refusal, 0);
    return true;
  }
  check(id) {
    const { reporter } = this.options;
    const { payload, descriptors } = this;
    const declaration = REQUESTS.get(id);
    if (declaration === void 0) {
      reporter.refused(`request ${id}, which is not offered`);
      return Refusal.UNKNOWN;
    }
    const { name: name2, size, open, minDescriptors, maxDescriptors } = declaration;
    if (!open && payload.byteLength > size) {
      reporter.refused(`${name2} with ${payload.byteLength} bytes`);
      return Refusal.LENGTH;
    }
    if (descriptors.length < minDescriptors || descriptors.length > maxDescriptors) {
      reporter.refused(`${name2} with ${descriptors.length} descriptors`);
      return Refusal.DESCRIPTORS;
    }
    return Refusal.NONE;
  }
  dispatch(id) {
    switch (id) {
      case Request.GET_FEATURES:
        return this.answer(this.options.device.features | F_PROTOCOL_FEATURES, this.options.device.featuresHigh);
      case Request.SET_FEATURES:
        return this.setFeatures();
      case Request.SET_OWNER:
        return Refusal.NONE;
      case Request.RESET_OWNER:
        return this.disableAll();
      case Request.SET_MEM_TABLE:
        return this.setMemTable();
      case Request.GET_PROTOCOL_FEATURES:
        return this.answer(PROTOCOL_FEATURES, 0);
      case Request.SET_PROTOCOL_FEATURES:
        return this.setProtocolFeatures();
      case Request.GET_QUEUE_NUM:
        return this.answer(this.rings.length, 0);
      case Request.SET_BACKEND_REQ_FD:
        if (this.requestFd >= 0) this.options.posix.close(this.requestFd);
        this.requestFd = this.takeDescriptor();
        return Refusal.NONE;
      case Request.RESET_DEVICE:
        return this.resetDevice();
      default:
        return this.dispatchRing(id);
    }
  }
  dispatchRing(id) {
    const { payload } = this;
    const isFd = id === Request.SET_VRING_KICK || id === Request.SET_VRING_CALL || id === Request.SET_VRING_ERR;
    const word = payload.getUint32(0, true);
    const ring = this.rings[isFd ? word & FdWord.INDEX : word];
    if (ring === void 0) {
      this.options.reporter.refused(`${REQUESTS.get(id)?.name ?? ''} for a ring that is not there`);
      return Refusal.INDEX;
    }
    if (isFd) return this.setFd(id, ring, word);
    const number = payload.getUint32(4, true);
    switch (id) {
      case Request.SET_VRING_NUM:
        return this.setNum(ring, number);
      case Request.SET_VRING_BASE:
        return this.setBase(ring, number);
      case Request.SET_VRING_ADDR:
        return this.setAddr(ring);
      case Request.GET_VRING_BASE:
        this.stop(ring);
        ring.closeKick();
        return this.answer(ring.index, ring.base);
      case Request.SET_VRING_ENABLE:
        return this.setEnable(ring, number);
      default:
        return Refusal.UNKNOWN;
    }
  }
  answer(low, high) {
    this.reply.setUint32(0, low, true);
    this.reply.setUint32(4, high, true);
    this.replyLength = 8;
    return Refusal.NONE;
  }
  refuse(refusal, text) {
    this.options.reporter.refused(text);
    return refusal;
  }
  takeDescriptor() {
    const fd = this.descriptors[0] ?? -1;
    this.descriptors[0] = -1;
    return fd;
  }
  // ---------------------------------------------------------------- features and device
  setFeatures() {
    const { device } = this.options;
    const low = this.payload.getUint32(0, true);
    const high = this.payload.getUint32(4, true);
    const offered = device.features | F_PROTOCOL_FEATURES;
    if ((low & ~offered) !== 0 || (high & ~device.featuresHigh) !== 0) {
      return this.refuse(Refusal.FEATURES, 'features that were not offered');
    }
    if (high !== device.featuresHigh) return this.refuse(Refusal.FEATURES, 'features without VERSION_1');
    if (this.rings.some(ring => ring.running)) {
      if (low === this.features) return Refusal.NONE;
      return this.refuse(Refusal.MOMENT, 'other features while rings run');
    }
    device.reset();
    device.acceptFeatures(low & ~F_PROTOCOL_FEATURES, high);
    this.features = low;
    if ((low & F_PROTOCOL_FEATURES) === 0) for (const ring of this.rings) ring.enabled = true;
    this.update();
    return Refusal.NONE;
  }
  setProtocolFeatures() {
    const unknown =
      (this.payload.getUint32(0, true) & ~PROTOCOL_FEATURES) !== 0 || this.payload.getUint32(4, true) !== 0;
    return unknown ? this.refuse(Refusal.FEATURES, 'protocol features that were not offered') : Refusal.NONE;
  }
  disableAll() {
    for (const ring of this.rings) {
      this.stop(ring);
      ring.enabled = false;
    }
    return Refusal.NONE;
  }
  resetDevice() {
    const { device } = this.options;
    this.disableAll();
    device.reset();
    if (this.features !== void 0) device.acceptFeatures(this.features & ~F_PROTOCOL_FEATURES, device.featuresHigh);
    for (const ring of this.rings) ring.base = 0;
    return Refusal.NONE;
  }
  // ---------------------------------------------------------------- memory
  setMemTable() {
    const { posix: posix2, reporter, device, requireSealedMemory: requireSealed } = this.options;
    const { payload, descriptors } = this;
    const count = payload.getUint32(0, true);
    if (count < 1 || count > MAX_REGIONS || payload.byteLength < TABLE_HEADER + REGION_SIZE * count) {
      return this.refuse(Refusal.MEMORY, `a memory table of ${count} regions`);
    }
    if (descriptors.length !== count) {
      return this.refuse(
        Refusal.DESCRIPTORS,
        `a memory table of ${count} regions with ${descriptors.length} descriptors`,
      );
    }
    const regions = Array.from({ length: count }, (_, index) => readRegion(payload, index));
    const memory = SharedMemory.map(posix2, regions, descriptors, { requireSealed });
    if (typeof memory === 'string') return this.refuse(Refusal.MEMORY, `a memory table: ${memory}`);
    if (!memory.sealed) reporter.happened('its memory can shrink: it is trusted not to do that');
    const before = this.memory;
    for (const ring of this.rings) {
      const wasRunning = ring.running;
      this.stop(ring);
      if (wasRunning && ring.resolve(memory, this.eventIdx) === void 0) {
        ring.broken = true;
        ring.report();
        reporter.refused(`a memory table without ring ${ring.index}, which runs`);
      }
    }
    this.memory = memory;
    device.setMemory(memory.guest);
    before?.unmap();
    this.update();
    return Refusal.NONE;
  }
  get eventIdx() {
    return ((this.features ?? 0) & Feature.RING_EVENT_IDX) !== 0;
  }
  // ---------------------------------------------------------------- rings
  setFd(id, ring, word) {
    const { posix: posix2 } = this.options;
    const { payload, descriptors } = this;
    if ((word & FdWord.REST) !== 0 || payload.getUint32(4, true) !== 0) {
      return this.refuse(Refusal.VALUE, 'a ring descriptor with unknown flags');
    }
    if (descriptors.length !== ((word & FdWord.NONE) === 0 ? 1 : 0)) {
      return this.refuse(Refusal.DESCRIPTORS, 'a ring descriptor that is not there, or one too many');
    }
    const fd = descriptors[0] ?? -1;
    if (id === Request.SET_VRING_KICK) {
      if (!ring.setKick(fd)) return this.refuse(Refusal.KIND, 'a kick descriptor that can\u2019t be watched');
      this.takeDescriptor();
      this.update();
      if (ring.running) this.kicked(ring);
      return Refusal.NONE;
    }
    const kind = fd < 0 ? 'other' : posix2.stat(fd)?.kind;
    if (kind === void 0 || kind === 'file' || kind === 'directory') {
      return this.refuse(Refusal.KIND, 'a file in place of an eventfd');
    }
    this.takeDescriptor();
    if (id === Request.SET_VRING_CALL) ring.setCall(fd);
    else ring.setErr(fd);
    return Refusal.NONE;
  }
  setNum(ring, size) {
    if (!isQueueSize(size)) return this.refuse(Refusal.VALUE, `a ring of ${size} descriptors`);
    if (ring.running && !ring.broken) return this.refuse(Refusal.MOMENT, 'another size for a ring that runs');
    this.heal(ring);
    ring.size = size;
    this.update();
    return Refusal.NONE;
  }
  setBase(ring, base) {
    if (base > MAX_BASE) {
      return this.refuse(
        Refusal.VALUE,
        'the base of a packed ring: the front end lets the guest use packed rings, this device does not',
      );
    }
    if (ring.running && !ring.broken) return this.refuse(Refusal.MOMENT, 'another base for a ring that runs');
    this.heal(ring);
    ring.base = base;
    this.update();
    return Refusal.NONE;
  }
  setAddr(ring) {
    const { payload, memory } = this;
    const addresses = {
      descriptors: word64(payload, VringAddr.DESCRIPTORS),
      available: word64(payload, VringAddr.AVAILABLE),
      used: word64(payload, VringAddr.USED),
    };
    this.heal(ring);
    const { addresses: before } = ring;
    const same =
      before?.descriptors === addresses.descriptors &&
      before.available === addresses.available &&
      before.used === addresses.used;
    if (!same) this.stop(ring);
    ring.addresses = addresses;
    this.update();
    if (!isAligned(addresses)) return this.refuse(Refusal.ADDRESS, `misaligned addresses of ring ${ring.index}`);
    if (memory !== void 0 && ring.size > 0 && ring.resolve(memory, this.eventIdx) === void 0) {
      return this.refuse(Refusal.ADDRESS, `ring ${ring.index} is not in the memory table`);
    }
    return Refusal.NONE;
  }
  setEnable(ring, number) {
    if (number > 1) return this.refuse(Refusal.VALUE, `SET_VRING_ENABLE ${number}`);
    if (this.features === void 0 || (this.features & F_PROTOCOL_FEATURES) === 0) {
      return this.refuse(Refusal.MOMENT, 'SET_VRING_ENABLE without the feature PROTOCOL_FEATURES');
    }
    this.heal(ring);
    ring.enabled = number === 1;
    if (number === 0) this.stop(ring);
    if (number === 1 && this.memory === void 0) this.options.reporter.refused('a ring without any memory');
    this.update();
    return Refusal.NONE;
  }
  /** Starts every ring that can run and does not. */
  update() {
    const { device, reporter } = this.options;
    const { memory, features } = this;
    if (memory === void 0 || features === void 0) return;
    for (const ring of this.rings) {
      if (ring.running || ring.broken || !ring.isComplete) continue;
      const setup = ring.resolve(memory, this.eventIdx);
      if (setup === void 0) continue;
      const defect = device.start(ring.index, setup);
      if (defect !== void 0) {
        reporter.refused(`ring ${ring.index}: ${defect}`);
        continue;
      }
      ring.running = true;
      reporter.happened(`ring ${ring.index} started: ${ring.size} descriptors, base ${ring.base}`);
    }
    this.updatePoll();
  }
  updatePoll() {
    const wanted = this.rings.some(ring => ring.running && ring.polled);
    if (wanted && !this.poll.running) this.poll.startPeriodic(POLL_INTERVAL);
    if (!wanted && this.poll.running) this.poll.stop();
  }
  stop(ring) {
    if (!ring.running) return;
    ring.base = this.options.device.stop(ring.index);
    ring.running = false;
    this.updatePoll();
  }
  /** Lets a broken ring start again: the front end sets it up anew. */
  heal(ring) {
    if (!ring.broken) return;
    this.stop(ring);
    ring.broken = false;
  }
  kicked(ring) {
    if (ring.running) this.options.device.kick(ring.index);
  }
  // ---------------------------------------------------------------- from the device
  signal(queue) {
    this.rings[queue]?.signal();
  }
  broken(queue, defect) {
    const ring = this.rings[queue];
    if (ring === void 0) return;
    ring.broken = true;
    ring.report();
    this.options.reporter.refused(`ring ${queue} is broken: ${defect}`);
  }
  // ---------------------------------------------------------------- the end
  /** The connection has ended: everything it brought is released, the device is reset. */
  close() {
    const { device, posix: posix2 } = this.options;
    this.poll.stop();
    for (const ring of this.rings) ring.close();
    device.reset();
    device.setMemory(void 0);
    this.memory?.unmap();
    this.memory = void 0;
    this.features = void 0;
    if (this.requestFd >= 0) posix2.close(this.requestFd);
    this.requestFd = -1;
    this.payload = this.reply;
    this.descriptors = [];
  }
};

// modules/vhost-user/src/connection.ts
var MESSAGES_AT_ONCE = 16;
var MAX_DESCRIPTORS2 = MAX_REGIONS + 1;
var Connection = class {
  /** Takes over the socket `fd`. `ended` is told once why the connection has ended; the socket is closed by then. */
  constructor(posix2, fd, handler, ended) {
    this.input = new Uint8Array(HEADER_SIZE + PAYLOAD_LIMIT);
    this.header = new DataView(this.input.buffer, 0, HEADER_SIZE);
    this.received = 0;
    this.descriptors = [];
    this.output = new Uint8Array(HEADER_SIZE + 8);
    this.outputView = new DataView(this.output.buffer);
    /** The reply waits from `sent` on; `toSend` bytes in all. */
    this.sent = 0;
    this.toSend = 0;
    this.open = true;
    this.posix = posix2;
    this.fd = fd;
    this.handler = handler;
    this.ended = ended;
  }
  /** Starts to listen to the peer. False when that is impossible; the socket is closed then. */
  start() {
    if (this.posix.watch(this.fd, { readable: true }, this) >= 0) return true;
    this.release();
    return false;
  }
  ready() {
    if (this.toSend > 0 && !this.flush()) return;
    for (let messages = 0; messages < MESSAGES_AT_ONCE && this.open && this.toSend === 0;) {
      const wanted = this.received < HEADER_SIZE ? HEADER_SIZE : HEADER_SIZE + this.header.getUint32(8, true);
      const got = this.receive(wanted);
      if (got < 0) return;
      if (this.received === HEADER_SIZE && got > 0 && !this.checkHeader()) return;
      if (this.received >= HEADER_SIZE && this.received === HEADER_SIZE + this.header.getUint32(8, true)) {
        this.handle();
        messages++;
      }
    }
  }
  /** Receives up to `wanted` bytes of the message. Answers how many came, negative when there is nothing to do now. */
  receive(wanted) {
    const { length, descriptors, truncated } = this.posix.receive(
      this.fd,
      this.input,
      this.received,
      wanted - this.received,
    );
    for (let index = 0; index < descriptors.length; index++) {
      const fd = descriptors[index] ?? -1;
      if (this.descriptors.length < MAX_DESCRIPTORS2) this.descriptors.push(fd);
      else this.posix.close(fd);
    }
    if (length === Errno.EAGAIN || length === Errno.EINTR) return -1;
    if (truncated) return this.end('descriptors were lost');
    if (length < 0) return this.end(`receiving failed (errno ${-length})`);
    if (length === 0) return this.end(this.received === 0 ? 'closed by the front end' : 'closed within a message');
    this.received += length;
    return length;
  }
  checkHeader() {
    const flags = this.header.getUint32(4, true);
    if ((flags & HeaderFlag.VERSION_MASK) !== HeaderFlag.VERSION || (flags & HeaderFlag.REPLY) !== 0) {
      this.end(`a message with flags 0x${flags.toString(16)}`);
      return false;
    }
    if (this.header.getUint32(8, true) > PAYLOAD_LIMIT) {
      this.end('a message that is too long');
      return false;
    }
    return true;
  }
  handle() {
    const id = this.header.getUint32(0, true);
    const needReply = (this.header.getUint32(4, true) & HeaderFlag.NEED_REPLY) !== 0;
    const payload = new DataView(this.input.buffer, HEADER_SIZE, this.received - HEADER_SIZE);
    this.received = 0;
    const goesOn = this.handler.handle(id, needReply, payload, this.descriptors);
    this.dropDescriptors();
    if (!goesOn) this.end('a request that can\u2019t be answered');
    else if (this.handler.replyLength > 0) this.send(id);
  }
  send(id) {
    const { reply, replyLength } = this.handler;
    this.outputView.setUint32(0, id, true);
    this.outputView.setUint32(4, HeaderFlag.VERSION | HeaderFlag.REPLY, true);
    this.outputView.setUint32(8, replyLength, true);
    for (let at = 0; at < replyLength; at++) this.output[HEADER_SIZE + at] = reply.getUint8(at);
    this.sent = 0;
    this.toSend = HEADER_SIZE + replyLength;
    this.flush();
  }
  /** Sends what waits. False while some still does: nothing is read until it is gone, so at most one reply ever waits. */
  flush() {
    while (this.sent < this.toSend) {
      const length = this.posix.send(this.fd, this.output, this.sent, this.toSend - this.sent);
      if (length === Errno.EINTR) continue;
      if (length === Errno.EAGAIN) {
        this.posix.rewatch(this.fd, { writable: true });
        return false;
      }
      if (length < 0) {
        this.end(`sending failed (errno ${-length})`);
        return false;
      }
      this.sent += length;
    }
    this.toSend = 0;
    this.posix.rewatch(this.fd, { readable: true });
    return true;
  }
  dropDescriptors() {
    for (let fd = this.descriptors.pop(); fd !== void 0; fd = this.descriptors.pop()) {
      if (fd >= 0) this.posix.close(fd);
    }
  }
  /** Closes the socket without a word. */
  release() {
    if (!this.open) return;
    this.open = false;
    this.dropDescriptors();
    this.posix.unwatch(this.fd);
    this.posix.close(this.fd);
  }
  end(reason) {
    if (this.open) {
      this.release();
      this.ended(reason);
    }
    return -1;
  }
};

// modules/vhost-user/src/report.ts
var Reporter = class {
  constructor(framework, name2) {
    this.framework = framework;
    this.name = name2;
    this.events = new LogLimit(framework.host.now(), 20);
    this.refusals = new LogLimit(framework.host.now());
  }
  /** Something happened as it should. */
  happened(text) {
    const line = this.line(this.events, text);
    if (line !== void 0) this.framework.log.info(line);
  }
  /** Something was refused, or broke. */
  refused(text) {
    const line = this.line(this.refusals, `refused: ${text}`);
    if (line !== void 0) this.framework.log.warn(line);
  }
  line(limit, text) {
    if (!limit.take(this.framework.host.now())) return void 0;
    const more = limit.suppressed > 0 ? ` (and ${limit.suppressed} more lines)` : '';
    limit.suppressed = 0;
    return `[VHOST-USER] ${this.name}: ${text}${more}`;
  }
};

// modules/vhost-user/src/server.ts
var RETRY_US2 = 1e5;
var Server = class {
  constructor(options) {
    this.fd = -1;
    this.connection = void 0;
    const { framework, posix: posix2, id, device, requireSealedMemory } = options;
    this.options = options;
    this.reporter = new Reporter(framework, framework.nameOf(id));
    this.backend = new Backend({ framework, posix: posix2, id, device, reporter: this.reporter, requireSealedMemory });
    device.attach(this.backend);
    this.retry = framework.createAlarm(id, () => this.listen(true));
  }
  /** Listens. Throws a FrameworkError E_OS when the socket can't be had. */
  start() {
    const { posix: posix2, path } = this.options;
    const fd = posix2.listen(path);
    if (fd < 0) {
      throw new FrameworkError(
        Status.E_OS,
        `can't listen on ${path} (errno ${-fd}); another server, or no such folder?`,
      );
    }
    this.fd = fd;
    const watched = posix2.watch(fd, { readable: true }, this);
    if (watched < 0) throw new FrameworkError(Status.E_OS, `can't watch ${path} (errno ${-watched})`);
    this.reporter.happened(`listening on ${path}`);
  }
  /** Ends the connection, closes the socket and removes its file. */
  stop() {
    const { posix: posix2, path } = this.options;
    this.retry.stop();
    if (this.connection !== void 0) this.end('the server stops');
    if (this.fd < 0) return;
    posix2.unwatch(this.fd);
    posix2.close(this.fd);
    posix2.unlink(path);
    this.fd = -1;
  }
  ready() {
    if (this.connection !== void 0) return;
    const { posix: posix2 } = this.options;
    const fd = posix2.accept(this.fd);
    if (fd === Errno.EAGAIN || fd === Errno.EINTR) return;
    if (fd < 0) {
      this.reporter.refused(`a connection (errno ${-fd})`);
      this.listen(false);
      this.retry.start(RETRY_US2);
      return;
    }
    const connection = new Connection(posix2, fd, this.backend, reason => this.end(reason));
    if (!connection.start()) return;
    this.connection = connection;
    this.listen(false);
    this.reporter.happened('connected');
  }
  end(reason) {
    this.connection?.release();
    this.connection = void 0;
    this.backend.close();
    this.reporter.happened(`disconnected: ${reason}`);
    this.listen(true);
  }
  listen(readable) {
    if (this.fd >= 0) this.options.posix.rewatch(this.fd, { readable });
  }
};

// modules/vhost-user/src/module.ts
var SOCKET_DIR = 'socket-dir';
var create3 = framework => {
  const configs = [];
  const servers = [];
  const folder = framework.host.option(SOCKET_DIR) ?? '.';
  return {
    init() {},
    elementInit(id, config) {
      configs[elementIndex(id)] = config;
    },
    bind(id, round) {
      if (round === 0 || !isElementId(id)) return;
      const { posix: posix2 } = framework.host;
      const config = configs[elementIndex(id)];
      if (posix2 === void 0 || config === void 0) {
        throw new FrameworkError(Status.E_SUPPORT, 'needs a host with Unix sockets');
      }
      const { socket, requireSealedMemory } = config;
      const path = socket.startsWith('/') ? socket : `${folder}/${socket}`;
      const device = framework.bind(config.device, VIRTIO_DEVICE);
      servers[elementIndex(id)] = new Server({ framework, posix: posix2, id, path, device, requireSealedMemory });
    },
    start(id) {
      if (isElementId(id)) servers[elementIndex(id)]?.start();
    },
    stop(id) {
      if (isElementId(id)) servers[elementIndex(id)]?.stop();
    },
  };
};
var definition3 = {
  name: 'vhost-user',
  type: 'DRIVER',
  host: 'node',
  options: [
    {
      name: SOCKET_DIR,
      value: 'DIR',
      description: 'Folder of the Unix sockets that front ends connect to; left out: the current one',
    },
  ],
  create: create3,
};
var module_default3 = definition3;

// modules/vhost-user/.scratch/uml.ts
var posix = new NodePosix();
var deadline = Infinity;
var now = () => performance.now() * 1e3;
var host = {
  posix,
  now,
  log: (l, s) => console.error(s),
  arm: d => {
    deadline = d;
  },
  option: n => (n === 'socket-dir' ? '/tmp/vs' : n === 'trace' ? 'true' : void 0),
};
var names3 = ['ospm0', 'ospm1'];
var fw = new Framework(
  {
    name: 'vs',
    version: '1',
    modules: [
      configure(
        module_default2,
        {},
        names3.map(name2 => ({ name: name2, config: { delayedResponses: 64 } })),
      ),
      configure(
        module_default,
        {
          vendor: 'V',
          subVendor: 'S',
          implementationVersion: 1,
          agents: names3.map(name2 => ({ name: name2, trusted: false })),
        },
        names3.map((agent, i) => ({ name: agent, config: { agent, transport: elementId(0, i) } })),
      ),
      configure(
        module_default3,
        {},
        names3.map((name2, i) => ({
          name: name2,
          config: { device: elementId(0, i), socket: `vscmi-${name2}.sock`, requireSealedMemory: false },
        })),
      ),
    ],
  },
  host,
  { logLevel: LogLevel.TRACE },
);
fw.start();
var stop = false;
process.on('SIGTERM', () => {
  stop = true;
});
var loop = () => {
  for (let i = 0; i < 1e3; i++) {
    const t = Math.min(100, deadline === Infinity ? 100 : Math.max(0, (deadline - now()) / 1e3));
    posix.wait(fw.running && busy ? 0 : t);
    busy = fw.poll();
    if (i % 20 === 0) break;
  }
  if (stop) {
    console.error(fw.stop());
    posix.dispose();
    return;
  }
  setImmediate(loop);
};
var busy = true;
loop();
