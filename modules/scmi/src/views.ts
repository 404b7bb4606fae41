// SPDX-License-Identifier: BSD-3-Clause
/** What each agent sees of a protocol's resources: its own list, its own ids. */
import { type ElementId, FrameworkError, Status } from '@scp/framework';
import { unknownAgent } from './agents.ts';
import type { ScmiHub } from './api.ts';

/** A resource that some agent sees: a protocol keeps one for all agents together. */
export interface ViewedResource {
  /** Position among the resources that any agent sees. */
  readonly index: number;
  /** The HAL's element. */
  readonly id: ElementId;
}

/** A resource in an agent's list, with the entry that put it there. */
export interface Viewed<R extends ViewedResource, E> {
  readonly resource: R;
  /** Permissions, and what else a product or the protocol says of this agent's use of the resource. */
  readonly entry: E;
}

/** The lists of all agents. Constant once made: from the bind stage on. */
export class AgentViews<R extends ViewedResource, E = ElementId> {
  /** The resources that any agent sees, by `index`. */
  readonly resources: R[] = [];
  private readonly byElement = new Map<number, R>();
  /** By agent id, then by the agent's id of the resource. */
  private readonly lists: Viewed<R, E>[][];
  /** By agent id, then by the resource's index: the agent's id of it; a hole for none. */
  private readonly ids: (number | undefined)[][];

  /**
   * Takes the configured lists, by name of the agent. `elementOf` tells the element of an entry, `make` makes the resource
   * of an element when it is first met. FrameworkError E_DATA for an unknown agent, or an element an agent lists twice;
   * `nameOf` says what to call an element then (`clock uart`), which otherwise goes by its position.
   */
  constructor(
    hub: Pick<ScmiHub, 'agents' | 'agentId'>,
    agents: Readonly<Record<string, readonly E[]>>,
    elementOf: (entry: E) => ElementId,
    make: (index: number, id: ElementId) => R,
    nameOf?: (id: ElementId) => string,
  ) {
    this.lists = Array.from({ length: hub.agents.length + 1 }, () => []);
    this.ids = this.lists.map(() => []);
    for (const [name, entries] of Object.entries(agents)) {
      const agent = hub.agentId(name);
      if (agent === undefined) throw unknownAgent(name, hub.agents);
      entries.forEach((entry, position) => {
        const id = elementOf(entry);
        if (this.add(agent, entry, this.resourceOf(id, make))) return;
        const what = nameOf?.(id) ?? `its resource ${position}`;
        throw new FrameworkError(Status.E_DATA, `agent ${name} lists ${what} twice; each once`);
      });
    }
  }

  private resourceOf(id: ElementId, make: (index: number, id: ElementId) => R): R {
    const known = this.byElement.get(id);
    if (known !== undefined) return known;
    const resource = make(this.resources.length, id);
    this.resources.push(resource);
    this.byElement.set(id, resource);
    return resource;
  }

  /** Puts a resource at the end of an agent's list. False when it is there already. */
  private add(agent: number, entry: E, resource: R): boolean {
    const list = this.lists[agent];
    const ids = this.ids[agent];
    if (list === undefined || ids === undefined || this.idOf(agent, resource) >= 0) return false;
    ids[resource.index] = list.push({ resource, entry }) - 1;
    return true;
  }

  /** How many resources an agent sees; its ids are 0..count-1. */
  count(agent: number): number {
    return this.lists[agent]?.length ?? 0;
  }

  /** What stands in an agent's list at its id of a resource, undefined past the end. */
  at(agent: number, id: number): Viewed<R, E> | undefined {
    return this.lists[agent]?.[id];
  }

  /** An agent's resource by its id of it, undefined when it has none. */
  find(agent: number, id: number): R | undefined {
    return this.at(agent, id)?.resource;
  }

  /** The entry of an agent's list by its id of the resource, undefined when it has none. */
  entry(agent: number, id: number): E | undefined {
    return this.at(agent, id)?.entry;
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
