// SPDX-License-Identifier: BSD-3-Clause
/** `npm run docs`: writes the pages of docs/ that are made from the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocolsPage } from './protocols.ts';

/** The generated pages: file in docs/ and text. */
export const PAGES: readonly { readonly file: string; readonly text: (workspace: string) => string }[] = [
  { file: 'protocols.md', text: protocolsPage },
];

/** Writes them all. Answers the exit status. */
export function main(_argv: readonly string[], workspace: string): number {
  for (const { file, text } of PAGES) writeFileSync(join(workspace, 'docs', file), text(workspace));
  return 0;
}
