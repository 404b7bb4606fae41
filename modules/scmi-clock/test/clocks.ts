// SPDX-License-Identifier: BSD-3-Clause
/** Servers with clocks, for the tests of this folder. */
import { configure, elementId, type ElementId, type ProductModule } from '@scp/framework';
import clock from '@scp/clock';
import type { FakeDriver } from '@scp/clock/testing';
import mockClock from '@scp/mock-clock';
import type { MockClockElementConfig } from '@scp/mock-clock/schema';
import resourcePerms from '@scp/resource-perms';
import scmiClock from '@scp/scmi-clock';
import { CLOCK_PROTOCOL } from '@scp/scmi-clock/messages';
import type { ScmiClockConfig } from '@scp/scmi-clock/schema';
import { type Answer, FIRST_MODULE, TestServer, words } from '@scp/scmi/testing';

/** A clock: its driver's configuration, and the names of its parents. */
export type Plan = Partial<MockClockElementConfig> & { readonly parents?: readonly string[]; readonly parent?: string };

/** What an agent may do with a clock, by name. */
export type Entry = string | { clock: string; state?: boolean; rate?: boolean; parent?: boolean };

/** What a server is made of. */
export interface Setup {
  readonly clocks: Readonly<Record<string, Plan>>;
  /** By agent; left out: ospm0 sees every clock, in order. */
  readonly agents?: Readonly<Record<string, readonly Entry[]>>;
  readonly maxPendingRateChanges?: number;
  readonly version?: 0x10000 | 0x20000 | 0x30000;
  /** Clocks of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  /** A driver in the place of mock-clock. */
  readonly driver?: FakeDriver;
  readonly eventCount?: number;
  /** Modules after all others. */
  readonly extra?: readonly ProductModule[];
}

/** A server and the names of its clocks. */
export class ClockServer extends TestServer {
  readonly driver: FakeDriver | undefined;
  private readonly clockNames: readonly string[];

  constructor(setup: Setup) {
    const names = Object.keys(setup.clocks);
    const agents = setup.agents ?? { ospm0: names };
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const config: ScmiClockConfig = {
      agents: Object.fromEntries(
        Object.entries(agents).map(([agent, entries]) => [
          agent,
          entries.map(entry => (typeof entry === 'string' ? idOf(entry) : { ...entry, clock: idOf(entry.clock) })),
        ]),
      ),
      maxPendingRateChanges: setup.maxPendingRateChanges ?? 8,
      ...(setup.version === undefined ? {} : { version: setup.version }),
    };
    const clocks = names.map((name, index) => {
      const { parents, parent } = setup.clocks[name] ?? {};
      return {
        name,
        config: {
          driver: elementId(FIRST_MODULE, index),
          ...(parents === undefined ? {} : { parents: parents.map(idOf) }),
          ...(parent === undefined ? {} : { parent: idOf(parent) }),
        },
      };
    });
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const modules: ProductModule[] = [
      setup.driver?.module ?? configure(mockClock, {}, mocks(setup.clocks)),
      configure(clock, {}, clocks),
      configure(scmiClock, config),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
      ...(setup.extra ?? []),
    ];
    const known = ['ospm0', 'ospm1', 'ospm2'];
    const framework = { ...(setup.eventCount === undefined ? {} : { eventCount: setup.eventCount }) };
    super({ agents: known, trusted: ['ospm0'], modules, framework });
    this.driver = setup.driver;
    this.clockNames = names;
  }

  /** The HAL's element of a clock. */
  clockId(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.clockNames.indexOf(name));
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.clockCommand(agent, key, ...payload).status;
  }

  /** A command of the Clock protocol, decoded. */
  clockCommand(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, CLOCK_PROTOCOL, key, payload);
  }

  /** The value of a field in the answer to a command. */
  value(agent: string, key: string, field: string, ...payload: number[]): unknown {
    return this.clockCommand(agent, key, ...payload).values[field];
  }

  /** The rate of an agent's clock. */
  rate(agent: string, clockId: number): number {
    const { status, values } = this.clockCommand(agent, 'rateGet', clockId);
    if (status !== 0) throw new Error(`RATE_GET: ${status}`);
    return Number(values['rateLow']) + Number(values['rateHigh']) * 2 ** 32;
  }

  /** Whether an agent's clock is enabled, by CLOCK_ATTRIBUTES. */
  isEnabled(agent: string, clockId: number): boolean {
    const answer = this.send(agent, words(0x5003, clockId));
    return answer !== undefined && answer.length > 8 && ((answer[8] ?? 0) & 1) === 1;
  }

  /** Sends a command of the Clock protocol that is pending. */
  begin(agent: string, key: string, ...payload: number[]): void {
    this.beginCommand(agent, CLOCK_PROTOCOL, key, payload);
  }
}

function mocks(plans: Readonly<Record<string, Plan>>) {
  return Object.entries(plans).map(([name, { parents: _parents, parent: _parent, ...config }]) => ({
    name,
    config: { on: false, enableDelay: 0, delay: 0, ...config },
  }));
}
