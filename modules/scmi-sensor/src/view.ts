// SPDX-License-Identifier: BSD-3-Clause
/** Which sensors each agent sees, and what agents have set on them. */
import { type ElementId, type Framework, FrameworkError, Status } from '@scp/framework';
import { type Message, type ScmiHub, Subscribers } from '@scp/scmi/api';
import type { Sensor, SensorInfo } from '@scp/sensor/api';
import { Description, unspeakableInterval } from './descriptor.ts';
import { SENSOR_PROTOCOL } from './messages.ts';

/** Values that a reading may have: more do not fit in the messages of Linux's transports. */
const MOST_VALUES = 7;

/** What an agent wants of a sensor's state: nothing, enabled, or disabled. */
export const Vote = { NONE: 0, ON: 1, OFF: 2 } as const;

/** One sensor that some agent sees. */
export class Resource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: SensorInfo;
  readonly description: Description;
  /** By agent: its id for the sensor, -1 when it does not see it. */
  readonly sensorIds: Int32Array;
  /** By agent: its Vote. */
  readonly votes: Uint8Array;
  /** By trip point: the agent that programmed it last, 0 for none. */
  readonly tripOwners: Uint8Array;
  /** The agent that set interval and timestamps last, 0 for none. */
  configOwner = 0;

  constructor(index: number, id: ElementId, info: SensorInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.description = new Description(info);
    this.sensorIds = new Int32Array(agentCount + 1).fill(-1);
    this.votes = new Uint8Array(agentCount + 1);
    this.tripOwners = new Uint8Array(info.tripPointCount);
  }
}

/** Configuration: by name of the agent, its sensors in the order of their ids. */
export type AgentSensors = Readonly<Record<string, readonly ElementId[]>>;

/** All that the parts of the protocol share. */
export class View {
  readonly hub: ScmiHub;
  readonly sensors: Sensor;
  readonly resources: Resource[] = [];
  readonly agentCount: number;
  readonly tripSubscribers: Subscribers;
  readonly updateSubscribers: Subscribers;
  private readonly byElement = new Map<number, Resource>();
  /** By agent, by sensor id. */
  private readonly byAgent: Resource[][];

  /** FrameworkError E_DATA for an unknown agent, a sensor twice in one list, or one that the protocol can't carry. */
  constructor(framework: Framework, hub: ScmiHub, sensors: Sensor, agents: AgentSensors) {
    this.hub = hub;
    this.sensors = sensors;
    this.agentCount = hub.agents.length;
    this.byAgent = Array.from({ length: this.agentCount + 1 }, () => []);
    for (const [name, ids] of Object.entries(agents)) {
      const agent = hub.agentId(name);
      if (agent === undefined) {
        const known = hub.agents.map(one => one.name).join(', ');
        throw new FrameworkError(Status.E_DATA, `no agent is called ${name}; the agents are ${known}`);
      }
      for (const id of ids) this.add(agent, name, this.byElement.get(id) ?? this.make(framework, id));
    }
    this.tripSubscribers = new Subscribers(this.resources.length, this.agentCount);
    this.updateSubscribers = new Subscribers(this.resources.length, this.agentCount);
  }

  private add(agent: number, name: string, resource: Resource): void {
    if (resource.sensorIds[agent] !== -1) {
      throw new FrameworkError(Status.E_DATA, `agent ${name} has sensor ${resource.info.name} twice; once is right`);
    }
    resource.sensorIds[agent] = this.byAgent[agent]?.push(resource) ?? 0;
    resource.sensorIds[agent]--;
  }

  private make(framework: Framework, id: ElementId): Resource {
    const info = this.sensors.info(id);
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
    const resource = new Resource(this.resources.length, id, info, this.agentCount);
    this.resources.push(resource);
    this.byElement.set(id, resource);
    return resource;
  }

  /** How many sensors an agent sees. */
  count(agent: number): number {
    return this.byAgent[agent]?.length ?? 0;
  }

  /** An agent's sensor; undefined for an id it does not have. */
  at(agent: number, sensorId: number): Resource | undefined {
    return this.byAgent[agent]?.[sensorId];
  }

  /** The sensor that a command names in its first word. */
  of(message: Message): Resource | undefined {
    return this.at(message.agent, message.u32(0));
  }

  /** The resource behind an element of the sensor module. */
  ofElement(id: number): Resource | undefined {
    return this.byElement.get(id);
  }

  /** Whether an agent may use a command on a sensor. */
  isPermitted(agent: number, messageId: number, { id }: Resource): boolean {
    return this.hub.isPermitted(agent, SENSOR_PROTOCOL.id, messageId, id);
  }

  /** Whether an agent other than `agent` is among the subscribers. */
  hasOther(subscribers: Subscribers, { index }: Resource, agent: number): boolean {
    for (let other = 1; other <= this.agentCount; other++) {
      if (other !== agent && subscribers.has(index, other)) return true;
    }
    return false;
  }
}
