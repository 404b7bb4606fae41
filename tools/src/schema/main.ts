// SPDX-License-Identifier: BSD-3-Clause
/** `npm run schema`: writes the JSON Schema of product files anew. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BuildError } from '../builder/problems.ts';
import { SCHEMA_FILE, schemaText } from './compose.ts';

/** Writes it; 1 when a module does not load. */
export async function main(_argv: readonly string[], workspace: string): Promise<number> {
  const file = join(workspace, SCHEMA_FILE);
  try {
    const text = await schemaText(workspace);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${SCHEMA_FILE}: error: ${error.message}\n`);
    return 1;
  }
  process.stdout.write(`${SCHEMA_FILE} written\n`);
  return 0;
}
