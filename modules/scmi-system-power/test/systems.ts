// SPDX-License-Identifier: BSD-3-Clause
/** Servers with systems, for the tests of this folder. */
import { configure, elementId, type ElementId, type ModuleDefinition } from '@scp/framework';
import resourcePerms from '@scp/resource-perms';
import { FIRST_MODULE, TestServer } from '@scp/scmi/testing';
import scmiSystemPower from '@scp/scmi-system-power';
import { SYSTEM_POWER_PROTOCOL } from '@scp/scmi-system-power/messages';
import type { ScmiSystemPowerConfig } from '@scp/scmi-system-power/schema';
import systemPower from '@scp/system-power';
import { SYSTEM_POWER, type SystemPower } from '@scp/system-power/api';
import type { SystemPowerElementConfig } from '@scp/system-power/schema';

/** What an agent may do with its system, by name. */
export type Entry = string | { readonly system: string; readonly set?: boolean; readonly view?: 'inside' | 'outside' };

/** What a server is made of. */
export interface Setup {
  /** By name; left out: one called `board`. */
  readonly systems?: Readonly<Record<string, Partial<SystemPowerElementConfig>>>;
  /** By agent; left out: ospm0 is in `board`. */
  readonly agents?: Readonly<Record<string, Entry>>;
  readonly version?: 0x10000 | 0x20000 | 0x20001;
  /** Systems of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
}

/** A server and the names of its systems. */
export class SystemServer extends TestServer {
  private readonly names: readonly string[];
  private readonly user: { power: SystemPower | undefined };

  constructor(setup: Setup = {}) {
    const systems = setup.systems ?? { board: {} };
    const names = Object.keys(systems);
    const idOf = (name: string) => elementId(FIRST_MODULE, names.indexOf(name));
    const config: ScmiSystemPowerConfig = {
      agents: Object.fromEntries(
        Object.entries(setup.agents ?? { ospm0: 'board' }).map(([agent, entry]) => [
          agent,
          typeof entry === 'string' ? idOf(entry) : { ...entry, system: idOf(entry.system) },
        ]),
      ),
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const user: { power: SystemPower | undefined } = { power: undefined };
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    super({
      agents: ['ospm0', 'ospm1', 'ospm2'],
      trusted: ['ospm0'],
      modules: [
        configure(
          systemPower,
          {},
          Object.entries(systems).map(([name, system]) => ({
            name,
            config: { warmReset: true, suspend: true, gracefulTimeout: 10_000_000, schedule: [], ...system },
          })),
        ),
        configure(scmiSystemPower, config),
        configure(platform(user), undefined),
        ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
      ],
    });
    this.names = names;
    this.user = user;
  }

  /** The element of a system. */
  systemId(name = 'board'): ElementId {
    return elementId(FIRST_MODULE, this.names.indexOf(name));
  }

  /** The service, as the platform has it. */
  get power(): SystemPower {
    if (this.user.power === undefined) throw new Error('not bound');
    return this.user.power;
  }

  /** The state of a system. */
  state(name = 'board'): number {
    return this.power.state(this.systemId(name));
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.command(agent, SYSTEM_POWER_PROTOCOL, key, payload).status;
  }
}

function platform(user: { power: SystemPower | undefined }): ModuleDefinition {
  return {
    name: 'platform',
    type: 'SERVICE',
    create: framework => ({
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) user.power = framework.bind(framework.moduleId('system-power'), SYSTEM_POWER);
      },
    }),
  };
}
