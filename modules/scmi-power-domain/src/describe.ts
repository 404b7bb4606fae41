// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of power domains and change nothing. */
import type { PowerDomain } from '@scp/power-domain/api';
import { type Message, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import {
  DOMAIN_ATTRIBUTES_RESPONSE,
  DOMAIN_ID_REQUEST,
  NAME_GET_RESPONSE,
  POWER_DOMAIN_PROTOCOL,
  POWER_PROTOCOL_ATTRIBUTES,
  PowerAttribute,
  STATE_GET_RESPONSE,
  V3,
} from './messages.ts';
import { type Resource, stateOf, Vote, wordOf } from './resource.ts';
import type { PowerDomainEntry, ScmiPowerDomainConfig } from './schema.ts';
import { isPermitted, mayAsync, mayNotify, maySync, type Views } from './view.ts';

const { commands } = POWER_DOMAIN_PROTOCOL;

/** Handlers of the commands that describe. */
export class Describe {
  private readonly hub: ScmiHub;
  private readonly power: PowerDomain;
  private readonly views: Views;
  private readonly report: ScmiPowerDomainConfig['report'];

  constructor(hub: ScmiHub, power: PowerDomain, views: Views, report: ScmiPowerDomainConfig['report']) {
    this.hub = hub;
    this.power = power;
    this.views = views;
    this.report = report;
  }

  /** PROTOCOL_ATTRIBUTES: no statistics. */
  attributes(message: Message): ScmiStatus {
    message.set(POWER_PROTOCOL_ATTRIBUTES.at.attributes, this.views.count(message.agent));
    message.set(POWER_PROTOCOL_ATTRIBUTES.at.statisticsLow, 0);
    message.set(POWER_PROTOCOL_ATTRIBUTES.at.statisticsHigh, 0);
    message.set(POWER_PROTOCOL_ATTRIBUTES.at.statisticsLength, 0);
    return ScmiStatus.SUCCESS;
  }

  /** POWER_DOMAIN_ATTRIBUTES: NOT_FOUND, DENIED. */
  domainAttributes(message: Message): ScmiStatus {
    const domainId = message.u32(DOMAIN_ID_REQUEST.at.domainId);
    const resource = this.views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.domainAttributes.id, resource)) return ScmiStatus.DENIED;
    const entry = this.views.entry(message.agent, domainId);
    message.set(DOMAIN_ATTRIBUTES_RESPONSE.at.attributes, attributesOf(message, resource, entry));
    message.response.setName(DOMAIN_ATTRIBUTES_RESPONSE.at.name, resource.shortName);
    return ScmiStatus.SUCCESS;
  }

  /** POWER_STATE_GET: the agent's own state or the actual one, as the configuration says. NOT_FOUND, DENIED. */
  stateGet(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.stateGet.id, resource)) return ScmiStatus.DENIED;
    const vote = this.report === 'own' ? resource.votes.of(message.agent) : Vote.NONE;
    const state = vote === Vote.NONE ? this.power.state(resource.id) : stateOf(vote);
    message.set(STATE_GET_RESPONSE.at.powerState, wordOf(state));
    return ScmiStatus.SUCCESS;
  }

  /** POWER_DOMAIN_NAME_GET, also of short names: NOT_FOUND, DENIED. */
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

/** Without a way for what comes later, a domain has neither asynchronous settings nor notifications. */
function attributesOf({ version, p2a }: Message, resource: Resource, entry: PowerDomainEntry | undefined): number {
  let bits = 0;
  if (maySync(entry)) bits |= PowerAttribute.SYNC_SET;
  if (p2a && mayAsync(entry)) bits |= PowerAttribute.ASYNC_SET;
  if (p2a && mayNotify(entry)) {
    bits |= PowerAttribute.STATE_CHANGED_NOTIFY;
    if (version >= V3) bits |= PowerAttribute.CHANGE_REQUESTED_NOTIFY;
  }
  if (version >= V3 && resource.isLongName) bits |= PowerAttribute.EXTENDED_NAME;
  return bits;
}
