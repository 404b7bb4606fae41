// SPDX-License-Identifier: BSD-3-Clause
/** What Nx is told of products. */
import type { CreateDependenciesContext, CreateNodesContext, ProjectConfiguration } from '@nx/devkit';
import { createDependencies, createNodes } from '../src/nx/plugin.ts';
import { Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(() => {
  fixture = new Fixture();
  fixture.product('board', 'description: A board\nmodules:\n  mock-clock: { elements: { a: { rate: 1 } } }\n  scmi:\n');
  fixture.product('broken', 'description: [A\nmodules: }\n');
  fixture.product('strange', 'description: 7\nmodules: [clock, 3]\n');
  fixture.product('wrong', 'description: Wrong\nmodules:\n  no-such-module:\n  clock: 5\n');
});
afterAll(() => fixture.remove());

const infer = async (...names: readonly string[]): Promise<Readonly<Record<string, ProjectConfiguration>>> => {
  const context: CreateNodesContext = { workspaceRoot: fixture.root, nxJsonConfiguration: {} };
  const files = names.map(name => `products/${name}/product.yaml`);
  const found = await createNodes[1](files, undefined, context);
  expect(found.map(([file]) => file)).toEqual(files);
  const projects: Record<string, ProjectConfiguration> = {};
  for (const [, result] of found) {
    for (const [root, project] of Object.entries(result.projects ?? {})) projects[root] = { root, ...project };
  }
  return projects;
};

const one = async (name: string): Promise<ProjectConfiguration> => {
  const { [`products/${name}`]: project } = await infer(name);
  if (project === undefined) throw new Error(`no project for ${name}`);
  return project;
};

describe('a product', () => {
  it('is a project of the name of its path, with its targets', async () => {
    const { name, root, projectType, tags, targets, metadata } = await one('board');
    expect({ name, root, projectType, tags }).toEqual({
      name: 'products/board',
      root: 'products/board',
      projectType: 'application',
      tags: ['type:product'],
    });
    expect(metadata).toMatchObject({ description: 'A board', scp: { modules: ['mock-clock', 'scmi'] } });
    expect(Object.keys(targets ?? {})).toEqual(['build', 'check', 'test', 'serve']);
    expect(targets?.['build']).toMatchObject({
      command: 'node tools/bin/build-product.mjs products/board',
      cache: true,
      outputs: ['{workspaceRoot}/dist/products/board'],
    });
    expect(targets?.['check']).toMatchObject({
      command: 'node tools/bin/build-product.mjs products/board --check',
      cache: true,
    });
    expect(targets?.['test']).toMatchObject({
      command: 'node tools/bin/test-product.mjs products/board',
      dependsOn: ['build'],
      cache: true,
    });
    expect(targets?.['serve']).toMatchObject({ dependsOn: ['build'], continuous: true });
    expect(targets?.['serve']).not.toHaveProperty('cache');
  });

  it('says of each target what it does and how it is called', async () => {
    const { targets = {} } = await one('board');
    for (const { metadata } of Object.values(targets)) {
      expect(metadata?.description).not.toBe('');
      expect(metadata?.help?.command).toMatch(/^npx nx \w+ products\/board/);
    }
  });

  it('is built anew when its file, its modules, what these import, its host or the builder changes, and for nothing else', async () => {
    const { targets } = await one('board');
    const inputs = targets?.['build']?.inputs;
    const files = inputs?.filter(input => typeof input === 'string') ?? [];
    const sources = files.filter(file => file.endsWith('/src/**/*'));
    expect(sources).toEqual([
      '{workspaceRoot}/arch-none/src/**/*',
      '{workspaceRoot}/modules/clock/src/**/*',
      '{workspaceRoot}/framework/src/**/*',
      '{workspaceRoot}/modules/mock-clock/src/**/*',
      '{workspaceRoot}/modules/scmi/src/**/*',
    ]);
    expect(files).toEqual(
      expect.arrayContaining(['default', '{workspaceRoot}/tools/src/builder/**/*', '{workspaceRoot}/package.json']),
    );
    expect(JSON.stringify(inputs)).toContain('{"externalDependencies":["esbuild","yaml","ajv"');
  });
});

describe('a product that is wrong', () => {
  it.each(['broken', 'strange', 'wrong', 'missing'])(
    'is a project all the same, and the others are too: %s',
    async name => {
      const projects = await infer(name, 'board');
      expect(Object.keys(projects)).toEqual([`products/${name}`, 'products/board']);
      expect(projects[`products/${name}`]?.targets?.['build']).toMatchObject({
        command: `node tools/bin/build-product.mjs products/${name}`,
      });
    },
  );
});

describe('the project graph', () => {
  it('has an edge from each product to its modules and its host, and no other', async () => {
    const products = await infer('board', 'wrong');
    const packages = ['mock-clock', 'clock', 'scmi', 'framework', 'arch-none', 'tools'];
    const others = packages.map(name => [`@scp/${name}`, { root: name }] as const);
    const context: CreateDependenciesContext = {
      workspaceRoot: fixture.root,
      nxJsonConfiguration: {},
      externalNodes: {},
      fileMap: { projectFileMap: {}, nonProjectFiles: [] },
      filesToProcess: { projectFileMap: {}, nonProjectFiles: [] },
      projects: { ...products, ...Object.fromEntries(others) },
    };
    const edges = await createDependencies(undefined, context);
    const targetsOf = (source: string) => edges.filter(edge => edge.source === source).map(edge => edge.target);
    expect(targetsOf('products/board')).toEqual(['@scp/mock-clock', '@scp/scmi', '@scp/framework', '@scp/arch-none']);
    expect(targetsOf('products/wrong')).toEqual(['@scp/clock', '@scp/framework', '@scp/arch-none']);
    expect(edges).toHaveLength(7);
  });
});
