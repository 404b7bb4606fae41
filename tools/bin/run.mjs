// SPDX-License-Identifier: BSD-3-Clause
/**
 * Runs a program of this package that is written in TypeScript. Node 20 does not strip types, so the program is bundled
 * (0.1 s) at each start: nothing to build beforehand, and never a stale copy. Packages from the registry stay imports.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const tools = dirname(dirname(fileURLToPath(import.meta.url)));

/** The root of the workspace. */
export const workspace = dirname(tools);

/** Leaves what npm installed to Node; the workspace's own packages are TypeScript and go into the bundle. */
const registryPackages = {
  name: 'registry-packages',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@scp/') ? undefined : { path, external: true },
    ),
};

/**
 * Runs `entry` (a path inside tools/) as a program called with `argv`. A module that exports
 * `main(argv, workspace): number | Promise<number>` is called, and what it answers is the exit status.
 */
export async function runTypeScript(entry, argv) {
  const { outputFiles } = await build({
    entryPoints: [join(tools, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    // A bundled CommonJS dependency of the workspace's packages may still call require.
    banner: { js: 'import{createRequire as $r}from"node:module";const require=$r(import.meta.url);' },
    plugins: [registryPackages],
    logLevel: 'error',
  });
  // Inside the workspace, so that the imports that are left find node_modules; unique, so that programs can overlap.
  const folder = join(workspace, '.nx', 'programs');
  const file = join(folder, `${entry.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, outputFiles[0].contents);
  process.argv = [process.argv[0], join(tools, entry), ...argv];
  process.setSourceMapsEnabled(true);
  let program;
  try {
    program = await import(pathToFileURL(file).href);
  } finally {
    await rm(file, { force: true });
  }
  if (typeof program.main === 'function') process.exitCode = await program.main(argv, workspace);
}
