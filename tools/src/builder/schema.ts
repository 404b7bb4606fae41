// SPDX-License-Identifier: BSD-3-Clause
/** The JSON Schema (draft-07, which editors read) of a product file, composed of the schemas of its modules. */
import { ID_LIMIT } from '@scp/framework';
import { type Data, dataAt, isData, listOf, textsOf } from './data.ts';
import { BuildError } from './problems.ts';
import { suffixesOf } from './quantity.ts';

/** What the composed schema needs to know of a module. */
export interface SchemaParts {
  readonly name: string;
  readonly description: string;
  readonly config: unknown;
  readonly element: unknown;
}

/** The kinds of host that a product can be built for. */
export const HOSTS = ['node'] as const;
/** A kind of host that a product can be built for. */
export type HostKind = (typeof HOSTS)[number];

/** Whether products can be built for a host of this kind. */
export const isHost = (host: unknown): host is HostKind => HOSTS.some(known => known === host);

/** Element names: no `/`, which references need; no bare number, which would be an index again. */
const ELEMENT_NAME = '^(?![0-9]+$)[A-Za-z0-9][^/]*$';

/** Keywords whose value is a schema, a list of schemas, a map of schemas. */
const INNER = {
  one: ['additionalProperties', 'items', 'additionalItems', 'contains', 'propertyNames'],
  list: ['anyOf', 'items'],
  map: ['properties', 'patternProperties'],
} as const;

/** Keywords that the builder cannot follow when it resolves references. */
const UNSUPPORTED = ['$ref', 'allOf', 'oneOf', 'not', 'if', 'dependencies', 'unevaluatedProperties'];

/**
 * A module's schema as the builder and editors want it: what has a default need not be given, quantities have their
 * bounds, a choice of constants is an `enum`. Throws BuildError for a keyword the builder cannot follow.
 */
export function normalise(schema: unknown, where: string): unknown {
  if (!isData(schema)) return schema;
  for (const keyword of UNSUPPORTED) {
    if (keyword in schema) throw new BuildError(`${where}: the product builder does not know the keyword "${keyword}"`);
  }
  const result: { [keyword: string]: unknown } = { ...schema };
  for (const keyword of INNER.one) {
    if (isData(schema[keyword])) result[keyword] = normalise(schema[keyword], where);
  }
  for (const keyword of INNER.list) {
    const list = schema[keyword];
    if (Array.isArray(list)) result[keyword] = list.map((inner: unknown) => normalise(inner, where));
  }
  for (const keyword of INNER.map) {
    const map = schema[keyword];
    if (!isData(map)) continue;
    result[keyword] = Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, normalise(inner, where)]));
  }
  const required = textsOf(schema['required']).filter(key => !('default' in dataAt(schema, 'properties', key)));
  delete result['required'];
  if (required.length > 0) result['required'] = required;

  const branches = listOf(schema['anyOf']);
  if (branches.length > 0 && branches.every(branch => isData(branch) && 'const' in branch)) {
    delete result['anyOf'];
    result['enum'] = branches.map(branch => dataAt(branch)['const']);
  }
  const { quantity } = schema;
  if (typeof quantity === 'string') {
    if (suffixesOf(quantity) === undefined) throw new BuildError(`${where}: there is no unit "${quantity}"`);
    result['minimum'] ??= 0;
    result['maximum'] ??= Number.MAX_SAFE_INTEGER;
  }
  return result;
}

/** The schema of one module's part of the file. */
function moduleSchema({ name, description, config, element }: SchemaParts): Data {
  const configSchema = normalise(config, `modules/${name}/src/schema.ts`);
  const properties: { [key: string]: unknown } = { config: configSchema };
  if (element !== undefined) {
    properties['elements'] = {
      type: 'object',
      description: `The elements of ${name} by name, in the order of their identifiers.`,
      propertyNames: { pattern: ELEMENT_NAME },
      maxProperties: ID_LIMIT.elements,
      additionalProperties: normalise(element, `modules/${name}/src/schema.ts`),
    };
  }
  const needsConfig = textsOf(dataAt(configSchema)['required']).length > 0;
  return {
    // A module with nothing to say about it is a key without a value.
    type: needsConfig ? 'object' : ['object', 'null'],
    description,
    properties,
    additionalProperties: false,
    ...(needsConfig ? { required: ['config'] } : {}),
  };
}

/** The schema of a product file that may name these modules. */
export function composeSchema(modules: readonly SchemaParts[]): Data {
  const sorted = [...modules].sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'SCMI server product',
    description: 'What a board is: the modules of its firmware, their configuration and their elements.',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'The JSON Schema of this file, for editors that read it here.' },
      description: { type: 'string', minLength: 1, description: 'What this product is, in one line.' },
      host: {
        enum: [...HOSTS],
        default: HOSTS[0],
        description: 'What the firmware runs on. Left out: node, a Linux process.',
      },
      modules: {
        type: 'object',
        description:
          'The modules of the firmware by name. Their order does not matter: the builder finds the one needed.',
        minProperties: 1,
        maxProperties: ID_LIMIT.modules,
        properties: Object.fromEntries(sorted.map(parts => [parts.name, moduleSchema(parts)])),
        additionalProperties: false,
      },
    },
    required: ['description', 'modules'],
    additionalProperties: false,
  };
}
