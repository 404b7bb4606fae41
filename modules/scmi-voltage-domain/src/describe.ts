// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of voltage domains and change nothing. None of them takes time. */
import { Status } from '@scp/framework';
import { type AgentViews, type Message, type ScmiHub, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import type { Out, VoltageDomain } from '@scp/voltage-domain/api';
import {
  CONFIG_GET_RESPONSE,
  DESCRIBE_LEVELS_REQUEST,
  DESCRIBE_LEVELS_RESPONSE,
  DOMAIN_ATTRIBUTES_RESPONSE,
  DOMAIN_ID_MASK,
  DOMAIN_ID_REQUEST,
  LEVEL_ENTRY,
  LEVEL_GET_RESPONSE,
  LEVEL_SEGMENT,
  NAME_GET_RESPONSE,
  V2,
  VOLTAGE_DOMAIN_PROTOCOL,
  VOLTAGE_PROTOCOL_ATTRIBUTES,
  VoltageAttribute,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { VoltageDomainEntry } from './schema.ts';

const { commands } = VOLTAGE_DOMAIN_PROTOCOL;

/** Lowest, highest and step are three entries. */
const SEGMENT = 3;

/** The domains of all agents. */
export type Views = AgentViews<Resource, VoltageDomainEntry>;

/** Whether permissions let the sender use a command on a domain. */
export const isPermitted = (hub: ScmiHub, message: Message, messageId: number, resource: Resource): boolean =>
  hub.isPermitted(message.agent, VOLTAGE_DOMAIN_PROTOCOL.id, messageId, resource.id);

/** Handlers of the commands that describe and read. */
export class Describe {
  private readonly hub: ScmiHub;
  private readonly domains: VoltageDomain;
  private readonly views: Views;
  private readonly out: Out = { value: 0 };

  constructor(hub: ScmiHub, domains: VoltageDomain, views: Views) {
    this.hub = hub;
    this.domains = domains;
    this.views = views;
  }

  /** PROTOCOL_ATTRIBUTES. */
  attributes(message: Message): ScmiStatus {
    message.set(VOLTAGE_PROTOCOL_ATTRIBUTES.at.attributes, this.views.count(message.agent));
    return ScmiStatus.SUCCESS;
  }

  /** VOLTAGE_DOMAIN_ATTRIBUTES: NOT_FOUND, DENIED. */
  domainAttributes(message: Message): ScmiStatus {
    const domainId = message.u32(DOMAIN_ID_REQUEST.at.domainId) & DOMAIN_ID_MASK;
    const resource = this.views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.domainAttributes.id, resource)) return ScmiStatus.DENIED;
    message.set(DOMAIN_ATTRIBUTES_RESPONSE.at.attributes, attributesOf(message, resource));
    message.response.setName(DOMAIN_ATTRIBUTES_RESPONSE.at.name, resource.shortName);
    return ScmiStatus.SUCCESS;
  }

  /** VOLTAGE_DESCRIBE_LEVELS: NOT_FOUND, DENIED, OUT_OF_RANGE for an index past the end. */
  describeLevels(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.describeLevels.id, resource)) return ScmiStatus.DENIED;
    const { levels } = resource.info;
    const skip = message.u32(DESCRIBE_LEVELS_REQUEST.at.levelIndex);
    const count = levels.kind === 'range' ? 1 : levels.list.length;
    if (skip >= count) return ScmiStatus.OUT_OF_RANGE;
    const room = message.room(LEVEL_ENTRY.size);
    const first = DESCRIBE_LEVELS_RESPONSE.size;
    if (levels.kind === 'range') {
      // A segment can't be cut: an agent takes it whole or not at all.
      if (room < SEGMENT) return ScmiStatus.COMMS_ERROR;
      message.set(DESCRIBE_LEVELS_RESPONSE.at.flags, LEVEL_SEGMENT | SEGMENT);
      message.set(first, levels.min);
      message.set(first + LEVEL_ENTRY.size, levels.max);
      message.set(first + 2 * LEVEL_ENTRY.size, levels.step);
      message.size += SEGMENT * LEVEL_ENTRY.size;
      return ScmiStatus.SUCCESS;
    }
    if (room === 0) return ScmiStatus.COMMS_ERROR;
    const returned = Math.min(room, count - skip);
    message.set(DESCRIBE_LEVELS_RESPONSE.at.flags, ((count - skip - returned) << 16) | returned);
    for (let at = 0; at < returned; at++) message.set(first + at * LEVEL_ENTRY.size, levels.list[skip + at] ?? 0);
    message.size += returned * LEVEL_ENTRY.size;
    return ScmiStatus.SUCCESS;
  }

  /** VOLTAGE_CONFIG_GET: NOT_FOUND, DENIED, and what the driver says. */
  configGet(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.configGet.id, resource)) return ScmiStatus.DENIED;
    const status = this.domains.getMode(resource.id, this.out);
    if (status === Status.SUCCESS) message.set(CONFIG_GET_RESPONSE.at.config, this.out.value);
    return scmiStatusOf(status);
  }

  /** VOLTAGE_LEVEL_GET: NOT_FOUND, DENIED, and what the driver says. */
  levelGet(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.levelGet.id, resource)) return ScmiStatus.DENIED;
    const status = this.domains.getLevel(resource.id, this.out);
    if (status === Status.SUCCESS) message.set(LEVEL_GET_RESPONSE.at.level, this.out.value);
    return scmiStatusOf(status);
  }

  /** VOLTAGE_DOMAIN_NAME_GET, also of short names: NOT_FOUND, DENIED. */
  nameGet(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.nameGet.id, resource)) return ScmiStatus.DENIED;
    message.set(NAME_GET_RESPONSE.at.flags, 0);
    message.response.setName(NAME_GET_RESPONSE.at.name, resource.longName);
    return ScmiStatus.SUCCESS;
  }

  private find(message: Message): Resource | undefined {
    return this.views.find(message.agent, message.u32(DOMAIN_ID_REQUEST.at.domainId));
  }
}

/** Version 1.0 defines no attribute. Without a way for what comes later, levels can't be set asynchronously. */
function attributesOf({ version, p2a }: Message, { info }: Resource): number {
  if (version < V2) return 0;
  let bits = 0;
  if (p2a && info.asynchronous) bits |= VoltageAttribute.ASYNC_LEVEL_SET;
  if (info.name.length > 15) bits |= VoltageAttribute.EXTENDED_NAME;
  return bits;
}
