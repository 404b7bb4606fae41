// SPDX-License-Identifier: BSD-3-Clause
/** Servers with power domains, for the tests of this folder. */
import {
  configure,
  elementId,
  type ElementId,
  LogLevel,
  type ModuleDefinition,
  type ProductModule,
  Status,
  State,
} from '@scp/framework';
import mockPpu from '@scp/mock-ppu';
import type { MockPpuElementConfig } from '@scp/mock-ppu/schema';
import powerDomain from '@scp/power-domain';
import { POWER_DOMAIN, POWER_DOMAIN_PRE_TRANSITION, type PowerDomain } from '@scp/power-domain/api';
import type { PowerDomainElementConfig } from '@scp/power-domain/schema';
import type { FakeDriver } from '@scp/power-domain/testing';
import resourcePerms from '@scp/resource-perms';
import { type Answer, FIRST_MODULE, TestServer } from '@scp/scmi/testing';
import scmiPowerDomain from '@scp/scmi-power-domain';
import { POWER_DOMAIN_PROTOCOL } from '@scp/scmi-power-domain/messages';
import type { ScmiPowerDomainConfig } from '@scp/scmi-power-domain/schema';

/** SCMI's words. */
export const ON = 0;
export const SLEEP = 1;
export const OFF = 0x40000000;

/** A domain: its driver's configuration, its own, and its parent by name. */
export type Plan = Partial<MockPpuElementConfig> & {
  readonly type?: PowerDomainElementConfig['type'];
  readonly parent?: string;
};

/** What an agent may do with a domain, by name. */
export type Entry =
  string | { readonly domain: string; readonly set?: 'both' | 'sync' | 'async' | 'none'; readonly notify?: boolean };

/** What a server is made of. */
export interface Setup {
  readonly domains: Readonly<Record<string, Plan>>;
  /** By agent; left out: ospm0 sees every domain, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly report?: ScmiPowerDomainConfig['report'];
  readonly version?: 0x10000 | 0x20000 | 0x30000 | 0x30001;
  /** Domains of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  /** A driver in the place of mock-ppu. */
  readonly driver?: FakeDriver;
  readonly eventCount?: number;
  /** Whether messages are traced. */
  readonly trace?: boolean;
  /** What a subscriber to transitions answers, by name of the domain. */
  readonly veto?: (domain: string) => Status;
}

/** A server and the names of its domains. */
export class PowerServer extends TestServer {
  private readonly names: readonly string[];
  private readonly user: { power: PowerDomain | undefined };

  constructor(setup: Setup) {
    const names = Object.keys(setup.domains);
    const agents = setup.agents ?? { ospm0: names };
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const user: { power: PowerDomain | undefined } = { power: undefined };
    const domains = names.map((name, index) => {
      const { parent, type = 'device', sleep = false } = setup.domains[name] ?? {};
      const config: PowerDomainElementConfig = {
        driver: elementId(FIRST_MODULE, index),
        type,
        states: sleep ? ['off', 'sleep', 'on'] : ['off', 'on'],
        ...(parent === undefined ? {} : { parent: idOf(parent) }),
      };
      return { name, config };
    });
    const config: ScmiPowerDomainConfig = {
      agents: Object.fromEntries(
        Object.entries(agents).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, domain: idOf(entry.domain) })),
        ]),
      ),
      report: setup.report ?? 'own',
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const modules: ProductModule[] = [
      setup.driver?.module ?? configure(mockPpu, {}, mocks(setup.domains)),
      configure(powerDomain, {}, domains),
      configure(scmiPowerDomain, config),
      configure(otherUser(user, setup.veto), undefined),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
    ];
    const trace = setup.trace ?? false;
    const framework = {
      ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }),
      ...(trace ? { logLevel: LogLevel.TRACE } : {}),
    };
    super({ agents: ['ospm0', 'ospm1', 'ospm2'], trusted: ['ospm0'], modules, framework, trace });
    this.names = names;
    this.user = user;
  }

  /** The HAL's element of a domain. */
  domainId(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.names.indexOf(name));
  }

  /** The HAL, as another user of it has it. */
  get power(): PowerDomain {
    if (this.user.power === undefined) throw new Error('not bound');
    return this.user.power;
  }

  /** The actual state of a domain: 0 off, 1 on, 2 asleep. */
  actual(name: string): number {
    return this.power.state(this.domainId(name));
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.powerCommand(agent, key, ...payload).status;
  }

  /** POWER_STATE_SET; flags are 0 unless given. */
  set(agent: string, domainId: number, state: number, flags = 0): number {
    return this.status(agent, 'stateSet', flags, domainId, state);
  }

  /** POWER_STATE_GET: the state, or the status of a failure. */
  get(agent: string, domainId: number): number {
    const { status, values } = this.powerCommand(agent, 'stateGet', domainId);
    return status === 0 ? Number(values['powerState']) : status;
  }

  /** A command of the Power domain protocol, decoded. */
  powerCommand(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, POWER_DOMAIN_PROTOCOL, key, payload);
  }

  /** Sends POWER_STATE_SET that is pending; its answer comes through `end`. */
  begin(agent: string, domainId: number, state: number): void {
    const { stateSet } = POWER_DOMAIN_PROTOCOL.commands;
    const answer = this.send(agent, this.encode(POWER_DOMAIN_PROTOCOL, stateSet, [0, domainId, state]));
    if (answer !== undefined) throw new Error(`POWER_STATE_SET is not pending, it answers ${answer.join(' ')}`);
  }

  /** The status of the command that was pending; undefined while it still is. */
  end(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
  }
}

function otherUser(user: { power: PowerDomain | undefined }, veto?: (domain: string) => Status): ModuleDefinition {
  return {
    name: 'other-user',
    type: 'SERVICE',
    create: framework => ({
      init: () => undefined,
      bind: (id, round) => {
        if (round !== 0) return;
        const source = framework.moduleId('power-domain');
        user.power = framework.bind(source, POWER_DOMAIN);
        if (veto !== undefined) framework.subscribe(POWER_DOMAIN_PRE_TRANSITION, source, id);
      },
      processEvent: () => Status.SUCCESS,
      processNotification: (event, response) => {
        const domain = event.param(POWER_DOMAIN_PRE_TRANSITION.at.domain);
        if (!framework.isEntity(domain) || framework.stateOf(framework.moduleId('other-user')) !== State.STARTED) {
          return Status.E_STATE;
        }
        response.status = veto?.(framework.nameOf(domain)) ?? Status.SUCCESS;
        return Status.SUCCESS;
      },
    }),
  };
}

function mocks(plans: Readonly<Record<string, Plan>>) {
  return Object.entries(plans).map(([name, { parent: _parent, type: _type, ...config }]) => ({
    name,
    config: { on: false, sleep: false, delay: 0, ...config },
  }));
}
