// SPDX-License-Identifier: BSD-3-Clause
/** For tests: power domains without SCMI, and the cases that every driver of power domains must pass. */
import {
  configure,
  type Event,
  elementId,
  type ElementId,
  Framework,
  isElementId,
  isNotificationId,
  type Module,
  type ModuleDefinition,
  notificationIndex,
  type ProductElement,
  type ProductModule,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  CAUSE_PLATFORM,
  POWER_DOMAIN,
  POWER_DOMAIN_PRE_TRANSITION,
  POWER_DOMAIN_STATE_CHANGED,
  type PowerDomain,
  PowerState,
} from './api.ts';
import powerDomainModule from './module.ts';
import type { PowerDomainElementConfig } from './schema.ts';

export { FakeDriver } from './fake-driver.ts';

const STATE_CHANGED = powerDomainModule.notifications?.indexOf(POWER_DOMAIN_STATE_CHANGED);

/** A change that was told: the domain's name, its state, who caused it. */
export type Change = readonly [domain: string, state: number, cause: number];

/** A transition that subscribers were asked about. */
export type Question = readonly [domain: string, from: number, to: number];

/** What a bench is made of. */
export interface PowerBenchOptions {
  /** Subscribers to POWER_DOMAIN_PRE_TRANSITION: what each answers. PENDING answers when `answerNext` is called. */
  readonly vetoers?: readonly ((question: Question) => Status)[];
  /** Events in the pool. Left out: the framework's own. */
  readonly eventCount?: number;
}

/** A framework with a driver (module 0), the HAL (module 1), a user of it, and subscribers who may veto. */
export class PowerBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  readonly changes: Change[] = [];
  readonly questions: Question[] = [];
  private readonly responses: { readonly domain: string; readonly status: string }[] = [];
  /** Answers that subscribers owe: module name and cookie. */
  private readonly owed: { readonly holder: string; readonly cookie: number }[] = [];
  private api: PowerDomain | undefined = undefined;

  /** Starts the firmware. `domains` are the HAL's elements, whose drivers are `elementId(0, n)`. */
  constructor(
    driver: ProductModule,
    domains: readonly ProductElement<PowerDomainElementConfig>[],
    { vetoers = [], ...options }: PowerBenchOptions = {},
  ) {
    const modules = [
      driver,
      configure(powerDomainModule, {}, domains),
      configure(this.user(), undefined),
      ...vetoers.map((answer, index) => configure(this.vetoer(`vetoer${index}`, answer), undefined)),
    ];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host, options);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('power-domain');
        this.api = framework.bind(source, POWER_DOMAIN);
        framework.subscribe(POWER_DOMAIN_STATE_CHANGED, source, id);
      },
      processEvent: event => {
        const domain = isElementId(event.source) ? framework.nameOf(event.source) : '?';
        this.responses.push({ domain, status: nameOf(event.status) });
        return Status.SUCCESS;
      },
      processNotification: event => {
        if (!isNotificationId(event.id) || notificationIndex(event.id) !== STATE_CHANGED) return Status.E_PARAM;
        const { at } = POWER_DOMAIN_STATE_CHANGED;
        this.changes.push([this.domainOf(event), event.param(at.state), event.param(at.cause)]);
        return Status.SUCCESS;
      },
    });
    return { name: 'user', type: 'SERVICE', create };
  }

  private vetoer(name: string, answer: (question: Question) => Status): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      init: () => undefined,
      bind: (id, round) => {
        if (round === 0) framework.subscribe(POWER_DOMAIN_PRE_TRANSITION, framework.moduleId('power-domain'), id);
      },
      processNotification: (event, response) => {
        const { at } = POWER_DOMAIN_PRE_TRANSITION;
        const question: Question = [this.domainOf(event), event.param(at.from), event.param(at.to)];
        this.questions.push(question);
        const status = answer(question);
        if (status !== Status.PENDING) {
          response.status = status;
          return Status.SUCCESS;
        }
        response.isDelayed = true;
        this.owed.push({ holder: name, cookie: event.cookie });
        return Status.SUCCESS;
      },
    });
    return { name, type: 'SERVICE', create };
  }

  private domainOf(event: Event): string {
    const id = event.param(0);
    return isElementId(id) ? this.framework.nameOf(id) : '?';
  }

  /** Gives the oldest answer that a subscriber owes. */
  answerNext(status: Status): void {
    const next = this.owed.shift();
    if (next === undefined) throw new Error('no subscriber owes an answer');
    this.framework.respond(this.framework.moduleId(next.holder), next.cookie, status);
  }

  /** The HAL. */
  get power(): PowerDomain {
    if (this.api === undefined) throw new Error('the user has not bound the HAL');
    return this.api;
  }

  /** The domain called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('power-domain'), name);
    if (found === undefined) throw new Error(`no power domain ${name}`);
    return found;
  }

  /** The state of a domain. */
  state(name: string): number {
    return this.power.state(this.id(name));
  }

  /** Requests a state; answers the name of the status. */
  set(name: string, composite: number, cause: number = CAUSE_PLATFORM): string {
    return nameOf(this.power.setState(this.id(name), composite, cause));
  }

  /** Requests a state and waits for the outcome if it is PENDING. */
  run(name: string, composite: number, cause: number = CAUSE_PLATFORM): string {
    const status = this.set(name, composite, cause);
    if (status !== 'PENDING') {
      this.drain();
      return status;
    }
    const outcome = this.wait();
    if (outcome === undefined) throw new Error('a pending request never ends');
    return outcome;
  }

  /** Waits for the outcome of a pending request; undefined when nothing comes any more. */
  wait(): string | undefined {
    return this.waitFrom()?.status;
  }

  /** As `wait`, with the domain that answers. */
  waitFrom(): { readonly domain: string; readonly status: string } | undefined {
    this.drain();
    while (this.responses.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    return this.responses.shift();
  }

  /** Handles all events. */
  drain(): void {
    while (this.framework.poll());
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/** What a driver's module has: its elements' names and the states they can be in. */
export type DriverStates = Readonly<Record<string, readonly ('off' | 'sleep' | 'on')[]>>;

/**
 * What every driver of power domains must do, as cases for each of its elements. `make` makes its module, configured anew
 * for each case, with a table of the elements that `states` lists.
 */
export function powerDomainDriverContract(make: () => ProductModule, states: DriverStates): ContractCase[] {
  return Object.keys(states).flatMap(name =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const domains = Object.entries(states).map(([one, own], index): ProductElement<PowerDomainElementConfig> => ({
          name: one,
          config: { driver: elementId(0, index), type: 'device', states: [...own] },
        }));
        const bench = new PowerBench(make(), domains);
        check(bench, name);
        bench.framework.stop();
      },
    })),
  );
}

const ALL = [PowerState.ON, PowerState.SLEEP, PowerState.OFF];

const CASES: readonly (readonly [string, (bench: PowerBench, name: string) => void])[] = [
  [
    'is in a state that it can be in at the start',
    (bench, name) => same('has', bench.power.hasState(bench.id(name), bench.power.state(bench.id(name))), true),
  ],
  [
    'goes from each of its states to each other, and to the one it is in',
    (bench, name) => {
      for (const from of ALL) {
        for (const to of ALL) {
          for (const state of [from, to]) {
            if (!bench.power.hasState(bench.id(name), state)) continue;
            same(`set ${state}`, bench.run(name, state), 'SUCCESS');
            same('state', bench.state(name), state);
          }
        }
      }
    },
  ],
  [
    'tells of a change once, and only of a change',
    (bench, name) => {
      const to = bench.state(name) === PowerState.ON ? PowerState.OFF : PowerState.ON;
      bench.run(name, to, 3);
      bench.run(name, to, 4);
      same('changes', bench.changes, [[name, to, 3]]);
    },
  ],
  [
    'answers at once, or takes one transition at a time',
    (bench, name) => {
      const to = bench.state(name) === PowerState.ON ? PowerState.OFF : PowerState.ON;
      if (bench.set(name, to) !== 'PENDING') return;
      same('second', bench.set(name, to), 'E_BUSY');
      same('outcome', bench.wait(), 'SUCCESS');
      same('state', bench.state(name), to);
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
