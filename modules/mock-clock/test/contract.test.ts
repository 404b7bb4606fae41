// SPDX-License-Identifier: BSD-3-Clause
import { configure, type ProductElement } from '@scp/framework';
import { clockDriverContract } from '@scp/clock/testing';
import mockClock from '@scp/mock-clock';
import type { MockClockElementConfig } from '@scp/mock-clock/schema';

const at = { on: false, enableDelay: 0, delay: 0 };
const ELEMENTS: readonly ProductElement<MockClockElementConfig>[] = [
  { name: 'list', config: { ...at, rates: [24_000_000, 48_000_000, 100_000_000] } },
  { name: 'from-0', config: { ...at, rates: [0, 7, 10], rate: 7 } },
  { name: 'single', config: { ...at, rates: [1] } },
  { name: 'fixed', config: { ...at, fixed: 32_768 } },
  {
    name: 'range',
    config: { ...at, range: { min: 1_000_000, max: 6_000_000_000, step: 1000 }, rate: 2_000_000, on: true },
  },
  { name: 'odd-step', config: { ...at, range: { min: 1, max: 9_007_199_254_740_991, step: 3 } } },
  { name: 'slow-list', config: { ...at, rates: [100, 200], delay: 500 } },
  { name: 'slow-range', config: { ...at, range: { min: 10, max: 100, step: 10 }, delay: 1, on: true } },
  { name: 'waveform', config: { ...at, fixed: 5, dutyCycle: 50, phase: 0 } },
  { name: 'slow-waveform', config: { ...at, fixed: 5, dutyCycle: 50, phase: 90, delay: 10 } },
];

describe('mock-clock keeps the contract of clock drivers:', () => {
  for (const { name, run } of clockDriverContract(() => configure(mockClock, {}, ELEMENTS))) it(name, run);
});
