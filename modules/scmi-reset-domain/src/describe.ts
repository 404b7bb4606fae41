// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of reset domains and change nothing. */
import { type AgentViews, type Message, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import {
  DOMAIN_ATTRIBUTES_RESPONSE,
  DOMAIN_ID_REQUEST,
  LATENCY_UNKNOWN,
  NAME_GET_RESPONSE,
  RESET_DOMAIN_PROTOCOL,
  RESET_PROTOCOL_ATTRIBUTES,
  ResetAttribute,
  V3,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { ResetDomainEntry } from './schema.ts';

const { commands } = RESET_DOMAIN_PROTOCOL;

/** The domains of all agents. */
export type Views = AgentViews<Resource, ResetDomainEntry>;

/** Handlers of the commands that describe. */
export class Describe {
  private readonly hub: ScmiHub;
  private readonly views: Views;

  constructor(hub: ScmiHub, views: Views) {
    this.hub = hub;
    this.views = views;
  }

  /** PROTOCOL_ATTRIBUTES. */
  attributes(message: Message): ScmiStatus {
    message.set(RESET_PROTOCOL_ATTRIBUTES.at.attributes, this.views.count(message.agent));
    return ScmiStatus.SUCCESS;
  }

  /** RESET_DOMAIN_ATTRIBUTES: NOT_FOUND, DENIED. */
  domainAttributes(message: Message): ScmiStatus {
    const resource = this.views.find(message.agent, message.u32(DOMAIN_ID_REQUEST.at.domainId));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.isPermitted(message, commands.domainAttributes.id, resource)) return ScmiStatus.DENIED;
    const { info, shortName } = resource;
    message.set(DOMAIN_ATTRIBUTES_RESPONSE.at.attributes, attributesOf(message, resource));
    message.set(DOMAIN_ATTRIBUTES_RESPONSE.at.latency, info.latency ?? LATENCY_UNKNOWN);
    message.response.setName(DOMAIN_ATTRIBUTES_RESPONSE.at.name, shortName);
    return ScmiStatus.SUCCESS;
  }

  /** RESET_DOMAIN_NAME_GET, also of short names: NOT_FOUND, DENIED. */
  nameGet(message: Message): ScmiStatus {
    const resource = this.views.find(message.agent, message.u32(DOMAIN_ID_REQUEST.at.domainId));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.isPermitted(message, commands.nameGet.id, resource)) return ScmiStatus.DENIED;
    message.set(NAME_GET_RESPONSE.at.flags, 0);
    message.response.setName(NAME_GET_RESPONSE.at.name, resource.longName);
    return ScmiStatus.SUCCESS;
  }

  private isPermitted(message: Message, messageId: number, resource: Resource): boolean {
    return this.hub.isPermitted(message.agent, RESET_DOMAIN_PROTOCOL.id, messageId, resource.id);
  }
}

/** Without a way for what comes later, a domain has neither asynchronous resets nor notifications. */
function attributesOf({ version, p2a }: Message, { info }: Resource): number {
  let bits = 0;
  if (p2a && info.asynchronous) bits |= ResetAttribute.ASYNC;
  if (p2a && info.notifications) bits |= ResetAttribute.NOTIFY;
  if (version >= V3 && info.name.length > 15) bits |= ResetAttribute.EXTENDED_NAME;
  return bits;
}
