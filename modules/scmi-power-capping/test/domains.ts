// SPDX-License-Identifier: BSD-3-Clause
/** Servers with power domains, for the tests of this folder. */
import {
  configure,
  elementId,
  type ElementId,
  type ModuleDefinition,
  type ProductModule,
  provide,
} from '@scp/framework';
import mockPowerMeter from '@scp/mock-power-meter';
import type { MockPowerMeterElementConfig } from '@scp/mock-power-meter/schema';
import powerCapping from '@scp/power-capping';
import { POWER_CAPPING, POWER_CAPPING_CLIENT, type PowerCapping } from '@scp/power-capping/api';
import type { PowerCappingElementConfig } from '@scp/power-capping/schema';
import { type FakePowerDriver, POWER_DOMAIN_DEFAULTS } from '@scp/power-capping/testing';
import resourcePerms from '@scp/resource-perms';
import { type Answer, FIRST_MODULE, TestServer } from '@scp/scmi/testing';
import scmiPowerCapping from '@scp/scmi-power-capping';
import { POWERCAP_PROTOCOL } from '@scp/scmi-power-capping/messages';
import type { ScmiPowerCappingConfig } from '@scp/scmi-power-capping/schema';

/** A domain: the HAL's configuration, and its driver's. */
export type Plan = Partial<Omit<PowerCappingElementConfig, 'driver' | 'parent'>> & {
  readonly parent?: string;
} & Partial<Pick<MockPowerMeterElementConfig, 'value' | 'waveform' | 'delay'>>;

/** What an agent may do with a domain, by name. */
export type Entry = string | { domain: string; setCap?: boolean; setInterval?: boolean };

/** What a server is made of. */
export interface Setup {
  readonly domains: Readonly<Record<string, Plan>>;
  /** By agent; left out: ospm0 sees every domain, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly version?: 0x10000 | 0x20000;
  /** Domains of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  /** A driver in the place of mock-power-meter. */
  readonly driver?: FakePowerDriver;
  readonly eventCount?: number;
}

/** Another user of the HAL, who looks at domains, and gets in the way when a test wants it to. */
class Observer {
  domains: PowerCapping | undefined = undefined;
  readonly definition: ModuleDefinition = {
    name: 'observer',
    type: 'SERVICE',
    apis: [POWER_CAPPING_CLIENT],
    create: framework => ({
      apis: [provide(POWER_CAPPING_CLIENT, () => ({ ended: () => undefined }))],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.domains = framework.bind(framework.moduleId('power-capping'), POWER_CAPPING);
      },
    }),
  };
}

/** A server and the names of its domains. */
export class PowercapServer extends TestServer {
  private readonly names: readonly string[];
  private readonly observer: Observer;

  constructor(setup: Setup) {
    const names = Object.keys(setup.domains);
    const agents = setup.agents ?? { ospm0: names };
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const config: ScmiPowerCappingConfig = {
      agents: Object.fromEntries(
        Object.entries(agents).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, domain: idOf(entry.domain) })),
        ]),
      ),
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const plans = Object.entries(setup.domains);
    const domains = plans.map(([name, plan], index) => {
      const { value: _value, waveform: _waveform, delay: _delay, parent, ...rest } = plan;
      const driver = elementId(FIRST_MODULE, index);
      const tree = parent === undefined ? {} : { parent: idOf(parent) };
      return { name, config: { ...POWER_DOMAIN_DEFAULTS, ...rest, ...tree, driver } };
    });
    const meters = plans.map(([name, { value, waveform, delay = 0 }]) => ({
      name,
      config: waveform === undefined ? { value: value ?? 7000, delay } : { waveform, delay },
    }));
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const observer = new Observer();
    const modules: ProductModule[] = [
      setup.driver?.module ?? configure(mockPowerMeter, {}, meters),
      configure(powerCapping, {}, domains),
      configure(scmiPowerCapping, config),
      configure(observer.definition, undefined),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
    ];
    const framework = { ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }) };
    super({ agents: ['ospm0', 'ospm1', 'ospm2'], trusted: ['ospm0'], modules, framework });
    this.names = names;
    this.observer = observer;
    setup.driver?.taken();
  }

  /** The HAL. */
  get hal(): PowerCapping {
    if (this.observer.domains === undefined) throw new Error('the observer has not bound the HAL');
    return this.observer.domains;
  }

  /** The HAL's element of a domain. */
  domainId(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.names.indexOf(name));
  }

  /** The cap in force on a domain. */
  cap(name: string): number {
    return this.hal.cap(this.domainId(name));
  }

  /** The interval in force on a domain, µs. */
  interval(name: string): number {
    return this.hal.interval(this.domainId(name));
  }

  /** A command of the Powercap protocol, decoded. */
  powercap(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, POWERCAP_PROTOCOL, key, payload);
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.powercap(agent, key, ...payload).status;
  }

  /** The status of a synchronous POWERCAP_CAP_SET. */
  capSet(agent: string, domainId: number, cap: number): number {
    return this.status(agent, 'capSet', domainId, 0, cap);
  }

  /** What POWERCAP_CAP_GET answers. */
  capGet(agent: string, domainId: number): unknown {
    return this.powercap(agent, 'capGet', domainId).values['powerCap'];
  }

  /** Sends a command that is pending; its answer comes through `end`. */
  begin(agent: string, key: 'capSet' | 'paiSet', ...payload: number[]): void {
    const answer = this.send(agent, this.encode(POWERCAP_PROTOCOL, POWERCAP_PROTOCOL.commands[key], payload));
    if (answer !== undefined) throw new Error(`${key} is not pending, it answers ${answer.join(' ')}`);
  }

  /** The status of the command that was pending; undefined while it still is. */
  end(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
  }
}
