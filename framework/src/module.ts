// SPDX-License-Identifier: BSD-3-Clause
/** What a module is: a definition that a product names, and the instance that one firmware makes of it. */
import type { Event } from './event.ts';
import type { Framework } from './framework.ts';
import type { ElementId, ModuleId } from './id.ts';
import type { Status } from './status.ts';
import type { ApiProvider, ApiToken, EventToken, NotificationToken } from './token.ts';

/** Module types, as in SCP-firmware; informational. */
export type ModuleType = 'HAL' | 'DRIVER' | 'PROTOCOL' | 'SERVICE';

/** A command-line option that a module adds to the program. */
export interface OptionDeclaration {
  /** Without dashes: `socket-dir`. */
  readonly name: string;
  /** What the value is, for the help: `DIR`. */
  readonly value: string;
  readonly description: string;
}

/** What a product can name: a module's identity and its way to be made. `C` and `E` type its configuration. */
export interface ModuleDefinition<C = unknown, E = unknown> {
  /** As in SCP-firmware, with dashes. */
  readonly name: string;
  readonly type: ModuleType;
  /** The contracts it provides, at most 16. */
  readonly apis?: readonly ApiToken<unknown>[];
  /** The events it receives, at most 64. */
  readonly events?: readonly EventToken[];
  /** The notifications it sends, at most 64. */
  readonly notifications?: readonly NotificationToken[];
  /** Modules that a product must have, and that come before this one. References in the configuration say the same. */
  readonly requires?: readonly string[];
  /** The only kind of host it can run on, if it is bound to one. */
  readonly host?: 'node' | 'embedded';
  /** Command-line options it reads through `host.option`. */
  readonly options?: readonly OptionDeclaration[];
  /** Makes the instance of one firmware. Keeps no state outside it. */
  create(framework: Framework): Module<C, E>;
}

/**
 * A module of one firmware. A callback that can't do its part throws a FrameworkError; the framework adds stage, module
 * and element to it. In the stages of set-up that ends the start; in the stop stage it is collected.
 */
export interface Module<C = unknown, E = unknown> {
  /** What `bind` gives to others; one for each API of the definition. */
  readonly apis?: readonly ApiProvider<unknown>[];
  /** Takes the module's configuration. Modules before it in the product are initialised. */
  init(config: C, elementCount: number): void;
  /** Takes one element's configuration. Mandatory when the product gives the module elements. */
  elementInit?(id: ElementId, config: E, subElementCount: number): void;
  /** After the last element. */
  postInit?(): void;
  /** Binds the APIs it needs with `framework.bind`; called for the module, then for each element, in rounds 0 and 1. */
  bind?(id: ModuleId | ElementId, round: 0 | 1): void;
  /** Starts work; for the module, then for each element. */
  start?(id: ModuleId | ElementId): void;
  /** Releases what is held; for the elements in reverse, then for the module. */
  stop?(id: ModuleId | ElementId): void;
  /** Handles an event. `response` is sent back when one was requested; set `isDelayed` in it to answer later. */
  processEvent?(event: Event, response: Event): Status;
  /** Handles a notification it has subscribed to. */
  processNotification?(event: Event, response: Event): Status;
}

/** An element in a product. */
export interface ProductElement<E = unknown> {
  /** Unique among the module's elements. */
  readonly name: string;
  readonly subElements?: number;
  readonly config: E;
}

/** The elements of a module: a table, or a function called when it is the module's turn to be initialised. */
export type Elements<E = unknown> = readonly ProductElement<E>[] | ((id: ModuleId) => readonly ProductElement<E>[]);

/** A module in a product. */
export interface ProductModule<C = unknown, E = unknown> {
  readonly definition: ModuleDefinition<C, E>;
  readonly config: C;
  readonly elements?: Elements<E>;
}

/** A firmware's content: the ordered modules with their configuration. The order governs every stage. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly modules: readonly ProductModule[];
}

/** Pairs a definition with configuration of its types. */
export const configure = <C, E>(
  definition: ModuleDefinition<C, E>,
  config: C,
  elements: Elements<E> = [],
): ProductModule<C, E> => ({ definition, config, elements });
