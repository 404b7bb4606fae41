// SPDX-License-Identifier: BSD-3-Clause
/**
 * POWER_STATE_SET, from its checks to its answer. Transitions are events to the module, so that the HAL's response comes
 * here; one at a time for each domain. Votes count only when what they lead to has been done.
 */
import {
  type Alarm,
  type Event,
  type Framework,
  isElementId,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { CAUSE_PLATFORM, type PowerDomain } from '@scp/power-domain/api';
import { type HandlerResult, type Message, PENDING, type ScmiHub, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import { JobKind } from './job.ts';
import { POWER_DOMAIN_PROTOCOL, STATE_SET_ASYNC, STATE_SET_REQUEST } from './messages.ts';
import { STATE_EVENT } from './module-events.ts';
import type { Notifications } from './notifications.ts';
import { type Resource, stateOf, Vote, voteOf, wordOf } from './resource.ts';
import { isPermitted, mayAsync, maySync, type Views } from './view.ts';

const { stateSet } = POWER_DOMAIN_PROTOCOL.commands;

/** How long to wait, in µs, before votes are tried again on a domain that somebody else keeps busy. */
const RETRY_US = 1000;

/** What the objects of the protocol have of each other. */
export interface StateSetParts {
  readonly framework: Framework;
  readonly module: ModuleId;
  readonly hub: ScmiHub;
  readonly power: PowerDomain;
  readonly views: Views;
  readonly notifications: Notifications;
}

/** The settings of all domains. */
export class StateSets {
  private readonly parts: StateSetParts;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0 };

  constructor(parts: StateSetParts) {
    const { framework, module } = parts;
    this.parts = parts;
    this.alarm = framework.createAlarm(module, () => this.workAll());
    this.limit = new LogLimit(framework.host.now());
  }

  /**
   * POWER_STATE_SET: NOT_FOUND; INVALID_PARAMETERS for reserved flags, reserved bits of the state and states that the
   * domain does not have; NOT_SUPPORTED for a domain that the agent can't set, or not in this way; DENIED; BUSY while a
   * transition is under way; and what the HAL says, DENIED for a veto.
   */
  stateSet(message: Message): HandlerResult {
    const { hub, power, views } = this.parts;
    const domainId = message.u32(STATE_SET_REQUEST.at.domainId);
    const resource = views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const flags = message.u32(STATE_SET_REQUEST.at.flags);
    if ((flags & ~STATE_SET_ASYNC) !== 0) return ScmiStatus.INVALID_PARAMETERS;
    const vote = voteOf(message.u32(STATE_SET_REQUEST.at.powerState));
    if (vote === Vote.NONE || !power.hasState(resource.id, stateOf(vote))) return ScmiStatus.INVALID_PARAMETERS;
    const isAsync = flags === STATE_SET_ASYNC;
    const entry = views.entry(message.agent, domainId);
    const offersSync = maySync(entry);
    const offersAsync = mayAsync(entry) && (message.p2a || resource.isCore);
    // The flag is ignored for processors: either way is both.
    const isOffered = resource.isCore ? offersSync || offersAsync : isAsync ? offersAsync : offersSync;
    if (!isOffered) return ScmiStatus.NOT_SUPPORTED;
    if (!isPermitted(hub, message, stateSet.id, resource)) return ScmiStatus.DENIED;
    const { job } = resource;
    if (job.kind !== JobKind.NONE || !this.post(resource)) return ScmiStatus.BUSY;
    const isAwaited = !isAsync && !resource.isCore;
    job.begin(message, vote, isAwaited);
    return isAwaited ? PENDING : ScmiStatus.SUCCESS;
  }

  /** Says that there is something to do on a domain. False when there is no room for that. */
  private post(resource: Resource): boolean {
    const { framework, module } = this.parts;
    this.params.domain = resource.id;
    return framework.put(STATE_EVENT, module, module, this.params) === Status.SUCCESS;
  }

  /** Handles the module's events: what is to be done, and what the HAL has done. */
  process(event: Event): Status {
    const id = event.isResponse ? event.source : event.param(STATE_EVENT.at.domain);
    const resource = isElementId(id) ? this.parts.views.ofElement(id) : undefined;
    if (resource === undefined) return Status.E_PARAM;
    const { job } = resource;
    if (event.isResponse) this.conclude(resource, toStatus(event.status));
    else if (job.kind === JobKind.SET && !job.isStarted) this.perform(resource);
    else this.work(resource);
    return Status.SUCCESS;
  }

  // ---------------------------------------------------------------- doing

  private perform(resource: Resource): void {
    const { job, votes, id } = resource;
    job.isStarted = true;
    // The agent was reset before anything was done for it.
    if (job.isAbandoned) {
      this.conclude(resource, Status.E_BUSY);
      return;
    }
    const { power, notifications } = this.parts;
    const wanted = stateOf(job.vote);
    if (wanted !== power.state(id)) notifications.stateChangeRequested(resource, wordOf(wanted), job.agent);
    const status = power.setState(id, votes.outcome(job.agent, job.vote), job.agent);
    if (status !== Status.PENDING) this.conclude(resource, status);
  }

  /** Keeps a change back until the command that caused it is answered. False when there is none that waits. */
  hold({ job }: Resource, word: number, cause: number): boolean {
    if (job.message === undefined || cause !== job.agent || job.heldWord >= 0) return false;
    job.heldWord = word;
    return true;
  }

  /** Ends a job and tells whoever waits. */
  private conclude(resource: Resource, status: Status): void {
    const { kind } = resource.job;
    if (kind === JobKind.SET) this.concludeSet(resource, status);
    else if (kind === JobKind.RECONCILE) this.concludeReconcile(resource, status);
  }

  private concludeSet(resource: Resource, status: Status): void {
    const { job, votes } = resource;
    const { agent, vote, message, sequence, isAbandoned, heldWord } = job;
    job.clear();
    if (status === Status.SUCCESS && !isAbandoned) votes.set(agent, vote);
    // Without memory for its response the HAL still does what was asked, and nobody hears when.
    if (isAbandoned || status === Status.E_NOMEM) resource.stale = true;
    if (message !== undefined) this.parts.hub.respond(message, sequence, scmiStatusOf(status));
    else if (status !== Status.SUCCESS && !isAbandoned) this.warn(resource, 'is not set as an agent wants it', status);
    if (heldWord >= 0) this.parts.notifications.stateChanged(resource, heldWord, agent);
    this.work(resource);
  }

  /** Looks after votes that could not be followed: somebody else's transition ends, a driver's failure may not. */
  private concludeReconcile(resource: Resource, status: Status): void {
    resource.job.clear();
    if (status === Status.E_BUSY || status === Status.E_NOMEM) {
      resource.stale = true;
      this.alarm.start(RETRY_US);
      return;
    }
    if (status !== Status.SUCCESS) this.warn(resource, 'does not follow the votes on its state', status);
    this.work(resource);
  }

  // ---------------------------------------------------------------- votes taken back

  /** Forgets what an agent has voted for, and what it has under way. */
  resetAgent(agent: number): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      const { job, votes } = resource;
      if (job.kind === JobKind.SET && job.agent === agent) job.isAbandoned = true;
      if (votes.of(agent) === Vote.NONE) continue;
      votes.set(agent, Vote.NONE);
      this.reconcile(resource);
    }
  }

  /** Makes a domain follow the votes, as soon as nothing else is under way on it. */
  private reconcile(resource: Resource): void {
    resource.stale = true;
    // The HAL's response must come to this module, so this is for an event of its own.
    if (resource.job.kind === JobKind.NONE && !this.post(resource)) this.alarm.start(0);
  }

  private workAll(): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource !== undefined) this.work(resource);
    }
  }

  private work(resource: Resource): void {
    const { job, votes, id } = resource;
    if (!resource.stale || job.kind !== JobKind.NONE) return;
    resource.stale = false;
    job.kind = JobKind.RECONCILE;
    job.isStarted = true;
    const status = this.parts.power.setState(id, votes.outcome(), CAUSE_PLATFORM);
    if (status !== Status.PENDING) this.conclude(resource, status);
  }

  private warn({ id }: Resource, what: string, status: Status): void {
    const { framework } = this.parts;
    if (!this.limit.take(framework.host.now())) return;
    framework.log.warn(`[SCMI-POWER-DOMAIN] ${framework.nameOf(id)} ${what}: ${statusName(status)}`);
  }
}

const statuses: readonly Status[] = Object.values(Status);

/** The status that a number from an event stands for. */
const toStatus = (value: number): Status => {
  for (let at = 0; at < statuses.length; at++) {
    const status = statuses[at];
    if (status === value) return status;
  }
  return Status.E_PANIC;
};
