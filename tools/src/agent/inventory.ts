// SPDX-License-Identifier: BSD-3-Clause
/** What an agent finds when it asks a server for everything it has. */
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { CLOCK_PROTOCOL } from '@scp/scmi-clock/messages';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { PROTOCOLS } from '../protocols.ts';
import { type Agent, optional } from './agent.ts';
import { type ClockFacts, readClocks } from './clocks.ts';
import { entriesOf, textOf } from './pages.ts';
import { readSensors, type SensorFacts } from './sensors.ts';

/** The agent id that stands for the caller. */
const CALLER = 0xffffffff;

/** A protocol the server lists. */
export interface ProtocolFacts {
  readonly id: number;
  /** Our name for it, undefined for one we don't know. */
  readonly name: string | undefined;
  /** Major << 16 | minor; undefined for a protocol this agent does not know. */
  readonly version: number | undefined;
}

/** Everything an agent sees. */
export interface Inventory {
  readonly vendor: string;
  readonly subVendor: string;
  readonly implementationVersion: number;
  readonly baseVersion: number;
  /** The agent's own id and name, as the server tells them; undefined when it doesn't. */
  readonly agent: { readonly id: number; readonly name: string } | undefined;
  readonly protocols: readonly ProtocolFacts[];
  readonly clocks: readonly ClockFacts[];
  readonly sensors: readonly SensorFacts[];
}

/** Asks a server for everything. Throws ScmiError or TransportError when the Base protocol does not answer. */
export function readInventory(agent: Agent): Inventory {
  const base = agent.speak(BASE_PROTOCOL);
  const { commands } = BASE_PROTOCOL;
  const ids = readProtocols(agent);
  const protocols = ids.map(id => {
    const protocol = PROTOCOLS.find(({ declaration }) => declaration.id === id)?.declaration;
    return { id, name: protocol?.name, version: protocol === undefined ? undefined : agent.speak(protocol).version };
  });
  return {
    vendor: textOf(agent.call(base, commands.discoverVendor, []), 'identifier'),
    subVendor: optional(() => textOf(agent.call(base, commands.discoverSubVendor, []), 'identifier')) ?? '',
    implementationVersion: Number(agent.call(base, commands.discoverImplementationVersion, [])['version']),
    baseVersion: base.version,
    agent: optional(() => {
      const self = agent.call(base, commands.discoverAgent, [CALLER]);
      return { id: Number(self['agentId']), name: textOf(self, 'name') };
    }),
    protocols,
    clocks: ids.includes(CLOCK_PROTOCOL.id) ? readClocks(agent) : [],
    sensors: ids.includes(SENSOR_PROTOCOL.id) ? readSensors(agent) : [],
  };
}

function readProtocols(agent: Agent): number[] {
  const base = agent.speak(BASE_PROTOCOL);
  const ids: number[] = [];
  for (;;) {
    const page = agent.call(base, BASE_PROTOCOL.commands.discoverListProtocols, [ids.length]);
    const listed = entriesOf(page, 'protocols');
    if (listed.length === 0) return ids;
    ids.push(...listed.map(one => Number(one['protocol'])));
  }
}
