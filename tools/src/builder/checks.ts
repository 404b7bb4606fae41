// SPDX-License-Identifier: BSD-3-Clause
/** What a product must have besides fitting its schema: needed modules, the right host, no circles, modules' own rules. */
import { elementId } from '@scp/framework';
import type { ProductFacts } from '@scp/framework/schema';
import { listOf } from './data.ts';
import { ANY_ELEMENT, provides } from './modules.ts';
import { type Need, orderModules } from './order.ts';
import type { Problem } from './problems.ts';
import type { ModulePart, ReferenceUse } from './references.ts';
import type { Source } from './source.ts';

type Parts = ReadonlyMap<string, ModulePart>;

/** Modules that are required but absent. */
export const checkRequires = (parts: Parts, source: Source): readonly Problem[] =>
  [...parts.values()].flatMap(({ facts: { name, definition } }) =>
    (definition.requires ?? [])
      .filter(required => !parts.has(required))
      .map(required => ({
        severity: 'error' as const,
        place: source.keyAt(['modules', name]),
        message: `${name} needs module ${required}, which this product lacks`,
        hint: `add "${required}:" to modules`,
      })),
  );

/** Modules that cannot run on the product's host. */
export const checkHost = (parts: Parts, host: string, source: Source): readonly Problem[] =>
  [...parts.values()]
    .filter(({ facts: { definition } }) => definition.host !== undefined && definition.host !== host)
    .map(({ facts: { name, definition } }) => ({
      severity: 'error',
      place: source.keyAt(['modules', name]),
      message: `${name} runs on host ${definition.host ?? ''} only, this product is for ${host}`,
      hint: `a module for host ${host}, or a product for host ${definition.host ?? ''}`,
    }));

interface UsedNeed extends Need {
  readonly use: ReferenceUse | undefined;
}

/** The modules in the order of their needs, or the circle they make. */
export function order(
  parts: Parts,
  uses: readonly ReferenceUse[],
  source: Source,
): { readonly order: readonly string[]; readonly problems: readonly Problem[] } {
  const needs: UsedNeed[] = [...parts.values()].flatMap(({ facts }) =>
    (facts.definition.requires ?? []).map(to => ({ from: facts.name, to, use: undefined })),
  );
  needs.push(...uses.map(use => ({ from: use.from, to: use.to, use })));
  const found = orderModules([...parts.keys()], needs);
  if ('order' in found) return { order: found.order, problems: [] };
  const [first] = found.circle;
  if (first === undefined) return { order: [], problems: [] };
  const names = [...found.circle.map(({ from }) => from), first.from];
  const reasons = found.circle.map(({ from, to, use }) => {
    if (use === undefined) return `${from} requires ${to}`;
    return `${from} names ${use.text} in line ${source.valueAt(use.path).line}`;
  });
  const place = first.use === undefined ? source.keyAt(['modules', first.from]) : source.valueAt(first.use.path);
  const message = `modules need each other in a circle: ${names.join(' → ')}`;
  return { order: [], problems: [{ severity: 'error', place, message, hint: reasons.join('; ') }] };
}

/** Elements that nothing names, of modules whose elements are there to be named. */
export function checkUnused(parts: Parts, uses: readonly ReferenceUse[], source: Source): readonly Problem[] {
  const used = new Set(uses.map(({ text }) => text));
  // What takes any element is no sign that elements are there to be named.
  const wanted = new Set([...parts.values()].flatMap(referenceKeywords).filter(reference => reference !== ANY_ELEMENT));
  return [...parts.values()].flatMap(({ facts, elements }) => {
    if (![...wanted].some(reference => provides(facts, reference))) return [];
    return elements
      .filter(({ name }) => !used.has(`${facts.name}/${name}`))
      .map(({ name }) => ({
        severity: 'warning' as const,
        place: source.keyAt(['modules', facts.name, 'elements', name]),
        message: `nothing in this product uses ${facts.name}/${name}`,
      }));
  });
}

/** The `reference` keywords of a module's schemas. */
function referenceKeywords({ configSchema, elementSchema }: ModulePart): readonly string[] {
  const found: string[] = [];
  const look = (inner: unknown): void => {
    if (typeof inner !== 'object' || inner === null) return;
    if ('reference' in inner && typeof inner.reference === 'string') found.push(inner.reference);
    (Array.isArray(inner) ? listOf(inner) : Object.values(inner)).forEach(look);
  };
  look(configSchema);
  look(elementSchema);
  return found;
}

/** What modules themselves find wrong. `resolved` is in the firmware's order. */
export function checkModules(resolved: readonly ModulePart[], host: string, source: Source): readonly Problem[] {
  const byId = new Map<number, ReturnType<ProductFacts['element']>>();
  resolved.forEach(({ facts: { name: module }, elements }, index) =>
    elements.forEach((element, at) => byId.set(elementId(index, at), { module, ...element })),
  );
  const facts: ProductFacts = {
    host,
    modules: resolved.map(part => part.facts.name),
    element: id => byId.get(id),
  };
  return resolved.flatMap(({ facts: { name, schema }, config, elements }) =>
    (schema.check?.(config, elements, facts) ?? []).map(({ path, message, hint, warning }): Problem => {
      const whole = ['modules', name, ...path];
      return { severity: warning === true ? 'warning' : 'error', place: source.valueAt(whole), message, hint };
    }),
  );
}
