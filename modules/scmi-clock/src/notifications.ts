// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear of rates, and telling them. */
import {
  hasReservedBits,
  type Message,
  type NotificationDeclaration,
  type ScmiHub,
  ScmiStatus,
  Subscribers,
} from '@scp/scmi/api';
import { isPermitted } from './describe.ts';
import { CLOCK_PROTOCOL, NOTIFY_REQUEST, RATE_NOTIFICATION } from './messages.ts';
import type { Resource } from './resource.ts';
import type { Views } from './view.ts';

const { commands, notifications } = CLOCK_PROTOCOL;

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

  /** CLOCK_RATE_NOTIFY: NOT_FOUND, INVALID_PARAMETERS, DENIED. */
  rateNotify(message: Message): ScmiStatus {
    return this.subscribe(message, commands.rateNotify.id, this.changed);
  }

  /** CLOCK_RATE_CHANGE_REQUESTED_NOTIFY: NOT_FOUND, INVALID_PARAMETERS, DENIED. */
  rateChangeRequestedNotify(message: Message): ScmiStatus {
    return this.subscribe(message, commands.rateChangeRequestedNotify.id, this.requested);
  }

  private subscribe(message: Message, messageId: number, subscribers: Subscribers): ScmiStatus {
    const viewed = this.views.at(message.agent, message.u32(NOTIFY_REQUEST.at.clockId));
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(NOTIFY_REQUEST.at.notifyEnable);
    if (hasReservedBits(enable)) return ScmiStatus.INVALID_PARAMETERS;
    if (!isPermitted(this.hub, message, messageId, viewed)) return ScmiStatus.DENIED;
    subscribers.set(viewed.resource.index, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_RATE_CHANGED to every subscriber, the causer too. */
  rateChanged(resource: Resource, rate: number, cause: number): void {
    this.send(notifications.rateChanged, this.changed, resource, rate, cause, 0);
  }

  /** CLOCK_RATE_CHANGE_REQUESTED to every subscriber but the requester. */
  rateChangeRequested(resource: Resource, rate: number, requester: number): void {
    this.send(notifications.rateChangeRequested, this.requested, resource, rate, requester, requester);
  }

  private send(
    notification: NotificationDeclaration,
    subscribers: Subscribers,
    resource: Resource,
    rate: number,
    cause: number,
    except: number,
  ): void {
    const { event, agents } = this.hub;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (agent === except || !subscribers.has(resource.index, agent)) continue;
      if (this.hub.versionFor(CLOCK_PROTOCOL, agent) < notification.since) continue;
      if (!this.hub.isPermitted(agent, CLOCK_PROTOCOL.id, commands.rateNotify.id, resource.id)) continue;
      event.set(RATE_NOTIFICATION.at.agentId, cause);
      event.set(RATE_NOTIFICATION.at.clockId, this.views.idOf(agent, resource));
      event.setU64(RATE_NOTIFICATION.at.rateLow, rate);
      this.hub.notify(agent, CLOCK_PROTOCOL, notification, RATE_NOTIFICATION.size);
    }
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.changed.clear(agent);
    this.requested.clear(agent);
  }
}
