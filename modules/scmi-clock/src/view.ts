// SPDX-License-Identifier: BSD-3-Clause
/** The clocks as each agent sees them: its own ids, its own permissions, its own part of the tree. */
import { type ElementId, FrameworkError, Status } from '@scp/framework';
import type { Clock } from '@scp/clock/api';
import type { ScmiHub } from '@scp/scmi/api';
import { Resource } from './resource.ts';
import type { ClockEntry, ScmiClockConfig } from './schema.ts';

/** A clock in an agent's list. */
export class ViewedClock {
  /** The agent's id of the clock. */
  readonly clockId: number;
  readonly resource: Resource;
  readonly mayState: boolean;
  readonly mayRate: boolean;
  readonly mayParent: boolean;
  /** The agent's ids of the possible parents it sees, ascending, and the clocks they stand for. */
  parentIds: readonly number[] = [];
  parents: readonly ElementId[] = [];

  constructor(clockId: number, resource: Resource, entry: ClockEntry) {
    const { state = true, rate = true, parent = true } = typeof entry === 'number' ? {} : entry;
    this.clockId = clockId;
    this.resource = resource;
    this.mayState = state;
    this.mayRate = rate;
    this.mayParent = parent;
  }

  /** Whether anything is forbidden. */
  get isRestricted(): boolean {
    return !this.mayState || !this.mayRate || !this.mayParent;
  }
}

/** The clocks of one agent. */
export class View {
  readonly agent: number;
  /** By the agent's clock id. */
  readonly clocks: ViewedClock[] = [];
  /** By position of the resource; undefined where the agent does not see it. */
  private readonly byResource: (ViewedClock | undefined)[] = [];

  constructor(agent: number) {
    this.agent = agent;
  }

  /** Adds a clock at the next id. */
  add(clock: ViewedClock): void {
    this.clocks.push(clock);
    this.byResource[clock.resource.index] = clock;
  }

  /** The agent's view of a resource, undefined when it does not see it. */
  of(resource: Resource): ViewedClock | undefined {
    return this.byResource[resource.index];
  }
}

/** Everything that is fixed once the firmware is bound. */
export class Views {
  /** The clocks that any agent sees. */
  readonly resources: Resource[] = [];
  /** By agent id; an agent without clocks has an empty view. */
  readonly views: View[] = [];
  private readonly byElement = new Map<ElementId, Resource>();

  /** FrameworkError E_DATA for an unknown agent, or a clock that an agent lists twice. */
  constructor(config: ScmiClockConfig, hub: ScmiHub, clock: Clock) {
    for (let agent = 0; agent <= hub.agents.length; agent++) this.views.push(new View(agent));
    for (const [name, entries] of Object.entries(config.agents)) {
      const view = this.views[hub.agentId(name) ?? -1];
      if (view === undefined) {
        const known = hub.agents.map(agent => agent.name).join(', ');
        throw new FrameworkError(Status.E_DATA, `no agent is called ${name}; the agents are ${known}`);
      }
      entries.forEach((entry, clockId) => {
        const id = typeof entry === 'number' ? entry : entry.clock;
        const resource = this.resourceOf(id, hub, clock);
        if (view.of(resource) !== undefined) {
          throw new FrameworkError(Status.E_DATA, `agent ${name} lists clock ${clock.name(id)} twice; each once`);
        }
        view.add(new ViewedClock(clockId, resource, entry));
      });
    }
    for (const view of this.views) for (const viewed of view.clocks) this.resolveParents(view, viewed, clock);
  }

  /** The agent's clock with an id, undefined when it has none. */
  find(agent: number, clockId: number): ViewedClock | undefined {
    return this.views[agent]?.clocks[clockId];
  }

  /** The resource of a clock, undefined when no agent sees it. */
  resource(id: ElementId): Resource | undefined {
    return this.byElement.get(id);
  }

  /** The agent's id of the clock `id`, -1 when it does not see it. */
  clockIdOf(agent: number, id: ElementId): number {
    const resource = this.byElement.get(id);
    return (resource === undefined ? undefined : this.views[agent]?.of(resource)?.clockId) ?? -1;
  }

  private resourceOf(id: ElementId, hub: ScmiHub, clock: Clock): Resource {
    const known = this.byElement.get(id);
    if (known !== undefined) return known;
    const resource = new Resource(this.resources.length, id, clock.name(id), hub.agents.length);
    this.resources.push(resource);
    this.byElement.set(id, resource);
    return resource;
  }

  private resolveParents(view: View, viewed: ViewedClock, clock: Clock): void {
    const seen = clock
      .parents(viewed.resource.id)
      .map(id => ({ id, clockId: this.clockIdOf(view.agent, id) }))
      .filter(parent => parent.clockId >= 0)
      .sort((a, b) => a.clockId - b.clockId);
    viewed.parentIds = seen.map(parent => parent.clockId);
    viewed.parents = seen.map(parent => parent.id);
  }
}
