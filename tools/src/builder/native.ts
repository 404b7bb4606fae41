// SPDX-License-Identifier: BSD-3-Clause
/** The native part of koffi, which a bundle cannot hold: shipped beside it for each platform that npm installed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersWith } from '../workspace.ts';
import type { OutputFile } from './bundle.ts';

/** `native/koffi/<platform>/koffi.node`, where koffi looks below `process.resourcesPath` (set to `native/`). */
export function nativeFiles(root: string): readonly OutputFile[] {
  const packages = join(root, 'node_modules/@koromix');
  if (!existsSync(packages)) return [];
  return readdirSync(packages)
    .filter(name => name.startsWith('koffi-'))
    .flatMap(name => foldersWith(join(packages, name), 'koffi.node').map(platform => ({ name, platform })))
    .map(({ name, platform }) => ({
      name: `native/koffi/${platform}/koffi.node`,
      contents: readFileSync(join(packages, name, platform, 'koffi.node')),
    }));
}
