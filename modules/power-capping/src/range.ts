// SPDX-License-Identifier: BSD-3-Clause
/** What a cap or an interval can be: whole numbers from `min` to `max` in steps from `min`. One value: all equal, step 0. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Whether `value` is within the range, on a step or between two. */
export const isWithin = ({ min, max }: Range, value: number): boolean => value >= min && value <= max;

/** The step at or below `value`, which is within the range. */
export const roundToStep = ({ min, step }: Range, value: number): number =>
  step === 0 ? min : value - ((value - min) % step);

/** Whether there is something to choose. */
export const isConfigurable = ({ min, max }: Range): boolean => min < max;
