// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear of limits and levels, and telling them. */
import { type Message, type ScmiHub, ScmiStatus, Subscribers } from '@scp/scmi/api';
import { LEVEL_CHANGED, LIMITS_CHANGED, NOTIFY_REQUEST, PERF_PROTOCOL } from './messages.ts';
import type { Resource } from './resource.ts';
import { isPermitted, mayNotify, type Views } from './view.ts';

const { commands, notifications } = PERF_PROTOCOL;

/** The protocol's notifications: each goes to every subscriber, the causer too, in the words of the version it speaks. */
export class Notifications {
  private readonly hub: ScmiHub;
  private readonly views: Views;
  private readonly limits: Subscribers;
  private readonly level: Subscribers;

  constructor(hub: ScmiHub, views: Views) {
    this.hub = hub;
    this.views = views;
    this.limits = new Subscribers(views.resources.length, hub.agents.length);
    this.level = new Subscribers(views.resources.length, hub.agents.length);
  }

  /** PERFORMANCE_NOTIFY_LIMITS: NOT_FOUND, INVALID_PARAMETERS for reserved bits, NOT_SUPPORTED by the domain, DENIED. */
  notifyLimits(message: Message): ScmiStatus {
    return this.subscribe(message, commands.notifyLimits.id, this.limits);
  }

  /** PERFORMANCE_NOTIFY_LEVEL: as above. */
  notifyLevel(message: Message): ScmiStatus {
    return this.subscribe(message, commands.notifyLevel.id, this.level);
  }

  private subscribe(message: Message, messageId: number, subscribers: Subscribers): ScmiStatus {
    const domainId = message.u32(NOTIFY_REQUEST.at.domainId);
    const resource = this.views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(NOTIFY_REQUEST.at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (!mayNotify(this.views.entry(message.agent, domainId))) return ScmiStatus.NOT_SUPPORTED;
    if (!isPermitted(this.hub, message, messageId, resource)) return ScmiStatus.DENIED;
    subscribers.set(resource.index, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  /** PERFORMANCE_LIMITS_CHANGED: operating points. */
  limitsChanged(resource: Resource, max: number, min: number, cause: number): void {
    const { event, agents } = this.hub;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (!this.isHeard(this.limits, agent, resource, commands.notifyLimits.id)) continue;
      const version = this.hub.versionFor(PERF_PROTOCOL, agent);
      event.set(LIMITS_CHANGED.at.agentId, cause);
      event.set(LIMITS_CHANGED.at.domainId, this.views.idOf(agent, resource));
      event.set(LIMITS_CHANGED.at.rangeMax, resource.wordOf(max, version));
      event.set(LIMITS_CHANGED.at.rangeMin, resource.wordOf(min, version));
      this.hub.notify(agent, PERF_PROTOCOL, notifications.limitsChanged, LIMITS_CHANGED.size);
    }
  }

  /** PERFORMANCE_LEVEL_CHANGED: an operating point. */
  levelChanged(resource: Resource, opp: number, cause: number): void {
    const { event, agents } = this.hub;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (!this.isHeard(this.level, agent, resource, commands.notifyLevel.id)) continue;
      const version = this.hub.versionFor(PERF_PROTOCOL, agent);
      event.set(LEVEL_CHANGED.at.agentId, cause);
      event.set(LEVEL_CHANGED.at.domainId, this.views.idOf(agent, resource));
      event.set(LEVEL_CHANGED.at.level, resource.wordOf(opp, version));
      this.hub.notify(agent, PERF_PROTOCOL, notifications.levelChanged, LEVEL_CHANGED.size);
    }
  }

  private isHeard(subscribers: Subscribers, agent: number, { index, id }: Resource, messageId: number): boolean {
    return subscribers.has(index, agent) && this.hub.isPermitted(agent, PERF_PROTOCOL.id, messageId, id);
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.limits.clear(agent);
    this.level.clear(agent);
  }
}
