// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of power domains and change nothing. */
import { type Message, ScmiStatus } from '@scp/scmi/api';
import {
  CAP_GET_RESPONSE,
  DOMAIN_ATTRIBUTES_RESPONSE,
  NAME_GET_RESPONSE,
  PAI_GET_RESPONSE,
  POWERCAP_PROTOCOL,
  POWERCAP_PROTOCOL_ATTRIBUTES,
  PowercapAttribute,
  UNIT_SHIFT,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { View } from './view.ts';

const { commands } = POWERCAP_PROTOCOL;

/** Handlers of the commands that describe. */
export class Describe {
  private readonly view: View;

  constructor(view: View) {
    this.view = view;
  }

  /** PROTOCOL_ATTRIBUTES. */
  attributes(message: Message): ScmiStatus {
    message.set(POWERCAP_PROTOCOL_ATTRIBUTES.at.attributes, this.view.count(message.agent));
    return ScmiStatus.SUCCESS;
  }

  /** POWERCAP_DOMAIN_ATTRIBUTES: NOT_FOUND, DENIED. */
  domainAttributes(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.view.isPermitted(message.agent, commands.domainAttributes.id, resource)) return ScmiStatus.DENIED;
    const { info, shortName } = resource;
    const { at } = DOMAIN_ATTRIBUTES_RESPONSE;
    message.set(at.attributes, attributesOf(message, resource));
    message.response.setName(at.name, shortName);
    message.set(at.minPai, info.interval.min);
    message.set(at.maxPai, info.interval.max);
    message.set(at.paiStep, info.interval.step);
    message.set(at.minCap, info.cap.min);
    message.set(at.maxCap, info.cap.max);
    message.set(at.capStep, info.cap.step);
    message.set(at.sustainablePower, info.sustainablePower);
    message.set(at.accuracy, info.accuracy);
    message.set(at.parentId, this.view.parentId(message.agent, resource));
    return ScmiStatus.SUCCESS;
  }

  /** POWERCAP_CAP_GET, of whatever agent the cap is: NOT_FOUND, DENIED. */
  capGet(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.view.isPermitted(message.agent, commands.capGet.id, resource)) return ScmiStatus.DENIED;
    message.set(CAP_GET_RESPONSE.at.powerCap, resource.capWord(resource.cap(this.view.domains), message.version));
    return ScmiStatus.SUCCESS;
  }

  /** POWERCAP_PAI_GET: NOT_FOUND, DENIED. */
  paiGet(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.view.isPermitted(message.agent, commands.paiGet.id, resource)) return ScmiStatus.DENIED;
    message.set(PAI_GET_RESPONSE.at.pai, this.view.domains.interval(resource.id));
    return ScmiStatus.SUCCESS;
  }

  /** POWERCAP_DOMAIN_NAME_GET, also of short names: NOT_FOUND, DENIED. */
  nameGet(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.view.isPermitted(message.agent, commands.nameGet.id, resource)) return ScmiStatus.DENIED;
    message.set(NAME_GET_RESPONSE.at.flags, 0);
    message.response.setName(NAME_GET_RESPONSE.at.name, resource.longName);
    return ScmiStatus.SUCCESS;
  }
}

/** Without a way for what comes later, a domain has neither asynchronous caps nor notifications. */
function attributesOf({ p2a }: Message, { info }: Resource): number {
  let bits = info.unit << UNIT_SHIFT;
  if (info.isIntervalConfigurable) bits |= PowercapAttribute.PAI_CONFIGURABLE;
  if (info.monitored) bits |= PowercapAttribute.MONITORED;
  if (info.isCapConfigurable) bits |= PowercapAttribute.CAP_CONFIGURABLE;
  if (info.name.length > 15) bits |= PowercapAttribute.EXTENDED_NAME;
  if (p2a && info.asynchronous) bits |= PowercapAttribute.ASYNC_CAP_SET;
  if (p2a && info.powerNotifications) bits |= PowercapAttribute.MEASUREMENTS_NOTIFY;
  if (p2a && info.capNotifications) bits |= PowercapAttribute.CAP_NOTIFY;
  return bits;
}
