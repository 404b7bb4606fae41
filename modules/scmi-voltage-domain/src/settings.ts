// SPDX-License-Identifier: BSD-3-Clause
/**
 * VOLTAGE_CONFIG_SET and VOLTAGE_LEVEL_SET: at once where the driver can, else answered later; one at a time for each
 * domain. A mode is an agent's vote, and counts only when what it leads to has been done; of levels the last one counts.
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
import {
  type HandlerResult,
  type Message,
  PENDING,
  type ScmiHub,
  ScmiStatus,
  scmiStatusOf,
  statusOnly,
} from '@scp/scmi/api';
import { hasLevel, type Out, type VoltageDomain, VoltageMode } from '@scp/voltage-domain/api';
import { isPermitted, type Views } from './describe.ts';
import { JobKind } from './job.ts';
import {
  CONFIG_SET_REQUEST,
  LEVEL_SET_COMPLETE,
  LEVEL_SET_REQUEST,
  LevelSetFlag,
  V2,
  VOLTAGE_DOMAIN_PROTOCOL,
} from './messages.ts';
import { LEVEL_EVENT } from './module-events.ts';
import { NO_VOTE, type Resource } from './resource.ts';

const { commands } = VOLTAGE_DOMAIN_PROTOCOL;

/** How long to wait, in µs, before votes are tried again on a domain that somebody else keeps busy. */
const RETRY_US = 1000;

/** What an agent is told of the HAL's status: this protocol has no OUT_OF_RANGE for what is set. */
const answerOf = (status: Status): ScmiStatus =>
  status === Status.E_RANGE ? ScmiStatus.INVALID_PARAMETERS : scmiStatusOf(status);

/** What the settings are made of. */
export interface SettingParts {
  readonly framework: Framework;
  readonly module: ModuleId;
  readonly hub: ScmiHub;
  readonly domains: VoltageDomain;
  readonly views: Views;
}

/** Handles what is set, and keeps what is under way. */
export class Settings {
  private readonly parts: SettingParts;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0 };
  private readonly out: Out = { value: 0 };

  constructor(parts: SettingParts) {
    this.parts = parts;
    this.alarm = parts.framework.createAlarm(parts.module, () => this.reconcileStale());
    this.limit = new LogLimit(parts.framework.host.now());
  }

  // ---------------------------------------------------------------- the commands

  /**
   * VOLTAGE_CONFIG_SET: NOT_FOUND; INVALID_PARAMETERS for reserved bits and modes the domain does not have; NOT_SUPPORTED
   * for a domain that can't be switched; DENIED; BUSY while something is being set on it; and what the driver says.
   */
  configSet(message: Message): HandlerResult {
    const { hub, views } = this.parts;
    const domainId = message.u32(CONFIG_SET_REQUEST.at.domainId);
    const resource = views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, job } = resource;
    const mode = message.u32(CONFIG_SET_REQUEST.at.config);
    if (mode !== VoltageMode.OFF && mode !== VoltageMode.ON && !info.modes.includes(mode)) {
      return ScmiStatus.INVALID_PARAMETERS;
    }
    if (!info.switchable) return ScmiStatus.NOT_SUPPORTED;
    const entry = views.entry(message.agent, domainId);
    if (info.readOnly || (typeof entry === 'object' && entry.mode === false)) return ScmiStatus.DENIED;
    if (!isPermitted(hub, message, commands.configSet.id, resource)) return ScmiStatus.DENIED;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.MODE, mode, message, domainId, false);
    return this.setNow(resource);
  }

  /**
   * VOLTAGE_LEVEL_SET: NOT_FOUND; INVALID_PARAMETERS for reserved flags; NOT_SUPPORTED for a domain of one level, and for
   * an asynchronous command that the domain, or the agent's channel, lacks; DENIED; INVALID_PARAMETERS for a level the
   * domain does not have; BUSY while something is being set on it; and what the driver says.
   */
  levelSet(message: Message): HandlerResult {
    const { hub, views } = this.parts;
    const domainId = message.u32(LEVEL_SET_REQUEST.at.domainId);
    const resource = views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, job } = resource;
    const flags = message.u32(LEVEL_SET_REQUEST.at.flags);
    if (flags > (message.version < V2 ? 0 : LevelSetFlag.ASYNC)) return ScmiStatus.INVALID_PARAMETERS;
    const isAsync = flags === LevelSetFlag.ASYNC;
    if (info.isFixed || (isAsync && !(info.asynchronous && message.p2a))) return ScmiStatus.NOT_SUPPORTED;
    const entry = views.entry(message.agent, domainId);
    if (info.readOnly || (typeof entry === 'object' && entry.level === false)) return ScmiStatus.DENIED;
    if (!isPermitted(hub, message, commands.levelSet.id, resource)) return ScmiStatus.DENIED;
    const level = message.request.i32(LEVEL_SET_REQUEST.at.level);
    if (!hasLevel(info.levels, level)) return ScmiStatus.INVALID_PARAMETERS;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.LEVEL, level, message, domainId, isAsync);
    return isAsync ? this.setLater(resource) : this.setNow(resource);
  }

  private setNow(resource: Resource): HandlerResult {
    const status = this.perform(resource);
    if (status === Status.PENDING) return PENDING;
    this.settle(resource, status);
    resource.job.clear();
    return answerOf(status);
  }

  /** The level is set by an event, so that the answer to the command comes before the delayed response. */
  private setLater(resource: Resource): HandlerResult {
    const { framework, module } = this.parts;
    this.params.domain = resource.id;
    if (framework.put(LEVEL_EVENT, module, module, this.params) === Status.SUCCESS) return ScmiStatus.SUCCESS;
    resource.job.clear();
    return ScmiStatus.BUSY;
  }

  // ---------------------------------------------------------------- doing

  /** Takes up an asynchronous change of a level: its event has come. */
  begin(domain: number): void {
    const resource = this.parts.views.ofElement(domain);
    if (resource?.job.isAsync !== true) return;
    const status = resource.job.isAbandoned ? Status.E_STATE : this.perform(resource);
    if (status !== Status.PENDING) this.conclude(resource, status);
  }

  /** What was being set on a domain has ended. */
  ended(domain: ElementId, status: Status): void {
    const resource = this.parts.views.ofElement(domain);
    if (resource !== undefined && resource.job.kind !== JobKind.NONE) this.conclude(resource, status);
  }

  private perform({ id, job, votes }: Resource): Status {
    const { domains } = this.parts;
    if (job.kind === JobKind.LEVEL) return domains.setLevel(id, job.value);
    return domains.setMode(id, votes.outcome(job.agent, job.value));
  }

  /** Ends a job, tells whoever waits, and takes up what has come meanwhile. */
  private conclude(resource: Resource, status: Status): void {
    this.end(resource, status);
    this.work(resource);
  }

  private end(resource: Resource, status: Status): void {
    const { kind, value, message, sequence, agent, isAbandoned, isAsync, command, domainId } = resource.job;
    this.settle(resource, status);
    resource.job.clear();
    if (message !== undefined) this.parts.hub.respond(message, sequence, answerOf(status));
    else if (isAsync && !isAbandoned) this.complete(resource, status, agent, command, domainId, value);
    else if (kind === JobKind.RECONCILE) this.checkReconciled(resource, status);
  }

  private complete(
    { id }: Resource,
    status: Status,
    agent: number,
    command: number,
    domainId: number,
    wanted: number,
  ): void {
    const { hub, domains } = this.parts;
    const level = domains.getLevel(id, this.out) === Status.SUCCESS ? this.out.value : wanted;
    hub.event.set(0, answerOf(status));
    hub.event.set(LEVEL_SET_COMPLETE.at.domainId, domainId);
    hub.event.set(LEVEL_SET_COMPLETE.at.level, level);
    hub.sendDelayed(agent, command, status === Status.SUCCESS ? LEVEL_SET_COMPLETE.size : statusOnly.size);
  }

  /** Writes down what a job has led to. */
  private settle(resource: Resource, status: Status): void {
    const { job, votes } = resource;
    if (job.kind !== JobKind.MODE) return;
    if (job.isAbandoned) resource.stale = true;
    else if (status === Status.SUCCESS) votes.set(job.agent, job.value);
  }

  // ---------------------------------------------------------------- votes without a command

  /** Forgets what an agent has asked for: its votes, and who is to hear of what is under way. Levels stay as they are. */
  resetAgent(agent: number): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      if (resource.job.kind !== JobKind.NONE && resource.job.agent === agent) resource.job.isAbandoned = true;
      if (!resource.votes.has(agent)) continue;
      resource.votes.set(agent, NO_VOTE);
      resource.stale = true;
      this.work(resource);
    }
  }

  /** Makes a mode follow the votes, as soon as nothing else is being set on the domain. */
  private work(resource: Resource): void {
    const { job, votes } = resource;
    if (!resource.stale || job.kind !== JobKind.NONE) return;
    resource.stale = false;
    job.kind = JobKind.RECONCILE;
    const status = this.parts.domains.setMode(resource.id, votes.outcome());
    if (status !== Status.PENDING) this.end(resource, status);
  }

  /** Looks after votes that could not be followed: what somebody else sets ends, a driver's failure may not. */
  private checkReconciled(resource: Resource, status: Status): void {
    if (status === Status.SUCCESS) return;
    const { framework } = this.parts;
    if (status === Status.E_BUSY) {
      resource.stale = true;
      this.alarm.start(RETRY_US);
    } else if (this.limit.take(framework.host.now())) {
      framework.log.warn(`[SCMI-VOLTAGE] ${resource.info.name} does not follow the votes: ${statusName(status)}`);
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
