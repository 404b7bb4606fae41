// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL: at once where the driver can, as a request with a response where it needs time. */
import {
  type ElementId,
  elementIndex,
  type EntityId,
  type Event,
  type Framework,
  isElementId,
  LogLimit,
  Status,
} from '@scp/framework';
import {
  CAUSE_PLATFORM,
  CLOCK_REQUEST,
  type ClockDriverResponse,
  ClockOperation,
  ClockState,
  type Out,
  type Round,
} from './api.ts';
import { type ClockRecord, NO_COOKIE } from './record.ts';
import { ClockTree } from './tree.ts';

/** The clocks of one firmware. */
export class ClockHal implements ClockDriverResponse {
  readonly records: ClockRecord[] = [];
  readonly tree: ClockTree;
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly requestParams = { operation: 0, value: 0 };
  private readonly responseParams = { operation: 0, value: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.tree = new ClockTree(framework);
    this.limit = new LogLimit(framework.host.now());
  }

  /** The clock with an id, undefined when it is none. */
  find(id: ElementId): ClockRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  // ---------------------------------------------------------------- operations

  getRate(requester: EntityId, record: ClockRecord, out: Out): Status {
    if (record.operation !== ClockOperation.NONE) return Status.E_BUSY;
    const status = record.driver?.getRate(record.driverId, out) ?? Status.E_SUPPORT;
    // A rate that is not the one known has changed by itself.
    if (status === Status.SUCCESS) this.tree.setRate(record, out.value, CAUSE_PLATFORM);
    return this.outcome(requester, record, status, ClockOperation.GET_RATE, 0, CAUSE_PLATFORM);
  }

  setRate(requester: EntityId, record: ClockRecord, rate: number, round: Round, cause: number, out: Out): Status {
    if (record.operation !== ClockOperation.NONE) return Status.E_BUSY;
    const status = record.driver?.setRate(record.driverId, rate, round, out) ?? Status.E_SUPPORT;
    if (status === Status.SUCCESS) this.tree.setRate(record, out.value, cause);
    return this.outcome(requester, record, status, ClockOperation.SET_RATE, 0, cause);
  }

  setState(requester: EntityId, record: ClockRecord, state: ClockState, cause: number): Status {
    if (record.operation !== ClockOperation.NONE) return Status.E_BUSY;
    const run = state === ClockState.RUNNING;
    if (run === record.running || (!run && record.dependents > 0)) {
      record.wanted = run;
      return Status.SUCCESS;
    }
    const { parent } = record;
    if (run && parent !== undefined) {
      const upstream = this.tree.acquire(parent, cause);
      if (upstream !== Status.SUCCESS) return upstream;
    }
    const status = record.driver?.setState(record.driverId, state) ?? Status.E_SUPPORT;
    if (status !== Status.PENDING) this.settleState(record, run, status, cause);
    return this.outcome(requester, record, status, ClockOperation.SET_STATE, state, cause);
  }

  setParent(requester: EntityId, record: ClockRecord, parent: ElementId, cause: number): Status {
    if (record.parents.length === 0) return Status.E_SUPPORT;
    const index = record.parentIds.indexOf(parent);
    const wanted = record.parents[index];
    if (wanted === undefined) return Status.E_PARAM;
    if (record.operation !== ClockOperation.NONE) return Status.E_BUSY;
    if (wanted === record.parent) return Status.SUCCESS;
    const { driver } = record;
    if (driver?.setParent === undefined) return Status.E_SUPPORT;
    if (record.running) {
      const upstream = this.tree.acquire(wanted, cause);
      if (upstream !== Status.SUCCESS) return upstream;
    }
    const status = driver.setParent(record.driverId, index);
    if (status !== Status.PENDING) this.settleParent(record, index, status, cause);
    return this.outcome(requester, record, status, ClockOperation.SET_PARENT, index, cause);
  }

  getExtended(record: ClockRecord, type: number, out: Out): Status {
    if (!record.extendedTypes.includes(type)) return Status.E_SUPPORT;
    return record.driver?.getExtended?.(record.driverId, type, out) ?? Status.E_SUPPORT;
  }

  setExtended(requester: EntityId, record: ClockRecord, type: number, value: number): Status {
    if (!record.extendedTypes.includes(type)) return Status.E_SUPPORT;
    if (record.operation !== ClockOperation.NONE) return Status.E_BUSY;
    const status = record.driver?.setExtended?.(record.driverId, type, value) ?? Status.E_SUPPORT;
    return this.outcome(requester, record, status, ClockOperation.SET_EXTENDED, value, 0);
  }

  /** Ends or hands back what was acquired for a change of state. */
  private settleState(record: ClockRecord, run: boolean, status: Status, cause: number): void {
    const { parent } = record;
    const changed = status === Status.SUCCESS;
    if (changed) {
      record.wanted = run;
      this.tree.setRunning(record, run, cause);
    }
    // The parent was acquired to start it: to be given up when that failed, or when the clock has stopped.
    if (run !== changed && parent !== undefined) this.tree.release(parent, cause);
  }

  /** Ends a change of parent: of the two parents that run, one is given up. */
  private settleParent(record: ClockRecord, index: number, status: Status, cause: number): void {
    const before = record.parent;
    const changed = status === Status.SUCCESS;
    const unused = changed ? before : record.parents[index];
    if (changed) {
      record.parentIndex = index;
      this.tree.follow(record, cause);
    }
    if (record.running && unused !== undefined) this.tree.release(unused, cause);
  }

  // ---------------------------------------------------------------- what takes time

  /** Answers for the driver; when it needs time, notes the operation and requests the outcome for `requester`. */
  private outcome(
    requester: EntityId,
    record: ClockRecord,
    status: Status,
    operation: ClockOperation,
    goal: number,
    cause: number,
  ): Status {
    if (status !== Status.PENDING) return status;
    record.operation = operation;
    record.goal = goal;
    record.cause = cause;
    record.cookie = NO_COOKIE;
    record.done = false;
    this.requestParams.operation = operation;
    this.requestParams.value = goal;
    const requested = this.framework.request(CLOCK_REQUEST, requester, record.id, this.requestParams);
    // The driver works on all the same: the clock is busy until it is done, and nobody is told.
    record.awaited = requested === Status.SUCCESS;
    return record.awaited ? Status.PENDING : requested;
  }

  /** Takes the request for an outcome: answers if it is there, else keeps the response. */
  process(event: Event, response: Event): Status {
    const record = isElementId(event.target) ? this.find(event.target) : undefined;
    if (record === undefined) return Status.E_PARAM;
    if (!record.done) {
      record.cookie = event.cookie;
      response.isDelayed = true;
      return Status.SUCCESS;
    }
    response.status = record.status;
    response.setParam(CLOCK_REQUEST.at.value, record.value);
    this.end(record);
    return Status.SUCCESS;
  }

  complete(clock: ElementId, status: Status, value: number): void {
    const record = this.find(clock);
    if (record === undefined || record.operation === ClockOperation.NONE || record.done || status === Status.PENDING) {
      if (this.limit.take(this.framework.host.now())) {
        this.framework.log.warn(`[CLOCK] ${this.framework.nameOf(clock)}: its driver completes what is not under way`);
      }
      return;
    }
    this.settle(record, status, value);
    if (!record.awaited) {
      this.end(record);
    } else if (record.cookie === NO_COOKIE) {
      record.done = true;
      record.status = status;
      record.value = value;
    } else {
      const { cookie, operation } = record;
      this.end(record);
      this.responseParams.operation = operation;
      this.responseParams.value = value;
      this.framework.respond(record.id, cookie, status, CLOCK_REQUEST, this.responseParams);
    }
  }

  private settle(record: ClockRecord, status: Status, value: number): void {
    switch (record.operation) {
      case ClockOperation.GET_RATE:
      case ClockOperation.SET_RATE:
        if (status === Status.SUCCESS) this.tree.setRate(record, value, record.cause);
        return;
      case ClockOperation.SET_STATE:
        this.settleState(record, record.goal === ClockState.RUNNING, status, record.cause);
        return;
      case ClockOperation.SET_PARENT:
        this.settleParent(record, record.goal, status, record.cause);
        return;
      default:
        return;
    }
  }

  private end(record: ClockRecord): void {
    record.operation = ClockOperation.NONE;
    record.cookie = NO_COOKIE;
    record.awaited = false;
    record.done = false;
  }
}
