// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type ProductElement } from '@scp/framework';
import mockReset from '@scp/mock-reset';
import type { MockResetElementConfig } from '@scp/mock-reset/schema';
import { RESET_DOMAIN_DEFAULTS, ResetBench, resetDriverContract } from '@scp/reset-domain/testing';

const ELEMENTS: readonly ProductElement<MockResetElementConfig>[] = [
  { name: 'plain', config: { asserted: false, delay: 0 } },
  { name: 'held', config: { asserted: true, delay: 0 } },
  { name: 'slow', config: { asserted: false, delay: 500 } },
  { name: 'slow-held', config: { asserted: true, delay: 1 } },
];

describe('mock-reset keeps the contract of reset drivers:', () => {
  for (const { name, run } of resetDriverContract(() => configure(mockReset, {}, ELEMENTS))) it(name, run);
});

const domain = (name: string, index = 0) => ({
  name,
  config: { ...RESET_DOMAIN_DEFAULTS, driver: elementId(0, index) },
});

describe('mock-reset', () => {
  it.each([true, false])('starts with the line as configured: asserted %s', asserted => {
    const bench = new ResetBench(configure(mockReset, {}, [{ name: 'a', config: { asserted, delay: 7 } }]), [
      domain('a'),
    ]);
    expect(bench.isAsserted('a')).toBe(asserted);
  });

  it('takes as long as configured', () => {
    const driver = configure(mockReset, {}, [{ name: 'a', config: { asserted: false, delay: 500 } }]);
    const bench = new ResetBench(driver, [domain('a')]);
    expect(bench.begin('a', 1)).toBe('PENDING');
    bench.host.advance(bench.framework, 499);
    expect([bench.isAsserted('a'), bench.outcomes]).toEqual([false, []]);
    bench.host.advance(bench.framework, 1);
    expect([bench.isAsserted('a'), bench.outcomes]).toEqual([true, [['a', 'SUCCESS']]]);
  });

  it('resets itself when its watchdog bites, which nobody caused and no line shows', () => {
    const driver = configure(mockReset, {}, [{ name: 'a', config: { asserted: true, delay: 0, watchdog: 1000 } }]);
    const bench = new ResetBench(driver, [domain('a')]);
    bench.host.advance(bench.framework, 2500);
    expect(bench.resets).toEqual([
      ['a', 0, 0],
      ['a', 0, 0],
    ]);
    expect(bench.isAsserted('a')).toBe(true);
  });

  it('drives one domain with each line', () => {
    const driver = configure(mockReset, {}, [{ name: 'a', config: { asserted: false, delay: 0 } }]);
    expect(() => new ResetBench(driver, [domain('a'), domain('b')])).toThrow('refuses reset-domain/b');
  });
});
