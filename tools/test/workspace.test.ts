// SPDX-License-Identifier: BSD-3-Clause
/** The floor plan (docs/architecture.md): which package may depend on which, and that every file says the same of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { dataAt, listOf } from '../src/builder/data.ts';
import { SCHEMA_FILE, schemaText } from '../src/schema/compose.ts';
import {
  moduleNames,
  productNames,
  readJson,
  withDependencies,
  type WorkspacePackage,
  workspacePackages,
} from '../src/workspace.ts';
import { REAL_ROOT } from './fixture.ts';

const packages = workspacePackages(REAL_ROOT);
const each = [...packages.values()].map(one => [one.folder, one] as const);
const modules = [...packages.values()].filter(({ folder }) => folder.startsWith('modules/'));

const isWithin = (folder: string) => (name: string) => packages.get(name)?.folder.startsWith(folder) ?? false;
const isModule = isWithin('modules/');
const isFramework = (name: string) => name === '@scp/framework';

/** What the packages of a layer may depend on. */
function isAllowed({ folder }: WorkspacePackage, dependency: string): boolean {
  if (folder === 'framework') return false;
  if (folder === 'arch-none') return isFramework(dependency) || dependency === 'koffi';
  if (folder === 'tools') return packages.has(dependency);
  return isFramework(dependency) || isModule(dependency);
}

/** The folders a tsconfig refers to, from the root. */
const referencesOf = (folder: string): readonly string[] =>
  listOf(readJson(join(REAL_ROOT, folder, 'tsconfig.json'))['references']).map(reference =>
    normalize(join(folder, String(dataAt(reference)['path']))),
  );

/** The workspace's packages that the sources in a folder import from. */
function importsOf(folder: string): readonly string[] {
  const found = new Set<string>();
  for (const file of readdirSync(join(REAL_ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(REAL_ROOT, folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/^[^'"`]*\bfrom '(@scp\/[a-z-]+)[^']*'/gm)) found.add(name);
  }
  return [...found].sort();
}

const workspaceDependencies = ({ dependencies }: WorkspacePackage) =>
  dependencies.filter(name => packages.has(name)).sort();
const foldersOf = (names: readonly string[]) => names.map(name => packages.get(name)?.folder ?? name).sort();

describe('the floor plan', () => {
  it.each(each)('%s depends on nothing above it', (_folder, one) => {
    expect(one.dependencies.filter(dependency => !isAllowed(one, dependency))).toEqual([]);
  });

  it('has no circle of packages', () => {
    const left = new Map([...packages].map(([name, one]) => [name, workspaceDependencies(one)] as const));
    for (let removed = true; removed;) {
      removed = false;
      for (const [name, dependencies] of left) {
        if (dependencies.some(dependency => left.has(dependency))) continue;
        removed = left.delete(name);
      }
    }
    expect([...left.keys()]).toEqual([]);
  });

  it.each(each)('%s imports in src from what its package.json names, and from all of that', (_folder, one) => {
    expect(importsOf(`${one.folder}/src`).filter(name => name !== one.name)).toEqual(workspaceDependencies(one));
  });

  it.each(each)('%s refers in its tsconfig to what its package.json names', (folder, one) => {
    expect([...referencesOf(folder)].sort()).toEqual(foldersOf(workspaceDependencies(one)));
  });

  it.each(each)('%s has tests, which refer to what they import', (folder, one) => {
    const direct = [...packages.values()].filter(other => referencesOf(`${folder}/test`).includes(other.folder));
    const reached = withDependencies(
      packages,
      direct.map(({ name }) => name),
    ).map(({ name }) => name);
    expect(reached).toEqual(expect.arrayContaining([one.name, ...importsOf(`${folder}/test`)]));
  });

  it('lets tsc -b reach every package and its tests', () => {
    const expected = [...packages.values()].flatMap(({ folder }) => [folder, `${folder}/test`]);
    expect([...referencesOf('.')].sort()).toEqual(expected.sort());
  });
});

describe('a module package', () => {
  it.each(modules.map(one => [one.folder, one] as const))(
    '%s is laid out as all are',
    (folder, { name, description }) => {
      expect(name).toBe(`@scp/${folder.slice('modules/'.length)}`);
      expect(description).not.toBe('');
      const manifest = readJson(join(REAL_ROOT, folder, 'package.json'));
      expect(manifest).toMatchObject({ private: true, type: 'module', license: 'BSD-3-Clause' });
      expect(manifest['exports']).toMatchObject({ '.': './src/module.ts', './schema': './src/schema.ts' });
      const targets = Object.values(dataAt(manifest['exports'])).map(String);
      expect(targets.filter(target => !existsSync(join(REAL_ROOT, folder, target)))).toEqual([]);
    },
  );
});

describe('the JSON Schema of product files', () => {
  it('is current; `npm run schema` writes it anew', async () => {
    expect(readFileSync(join(REAL_ROOT, SCHEMA_FILE), 'utf8')).toBe(await schemaText(REAL_ROOT));
  });

  it('knows every module', async () => {
    const schema: unknown = JSON.parse(await schemaText(REAL_ROOT));
    expect(Object.keys(dataAt(schema, 'properties', 'modules', 'properties'))).toEqual(moduleNames(REAL_ROOT));
  });

  it.each(productNames(REAL_ROOT))('is named in the first line of products/%s', name => {
    const text = readFileSync(join(REAL_ROOT, 'products', name, 'product.yaml'), 'utf8');
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../../${SCHEMA_FILE}`);
  });
});
