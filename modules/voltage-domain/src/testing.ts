// SPDX-License-Identifier: BSD-3-Clause
/** For tests: supplies without SCMI, and the cases that every driver of supplies must pass. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  type Module,
  type ModuleDefinition,
  type ProductElement,
  type ProductModule,
  provide,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  hasLevel,
  type Levels,
  lowestLevel,
  VOLTAGE_DOMAIN,
  VOLTAGE_DOMAIN_CLIENT,
  type VoltageDomain,
  type VoltageInfo,
  VoltageMode,
} from './api.ts';
import voltageDomain from './module.ts';
import type { VoltageDomainElementConfig } from './schema.ts';

export { FakeSupply, fakeVoltageDriver } from './testing/fake-driver.ts';

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class VoltageBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Outcomes of what was pending: domain and status. */
  readonly outcomes: (readonly [domain: string, status: string])[] = [];
  private readonly out = { value: 0 };
  private api: VoltageDomain | undefined = undefined;

  /** Starts the firmware. `domains` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(driver: ProductModule, domains: readonly ProductElement<VoltageDomainElementConfig>[]) {
    const modules = [driver, configure(voltageDomain, {}, domains), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      apis: [
        provide(VOLTAGE_DOMAIN_CLIENT, () => ({
          ended: (domain, status) => {
            this.outcomes.push([framework.nameOf(domain), nameOf(status)]);
          },
        })),
      ],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.api = framework.bind(framework.moduleId('voltage-domain'), VOLTAGE_DOMAIN);
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [VOLTAGE_DOMAIN_CLIENT], create };
  }

  /** The HAL. */
  get domains(): VoltageDomain {
    if (this.api === undefined) throw new Error('the user has not bound the voltage domains');
    return this.api;
  }

  /** The domain called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('voltage-domain'), name);
    if (found === undefined) throw new Error(`no voltage domain ${name}`);
    return found;
  }

  /** What is known of a domain. */
  info(name: string): VoltageInfo {
    const info = this.domains.info(this.id(name));
    if (info === undefined) throw new Error(`nothing is known of ${name}`);
    return info;
  }

  /** The level of a domain, µV. */
  level(name: string): number {
    const status = this.domains.getLevel(this.id(name), this.out);
    if (status !== Status.SUCCESS) throw new Error(`getLevel answers ${nameOf(status)}`);
    return this.out.value;
  }

  /** The mode of a domain. */
  mode(name: string): number {
    const status = this.domains.getMode(this.id(name), this.out);
    if (status !== Status.SUCCESS) throw new Error(`getMode answers ${nameOf(status)}`);
    return this.out.value;
  }

  /** Begins to set a level; the status by name. */
  beginLevel(name: string, level: number): string {
    return nameOf(this.domains.setLevel(this.id(name), level));
  }

  /** Begins to set a mode; the status by name. */
  beginMode(name: string, mode: number): string {
    return nameOf(this.domains.setMode(this.id(name), mode));
  }

  /** Sets a level and waits for the outcome if it is PENDING. */
  setLevel(name: string, level: number): string {
    return this.wait(this.beginLevel(name, level));
  }

  /** Sets a mode and waits for the outcome if it is PENDING. */
  setMode(name: string, mode: number): string {
    return this.wait(this.beginMode(name, mode));
  }

  private wait(status: string): string {
    if (status !== 'PENDING') return status;
    while (this.outcomes.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    const outcome = this.outcomes.shift();
    if (outcome === undefined) throw new Error('what is pending never ends');
    return outcome[1];
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/**
 * What every driver of supplies must do, as cases for each of its elements. `make` makes its module, configured anew for
 * each case, with a table of elements.
 */
export function voltageDriverContract(make: () => ProductModule): ContractCase[] {
  const names = (module: ProductModule): string[] =>
    Array.isArray(module.elements) ? module.elements.map((element: ProductElement) => element.name) : [];
  return names(make()).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const driver = make();
        const domains = names(driver).map((one, index) => ({
          name: one,
          config: { driver: elementId(0, index), asynchronous: false },
        }));
        const bench = new VoltageBench(driver, domains);
        check(bench, name, bench.info(name));
        if (bench.framework.stop().length > 0) throw new Error('it does not stop cleanly');
        if (bench.host.deadline !== Infinity) throw new Error('an alarm runs after the stop');
      },
    })),
  );
}

type Check = (bench: VoltageBench, name: string, info: VoltageInfo) => void;

const CASES: readonly (readonly [string, Check])[] = [
  [
    'has one of its levels and one of its modes at the start',
    (bench, name, { levels, modes }) => {
      same('level', hasLevel(levels, bench.level(name)), true);
      same('mode', [VoltageMode.OFF, VoltageMode.ON, ...modes].includes(bench.mode(name)), true);
    },
  ],
  [
    'takes its lowest and its highest level, unless that is not for it',
    (bench, name, info) => {
      const before = bench.level(name);
      for (const level of [highestLevel(info.levels), lowestLevel(info.levels)]) {
        same('set', bench.setLevel(name, level), info.isFixed ? 'E_SUPPORT' : info.readOnly ? 'E_ACCESS' : 'SUCCESS');
        same('level', bench.level(name), info.isFixed || info.readOnly ? before : level);
      }
    },
  ],
  [
    'refuses levels it does not have, and keeps the one it has',
    (bench, name, { levels, isFixed, readOnly }) => {
      if (isFixed || readOnly) return;
      const before = bench.level(name);
      for (const level of [lowestLevel(levels) - 1, highestLevel(levels) + 1]) {
        same('set', bench.setLevel(name, level), 'E_RANGE');
        same('level', bench.level(name), before);
      }
    },
  ],
  [
    'takes each of its modes, each also twice, unless that is not for it',
    (bench, name, { modes, switchable, readOnly }) => {
      const before = bench.mode(name);
      for (const mode of [VoltageMode.ON, ...modes, VoltageMode.OFF, VoltageMode.OFF, VoltageMode.ON, VoltageMode.ON]) {
        same('set', bench.setMode(name, mode), switchable ? (readOnly ? 'E_ACCESS' : 'SUCCESS') : 'E_SUPPORT');
        same('mode', bench.mode(name), switchable && !readOnly ? mode : before);
      }
    },
  ],
  [
    'takes a level while it is off, tells it, and keeps it when it is on',
    (bench, name, { levels, isFixed, switchable, readOnly }) => {
      if (isFixed || readOnly || !switchable) return;
      bench.setMode(name, VoltageMode.OFF);
      for (const level of [lowestLevel(levels), highestLevel(levels)]) {
        same('set', bench.setLevel(name, level), 'SUCCESS');
        same('level', bench.level(name), level);
      }
      bench.setMode(name, VoltageMode.ON);
      same('level', bench.level(name), highestLevel(levels));
    },
  ],
  [
    'keeps its mode when the level changes',
    (bench, name, { levels }) => {
      const before = bench.mode(name);
      bench.setLevel(name, highestLevel(levels));
      same('mode', bench.mode(name), before);
    },
  ],
  [
    'is set at once, or one thing at a time, and tells what was before until it is',
    (bench, name, { levels }) => {
      const before = bench.level(name);
      const level = before === lowestLevel(levels) ? highestLevel(levels) : lowestLevel(levels);
      if (bench.beginLevel(name, level) !== 'PENDING') return;
      same('level', bench.level(name), before);
      same('second', bench.beginLevel(name, level), 'E_BUSY');
      while (bench.outcomes.length === 0 && bench.host.deadline !== Infinity) {
        bench.host.advance(bench.framework, bench.host.deadline - bench.host.now());
      }
      same('outcomes', bench.outcomes.splice(0), [[name, 'SUCCESS']]);
      same('level', bench.level(name), level);
    },
  ],
  [
    'stops while something is being set, and nothing comes after',
    (bench, name, { levels }) => {
      bench.beginLevel(name, highestLevel(levels));
      bench.framework.stop();
      bench.host.advance(bench.framework, 60_000_000);
      same('outcomes', bench.outcomes, []);
    },
  ],
];

const highestLevel = (levels: Levels): number =>
  levels.kind === 'range' ? levels.max : (levels.list[levels.list.length - 1] ?? 0);

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
