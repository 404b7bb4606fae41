// SPDX-License-Identifier: BSD-3-Clause
/** Who wants to hear what is asked of its system, and telling them. */
import { type AgentViews, type ScmiHub, Subscribers, type ViewedResource } from '@scp/scmi/api';
import { SystemState } from '@scp/system-power/api';
import { GRACEFUL, NOTIFIER_V1, NOTIFIER_V2, SYSTEM_POWER_PROTOCOL, V2 } from './messages.ts';
import type { SystemEntry } from './schema.ts';

const { stateNotify } = SYSTEM_POWER_PROTOCOL.commands;
const { stateNotifier } = SYSTEM_POWER_PROTOCOL.notifications;

/** The systems of all agents: one each. */
export type Views = AgentViews<ViewedResource, SystemEntry>;

/** SYSTEM_POWER_STATE_NOTIFIER. */
export class Notifications {
  private readonly hub: ScmiHub;
  private readonly views: Views;
  private readonly subscribers: Subscribers;

  constructor(hub: ScmiHub, views: Views) {
    this.hub = hub;
    this.views = views;
    this.subscribers = new Subscribers(views.resources.length, hub.agents.length);
  }

  /** Turns an agent's notifications on or off. Answers whether they were off and are on now. */
  set({ index }: ViewedResource, agent: number, isOn: boolean): boolean {
    const wasOn = this.subscribers.has(index, agent);
    this.subscribers.set(index, agent, isOn);
    return isOn && !wasOn;
  }

  /** Tells a request to every subscriber of the system but the requester. `timeout` in µs. */
  requested(system: ViewedResource, state: number, isGraceful: boolean, timeout: number, cause: number): void {
    const { event, agents } = this.hub;
    const hasTimeout = isGraceful && state === SystemState.SHUTDOWN;
    for (let agent = 1; agent <= agents.length; agent++) {
      if (agent === cause || !this.subscribers.has(system.index, agent)) continue;
      if (this.views.idOf(agent, system) < 0) continue;
      if (!this.hub.isPermitted(agent, SYSTEM_POWER_PROTOCOL.id, stateNotify.id, system.id)) continue;
      const version = this.hub.versionFor(SYSTEM_POWER_PROTOCOL, agent);
      event.set(NOTIFIER_V2.at.agentId, cause);
      event.set(NOTIFIER_V2.at.flags, isGraceful ? GRACEFUL : 0);
      event.set(NOTIFIER_V2.at.systemState, state);
      if (version >= V2) event.set(NOTIFIER_V2.at.timeout, hasTimeout ? Math.ceil(timeout / 1000) : 0);
      this.hub.notify(agent, SYSTEM_POWER_PROTOCOL, stateNotifier, version >= V2 ? NOTIFIER_V2.size : NOTIFIER_V1.size);
    }
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    this.subscribers.clear(agent);
  }
}
