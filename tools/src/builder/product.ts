// SPDX-License-Identifier: BSD-3-Clause
/** From a product file to a checked product: parse, fit to the schema, resolve names, order, check. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { moduleNames, readJson } from '../workspace.ts';
import { checkHost, checkModules, checkRequires, checkUnused, order } from './checks.ts';
import { dataAt, isData } from './data.ts';
import { loadModules } from './modules.ts';
import { namesHint } from './nearest.ts';
import { hasErrors, type Problem } from './problems.ts';
import { parseQuantity } from './quantity.ts';
import { checkReferences, type ModulePart, referencesOf, resolveReferences } from './references.ts';
import { composeSchema, type HostKind, isHost } from './schema.ts';
import { parseSource, type Source } from './source.ts';
import { compileSchema } from './validate.ts';
import { walk } from './walk.ts';

/** A product that can be built: everything checked, defaults filled in, names and quantities replaced by numbers. */
export interface CheckedProduct {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly host: HostKind;
  /** In the order of the firmware's stages. */
  readonly modules: readonly ModulePart[];
}

/** What came of a product file. */
export interface ProductResult {
  /** Undefined when there are errors. */
  readonly product: CheckedProduct | undefined;
  readonly problems: readonly Problem[];
}

const PRODUCT_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const only = (...problems: readonly Problem[]): ProductResult => ({ product: undefined, problems });

/** Reads and checks the product in `folder`, from the root (`products/vhost-user`). */
export async function loadProduct(root: string, folder: string): Promise<ProductResult> {
  const file = `${folder}/product.yaml`;
  const name = basename(folder);
  if (!PRODUCT_NAME.test(name)) {
    const hint = 'letters, digits, "-", "_" and ".", a letter or digit first';
    return only({ severity: 'error', place: { file }, message: `"${name}" cannot be the name of a product`, hint });
  }
  if (!existsSync(join(root, file))) {
    return only({ severity: 'error', place: { file }, message: 'there is no such file' });
  }
  const { version } = readJson(join(root, 'package.json'));
  const source = parseSource(file, readFileSync(join(root, file), 'utf8'));
  return checkProduct(root, { name, version: String(version) }, source);
}

/** Checks a parsed product file. */
export async function checkProduct(
  root: string,
  { name, version }: { readonly name: string; readonly version: string },
  source: Source,
): Promise<ProductResult> {
  if (!source.isSound) return only(...source.problems);
  const available = moduleNames(root);
  const named = Object.keys(dataAt(source.data, 'modules'));
  const known = named.filter(module => available.includes(module));
  const problems: Problem[] = [...source.problems];
  for (const module of named.filter(one => !known.includes(one))) {
    const hint = namesHint('modules there are', module, available, 40);
    problems.push({
      severity: 'error',
      place: source.keyAt(['modules', module]),
      message: `no module named "${module}"`,
      hint,
    });
  }
  if (known.length === 0 && named.length > 0) return only(...problems);

  const modules = await loadModules(root, known);
  const schema = composeSchema(
    modules.map(({ schema: { config, element }, ...facts }) => ({ ...facts, config, element })),
  );
  const data = walk(schema, withoutGaps(source.data, known), (part, value, path) => {
    const unit = part['quantity'];
    if (typeof unit !== 'string' || typeof value !== 'string') return value;
    const quantity = parseQuantity(value, unit);
    if ('value' in quantity) return quantity.value;
    problems.push({ severity: 'error', place: source.valueAt(path), ...quantity });
    return value;
  });
  problems.push(...compileSchema(schema)(data, source));

  const parts = new Map<string, ModulePart>();
  for (const facts of modules) {
    const moduleSchema = dataAt(schema, 'properties', 'modules', 'properties', facts.name, 'properties');
    const elements = Object.entries(dataAt(data, 'modules', facts.name, 'elements'));
    parts.set(facts.name, {
      facts,
      configSchema: dataAt(moduleSchema, 'config'),
      elementSchema: dataAt(moduleSchema, 'elements', 'additionalProperties'),
      config: dataAt(data, 'modules', facts.name)['config'],
      elements: elements.map(([element, config]) => ({ name: element, config })),
    });
  }
  const { host, description } = dataAt(data);
  const uses = [...parts.values()].flatMap(referencesOf);
  const ordered = order(parts, uses, source);
  problems.push(
    ...checkReferences(uses, parts, available, source),
    ...checkRequires(parts, source),
    ...(isHost(host) ? checkHost(parts, host, source) : []),
    ...ordered.problems,
  );
  // What follows would only repeat, in other words, an error there already is.
  if (hasErrors(problems) || !isHost(host)) return only(...problems);

  const resolved = resolveReferences(ordered.order.flatMap(module => parts.get(module) ?? []));
  problems.push(...checkUnused(parts, uses, source), ...checkModules(resolved, host, source));
  if (hasErrors(problems)) return only(...problems);
  return { product: { name, version, description: String(description), host, modules: resolved }, problems };
}

/** The data with only the known modules, each a map with a configuration, so that defaults find their place. */
function withoutGaps(data: unknown, known: readonly string[]): unknown {
  const modules: unknown = isData(data) ? data['modules'] : undefined;
  if (!isData(data) || !isData(modules)) return data;
  const filled = known.map((name): [string, unknown] => {
    const module = modules[name] ?? {};
    return [name, isData(module) ? { config: {}, ...module } : module];
  });
  return { ...data, modules: Object.fromEntries(filled) };
}
