// SPDX-License-Identifier: BSD-3-Clause
/** What the hub keeps of each agent. */
import { FrameworkError, Status } from '@scp/framework';
import type { ResourcePermissions } from '@scp/resource-perms/api';
import type { AgentFacts } from './api.ts';
import type { Registered, Registry } from './registry.ts';

/** The error, E_DATA, of a configuration that names an agent which the product does not have. */
export function unknownAgent(name: string, agents: readonly AgentFacts[]): FrameworkError {
  const known = agents.map(agent => agent.name).join(', ');
  return new FrameworkError(Status.E_DATA, `no agent is called ${name}; the agents are ${known}`);
}

/** An agent's state: versions negotiated, protocols hidden or denied, the wish to hear of errors. */
export class Agent implements AgentFacts {
  readonly id: number;
  readonly name: string;
  readonly trusted: boolean;
  /** Whether it asked for BASE_ERROR_EVENT. */
  notifyErrors = false;
  /** By index of the protocol: the position of the version spoken. */
  private versions = new Uint8Array(0);
  /** By index of the protocol: VISIBLE, HIDDEN or DENIED. */
  private access = new Uint8Array(0);

  constructor(id: number, name: string, trusted: boolean) {
    this.id = id;
    this.name = name;
    this.trusted = trusted;
  }

  /** Prepares for the product's protocols, once they are all known. */
  prepare(registry: Registry): void {
    this.versions = new Uint8Array(registry.all.length);
    this.access = new Uint8Array(registry.all.length);
    this.reset(registry);
  }

  /** The position of the version spoken for a protocol. */
  versionIndex(protocol: Registered): number {
    return this.versions[protocol.index] ?? protocol.offered;
  }

  /** Speaks the version at a position of the declaration from now on. */
  negotiate(protocol: Registered, version: number): void {
    this.versions[protocol.index] = version;
  }

  /** Whether the agent may know of a protocol: it has resources for it. Base is always there. */
  sees(protocol: Registered): boolean {
    return this.access[protocol.index] !== HIDDEN;
  }

  /** Whether permissions leave the agent nothing of a protocol. */
  isDenied(protocol: Registered): boolean {
    return this.access[protocol.index] === DENIED;
  }

  /** Forgets what was negotiated and subscribed to. */
  reset(registry: Registry): void {
    for (const protocol of registry.all) this.versions[protocol.index] = protocol.offered;
    this.notifyErrors = false;
  }

  /** Works out which protocols are hidden or denied; to be called again when permissions change. */
  updateAccess(registry: Registry, permissions: ResourcePermissions | undefined): void {
    for (const registered of registry.all) {
      this.access[registered.index] = registered.index === 0 ? VISIBLE : accessOf(registered, this.id, permissions);
    }
  }
}

const VISIBLE = 0;
const HIDDEN = 1;
const DENIED = 2;

function accessOf({ protocol }: Registered, agent: number, permissions: ResourcePermissions | undefined): number {
  const count = protocol.resourceCount(agent);
  if (count === 0) return HIDDEN;
  if (permissions === undefined) return VISIBLE;
  for (let index = 0; index < count; index++) {
    const resource = protocol.resource(agent, index);
    if (resource === undefined || permissions.isPermitted(agent, protocol.declaration.id, resource)) return VISIBLE;
  }
  return DENIED;
}
