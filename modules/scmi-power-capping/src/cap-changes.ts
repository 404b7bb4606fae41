// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear of changes of caps and intervals, and telling them. */
import { type Message, ScmiStatus, Subscribers } from '@scp/scmi/api';
import { CAP_CHANGED, CAP_NOTIFY_REQUEST, POWERCAP_PROTOCOL } from './messages.ts';
import type { Resource } from './resource.ts';
import type { View } from './view.ts';

const { commands, notifications } = POWERCAP_PROTOCOL;

/** POWERCAP_CAP_NOTIFY and POWERCAP_CAP_CHANGED. */
export class CapChanges {
  private readonly view: View;
  private readonly subscribers: Subscribers;

  constructor(view: View) {
    this.view = view;
    this.subscribers = new Subscribers(view.resources.length, view.hub.agents.length);
  }

  /** POWERCAP_CAP_NOTIFY: NOT_FOUND, INVALID_PARAMETERS for reserved bits, NOT_SUPPORTED by the domain, DENIED. */
  notify(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(CAP_NOTIFY_REQUEST.at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (!resource.info.capNotifications) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, commands.capNotify.id, resource)) return ScmiStatus.DENIED;
    this.subscribers.set(resource.index, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  /** POWERCAP_CAP_CHANGED to every subscriber, the causer too. */
  changed(resource: Resource, cap: number, interval: number, cause: number): void {
    const { hub } = this.view;
    for (let agent = 1; agent <= hub.agents.length; agent++) {
      if (!this.subscribers.has(resource.index, agent)) continue;
      if (!this.view.isPermitted(agent, commands.capNotify.id, resource)) continue;
      const version = hub.versionFor(POWERCAP_PROTOCOL, agent);
      hub.event.set(CAP_CHANGED.at.agentId, cause);
      hub.event.set(CAP_CHANGED.at.domainId, this.view.idOf(agent, resource));
      hub.event.set(CAP_CHANGED.at.powerCap, resource.capWord(cap, version));
      hub.event.set(CAP_CHANGED.at.pai, interval);
      hub.notify(agent, POWERCAP_PROTOCOL, notifications.capChanged, CAP_CHANGED.size);
    }
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.subscribers.clear(agent);
  }
}
