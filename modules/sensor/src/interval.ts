// SPDX-License-Identifier: BSD-3-Clause
import { Rounding, type UpdateIntervals } from './api.ts';

/**
 * The interval among `intervals` that is taken for the wish of `wanted` µs, 0 when there is none in the direction of
 * `rounding`. Of two that are equally close, the shorter.
 */
export function intervalFor(intervals: UpdateIntervals, wanted: number, rounding: Rounding): number {
  const below = floorOf(intervals, wanted);
  if (below === wanted || rounding === Rounding.DOWN) return below;
  const above = ceilingOf(intervals, wanted);
  if (rounding === Rounding.UP) return above;
  if (below === 0) return above;
  return above === 0 || wanted - below <= above - wanted ? below : above;
}

/** The longest interval up to `wanted`, 0 for none. */
function floorOf(intervals: UpdateIntervals, wanted: number): number {
  if (intervals.kind === 'segment') {
    const { lowest, highest, step } = intervals;
    if (wanted < lowest) return 0;
    return Math.min(highest, lowest + Math.floor((wanted - lowest) / step) * step);
  }
  let found = 0;
  for (let at = 0; at < intervals.intervals.length; at++) {
    const interval = intervals.intervals[at] ?? Infinity;
    if (interval > wanted) break;
    found = interval;
  }
  return found;
}

/** The shortest interval from `wanted` on, 0 for none. */
function ceilingOf(intervals: UpdateIntervals, wanted: number): number {
  if (intervals.kind === 'segment') {
    const { lowest, highest, step } = intervals;
    if (wanted > highest) return 0;
    return Math.max(lowest, lowest + Math.ceil((wanted - lowest) / step) * step);
  }
  for (let at = 0; at < intervals.intervals.length; at++) {
    const interval = intervals.intervals[at] ?? 0;
    if (interval >= wanted) return interval;
  }
  return 0;
}
