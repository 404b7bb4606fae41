// SPDX-License-Identifier: BSD-3-Clause
/** Servers with reset domains, for the tests of this folder. */
import {
  configure,
  elementId,
  type ElementId,
  type ModuleDefinition,
  type ProductModule,
  provide,
} from '@scp/framework';
import mockReset from '@scp/mock-reset';
import type { MockResetElementConfig } from '@scp/mock-reset/schema';
import resetDomain from '@scp/reset-domain';
import { RESET_DOMAIN, RESET_DOMAIN_CLIENT, type ResetDomain } from '@scp/reset-domain/api';
import type { ResetDomainElementConfig } from '@scp/reset-domain/schema';
import { type FakeResetDriver, RESET_DOMAIN_DEFAULTS } from '@scp/reset-domain/testing';
import resourcePerms from '@scp/resource-perms';
import scmiResetDomain from '@scp/scmi-reset-domain';
import { RESET_DOMAIN_PROTOCOL } from '@scp/scmi-reset-domain/messages';
import type { ScmiResetDomainConfig } from '@scp/scmi-reset-domain/schema';
import { type Answer, FIRST_MODULE, TestServer } from '@scp/scmi/testing';

/** A domain: the HAL's configuration, and its driver's. */
export type Plan = Partial<Omit<ResetDomainElementConfig, 'driver'>> & Partial<MockResetElementConfig>;

/** What an agent may do with a domain, by name. */
export type Entry = string | { domain: string; reset?: boolean };

/** What a server is made of. */
export interface Setup {
  readonly domains: Readonly<Record<string, Plan>>;
  /** By agent; left out: ospm0 sees every domain, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly sharing?: ScmiResetDomainConfig['sharing'];
  readonly version?: 0x10000 | 0x30000 | 0x30001;
  /** Domains of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  /** A driver in the place of mock-reset. */
  readonly driver?: FakeResetDriver;
  readonly eventCount?: number;
}

/** Another user of the HAL, who looks at lines, and gets in the way when a test wants it to. */
class Observer {
  domains: ResetDomain | undefined = undefined;
  readonly definition: ModuleDefinition = {
    name: 'observer',
    type: 'SERVICE',
    apis: [RESET_DOMAIN_CLIENT],
    create: framework => ({
      apis: [provide(RESET_DOMAIN_CLIENT, () => ({ ended: () => undefined }))],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.domains = framework.bind(framework.moduleId('reset-domain'), RESET_DOMAIN);
      },
    }),
  };
}

/** A server and the names of its domains. */
export class ResetServer extends TestServer {
  private readonly names: readonly string[];
  private readonly observer: Observer;

  constructor(setup: Setup) {
    const names = Object.keys(setup.domains);
    const agents = setup.agents ?? { ospm0: names };
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const config: ScmiResetDomainConfig = {
      agents: Object.fromEntries(
        Object.entries(agents).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, domain: idOf(entry.domain) })),
        ]),
      ),
      sharing: setup.sharing ?? 'exclusive',
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const plans = Object.entries(setup.domains);
    const domains = plans.map(
      ([name, { asserted: _asserted, delay: _delay, watchdog: _watchdog, ...plan }], index) => ({
        name,
        config: { ...RESET_DOMAIN_DEFAULTS, ...plan, driver: elementId(FIRST_MODULE, index) },
      }),
    );
    const lines = plans.map(([name, { asserted = false, delay = 0, watchdog }]) => ({
      name,
      config: { asserted, delay, ...(watchdog === undefined ? {} : { watchdog }) },
    }));
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const observer = new Observer();
    const modules: ProductModule[] = [
      setup.driver?.module ?? configure(mockReset, {}, lines),
      configure(resetDomain, {}, domains),
      configure(scmiResetDomain, config),
      configure(observer.definition, undefined),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
    ];
    const framework = { ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }) };
    super({ agents: ['ospm0', 'ospm1', 'ospm2'], trusted: ['ospm0'], modules, framework });
    this.names = names;
    this.observer = observer;
  }

  /** The HAL. */
  get hal(): ResetDomain {
    if (this.observer.domains === undefined) throw new Error('the observer has not bound the HAL');
    return this.observer.domains;
  }

  /** Whether the line of a domain is asserted. */
  isAsserted(name: string): boolean {
    return this.hal.isAsserted(this.domainId(name));
  }

  /** The HAL's element of a domain. */
  domainId(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.names.indexOf(name));
  }

  /** A command of the Reset domain protocol, decoded. */
  resetCommand(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, RESET_DOMAIN_PROTOCOL, key, payload);
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.resetCommand(agent, key, ...payload).status;
  }

  /** The status of a cold RESET. */
  reset(agent: string, domainId: number, flags: number): number {
    return this.status(agent, 'reset', domainId, flags, 0);
  }

  /** Sends a RESET that is pending; its answer comes through `end`. */
  begin(agent: string, domainId: number, flags: number, state = 0): void {
    const { reset } = RESET_DOMAIN_PROTOCOL.commands;
    const answer = this.send(agent, this.encode(RESET_DOMAIN_PROTOCOL, reset, [domainId, flags, state]));
    if (answer !== undefined) throw new Error(`RESET is not pending, it answers ${answer.join(' ')}`);
  }

  /** The status of the command that was pending; undefined while it still is. */
  end(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
  }
}
