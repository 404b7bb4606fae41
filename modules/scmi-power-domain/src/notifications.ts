// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear of power states, and telling them. */
import { type Message, type NotificationDeclaration, type ScmiHub, ScmiStatus, Subscribers } from '@scp/scmi/api';
import { NOTIFY_REQUEST, POWER_DOMAIN_PROTOCOL, STATE_NOTIFICATION, V3 } from './messages.ts';
import type { Resource } from './resource.ts';
import { isPermitted, mayNotify, type Views } from './view.ts';

const { commands, notifications } = POWER_DOMAIN_PROTOCOL;

/** The protocol's notifications. */
export class Notifications {
  private readonly hub: ScmiHub;
  private readonly views: Views;
  private readonly changed: Subscribers;
  private readonly requested: Subscribers;

  constructor(hub: ScmiHub, views: Views) {
    this.hub = hub;
    this.views = views;
    this.changed = new Subscribers(views.resources.length, hub.agents.length);
    this.requested = new Subscribers(views.resources.length, hub.agents.length);
  }

  /** POWER_STATE_NOTIFY: NOT_FOUND, INVALID_PARAMETERS, NOT_SUPPORTED, DENIED. */
  stateNotify(message: Message): ScmiStatus {
    return this.subscribe(message, commands.stateNotify.id, this.changed, true);
  }

  /**
   * POWER_STATE_CHANGE_REQUESTED_NOTIFY: as above. Before version 3.0 no attribute tells which domains have it, so every
   * domain has.
   */
  stateChangeRequestedNotify(message: Message): ScmiStatus {
    return this.subscribe(message, commands.stateChangeRequestedNotify.id, this.requested, message.version >= V3);
  }

  private subscribe(message: Message, messageId: number, subscribers: Subscribers, isOptional: boolean): ScmiStatus {
    const domainId = message.u32(NOTIFY_REQUEST.at.domainId);
    const resource = this.views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(NOTIFY_REQUEST.at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (isOptional && !mayNotify(this.views.entry(message.agent, domainId))) return ScmiStatus.NOT_SUPPORTED;
    if (!isPermitted(this.hub, message, messageId, resource)) return ScmiStatus.DENIED;
    subscribers.set(resource.index, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  /** POWER_STATE_CHANGED to every subscriber, the causer too. `word` is SCMI's for the state. */
  stateChanged(resource: Resource, word: number, cause: number): void {
    this.send(notifications.stateChanged, commands.stateNotify.id, this.changed, resource, word, cause, 0);
  }

  /** POWER_STATE_CHANGE_REQUESTED to every subscriber but the requester. */
  stateChangeRequested(resource: Resource, word: number, requester: number): void {
    const messageId = commands.stateChangeRequestedNotify.id;
    this.send(notifications.stateChangeRequested, messageId, this.requested, resource, word, requester, requester);
  }

  private send(
    notification: NotificationDeclaration,
    messageId: number,
    subscribers: Subscribers,
    resource: Resource,
    word: number,
    cause: number,
    except: number,
  ): void {
    const { event, agents } = this.hub;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (agent === except || !subscribers.has(resource.index, agent)) continue;
      if (this.hub.versionFor(POWER_DOMAIN_PROTOCOL, agent) < notification.since) continue;
      if (!this.hub.isPermitted(agent, POWER_DOMAIN_PROTOCOL.id, messageId, resource.id)) continue;
      event.set(STATE_NOTIFICATION.at.agentId, cause);
      event.set(STATE_NOTIFICATION.at.domainId, this.views.idOf(agent, resource));
      event.set(STATE_NOTIFICATION.at.powerState, word);
      this.hub.notify(agent, POWER_DOMAIN_PROTOCOL, notification, STATE_NOTIFICATION.size);
    }
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.changed.clear(agent);
    this.requested.clear(agent);
  }
}
