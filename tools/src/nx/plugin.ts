// SPDX-License-Identifier: BSD-3-Clause
/**
 * The Nx plugin: every `products/<name>/product.yaml` is a project `products/<name>`, with no registration anywhere.
 * A product file that is wrong must not throw here, because that would end every Nx command for every product: the
 * project is then inferred from its path alone, and its own `build` reports the error.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type CreateDependencies,
  type CreateNodes,
  DependencyType,
  type ProjectConfiguration,
  type TargetConfiguration,
} from '@nx/devkit';
import { parseSource } from '../builder/source.ts';
import { dataAt, isData, textsOf } from '../builder/data.ts';
import { HOST_PACKAGES, packageOfModule, withDependencies, workspacePackages } from '../workspace.ts';

export const name = '@scp/tools';

/** What a product file says, as far as it can be understood. */
interface ProductOutline {
  readonly description: string;
  /** As in the file; some may not exist. */
  readonly modules: readonly string[];
}

function outlineOf(file: string): ProductOutline {
  try {
    const { data } = parseSource(file, readFileSync(file, 'utf8'));
    const { description } = dataAt(data);
    return {
      description: typeof description === 'string' ? description : '',
      modules: Object.keys(dataAt(data, 'modules')),
    };
  } catch {
    // Gone or unreadable: its own build says so.
    return { description: '', modules: [] };
  }
}

/** Everything whose change changes what a product is built to. */
function inputsOf(root: string, modules: readonly string[]): NonNullable<TargetConfiguration['inputs']> {
  const packages = withDependencies(workspacePackages(root), [...modules.map(packageOfModule), ...HOST_PACKAGES]);
  return [
    'default',
    ...packages.flatMap(({ folder }) => [
      `{workspaceRoot}/${folder}/src/**/*`,
      `{workspaceRoot}/${folder}/package.json`,
      `{workspaceRoot}/${folder}/tsconfig.json`,
    ]),
    '{workspaceRoot}/tools/src/builder/**/*',
    '{workspaceRoot}/tools/src/workspace.ts',
    '{workspaceRoot}/tools/src/program.ts',
    '{workspaceRoot}/tools/bin/build-product.mjs',
    '{workspaceRoot}/tools/bin/run.mjs',
    '{workspaceRoot}/tsconfig.portable.json',
    '{workspaceRoot}/package.json',
    { externalDependencies: ['esbuild', 'yaml', 'ajv', '@sinclair/typebox', 'koffi'] },
    { runtime: 'node --version' },
  ];
}

/** How a target documents itself in `nx show project`. */
const about = (
  description: string,
  command: string,
  example: object,
): NonNullable<TargetConfiguration['metadata']> => ({
  description,
  technologies: ['scp'],
  help: { command, example },
});

function projectOf(root: string, folder: string): ProjectConfiguration {
  const { description, modules } = outlineOf(join(root, folder, 'product.yaml'));
  const inputs = inputsOf(root, modules);
  const bundle = `dist/${folder}/firmware.cjs`;
  return {
    name: folder,
    root: folder,
    projectType: 'application',
    tags: ['type:product'],
    metadata: { description, technologies: ['scp'], scp: { modules } },
    targets: {
      build: {
        command: `node tools/bin/build-product.mjs ${folder}`,
        cache: true,
        inputs,
        outputs: [`{workspaceRoot}/dist/${folder}`],
        metadata: about(
          `Checks product.yaml and builds dist/${folder}: bundle, source map, native files, product.json, device tree`,
          `npx nx build ${folder}`,
          {},
        ),
      },
      check: {
        command: `node tools/bin/build-product.mjs ${folder} --check`,
        cache: true,
        inputs,
        outputs: [],
        metadata: about('Checks product.yaml and writes nothing', `npx nx check ${folder}`, {}),
      },
      test: {
        command: `node tools/bin/test-product.mjs ${folder}`,
        dependsOn: ['build'],
        cache: true,
        inputs: [
          ...inputs,
          '{workspaceRoot}/tools/src/product-test/**/*',
          '{workspaceRoot}/tools/src/firmware-process.ts',
          '{workspaceRoot}/tools/bin/test-product.mjs',
        ],
        outputs: [],
        metadata: about(
          'Starts the built bundle from a folder of its own, waits until it is ready, stops it, and looks for what it left behind',
          `npx nx test ${folder}`,
          {},
        ),
      },
      serve: {
        command: `node --enable-source-maps ${bundle}`,
        dependsOn: ['build'],
        continuous: true,
        metadata: about('Builds and runs the firmware until it is stopped', `npx nx serve ${folder} --socket-dir DIR`, {
          args: ['--socket-dir', '/run/user/1000/scmi'],
        }),
      },
    },
  };
}

/** Infers a project for each product. */
export const createNodes: CreateNodes = [
  'products/*/product.yaml',
  (files, _options, { workspaceRoot }) =>
    files.map(file => {
      const folder = dirname(file);
      return [file, { projects: { [folder]: projectOf(workspaceRoot, folder) } }] as const;
    }),
];

/** The modules that a project's metadata names. */
function modulesOf({ metadata }: ProjectConfiguration): readonly string[] {
  const scp: unknown = isData(metadata) ? metadata['scp'] : undefined;
  return textsOf(dataAt(scp)['modules']);
}

/**
 * Makes each product depend on its modules and its host: what `nx affected` follows. Not on this package, whose agent
 * knows many modules: a change in any of them would affect every product. That of the builder does so as an input.
 */
export const createDependencies: CreateDependencies = (_options, { projects }) =>
  Object.entries(projects).flatMap(([source, project]) => {
    if (project.tags?.includes('type:product') !== true) return [];
    const targets = [...modulesOf(project).map(packageOfModule), ...HOST_PACKAGES];
    return targets
      .filter(target => target in projects)
      .map(target => ({ source, target, type: DependencyType.static, sourceFile: `${project.root}/product.yaml` }));
  });
