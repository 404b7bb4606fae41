// SPDX-License-Identifier: BSD-3-Clause
/** For tests: power supplies and their user, and the cases that every driver of supplies must pass. */
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
import { hasVoltage, PSU, PSU_CLIENT, type Psu, type Voltages } from './api.ts';
import psu from './module.ts';
import type { PsuElementConfig } from './schema.ts';

export { FakePsu, fakePsuDriver } from './testing/fake-driver.ts';

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class PsuBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Outcomes of what was pending: supply and status. */
  readonly outcomes: (readonly [supply: string, status: string])[] = [];
  private readonly out = { value: 0 };
  private api: Psu | undefined = undefined;

  /** Starts the firmware. `supplies` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(driver: ProductModule, supplies: readonly ProductElement<PsuElementConfig>[]) {
    const modules = [driver, configure(psu, {}, supplies), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      apis: [
        provide(PSU_CLIENT, () => ({
          ended: (supply, status) => {
            this.outcomes.push([framework.nameOf(supply), nameOf(status)]);
          },
        })),
      ],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.api = framework.bind(framework.moduleId('psu'), PSU);
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [PSU_CLIENT], create };
  }

  /** The HAL. */
  get psu(): Psu {
    if (this.api === undefined) throw new Error('the user has not bound the supplies');
    return this.api;
  }

  /** The supply called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('psu'), name);
    if (found === undefined) throw new Error(`no supply ${name}`);
    return found;
  }

  /** The voltages a supply can have. */
  voltages(name: string): Voltages {
    const voltages = this.psu.voltages(this.id(name));
    if (voltages === undefined) throw new Error(`nothing is known of ${name}`);
    return voltages;
  }

  /** The voltage of a supply, µV. */
  voltage(name: string): number {
    const status = this.psu.getVoltage(this.id(name), this.out);
    if (status !== Status.SUCCESS) throw new Error(`getVoltage answers ${nameOf(status)}`);
    return this.out.value;
  }

  /** Whether a supply is on: 1 or 0. */
  enabled(name: string): number {
    const status = this.psu.getEnabled(this.id(name), this.out);
    if (status !== Status.SUCCESS) throw new Error(`getEnabled answers ${nameOf(status)}`);
    return this.out.value;
  }

  /** Begins to set a voltage; the status by name. */
  beginVoltage(name: string, voltage: number): string {
    return nameOf(this.psu.setVoltage(this.id(name), voltage));
  }

  /** Begins to turn a supply on or off; the status by name. */
  beginEnabled(name: string, enabled: boolean): string {
    return nameOf(this.psu.setEnabled(this.id(name), enabled));
  }

  /** Sets a voltage and waits for the outcome if it is PENDING. */
  setVoltage(name: string, voltage: number): string {
    return this.wait(this.beginVoltage(name, voltage));
  }

  /** Turns a supply on or off and waits for the outcome if it is PENDING. */
  setEnabled(name: string, enabled: boolean): string {
    return this.wait(this.beginEnabled(name, enabled));
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
export function psuDriverContract(make: () => ProductModule): ContractCase[] {
  const names = (module: ProductModule): string[] =>
    Array.isArray(module.elements) ? module.elements.map((element: ProductElement) => element.name) : [];
  return names(make()).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const driver = make();
        const supplies = names(driver).map((one, index) => ({ name: one, config: { driver: elementId(0, index) } }));
        const bench = new PsuBench(driver, supplies);
        check(bench, name, bench.voltages(name));
        if (bench.framework.stop().length > 0) throw new Error('it does not stop cleanly');
        if (bench.host.deadline !== Infinity) throw new Error('an alarm runs after the stop');
      },
    })),
  );
}

type Check = (bench: PsuBench, name: string, voltages: Voltages) => void;

const CASES: readonly (readonly [string, Check])[] = [
  [
    'has one of its voltages at the start, and is on or off',
    (bench, name, voltages) => {
      same('voltage', hasVoltage(voltages, bench.voltage(name)), true);
      same('enabled', [0, 1].includes(bench.enabled(name)), true);
    },
  ],
  [
    'takes its lowest and its highest voltage, each also twice',
    (bench, name, { min, max }) => {
      for (const voltage of [max, max, min, min]) {
        same('set', bench.setVoltage(name, voltage), 'SUCCESS');
        same('voltage', bench.voltage(name), voltage);
      }
    },
  ],
  [
    'refuses voltages it can’t have, and keeps the one it has',
    (bench, name, { min, max, step }) => {
      const before = bench.voltage(name);
      for (const voltage of [min - 1, max + 1, ...(step > 1 ? [min + 1] : [])]) {
        same('set', bench.setVoltage(name, voltage), 'E_RANGE');
        same('voltage', bench.voltage(name), before);
      }
    },
  ],
  [
    'goes on and off, each also twice',
    (bench, name) => {
      for (const enabled of [true, true, false, false, true]) {
        same('set', bench.setEnabled(name, enabled), 'SUCCESS');
        same('enabled', bench.enabled(name), enabled ? 1 : 0);
      }
    },
  ],
  [
    'takes a voltage while it is off, tells it, and keeps it when it is on',
    (bench, name, { min, max }) => {
      bench.setEnabled(name, false);
      for (const voltage of [min, max]) {
        same('set', bench.setVoltage(name, voltage), 'SUCCESS');
        same('voltage', bench.voltage(name), voltage);
      }
      same('enabled', bench.enabled(name), 0);
      bench.setEnabled(name, true);
      same('voltage', bench.voltage(name), max);
    },
  ],
  [
    'is set at once, or one thing at a time, and tells what was before until it is',
    (bench, name, { min, max }) => {
      const before = bench.voltage(name);
      const voltage = before === min ? max : min;
      if (bench.beginVoltage(name, voltage) !== 'PENDING') return;
      same('voltage', bench.voltage(name), before);
      same('second', bench.beginVoltage(name, voltage), 'E_BUSY');
      same('third', bench.beginEnabled(name, bench.enabled(name) === 0), 'E_BUSY');
      while (bench.outcomes.length === 0 && bench.host.deadline !== Infinity) {
        bench.host.advance(bench.framework, bench.host.deadline - bench.host.now());
      }
      same('outcomes', bench.outcomes.splice(0), [[name, 'SUCCESS']]);
      same('voltage', bench.voltage(name), voltage);
    },
  ],
  [
    'stops while something is being set, and nothing comes after',
    (bench, name, { max }) => {
      bench.beginVoltage(name, max);
      bench.framework.stop();
      bench.host.advance(bench.framework, 60_000_000);
      same('outcomes', bench.outcomes, []);
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
