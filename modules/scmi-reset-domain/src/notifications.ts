// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear of resets, and telling them. */
import { type Message, type ScmiHub, ScmiStatus, Subscribers } from '@scp/scmi/api';
import type { Views } from './describe.ts';
import { NOTIFY_REQUEST, RESET_DOMAIN_PROTOCOL, RESET_ISSUED } from './messages.ts';
import type { Resource } from './resource.ts';

const { commands, notifications } = RESET_DOMAIN_PROTOCOL;

/** RESET_NOTIFY and RESET_ISSUED. */
export class Notifications {
  private readonly hub: ScmiHub;
  private readonly views: Views;
  private readonly subscribers: Subscribers;

  constructor(hub: ScmiHub, views: Views) {
    this.hub = hub;
    this.views = views;
    this.subscribers = new Subscribers(views.resources.length, hub.agents.length);
  }

  /** RESET_NOTIFY: NOT_FOUND, INVALID_PARAMETERS for reserved bits, NOT_SUPPORTED by the domain, DENIED. */
  notify(message: Message): ScmiStatus {
    const resource = this.views.find(message.agent, message.u32(NOTIFY_REQUEST.at.domainId));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(NOTIFY_REQUEST.at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (!resource.info.notifications) return ScmiStatus.NOT_SUPPORTED;
    if (!this.isPermitted(message.agent, resource)) return ScmiStatus.DENIED;
    this.subscribers.set(resource.index, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  /** RESET_ISSUED to every subscriber, the causer too. */
  issued(resource: Resource, state: number, cause: number): void {
    const { event, agents } = this.hub;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (!this.subscribers.has(resource.index, agent) || !this.isPermitted(agent, resource)) continue;
      event.set(RESET_ISSUED.at.agentId, cause);
      event.set(RESET_ISSUED.at.domainId, this.views.idOf(agent, resource));
      event.set(RESET_ISSUED.at.resetState, state);
      this.hub.notify(agent, RESET_DOMAIN_PROTOCOL, notifications.issued, RESET_ISSUED.size);
    }
  }

  private isPermitted(agent: number, resource: Resource): boolean {
    return this.hub.isPermitted(agent, RESET_DOMAIN_PROTOCOL.id, commands.notify.id, resource.id);
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.subscribers.clear(agent);
  }
}
