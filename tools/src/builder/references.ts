// SPDX-License-Identifier: BSD-3-Clause
/** References between elements: `module/element` in the file, an element identifier in the firmware. */
import { elementId } from '@scp/framework';
import type { Data } from './data.ts';
import type { ModuleFacts } from './modules.ts';
import { provides } from './modules.ts';
import { namesHint } from './nearest.ts';
import type { Problem } from './problems.ts';
import type { Path, Source } from './source.ts';
import { walk } from './walk.ts';

/** One module of a product, its configuration as plain data, references still by name. */
export interface ModulePart {
  readonly facts: ModuleFacts;
  readonly configSchema: Data;
  readonly elementSchema: Data;
  readonly config: unknown;
  /** In the order of the file, which is the order of the identifiers. */
  readonly elements: readonly { readonly name: string; readonly config: unknown }[];
}

/** A reference found in the configuration of module `from`. */
export interface ReferenceUse {
  readonly from: string;
  /** The keyword's value: an API contract, or `module:<name>`. */
  readonly api: string;
  readonly text: string;
  readonly to: string;
  readonly element: string;
  readonly path: Path;
}

const separate = (text: string): readonly [module: string, element: string] => {
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
};

/** Goes through a module's whole configuration. */
function walkPart(part: ModulePart, change: Parameters<typeof walk>[2]): ModulePart {
  const base = ['modules', part.facts.name];
  return {
    ...part,
    config: walk(part.configSchema, part.config, change, [...base, 'config']),
    elements: part.elements.map(({ name, config }) => ({
      name,
      config: walk(part.elementSchema, config, change, [...base, 'elements', name]),
    })),
  };
}

/** All references of a module that have the form of one. */
export function referencesOf(part: ModulePart): readonly ReferenceUse[] {
  const uses: ReferenceUse[] = [];
  walkPart(part, (schema, value, path) => {
    const { reference: api } = schema;
    if (typeof api === 'string' && typeof value === 'string' && value.includes('/')) {
      const [to, element] = separate(value);
      uses.push({ from: part.facts.name, api, text: value, to, element, path });
    }
    return value;
  });
  return uses;
}

/** What is wrong with references: no such module, no such element, a module of the wrong kind. */
export function checkReferences(
  uses: readonly ReferenceUse[],
  parts: ReadonlyMap<string, ModulePart>,
  workspaceModules: readonly string[],
  source: Source,
): readonly Problem[] {
  const names = [...parts.keys()];
  return uses.flatMap(({ api, to, element, path }): readonly Problem[] => {
    const target = parts.get(to);
    const suitable = [...parts.values()].filter(({ facts }) => provides(facts, api)).map(({ facts }) => facts.name);
    if (target === undefined) {
      const place = source.partAt(path, to, 0);
      if (workspaceModules.includes(to)) {
        const hint = `add it to modules, or name an element of: ${suitable.join(', ') || 'none here'}`;
        return [{ severity: 'error', place, message: `this product has no module "${to}"`, hint }];
      }
      const hint = namesHint('modules of this product', to, suitable.length > 0 ? suitable : names);
      return [{ severity: 'error', place, message: `no module named "${to}"`, hint }];
    }
    if (!provides(target.facts, api)) {
      const wanted = api.startsWith('module:')
        ? `an element of ${api.slice('module:'.length)} is needed here`
        : `${to} does not provide ${api}`;
      const hint = `modules of this product that do: ${suitable.join(', ') || 'none'}`;
      return [{ severity: 'error', place: source.partAt(path, to, 0), message: wanted, hint }];
    }
    const elements = target.elements.map(({ name }) => name);
    if (elements.includes(element)) return [];
    const place = source.partAt(path, element, to.length + 1);
    const hint = namesHint(`elements of ${to}`, element, elements);
    return [{ severity: 'error', place, message: `no ${to} named "${element}"`, hint }];
  });
}

/** The modules in the firmware's order with identifiers in place of references, which have all been checked. */
export function resolveReferences(ordered: readonly ModulePart[]): readonly ModulePart[] {
  const ids = new Map<string, number>();
  ordered.forEach(({ facts, elements }, module) =>
    elements.forEach(({ name }, element) => ids.set(`${facts.name}/${name}`, elementId(module, element))),
  );
  return ordered.map(part =>
    walkPart(part, (schema, value) => ('reference' in schema && typeof value === 'string' ? ids.get(value) : value)),
  );
}
