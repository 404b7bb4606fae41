// SPDX-License-Identifier: BSD-3-Clause
/** The clocks as each agent sees them: its own ids, its own permissions, its own part of the tree. */
import type { ElementId } from '@scp/framework';
import type { Clock } from '@scp/clock/api';
import { AgentViews, type ScmiHub, type Viewed } from '@scp/scmi/api';
import { Resource } from './resource.ts';
import type { ClockEntry, ScmiClockConfig } from './schema.ts';

/** What an agent may do with a clock, and which parents it sees. */
export class ClockAccess {
  /** The HAL's element of the clock. */
  readonly clock: ElementId;
  readonly mayState: boolean;
  readonly mayRate: boolean;
  readonly mayParent: boolean;
  /** The agent's ids of the possible parents it sees, ascending, and the clocks they stand for. */
  parentIds: readonly number[] = [];
  parents: readonly ElementId[] = [];

  constructor(entry: ClockEntry) {
    const { clock, state = true, rate = true, parent = true } = typeof entry === 'number' ? { clock: entry } : entry;
    this.clock = clock;
    this.mayState = state;
    this.mayRate = rate;
    this.mayParent = parent;
  }

  /** Whether anything is forbidden. */
  get isRestricted(): boolean {
    return !this.mayState || !this.mayRate || !this.mayParent;
  }
}

/** The clocks of all agents. */
export type Views = AgentViews<Resource, ClockAccess>;
/** A clock in an agent's list. */
export type ViewedClock = Viewed<Resource, ClockAccess>;

/** Everything that is fixed once the firmware is bound. FrameworkError E_DATA as AgentViews. */
export function createViews(config: ScmiClockConfig, hub: ScmiHub, clock: Clock): Views {
  const lists: { [agent: string]: readonly ClockAccess[] } = {};
  for (const [agent, entries] of Object.entries(config.agents)) lists[agent] = entries.map(one => new ClockAccess(one));
  const views: Views = new AgentViews(
    hub,
    lists,
    access => access.clock,
    (index, id) => new Resource(index, id, clock.name(id), hub.agents.length),
    id => `clock ${clock.name(id)}`,
  );
  for (const { id: agent } of hub.agents) {
    for (let clockId = 0; clockId < views.count(agent); clockId++) {
      const access = views.entry(agent, clockId);
      if (access !== undefined) resolveParents(views, agent, access, clock);
    }
  }
  return views;
}

function resolveParents(views: Views, agent: number, access: ClockAccess, clock: Clock): void {
  const seen = clock
    .parents(access.clock)
    .map(id => ({ id, clockId: clockIdOf(views, agent, id) }))
    .filter(parent => parent.clockId >= 0)
    .sort((a, b) => a.clockId - b.clockId);
  access.parentIds = seen.map(parent => parent.clockId);
  access.parents = seen.map(parent => parent.id);
}

/** The agent's id of the clock `id`, -1 when it does not see it. */
export function clockIdOf(views: Views, agent: number, id: ElementId): number {
  const resource = views.ofElement(id);
  return resource === undefined ? -1 : views.idOf(agent, resource);
}
