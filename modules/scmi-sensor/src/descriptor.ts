// SPDX-License-Identifier: BSD-3-Clause
/** What agents are told of sensors, packed once: descriptors are copied into responses word by word. */
import { isExtendedName, packName } from '@scp/scmi/api';
import type { Quantity, SensorAxis, SensorInfo } from '@scp/sensor/api';
import {
  configInterval,
  descriptorInterval,
  exponentBits,
  highWord,
  intervalWord,
  lowWord,
  resolutionWord,
} from './encoding.ts';

/** Bits of a descriptor's attributesLow that promise what needs a platform-to-agent channel, trip points included. */
export const NEEDS_P2A = 0xc00000ff;

const isExtended = ({ resolution, minimum, maximum }: Quantity): boolean =>
  resolution !== undefined || minimum !== undefined || maximum !== undefined;

/** Resolution and range, five words. Limits that are not reported are the least and the greatest 64-bit number. */
const quantityWords = ({ resolution, minimum, maximum }: Quantity): number[] => [
  resolutionWord(resolution),
  ...(minimum === undefined ? [0, 0x80000000] : [lowWord(minimum), highWord(minimum)]),
  ...(maximum === undefined ? [0xffffffff, 0x7fffffff] : [lowWord(maximum), highWord(maximum)]),
];

/** Type and exponent as in attributesHigh. */
const typeWord = ({ type, exponent }: Quantity): number => type | (exponentBits(exponent) << 11);

function descriptorV1(info: SensorInfo): Uint32Array {
  const low = (info.asynchronous ? 1 << 31 : 0) | info.tripPointCount;
  const high = typeWord(info) | descriptorInterval(intervalWord(info.initialInterval));
  return Uint32Array.of(low, high, ...packName(info.name, 16));
}

function descriptorV2(info: SensorInfo, withExtendedName: boolean): Uint32Array {
  const { axes, power, timestampExponent } = info;
  const hasAxes = axes.length > 0;
  const extended = power !== undefined || (!hasAxes && isExtended(info));
  const low =
    (info.asynchronous ? 1 << 31 : 0) |
    (info.continuousUpdates ? 1 << 30 : 0) |
    (withExtendedName && isExtendedName(info.name) ? 1 << 29 : 0) |
    (timestampExponent === undefined ? 0 : (exponentBits(timestampExponent) << 10) | (1 << 9)) |
    (extended ? 1 << 8 : 0) |
    info.tripPointCount;
  const high = hasAxes ? (axes.length << 16) | (1 << 8) : typeWord(info);
  const attributes = [power ?? 0, ...(hasAxes ? [] : quantityWords(info))];
  return Uint32Array.of(low, high, ...packName(info.name, 16), ...(extended ? attributes : []));
}

function axisDescriptor(axis: SensorAxis, withExtendedName: boolean): Uint32Array {
  const extended = isExtended(axis);
  const low = (extended ? 1 << 8 : 0) | (withExtendedName && isExtendedName(axis.name) ? 1 << 9 : 0);
  return Uint32Array.of(low, typeWord(axis), ...packName(axis.name, 16), ...(extended ? quantityWords(axis) : []));
}

/** An axis in a list: its id, and the words that follow it. */
export interface AxisEntry {
  readonly axisId: number;
  readonly words: Uint32Array;
}

/** One sensor's words, of descriptors without the id in front, which differs from agent to agent. */
export class Description {
  /** By layout (see `layoutOf`). */
  readonly descriptors: readonly Uint32Array[];
  /** By layout, by axis; none in 1.0. */
  readonly axes: readonly (readonly AxisEntry[])[];
  readonly name: Uint32Array;
  /** The axes that have an extended name. */
  readonly axisNames: readonly AxisEntry[];
  /** Words of SENSOR_LIST_UPDATE_INTERVALS: a list, or lowest, highest and step. Empty without. */
  readonly intervals: Uint32Array;
  readonly isSegment: boolean;

  constructor(info: SensorInfo) {
    this.descriptors = [descriptorV1(info), descriptorV2(info, false), descriptorV2(info, true)];
    const axes = (extended: boolean) =>
      info.axes.map((axis, axisId) => ({ axisId, words: axisDescriptor(axis, extended) }));
    this.axes = [[], axes(false), axes(true)];
    this.name = packName(info.name, 64);
    this.axisNames = info.axes
      .map(({ name }, axisId) => ({ axisId, name }))
      .filter(({ name }) => isExtendedName(name))
      .map(({ name, axisId }) => ({ axisId, words: packName(name, 64) }));
    const { updateIntervals } = info;
    this.isSegment = updateIntervals?.kind === 'segment';
    this.intervals = Uint32Array.from(intervalsOf(info), intervalWord);
  }
}

/** Intervals as they are listed, µs. */
function intervalsOf({ updateIntervals }: SensorInfo): readonly number[] {
  if (updateIntervals === undefined) return [];
  if (updateIntervals.kind === 'list') return updateIntervals.intervals;
  return [updateIntervals.lowest, updateIntervals.highest, updateIntervals.step];
}

/** An update interval of a sensor that the protocol's words can't hold, µs; undefined when there is none. */
export function unspeakableInterval(info: SensorInfo): number | undefined {
  const { updateIntervals } = info;
  const listed = intervalsOf(info).find(interval => intervalWord(interval) < 0);
  if (listed !== undefined || updateIntervals?.kind !== 'segment') return listed;
  // All intervals of a segment are multiples of the greatest power of ten in both the lowest and the step.
  let unit = 1;
  while (updateIntervals.lowest % (10 * unit) === 0 && updateIntervals.step % (10 * unit) === 0) unit *= 10;
  return updateIntervals.highest / unit > 0xffff ? updateIntervals.highest : undefined;
}

/** The word of SENSOR_CONFIG for an update interval in use, µs. */
export const configIntervalOf = (interval: number): number => configInterval(intervalWord(interval));
