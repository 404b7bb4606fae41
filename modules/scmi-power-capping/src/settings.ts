// SPDX-License-Identifier: BSD-3-Clause
/** Caps and averaging intervals: at once, later because the driver needs time, or later because the agent wants it so. */
import {
  type Alarm,
  type ElementId,
  type Framework,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { CAUSE_PLATFORM, isWithin, roundToStep, UNCAPPED } from '@scp/power-capping/api';
import { type HandlerResult, type Message, PENDING, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import { FAILURE_SIZE, JobKind, Target } from './job.ts';
import { CAP_SET_COMPLETE, CAP_SET_REQUEST, CapSetFlag, PAI_SET_REQUEST, POWERCAP_PROTOCOL, V2 } from './messages.ts';
import { CAP_SET_EVENT } from './module-events.ts';
import { NO_REQUEST, type Resource } from './resource.ts';
import type { View } from './view.ts';

const { commands } = POWERCAP_PROTOCOL;

/** The flags that are defined. */
const FLAGS = CapSetFlag.IGNORE_DELAYED | CapSetFlag.ASYNC;

/** How long to wait, in µs, before requests are tried again on a domain that somebody else keeps busy. */
const RETRY_US = 1000;

/** Handles POWERCAP_CAP_SET and POWERCAP_PAI_SET, and keeps what is under way. */
export class Settings {
  private readonly framework: Framework;
  private readonly module: ModuleId;
  private readonly view: View;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0 };

  constructor(framework: Framework, module: ModuleId, view: View) {
    this.framework = framework;
    this.module = module;
    this.view = view;
    this.alarm = framework.createAlarm(module, () => this.reconcileStale());
    this.limit = new LogLimit(framework.host.now());
  }

  // ---------------------------------------------------------------- the commands

  /**
   * POWERCAP_CAP_SET: NOT_FOUND; INVALID_PARAMETERS for reserved flags and a cap out of range, which 0 is at version 1.0;
   * NOT_SUPPORTED for a cap that can't be set, or not asynchronously; DENIED; BUSY while something is under way on the
   * domain; and what the driver says. A cap between two steps is rounded down.
   */
  capSet(message: Message): HandlerResult {
    const { view } = this;
    const resource = view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, job, caps } = resource;
    const flags = message.u32(CAP_SET_REQUEST.at.flags);
    if (flags > FLAGS) return ScmiStatus.INVALID_PARAMETERS;
    if (!info.isCapConfigurable) return ScmiStatus.NOT_SUPPORTED;
    const isAsync = (flags & CapSetFlag.ASYNC) !== 0;
    if (isAsync && !(info.asynchronous && message.p2a)) return ScmiStatus.NOT_SUPPORTED;
    if (!view.maySet(message, 'setCap')) return ScmiStatus.DENIED;
    if (!view.isPermitted(message.agent, commands.capSet.id, resource)) return ScmiStatus.DENIED;
    const cap = message.u32(CAP_SET_REQUEST.at.powerCap);
    const isWithdrawn = cap === UNCAPPED && message.version >= V2;
    if (!isWithdrawn && !isWithin(info.cap, cap)) return ScmiStatus.INVALID_PARAMETERS;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    const wanted = isWithdrawn ? UNCAPPED : roundToStep(info.cap, cap);
    const outcome = caps.outcome(message.agent, wanted);
    if (!isAsync) {
      job.begin(JobKind.SYNC, Target.CAP, message, wanted, outcome);
      return this.setNow(resource);
    }
    const kind = (flags & CapSetFlag.IGNORE_DELAYED) === 0 ? JobKind.ASYNC : JobKind.SILENT;
    job.begin(kind, Target.CAP, message, wanted, outcome);
    return this.setLater(resource);
  }

  /**
   * POWERCAP_PAI_SET: NOT_FOUND; INVALID_PARAMETERS for reserved flags and an interval out of range; NOT_SUPPORTED; DENIED;
   * BUSY while something is under way on the domain; and what the driver says. The interval is the domain's: the last agent
   * to set it wins. One between two steps is rounded down.
   */
  paiSet(message: Message): HandlerResult {
    const { view } = this;
    const resource = view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, job } = resource;
    if (message.u32(PAI_SET_REQUEST.at.flags) !== 0) return ScmiStatus.INVALID_PARAMETERS;
    if (!info.isIntervalConfigurable) return ScmiStatus.NOT_SUPPORTED;
    if (!view.maySet(message, 'setInterval')) return ScmiStatus.DENIED;
    if (!view.isPermitted(message.agent, commands.paiSet.id, resource)) return ScmiStatus.DENIED;
    const pai = message.u32(PAI_SET_REQUEST.at.pai);
    if (!isWithin(info.interval, pai)) return ScmiStatus.INVALID_PARAMETERS;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    const interval = roundToStep(info.interval, pai);
    job.begin(JobKind.SYNC, Target.INTERVAL, message, interval, interval);
    return this.setNow(resource);
  }

  private setNow(resource: Resource): HandlerResult {
    const status = this.perform(resource);
    if (status === Status.PENDING) return PENDING;
    this.settle(resource, status);
    resource.job.clear();
    return scmiStatusOf(status);
  }

  /** The cap is set by an event, so that the answer to the command comes before the delayed response. */
  private setLater(resource: Resource): HandlerResult {
    this.params.domain = resource.id;
    if (this.framework.put(CAP_SET_EVENT, this.module, this.module, this.params) === Status.SUCCESS) {
      return ScmiStatus.SUCCESS;
    }
    resource.job.clear();
    return ScmiStatus.BUSY;
  }

  // ---------------------------------------------------------------- doing

  /** Takes up an asynchronous POWERCAP_CAP_SET: its event has come. */
  begin(domain: number): void {
    const resource = this.view.ofElement(domain);
    if (resource === undefined) return;
    const { job } = resource;
    if (job.kind !== JobKind.ASYNC && job.kind !== JobKind.SILENT) return;
    // Meanwhile another agent may have been reset.
    job.outcome = resource.caps.outcome(job.agent, job.wanted);
    const status = job.isAbandoned ? Status.E_STATE : this.perform(resource);
    if (status !== Status.PENDING) this.conclude(resource, status);
  }

  /** What was under way on a domain has ended. */
  ended(domain: ElementId, status: Status): void {
    const resource = this.view.ofElement(domain);
    if (resource !== undefined && resource.job.kind !== JobKind.NONE) this.conclude(resource, status);
  }

  private perform({ id, job }: Resource): Status {
    const { domains } = this.view;
    return job.target === Target.CAP
      ? domains.setCap(id, job.outcome, job.agent)
      : domains.setInterval(id, job.outcome, job.agent);
  }

  /** Ends a job, tells whoever waits, and takes up what has come meanwhile. */
  private conclude(resource: Resource, status: Status): void {
    this.end(resource, status);
    this.work(resource);
  }

  private end(resource: Resource, status: Status): void {
    const { hub, domains } = this.view;
    const { kind, message, sequence, agent, isAbandoned, command, domainId } = resource.job;
    this.settle(resource, status);
    resource.job.clear();
    if (message !== undefined) {
      hub.respond(message, sequence, scmiStatusOf(status));
    } else if (kind === JobKind.ASYNC && !isAbandoned) {
      const version = hub.versionFor(POWERCAP_PROTOCOL, agent);
      hub.event.set(0, scmiStatusOf(status));
      hub.event.set(CAP_SET_COMPLETE.at.domainId, domainId);
      hub.event.set(CAP_SET_COMPLETE.at.powerCap, resource.capWord(domains.cap(resource.id), version));
      hub.sendDelayed(agent, command, status === Status.SUCCESS ? CAP_SET_COMPLETE.size : FAILURE_SIZE);
    }
  }

  /** Writes down what a job has led to. */
  private settle(resource: Resource, status: Status): void {
    const { job } = resource;
    if (job.isAbandoned) {
      if (job.target === Target.CAP) resource.isCapStale = true;
      else resource.isIntervalStale = true;
    } else if (status === Status.SUCCESS && job.kind !== JobKind.RECONCILE) {
      if (job.target === Target.CAP) {
        resource.caps.set(job.agent, job.wanted);
      } else {
        resource.interval = job.wanted;
        resource.intervalAgent = job.agent;
      }
    } else if (job.kind === JobKind.RECONCILE) {
      this.checkReconciled(resource, status);
    }
  }

  // ---------------------------------------------------------------- requests without a command

  /** Forgets what an agent has asked for: its caps, its intervals, and who is to hear of what is under way. */
  resetAgent(agent: number): void {
    const { resources } = this.view;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      const { job, caps } = resource;
      if (job.kind !== JobKind.NONE && job.agent === agent) job.isAbandoned = true;
      if (caps.of(agent) !== NO_REQUEST) {
        caps.set(agent, NO_REQUEST);
        resource.isCapStale = true;
      }
      if (resource.intervalAgent === agent) {
        resource.intervalAgent = 0;
        resource.interval = resource.info.initialInterval;
        resource.isIntervalStale = true;
      }
      this.work(resource);
    }
  }

  /** Makes a domain follow the requests, as soon as nothing else is under way on it. */
  private work(resource: Resource): void {
    while (resource.job.kind === JobKind.NONE) {
      if (resource.isCapStale) {
        resource.isCapStale = false;
        if (!this.reconcile(resource, Target.CAP, resource.caps.outcome())) return;
      } else if (resource.isIntervalStale) {
        resource.isIntervalStale = false;
        if (!this.reconcile(resource, Target.INTERVAL, resource.interval)) return;
      } else {
        return;
      }
    }
  }

  /** Answers whether the domain is free for what else is to be done. */
  private reconcile(resource: Resource, target: Target, outcome: number): boolean {
    const { info, job } = resource;
    if (!(target === Target.CAP ? info.isCapConfigurable : info.isIntervalConfigurable)) return true;
    job.reconcile(target, outcome);
    job.agent = CAUSE_PLATFORM;
    const status = this.perform(resource);
    if (status === Status.PENDING) return false;
    this.end(resource, status);
    return status !== Status.E_BUSY;
  }

  /** Looks after requests that could not be followed: somebody else's operation ends, a driver's failure may not. */
  private checkReconciled(resource: Resource, status: Status): void {
    if (status === Status.SUCCESS) return;
    if (status === Status.E_BUSY) {
      if (resource.job.target === Target.CAP) resource.isCapStale = true;
      else resource.isIntervalStale = true;
      this.alarm.start(RETRY_US);
    } else if (this.limit.take(this.framework.host.now())) {
      const { name } = resource.info;
      this.framework.log.warn(`[SCMI-POWERCAP] ${name} does not follow the requests: ${statusName(status)}`);
    }
  }

  private reconcileStale(): void {
    const { resources } = this.view;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource !== undefined) this.work(resource);
    }
  }
}
