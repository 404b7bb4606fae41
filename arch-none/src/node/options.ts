// SPDX-License-Identifier: BSD-3-Clause
import { parseArgs } from 'node:util';
import { LogLevel, logLevel, type OptionDeclaration, type Product } from '@scp/framework';

/** What the generated entry knows of a product beyond the firmware's content. */
export interface NodeFacts {
  /** One sentence for the help. */
  readonly description?: string;
}

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'run'; readonly level: LogLevel; readonly options: ReadonlyMap<string, string> }
  /** Text for stdout; the program has done its work then. */
  | { readonly kind: 'print'; readonly text: string }
  /** What is wrong, in one line. */
  | { readonly kind: 'refuse'; readonly text: string };

interface Option {
  readonly name: string;
  /** What the value is called in the help; undefined for an option that takes none. */
  readonly value?: string;
  readonly description: string;
}

const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];
const LEVEL_VARIABLE = 'SCMI_LOG_LEVEL';

const PROGRAM_OPTIONS: readonly Option[] = [
  { name: 'log-level', value: 'LEVEL', description: `What is logged: ${LEVELS.join(', ')} (default info)` },
  { name: 'trace', description: 'Log each message, decoded; includes --log-level trace' },
  { name: 'print-capabilities', description: 'Print the vhost-user capabilities in JSON and exit' },
  { name: 'version', description: 'Print name and version and exit' },
  { name: 'help', description: 'Print this and exit' },
];

/** What a vhost-user back end tells its manager (QEMU, "Backend program conventions"). */
const CAPABILITIES = { type: 'scmi', features: [] };

/** The options the product's modules declare. Modules that share an option share its value. */
function moduleOptions(product: Product): readonly Option[] {
  const found = new Map<string, OptionDeclaration>();
  for (const { definition } of product.modules) {
    for (const option of definition.options ?? []) {
      if (PROGRAM_OPTIONS.some(({ name }) => name === option.name)) {
        throw new Error(`module ${definition.name} declares the option --${option.name}, which is the program's own`);
      }
      if (!found.has(option.name)) found.set(option.name, option);
    }
  }
  return [...found.values()];
}

/**
 * Reads the arguments (without node and the script) and the environment. Printing options come before everything, so
 * that they work beside options that are wrong. Throws if a module declares an option of the program.
 */
export function readCommandLine(
  product: Product,
  facts: NodeFacts,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const options = [...moduleOptions(product), ...PROGRAM_OPTIONS];
  const byName = new Map(options.map(option => [option.name, option] as const));
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const),
    ),
    strict: false,
    tokens: true,
  });
  const asked = new Set(tokens.map(token => (token.kind === 'option' ? token.name : '')));
  if (asked.has('print-capabilities')) return { kind: 'print', text: JSON.stringify(CAPABILITIES) };
  if (asked.has('help')) return { kind: 'print', text: help(product, facts, options) };
  if (asked.has('version')) {
    return { kind: 'print', text: `${product.name} ${product.version} (node ${process.version})` };
  }

  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') return refuse(`unexpected argument '${token.value}'`);
    const option = byName.get(token.name);
    if (option === undefined) return refuse(`unknown option ${token.rawName}`);
    if (option.value === undefined) {
      if (token.value !== undefined) return refuse(`${token.rawName} takes no value`);
      values.set(token.name, 'true');
    } else {
      // `--socket-dir --trace` has lost its value; a value that begins with a dash is given as `--socket-dir=-x`.
      const taken = token.inlineValue === true || token.value?.startsWith('-') === false;
      if (!taken || token.value === undefined || token.value === '') {
        return refuse(`${token.rawName} needs a value (${option.value})`);
      }
      values.set(token.name, token.value);
    }
  }

  const asOption = values.get('log-level');
  const [source, name] = asOption === undefined ? [LEVEL_VARIABLE, env[LEVEL_VARIABLE]] : ['--log-level', asOption];
  const level = name === undefined || name === '' ? LogLevel.INFO : levelCalled(name);
  if (level === undefined) return refuse(`${source}: '${name}' is none of ${LEVELS.join(', ')}`);
  return { kind: 'run', level: values.has('trace') ? LogLevel.TRACE : level, options: values };
}

const refuse = (text: string): Command => ({ kind: 'refuse', text });

const levelCalled = (name: string): LogLevel | undefined =>
  LEVELS.includes(name.toLowerCase()) ? logLevel(name) : undefined;

function help(product: Product, facts: NodeFacts, options: readonly Option[]): string {
  const usage = options.map(({ name, value, description }) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    description,
  }));
  const width = Math.max(...usage.map(({ left }) => left.length));
  return [
    `Usage: node firmware.cjs [option…]`,
    '',
    `${product.name} ${product.version}${facts.description === undefined ? '' : `: ${facts.description}`}`,
    '',
    'Options:',
    ...usage.map(({ left, description }) => `  ${left.padEnd(width)}  ${description}`),
    '',
    'Environment:',
    `  ${LEVEL_VARIABLE.padEnd(width)}  The log level when --log-level is not given`,
    '',
    'Logs go to stderr. SIGINT and SIGTERM stop the firmware in order; a second one ends it at once.',
  ].join('\n');
}
