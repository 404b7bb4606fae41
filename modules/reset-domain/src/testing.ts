// SPDX-License-Identifier: BSD-3-Clause
/** For tests: reset domains without SCMI, and the cases that every reset driver must pass. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  isElementId,
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
  COLD_RESET,
  RESET_DOMAIN,
  RESET_DOMAIN_CLIENT,
  RESET_DOMAIN_RESET,
  type ResetDomain,
  ResetOperation,
} from './api.ts';
import resetDomain from './module.ts';
import type { ResetDomainElementConfig } from './schema.ts';

export { FakeResetDriver } from './testing/fake-driver.ts';

/** The properties of a domain that have defaults, as the builder fills them in. */
export const RESET_DOMAIN_DEFAULTS: Omit<ResetDomainElementConfig, 'driver' | 'latency'> = {
  autonomous: true,
  explicit: true,
  asynchronous: false,
  notifications: true,
  states: [],
};

/** A reset that was told: the domain's name, the reset state, who caused it. */
export type Reset = readonly [domain: string, state: number, cause: number];

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class ResetBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Outcomes of pending operations that came: domain and status. */
  readonly outcomes: (readonly [domain: string, status: string])[] = [];
  readonly resets: Reset[] = [];
  private api: ResetDomain | undefined = undefined;

  /** Starts the firmware. `domains` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(driver: ProductModule, domains: readonly ProductElement<ResetDomainElementConfig>[]) {
    const modules = [driver, configure(resetDomain, {}, domains), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      apis: [
        provide(RESET_DOMAIN_CLIENT, () => ({
          ended: (domain, status) => {
            this.outcomes.push([framework.nameOf(domain), nameOf(status)]);
          },
        })),
      ],
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('reset-domain');
        this.api = framework.bind(source, RESET_DOMAIN);
        framework.subscribe(RESET_DOMAIN_RESET, source, id);
      },
      processNotification: event => {
        const domain = event.param(RESET_DOMAIN_RESET.at.domain);
        const name = isElementId(domain) ? framework.nameOf(domain) : '?';
        const { state, cause } = RESET_DOMAIN_RESET.at;
        this.resets.push([name, event.param(state), event.param(cause)]);
        return Status.SUCCESS;
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [RESET_DOMAIN_CLIENT], create };
  }

  /** The HAL. */
  get domains(): ResetDomain {
    if (this.api === undefined) throw new Error('the user has not bound the reset domains');
    return this.api;
  }

  /** The domain called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('reset-domain'), name);
    if (found === undefined) throw new Error(`no reset domain ${name}`);
    return found;
  }

  /** Begins an operation; the status by name. */
  begin(name: string, operation: ResetOperation, state: number = COLD_RESET, cause = 1): string {
    const status = this.domains.operate(this.id(name), operation, state, cause);
    while (this.framework.poll());
    return nameOf(status);
  }

  /** Does an operation and waits for the outcome if it is PENDING. */
  run(name: string, operation: ResetOperation, state: number = COLD_RESET, cause = 1): string {
    const status = this.begin(name, operation, state, cause);
    if (status !== 'PENDING') return status;
    while (this.outcomes.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    const outcome = this.outcomes.shift();
    if (outcome === undefined) throw new Error('a pending operation never ends');
    return outcome[1];
  }

  /** Whether the line of a domain is asserted. */
  isAsserted(name: string): boolean {
    return this.domains.isAsserted(this.id(name));
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/**
 * What every reset driver must do, as cases for each of its elements. `make` makes its module, configured anew for each
 * case, with a table of elements. The elements do not reset themselves.
 */
export function resetDriverContract(make: () => ProductModule): ContractCase[] {
  const names = (module: ProductModule): string[] =>
    Array.isArray(module.elements) ? module.elements.map((element: ProductElement) => element.name) : [];
  return names(make()).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const driver = make();
        const domains = names(driver).map((one, index) => ({
          name: one,
          config: { ...RESET_DOMAIN_DEFAULTS, states: [1], driver: elementId(0, index) },
        }));
        const bench = new ResetBench(driver, domains);
        check(bench, name);
        if (bench.framework.stop().length > 0) throw new Error('it does not stop cleanly');
        if (bench.host.deadline !== Infinity) throw new Error('an alarm runs after the stop');
      },
    })),
  );
}

const { RELEASE, ASSERT, PULSE } = ResetOperation;

/** An implementation-defined reset state that the domains of the contract have. */
const WARM = 0x80000001;

const CASES: readonly (readonly [string, (bench: ResetBench, name: string) => void])[] = [
  [
    'asserts and releases its line, each also twice',
    (bench, name) => {
      for (const operation of [ASSERT, ASSERT, RELEASE, RELEASE, ASSERT]) {
        same('operate', bench.run(name, operation), 'SUCCESS');
        same('line', bench.isAsserted(name), operation === ASSERT);
      }
    },
  ],
  [
    'is released after a pulse, wherever the line was',
    (bench, name) => {
      for (const before of [ASSERT, RELEASE]) {
        bench.run(name, before);
        same('pulse', bench.run(name, PULSE), 'SUCCESS');
        same('line', bench.isAsserted(name), false);
      }
    },
  ],
  [
    'takes each reset state of its domain',
    (bench, name) => {
      for (const state of [COLD_RESET, WARM]) {
        for (const operation of [PULSE, ASSERT, RELEASE]) same('operate', bench.run(name, operation, state), 'SUCCESS');
      }
    },
  ],
  [
    'leaves the lines of other domains alone',
    (bench, name) => {
      const others = bench.framework.product.modules[1]?.elements;
      if (!Array.isArray(others)) return;
      const lines = () =>
        others.map((other: ProductElement) => other.name !== name && bench.isAsserted(other.name)).join();
      const before = lines();
      for (const operation of [ASSERT, RELEASE, PULSE]) {
        bench.run(name, operation);
        same('lines', lines(), before);
      }
    },
  ],
  [
    'is done at once, or takes one operation at a time',
    (bench, name) => {
      const status = bench.begin(name, PULSE);
      if (status === 'SUCCESS') return;
      same('first', status, 'PENDING');
      for (const operation of [ASSERT, RELEASE, PULSE]) same('second', bench.begin(name, operation), 'E_BUSY');
      while (bench.outcomes.length === 0 && bench.host.deadline !== Infinity) {
        bench.host.advance(bench.framework, bench.host.deadline - bench.host.now());
      }
      same('outcomes', bench.outcomes.splice(0), [[name, 'SUCCESS']]);
      same('line', bench.isAsserted(name), false);
      same('next', bench.run(name, ASSERT), 'SUCCESS');
    },
  ],
  [
    'stops while an operation is under way, and nothing comes after',
    (bench, name) => {
      bench.begin(name, PULSE);
      bench.framework.stop();
      const { length } = bench.outcomes;
      bench.host.advance(bench.framework, 60_000_000);
      same('outcomes', bench.outcomes.length, length);
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
