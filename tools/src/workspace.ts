// SPDX-License-Identifier: BSD-3-Clause
/** The packages of the workspace: which there are, and which of them a package imports from. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Data, dataAt, isData } from './builder/data.ts';

/** A package of the workspace. */
export interface WorkspacePackage {
  /** `@scp/clock` */
  readonly name: string;
  /** From the root: `modules/clock` */
  readonly folder: string;
  readonly description: string;
  /** All dependencies by name, of the workspace and of the registry. */
  readonly dependencies: readonly string[];
}

/** What a product is made of, besides its modules. */
export const HOST_PACKAGES = ['@scp/framework', '@scp/arch-none'] as const;

/** The package of a module. */
export const packageOfModule = (module: string): string => `@scp/${module}`;

/** Reads a JSON file that holds a map. Throws if it does not. */
export function readJson(file: string): Data {
  const data: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isData(data)) throw new Error(`${file} holds no JSON object`);
  return data;
}

/** The names of the folders in `folder` that hold `file`, sorted. */
export function foldersWith(folder: string, file: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => existsSync(join(folder, name, file)))
    .sort();
}

/** The modules there are, by folder name. */
export const moduleNames = (root: string): readonly string[] => foldersWith(join(root, 'modules'), 'package.json');

/** The products there are, by folder name. */
export const productNames = (root: string): readonly string[] => foldersWith(join(root, 'products'), 'product.yaml');

/** The package in `folder` (from the root), undefined where there is none. */
export function packageIn(root: string, folder: string): WorkspacePackage | undefined {
  const file = join(root, folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { name, description, dependencies } = readJson(file);
  return {
    name: typeof name === 'string' ? name : folder,
    folder,
    description: typeof description === 'string' ? description : '',
    dependencies: Object.keys(dataAt(dependencies)),
  };
}

/** All packages of the workspace by name. */
export function workspacePackages(root: string): ReadonlyMap<string, WorkspacePackage> {
  const folders = ['framework', 'arch-none', ...moduleNames(root).map(name => `modules/${name}`), 'tools'];
  const packages = folders.map(folder => packageIn(root, folder)).filter(found => found !== undefined);
  return new Map(packages.map(found => [found.name, found]));
}

/** These packages and all of the workspace that they import from, directly or not, sorted by name. */
export function withDependencies(
  packages: ReadonlyMap<string, WorkspacePackage>,
  names: readonly string[],
): readonly WorkspacePackage[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    const one = packages.get(name);
    if (one === undefined || found.has(name)) return;
    found.add(name);
    one.dependencies.forEach(add);
  };
  names.forEach(add);
  return [...found].sort().flatMap(name => packages.get(name) ?? []);
}
