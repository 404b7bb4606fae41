// SPDX-License-Identifier: BSD-3-Clause
/** Servers with performance domains, for the tests of this folder. */
import { DVFS, DVFS_CLIENT, type Dvfs } from '@scp/dvfs/api';
import { type DomainPlan, dvfsModules, FakeBoard } from '@scp/dvfs/testing';
import {
  configure,
  elementId,
  type ElementId,
  type ModuleDefinition,
  type ProductModule,
  provide,
} from '@scp/framework';
import mockPsu from '@scp/mock-psu';
import resourcePerms from '@scp/resource-perms';
import { type Answer, FIRST_MODULE, TestServer } from '@scp/scmi/testing';
import scmiPerf from '@scp/scmi-perf';
import { PERF_PROTOCOL } from '@scp/scmi-perf/messages';
import type { ScmiPerfConfig } from '@scp/scmi-perf/schema';
import systemPll from '@scp/system-pll';

/** What an agent may do with a domain, by name. */
export type Entry = string | { domain: string; limits?: boolean; level?: boolean; notify?: boolean };

/** What a server is made of. */
export interface Setup {
  readonly domains: Readonly<Record<string, DomainPlan>>;
  /** By agent; left out: ospm0 sees every domain, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly version?: 0x10000 | 0x20000 | 0x30000 | 0x40000;
  readonly powerUnit?: ScmiPerfConfig['powerUnit'];
  /** The hardware; left out: a board that does everything at once. */
  readonly board?: FakeBoard;
  /** In place of a board: PLLs that lock and supplies that take time, in µs. */
  readonly delays?: { readonly lock: number; readonly voltage: number };
  /** Domains of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  readonly eventCount?: number;
}

/** Another user of the HAL. */
class Other {
  dvfs: Dvfs | undefined = undefined;
  readonly definition: ModuleDefinition = {
    name: 'other',
    type: 'SERVICE',
    apis: [DVFS_CLIENT],
    create: framework => ({
      apis: [provide(DVFS_CLIENT, () => ({ ended: () => undefined }))],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.dvfs = framework.bind(framework.moduleId('dvfs'), DVFS);
      },
    }),
  };
}

function hardware({ domains, board, delays }: Setup): ProductModule[] {
  const names = Object.keys(domains);
  if (delays === undefined) return dvfsModules(FIRST_MODULE, (board ?? new FakeBoard(names)).module, domains);
  const plls = names.map(name => ({
    name,
    config: { range: { min: 0, max: 4_000_000_000, step: 1000 }, on: true, lock: delays.lock },
  }));
  const supplies = names.map(name => ({ name, config: { on: true, delay: delays.voltage } }));
  return dvfsModules(FIRST_MODULE, configure(systemPll, {}, plls), domains, configure(mockPsu, {}, supplies));
}

/** A server and the names of its domains. */
export class PerfServer extends TestServer {
  private readonly names: readonly string[];
  private readonly other: Other;
  private readonly dvfsModule: number;

  constructor(setup: Setup) {
    const names = Object.keys(setup.domains);
    const modules = hardware(setup);
    const dvfsModule = FIRST_MODULE + modules.length - 1;
    // A name that is no domain’s is the element after the last.
    const idOf = (name: string) => elementId(dvfsModule, (names.indexOf(name) + names.length + 1) % (names.length + 1));
    const config: ScmiPerfConfig = {
      agents: Object.fromEntries(
        Object.entries(setup.agents ?? { ospm0: names }).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, domain: idOf(entry.domain) })),
        ]),
      ),
      powerUnit: setup.powerUnit ?? 'mW',
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const other = new Other();
    super({
      agents: ['ospm0', 'ospm1', 'ospm2'],
      trusted: ['ospm0'],
      modules: [
        ...modules,
        configure(scmiPerf, config),
        configure(other.definition, undefined),
        ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
      ],
      framework: { ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }) },
    });
    this.names = names;
    this.other = other;
    this.dvfsModule = dvfsModule;
  }

  /** The HAL, as another user has it. */
  get dvfs(): Dvfs {
    if (this.other.dvfs === undefined) throw new Error('the other user has not bound the HAL');
    return this.other.dvfs;
  }

  /** The HAL's element of a domain. */
  domainId(name: string): ElementId {
    return elementId(this.dvfsModule, this.names.indexOf(name));
  }

  /** A command of the Performance domain protocol, decoded as the newest version. */
  perfCommand(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, PERF_PROTOCOL, key, payload);
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.perfCommand(agent, key, ...payload).status;
  }

  /** The level, or index, of an agent's domain, by LEVEL_GET. */
  level(agent: string, domainId: number): unknown {
    return this.perfCommand(agent, 'levelGet', domainId).values['level'];
  }

  /** The limits of an agent's domain by LIMITS_GET: lowest and highest. */
  limits(agent: string, domainId: number): readonly unknown[] {
    const { values } = this.perfCommand(agent, 'limitsGet', domainId);
    return [values['rangeMin'], values['rangeMax']];
  }

  /** Sends LEVEL_GET, which is pending; its answer comes through `end`. */
  beginLevelGet(agent: string, domainId: number): void {
    const answer = this.send(agent, this.encode(PERF_PROTOCOL, PERF_PROTOCOL.commands.levelGet, [domainId]));
    if (answer !== undefined) throw new Error(`LEVEL_GET is not pending, it answers ${answer.join(' ')}`);
  }

  /** The level that a pending LEVEL_GET was answered with; undefined while it is pending. */
  end(agent: string): unknown {
    const answer = this.take(agent);
    if (answer === undefined) return undefined;
    return this.decode(PERF_PROTOCOL, PERF_PROTOCOL.commands.levelGet, answer).values['level'];
  }
}
