// SPDX-License-Identifier: BSD-3-Clause
/** For tests: performance domains without SCMI. */
import clock from '@scp/clock';
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  isElementId,
  type Module,
  type ModuleDefinition,
  type ProductModule,
  provide,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import psu from '@scp/psu';
import { CAUSE_PLATFORM, DVFS, DVFS_CLIENT, DVFS_OPP_CHANGED, type Dvfs } from './api.ts';
import dvfs from './module.ts';
import type { DvfsElementConfig } from './schema.ts';

export { FakeBoard } from './testing/fake-board.ts';

/** A domain's configuration but for what it drives; what has a default may be left out. */
export type DomainPlan = Pick<DvfsElementConfig, 'opps'> & Partial<Omit<DvfsElementConfig, 'clock' | 'supply'>>;

/**
 * Modules from a board to performance domains: the board (module `first`), clock, psu and dvfs, with an element in each for
 * each domain. `driver` has as many elements; `supplies` is the driver of the supplies where that is another module, which
 * then comes first of all.
 */
export function dvfsModules(
  first: number,
  driver: ProductModule,
  domains: Readonly<Record<string, DomainPlan>>,
  supplies?: ProductModule,
): ProductModule[] {
  const names = Object.keys(domains);
  const before: ProductModule[] = supplies === undefined ? [driver] : [supplies, driver];
  const clockDriver = first + before.length - 1;
  const clockModule = first + before.length;
  return [
    ...before,
    configure(
      clock,
      {},
      names.map((name, index) => ({ name, config: { driver: elementId(clockDriver, index) } })),
    ),
    configure(
      psu,
      {},
      names.map((name, index) => ({ name, config: { driver: elementId(first, index) } })),
    ),
    configure(
      dvfs,
      {},
      Object.entries(domains).map(([name, plan], index) => ({
        name,
        config: {
          latency: 0,
          rateLimit: 0,
          levelIndexing: false,
          retries: 4,
          ...plan,
          clock: elementId(clockModule, index),
          supply: elementId(clockModule + 1, index),
        },
      })),
    ),
  ];
}

/** A change that was told: the domain's name, its operating point, who caused it. */
export type OppChange = readonly [domain: string, opp: number, cause: number];

/** A framework with a board, clocks, supplies, performance domains and a user of them. */
export class DvfsBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Ends of transitions that were pending: domain and status. */
  readonly outcomes: (readonly [domain: string, status: string])[] = [];
  readonly changes: OppChange[] = [];
  /** Called when a transition has ended. */
  onEnded: (() => void) | undefined = undefined;
  private api: Dvfs | undefined = undefined;

  /** Starts the firmware. */
  constructor(driver: ProductModule, domains: Readonly<Record<string, DomainPlan>>, supplies?: ProductModule) {
    const modules = [...dvfsModules(0, driver, domains, supplies), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      apis: [
        provide(DVFS_CLIENT, () => ({
          ended: (domain, status) => {
            this.outcomes.push([framework.nameOf(domain), nameOf(status)]);
            this.onEnded?.();
          },
        })),
      ],
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('dvfs');
        this.api = framework.bind(source, DVFS);
        framework.subscribe(DVFS_OPP_CHANGED, source, id);
      },
      processNotification: event => {
        const domain = event.param(DVFS_OPP_CHANGED.at.domain);
        const name = isElementId(domain) ? framework.nameOf(domain) : '?';
        this.changes.push([name, event.param(DVFS_OPP_CHANGED.at.opp), event.param(DVFS_OPP_CHANGED.at.cause)]);
        return Status.SUCCESS;
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [DVFS_CLIENT], create };
  }

  /** The HAL. */
  get dvfs(): Dvfs {
    if (this.api === undefined) throw new Error('the user has not bound the domains');
    return this.api;
  }

  /** The domain called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('dvfs'), name);
    if (found === undefined) throw new Error(`no domain ${name}`);
    return found;
  }

  /** The operating point of a domain. */
  opp(name: string): number {
    return this.dvfs.opp(this.id(name));
  }

  /** Begins a transition; the status by name. */
  set(name: string, opp: number, cause: number = CAUSE_PLATFORM): string {
    const status = nameOf(this.dvfs.setOpp(this.id(name), opp, cause));
    this.framework.run();
    return status;
  }

  /** Lets time pass, µs. */
  advance(us: number): void {
    this.host.advance(this.framework, us);
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));
