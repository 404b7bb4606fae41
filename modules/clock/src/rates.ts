// SPDX-License-Identifier: BSD-3-Clause
/** The rates a clock can have, and rounding to them. Rates are whole numbers of Hz, exact below 2^53. */

/** Rates one by one, ascending, at least one. */
export interface RateList {
  readonly kind: 'list';
  readonly list: readonly number[];
}

/** Rates from `min` to `max` in steps of `step` (at least 1) from `min`. */
export interface RateRange {
  readonly kind: 'range';
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The rates a clock can be set to. */
export type Rates = RateList | RateRange;

/**
 * How a wanted rate becomes one the clock has: NONE takes exact rates only, NEAREST the closest (the lower of two), UP
 * the lowest that is not below, DOWN the highest that is not above. SCP-firmware's values.
 */
export const Round = { NONE: 0, NEAREST: 1, UP: 2, DOWN: 3 } as const;
/** A way to round. */
export type Round = (typeof Round)[keyof typeof Round];

/** The lowest rate. */
export const lowestRate = (rates: Rates): number => (rates.kind === 'range' ? rates.min : (rates.list[0] ?? 0));

/** The highest rate. */
export const highestRate = (rates: Rates): number =>
  rates.kind === 'range' ? rates.max : (rates.list[rates.list.length - 1] ?? 0);

/**
 * The rate a clock takes when `rate` is wanted, -1 when there is none: outside the lowest and highest rate (below the
 * lowest, rounding UP still finds it), or with NONE between two rates.
 */
export function roundRate(rates: Rates, rate: number, round: Round): number {
  const lowest = lowestRate(rates);
  const highest = highestRate(rates);
  if (rate > highest) return -1;
  if (rate < lowest) return round === Round.UP ? lowest : -1;
  const below =
    rates.kind === 'range' ? highestInRange(rates, rate) : (rates.list[lastNotAbove(rates.list, rate)] ?? -1);
  if (below === rate || round === Round.DOWN) return below;
  if (round === Round.NONE) return -1;
  const above =
    rates.kind === 'range'
      ? Math.min(below + rates.step, highest)
      : (rates.list[lastNotAbove(rates.list, rate) + 1] ?? below);
  if (round === Round.UP) return above;
  return above - rate < rate - below ? above : below;
}

/** The highest rate of a range that is not above `rate`, which lies within. The remainder of doubles is exact. */
function highestInRange({ min, max, step }: RateRange, rate: number): number {
  return rate === max ? max : rate - ((rate - min) % step);
}

/** The position of the highest rate that is not above `rate`, -1 when all are. */
function lastNotAbove(list: readonly number[], rate: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) <= rate) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What is wrong with rates that a driver or a product gives, undefined when they are sound. */
export function checkRates(rates: Rates): string | undefined {
  if (rates.kind === 'range') {
    const { min, max, step } = rates;
    if (!isRate(min) || !isRate(max) || min > max) return `range ${min}..${max}: whole Hz, min not above max`;
    if (!isRate(step) || step < 1) return `step ${step}: at least 1 Hz`;
    return (max - min) % step === 0 ? undefined : `range ${min}..${max}: max must be whole steps of ${step} above min`;
  }
  if (rates.list.length === 0) return 'no rates: at least one';
  for (const [index, rate] of rates.list.entries()) {
    if (!isRate(rate)) return `rate ${rate}: whole Hz, 0 to 2^53 - 1`;
    if (index > 0 && rate <= (rates.list[index - 1] ?? 0)) return `rate ${rate}: rates must ascend`;
  }
  return undefined;
}

const isRate = (rate: number): boolean => Number.isSafeInteger(rate) && rate >= 0;
