// SPDX-License-Identifier: BSD-3-Clause
/** Which pins, groups and functions each agent sees, and what belongs to what in its ids. */
import { type ElementId, FrameworkError, Status } from '@scp/framework';
import type { Pinctrl, PinctrlInfo } from '@scp/pinctrl/api';
import { AgentViews, type ScmiHub } from '@scp/scmi/api';
import { PINCTRL_PROTOCOL, Selector } from './messages.ts';
import { Resource } from './resource.ts';
import type { PinEntry, ScmiPinctrlConfig } from './schema.ts';

const NO_IDS = new Uint16Array(0);

/** Some part of each agent’s configuration. */
function each<T>(agents: ScmiPinctrlConfig['agents'], part: (agent: ScmiPinctrlConfig['agents'][string]) => T) {
  return Object.fromEntries(Object.entries(agents).map(([name, agent]) => [name, part(agent)] as const));
}

/** All that the parts of the protocol share. */
export class View {
  readonly hub: ScmiHub;
  readonly pinctrl: Pinctrl;
  readonly pins: AgentViews<Resource, PinEntry>;
  readonly groups: AgentViews<Resource>;
  readonly functions: AgentViews<Resource>;
  /** By agent, by the agent's id of a group: the agent's ids of its pins, ascending. */
  private readonly pinsOfGroups: readonly (readonly Uint16Array[])[];
  /** By agent, by the agent's id of a function: the agent's ids of its groups or pins, ascending. */
  private readonly targetsOfFunctions: readonly (readonly Uint16Array[])[];

  /** FrameworkError E_DATA for lists that do not fit the agents or each other. */
  constructor(nameOf: (id: ElementId) => string, hub: ScmiHub, pinctrl: Pinctrl, agents: ScmiPinctrlConfig['agents']) {
    this.hub = hub;
    this.pinctrl = pinctrl;
    const make = (kind: PinctrlInfo['kind']) => (index: number, id: ElementId) => {
      const info = pinctrl.info(id);
      if (info?.kind !== kind) throw new FrameworkError(Status.E_DATA, `${nameOf(id)} is no ${kind}`);
      return new Resource(index, id, info);
    };
    const idOf = (entry: PinEntry): ElementId => (typeof entry === 'number' ? entry : entry.pin);
    const itself = (id: ElementId): ElementId => id;
    this.pins = new AgentViews(
      hub,
      each(agents, agent => agent.pins),
      idOf,
      make('pin'),
    );
    this.groups = new AgentViews(
      hub,
      each(agents, agent => agent.groups),
      itself,
      make('group'),
    );
    this.functions = new AgentViews(
      hub,
      each(agents, agent => agent.functions),
      itself,
      make('function'),
    );
    const ids = [0, ...hub.agents.map(agent => agent.id)];
    this.pinsOfGroups = ids.map(agent =>
      listOf(this.groups, agent).map(group => this.pinsOf(agent, group, `agent ${hub.agents[agent - 1]?.name ?? '?'}`)),
    );
    this.targetsOfFunctions = ids.map(agent =>
      listOf(this.functions, agent).map(one =>
        this.targetsOf(agent, one, `agent ${hub.agents[agent - 1]?.name ?? '?'}`),
      ),
    );
  }

  private pinsOf(agent: number, { info }: Resource, who: string): Uint16Array {
    const pins = info.kind === 'group' ? info.pins : [];
    const ids = idsOf(this.pins, agent, pins);
    if (ids.length < pins.length) {
      throw new FrameworkError(Status.E_DATA, `${who} sees group ${info.name}, but not all of its pins`);
    }
    return ids;
  }

  private targetsOf(agent: number, { info }: Resource, who: string): Uint16Array {
    const isForPins = info.kind === 'function' && info.isForPins;
    const ids = idsOf(isForPins ? this.pins : this.groups, agent, info.kind === 'function' ? info.targets : []);
    if (ids.length === 0) {
      const rule = `${who} sees function ${info.name}, but no ${isForPins ? 'pin' : 'group'} it is for`;
      throw new FrameworkError(Status.E_DATA, rule);
    }
    return ids;
  }

  /** How many elements an agent sees: 0 for none, and for an agent without pins. */
  count(agent: number): number {
    return this.pins.count(agent) + this.groups.count(agent) + this.functions.count(agent);
  }

  /** An agent's elements, one after the other: pins, groups, functions. */
  at(agent: number, index: number): Resource | undefined {
    const group = index - this.pins.count(agent);
    if (group < 0) return this.pins.find(agent, index);
    const one = group - this.groups.count(agent);
    return one < 0 ? this.groups.find(agent, group) : this.functions.find(agent, one);
  }

  /** An agent's element by selector and id, undefined when it has none. */
  find(agent: number, selector: number, id: number): Resource | undefined {
    switch (selector) {
      case Selector.PIN:
        return this.pins.find(agent, id);
      case Selector.GROUP:
        return this.groups.find(agent, id);
      case Selector.FUNCTION:
        return this.functions.find(agent, id);
      default:
        return undefined;
    }
  }

  /** The agent's ids of what belongs to a group or a function, ascending. */
  associations(agent: number, selector: number, id: number): Uint16Array {
    const lists = selector === Selector.GROUP ? this.pinsOfGroups : this.targetsOfFunctions;
    return lists[agent]?.[id] ?? NO_IDS;
  }

  /** Whether device permissions let an agent use a command on an element; on a group, also on each of its pins. */
  isPermitted(agent: number, messageId: number, { id, info }: Resource): boolean {
    if (!this.hub.isPermitted(agent, PINCTRL_PROTOCOL.id, messageId, id)) return false;
    if (info.kind !== 'group') return true;
    for (let at = 0; at < info.pins.length; at++) {
      const pin = info.pins[at];
      if (pin !== undefined && !this.hub.isPermitted(agent, PINCTRL_PROTOCOL.id, messageId, pin)) return false;
    }
    return true;
  }

  /** Whether an agent may use a command that changes a pin, or a group with all its pins. */
  mayChange(agent: number, messageId: number, resource: Resource): boolean {
    if (!this.isPermitted(agent, messageId, resource)) return false;
    const { id, info } = resource;
    if (info.kind !== 'group') return this.mayConfigure(agent, id);
    for (let at = 0; at < info.pins.length; at++) {
      const pin = info.pins[at];
      if (pin !== undefined && !this.mayConfigure(agent, pin)) return false;
    }
    return true;
  }

  /** What the product says of an agent's pin. */
  private mayConfigure(agent: number, pin: ElementId): boolean {
    const resource = this.pins.ofElement(pin);
    const entry = resource === undefined ? undefined : this.pins.entry(agent, this.pins.idOf(agent, resource));
    return entry !== undefined && (typeof entry === 'number' || entry.configure !== false);
  }
}

/** The elements that an agent sees, by its ids. */
function listOf(views: AgentViews<Resource>, agent: number): Resource[] {
  return Array.from({ length: views.count(agent) }, (_, id) => views.find(agent, id)).filter(one => one !== undefined);
}

/** An agent's ids of those elements that it sees, ascending. */
function idsOf<E>(views: AgentViews<Resource, E>, agent: number, elements: readonly ElementId[]): Uint16Array {
  const ids = elements.map(element => {
    const resource = views.ofElement(element);
    return resource === undefined ? -1 : views.idOf(agent, resource);
  });
  return Uint16Array.from(ids.filter(id => id >= 0)).sort();
}
