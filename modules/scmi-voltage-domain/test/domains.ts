// SPDX-License-Identifier: BSD-3-Clause
/** Servers with voltage domains, for the tests of this folder. */
import {
  configure,
  elementId,
  type ElementId,
  type ModuleDefinition,
  type ProductModule,
  provide,
} from '@scp/framework';
import mockVoltageDomain from '@scp/mock-voltage-domain';
import type { MockVoltageDomainElementConfig } from '@scp/mock-voltage-domain/schema';
import resourcePerms from '@scp/resource-perms';
import { type Answer, FIRST_MODULE, TestServer } from '@scp/scmi/testing';
import scmiVoltageDomain from '@scp/scmi-voltage-domain';
import { VOLTAGE_DOMAIN_PROTOCOL } from '@scp/scmi-voltage-domain/messages';
import type { ScmiVoltageDomainConfig } from '@scp/scmi-voltage-domain/schema';
import voltageDomain from '@scp/voltage-domain';
import { VOLTAGE_DOMAIN, VOLTAGE_DOMAIN_CLIENT, type VoltageDomain } from '@scp/voltage-domain/api';
import { type FakeSupply, fakeVoltageDriver } from '@scp/voltage-domain/testing';

/** A domain: its driver's configuration, or the driver in a test's hands. */
export type Plan = (Partial<MockVoltageDomainElementConfig> | { readonly fake: FakeSupply }) & {
  readonly asynchronous?: boolean;
};

/** What an agent may do with a domain, by name. */
export type Entry = string | { domain: string; mode?: boolean; level?: boolean };

/** What a server is made of. */
export interface Setup {
  /** All with a fake driver, or none. */
  readonly domains: Readonly<Record<string, Plan>>;
  /** By agent; left out: ospm0 sees every domain, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly version?: 0x10000 | 0x20000 | 0x20001;
  /** Domains of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  readonly eventCount?: number;
}

/** Another user of the HAL, who gets in the way when a test wants it to. */
class Other {
  domains: VoltageDomain | undefined = undefined;
  readonly definition: ModuleDefinition = {
    name: 'other',
    type: 'SERVICE',
    apis: [VOLTAGE_DOMAIN_CLIENT],
    create: framework => ({
      apis: [provide(VOLTAGE_DOMAIN_CLIENT, () => ({ ended: () => undefined }))],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.domains = framework.bind(framework.moduleId('voltage-domain'), VOLTAGE_DOMAIN);
      },
    }),
  };
}

/** A server and the names of its domains. */
export class VoltageServer extends TestServer {
  private readonly names: readonly string[];
  private readonly other: Other;

  constructor(setup: Setup) {
    const names = Object.keys(setup.domains);
    const agents = setup.agents ?? { ospm0: names };
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const config: ScmiVoltageDomainConfig = {
      agents: Object.fromEntries(
        Object.entries(agents).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, domain: idOf(entry.domain) })),
        ]),
      ),
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const domains = Object.entries(setup.domains).map(([name, { asynchronous = false }], index) => ({
      name,
      config: { driver: elementId(FIRST_MODULE, index), asynchronous },
    }));
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const other = new Other();
    const modules: ProductModule[] = [
      driverOf(setup.domains),
      configure(voltageDomain, {}, domains),
      configure(scmiVoltageDomain, config),
      configure(other.definition, undefined),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
    ];
    const framework = { ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }) };
    super({ agents: ['ospm0', 'ospm1', 'ospm2'], trusted: ['ospm0'], modules, framework });
    this.names = names;
    this.other = other;
  }

  /** The HAL, as another user has it. */
  get hal(): VoltageDomain {
    if (this.other.domains === undefined) throw new Error('the other user has not bound the HAL');
    return this.other.domains;
  }

  /** The HAL's element of a domain. */
  domainId(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.names.indexOf(name));
  }

  /** A command of the Voltage domain protocol, decoded. */
  voltageCommand(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, VOLTAGE_DOMAIN_PROTOCOL, key, payload);
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.voltageCommand(agent, key, ...payload).status;
  }

  /** The mode of an agent's domain, by CONFIG_GET. */
  mode(agent: string, domainId: number): unknown {
    return this.voltageCommand(agent, 'configGet', domainId).values['config'];
  }

  /** The level of an agent's domain, by LEVEL_GET. */
  level(agent: string, domainId: number): unknown {
    return this.voltageCommand(agent, 'levelGet', domainId).values['level'];
  }

  /** Sends a command that is pending; its answer comes through `end`. */
  begin(agent: string, key: 'configSet' | 'levelSet', ...payload: number[]): void {
    const answer = this.send(
      agent,
      this.encode(VOLTAGE_DOMAIN_PROTOCOL, VOLTAGE_DOMAIN_PROTOCOL.commands[key], payload),
    );
    if (answer !== undefined) throw new Error(`${key} is not pending, it answers ${answer.join(' ')}`);
  }

  /** The status of the command that was pending; undefined while it still is. */
  end(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
  }
}

function driverOf(plans: Readonly<Record<string, Plan>>): ProductModule {
  const entries = Object.entries(plans);
  const fakes = entries.flatMap(([name, plan]) => ('fake' in plan ? [[name, plan.fake] as const] : []));
  if (fakes.length > 0) return fakeVoltageDriver(Object.fromEntries(fakes));
  const at = { on: false, alwaysOn: false, readOnly: false, modes: [], delay: 0 };
  return configure(
    mockVoltageDomain,
    {},
    entries.map(([name, { asynchronous: _asynchronous, ...config }]) => ({ name, config: { ...at, ...config } })),
  );
}
