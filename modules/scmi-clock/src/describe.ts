// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of clocks and change nothing. None of them takes time. */
import { Status } from '@scp/framework';
import { type Clock, ClockState, type Out } from '@scp/clock/api';
import { hasReservedBits, type Message, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import {
  CLOCK_ATTRIBUTES_V1,
  CLOCK_ATTRIBUTES_V2,
  CLOCK_ID_REQUEST,
  CLOCK_PROTOCOL,
  CLOCK_PROTOCOL_ATTRIBUTES,
  ClockAttribute,
  ClockPermission,
  CONFIG_GET_REQUEST,
  CONFIG_GET_RESPONSE,
  DESCRIBE_RATES_REQUEST,
  DESCRIBE_RATES_RESPONSE,
  NAME_GET_RESPONSE,
  PARENT_ENTRY,
  PARENT_GET_RESPONSE,
  PERMISSIONS_RESPONSE,
  POSSIBLE_PARENTS_REQUEST,
  POSSIBLE_PARENTS_RESPONSE,
  RATE_ENTRY,
  RATE_TRIPLET,
  V2,
  V3,
} from './messages.ts';
import { clockIdOf, type ViewedClock, type Views } from './view.ts';

const { commands } = CLOCK_PROTOCOL;

/** Lowest, highest and step are three entries. */
const TRIPLET = 3;

/** Whether permissions let the sender use a command on a clock. */
export const isPermitted = (hub: ScmiHub, message: Message, messageId: number, viewed: ViewedClock): boolean =>
  hub.isPermitted(message.agent, CLOCK_PROTOCOL.id, messageId, viewed.resource.id);

/** Handlers of the commands that describe. */
export class Describe {
  private readonly hub: ScmiHub;
  private readonly clock: Clock;
  private readonly views: Views;
  private readonly maxPending: number;
  private readonly out: Out = { value: 0 };

  constructor(hub: ScmiHub, clock: Clock, views: Views, maxPending: number) {
    this.hub = hub;
    this.clock = clock;
    this.views = views;
    this.maxPending = maxPending;
  }

  /** PROTOCOL_ATTRIBUTES: without a way for delayed responses, no rate change can be pending. */
  attributes(message: Message): ScmiStatus {
    const pending = message.p2a ? this.maxPending : 0;
    message.set(CLOCK_PROTOCOL_ATTRIBUTES.at.attributes, (pending << 16) | this.views.count(message.agent));
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_ATTRIBUTES: NOT_FOUND, DENIED. */
  clockAttributes(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.clockAttributes.id, viewed)) return ScmiStatus.DENIED;
    const { resource } = viewed;
    message.set(CLOCK_ATTRIBUTES_V1.at.attributes, this.attributesOf(message, viewed));
    message.response.setName(CLOCK_ATTRIBUTES_V1.at.name, resource.shortName);
    if (message.version >= V2) message.set(CLOCK_ATTRIBUTES_V2.at.enableDelay, this.clock.enableDelay(resource.id));
    return ScmiStatus.SUCCESS;
  }

  private attributesOf({ version, p2a }: Message, { resource, entry }: ViewedClock): number {
    let bits = this.clock.state(resource.id) === ClockState.RUNNING ? ClockAttribute.ENABLED : 0;
    if (version >= V2) {
      if (p2a) bits |= ClockAttribute.RATE_CHANGED_NOTIFY | ClockAttribute.RATE_CHANGE_REQUESTED_NOTIFY;
      if (resource.isExtendedName) bits |= ClockAttribute.EXTENDED_NAME;
    }
    if (version >= V3) {
      if (entry.parentIds.length > 0) bits |= ClockAttribute.PARENTS;
      if (this.clock.extendedTypes(resource.id).length > 0) bits |= ClockAttribute.EXTENDED_CONFIG;
      if (entry.isRestricted) bits |= ClockAttribute.RESTRICTED;
    }
    return bits;
  }

  /** CLOCK_DESCRIBE_RATES: NOT_FOUND, DENIED, OUT_OF_RANGE for an index past the end. */
  describeRates(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.describeRates.id, viewed)) return ScmiStatus.DENIED;
    const rates = this.clock.rates(viewed.resource.id);
    if (rates === undefined) return ScmiStatus.GENERIC_ERROR;
    const skip = message.u32(DESCRIBE_RATES_REQUEST.at.rateIndex);
    const count = rates.kind === 'range' ? 1 : rates.list.length;
    if (skip >= count) return ScmiStatus.OUT_OF_RANGE;
    const room = message.room(RATE_ENTRY.size);
    const first = DESCRIBE_RATES_RESPONSE.size;
    if (rates.kind === 'range') {
      // A triplet can't be cut: an agent takes it whole or not at all.
      if (room < TRIPLET) return ScmiStatus.COMMS_ERROR;
      message.set(DESCRIBE_RATES_RESPONSE.at.numRatesFlags, RATE_TRIPLET | TRIPLET);
      message.response.setU64(first, rates.min);
      message.response.setU64(first + RATE_ENTRY.size, rates.max);
      message.response.setU64(first + 2 * RATE_ENTRY.size, rates.step);
      message.size += TRIPLET * RATE_ENTRY.size;
      return ScmiStatus.SUCCESS;
    }
    if (room === 0) return ScmiStatus.COMMS_ERROR;
    const returned = Math.min(room, count - skip);
    message.set(DESCRIBE_RATES_RESPONSE.at.numRatesFlags, ((count - skip - returned) << 16) | returned);
    for (let at = 0; at < returned; at++) {
      message.response.setU64(first + at * RATE_ENTRY.size, rates.list[skip + at] ?? 0);
    }
    message.size += returned * RATE_ENTRY.size;
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_NAME_GET, also of short names: NOT_FOUND, DENIED. */
  nameGet(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.nameGet.id, viewed)) return ScmiStatus.DENIED;
    message.set(NAME_GET_RESPONSE.at.flags, 0);
    message.response.setName(NAME_GET_RESPONSE.at.name, viewed.resource.longName);
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_CONFIG_GET: NOT_FOUND, INVALID_PARAMETERS for reserved bits or a type the clock does not have, DENIED. */
  configGet(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const { id } = viewed.resource;
    const type = message.u32(CONFIG_GET_REQUEST.at.flags);
    if (hasReservedBits(type, 0xff)) return ScmiStatus.INVALID_PARAMETERS;
    this.out.value = 0;
    if (type !== 0 && this.clock.getExtended(id, type, this.out) !== Status.SUCCESS)
      return ScmiStatus.INVALID_PARAMETERS;
    if (!isPermitted(this.hub, message, commands.configGet.id, viewed)) return ScmiStatus.DENIED;
    message.set(CONFIG_GET_RESPONSE.at.attributes, 0);
    message.set(CONFIG_GET_RESPONSE.at.extendedValue, this.out.value);
    message.set(CONFIG_GET_RESPONSE.at.config, this.clock.state(id) === ClockState.RUNNING ? 1 : 0);
    return ScmiStatus.SUCCESS;
  }

  /**
   * CLOCK_POSSIBLE_PARENTS_GET: NOT_FOUND, NOT_SUPPORTED without parents that the agent sees, DENIED, OUT_OF_RANGE for an
   * index past the end.
   */
  possibleParentsGet(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const { parentIds } = viewed.entry;
    if (parentIds.length === 0) return ScmiStatus.NOT_SUPPORTED;
    if (!isPermitted(this.hub, message, commands.possibleParentsGet.id, viewed)) return ScmiStatus.DENIED;
    const skip = message.u32(POSSIBLE_PARENTS_REQUEST.at.skipParents);
    if (skip >= parentIds.length) return ScmiStatus.OUT_OF_RANGE;
    const room = message.room(PARENT_ENTRY.size);
    if (room === 0) return ScmiStatus.COMMS_ERROR;
    const returned = Math.min(room, parentIds.length - skip);
    const remaining = parentIds.length - skip - returned;
    message.set(POSSIBLE_PARENTS_RESPONSE.at.numParentsFlags, (remaining << 24) | returned);
    for (let at = 0; at < returned; at++) {
      message.set(POSSIBLE_PARENTS_RESPONSE.size + at * PARENT_ENTRY.size, parentIds[skip + at] ?? 0);
    }
    message.size += returned * PARENT_ENTRY.size;
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_PARENT_GET: NOT_FOUND, NOT_SUPPORTED as above, DENIED also when the parent is one the agent does not see. */
  parentGet(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (viewed.entry.parentIds.length === 0) return ScmiStatus.NOT_SUPPORTED;
    if (!isPermitted(this.hub, message, commands.parentGet.id, viewed)) return ScmiStatus.DENIED;
    const parent = this.clock.parent(viewed.resource.id);
    const clockId = parent === undefined ? -1 : clockIdOf(this.views, message.agent, parent);
    if (clockId < 0) return ScmiStatus.DENIED;
    message.set(PARENT_GET_RESPONSE.at.parentId, clockId);
    return ScmiStatus.SUCCESS;
  }

  /** CLOCK_GET_PERMISSIONS, also of clocks without restriction: NOT_FOUND, DENIED. */
  getPermissions(message: Message): ScmiStatus {
    const viewed = this.find(message);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.getPermissions.id, viewed)) return ScmiStatus.DENIED;
    const { mayState, mayRate, mayParent } = viewed.entry;
    let bits = 0;
    if (mayState && isPermitted(this.hub, message, commands.configSet.id, viewed)) bits |= ClockPermission.STATE;
    if (mayRate && isPermitted(this.hub, message, commands.rateSet.id, viewed)) bits |= ClockPermission.RATE;
    if (mayParent && isPermitted(this.hub, message, commands.parentSet.id, viewed)) bits |= ClockPermission.PARENT;
    message.set(PERMISSIONS_RESPONSE.at.permissions, bits);
    return ScmiStatus.SUCCESS;
  }

  private find(message: Message): ViewedClock | undefined {
    return this.views.at(message.agent, message.u32(CLOCK_ID_REQUEST.at.clockId));
  }
}
