// SPDX-License-Identifier: BSD-3-Clause
/** Which sensors each agent sees, and what agents have set on them. */
import { type ElementId, type Framework, FrameworkError, Status } from '@scp/framework';
import { AgentViews, type Message, type ScmiHub, Subscribers, type ViewedResource, Votes } from '@scp/scmi/api';
import type { Sensor, SensorInfo } from '@scp/sensor/api';
import { Description, unspeakableInterval } from './descriptor.ts';
import { SENSOR_PROTOCOL } from './messages.ts';

/** Values that a reading may have: more do not fit in the messages of Linux's transports. */
const MOST_VALUES = 7;

/** What an agent wants of a sensor's state. */
export const SensorState = { DISABLED: 0, ENABLED: 1 } as const;
/** A wish. */
export type SensorState = (typeof SensorState)[keyof typeof SensorState];

/** One sensor that some agent sees. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: SensorInfo;
  readonly description: Description;
  /** What agents want its state to be; without votes it is as at the start. */
  readonly votes: Votes<SensorState>;
  /** By trip point: the agent that programmed it last, 0 for none. */
  readonly tripOwners: Uint8Array;
  /** The agent that set interval and timestamps last, 0 for none. */
  configOwner = 0;

  constructor(index: number, id: ElementId, info: SensorInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.description = new Description(info);
    const initial = info.initiallyEnabled ? SensorState.ENABLED : SensorState.DISABLED;
    this.votes = new Votes<SensorState>(agentCount, initial);
    this.tripOwners = new Uint8Array(info.tripPointCount);
  }
}

/** The facts of a sensor. FrameworkError E_DATA for one that the protocol can't carry. */
function infoOf(framework: Framework, sensors: Sensor, id: ElementId): SensorInfo {
  const info = sensors.info(id);
  if (info === undefined) throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no sensor`);
  if (info.valueCount > MOST_VALUES) {
    const rule = `sensor ${info.name} has ${info.valueCount} axes; a message carries at most ${MOST_VALUES}`;
    throw new FrameworkError(Status.E_DATA, rule);
  }
  const interval = unspeakableInterval(info);
  if (interval !== undefined) {
    const rule = `sensor ${info.name}: update interval ${interval} µs is not 65535 × 10^n seconds at most`;
    throw new FrameworkError(Status.E_DATA, rule);
  }
  return info;
}

/** Configuration: by name of the agent, its sensors in the order of their ids. */
export type AgentSensors = Readonly<Record<string, readonly ElementId[]>>;

/** The sensors of all agents, and what else the parts of the protocol share. */
export class View extends AgentViews<Resource> {
  readonly hub: ScmiHub;
  readonly sensors: Sensor;
  readonly agentCount: number;
  readonly tripSubscribers: Subscribers;
  readonly updateSubscribers: Subscribers;

  /** FrameworkError E_DATA as AgentViews, and for a sensor that the protocol can't carry. */
  constructor(framework: Framework, hub: ScmiHub, sensors: Sensor, agents: AgentSensors) {
    super(
      hub,
      agents,
      id => id,
      (index, id) => new Resource(index, id, infoOf(framework, sensors, id), hub.agents.length),
      id => `sensor ${sensors.info(id)?.name ?? framework.nameOf(id)}`,
    );
    this.hub = hub;
    this.sensors = sensors;
    this.agentCount = hub.agents.length;
    this.tripSubscribers = new Subscribers(this.resources.length, this.agentCount);
    this.updateSubscribers = new Subscribers(this.resources.length, this.agentCount);
  }

  /** The sensor that a command names in its first word. */
  of(message: Message): Resource | undefined {
    return this.find(message.agent, message.u32(0));
  }

  /** Whether an agent may use a command on a sensor. */
  isPermitted(agent: number, messageId: number, { id }: Resource): boolean {
    return this.hub.isPermitted(agent, SENSOR_PROTOCOL.id, messageId, id);
  }
}
