// SPDX-License-Identifier: BSD-3-Clause
/** Bundles a product into one file with esbuild, and holds the bundle to the floor plan by what got into it. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type BuildOptions, formatMessages, type Metafile } from 'esbuild';
import { HOST_PACKAGES, packageOfModule, readJson, withDependencies, workspacePackages } from '../workspace.ts';
import { nodeEntry } from './entry.ts';
import { asBuildError } from './modules.ts';
import { BuildError } from './problems.ts';
import type { CheckedProduct } from './product.ts';
import type { HostKind } from './schema.ts';

/** A file of the output, by its name in the output folder. */
export interface OutputFile {
  readonly name: string;
  readonly contents: Uint8Array | string;
}

interface HostBuild {
  readonly outfile: string;
  readonly entry: (product: CheckedProduct) => string;
  /** Packages of the registry that may be in the bundle. */
  readonly libraries: readonly string[];
  readonly options: BuildOptions;
}

const HOST_BUILDS: { readonly [H in HostKind]: HostBuild } = {
  node: {
    outfile: 'firmware.cjs',
    entry: nodeEntry,
    libraries: ['koffi'],
    options: {
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // koffi is an ES module that asks for its own address, and looks for its native part under resourcesPath.
      banner: {
        js:
          'const __moduleUrl=require("node:url").pathToFileURL(__filename).href;' +
          'process.resourcesPath??=require("node:path").join(__dirname,"native");',
      },
      define: { 'import.meta.url': '__moduleUrl', 'import.meta.dirname': '__dirname' },
    },
  },
};

/** The package that a source file belongs to: the name in the nearest package.json that has one. */
function packageOf(file: string): { readonly name: string; readonly folder: string } {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'package.json');
    const name = existsSync(found) ? readJson(found)['name'] : undefined;
    if (typeof name === 'string') return { name, folder };
  }
  return { name: file, folder: dirname(file) };
}

/**
 * What must not be in a bundle: packages the product has nothing to do with, build-time parts of modules, and modules
 * that others know the contract of but that the product does not name.
 */
export function strangers(root: string, { modules, host }: CheckedProduct, { inputs }: Metafile): readonly string[] {
  const own = modules.map(({ facts }) => packageOfModule(facts.name));
  const packages = workspacePackages(root);
  const contracts = withDependencies(packages, [...own, ...HOST_PACKAGES]).map(({ name }) => name);
  const allowed = new Set([...contracts, ...HOST_BUILDS[host].libraries]);
  const isModule = (name: string): boolean => packages.get(name)?.folder.startsWith('modules/') ?? false;
  return Object.keys(inputs).filter(input => {
    if (input.endsWith('/entry.ts')) return false;
    const { name, folder } = packageOf(resolve(root, input));
    const file = relative(folder, resolve(root, input));
    if (!allowed.has(name) || file === 'src/schema.ts') return true;
    return isModule(name) && file === 'src/module.ts' && !own.includes(name);
  });
}

/** Bundles a product. Throws BuildError with esbuild's text, or with the files that must not be in it. */
export async function bundleProduct(root: string, product: CheckedProduct): Promise<readonly OutputFile[]> {
  const { outfile, entry, options } = HOST_BUILDS[product.host];
  const sourcefile = `products/${product.name}/entry.ts`;
  const outdir = join(root, 'dist/products', product.name);
  const { outputFiles, metafile, warnings } = await asBuildError(
    `products/${product.name} does not bundle:`,
    build({
      ...options,
      stdin: { contents: entry(product), resolveDir: root, sourcefile, loader: 'ts' },
      absWorkingDir: root,
      outfile: join(outdir, outfile),
      bundle: true,
      write: false,
      metafile: true,
      sourcemap: 'linked',
      legalComments: 'none',
      logLevel: 'silent',
    }),
  );
  if (warnings.length > 0) {
    const texts = await formatMessages(warnings, { kind: 'warning', color: false });
    throw new BuildError(`products/${product.name} bundles with warnings:\n${texts.join('').trimEnd()}`);
  }
  const wrong = strangers(root, product, metafile);
  if (wrong.length > 0) {
    throw new BuildError(`products/${product.name}: these do not belong into its bundle:\n  ${wrong.join('\n  ')}`);
  }
  return outputFiles.map(({ path, contents }) => ({ name: relative(outdir, path), contents }));
}
