// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type ProductElement } from '@scp/framework';
import mockPpu from '@scp/mock-ppu';
import type { MockPpuElementConfig } from '@scp/mock-ppu/schema';
import { type DriverStates, PowerBench, powerDomainDriverContract } from '@scp/power-domain/testing';

const PLAN: Readonly<Record<string, MockPpuElementConfig>> = {
  off: { on: false, sleep: false, delay: 0 },
  on: { on: true, sleep: false, delay: 0 },
  sleeper: { on: true, sleep: true, delay: 0 },
  'slow-off': { on: false, sleep: false, delay: 500 },
  'slow-sleeper': { on: true, sleep: true, delay: 1 },
};
const elements: readonly ProductElement<MockPpuElementConfig>[] = Object.entries(PLAN).map(([name, config]) => ({
  name,
  config,
}));
const states: DriverStates = Object.fromEntries(
  Object.entries(PLAN).map(([name, { sleep }]) => [name, sleep ? ['off', 'sleep', 'on'] : ['off', 'on']]),
);

describe('mock-ppu keeps the contract of drivers of power domains:', () => {
  for (const { name, run } of powerDomainDriverContract(() => configure(mockPpu, {}, elements), states)) it(name, run);
});

describe('mock-ppu', () => {
  const start = (config: MockPpuElementConfig, own: readonly ('off' | 'sleep' | 'on')[] = ['off', 'on']) =>
    new PowerBench(configure(mockPpu, {}, [{ name: 'ppu', config }]), [
      { name: 'domain', config: { driver: elementId(0, 0), type: 'device', states: [...own] } },
    ]);

  it.each([
    [true, 1],
    [false, 0],
  ])('starts on: %s', (on, state) => {
    expect(start({ on, sleep: false, delay: 0 }).state('domain')).toBe(state);
  });

  it('takes as long as it is told', () => {
    const bench = start({ on: false, sleep: false, delay: 250 });
    expect(bench.set('domain', 1)).toBe('PENDING');
    bench.host.advance(bench.framework, 249);
    expect(bench.state('domain')).toBe(0);
    bench.host.advance(bench.framework, 1);
    expect(bench.state('domain')).toBe(1);
  });

  it('sleeps only if it can', () => {
    expect(() => start({ on: true, sleep: false, delay: 0 }, ['off', 'sleep', 'on'])).toThrow('has no state 2');
    expect(start({ on: true, sleep: true, delay: 0 }, ['off', 'sleep', 'on']).run('domain', 2)).toBe('SUCCESS');
  });

  it('drives one domain', () => {
    const domains = ['a', 'b'].map(name => ({ name, config: { driver: elementId(0, 0), type: 'device' } as const }));
    const ppu = { name: 'ppu', config: { on: true, sleep: false, delay: 0 } };
    expect(() => new PowerBench(configure(mockPpu, {}, [ppu]), domains)).toThrow('refuses');
  });
});
