// SPDX-License-Identifier: BSD-3-Clause
/** `build-product <product folder> [--check]`: the program behind the targets `build` and `check` of a product. */
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError, withUsage } from '../program.ts';
import { buildProduct } from './build.ts';

const HELP = `usage: build-product PRODUCT [--check]
  PRODUCT   the product's folder: products/vhost-user
  --check   only check the product file, write nothing
`;

/** Builds or checks; 0 when the product is right, 1 when it is not, 2 for a wrong command line. */
export const main = (argv: readonly string[], workspace: string): Promise<number> =>
  withUsage('build-product', async () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new UsageError('name one product folder');
    const { ok, problems, summary } = await buildProduct(workspace, relative(workspace, resolve(folder)), values.check);
    if (problems !== '') process.stderr.write(`${problems}\n`);
    if (summary !== '') process.stdout.write(`${summary}\n`);
    return ok ? 0 : 1;
  });
