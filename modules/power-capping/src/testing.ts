// SPDX-License-Identifier: BSD-3-Clause
/** For tests: power domains without SCMI, and the cases that every driver of them must pass. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  isElementId,
  type Module,
  type ModuleDefinition,
  notificationId,
  type ProductElement,
  type ProductModule,
  provide,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  type Out,
  POWER_CAP_CHANGED,
  POWER_CAPPING,
  POWER_CAPPING_CLIENT,
  POWER_CAPPING_NOTIFICATIONS,
  POWER_MEASURED,
  type PowerCapping,
  UNCAPPED,
} from './api.ts';
import powerCapping from './module.ts';
import type { PowerCappingElementConfig } from './schema.ts';

export { FakePowerDriver } from './testing/fake-driver.ts';

/** The properties of a domain that have defaults, as the builder fills them in, with caps and intervals for tests. */
export const POWER_DOMAIN_DEFAULTS: Omit<PowerCappingElementConfig, 'driver'> = {
  unit: 'milliwatts',
  cap: { min: 1000, max: 20_000, step: 500 },
  interval: { min: 1000, max: 50_000, step: 1000 },
  monitored: true,
  asynchronous: false,
  capNotifications: true,
  powerNotifications: true,
  sustainablePower: 0,
  accuracy: 0,
};

/** A change that was told: the domain’s name, cap and interval, who caused it. */
export type Change = readonly [domain: string, cap: number, interval: number, cause: number];

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class PowerBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Outcomes of pending operations that came: domain and status. */
  readonly outcomes: (readonly [domain: string, status: string])[] = [];
  readonly changes: Change[] = [];
  /** Powers that were told: domain, power, and when, µs. */
  readonly measured: (readonly [domain: string, power: number, time: number])[] = [];
  private readonly out: Out = { value: 0 };
  private api: PowerCapping | undefined = undefined;

  /** Starts the firmware. `domains` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(driver: ProductModule, domains: readonly ProductElement<PowerCappingElementConfig>[]) {
    const modules = [driver, configure(powerCapping, {}, domains), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const measuredId = notificationId(1, POWER_CAPPING_NOTIFICATIONS.indexOf(POWER_MEASURED));
    const create = (framework: Framework): Module => ({
      apis: [
        provide(POWER_CAPPING_CLIENT, () => ({
          ended: (domain, status) => {
            this.outcomes.push([framework.nameOf(domain), nameOf(status)]);
          },
        })),
      ],
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('power-capping');
        this.api = framework.bind(source, POWER_CAPPING);
        for (const token of POWER_CAPPING_NOTIFICATIONS) framework.subscribe(token, source, id);
      },
      processNotification: event => {
        const domain = event.param(0);
        const name = isElementId(domain) ? framework.nameOf(domain) : '?';
        if (event.id === measuredId) {
          this.measured.push([name, event.param(POWER_MEASURED.at.power), this.host.now()]);
        } else {
          const { cap, interval, cause } = POWER_CAP_CHANGED.at;
          this.changes.push([name, event.param(cap), event.param(interval), event.param(cause)]);
        }
        return Status.SUCCESS;
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [POWER_CAPPING_CLIENT], create };
  }

  /** The HAL. */
  get domains(): PowerCapping {
    if (this.api === undefined) throw new Error('the user has not bound the power domains');
    return this.api;
  }

  /** The domain called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('power-capping'), name);
    if (found === undefined) throw new Error(`no power domain ${name}`);
    return found;
  }

  /** Begins to set a cap; the status by name. */
  beginCap(name: string, cap: number, cause = 1): string {
    const status = this.domains.setCap(this.id(name), cap, cause);
    while (this.framework.poll());
    return nameOf(status);
  }

  /** Begins to set an interval; the status by name. */
  beginInterval(name: string, interval: number, cause = 1): string {
    const status = this.domains.setInterval(this.id(name), interval, cause);
    while (this.framework.poll());
    return nameOf(status);
  }

  /** Sets a cap and waits for the outcome if it is PENDING. */
  cap(name: string, cap: number, cause = 1): string {
    return this.settle(this.beginCap(name, cap, cause));
  }

  /** Sets an interval and waits for the outcome if it is PENDING. */
  interval(name: string, interval: number, cause = 1): string {
    return this.settle(this.beginInterval(name, interval, cause));
  }

  /** Waits for the outcome of what answered `status`. */
  settle(status: string): string {
    if (status !== 'PENDING') return status;
    while (this.outcomes.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    const outcome = this.outcomes.shift();
    if (outcome === undefined) throw new Error('a pending operation never ends');
    return outcome[1];
  }

  /** The power measured now, or the status of the failure by name. */
  power(name: string): number | string {
    const status = this.domains.measure(this.id(name), this.out);
    return status === Status.SUCCESS ? this.out.value : nameOf(status);
  }

  /** Cap and interval in force. */
  inForce(name: string): readonly [cap: number, interval: number] {
    return [this.domains.cap(this.id(name)), this.domains.interval(this.id(name))];
  }

  /** Lets time pass, µs. */
  advance(us: number): void {
    this.host.advance(this.framework, us);
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/**
 * What every driver must do, as cases for each of its elements. `make` makes its module, configured anew for each case,
 * with a table of elements. Domains are POWER_DOMAIN_DEFAULTS.
 */
export function powerDriverContract(make: () => ProductModule): ContractCase[] {
  const names = (module: ProductModule): string[] =>
    Array.isArray(module.elements) ? module.elements.map((element: ProductElement) => element.name) : [];
  return names(make()).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const driver = make();
        const domains = names(driver).map((one, index) => ({
          name: one,
          config: { ...POWER_DOMAIN_DEFAULTS, driver: elementId(0, index) },
        }));
        const bench = new PowerBench(driver, domains);
        check(bench, name);
        if (bench.framework.stop().length > 0) throw new Error('it does not stop cleanly');
        if (bench.host.deadline !== Infinity) throw new Error('an alarm runs after the stop');
      },
    })),
  );
}

const CASES: readonly (readonly [string, (bench: PowerBench, name: string) => void])[] = [
  [
    'takes each cap, none, and each interval',
    (bench, name) => {
      for (const cap of [1000, 20_000, 7500, UNCAPPED, UNCAPPED, 1500, 1500]) {
        same('cap', bench.cap(name, cap), 'SUCCESS');
      }
      for (const interval of [50_000, 1000, 7000, 7000]) same('interval', bench.interval(name, interval), 'SUCCESS');
      same('in force', bench.inForce(name), [1500, 7000]);
    },
  ],
  [
    'measures what is never above the cap, after a few intervals',
    (bench, name) => {
      for (const cap of [20_000, 5000, 1000]) {
        same('cap', bench.cap(name, cap), 'SUCCESS');
        bench.advance(10_000);
        for (let times = 0; times < 50; times++) {
          const power = bench.power(name);
          if (typeof power === 'string' || power < 0 || power > cap) throw new Error(`${power} of at most ${cap}`);
          bench.advance(777);
        }
      }
    },
  ],
  [
    'measures the same again at the same time',
    (bench, name) => {
      bench.advance(123_456);
      same('power', bench.power(name), bench.power(name));
    },
  ],
  [
    'is done at once, or takes one operation at a time and measures meanwhile',
    (bench, name) => {
      const status = bench.beginCap(name, 2000);
      if (status === 'SUCCESS') return;
      same('first', status, 'PENDING');
      same('second', bench.beginCap(name, 3000), 'E_BUSY');
      same('other', bench.beginInterval(name, 2000), 'E_BUSY');
      if (typeof bench.power(name) === 'string') throw new Error('it does not measure while it is busy');
      same('outcome', bench.settle(status), 'SUCCESS');
      same('next', bench.interval(name, 2000), 'SUCCESS');
      same('outcomes', bench.outcomes, []);
      same('in force', bench.inForce(name), [2000, 2000]);
    },
  ],
  [
    'stops while an operation is under way, and nothing comes after',
    (bench, name) => {
      bench.beginCap(name, 2000);
      bench.framework.stop();
      const { length } = bench.outcomes;
      bench.advance(60_000_000);
      same('outcomes', bench.outcomes.length, length);
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
