// SPDX-License-Identifier: BSD-3-Clause
/**
 * The commands that set limits and levels, and the one that waits for them. A setting is answered when it is accepted, as
 * the specification has it; where clock or supply need time, the level is reached later, and PERFORMANCE_LEVEL_GET is
 * answered when it is. So an agent that sets and then reads always reads what came of it.
 */
import { CAUSE_PLATFORM, type Dvfs } from '@scp/dvfs/api';
import {
  type Alarm,
  type ElementId,
  type Framework,
  LogLimit,
  type ModuleId,
  Status,
  statusName,
} from '@scp/framework';
import { type HandlerResult, type Message, PENDING, type ScmiHub, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import {
  DOMAIN_ID_REQUEST,
  LEVEL_GET_RESPONSE,
  LEVEL_SET_REQUEST,
  LIMITS_SET_REQUEST,
  PERF_PROTOCOL,
  V3,
} from './messages.ts';
import { LIMITS_EVENT } from './module-events.ts';
import type { Resource } from './resource.ts';
import { isPermitted, maySetLevel, maySetLimits, type Views } from './view.ts';

const { commands } = PERF_PROTOCOL;

/** How long to wait, in µs, before a level is tried again on a domain whose clock or supply somebody else keeps busy. */
const RETRY_US = 1000;

/** What the levels are made of. */
export interface LevelParts {
  readonly framework: Framework;
  readonly module: ModuleId;
  readonly hub: ScmiHub;
  readonly dvfs: Dvfs;
  readonly views: Views;
}

/** Handles limits and levels. */
export class Levels {
  private readonly parts: LevelParts;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0, max: 0, min: 0, cause: 0 };

  constructor(parts: LevelParts) {
    this.parts = parts;
    this.alarm = parts.framework.createAlarm(parts.module, () => this.reconcileStale());
    this.limit = new LogLimit(parts.framework.host.now());
  }

  // ---------------------------------------------------------------- the commands

  /**
   * PERFORMANCE_LIMITS_SET: NOT_FOUND; DENIED; OUT_OF_RANGE for what is no level, and from version 3.0 on for two limits
   * to be left as they are; INVALID_PARAMETERS for a lower limit above the upper one; and what the driver says to the level
   * that the limits lead to.
   */
  limitsSet(message: Message): ScmiStatus {
    const { hub, views } = this.parts;
    const { agent, version } = message;
    const domainId = message.u32(LIMITS_SET_REQUEST.at.domainId);
    const resource = views.find(agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!maySetLimits(views.entry(agent, domainId))) return ScmiStatus.DENIED;
    if (!isPermitted(hub, message, commands.limitsSet.id, resource)) return ScmiStatus.DENIED;
    const { requests } = resource;
    const rangeMax = message.u32(LIMITS_SET_REQUEST.at.rangeMax);
    const rangeMin = message.u32(LIMITS_SET_REQUEST.at.rangeMin);
    const canKeep = version >= V3;
    if (canKeep && rangeMax === 0 && rangeMin === 0) return ScmiStatus.OUT_OF_RANGE;
    const max = canKeep && rangeMax === 0 ? requests.maxOf(agent) : resource.oppOf(rangeMax, version);
    const min = canKeep && rangeMin === 0 ? requests.minOf(agent) : resource.oppOf(rangeMin, version);
    if (max < 0 || min < 0) return ScmiStatus.OUT_OF_RANGE;
    if (min > max) return ScmiStatus.INVALID_PARAMETERS;
    return this.setLimits(resource, agent, min, max);
  }

  /** Takes an agent's limits, unless the level they lead to is refused: then everything is as it was. */
  private setLimits(resource: Resource, agent: number, min: number, max: number): ScmiStatus {
    const { requests, id } = resource;
    const minBefore = requests.minOf(agent);
    const maxBefore = requests.maxOf(agent);
    const isOther = requests.setLimits(agent, min, max);
    const status = this.parts.dvfs.setOpp(id, requests.wanted, agent);
    if (status < 0) {
      requests.setLimits(agent, minBefore, maxBefore);
      return scmiStatusOf(status);
    }
    if (isOther) this.announceLimits(resource, agent);
    return ScmiStatus.SUCCESS;
  }

  /**
   * PERFORMANCE_LEVEL_SET: NOT_FOUND; DENIED; OUT_OF_RANGE for what is no level, or outside the limits that hold; and what
   * the driver says.
   */
  levelSet(message: Message): ScmiStatus {
    const { hub, views, dvfs } = this.parts;
    const { agent } = message;
    const domainId = message.u32(LEVEL_SET_REQUEST.at.domainId);
    const resource = views.find(agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!maySetLevel(views.entry(agent, domainId))) return ScmiStatus.DENIED;
    if (!isPermitted(hub, message, commands.levelSet.id, resource)) return ScmiStatus.DENIED;
    const { requests, id } = resource;
    const opp = resource.oppOf(message.u32(LEVEL_SET_REQUEST.at.level), message.version);
    if (opp < requests.min || opp > requests.max) return ScmiStatus.OUT_OF_RANGE;
    const status = dvfs.setOpp(id, opp, agent);
    if (status < 0) return scmiStatusOf(status);
    requests.setLevel(agent, opp);
    return ScmiStatus.SUCCESS;
  }

  /** PERFORMANCE_LEVEL_GET: NOT_FOUND; DENIED; BUSY while one of the agent's waits for the level already. */
  levelGet(message: Message): HandlerResult {
    const { hub, views, dvfs } = this.parts;
    const resource = views.find(message.agent, message.u32(DOMAIN_ID_REQUEST.at.domainId));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(hub, message, commands.levelGet.id, resource)) return ScmiStatus.DENIED;
    const underWay = dvfs.underWay(resource.id);
    if (underWay > 0) return resource.waiting.add(message, underWay) ? PENDING : ScmiStatus.BUSY;
    this.writeLevel(message, resource);
    return ScmiStatus.SUCCESS;
  }

  private writeLevel(message: Message, resource: Resource): void {
    const opp = this.parts.dvfs.opp(resource.id);
    message.set(LEVEL_GET_RESPONSE.at.level, resource.wordOf(opp, message.version));
  }

  // ---------------------------------------------------------------- what takes time

  /** A transition of a domain has ended, however. */
  ended(domain: ElementId): void {
    const { hub, views, dvfs } = this.parts;
    const resource = views.ofElement(domain);
    if (resource === undefined) return;
    const isAtRest = dvfs.underWay(domain) === 0;
    for (let agent = 1; agent <= hub.agents.length; agent++) {
      const message = resource.waiting.take(agent, isAtRest);
      if (message === undefined) continue;
      this.writeLevel(message, resource);
      hub.respond(message, message.sequence, ScmiStatus.SUCCESS);
    }
  }

  // ---------------------------------------------------------------- without a command

  /**
   * Forgets what an agent has asked for: its limits and its level. A command of it that waits is answered all the same,
   * unless its connection has ended: another agent may have had it reset.
   */
  resetAgent(agent: number): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined || !resource.requests.has(agent)) continue;
      if (resource.requests.drop(agent)) this.announceLimits(resource, CAUSE_PLATFORM);
      this.reconcile(resource);
    }
  }

  /** Brings a domain where what is left of the requests wants it. */
  private reconcile(resource: Resource): void {
    const { framework, dvfs } = this.parts;
    resource.stale = false;
    const status = dvfs.setOpp(resource.id, resource.requests.wanted, CAUSE_PLATFORM);
    if (status >= 0) return;
    if (status === Status.E_BUSY) {
      resource.stale = true;
      this.alarm.start(RETRY_US);
    } else if (this.limit.take(framework.host.now())) {
      framework.log.warn(`[SCMI-PERF] ${resource.info.name} does not follow its requests: ${statusName(status)}`);
    }
  }

  private reconcileStale(): void {
    const { resources } = this.parts.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource?.stale === true) this.reconcile(resource);
    }
  }

  /** Has subscribers told of the limits that hold now; they are not when there is no room for the event. */
  private announceLimits({ id, requests }: Resource, cause: number): void {
    const { framework, module } = this.parts;
    this.params.domain = id;
    this.params.max = requests.max;
    this.params.min = requests.min;
    this.params.cause = cause;
    framework.put(LIMITS_EVENT, module, module, this.params);
  }
}
