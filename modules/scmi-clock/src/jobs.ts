// SPDX-License-Identifier: BSD-3-Clause
/**
 * Carries out jobs on clocks: at once where the clock can, else as an event to the module, so that the HAL's response
 * comes here; one at a time for each clock. Votes count only when what they lead to has been done.
 */
import {
  type Alarm,
  defineEvent,
  type ElementId,
  type Event,
  type Framework,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { CAUSE_PLATFORM, type Clock, CLOCK_REQUEST } from '@scp/clock/api';
import { type HandlerResult, PENDING, type ScmiHub, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import { type Job, JobKind, JobStep } from './job.ts';
import { RATE_GET_RESPONSE, RATE_SET_COMPLETE } from './messages.ts';
import type { RateChange, RateChanges } from './rate-changes.ts';
import type { Resource } from './resource.ts';
import type { Views } from './view.ts';

/** "There is something to do on a clock": a job, or a rate change that waits. */
export const JOB_EVENT = defineEvent('CLOCK_JOB', ['clock']);

/** How long to wait, in µs, before votes are tried again on a clock that somebody else keeps busy. */
const RETRY_US = 1000;

/** The jobs of all clocks. */
export class Jobs {
  private readonly framework: Framework;
  private readonly module: ModuleId;
  private readonly hub: ScmiHub;
  private readonly clock: Clock;
  private readonly views: Views;
  private readonly changes: RateChanges;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { clock: 0 };

  constructor(framework: Framework, module: ModuleId, hub: ScmiHub, clock: Clock, views: Views, changes: RateChanges) {
    this.framework = framework;
    this.module = module;
    this.hub = hub;
    this.clock = clock;
    this.views = views;
    this.changes = changes;
    this.alarm = framework.createAlarm(module, () => this.reconcileStale());
    this.limit = new LogLimit(framework.host.now());
  }

  // ---------------------------------------------------------------- to do

  /** Does the job that a handler has begun, and answers for it. */
  submit(resource: Resource): HandlerResult {
    if (resource.slow) {
      if (this.post(resource)) return PENDING;
      resource.job.clear();
      return ScmiStatus.BUSY;
    }
    const status = this.advance(resource, this.perform(resource));
    const answer = this.settle(resource, status);
    resource.job.clear();
    return answer;
  }

  /** Says that a rate change waits for the clock. False when there is no room for that. */
  post(resource: Resource): boolean {
    this.params.clock = resource.id;
    return this.framework.put(JOB_EVENT, this.module, this.module, this.params) === Status.SUCCESS;
  }

  /** Makes a clock follow the votes, as soon as nothing else is under way on it. */
  reconcile(resource: Resource): void {
    resource.stale = true;
    // The HAL's response must come to this module: for a clock that takes time, not in the event of another.
    if (resource.slow) this.alarm.start(0);
    else this.work(resource);
  }

  /** Handles the module's events: what is to be done, and what the HAL has done. */
  process(event: Event): Status {
    if (event.isResponse) {
      const resource = this.views.ofElement(event.source);
      if (resource === undefined) return Status.E_PARAM;
      resource.job.out.value = event.param(CLOCK_REQUEST.at.value);
      this.resume(resource, event.status);
      return Status.SUCCESS;
    }
    const resource = this.views.ofElement(event.param(JOB_EVENT.at.clock));
    if (resource === undefined) return Status.E_PARAM;
    const { job } = resource;
    if (job.kind === JobKind.NONE) this.work(resource);
    else if (job.step === JobStep.FIRST) this.resume(resource, this.perform(resource));
    return Status.SUCCESS;
  }

  private reconcileStale(): void {
    const { resources } = this.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource?.stale === true) this.work(resource);
    }
  }

  // ---------------------------------------------------------------- doing

  /** Takes up what waits for a clock, until there is nothing more or something takes time. */
  private work(resource: Resource): void {
    const { job } = resource;
    while (job.kind === JobKind.NONE) {
      if (resource.stale) {
        resource.stale = false;
        job.kind = JobKind.RECONCILE;
      } else {
        const change = this.changes.next(resource);
        if (change === undefined) return;
        job.kind = JobKind.SET_RATE;
        job.change = change;
        job.agent = change.agent;
        job.rate = change.rate;
        job.round = change.round;
      }
      const status = this.advance(resource, this.perform(resource));
      if (status === Status.PENDING || !this.conclude(resource, status)) return;
    }
  }

  /** Goes on with a job whose operation has ended with `status`, or has begun. */
  private resume(resource: Resource, ended: number): void {
    const status = this.advance(resource, ended);
    if (status !== Status.PENDING && this.conclude(resource, status)) this.work(resource);
  }

  /** Starts the first operation of a job. */
  private perform({ id, job, votes }: Resource): Status {
    job.step = JobStep.LAST;
    switch (job.kind) {
      case JobKind.GET_RATE:
        return this.clock.getRate(id, job.out);
      case JobKind.SET_RATE:
        return this.clock.setRate(id, job.rate, job.round, job.agent, job.out);
      case JobKind.SET_PARENT:
        return job.parent === undefined ? Status.E_PARAM : this.clock.setParent(id, job.parent, job.agent);
      case JobKind.RECONCILE:
        return this.clock.setState(id, votes.outcome(), CAUSE_PLATFORM);
      case JobKind.CONFIGURE:
        if (job.extendedType === 0) return this.clock.setState(id, votes.outcome(job.agent, job.vote), job.agent);
        job.step = JobStep.EXTENDED;
        return this.applyExtended(id, job);
      default:
        return Status.E_STATE;
    }
  }

  private applyExtended(id: ElementId, job: Job): Status {
    const status = this.clock.getExtended(id, job.extendedType, job.out);
    if (status !== Status.SUCCESS) return status;
    job.previousValue = job.out.value;
    return this.clock.setExtended(id, job.extendedType, job.extendedValue);
  }

  /** Goes through the steps of a job that has more than one, as long as none takes time. */
  private advance({ id, job, votes }: Resource, ended: number): number {
    let status = ended;
    if (status !== Status.PENDING && job.step === JobStep.EXTENDED) {
      job.step = JobStep.LAST;
      if (status === Status.SUCCESS && job.vote !== undefined) {
        job.step = JobStep.STATE;
        status = this.clock.setState(id, votes.outcome(job.agent, job.vote), job.agent);
      }
    }
    if (status !== Status.PENDING && status !== Status.SUCCESS && job.step === JobStep.STATE) {
      job.step = JobStep.UNDO;
      job.failure = status;
      status = this.clock.setExtended(id, job.extendedType, job.previousValue);
    }
    return status !== Status.PENDING && job.step === JobStep.UNDO ? job.failure : status;
  }

  // ---------------------------------------------------------------- done

  /** Ends a job and tells whoever waits. Whether the clock is free for what waits. */
  private conclude(resource: Resource, status: number): boolean {
    const { job } = resource;
    const { kind, message, sequence, change, isAbandoned } = job;
    const answer = this.settle(resource, status);
    job.clear();
    if (message !== undefined) this.hub.respond(message, sequence, answer);
    if (change !== undefined) this.complete(change, answer, job.out.value, isAbandoned);
    // Without memory for its response the HAL still does what was asked, and nobody hears when.
    if (isAbandoned || (kind === JobKind.CONFIGURE && status === Status.E_NOMEM)) resource.stale = true;
    return kind !== JobKind.RECONCILE || this.isReconciled(resource, status);
  }

  /** Writes down what a job has led to. */
  private settle({ job, votes }: Resource, status: number): ScmiStatus {
    if (status === Status.SUCCESS) {
      if (job.kind === JobKind.CONFIGURE && job.vote !== undefined && !job.isAbandoned) votes.set(job.agent, job.vote);
      const { message } = job;
      // An agent that was reset may have its next command in the same message.
      if (job.kind === JobKind.GET_RATE && message?.sequence === job.sequence) {
        message.response.setU64(RATE_GET_RESPONSE.at.rateLow, job.out.value);
      }
    }
    // Agents know a rate or value that the clock can't have as an invalid parameter.
    return scmiStatusOf(status, ScmiStatus.INVALID_PARAMETERS);
  }

  private complete(change: RateChange, status: ScmiStatus, rate: number, isAbandoned: boolean): void {
    const { agent, clockId, command, isSilent } = change;
    this.changes.remove(change);
    if (isSilent || isAbandoned) return;
    const { event } = this.hub;
    event.set(0, status);
    event.set(RATE_SET_COMPLETE.at.clockId, clockId);
    event.setU64(RATE_SET_COMPLETE.at.rateLow, rate);
    this.hub.sendDelayed(agent, command, status === ScmiStatus.SUCCESS ? RATE_SET_COMPLETE.size : 4);
  }

  /** Looks after votes that could not be followed: somebody else's operation ends, a driver's failure may not. */
  private isReconciled(resource: Resource, status: number): boolean {
    if (status === Status.E_BUSY || status === Status.E_NOMEM) {
      resource.stale = true;
      this.alarm.start(RETRY_US);
      return false;
    }
    if (status !== Status.SUCCESS && this.limit.take(this.framework.host.now())) {
      const name = this.framework.nameOf(resource.id);
      this.framework.log.warn(`[SCMI-CLOCK] ${name} does not follow the votes on its state: ${statusName(status)}`);
    }
    return true;
  }

  /** Forgets what an agent has asked for: what waits is dropped, what runs ends without a trace. */
  abandon(agent: number): void {
    this.changes.clear(agent);
    const { resources } = this.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource !== undefined && resource.job.kind !== JobKind.NONE && resource.job.agent === agent) {
        resource.job.isAbandoned = true;
      }
    }
  }
}
