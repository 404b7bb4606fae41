// SPDX-License-Identifier: BSD-3-Clause
/** The committed JSON Schema of product files: of all modules that there are, for editors. */
import { loadModules } from '../builder/modules.ts';
import { composeSchema } from '../builder/schema.ts';
import { moduleNames } from '../workspace.ts';

/** From the root of the workspace; the first line of each product file names it. */
export const SCHEMA_FILE = 'tools/schema/product.schema.json';

/** The text of the schema file. */
export async function schemaText(root: string): Promise<string> {
  const modules = await loadModules(root, moduleNames(root));
  const parts = modules.map(({ schema: { config, element }, ...facts }) => ({ ...facts, config, element }));
  return `${JSON.stringify(composeSchema(parts), undefined, 2)}\n`;
}
