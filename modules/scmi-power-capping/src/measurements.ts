// SPDX-License-Identifier: BSD-3-Clause
/** Measurements: asked for, and told when they pass an agent's thresholds. */
import { Status } from '@scp/framework';
import { CAUSE_PLATFORM, type Out } from '@scp/power-capping/api';
import { type Message, ScmiStatus, scmiStatusOf, Subscribers } from '@scp/scmi/api';
import {
  MEASUREMENTS_CHANGED,
  MEASUREMENTS_GET_RESPONSE,
  MEASUREMENTS_NOTIFY_REQUEST,
  POWERCAP_PROTOCOL,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { View } from './view.ts';

const { commands, notifications } = POWERCAP_PROTOCOL;

/** Where the last average was, as seen by the thresholds. */
const Position = { INSIDE: 0, BELOW: 1, ABOVE: 2 } as const;

/** POWERCAP_MEASUREMENTS_GET, POWERCAP_MEASUREMENTS_NOTIFY and POWERCAP_MEASUREMENTS_CHANGED. */
export class Measurements {
  private readonly view: View;
  private readonly agentCount: number;
  private readonly subscribers: Subscribers;
  /** By domain and agent. */
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  private readonly positions: Uint8Array;
  private readonly out: Out = { value: 0 };

  constructor(view: View) {
    this.view = view;
    this.agentCount = view.hub.agents.length;
    this.subscribers = new Subscribers(view.resources.length, this.agentCount);
    const places = view.resources.length * (this.agentCount + 1);
    this.low = new Uint32Array(places);
    this.high = new Uint32Array(places);
    this.positions = new Uint8Array(places);
  }

  private place({ index }: Resource, agent: number): number {
    return index * (this.agentCount + 1) + agent;
  }

  /** POWERCAP_MEASUREMENTS_GET: NOT_FOUND, NOT_SUPPORTED without measurements, DENIED, and what the driver says. */
  get(message: Message): ScmiStatus {
    const { domains } = this.view;
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!resource.info.monitored) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, commands.measurementsGet.id, resource)) return ScmiStatus.DENIED;
    const status = domains.measure(resource.id, this.out);
    if (status !== Status.SUCCESS) return scmiStatusOf(status);
    message.set(MEASUREMENTS_GET_RESPONSE.at.power, this.out.value);
    message.set(MEASUREMENTS_GET_RESPONSE.at.pai, domains.interval(resource.id));
    return ScmiStatus.SUCCESS;
  }

  /**
   * POWERCAP_MEASUREMENTS_NOTIFY: NOT_FOUND; INVALID_PARAMETERS for reserved bits, and thresholds the wrong way round;
   * NOT_SUPPORTED by the domain; DENIED. Thresholds take effect anew: an average that is already outside is told.
   */
  notify(message: Message): ScmiStatus {
    const { at } = MEASUREMENTS_NOTIFY_REQUEST;
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (!resource.info.powerNotifications) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, commands.measurementsNotify.id, resource)) return ScmiStatus.DENIED;
    const low = message.u32(at.powerThreshLow);
    const high = message.u32(at.powerThreshHigh);
    if (enable === 1 && low > high) return ScmiStatus.INVALID_PARAMETERS;
    if (enable === 1) {
      const place = this.place(resource, message.agent);
      this.low[place] = low;
      this.high[place] = high;
      this.positions[place] = Position.INSIDE;
    }
    this.subscribe(resource, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  private subscribe(resource: Resource, agent: number, on: boolean): void {
    if (this.subscribers.has(resource.index, agent) === on) return;
    this.subscribers.set(resource.index, agent, on);
    if (on) this.view.domains.startMonitoring(resource.id);
    else this.view.domains.stopMonitoring(resource.id);
  }

  /** The average of an interval is there: POWERCAP_MEASUREMENTS_CHANGED to each agent whose thresholds it has passed. */
  measured(resource: Resource, power: number): void {
    const { hub } = this.view;
    for (let agent = 1; agent <= this.agentCount; agent++) {
      if (!this.subscribers.has(resource.index, agent) || !this.hasPassed(resource, agent, power)) continue;
      if (!this.view.isPermitted(agent, commands.measurementsNotify.id, resource)) continue;
      hub.event.set(MEASUREMENTS_CHANGED.at.agentId, CAUSE_PLATFORM);
      hub.event.set(MEASUREMENTS_CHANGED.at.domainId, this.view.idOf(agent, resource));
      hub.event.set(MEASUREMENTS_CHANGED.at.power, power);
      hub.notify(agent, POWERCAP_PROTOCOL, notifications.measurementsChanged, MEASUREMENTS_CHANGED.size);
    }
  }

  /** Whether the average has left the range between an agent's thresholds, on this side, since the last one. */
  private hasPassed(resource: Resource, agent: number, power: number): boolean {
    const place = this.place(resource, agent);
    const before = this.positions[place];
    const isBelow = power < (this.low[place] ?? 0);
    const isAbove = power > (this.high[place] ?? 0);
    const now = isBelow ? Position.BELOW : isAbove ? Position.ABOVE : Position.INSIDE;
    this.positions[place] = now;
    return now !== Position.INSIDE && now !== before;
  }

  /** Turns off everything of an agent. */
  clear(agent: number): void {
    const { resources } = this.view;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource !== undefined) this.subscribe(resource, agent, false);
    }
  }
}
