// SPDX-License-Identifier: BSD-3-Clause
/** The program of a product, which nobody writes by hand: imports its modules and hands the host their configuration. */
import { packageOfModule } from '../workspace.ts';
import type { CheckedProduct } from './product.ts';

/** The product as JSON for people and programs: the order of the modules, elements by name, configuration as resolved. */
export function productJson({ name, version, description, host, modules }: CheckedProduct): string {
  const plain = modules.map(({ facts, config, elements }) => ({
    name: facts.name,
    options: facts.definition.options ?? [],
    config,
    elements,
  }));
  return `${JSON.stringify({ name, version, description, host, modules: plain }, undefined, 2)}\n`;
}

/** The text of the entry for the Node host, TypeScript. */
export function nodeEntry({ name, version, description, modules }: CheckedProduct): string {
  const imports = modules.map(({ facts }, at) => `import m${at} from '${packageOfModule(facts.name)}';`);
  const tables = modules.map(
    ({ config, elements }, at) =>
      `    { definition: m${at}, config: ${JSON.stringify(config)}, elements: ${JSON.stringify(elements)} },`,
  );
  return [
    "import { runNode } from '@scp/arch-none/node';",
    ...imports,
    'runNode(',
    `  { name: ${JSON.stringify(name)}, version: ${JSON.stringify(version)}, modules: [`,
    ...tables,
    '  ] },',
    `  { description: ${JSON.stringify(description)} },`,
    ');',
    '',
  ].join('\n');
}
