// SPDX-License-Identifier: BSD-3-Clause
/** Builds one product: checks its file, bundles it, and writes the output folder anew. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bundleProduct, type OutputFile } from './bundle.ts';
import { deviceTree } from './devicetree.ts';
import { productJson } from './entry.ts';
import { nativeFiles } from './native.ts';
import { BuildError, formatProblems } from './problems.ts';
import { type CheckedProduct, loadProduct } from './product.ts';

/** What came of a build. */
export interface BuildResult {
  readonly ok: boolean;
  /** Errors and warnings as text, empty if there are none. */
  readonly problems: string;
  /** What was built, in a line; empty if nothing was. */
  readonly summary: string;
}

/** All files of the output of a checked product. */
async function outputOf(root: string, product: CheckedProduct): Promise<readonly OutputFile[]> {
  const tree = deviceTree(product);
  return [
    ...(await bundleProduct(root, product)),
    ...(product.host === 'node' ? nativeFiles(root) : []),
    { name: 'product.json', contents: productJson(product) },
    ...(tree === undefined ? [] : [{ name: `${product.name}.dtsi`, contents: tree }]),
  ];
}

/**
 * Builds the product in `folder` (`products/vhost-user`) into `dist/<folder>`; with `checkOnly`, writes nothing. What is
 * wrong with the product is in the result; nothing is thrown for it.
 */
export async function buildProduct(root: string, folder: string, checkOnly = false): Promise<BuildResult> {
  try {
    const { product, problems: found } = await loadProduct(root, folder);
    const problems = formatProblems(found);
    if (product === undefined) return { ok: false, problems, summary: '' };
    const names = product.modules.map(({ facts }) => facts.name).join(', ');
    if (checkOnly) return { ok: true, problems, summary: `${folder}: correct; modules in order: ${names}` };
    const files = await outputOf(root, product);
    const out = join('dist/products', basename(folder));
    await rm(join(root, out), { recursive: true, force: true });
    for (const { name, contents } of files) {
      const file = join(root, out, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    const size = Math.ceil(bundleSize(files) / 1024);
    return { ok: true, problems, summary: `${out}: ${size} kB of firmware; modules in order: ${names}` };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return { ok: false, problems: `${folder}/product.yaml: error: ${error.message}`, summary: '' };
  }
}

const bundleSize = (files: readonly OutputFile[]): number =>
  files.find(({ name }) => name.startsWith('firmware.') && !name.endsWith('.map'))?.contents.length ?? 0;
