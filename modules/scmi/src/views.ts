// SPDX-License-Identifier: BSD-3-Clause
/** What each agent sees of a protocol's resources: its own list, its own ids. */
import { type ElementId, FrameworkError, Status } from '@scp/framework';
import type { ScmiHub } from './api.ts';

/** A resource that some agent sees: a protocol keeps one for all agents together. */
export interface ViewedResource {
  /** Position among the resources that any agent sees. */
  readonly index: number;
  /** The HAL's element. */
  readonly id: ElementId;
}

/** The lists of all agents. Constant once made: from the bind stage on. */
export class AgentViews<R extends ViewedResource, E = ElementId> {
  /** The resources that any agent sees, by `index`. */
  readonly resources: R[] = [];
  private readonly byElement = new Map<number, R>();
  /** By agent id, then by the agent's id of the resource. */
  private readonly lists: { readonly resource: R; readonly entry: E }[][];
  /** By agent id, then by the resource's index: the agent's id of it, -1 for none. */
  private readonly ids: number[][];

  /**
   * Takes the configured lists, by name of the agent. `elementOf` tells the element of an entry, `make` makes the resource
   * of an element when it is first met. FrameworkError E_DATA for an unknown agent, or an element an agent lists twice.
   */
  constructor(
    hub: ScmiHub,
    agents: Readonly<Record<string, readonly E[]>>,
    elementOf: (entry: E) => ElementId,
    make: (index: number, id: ElementId) => R,
  ) {
    this.lists = Array.from({ length: hub.agents.length + 1 }, () => []);
    this.ids = this.lists.map(() => []);
    for (const [name, entries] of Object.entries(agents)) {
      const agent = hub.agentId(name);
      if (agent === undefined) {
        const known = hub.agents.map(one => one.name).join(', ');
        throw new FrameworkError(Status.E_DATA, `no agent is called ${name}; the agents are ${known}`);
      }
      entries.forEach((entry, position) => this.add(agent, name, entry, position, elementOf(entry), make));
    }
  }

  private add(
    agent: number,
    name: string,
    entry: E,
    position: number,
    id: ElementId,
    make: (index: number, id: ElementId) => R,
  ): void {
    const resource = this.byElement.get(id) ?? make(this.resources.length, id);
    if (!this.byElement.has(id)) {
      for (const ids of this.ids) ids.push(-1);
      this.resources.push(resource);
      this.byElement.set(id, resource);
    }
    if (this.idOf(agent, resource) >= 0) {
      throw new FrameworkError(Status.E_DATA, `agent ${name} lists its resource ${position} twice; each once`);
    }
    const ids = this.ids[agent];
    if (ids !== undefined) ids[resource.index] = position;
    this.lists[agent]?.push({ resource, entry });
  }

  /** How many resources an agent sees; its ids are 0..count-1. */
  count(agent: number): number {
    return this.lists[agent]?.length ?? 0;
  }

  /** An agent's resource by its id of it, undefined when it has none. */
  find(agent: number, id: number): R | undefined {
    return this.lists[agent]?.[id]?.resource;
  }

  /** The entry of an agent's list by its id of the resource: permissions, and what else a product says there. */
  entry(agent: number, id: number): E | undefined {
    return this.lists[agent]?.[id]?.entry;
  }

  /** An agent's id of a resource, -1 when it does not see it: notifications are told in the recipient's ids. */
  idOf(agent: number, resource: R): number {
    return this.ids[agent]?.[resource.index] ?? -1;
  }

  /** The resource of an element, undefined when no agent sees it. */
  ofElement(id: number): R | undefined {
    return this.byElement.get(id);
  }
}
