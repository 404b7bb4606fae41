// SPDX-License-Identifier: BSD-3-Clause
/**
 * Building blocks of configuration schemas, for build time only: firmware code imports the types, the bundle carries
 * neither these nor the validator. The product builder reads the extra keywords:
 *
 * - `reference`: a string `module/element` in the YAML, an ElementId in the firmware. The named module must provide the
 *   API contract of that name (`CLOCK_DRIVER`), or be the module itself (`module:clock`); `*` takes any module.
 * - `quantity`: an integer, or a string with a unit suffix in the YAML (`1.8GHz`, `250 ms`), an integer of the base
 *   unit in the firmware.
 */
import { type TUnsafe, Type } from '@sinclair/typebox';
import type { ElementId } from './id.ts';
import type { ProductElement } from './module.ts';

/** Facts of a property for people: what it is, its unit and range, and what happens when it is left out. */
export interface Facts {
  readonly description: string;
}

/** A reference by name to an element whose module provides the API contract `api`. */
export const Reference = (api: string, facts: Facts): TUnsafe<ElementId> =>
  Type.Unsafe<ElementId>({ type: 'string', pattern: '^[a-z0-9-]+/[^/]+$', reference: api, ...facts });

/** A reference by name to an element of module `module`. */
export const ElementOf = (module: string, facts: Facts): TUnsafe<ElementId> => Reference(`module:${module}`, facts);

/** A reference by name to an element of any module. */
export const AnyElement = (facts: Facts): TUnsafe<ElementId> => Reference('*', facts);

/** The base units of quantities, with the suffixes the builder accepts. */
export const UNITS = {
  Hz: { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 },
  us: { us: 1, µs: 1, ms: 1e3, s: 1e6 },
  uV: { uV: 1, µV: 1, mV: 1e3, V: 1e6 },
} as const;

/** A quantity in whole base units, at least `minimum` (default 0) and at most `maximum` (default 2^53 - 1). */
export const Quantity = (
  unit: keyof typeof UNITS,
  facts: Facts & { readonly minimum?: number; readonly maximum?: number; readonly default?: number },
): TUnsafe<number> => Type.Unsafe<number>({ type: ['integer', 'string'], quantity: unit, ...facts });

/** What a module's own check finds in its configuration. */
export interface ConfigProblem {
  /** From the module's place in the product file: `['elements', 'uart0', 'rates', 2]`, `['config', 'vendor']`. */
  readonly path: readonly (string | number)[];
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
  /** The product builds all the same. */
  readonly warning?: boolean;
}

/** What a module's own check may know of the rest of the product. */
export interface ProductFacts {
  /** The kind of host the product runs on. */
  readonly host: string;
  /** The product's modules in the order of the firmware's stages. */
  readonly modules: readonly string[];
  /** What a reference in the configuration leads to; undefined for a number that is none. */
  element(id: ElementId): (ProductElement & { readonly module: string }) | undefined;
}

/** What a module package exports by default from `schema.ts`. `C` and `E` type what the check gets. */
export interface ModuleSchema<C = unknown, E = unknown> {
  readonly config: object;
  /** Left out by a module without elements. */
  readonly element?: object;
  /**
   * Rules that a JSON Schema can't say: tables that ascend, sums, what two elements have in common. Called when the
   * whole product fits its schemas, with the configuration as the firmware gets it: defaults filled in, references
   * and quantities as numbers.
   */
  check?(config: C, elements: readonly ProductElement<E>[], facts: ProductFacts): readonly ConfigProblem[];
}
