// SPDX-License-Identifier: BSD-3-Clause
/** The modules and elements of one firmware, and how they are found by identifier and by name. */
import type { Context } from './context.ts';
import {
  type ApiId,
  apiId,
  elementId,
  elementIndex,
  type ElementId,
  type EntityId,
  eventId,
  type EventId,
  formatId,
  isElementId,
  isModuleId,
  isSubElementId,
  moduleId,
  type ModuleId,
  moduleIndex,
  notificationId,
  type NotificationId,
  subElementIndex,
} from './id.ts';
import type { Module, ModuleDefinition, ProductElement, ProductModule } from './module.ts';

/** How far a module or an element has come. */
export const State = { UNINITIALIZED: 0, INITIALIZED: 1, BOUND: 2, STARTED: 3, SUSPENDED: 4 } as const;
/** A state. */
export type State = (typeof State)[keyof typeof State];

/** What the framework keeps of an element. */
export interface ElementRecord {
  readonly name: string;
  readonly config: unknown;
  readonly subElements: number;
  /** Its own event list, undefined while its events go to the global one. */
  context: Context | undefined;
  state: State;
}

/** What the framework keeps of a module. */
export interface ModuleRecord {
  readonly id: ModuleId;
  readonly definition: ModuleDefinition;
  /** What the product says of it. */
  readonly product: ProductModule;
  readonly instance: Module;
  /** Empty before the turn of a generator. */
  elements: readonly ElementRecord[];
  /** Token to identifier, of the definition's APIs, events and notifications. */
  readonly apis: ReadonlyMap<unknown, ApiId>;
  readonly events: ReadonlyMap<unknown, EventId>;
  readonly notifications: ReadonlyMap<unknown, NotificationId>;
  state: State;
}

function idsOf<T>(tokens: readonly unknown[], make: (module: number, index: number) => T, module: number) {
  return new Map(tokens.map((token, index) => [token, make(module, index)] as const));
}

/** The record of the product's module at `index`, without elements. */
export function moduleRecord(index: number, product: ProductModule, instance: Module): ModuleRecord {
  const { definition } = product;
  return {
    id: moduleId(index),
    definition,
    product,
    instance,
    elements: [],
    apis: idsOf(definition.apis ?? [], apiId, index),
    events: idsOf(definition.events ?? [], eventId, index),
    notifications: idsOf(definition.notifications ?? [], notificationId, index),
    state: State.UNINITIALIZED,
  };
}

/** The record of an element. */
export const elementRecord = ({ name, subElements = 0, config }: ProductElement): ElementRecord => ({
  name,
  subElements,
  config,
  context: undefined,
  state: State.UNINITIALIZED,
});

/** The identifier of a module's element at `index`. */
export const elementOf = (module: ModuleRecord, index: number): ElementId => elementId(moduleIndex(module.id), index);

/** The entities of one firmware. Lookups allocate nothing. */
export class Entities {
  private readonly records: ModuleRecord[] = [];
  private readonly byName = new Map<string, ModuleRecord>();

  /** The modules in the order of the product. */
  get modules(): readonly ModuleRecord[] {
    return this.records;
  }

  /** Adds the next module of the product. */
  add(module: ModuleRecord): void {
    this.records.push(module);
    this.byName.set(module.definition.name, module);
  }

  /** The module that an identifier of any kind belongs to. */
  module(id: number): ModuleRecord | undefined {
    return this.records[moduleIndex(id)];
  }

  /** The module called `name`. */
  named(name: string): ModuleRecord | undefined {
    return this.byName.get(name);
  }

  /** The element that an element or sub-element is or belongs to; undefined for a module. */
  element(id: EntityId): ElementRecord | undefined {
    return isModuleId(id) ? undefined : this.module(id)?.elements[elementIndex(id)];
  }

  /** The element called `name` in a module. */
  findElement(id: ModuleId, name: string): ElementId | undefined {
    const module = this.module(id);
    const index = module?.elements.findIndex(element => element.name === name) ?? -1;
    return module === undefined || index < 0 ? undefined : elementOf(module, index);
  }

  /** Whether there is this module, element or sub-element. */
  has(id: number): id is EntityId {
    const module = this.module(id);
    if (module === undefined) return false;
    if (isModuleId(id)) return true;
    if (isElementId(id)) return elementIndex(id) < module.elements.length;
    if (!isSubElementId(id)) return false;
    return subElementIndex(id) < (module.elements[elementIndex(id)]?.subElements ?? 0);
  }

  /** The product's name for a module or an element, also of its sub-elements; the printed form of an unknown id. */
  nameOf(id: EntityId): string {
    const name = isModuleId(id) ? this.module(id)?.definition.name : this.element(id)?.name;
    return name ?? formatId(id);
  }

  /** What an error calls an entity: `module`, or `module/element`. */
  describe(id: EntityId): string {
    const module = this.module(id)?.definition.name ?? formatId(id);
    return isModuleId(id) ? module : `${module}/${this.nameOf(id)}`;
  }
}
