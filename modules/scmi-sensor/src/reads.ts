// SPDX-License-Identifier: BSD-3-Clause
/** SENSOR_READING_GET: at once, later because the driver needs time, or later because the agent wants it so. */
import { type Framework, type ModuleId, Status } from '@scp/framework';
import { type HandlerResult, hasReservedBits, type Message, PENDING, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import { READING_COMPLETE, READING_REQUEST, READING_RESPONSE, SENSOR_PROTOCOL } from './messages.ts';
import { READ_EVENT } from './module-events.ts';
import { disabledStatus, writeReadings } from './readings.ts';
import type { Resource, View } from './view.ts';

const ASYNCHRONOUS = 1;
const { readingGet } = SENSOR_PROTOCOL.commands;

/** Synchronous reads of slow sensors that an agent may have under way: one for each of its channels. */
const SYNCHRONOUS_READS = 8;

/** Where tags of reads start over: far from where numbers cease to be exact. */
const GENERATIONS = 2 ** 24;

/** One read under way. */
class Read {
  agent = 0;
  resource: Resource | undefined = undefined;
  /** The command's header, for the delayed response. */
  header = 0;
  /** The command that waits for its answer; undefined for an asynchronous read. */
  message: Message | undefined = undefined;
  /** The message's sequence: when it has moved on, the agent was reset meanwhile. */
  sequence = 0;
  /** Counts uses, so that an answer to an earlier use is known as such. */
  generation = 0;

  /** Forgets the read; an answer that still comes is not for anyone. */
  end(): void {
    this.resource = undefined;
    this.message = undefined;
    this.generation = (this.generation + 1) % GENERATIONS;
  }
}

/** Handles SENSOR_READING_GET and keeps what is under way. */
export class Reads {
  private readonly framework: Framework;
  private readonly module: ModuleId;
  private readonly view: View;
  private readonly hub: ScmiHub;
  /** For each agent: its asynchronous reads, then its synchronous ones. */
  private readonly reads: readonly Read[];
  private readonly maxPendingReads: number;
  private readonly perAgent: number;
  private readonly params = { tag: 0 };

  constructor(framework: Framework, module: ModuleId, view: View, maxPendingReads: number) {
    this.framework = framework;
    this.module = module;
    this.view = view;
    this.hub = view.hub;
    this.maxPendingReads = maxPendingReads;
    this.perAgent = maxPendingReads + SYNCHRONOUS_READS;
    this.reads = Array.from({ length: this.perAgent * (view.agentCount + 1) }, () => new Read());
  }

  /**
   * SENSOR_READING_GET. NOT_FOUND; INVALID_PARAMETERS for reserved flags; NOT_SUPPORTED for an asynchronous read that the
   * sensor or the agent's channel lacks; DENIED; PROTOCOL_ERROR for a disabled sensor; BUSY; HARDWARE_ERROR.
   */
  handle(message: Message): HandlerResult {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const flags = message.u32(READING_REQUEST.at.flags);
    if (hasReservedBits(flags, ASYNCHRONOUS)) return ScmiStatus.INVALID_PARAMETERS;
    const isAsynchronous = flags === ASYNCHRONOUS;
    if (isAsynchronous && !(resource.info.asynchronous && message.p2a)) return ScmiStatus.NOT_SUPPORTED;
    if (!this.view.isPermitted(message.agent, readingGet.id, resource)) return ScmiStatus.DENIED;
    const { sensors } = this.view;
    if (!sensors.isEnabled(resource.id)) return disabledStatus(message.version);
    if (isAsynchronous) {
      if (!this.begin(message, resource, false)) return ScmiStatus.BUSY;
      // The answer is this status alone; the reading comes with the delayed response.
      message.size = 4;
      return ScmiStatus.SUCCESS;
    }
    if (sensors.isSlow(resource.id)) return this.begin(message, resource, true) ? PENDING : ScmiStatus.BUSY;
    const status = sensors.read(resource.id, this.module, 0);
    return status === Status.SUCCESS ? this.answer(message, resource) : failure(status, message.version);
  }

  /**
   * Notes a read and queues it: a sensor answers whoever handles an event when it is asked, which must be this module;
   * and a delayed response must not overtake the answer to its command. False when too many are under way.
   */
  private begin(message: Message, resource: Resource, isSynchronous: boolean): boolean {
    const first = message.agent * this.perAgent + (isSynchronous ? this.maxPendingReads : 0);
    const count = isSynchronous ? SYNCHRONOUS_READS : this.maxPendingReads;
    for (let index = first; index < first + count; index++) {
      const read = this.reads[index];
      if (read === undefined || read.resource !== undefined) continue;
      this.params.tag = read.generation * this.reads.length + index;
      if (this.framework.put(READ_EVENT, this.module, this.module, this.params) !== Status.SUCCESS) return false;
      read.agent = message.agent;
      read.resource = resource;
      read.header = message.request.header;
      read.message = isSynchronous ? message : undefined;
      read.sequence = message.sequence;
      return true;
    }
    return false;
  }

  /** Starts a read that `begin` has queued. */
  start(tag: number): void {
    const read = this.find(tag);
    if (read?.resource === undefined) return;
    const status = this.view.sensors.read(read.resource.id, this.module, tag);
    if (status !== Status.PENDING) this.finish(tag, status);
  }

  /** Ends a read as its sensor says. */
  finish(tag: number, status: number): void {
    const read = this.find(tag);
    if (read?.resource === undefined) return;
    const { agent, resource, header, message, sequence } = read;
    read.end();
    if (message === undefined) {
      this.complete(agent, resource, header, status);
    } else {
      const result = status === Status.SUCCESS ? this.answer(message, resource) : failure(status, message.version);
      this.hub.respond(message, sequence, result);
    }
  }

  private find(tag: number): Read | undefined {
    const read = this.reads[tag % this.reads.length];
    return read?.generation === Math.floor(tag / this.reads.length) ? read : undefined;
  }

  /** Writes a reading into the answer. */
  private answer(message: Message, resource: Resource): ScmiStatus {
    const at = READING_RESPONSE.size;
    message.size = at + writeReadings(message.response, at, message.version, this.view.sensors, resource);
    return message.size > message.capacity ? ScmiStatus.COMMS_ERROR : ScmiStatus.SUCCESS;
  }

  /** Sends SENSOR_READING_COMPLETE. */
  private complete(agent: number, resource: Resource, header: number, status: number): void {
    const { event } = this.hub;
    if (status !== Status.SUCCESS) {
      // What the sensor did not get to is no fault of the hardware.
      const isHardware = status !== Status.E_BUSY && status !== Status.E_PWRSTATE;
      event.set(0, isHardware ? ScmiStatus.HARDWARE_ERROR : ScmiStatus.GENERIC_ERROR);
      this.hub.sendDelayed(agent, header, 4);
      return;
    }
    const version = this.hub.versionFor(SENSOR_PROTOCOL, agent);
    const at = READING_COMPLETE.size;
    event.set(0, ScmiStatus.SUCCESS);
    event.set(READING_COMPLETE.at.sensorId, this.view.idOf(agent, resource));
    this.hub.sendDelayed(agent, header, at + writeReadings(event, at, version, this.view.sensors, resource));
  }

  /** Drops what an agent has under way; a command that its channel still waits for is answered all the same. */
  resetAgent(agent: number): void {
    for (let index = agent * this.perAgent; index < (agent + 1) * this.perAgent; index++) {
      const read = this.reads[index];
      if (read === undefined) continue;
      if (read.message === undefined || read.message.sequence !== read.sequence) read.end();
    }
  }
}

/** The status of a command whose reading failed: HARDWARE_ERROR, whatever the driver says kept it from measuring. */
function failure(status: number, version: number): ScmiStatus {
  if (status === Status.E_BUSY) return ScmiStatus.BUSY;
  return status === Status.E_PWRSTATE ? disabledStatus(version) : ScmiStatus.HARDWARE_ERROR;
}
