// SPDX-License-Identifier: BSD-3-Clause
/** SENSOR_CONFIG_GET and SENSOR_CONFIG_SET, and what agents want of a sensor's state together. */
import { Status } from '@scp/framework';
import { hasReservedBits, type Message, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import { Rounding } from '@scp/sensor/api';
import { configIntervalOf } from './descriptor.ts';
import { intervalOf } from './encoding.ts';
import { CONFIG_RESPONSE, CONFIG_SET_REQUEST, SENSOR_PROTOCOL } from './messages.ts';
import { type Resource, SensorState, type View } from './view.ts';

/** SENSOR_CONFIG: what is defined of it, [31:9] and [1:0]. */
const DEFINED = 0xfffffe03;
const ROUND_CLOSEST = 1 << 10;
const ROUND_UP = 1 << 9;
const TIMESTAMPS = 1 << 1;
const ENABLED = 1;

const { configGet, configSet } = SENSOR_PROTOCOL.commands;

/**
 * A sensor is enabled while an agent wants it so; else, disabled when an agent wants that; else as it was at start.
 * Interval and timestamps are the sensor's: the last to set them decides.
 */
export class Configuration {
  private readonly view: View;

  constructor(view: View) {
    this.view = view;
  }

  /** SENSOR_CONFIG_GET: what is in force, whoever set it. NOT_FOUND, DENIED. */
  get(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.view.isPermitted(message.agent, configGet.id, resource)) return ScmiStatus.DENIED;
    const { sensors } = this.view;
    const { id } = resource;
    const flags = (sensors.hasTimestamps(id) ? TIMESTAMPS : 0) | (sensors.isEnabled(id) ? ENABLED : 0);
    message.set(CONFIG_RESPONSE.at.config, configIntervalOf(sensors.updateInterval(id)) | flags);
    return ScmiStatus.SUCCESS;
  }

  /**
   * SENSOR_CONFIG_SET. NOT_FOUND; INVALID_PARAMETERS for reserved bits, timestamps that the sensor lacks, an interval
   * that rounding does not reach; NOT_SUPPORTED for a sensor that is not configurable; DENIED; and what the driver says.
   */
  set(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { info, id } = resource;
    const config = message.u32(CONFIG_SET_REQUEST.at.config);
    const withTimestamps = (config & TIMESTAMPS) !== 0;
    if (hasReservedBits(config, DEFINED)) return ScmiStatus.INVALID_PARAMETERS;
    if (withTimestamps && info.timestampExponent === undefined) return ScmiStatus.INVALID_PARAMETERS;
    if (!info.configurable) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, configSet.id, resource)) return ScmiStatus.DENIED;

    const { sensors } = this.view;
    const before = sensors.updateInterval(id);
    const interval = this.setInterval(resource, config);
    if (interval === Status.E_RANGE || interval === Status.E_SUPPORT) return ScmiStatus.INVALID_PARAMETERS;
    if (interval !== Status.SUCCESS) return scmiStatusOf(interval);
    const wish = (config & ENABLED) !== 0 ? SensorState.ENABLED : SensorState.DISABLED;
    const refusal = this.vote(resource, message.agent, wish);
    if (refusal !== Status.SUCCESS) {
      // Nothing changes when a command fails.
      if (before > 0) sensors.setUpdateInterval(id, before, Rounding.CLOSEST);
      return scmiStatusOf(refusal);
    }
    sensors.setTimestamps(id, withTimestamps);
    resource.configOwner = message.agent;
    return ScmiStatus.SUCCESS;
  }

  private setInterval({ id }: Resource, config: number): Status {
    if (config >>> 11 === 0) return Status.SUCCESS;
    const wanted = intervalOf(config);
    if (wanted === 0) return Status.E_RANGE;
    const rounding =
      (config & ROUND_CLOSEST) !== 0 ? Rounding.CLOSEST : (config & ROUND_UP) !== 0 ? Rounding.UP : Rounding.DOWN;
    return this.view.sensors.setUpdateInterval(id, wanted, rounding);
  }

  /** Notes what an agent wants and does what follows; a failure of the driver leaves everything as it was. */
  private vote({ votes, id }: Resource, agent: number, vote: SensorState | undefined): Status {
    const { sensors } = this.view;
    const isEnabled = votes.outcome(agent, vote) === SensorState.ENABLED;
    const status = isEnabled ? sensors.enable(id) : sensors.disable(id);
    if (status === Status.SUCCESS) votes.set(agent, vote);
    return status;
  }

  /**
   * Takes back what an agent has set. Interval and timestamps return to those of the start if the agent set them last and
   * no other receives updates at that pace.
   */
  resetAgent(agent: number): void {
    const { resources, sensors, updateSubscribers } = this.view;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource === undefined) continue;
      if (resource.votes.of(agent) !== undefined && this.vote(resource, agent, undefined) !== Status.SUCCESS) {
        // The sensor stays as it is; the wish is gone all the same.
        resource.votes.set(agent, undefined);
      }
      if (resource.configOwner !== agent) continue;
      resource.configOwner = 0;
      if (updateSubscribers.hasOther(resource.index, agent)) continue;
      const { id, info } = resource;
      sensors.setTimestamps(id, false);
      if (info.initialInterval > 0) sensors.setUpdateInterval(id, info.initialInterval, Rounding.CLOSEST);
    }
  }
}
