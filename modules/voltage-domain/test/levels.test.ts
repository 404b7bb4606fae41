// SPDX-License-Identifier: BSD-3-Clause
import { checkLevels, hasLevel, isSingle, type Levels, lowestLevel, nearestLevel } from '@scp/voltage-domain/api';

const list = (...levels: number[]): Levels => ({ kind: 'list', list: levels });
const range = (min: number, max: number, step: number): Levels => ({ kind: 'range', min, max, step });

describe('levels', () => {
  it.each([
    [list(5), undefined],
    [list(-5_000_000, -3_300_000, 0), undefined],
    [list(), 'it has no level'],
    [list(1, 3, 2), 'levels must ascend, but 3 comes before 2'],
    [list(-3, -5), 'levels must ascend, but -3 comes before -5'],
    [list(0.5), 'level 0.5 is not whole µV of -2^31 to 2^31 - 1'],
    [list(-(2 ** 31) - 1), 'level -2147483649 is not whole µV of -2^31 to 2^31 - 1'],
    [range(-10, 10, 5), undefined],
    [range(7, 7, 1), undefined],
    [range(0, 7, 2), 'its highest level 7 is not a whole number of steps above 0'],
    [range(0, 7, 0), 'step 0 is not whole µV from 1 on'],
    [range(8, 7, 1), 'its lowest level 8 is above its highest 7'],
    [range(0, 2 ** 31, 1), 'levels 0 to 2147483648 are not whole µV of -2^31 to 2^31 - 1'],
  ])('%j are checked', (levels, problem) => {
    expect(checkLevels(levels)).toBe(problem);
  });

  it.each([
    [list(-5, 0, 7), -5, false],
    [list(3), 3, true],
    [range(-10, 10, 5), -10, false],
    [range(4, 4, 1), 4, true],
  ])('%j start at %i; a single one: %s', (levels, lowest, single) => {
    expect([lowestLevel(levels), isSingle(levels)]).toEqual([lowest, single]);
  });

  it.each([
    [list(-5, 0, 7), [-6, -4, 1, 8], [-5, 0, 7]],
    [range(-10, 10, 5), [-11, -9, 1, 9, 11, 15, -15], [-10, -5, 0, 5, 10]],
  ])('%j are some and not others', (levels, without, within) => {
    for (const level of within) expect(hasLevel(levels, level)).toBe(true);
    for (const level of without) expect(hasLevel(levels, level)).toBe(false);
  });

  it.each([
    [list(-5_000, -3_300, 1_000), -9_000, -5_000],
    [list(-5_000, -3_300, 1_000), -4_150, -5_000],
    [list(-5_000, -3_300, 1_000), -4_149, -3_300],
    [list(-5_000, -3_300, 1_000), 5_000, 1_000],
    [range(-10, 10, 5), -100, -10],
    [range(-10, 10, 5), 100, 10],
    [range(-10, 10, 4), -8, -10],
    [range(-10, 10, 4), -7, -6],
    [range(-10, 10, 5), 5, 5],
    [range(0, 10, 5), 2.5, 0],
  ])('of %j the nearest to %i is %i', (levels, level, nearest) => {
    expect(nearestLevel(levels, level)).toBe(nearest);
  });
});
