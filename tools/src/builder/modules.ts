// SPDX-License-Identifier: BSD-3-Clause
/** Loads the definitions and schemas of modules at build time: bundled in memory, because packages export TypeScript. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { ModuleSchema } from '@scp/framework/schema';
import type { ApiToken, ModuleDefinition } from '@scp/framework';
import { build, type BuildFailure, formatMessages } from 'esbuild';
import { packageIn, packageOfModule } from '../workspace.ts';
import { isData } from './data.ts';
import { BuildError } from './problems.ts';

/** What the builder knows of a module. */
export interface ModuleFacts {
  readonly name: string;
  readonly description: string;
  readonly definition: ModuleDefinition;
  readonly schema: ModuleSchema;
}

const isFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

/** Runs esbuild's part of a build; its errors become a BuildError with esbuild's own text. */
export async function asBuildError<T>(what: string, bundle: Promise<T>): Promise<T> {
  try {
    return await bundle;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const texts = await formatMessages(error.errors, { kind: 'error', color: false });
    throw new BuildError(`${what}\n${texts.join('').trimEnd()}`);
  }
}

const isDefinition = (value: unknown): value is ModuleDefinition =>
  isData(value) && typeof value['name'] === 'string' && typeof value['create'] === 'function';
const isSchema = (value: unknown): value is ModuleSchema => isData(value) && isData(value['config']);

/** The `reference` keyword of AnyElement. */
export const ANY_ELEMENT = '*';

/** Whether a module provides the contract that a `reference` keyword names. */
export const provides = ({ name, definition }: ModuleFacts, reference: string): boolean =>
  reference === ANY_ELEMENT ||
  reference === `module:${name}` ||
  (definition.apis ?? []).some((token: ApiToken<unknown>) => token.name === reference);

/**
 * The modules of these names, which all exist as folders. Throws BuildError for one that does not compile or does not
 * export what a module package must.
 */
export async function loadModules(root: string, names: readonly string[]): Promise<readonly ModuleFacts[]> {
  const contents = names
    .map(packageOfModule)
    .map((name, at) => `export{default as d${at}}from"${name}";export{default as s${at}}from"${name}/schema";`)
    .join('\n');
  const { outputFiles } = await asBuildError(
    'a module does not load:',
    build({
      stdin: { contents, resolveDir: root, sourcefile: 'modules.ts', loader: 'ts' },
      absWorkingDir: root,
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['@sinclair/typebox'],
      logLevel: 'silent',
    }),
  );
  const module: { exports: unknown } = { exports: {} };
  const run = compileFunction(outputFiles[0]?.text ?? '', ['module', 'exports', 'require'], {
    filename: 'modules.cjs',
  });
  try {
    Reflect.apply(run, undefined, [module, module.exports, createRequire(join(root, 'package.json'))]);
  } catch (error) {
    throw new BuildError(
      `a module does not load: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  const loaded = isData(module.exports) ? module.exports : {};
  return names.map((name, at) => {
    const definition = loaded[`d${at}`];
    const schema = loaded[`s${at}`];
    if (!isDefinition(definition) || definition.name !== name) {
      throw new BuildError(
        `modules/${name}/src/module.ts: the default export must be the definition of module "${name}"`,
      );
    }
    if (!isSchema(schema)) {
      throw new BuildError(`modules/${name}/src/schema.ts: the default export must be { config, element?, check? }`);
    }
    return { name, description: packageIn(root, `modules/${name}`)?.description ?? '', definition, schema };
  });
}
