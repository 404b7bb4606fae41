// SPDX-License-Identifier: BSD-3-Clause
/** Commands that tell what there is: PROTOCOL_ATTRIBUTES, descriptors, axes, intervals, names. */
import { type Message, ScmiStatus } from '@scp/scmi/api';
import { type AxisEntry, NEEDS_P2A } from './descriptor.ts';
import { layoutOf } from './encoding.ts';
import {
  ATTRIBUTES,
  AXIS_REQUEST,
  AXIS_RESPONSE,
  DESCRIPTION_REQUEST,
  DESCRIPTION_RESPONSE,
  INTERVALS_REQUEST,
  INTERVALS_RESPONSE,
  NAME_RESPONSE,
} from './messages.ts';
import type { Resource, View } from './view.ts';

/** What an answer's counters hold at most. */
const MOST_DESCRIPTORS = 0xfff;

/** Handlers of the commands that change nothing. */
export class Descriptions {
  private readonly view: View;
  private readonly maxPendingReads: number;
  /** By agent: whether one of its sensors can be read asynchronously. */
  private readonly isAsynchronous: boolean[] = [];

  constructor(view: View, maxPendingReads: number) {
    this.view = view;
    this.maxPendingReads = maxPendingReads;
    for (let agent = 0; agent <= view.agentCount; agent++) {
      const canRead = (resource: Resource) => resource.info.asynchronous && view.idOf(agent, resource) >= 0;
      this.isAsynchronous.push(view.resources.some(canRead));
    }
  }

  /** PROTOCOL_ATTRIBUTES. */
  attributes(message: Message): ScmiStatus {
    const { agent, p2a } = message;
    const reads = p2a && this.isAsynchronous[agent] === true ? this.maxPendingReads : 0;
    message.set(ATTRIBUTES.at.attributes, this.view.count(agent) | (reads << 16));
    message.set(ATTRIBUTES.at.regionLow, 0);
    message.set(ATTRIBUTES.at.regionHigh, 0);
    message.set(ATTRIBUTES.at.regionLength, 0);
    return ScmiStatus.SUCCESS;
  }

  /** SENSOR_DESCRIPTION_GET: as many descriptors as fit, in the order of ids. INVALID_PARAMETERS past the end. */
  descriptors(message: Message): ScmiStatus {
    const { agent } = message;
    const first = message.u32(DESCRIPTION_REQUEST.at.index);
    const count = this.view.count(agent);
    if (first >= count) return ScmiStatus.INVALID_PARAMETERS;
    const layout = layoutOf(message.version);
    let next = first;
    for (; next < count && next - first < MOST_DESCRIPTORS; next++) {
      const words = this.view.find(agent, next)?.description.descriptors[layout];
      const at = message.size;
      if (words === undefined || !append(message, next, words)) break;
      if (!message.p2a) message.set(at + 4, (words[0] ?? 0) & ~NEEDS_P2A);
    }
    if (next === first) return ScmiStatus.COMMS_ERROR;
    message.set(DESCRIPTION_RESPONSE.at.flags, (next - first) | ((count - next) << 16));
    return ScmiStatus.SUCCESS;
  }

  /** SENSOR_AXIS_DESCRIPTION_GET. NOT_FOUND, NOT_SUPPORTED without axes, INVALID_PARAMETERS past the end. */
  axes(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    return listAxes(message, resource.description.axes[layoutOf(message.version)]);
  }

  /**
   * SENSOR_AXIS_NAME_GET: the index counts axes that have an extended name, as Linux does. NOT_FOUND, NOT_SUPPORTED when
   * none has one, INVALID_PARAMETERS past the end.
   */
  axisNames(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    return resource === undefined ? ScmiStatus.NOT_FOUND : listAxes(message, resource.description.axisNames);
  }

  /**
   * SENSOR_LIST_UPDATE_INTERVALS. NOT_FOUND, NOT_SUPPORTED without intervals, INVALID_PARAMETERS past the end. A segment
   * is three words that are never split.
   */
  intervals(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const { intervals, isSegment } = resource.description;
    if (intervals.length === 0) return ScmiStatus.NOT_SUPPORTED;
    const first = message.u32(INTERVALS_REQUEST.at.index);
    if (first >= (isSegment ? 1 : intervals.length)) return ScmiStatus.INVALID_PARAMETERS;
    const left = intervals.length - first;
    const listed = Math.min(left, message.room(4), MOST_DESCRIPTORS);
    if (listed === 0 || (isSegment && listed < left)) return ScmiStatus.COMMS_ERROR;
    for (let at = 0; at < listed; at++) message.set(message.size + 4 * at, intervals[first + at] ?? 0);
    message.size += 4 * listed;
    message.set(INTERVALS_RESPONSE.at.flags, listed | (isSegment ? 1 << 12 : 0) | ((left - listed) << 16));
    return ScmiStatus.SUCCESS;
  }

  /** SENSOR_NAME_GET: the whole name, also when it is short. NOT_FOUND. */
  name(message: Message): ScmiStatus {
    const resource = this.view.of(message);
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    message.set(NAME_RESPONSE.at.flags, 0);
    message.response.setName(NAME_RESPONSE.at.name, resource.description.name);
    return ScmiStatus.SUCCESS;
  }
}

/** Answers what there is of axes, from the index asked for, as much as fits. */
function listAxes(message: Message, axes: readonly AxisEntry[] | undefined): ScmiStatus {
  if (axes === undefined || axes.length === 0) return ScmiStatus.NOT_SUPPORTED;
  const first = message.u32(AXIS_REQUEST.at.index);
  if (first >= axes.length) return ScmiStatus.INVALID_PARAMETERS;
  let next = first;
  for (; next < axes.length; next++) {
    const axis = axes[next];
    if (axis === undefined || !append(message, axis.axisId, axis.words)) break;
  }
  if (next === first) return ScmiStatus.COMMS_ERROR;
  message.set(AXIS_RESPONSE.at.flags, (next - first) | ((axes.length - next) << 26));
  return ScmiStatus.SUCCESS;
}

/** Appends an entry: its id, then its words. False when there is no room for it. */
function append(message: Message, id: number, words: Uint32Array): boolean {
  const at = message.size;
  if (message.room(1) < 4 + 4 * words.length) return false;
  message.set(at, id);
  message.response.setName(at + 4, words);
  message.size = at + 4 + 4 * words.length;
  return true;
}
