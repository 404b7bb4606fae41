// SPDX-License-Identifier: BSD-3-Clause
/** The commands that tell of performance domains and change nothing. None of them takes time. */
import { type Message, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import {
  DESCRIBE_FASTCHANNEL_REQUEST,
  DESCRIBE_LEVELS_REQUEST,
  DESCRIBE_LEVELS_RESPONSE_V1,
  DOMAIN_ATTRIBUTES_RESPONSE,
  DOMAIN_ID_REQUEST,
  LEVEL_ENTRY_V1,
  LEVEL_ENTRY_V4,
  LIMITS_GET_RESPONSE,
  NAME_GET_RESPONSE,
  PERF_PROTOCOL,
  PERF_PROTOCOL_ATTRIBUTES,
  PerfAttribute,
  PowerUnit,
  V3,
  V4,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { PerfEntry } from './schema.ts';
import { isPermitted, mayNotify, maySetLevel, maySetLimits, type Views } from './view.ts';

const { commands } = PERF_PROTOCOL;

/** Frequencies are told in kHz. */
const KHZ = 1000;

/** Handlers of the commands that describe. */
export class Describe {
  private readonly hub: ScmiHub;
  private readonly views: Views;
  private readonly powerUnit: PowerUnit;

  constructor(hub: ScmiHub, views: Views, powerUnit: PowerUnit) {
    this.hub = hub;
    this.views = views;
    this.powerUnit = powerUnit;
  }

  /** PROTOCOL_ATTRIBUTES. There are no statistics. */
  attributes(message: Message): ScmiStatus {
    const isOld = message.version < V3 && this.powerUnit === PowerUnit.MICROWATT;
    const unit = isOld ? PowerUnit.MILLIWATT : this.powerUnit;
    const { at } = PERF_PROTOCOL_ATTRIBUTES;
    message.set(at.attributes, (unit << 16) | this.views.count(message.agent));
    message.set(at.statisticsLow, 0);
    message.set(at.statisticsHigh, 0);
    message.set(at.statisticsLength, 0);
    return ScmiStatus.SUCCESS;
  }

  /** PERFORMANCE_DOMAIN_ATTRIBUTES: NOT_FOUND, DENIED. */
  domainAttributes(message: Message): ScmiStatus {
    const domainId = message.u32(DOMAIN_ID_REQUEST.at.domainId);
    const resource = this.views.find(message.agent, domainId);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.domainAttributes.id, resource)) return ScmiStatus.DENIED;
    const { opps, sustained, rateLimit } = resource.info;
    const { at } = DOMAIN_ATTRIBUTES_RESPONSE;
    message.set(at.attributes, attributesOf(message, resource, this.views.entry(message.agent, domainId)));
    message.set(at.rateLimit, rateLimit);
    message.set(at.sustainedFrequency, (opps[sustained]?.frequency ?? 0) / KHZ);
    message.set(at.sustainedLevel, opps[sustained]?.level ?? 0);
    message.response.setName(at.name, resource.shortName);
    return ScmiStatus.SUCCESS;
  }

  /**
   * PERFORMANCE_DESCRIBE_LEVELS: NOT_FOUND; DENIED; for an index past the end OUT_OF_RANGE, before version 4.0
   * INVALID_PARAMETERS.
   */
  describeLevels(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.describeLevels.id, resource)) return ScmiStatus.DENIED;
    const isV4 = message.version >= V4;
    const count = resource.info.opps.length;
    const skip = message.u32(DESCRIBE_LEVELS_REQUEST.at.levelIndex);
    if (skip >= count) return isV4 ? ScmiStatus.OUT_OF_RANGE : ScmiStatus.INVALID_PARAMETERS;
    const entrySize = isV4 ? LEVEL_ENTRY_V4.size : LEVEL_ENTRY_V1.size;
    const returned = Math.min(message.room(entrySize), count - skip);
    if (returned === 0) return ScmiStatus.COMMS_ERROR;
    // Both versions have the count at the same place.
    message.set(DESCRIBE_LEVELS_RESPONSE_V1.at.numLevels, ((count - skip - returned) << 16) | returned);
    for (let at = 0; at < returned; at++) {
      this.writeLevel(message, DESCRIBE_LEVELS_RESPONSE_V1.size + at * entrySize, resource, skip + at);
    }
    message.size += returned * entrySize;
    return ScmiStatus.SUCCESS;
  }

  private writeLevel(message: Message, start: number, { info }: Resource, index: number): void {
    const opp = info.opps[index];
    if (opp === undefined) return;
    const { at } = LEVEL_ENTRY_V4;
    message.set(start + at.level, opp.level);
    message.set(start + at.powerCost, this.powerCost(opp.power, message.version));
    message.set(start + at.attributes, info.latency);
    if (message.version < V4) return;
    message.set(start + at.indicativeFrequency, opp.frequency / KHZ);
    message.set(start + at.levelIndex, index);
  }

  /** Before version 3.0 µW are told as mW; what is known does not become 0, which would be unknown. */
  private powerCost(power: number, version: number): number {
    if (version >= V3 || this.powerUnit !== PowerUnit.MICROWATT || power === 0) return power;
    return Math.max(1, Math.round(power / 1000));
  }

  /** PERFORMANCE_LIMITS_GET: the limits that hold, whoever set them. NOT_FOUND, DENIED. */
  limitsGet(message: Message): ScmiStatus {
    const resource = this.find(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (!isPermitted(this.hub, message, commands.limitsGet.id, resource)) return ScmiStatus.DENIED;
    message.set(LIMITS_GET_RESPONSE.at.rangeMax, resource.wordOf(resource.requests.max, message.version));
    message.set(LIMITS_GET_RESPONSE.at.rangeMin, resource.wordOf(resource.requests.min, message.version));
    return ScmiStatus.SUCCESS;
  }

  /** PERFORMANCE_DESCRIBE_FASTCHANNEL: NOT_FOUND; else NOT_SUPPORTED, for no transport here has memory for fast channels. */
  describeFastchannel(message: Message): ScmiStatus {
    const resource = this.views.find(message.agent, message.u32(DESCRIBE_FASTCHANNEL_REQUEST.at.domainId));
    return resource === undefined ? ScmiStatus.NOT_FOUND : ScmiStatus.NOT_SUPPORTED;
  }

  /** PERFORMANCE_DOMAIN_NAME_GET, also of short names: NOT_FOUND, DENIED. */
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

function attributesOf({ version, p2a }: Message, resource: Resource, entry: PerfEntry | undefined): number {
  let bits = 0;
  if (maySetLimits(entry)) bits |= PerfAttribute.LIMITS_SET;
  if (maySetLevel(entry)) bits |= PerfAttribute.LEVEL_SET;
  if (p2a && mayNotify(entry)) bits |= PerfAttribute.LIMITS_NOTIFY | PerfAttribute.LEVEL_NOTIFY;
  if (version >= V3 && resource.info.name.length > 15) bits |= PerfAttribute.EXTENDED_NAME;
  if (resource.isIndexed(version)) bits |= PerfAttribute.LEVEL_INDEXING;
  return bits;
}
