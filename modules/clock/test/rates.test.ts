// SPDX-License-Identifier: BSD-3-Clause
import { type Rates, Round, roundRate } from '@scp/clock/api';

const LIST: Rates = { kind: 'list', list: [100, 200, 301] };
const RANGE: Rates = { kind: 'range', min: 100, max: 400, step: 100 };
const HUGE: Rates = { kind: 'range', min: 1, max: 9_007_199_254_740_991, step: 3 };

describe('rounding', () => {
  it.each<[string, Rates, number, number, number, number, number]>([
    // rates, wanted, NONE, NEAREST, UP, DOWN
    ['list', LIST, 100, 100, 100, 100, 100],
    ['list', LIST, 301, 301, 301, 301, 301],
    ['list', LIST, 149, -1, 100, 200, 100],
    ['list', LIST, 150, -1, 100, 200, 100],
    ['list', LIST, 151, -1, 200, 200, 100],
    ['list', LIST, 300, -1, 301, 301, 200],
    ['list', LIST, 99, -1, -1, 100, -1],
    ['list', LIST, 0, -1, -1, 100, -1],
    ['list', LIST, 302, -1, -1, -1, -1],
    ['range', RANGE, 100, 100, 100, 100, 100],
    ['range', RANGE, 400, 400, 400, 400, 400],
    ['range', RANGE, 250, -1, 200, 300, 200],
    ['range', RANGE, 251, -1, 300, 300, 200],
    ['range', RANGE, 399, -1, 400, 400, 300],
    ['range', RANGE, 99, -1, -1, 100, -1],
    ['range', RANGE, 401, -1, -1, -1, -1],
    [
      'huge range',
      HUGE,
      9_007_199_254_740_990,
      -1,
      9_007_199_254_740_991,
      9_007_199_254_740_991,
      9_007_199_254_740_988,
    ],
    ['huge range', HUGE, 9_007_199_254_740_992, -1, -1, -1, -1],
    ['range off its steps', { ...RANGE, max: 450 }, 430, -1, 450, 450, 400],
  ])('%s %#: %#', (_what, rates, wanted, none, nearest, up, down) => {
    const rounded = [Round.NONE, Round.NEAREST, Round.UP, Round.DOWN].map(round => roundRate(rates, wanted, round));
    expect(rounded).toEqual([none, nearest, up, down]);
  });
});
