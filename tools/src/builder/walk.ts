// SPDX-License-Identifier: BSD-3-Clause
/** Going through data along its schema: filling in defaults, and changing what a keyword marks. */
import { type Data, dataAt, isData, listOf, textsOf } from './data.ts';
import type { Path } from './source.ts';

/** Changes one value; `schema` is the part of the schema that holds for it. */
export type Change = (schema: Data, value: unknown, path: Path) => unknown;

const JSON_TYPES: { readonly [type: string]: (value: unknown) => boolean } = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  number: value => typeof value === 'number',
  integer: value => Number.isInteger(value),
  array: value => Array.isArray(value),
  object: isData,
};

/** The types a schema allows, empty for any. */
export const typesOf = (schema: Data): readonly string[] =>
  typeof schema['type'] === 'string' ? [schema['type']] : textsOf(schema['type']);

/** Whether a value is of a type that the schema allows. */
export function isOfType(schema: Data, value: unknown): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.some(type => JSON_TYPES[type]?.(value) ?? false);
}

/** How well an alternative fits: a wrong type, then a wrong constant, then keys that are missing or too many. */
function fit(branch: Data, value: unknown): number {
  if ('const' in branch && branch['const'] !== value) return -1000;
  if (Array.isArray(branch['enum']) && !branch['enum'].includes(value)) return -1000;
  if (!isOfType(branch, value)) return -1000;
  if (!isData(value)) return 0;
  const properties = dataAt(branch, 'properties');
  let points = 0;
  for (const [key, inner] of Object.entries(value)) {
    if (!(key in properties)) points -= 1;
    else points += 'const' in dataAt(properties, key) ? (fit(dataAt(properties, key), inner) < 0 ? -100 : 100) : 1;
  }
  return points - textsOf(branch['required']).filter(key => !(key in value)).length;
}

/** Which of several alternatives (`anyOf`) the value is meant to be; the first of equals. */
export function chosenBranch(branches: readonly unknown[], value: unknown): number {
  const points = branches.map(branch => fit(dataAt(branch), value));
  return points.indexOf(Math.max(...points));
}

/** The part of a schema that holds for an item of a list. */
function itemSchema(schema: Data, index: number): Data {
  const { items } = schema;
  return dataAt(Array.isArray(items) ? (listOf(items)[index] ?? schema['additionalItems']) : items);
}

/** The part of a schema that holds for a key of a map. */
function keySchema(schema: Data, key: string): Data {
  const properties = dataAt(schema, 'properties');
  if (Object.hasOwn(properties, key)) return dataAt(properties, key);
  for (const [pattern, inner] of Object.entries(dataAt(schema, 'patternProperties'))) {
    if (new RegExp(pattern, 'u').test(key)) return dataAt(inner);
  }
  return dataAt(schema, 'additionalProperties');
}

/**
 * A copy of `value` with the defaults of its schema filled in and each part passed through `change`. Maps get the order
 * of keys of their schema, so that all elements of a module have one shape in the firmware.
 */
export function walk(schema: Data, value: unknown, change: Change, path: Path = []): unknown {
  const branches = listOf(schema['anyOf']);
  if (branches.length > 0) return walk(dataAt(branches[chosenBranch(branches, value)]), value, change, path);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => walk(itemSchema(schema, index), item, change, [...path, index]));
    return change(schema, items, path);
  }
  if (!isData(value)) return change(schema, value, path);
  const properties = dataAt(schema, 'properties');
  const keys = new Set([...Object.keys(properties), ...Object.keys(value)]);
  const result: { [key: string]: unknown } = {};
  for (const key of keys) {
    const inner = keySchema(schema, key);
    const given = Object.hasOwn(value, key) ? value[key] : inner['default'];
    if (given !== undefined) result[key] = walk(inner, given, change, [...path, key]);
  }
  return change(schema, result, path);
}
