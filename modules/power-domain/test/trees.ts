// SPDX-License-Identifier: BSD-3-Clause
/** Trees of domains over a driver that tests control. */
import { elementId, type ProductElement } from '@scp/framework';
import { PowerState } from '@scp/power-domain/api';
import type { PowerDomainElementConfig } from '@scp/power-domain/schema';
import { FakeDriver, PowerBench, type PowerBenchOptions } from '@scp/power-domain/testing';

export const { OFF, ON, SLEEP } = PowerState;

/** A domain of a test: its parent by name. */
export type Plan = Omit<Partial<PowerDomainElementConfig>, 'parent' | 'driver'> & { readonly parent?: string };

/** Domains by name. */
export type Plans = Readonly<Record<string, Plan>>;

/** The HAL's elements. */
export function elements(plans: Plans): ProductElement<PowerDomainElementConfig>[] {
  const names = Object.keys(plans);
  return names.map((name, index) => {
    const { parent, ...plan } = plans[name] ?? {};
    const own = parent === undefined ? {} : { parent: elementId(1, names.indexOf(parent)) };
    return { name, config: { driver: elementId(0, index), type: 'device', ...plan, ...own } };
  });
}

/** A started tree; `states` are those that the driver is found in, OFF unless said. */
export function tree(
  plans: Plans,
  states: Readonly<Record<string, PowerState>> = {},
  options: PowerBenchOptions & { readonly prepare?: (driver: FakeDriver) => void } = {},
) {
  const driver = new FakeDriver(Object.keys(plans));
  for (const [name, state] of Object.entries(states)) driver.states.set(name, state);
  options.prepare?.(driver);
  const bench = new PowerBench(driver.module, elements(plans), options);
  bench.drain();
  driver.taken();
  bench.changes.length = 0;
  return {
    bench,
    driver,
    set: (name: string, composite: number, cause?: number) => bench.set(name, composite, cause),
    run: (name: string, composite: number, cause?: number) => bench.run(name, composite, cause),
    states: () => Object.keys(plans).map(name => bench.state(name)),
  };
}

/** A root with a cluster of two cores and a device. */
export const SOC: Plans = {
  core0: { type: 'core', parent: 'cluster', states: ['off', 'sleep', 'on'] },
  core1: { type: 'core', parent: 'cluster', states: ['off', 'sleep', 'on'] },
  cluster: { type: 'cluster', parent: 'system', states: ['off', 'sleep', 'on'] },
  gpu: { parent: 'system' },
  system: { type: 'system' },
};
