// SPDX-License-Identifier: BSD-3-Clause
/** Requests for states: at once where drivers and subscribers can, as an event with a response where they need time. */
import {
  type ElementId,
  elementIndex,
  type EntityId,
  type Event,
  type Framework,
  FrameworkError,
  isElementId,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import {
  COMPOSITE_LEVELS,
  highestLevel,
  type Out,
  POWER_DOMAIN_PRE_TRANSITION,
  POWER_DOMAIN_REQUEST,
  type PowerDomainDriverResponse,
  powerState,
  rankOf,
  stateAt,
} from './api.ts';
import { type DomainRecord, highest, NO_COOKIE, Phase } from './record.ts';
import { type RequestOwner, Transitions } from './transitions.ts';

/** The power domains of one firmware. */
export class PowerDomainHal implements PowerDomainDriverResponse, RequestOwner {
  readonly records: DomainRecord[] = [];
  private readonly framework: Framework;
  private readonly transitions: Transitions;
  private readonly limit: LogLimit;
  private readonly out: Out = { value: 0 };
  private readonly params = { composite: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.transitions = new Transitions(framework, this);
    this.limit = new LogLimit(framework.host.now());
  }

  /** The domain with an id, undefined when it is none. */
  find(id: ElementId): DomainRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  /**
   * Reads the states of all domains; one that is found with less power than its children need is brought up. FrameworkError:
   * what a driver answers, E_DATA for a state it can't be in, E_DEVICE when it can't be brought up.
   */
  prepare(source: ModuleId): void {
    for (const record of this.records) this.readState(record);
    this.transitions.prepare(this.records, source);
    for (const record of this.records) this.transitions.advance(record);
    for (const record of this.records) {
      if (record.isSettled && rankOf(record.state) >= highest(record.held)) continue;
      throw new FrameworkError(
        Status.E_DEVICE,
        `power domain ${record.name} can’t be brought up at the start, which domains below it need`,
      );
    }
  }

  private readState(record: DomainRecord): void {
    const { driver, driverId, name } = record;
    const status = driver?.getState(driverId, this.out) ?? Status.E_SUPPORT;
    if (status !== Status.SUCCESS) {
      throw new FrameworkError(
        status === Status.PENDING ? Status.E_HANDLER : status,
        `the driver of power domain ${name} fails to tell its state at the start: ${statusName(status)}`,
      );
    }
    const state = powerState(this.out.value);
    if (state === undefined || !record.has(state)) {
      throw new FrameworkError(Status.E_DATA, `power domain ${name} is found in a state that is not among its own`);
    }
    record.state = state;
  }

  // ---------------------------------------------------------------- requests

  /** See PowerDomain.setState. */
  setState(requester: EntityId, record: DomainRecord, composite: number, cause: number): Status {
    const refusal = this.check(record, composite);
    if (refusal !== Status.SUCCESS) return refusal;
    this.begin(record, composite, cause);
    record.isCalling = true;
    this.transitions.advance(record);
    // What is above may have somewhere to go even if the domain has not.
    for (let at = record.parent; at !== undefined; at = at.parent) this.transitions.advance(at);
    record.isCalling = false;
    if (!record.isRequested) return record.status;
    this.params.composite = composite;
    const requested = this.framework.request(POWER_DOMAIN_REQUEST, requester, record.id, this.params);
    // The transition goes on all the same: the domain is busy until it ends, and nobody is told.
    record.isAwaited = requested === Status.SUCCESS;
    return record.isAwaited ? Status.PENDING : requested;
  }

  private check(record: DomainRecord, composite: number): Status {
    const levels = highestLevel(composite);
    if (levels >= COMPOSITE_LEVELS || composite < 0) return Status.E_PARAM;
    let isBusy = false;
    let isExcluded = false;
    let at: DomainRecord | undefined = record;
    let needed = 0;
    for (let level = 0; level <= levels; level++) {
      const state = stateAt(composite, level);
      if (at === undefined || state === undefined || !at.has(state)) return Status.E_PARAM;
      if (rankOf(state) < needed) isExcluded = true;
      if (at.isRequested || at.claimedBy !== undefined) isBusy = true;
      needed = at.needed[rankOf(state)] ?? 0;
      at = at.parent;
    }
    if (isExcluded) return Status.E_PWRSTATE;
    return isBusy ? Status.E_BUSY : Status.SUCCESS;
  }

  private begin(record: DomainRecord, composite: number, cause: number): void {
    record.isRequested = true;
    record.isDone = false;
    record.isAwaited = false;
    record.cookie = NO_COOKIE;
    record.levels = highestLevel(composite);
    let level = 0;
    for (let at: DomainRecord | undefined = record; at !== undefined; at = at.parent, level++) {
      // What failed before is worth another try.
      this.transitions.retry(at, cause);
      if (level > record.levels) continue;
      const state = stateAt(composite, level);
      if (state === undefined) continue;
      if (level > 0) at.claimedBy = record;
      at.previous = at.requested;
      at.wasExplicit = at.isExplicit;
      at.isExplicit = true;
      this.transitions.request(at, state, cause);
    }
  }

  settled(record: DomainRecord): void {
    this.trySucceed(record);
    if (record.claimedBy !== undefined) this.trySucceed(record.claimedBy);
  }

  private trySucceed(record: DomainRecord): void {
    if (!record.isPending) return;
    let at: DomainRecord | undefined = record;
    for (let level = 0; level <= record.levels && at !== undefined; level++) {
      if (!at.isReached) return;
      at = at.parent;
    }
    this.finish(record, Status.SUCCESS);
  }

  failed(record: DomainRecord, status: Status): void {
    this.finish(record, status);
  }

  private finish(record: DomainRecord, status: Status): void {
    if (!record.isPending) return;
    record.status = status;
    for (let at = record.parent, level = 1; at !== undefined && level <= record.levels; at = at.parent, level++) {
      at.claimedBy = undefined;
    }
    if (record.isCalling || !record.isAwaited) this.end(record);
    else if (record.cookie === NO_COOKIE) record.isDone = true;
    else {
      const { cookie } = record;
      this.end(record);
      this.framework.respond(record.id, cookie, status);
    }
  }

  private end(record: DomainRecord): void {
    record.isRequested = false;
    record.isAwaited = false;
    record.isDone = false;
    record.cookie = NO_COOKIE;
  }

  // ---------------------------------------------------------------- events

  /** Takes the request for an outcome: answers if it is there, else keeps the response. */
  process(event: Event, response: Event): Status {
    const record = isElementId(event.target) ? this.find(event.target) : undefined;
    if (record === undefined) return Status.E_PARAM;
    if (!record.isDone) {
      record.cookie = event.cookie;
      response.isDelayed = true;
      return Status.SUCCESS;
    }
    response.status = record.status;
    this.end(record);
    return Status.SUCCESS;
  }

  /** Takes a subscriber's answer to POWER_DOMAIN_PRE_TRANSITION. */
  processAnswer(event: Event): Status {
    const id = event.param(POWER_DOMAIN_PRE_TRANSITION.at.domain);
    const record = isElementId(id) ? this.find(id) : undefined;
    if (record !== undefined) this.transitions.answer(record, event);
    return Status.SUCCESS;
  }

  complete(domain: ElementId, status: Status): void {
    const record = this.find(domain);
    if (record?.phase === Phase.DRIVING && status !== Status.PENDING) {
      this.transitions.complete(record, status);
    } else if (this.limit.take(this.framework.host.now())) {
      const name = this.framework.nameOf(domain);
      this.framework.log.warn(`[POWER-DOMAIN] ${name}: its driver completes what is not under way`);
    }
  }
}
