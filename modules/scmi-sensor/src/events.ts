// SPDX-License-Identifier: BSD-3-Clause
/** Trip points and continuous updates: the commands that ask for them, and the notifications that come of it. */
import { Status } from '@scp/framework';
import { hasReservedBits, type Message, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import { TripMode } from '@scp/sensor/api';
import {
  SENSOR_PROTOCOL,
  SensorVersion,
  TRIP_POINT_CONFIG_REQUEST,
  TRIP_POINT_EVENT,
  TRIP_POINT_NOTIFY_REQUEST,
  UPDATE,
  UPDATE_NOTIFY_REQUEST,
} from './messages.ts';
import { writeReadings } from './readings.ts';
import type { Resource, View } from './view.ts';

const { tripPointNotify, tripPointConfig, continuousUpdateNotify } = SENSOR_PROTOCOL.commands;
const { tripPointEvent, update } = SENSOR_PROTOCOL.notifications;

/** TRIP_POINT_CONFIG: what is defined of its control, [11:4] and [1:0]. */
const TRIP_DEFINED = 0xff3;
/** SENSOR_TRIP_POINT_EVENT: crossed upwards. */
const UPWARDS = 1 << 16;
/** The agent_id of events that no agent causes. */
const PLATFORM = 0;

const MODES = [TripMode.DISABLED, TripMode.POSITIVE, TripMode.NEGATIVE, TripMode.BOTH] as const;

/** Handlers of SENSOR_TRIP_POINT_NOTIFY, SENSOR_TRIP_POINT_CONFIG and SENSOR_CONTINUOUS_UPDATE_NOTIFY. */
export class Events {
  private readonly view: View;

  constructor(view: View) {
    this.view = view;
  }

  /** SENSOR_TRIP_POINT_NOTIFY. NOT_FOUND; INVALID_PARAMETERS; NOT_SUPPORTED without trip points; DENIED. */
  notifyTrips(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const control = message.u32(TRIP_POINT_NOTIFY_REQUEST.at.eventControl);
    if (hasReservedBits(control)) return ScmiStatus.INVALID_PARAMETERS;
    if (resource.info.tripPointCount === 0) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, tripPointNotify.id, resource)) return ScmiStatus.DENIED;
    this.view.tripSubscribers.set(resource.index, message.agent, control === 1);
    return ScmiStatus.SUCCESS;
  }

  /**
   * SENSOR_TRIP_POINT_CONFIG. NOT_FOUND; INVALID_PARAMETERS for reserved bits, and for a trip point the sensor does not
   * have: none for an agent that can not be told of events. DENIED.
   */
  configureTrip(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const control = message.u32(TRIP_POINT_CONFIG_REQUEST.at.control);
    if (hasReservedBits(control, TRIP_DEFINED)) return ScmiStatus.INVALID_PARAMETERS;
    const index = (control >>> 4) & 0xff;
    if (index >= (message.p2a ? resource.info.tripPointCount : 0)) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.view.isPermitted(message.agent, tripPointConfig.id, resource)) return ScmiStatus.DENIED;
    const mode = MODES[control & 3] ?? TripMode.DISABLED;
    const threshold = message.request.i64(TRIP_POINT_CONFIG_REQUEST.at.value);
    const status = this.view.sensors.setTripPoint(resource.id, index, mode, threshold);
    if (status !== Status.SUCCESS) return scmiStatusOf(status);
    resource.tripOwners[index] = message.agent;
    return ScmiStatus.SUCCESS;
  }

  /** SENSOR_CONTINUOUS_UPDATE_NOTIFY. NOT_FOUND; INVALID_PARAMETERS; NOT_SUPPORTED without updates; DENIED. */
  notifyUpdates(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const enable = message.u32(UPDATE_NOTIFY_REQUEST.at.notifyEnable);
    if (hasReservedBits(enable)) return ScmiStatus.INVALID_PARAMETERS;
    if (!resource.info.continuousUpdates) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, continuousUpdateNotify.id, resource)) return ScmiStatus.DENIED;
    this.subscribe(resource, message.agent, enable === 1);
    return ScmiStatus.SUCCESS;
  }

  private subscribe(resource: Resource, agent: number, on: boolean): void {
    const { updateSubscribers, sensors } = this.view;
    if (updateSubscribers.has(resource.index, agent) === on) return;
    updateSubscribers.set(resource.index, agent, on);
    if (on) sensors.startUpdates(resource.id);
    else sensors.stopUpdates(resource.id);
  }

  /** A trip point has fired: SENSOR_TRIP_POINT_EVENT to each subscriber. */
  tripped(resource: Resource, index: number, direction: number): void {
    const { hub, agentCount, tripSubscribers } = this.view;
    for (let agent = 1; agent <= agentCount; agent++) {
      if (!tripSubscribers.has(resource.index, agent)) continue;
      if (!this.view.isPermitted(agent, tripPointNotify.id, resource)) continue;
      hub.event.set(TRIP_POINT_EVENT.at.agentId, PLATFORM);
      hub.event.set(TRIP_POINT_EVENT.at.sensorId, this.view.idOf(agent, resource));
      hub.event.set(TRIP_POINT_EVENT.at.trip, index | (direction === 0 ? 0 : UPWARDS));
      hub.notify(agent, SENSOR_PROTOCOL, tripPointEvent, TRIP_POINT_EVENT.size);
    }
  }

  /** An update interval's sample is there: SENSOR_UPDATE to each subscriber whose version has it. */
  updated(resource: Resource): void {
    const { hub, agentCount, updateSubscribers, sensors } = this.view;
    for (let agent = 1; agent <= agentCount; agent++) {
      if (!updateSubscribers.has(resource.index, agent)) continue;
      if (!this.view.isPermitted(agent, continuousUpdateNotify.id, resource)) continue;
      const version = hub.versionFor(SENSOR_PROTOCOL, agent);
      if (version < SensorVersion.V2_0) continue;
      hub.event.set(UPDATE.at.agentId, PLATFORM);
      hub.event.set(UPDATE.at.sensorId, this.view.idOf(agent, resource));
      const size = UPDATE.size + writeReadings(hub.event, UPDATE.size, version, sensors, resource);
      hub.notify(agent, SENSOR_PROTOCOL, update, size);
    }
  }

  /**
   * Ends an agent's subscriptions. A trip point that it was the last to program is disabled, unless another agent receives
   * the sensor's trip point events.
   */
  resetAgent(agent: number): void {
    const { resources, sensors, tripSubscribers } = this.view;
    tripSubscribers.clear(agent);
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      this.subscribe(resource, agent, false);
      const isUsed = tripSubscribers.hasOther(resource.index, agent);
      for (let index = 0; index < resource.tripOwners.length; index++) {
        if (resource.tripOwners[index] !== agent) continue;
        resource.tripOwners[index] = 0;
        if (!isUsed) sensors.setTripPoint(resource.id, index, TripMode.DISABLED, 0);
      }
    }
  }
}
