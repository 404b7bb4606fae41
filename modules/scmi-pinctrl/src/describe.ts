// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of pins, groups and functions and change nothing. */
import { type Message, ScmiStatus } from '@scp/scmi/api';
import {
  ASSOCIATION,
  ASSOCIATIONS_REQUEST,
  ASSOCIATIONS_RESPONSE,
  ATTRIBUTES_RESPONSE,
  MOST_ASSOCIATIONS,
  NAME_GET_RESPONSE,
  PINCTRL_PROTOCOL,
  PINCTRL_PROTOCOL_ATTRIBUTES,
  PinctrlAttribute,
  Selector,
  SELECTOR_MASK,
  TARGET_REQUEST,
} from './messages.ts';
import type { View } from './view.ts';

const { commands } = PINCTRL_PROTOCOL;

/** Handlers of the commands that describe. */
export class Describe {
  private readonly view: View;

  constructor(view: View) {
    this.view = view;
  }

  /** PROTOCOL_ATTRIBUTES. */
  attributes({ agent, response }: Message): ScmiStatus {
    const { pins, groups, functions } = this.view;
    response.set(PINCTRL_PROTOCOL_ATTRIBUTES.at.attributesLow, (groups.count(agent) << 16) | pins.count(agent));
    response.set(PINCTRL_PROTOCOL_ATTRIBUTES.at.attributesHigh, functions.count(agent));
    return ScmiStatus.SUCCESS;
  }

  /** PINCTRL_ATTRIBUTES: INVALID_PARAMETERS for a reserved selector, NOT_FOUND, INVALID_PARAMETERS, DENIED. */
  pinctrlAttributes(message: Message): ScmiStatus {
    const { agent } = message;
    const identifier = message.u32(TARGET_REQUEST.at.identifier);
    const flags = message.u32(TARGET_REQUEST.at.flags);
    const selector = flags & SELECTOR_MASK;
    if (selector === Selector.RESERVED) return ScmiStatus.INVALID_PARAMETERS;
    const resource = this.view.find(agent, selector, identifier);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (flags > SELECTOR_MASK) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.view.isPermitted(agent, commands.pinctrlAttributes.id, resource)) return ScmiStatus.DENIED;
    const { info, shortName } = resource;
    let attributes = info.kind === 'pin' ? 1 : this.view.associations(agent, selector, identifier).length;
    if (info.name.length > 15) attributes |= PinctrlAttribute.EXTENDED_NAME;
    if (info.kind === 'function') {
      if (info.isGpio) attributes |= PinctrlAttribute.GPIO;
      if (info.isForPins) attributes |= PinctrlAttribute.FOR_PINS;
    }
    message.set(ATTRIBUTES_RESPONSE.at.attributes, attributes);
    message.response.setName(ATTRIBUTES_RESPONSE.at.name, shortName);
    return ScmiStatus.SUCCESS;
  }

  /** PINCTRL_NAME_GET, also of short names: as PINCTRL_ATTRIBUTES. */
  nameGet(message: Message): ScmiStatus {
    const flags = message.u32(TARGET_REQUEST.at.flags);
    const selector = flags & SELECTOR_MASK;
    if (selector === Selector.RESERVED) return ScmiStatus.INVALID_PARAMETERS;
    const resource = this.view.find(message.agent, selector, message.u32(TARGET_REQUEST.at.identifier));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (flags > SELECTOR_MASK) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.view.isPermitted(message.agent, commands.nameGet.id, resource)) return ScmiStatus.DENIED;
    message.set(NAME_GET_RESPONSE.at.flags, 0);
    message.response.setName(NAME_GET_RESPONSE.at.name, resource.longName);
    return ScmiStatus.SUCCESS;
  }

  /**
   * PINCTRL_LIST_ASSOCIATIONS: INVALID_PARAMETERS for a selector that is neither group nor function, NOT_FOUND,
   * INVALID_PARAMETERS for reserved bits, DENIED, OUT_OF_RANGE for an index past the end.
   */
  listAssociations(message: Message): ScmiStatus {
    const { agent } = message;
    const identifier = message.u32(ASSOCIATIONS_REQUEST.at.identifier);
    const flags = message.u32(ASSOCIATIONS_REQUEST.at.flags);
    const selector = flags & SELECTOR_MASK;
    if (selector !== Selector.GROUP && selector !== Selector.FUNCTION) return ScmiStatus.INVALID_PARAMETERS;
    const resource = this.view.find(agent, selector, identifier);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (flags > SELECTOR_MASK) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.view.isPermitted(agent, commands.listAssociations.id, resource)) return ScmiStatus.DENIED;
    const ids = this.view.associations(agent, selector, identifier);
    const skip = message.u32(ASSOCIATIONS_REQUEST.at.index);
    if (skip >= ids.length) return ScmiStatus.OUT_OF_RANGE;
    const returned = Math.min(message.room(ASSOCIATION.size), ids.length - skip, MOST_ASSOCIATIONS);
    if (returned === 0) return ScmiStatus.COMMS_ERROR;
    message.set(ASSOCIATIONS_RESPONSE.at.flags, ((ids.length - skip - returned) << 16) | returned);
    const first = ASSOCIATIONS_RESPONSE.size;
    for (let at = 0; at < returned; at += 2) {
      // Of an odd number the last half is beyond what is sent.
      message.set(first + ASSOCIATION.size * at, (ids[skip + at] ?? 0) | ((ids[skip + at + 1] ?? 0) << 16));
    }
    message.size += ASSOCIATION.size * returned;
    return ScmiStatus.SUCCESS;
  }
}
