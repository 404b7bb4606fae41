// SPDX-License-Identifier: BSD-3-Clause
/** The rules that a product's modules and elements keep. Each check throws a FrameworkError E_DATA for what breaks one. */
import type { ModuleRecord } from './entities.ts';
import { FrameworkError } from './error.ts';
import { ID_LIMIT } from './id.ts';
import type { ModuleDefinition, Product, ProductElement } from './module.ts';
import { Status } from './status.ts';

/** No more modules than identifiers tell apart. */
export function checkProduct({ modules }: Product): void {
  if (modules.length > ID_LIMIT.modules) {
    throw new FrameworkError(Status.E_DATA, `${modules.length} modules, a product has at most ${ID_LIMIT.modules}`, {
      stage: 'init',
    });
  }
}

/** A name of its own, not too many contracts, and after what it requires. `isBefore` tells of the modules before it. */
export function checkDefinition(definition: ModuleDefinition, isBefore: (name: string) => boolean): void {
  if (isBefore(definition.name)) throw new FrameworkError(Status.E_DATA, 'a product names each module once');
  for (const [kind, tokens, limit] of [
    ['APIs', definition.apis, ID_LIMIT.apis],
    ['events', definition.events, ID_LIMIT.events],
    ['notifications', definition.notifications, ID_LIMIT.notifications],
  ] as const) {
    const count = tokens?.length ?? 0;
    if (count > limit) throw new FrameworkError(Status.E_DATA, `${count} ${kind}, a module has at most ${limit}`);
  }
  for (const name of definition.requires ?? []) {
    if (!isBefore(name)) {
      throw new FrameworkError(Status.E_DATA, `requires module ${name} before it in the product`);
    }
  }
}

/** Not too many elements and sub-elements, and a name of its own for each element. */
export function checkElements(elements: readonly ProductElement[]): void {
  if (elements.length > ID_LIMIT.elements) {
    throw new FrameworkError(Status.E_DATA, `${elements.length} elements, a module has at most ${ID_LIMIT.elements}`);
  }
  const names = new Set<string>();
  for (const { name: element, subElements = 0 } of elements) {
    if (names.has(element)) throw new FrameworkError(Status.E_DATA, 'an element name is used twice', { element });
    names.add(element);
    if (subElements > ID_LIMIT.subElements) {
      throw new FrameworkError(Status.E_DATA, `${subElements} sub-elements, at most ${ID_LIMIT.subElements}`, {
        element,
      });
    }
  }
}

/** An instance that does what its definition and its elements need. */
export function checkInstance({ definition, instance, elements }: ModuleRecord): void {
  for (const token of definition.apis ?? []) {
    if (!instance.apis?.some(provider => provider.isFor(token))) {
      throw new FrameworkError(Status.E_DATA, `declares API ${token.name} but does not provide it`);
    }
  }
  for (const provider of instance.apis ?? []) {
    if (!definition.apis?.includes(provider.token)) {
      throw new FrameworkError(Status.E_DATA, `provides API ${provider.token.name} without declaring it`);
    }
  }
  if (elements.length > 0 && instance.elementInit === undefined) {
    throw new FrameworkError(Status.E_DATA, `has ${elements.length} elements but no elementInit`);
  }
  if ((definition.events?.length ?? 0) > 0 && instance.processEvent === undefined) {
    throw new FrameworkError(Status.E_DATA, 'declares events but has no processEvent');
  }
}
