// SPDX-License-Identifier: BSD-3-Clause
/** What each agent sees, and what the parts of the protocol share. */
import type { ElementId } from '@scp/framework';
import type { PowerCapping } from '@scp/power-capping/api';
import { AgentViews, type Message, type ScmiHub } from '@scp/scmi/api';
import { NO_PARENT, POWERCAP_PROTOCOL } from './messages.ts';
import type { Resource } from './resource.ts';
import type { PowerDomainEntry } from './schema.ts';

/** The domains of all agents. */
export class View extends AgentViews<Resource, PowerDomainEntry> {
  readonly hub: ScmiHub;
  readonly domains: PowerCapping;

  /** `make` makes the resource of a domain. FrameworkError E_DATA for lists that do not fit the agents. */
  constructor(
    hub: ScmiHub,
    domains: PowerCapping,
    agents: Readonly<Record<string, readonly PowerDomainEntry[]>>,
    make: (index: number, id: ElementId) => Resource,
  ) {
    super(hub, agents, entry => (typeof entry === 'number' ? entry : entry.domain), make);
    this.hub = hub;
    this.domains = domains;
  }

  /** The domain that a command names in its first word. */
  of(message: Message): Resource | undefined {
    return this.find(message.agent, message.u32(0));
  }

  /** Whether device permissions let an agent use a command on a domain. */
  isPermitted(agent: number, messageId: number, { id }: Resource): boolean {
    return this.hub.isPermitted(agent, POWERCAP_PROTOCOL.id, messageId, id);
  }

  /** Whether the product lets the sender of a command set the cap or the interval of the domain it names. */
  maySet(message: Message, what: 'setCap' | 'setInterval'): boolean {
    const entry = this.entry(message.agent, message.u32(0));
    return entry !== undefined && (typeof entry === 'number' || entry[what] !== false);
  }

  /** An agent's id of the nearest domain above that it sees; NO_PARENT when there is none. */
  parentId(agent: number, { info }: Resource): number {
    let { parent } = info;
    while (parent !== undefined) {
      const resource = this.ofElement(parent);
      const id = resource === undefined ? -1 : this.idOf(agent, resource);
      if (id >= 0) return id;
      parent = this.domains.info(parent)?.parent;
    }
    return NO_PARENT;
  }
}
