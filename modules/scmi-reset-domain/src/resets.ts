// SPDX-License-Identifier: BSD-3-Clause
/**
 * RESET: at once where the driver can, else answered later; one at a time for each domain. What an agent makes of a line is
 * its vote, and counts only when what it leads to has been done.
 */
import {
  type Alarm,
  type ElementId,
  type Framework,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { CAUSE_PLATFORM, COLD_RESET, type ResetDomain, ResetOperation } from '@scp/reset-domain/api';
import { type HandlerResult, type Message, PENDING, type ScmiHub, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import type { Views } from './describe.ts';
import { FAILURE_SIZE, JobKind } from './job.ts';
import { RESET_COMPLETE, RESET_DOMAIN_PROTOCOL, RESET_REQUEST, ResetFlag } from './messages.ts';
import { RESET_EVENT } from './module-events.ts';
import { type Resource, Vote } from './resource.ts';
import type { ScmiResetDomainConfig } from './schema.ts';

const { commands } = RESET_DOMAIN_PROTOCOL;
const { ASSERT, PULSE, RELEASE } = ResetOperation;

/** The flags that are defined. */
const FLAGS = ResetFlag.AUTONOMOUS | ResetFlag.SIGNAL_ASSERT | ResetFlag.ASYNC;

/** How long to wait, in µs, before votes are tried again on a domain that somebody else keeps busy. */
const RETRY_US = 1000;

/** What the resets are made of. */
export interface ResetParts {
  readonly framework: Framework;
  readonly module: ModuleId;
  readonly hub: ScmiHub;
  readonly domains: ResetDomain;
  readonly views: Views;
  readonly sharing: ScmiResetDomainConfig['sharing'];
}

/** Handles RESET and keeps what is under way. */
export class Resets {
  private readonly parts: ResetParts;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0 };

  constructor(parts: ResetParts) {
    this.parts = parts;
    this.alarm = parts.framework.createAlarm(parts.module, () => this.reconcileStale());
    this.limit = new LogLimit(parts.framework.host.now());
  }

  // ---------------------------------------------------------------- the command

  /**
   * RESET: NOT_FOUND; INVALID_PARAMETERS for reserved flags, ASYNC without AUTONOMOUS, and an unknown reset state whatever
   * the flags; NOT_SUPPORTED for a form that the domain, or the agent's channel, lacks; DENIED; BUSY while another reset is
   * under way on the domain; GENERIC_ERROR while other agents use it; and what the driver says.
   */
  reset(message: Message): HandlerResult {
    const { hub, views } = this.parts;
    const domainId = message.u32(RESET_REQUEST.at.domainId);
    const resource = views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, job } = resource;
    const flags = message.u32(RESET_REQUEST.at.flags);
    const isAutonomous = (flags & ResetFlag.AUTONOMOUS) !== 0;
    const isAsync = (flags & ResetFlag.ASYNC) !== 0;
    if (flags > FLAGS || (isAsync && !isAutonomous)) return ScmiStatus.INVALID_PARAMETERS;
    if (!info.states.includes(message.u32(RESET_REQUEST.at.resetState))) return ScmiStatus.INVALID_PARAMETERS;
    if (isAsync && !(info.asynchronous && message.p2a)) return ScmiStatus.NOT_SUPPORTED;
    if (!(isAutonomous ? info.autonomous : info.explicit)) return ScmiStatus.NOT_SUPPORTED;
    if (!this.mayReset(message.agent, domainId)) return ScmiStatus.DENIED;
    if (!hub.isPermitted(message.agent, RESET_DOMAIN_PROTOCOL.id, commands.reset.id, resource.id)) {
      return ScmiStatus.DENIED;
    }
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    const operation = isAutonomous ? PULSE : (flags & ResetFlag.SIGNAL_ASSERT) !== 0 ? ASSERT : RELEASE;
    if (this.isKept(resource, message.agent, operation)) return ScmiStatus.GENERIC_ERROR;
    job.begin(isAsync ? JobKind.ASYNC : JobKind.SYNC, operation, message);
    return isAsync ? this.resetLater(resource) : this.resetNow(resource);
  }

  private mayReset(agent: number, domainId: number): boolean {
    const entry = this.parts.views.entry(agent, domainId);
    return typeof entry === 'number' || entry?.reset !== false;
  }

  /** Whether other agents keep the domain from being reset so. */
  private isKept({ votes }: Resource, agent: number, operation: ResetOperation): boolean {
    const isExclusive = this.parts.sharing === 'exclusive';
    const isUsed = votes.hasOther(agent, Vote.RELEASED);
    const isHeld = votes.hasOther(agent, Vote.ASSERTED);
    if (operation === PULSE) return isUsed || isHeld;
    return isExclusive && (operation === ASSERT ? isUsed : isHeld);
  }

  private resetNow(resource: Resource): HandlerResult {
    const status = this.perform(resource);
    if (status === Status.PENDING) return PENDING;
    this.settle(resource, status);
    resource.job.clear();
    return scmiStatusOf(status);
  }

  /** The reset is done by an event, so that the answer to the command comes before the delayed response. */
  private resetLater(resource: Resource): HandlerResult {
    const { framework, module } = this.parts;
    this.params.domain = resource.id;
    if (framework.put(RESET_EVENT, module, module, this.params) === Status.SUCCESS) return ScmiStatus.SUCCESS;
    resource.job.clear();
    return ScmiStatus.BUSY;
  }

  // ---------------------------------------------------------------- doing

  /** Takes up an asynchronous reset: its event has come. */
  begin(domain: number): void {
    const resource = this.parts.views.ofElement(domain);
    if (resource?.job.kind !== JobKind.ASYNC) return;
    const status = resource.job.isAbandoned ? Status.E_STATE : this.perform(resource);
    if (status !== Status.PENDING) this.conclude(resource, status);
  }

  /** The operation under way on a domain has ended. */
  ended(domain: ElementId, status: Status): void {
    const resource = this.parts.views.ofElement(domain);
    if (resource !== undefined && resource.job.kind !== JobKind.NONE) this.conclude(resource, status);
  }

  private perform({ id, job, votes }: Resource): Status {
    const { domains } = this.parts;
    if (job.operation === PULSE) return domains.operate(id, PULSE, job.state, job.agent);
    const outcome = votes.outcome(job.agent, voteOf(job.operation));
    return domains.operate(id, outcome, job.state, job.agent);
  }

  /** Ends a job, tells whoever waits, and takes up what has come meanwhile. */
  private conclude(resource: Resource, status: Status): void {
    this.end(resource, status);
    this.work(resource);
  }

  private end(resource: Resource, status: Status): void {
    const { hub } = this.parts;
    const { kind, message, sequence, agent, isAbandoned, command, domainId } = resource.job;
    this.settle(resource, status);
    resource.job.clear();
    if (message !== undefined) {
      hub.respond(message, sequence, scmiStatusOf(status));
    } else if (kind === JobKind.ASYNC && !isAbandoned) {
      hub.event.set(0, scmiStatusOf(status));
      hub.event.set(RESET_COMPLETE.at.domainId, domainId);
      hub.sendDelayed(agent, command, status === Status.SUCCESS ? RESET_COMPLETE.size : FAILURE_SIZE);
    } else if (kind === JobKind.RECONCILE) {
      this.checkReconciled(resource, status);
    }
  }

  /** Writes down what a job has led to. */
  private settle(resource: Resource, status: Status): void {
    const { job, votes } = resource;
    if (job.isAbandoned) resource.stale = true;
    if (status !== Status.SUCCESS || job.kind === JobKind.RECONCILE) return;
    if (job.operation === PULSE) {
      // The line is released now, also for an agent that had asserted it.
      votes.asserted = false;
      if (votes.of(job.agent) === Vote.ASSERTED) votes.set(job.agent, Vote.RELEASED);
    } else if (!job.isAbandoned) {
      votes.set(job.agent, voteOf(job.operation));
    }
  }

  // ---------------------------------------------------------------- votes without a command

  /** Forgets what an agent has asked for: its votes, and who is to hear of what is under way. */
  resetAgent(agent: number): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      if (resource.job.kind !== JobKind.NONE && resource.job.agent === agent) resource.job.isAbandoned = true;
      if (resource.votes.of(agent) === Vote.NONE) continue;
      resource.votes.set(agent, Vote.NONE);
      resource.stale = true;
      this.work(resource);
    }
  }

  /** Makes a line follow the votes, as soon as nothing else is under way on it. */
  private work(resource: Resource): void {
    const { job, votes, info } = resource;
    if (!resource.stale || job.kind !== JobKind.NONE) return;
    resource.stale = false;
    if (!info.explicit) return;
    job.kind = JobKind.RECONCILE;
    const status = this.parts.domains.operate(resource.id, votes.outcome(), COLD_RESET, CAUSE_PLATFORM);
    if (status !== Status.PENDING) this.end(resource, status);
  }

  /** Looks after votes that could not be followed: somebody else's operation ends, a driver's failure may not. */
  private checkReconciled(resource: Resource, status: Status): void {
    if (status === Status.SUCCESS) return;
    const { framework } = this.parts;
    if (status === Status.E_BUSY) {
      resource.stale = true;
      this.alarm.start(RETRY_US);
    } else if (this.limit.take(framework.host.now())) {
      framework.log.warn(`[SCMI-RESET] ${resource.info.name} does not follow the votes: ${statusName(status)}`);
    }
  }

  private reconcileStale(): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource !== undefined) this.work(resource);
    }
  }
}

/** What an explicit operation says of an agent's wish. */
const voteOf = (operation: ResetOperation): Vote => (operation === ASSERT ? Vote.ASSERTED : Vote.RELEASED);
