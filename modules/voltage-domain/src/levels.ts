// SPDX-License-Identifier: BSD-3-Clause
/** The levels a supply can have, in µV. They are signed: there are rails below ground, where -5 V comes before -3.3 V. */

/** Some levels, ascending, or all of a range in steps. */
export type Levels =
  | { readonly kind: 'list'; readonly list: readonly number[] }
  | { readonly kind: 'range'; readonly min: number; readonly max: number; readonly step: number };

/** The lowest level that SCMI can carry, µV. */
export const LOWEST_LEVEL = -(2 ** 31);
/** The highest level that SCMI can carry, µV. */
export const HIGHEST_LEVEL = 2 ** 31 - 1;

const isLevel = (level: number): boolean => Number.isInteger(level) && level >= LOWEST_LEVEL && level <= HIGHEST_LEVEL;

/** What is wrong with levels, undefined when nothing is. */
export function checkLevels(levels: Levels): string | undefined {
  if (levels.kind === 'range') {
    const { min, max, step } = levels;
    if (!isLevel(min) || !isLevel(max)) return `levels ${min} to ${max} are not whole µV of -2^31 to 2^31 - 1`;
    if (!isLevel(step) || step < 1) return `step ${step} is not whole µV from 1 on`;
    if (min > max) return `its lowest level ${min} is above its highest ${max}`;
    if ((max - min) % step !== 0) return `its highest level ${max} is not a whole number of steps above ${min}`;
    return undefined;
  }
  const { list } = levels;
  if (list.length === 0) return 'it has no level';
  const odd = list.find(level => !isLevel(level));
  if (odd !== undefined) return `level ${odd} is not whole µV of -2^31 to 2^31 - 1`;
  const at = list.findIndex((level, index) => index > 0 && level <= (list[index - 1] ?? level));
  return at < 0 ? undefined : `levels must ascend, but ${list[at - 1]} comes before ${list[at]}`;
}

/** The lowest of the levels. */
export const lowestLevel = (levels: Levels): number => (levels.kind === 'range' ? levels.min : (levels.list[0] ?? 0));

/** Whether there is one level only. */
export const isSingle = (levels: Levels): boolean =>
  levels.kind === 'range' ? levels.min === levels.max : levels.list.length === 1;

/** Whether `level` is one of the levels. */
export function hasLevel(levels: Levels, level: number): boolean {
  if (levels.kind === 'list') return levels.list.includes(level);
  return level >= levels.min && level <= levels.max && (level - levels.min) % levels.step === 0;
}

/** The one of the levels that is nearest to `level`; the lower one of two. */
export function nearestLevel(levels: Levels, level: number): number {
  if (levels.kind === 'range') {
    const { min, max, step } = levels;
    if (level >= max) return max;
    if (level <= min) return min;
    return min + Math.ceil((level - min) / step - 0.5) * step;
  }
  let nearest = levels.list[0] ?? 0;
  for (let at = 1; at < levels.list.length; at++) {
    const one = levels.list[at] ?? 0;
    if (Math.abs(one - level) < Math.abs(nearest - level)) nearest = one;
  }
  return nearest;
}
