// SPDX-License-Identifier: BSD-3-Clause
/** Checks data against the composed schema and says what is wrong in the words of the product file. */
import { Ajv, type ErrorObject } from 'ajv';
import { type Data, dataAt, listOf } from './data.ts';
import { namesHint } from './nearest.ts';
import { BuildError, type Place, type Problem } from './problems.ts';
import { formatQuantity } from './quantity.ts';
import type { Path, Source } from './source.ts';
import { chosenBranch, isOfType, typesOf } from './walk.ts';

/** The way to the value that an error is about. */
function pathOf({ instancePath }: ErrorObject, data: unknown): Path {
  const path: (string | number)[] = [];
  let inner = data;
  for (const segment of instancePath.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    const part = Array.isArray(inner) ? Number(key) : key;
    inner = Array.isArray(inner) ? listOf(inner)[Number(part)] : dataAt(inner)[key];
    path.push(part);
  }
  return path;
}

const isBelow = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

/** The error of a key whose constant tells the alternatives apart (`kind: constant`), when its value is none of theirs. */
function wrongKind(choice: ErrorObject, all: readonly unknown[]): ErrorObject | undefined {
  const branches = all.filter(branch => isOfType(dataAt(branch), choice.data));
  for (const key of Object.keys(dataAt(branches[0], 'properties'))) {
    const constants = branches.map(branch => dataAt(branch, 'properties', key)['const']);
    const data = dataAt(choice.data)[key];
    if (constants.includes(undefined) || data === undefined || constants.includes(data)) continue;
    const instancePath = `${choice.instancePath}/${key}`;
    return { ...choice, keyword: 'enum', instancePath, params: { allowedValues: constants }, data };
  }
  return undefined;
}

/** Keeps, of what the alternatives of a choice complain about, only the complaints of the one that was meant. */
function meantOnly(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let left = errors;
  for (const choice of errors) {
    if (choice.keyword !== 'anyOf') continue;
    const branches = listOf(choice.schema);
    const meant = `${choice.schemaPath}/${chosenBranch(branches, choice.data)}`;
    const kind = wrongKind(choice, branches);
    const isAnyType = branches.some(branch => isOfType(dataAt(branch), choice.data));
    left = left.flatMap(error => {
      if (error === choice) return kind ?? (isAnyType ? [] : error);
      if (!isBelow(error.instancePath, choice.instancePath) || !isBelow(error.schemaPath, choice.schemaPath))
        return error;
      return kind === undefined && isAnyType && isBelow(error.schemaPath, meant) ? error : [];
    });
  }
  return left;
}

const TYPE_NAMES: { readonly [type: string]: string } = {
  null: 'empty',
  boolean: 'true or false',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  array: 'a list',
  object: 'a map',
};

function kindOf(schema: Data): string {
  const { quantity } = schema;
  if (typeof quantity === 'string') return `a quantity in ${quantity}`;
  if ('reference' in schema) return 'an element by name, module/element';
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(value => JSON.stringify(value)).join(' or ');
  return typesOf(schema)
    .map(type => TYPE_NAMES[type] ?? type)
    .join(' or ');
}

const counted = (count: unknown, one: string, more = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : more}`;
const descriptionOf = (schema: unknown): string | undefined => {
  const { description } = dataAt(schema);
  return typeof description === 'string' ? description : undefined;
};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a message about the value at `path` begins with: `rate`, `entry 3 of rates`. */
function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the product';
  return typeof last === 'number' ? `entry ${last + 1} of ${String(path.at(-2))}` : last;
}

/** What is wrong with a value, for the keywords that concern nothing but it. */
function valueMessage({ keyword, params, parentSchema, message }: ErrorObject): string {
  const schema = dataAt(parentSchema);
  const { quantity } = schema;
  const limit: unknown = params['limit'];
  const bound =
    typeof limit === 'number' && typeof quantity === 'string' ? formatQuantity(limit, quantity) : String(limit);
  switch (keyword) {
    case 'type':
      return `must be ${kindOf(schema)}`;
    case 'anyOf':
      return `must be ${[...new Set(listOf(schema['anyOf']).map(branch => kindOf(dataAt(branch))))].join(' or ')}`;
    case 'const':
      return `must be ${kindOf(schema)}`;
    case 'minimum':
      return `must be at least ${bound}`;
    case 'maximum':
      return `must be at most ${bound}`;
    case 'exclusiveMinimum':
      return `must be more than ${bound}`;
    case 'exclusiveMaximum':
      return `must be less than ${bound}`;
    case 'multipleOf':
      return `must be a multiple of ${String(params['multipleOf'])}`;
    case 'minLength':
      return `must have at least ${counted(limit, 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(limit, 'character')}`;
    case 'minItems':
    case 'minProperties':
      return `must have at least ${counted(limit, 'entry', 'entries')}`;
    case 'maxItems':
    case 'maxProperties':
    case 'additionalItems':
      return `must have at most ${counted(limit, 'entry', 'entries')}`;
    case 'uniqueItems': {
      const [first = 0, second = 0] = [Number(params['i']), Number(params['j'])].sort((one, other) => one - other);
      return `must not hold the same twice: entries ${first + 1} and ${second + 1} are equal`;
    }
    case 'pattern':
      return `must look like ${String(params['pattern'])}`;
    default:
      return message ?? `breaks the rule "${keyword}"`;
  }
}

type Text = readonly [place: Place, message: string, hint: string | undefined];

/** The hint for a key that does not exist. */
function unknownKey(path: Path, key: string, parentSchema: unknown): readonly [message: string, hint: string] {
  const known = Object.keys(dataAt(parentSchema, 'properties')).filter(name => !name.startsWith('$'));
  if (path.length === 2 && path[0] === 'modules' && key === 'elements') {
    return [`module ${String(path[1])} has no elements`, `keys here: ${known.join(', ')}`];
  }
  return [`unknown key "${key}"`, namesHint('keys here', key, known)];
}

function describe(error: ErrorObject, path: Path, source: Source): Text {
  const { keyword, params, parentSchema } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      return [source.keyAt([...path, key]), ...unknownKey(path, key, parentSchema)];
    }
    case 'required': {
      const key = String(params['missingProperty']);
      const about = descriptionOf(dataAt(parentSchema, 'properties', key));
      return [source.keyAt(path), `"${key}" is missing`, about === undefined ? undefined : `${key}: ${about}`];
    }
    case 'propertyNames': {
      const name = String(params['propertyName']);
      const hint = 'an element name begins with a letter or digit, is no bare number, and has no "/"';
      return [source.keyAt([...path, name]), `"${name}" cannot be the name of an element`, hint];
    }
    case 'enum': {
      const allowed = listOf(params['allowedValues']).map(textOf);
      const wrong = textOf(error.data);
      return [source.valueAt(path), `${subject(path)} cannot be "${wrong}"`, namesHint('one of', wrong, allowed)];
    }
    case 'pattern':
      if ('reference' in dataAt(parentSchema)) {
        return [
          source.valueAt(path),
          `${subject(path)} must be ${kindOf(dataAt(parentSchema))}`,
          descriptionOf(parentSchema),
        ];
      }
  }
  return [source.valueAt(path), `${subject(path)} ${valueMessage(error)}`, descriptionOf(parentSchema)];
}

/** Compiles a composed schema. Throws BuildError where a module's schema is no JSON Schema. */
export function compileSchema(schema: Data): (data: unknown, source: Source) => readonly Problem[] {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, verbose: true });
  ajv.addVocabulary(['reference', 'quantity']);
  const validate = (() => {
    try {
      return ajv.compile(schema);
    } catch (error) {
      throw new BuildError(
        `the modules' schemas do not compose: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  })();
  return (data, source) => {
    if (validate(data)) return [];
    return meantOnly(validate.errors ?? [])
      .filter(({ propertyName }) => propertyName === undefined)
      .map(error => {
        const [place, message, hint] = describe(error, pathOf(error, data), source);
        return { severity: 'error', place, message, hint };
      });
  };
}
