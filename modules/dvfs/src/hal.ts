// SPDX-License-Identifier: BSD-3-Clause
/**
 * Transitions between operating points, one at a time on each domain. A step is chosen by where voltage and frequency are,
 * not by how far a plan has come: so a transition can be tried again, undone or left for another one at any step, and the
 * voltage is always at least what the frequency needs.
 */
import {
  type Alarm,
  type ElementId,
  elementIndex,
  type Event,
  type Framework,
  FrameworkError,
  isElementId,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { type Clock, Round, roundRate } from '@scp/clock/api';
import { hasVoltage, type Psu, type PsuClient } from '@scp/psu/api';
import { CAUSE_PLATFORM, type Dvfs, DVFS_OPP_CHANGED, type DvfsInfo } from './api.ts';
import { DomainRecord, NO_OPP, type Requester, Step } from './record.ts';
import type { DvfsElementConfig } from './schema.ts';

/** The domains of one firmware. */
export class DvfsHal implements Dvfs, PsuClient {
  readonly records: DomainRecord[] = [];
  readonly requesters: Requester[] = [];
  /** Bound in round 0. */
  clock: Clock | undefined = undefined;
  psu: Psu | undefined = undefined;
  /** The module: what notifications come from. */
  source: ModuleId | undefined = undefined;
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly byClock = new Map<ElementId, DomainRecord>();
  private readonly bySupply = new Map<ElementId, DomainRecord>();
  private readonly out = { value: 0 };
  private readonly params = { domain: 0, opp: 0, cause: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  // ---------------------------------------------------------------- set-up

  /** Takes a domain. FrameworkError E_DATA when its table makes no sense, or clock or supply are another domain's. */
  add(id: ElementId, config: DvfsElementConfig): void {
    const alarm: Alarm = this.framework.createAlarm(id, () => this.awake(record));
    const record = new DomainRecord(id, this.framework.nameOf(id), config, alarm);
    const owner = this.byClock.get(record.clockId) ?? this.bySupply.get(record.supplyId);
    if (owner !== undefined) {
      const what = owner.clockId === record.clockId ? 'clock' : 'supply';
      throw new FrameworkError(Status.E_DATA, `has the ${what} of ${owner.info.name}; each domain has its own`);
    }
    this.byClock.set(record.clockId, record);
    this.bySupply.set(record.supplyId, record);
    this.records.push(record);
  }

  /** Brings a domain to its sustained operating point. FrameworkError when clock or supply can't be what it needs. */
  start(record: DomainRecord): void {
    const { clock, psu, out } = this;
    const { clockId, supplyId, opps, info } = record;
    const rates = clock?.rates(clockId);
    const voltages = psu?.voltages(supplyId);
    if (clock === undefined || psu === undefined || rates === undefined || voltages === undefined) {
      throw new FrameworkError(Status.E_DATA, 'has no clock or no supply');
    }
    for (const { level, frequency, voltage } of opps) {
      if (roundRate(rates, frequency, Round.NONE) < 0) {
        throw new FrameworkError(
          Status.E_DATA,
          `clock ${clock.name(clockId)} can’t have ${frequency} Hz, of level ${level}`,
        );
      }
      if (!hasVoltage(voltages, voltage)) {
        throw new FrameworkError(
          Status.E_DATA,
          `supply ${psu.name(supplyId)} can’t have ${voltage} µV, of level ${level}`,
        );
      }
    }
    record.slowClock = clock.isSlow(clockId);
    expect('its clock does not tell its rate', clock.getRate(clockId, out));
    record.frequency = out.value;
    expect('its supply does not tell its voltage', psu.getVoltage(supplyId, out));
    record.voltage = out.value;
    record.target = info.sustained;
    expect(`it does not come to level ${opps[info.sustained]?.level ?? 0}`, this.advance(record));
  }

  /** The domain with an id, undefined when it is none. */
  find(id: ElementId): DomainRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  // ---------------------------------------------------------------- operations

  info(domain: ElementId): DvfsInfo | undefined {
    return this.find(domain)?.info;
  }

  opp(domain: ElementId): number {
    return this.find(domain)?.opp ?? NO_OPP;
  }

  underWay(domain: ElementId): number {
    const record = this.find(domain);
    if (record === undefined || record.step === Step.IDLE) return 0;
    return record.next === NO_OPP ? 1 : 2;
  }

  setOpp(domain: ElementId, opp: number, cause: number): Status {
    const record = this.find(domain);
    if (record === undefined) return Status.E_PARAM;
    if (record.opps[opp] === undefined) return Status.E_RANGE;
    if (record.step === Step.IDLE) return this.begin(record, opp, cause);
    // The last one counts: also when it wants where the domain is going anyway.
    const isGoing = opp === record.target && record.failure === Status.SUCCESS;
    record.next = isGoing ? NO_OPP : opp;
    record.nextCause = cause;
    return Status.PENDING;
  }

  // ---------------------------------------------------------------- a transition

  private begin(record: DomainRecord, opp: number, cause: number): Status {
    record.target = opp;
    record.cause = cause;
    record.attempts = 0;
    record.failure = Status.SUCCESS;
    return this.advance(record);
  }

  /** Goes on with a transition until it ends, or something takes time: then PENDING. */
  private advance(record: DomainRecord): Status {
    for (;;) {
      const goal = record.opps[record.failure === Status.SUCCESS ? record.target : record.opp];
      if (goal === undefined) return this.finish(record, Status.E_PANIC);
      let status: Status;
      const isRunning = record.frequency === goal.frequency;
      if (record.voltage < goal.voltage || (isRunning && record.voltage > goal.voltage)) {
        record.step = Step.VOLTAGE;
        status = this.psu?.setVoltage(record.supplyId, goal.voltage) ?? Status.E_STATE;
      } else if (!isRunning) {
        if (this.mustWait(record)) return Status.PENDING;
        record.step = Step.FREQUENCY;
        status =
          this.clock?.setRate(record.clockId, goal.frequency, Round.NONE, record.cause, this.out) ?? Status.E_STATE;
      } else {
        return this.finish(record, record.failure);
      }
      if (status === Status.PENDING) return status;
      const ended = this.note(record, status);
      if (ended !== undefined) return ended;
    }
  }

  /**
   * The response of a clock that needs time goes to the target of the event that is being handled, so its rate is set
   * outside of any: from the alarm.
   */
  private mustWait(record: DomainRecord): boolean {
    if (!record.slowClock || record.step === Step.OUTSIDE || !this.framework.running) return false;
    record.step = Step.OUTSIDE;
    record.alarm.start(0);
    return true;
  }

  /** Notes how a step has ended. Undefined when the transition goes on, else PENDING or how it has ended. */
  private note(record: DomainRecord, status: Status): Status | undefined {
    const goal = record.opps[record.failure === Status.SUCCESS ? record.target : record.opp];
    const isVoltage = record.step === Step.VOLTAGE;
    if (goal === undefined) return this.finish(record, Status.E_PANIC);
    if (status === Status.SUCCESS) {
      if (isVoltage) record.voltage = goal.voltage;
      else record.frequency = goal.frequency;
      return undefined;
    }
    // The clock does what was asked and nobody hears when: the voltage must do for both frequencies.
    if (!isVoltage && status === Status.E_NOMEM) record.frequency = Math.max(record.frequency, goal.frequency);
    if (record.failure !== Status.SUCCESS) return this.finish(record, record.failure);
    if (!this.framework.running) return this.finish(record, status);
    if (record.attempts < record.retries && record.retry > 0) {
      record.attempts++;
      record.step = Step.RETRY;
      record.alarm.start(record.retry);
      return Status.PENDING;
    }
    record.failure = status;
    return undefined;
  }

  /** Ends a transition where it is, and tells of it if that is not where it was. */
  private finish(record: DomainRecord, status: Status): Status {
    record.step = Step.IDLE;
    const { opps, frequency } = record;
    for (let at = 0; at < opps.length; at++) {
      if (opps[at]?.frequency !== frequency || at === record.opp) continue;
      record.opp = at;
      this.params.domain = record.id;
      this.params.opp = at;
      this.params.cause = status === Status.SUCCESS ? record.cause : CAUSE_PLATFORM;
      if (this.source !== undefined) this.framework.notify(DVFS_OPP_CHANGED, this.source, this.params);
    }
    return status;
  }

  // ---------------------------------------------------------------- what takes time

  /** What was being set on a supply has ended. */
  ended(supply: ElementId, status: Status): void {
    const record = this.bySupply.get(supply);
    if (record?.step === Step.VOLTAGE) this.resume(record, status);
  }

  /** Takes the response of a clock. */
  process(event: Event): Status {
    const record = isElementId(event.source) ? this.byClock.get(event.source) : undefined;
    if (!event.isResponse || record?.step !== Step.FREQUENCY) return Status.E_PARAM;
    this.resume(record, toStatus(event.status));
    return Status.SUCCESS;
  }

  /** The alarm of a domain has come: outside of any event. */
  private awake(record: DomainRecord): void {
    if (record.step !== Step.OUTSIDE && record.step !== Step.RETRY) return;
    const isOverwritten = record.step === Step.RETRY && record.next !== NO_OPP;
    const status = isOverwritten ? this.finish(record, Status.E_OVERWRITTEN) : this.advance(record);
    if (status !== Status.PENDING) this.conclude(record, status);
  }

  private resume(record: DomainRecord, ended: Status): void {
    const status = this.note(record, ended) ?? this.advance(record);
    if (status !== Status.PENDING) this.conclude(record, status);
  }

  /** Takes up what follows, and tells that a transition has ended: in this order, for a user may want something newer. */
  private conclude(record: DomainRecord, ended: Status): void {
    let status = ended;
    for (;;) {
      const { target, next, nextCause } = record;
      record.next = NO_OPP;
      const following = next === NO_OPP ? Status.PENDING : this.begin(record, next, nextCause);
      this.tell(record, target, status);
      if (following === Status.PENDING) return;
      status = following;
    }
  }

  private tell({ id, info, opps }: DomainRecord, target: number, status: Status): void {
    if (status < 0 && status !== Status.E_OVERWRITTEN && this.limit.take(this.framework.host.now())) {
      const held = this.limit.suppressed > 0 ? ` (${this.limit.suppressed} more like this)` : '';
      this.limit.suppressed = 0;
      const level = opps[target]?.level ?? 0;
      this.framework.log.warn(`[DVFS] ${info.name} does not come to level ${level}: ${statusName(status)}${held}`);
    }
    for (let at = 0; at < this.requesters.length; at++) this.requesters[at]?.client?.ended(id, status);
  }
}

function expect(what: string, status: Status): void {
  if (status === Status.SUCCESS) return;
  throw new FrameworkError(
    status === Status.PENDING ? Status.E_HANDLER : status,
    `${what} at the start: ${statusName(status)}`,
  );
}

const statuses: readonly Status[] = Object.values(Status);

/** The status that a number from an event stands for. */
function toStatus(value: number): Status {
  for (let at = 0; at < statuses.length; at++) {
    const status = statuses[at];
    if (status === value) return status;
  }
  return Status.E_PANIC;
}
