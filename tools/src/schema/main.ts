// SPDX-License-Identifier: BSD-3-Clause
/** `npm run schema`: writes the JSON Schema of product files anew. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SCHEMA_FILE, schemaText } from './compose.ts';

/** Writes it. */
export async function main(_argv: readonly string[], workspace: string): Promise<number> {
  const file = join(workspace, SCHEMA_FILE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await schemaText(workspace));
  process.stdout.write(`${SCHEMA_FILE} written\n`);
  return 0;
}
