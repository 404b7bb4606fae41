// SPDX-License-Identifier: BSD-3-Clause
/**
 * `test-product <product folder>`: the test that every product has without writing one. The built output is copied to a
 * folder of its own, so that whatever it lacks is missed, started, stopped by each of the signals that stop it, and must
 * end with status 0 and leave nothing behind.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataAt, listOf } from '../builder/data.ts';
import { endingText, FirmwareProcess } from '../firmware-process.ts';
import { UsageError, withUsage } from '../program.ts';
import { readJson } from '../workspace.ts';

/** A start or stop that takes longer than this, in ms, is taken for one that never ends. */
const PATIENCE = 60_000;

/** Tests the output in `output`. Answers what was wrong. */
async function testOutput(output: string): Promise<readonly string[]> {
  const product = readJson(join(output, 'product.json'));
  const options = listOf(product['modules'])
    .flatMap(module => listOf(dataAt(module)['options']))
    .map(option => dataAt(option)['name']);
  const place = mkdtempSync(join(tmpdir(), 'scp-product-'));
  const failures: string[] = [];
  try {
    cpSync(output, join(place, 'output'), { recursive: true });
    const bundle = join(place, 'output/firmware.cjs');
    const version = execFileSync(process.execPath, [bundle, '--version'], { encoding: 'utf8', timeout: PATIENCE });
    if (!version.includes(String(product['version']))) failures.push(`--version prints "${version.trim()}"`);
    const sockets = join(place, 'sockets');
    mkdirSync(sockets);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const lines: string[] = [];
      const hasSockets = options.includes('socket-dir');
      const args = ['--log-level', 'info', ...(hasSockets ? ['--socket-dir', sockets] : [])];
      const firmware = new FirmwareProcess(bundle, args, { onLine: line => void lines.push(line) });
      const watchdog = setTimeout(() => firmware.kill('SIGKILL'), PATIENCE);
      const startFailure = await firmware.ready.then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (startFailure !== undefined) failures.push(startFailure);
      if (startFailure === undefined && hasSockets && readdirSync(sockets).length === 0)
        failures.push('ready, but there is no socket');
      firmware.kill(signal);
      const ending = await firmware.ended;
      clearTimeout(watchdog);
      if (startFailure === undefined && !('status' in ending && ending.status === 0)) {
        failures.push(`${signal} ends it with ${endingText(ending)}, not status 0`);
      }
      const left = readdirSync(sockets);
      if (left.length > 0) failures.push(`${signal} leaves behind: ${left.join(', ')}`);
      if (failures.length > 0) return [...failures, 'what it printed:', ...lines];
    }
    return failures;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Tests one product; 0 when it behaves, 1 when not, 2 for a wrong command line. */
export const main = (argv: readonly string[], workspace: string): Promise<number> =>
  withUsage('test-product', async () => {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new UsageError('name one product folder');
    const name = basename(folder);
    const failures = await testOutput(join(workspace, 'dist/products', name));
    if (failures.length === 0) {
      process.stdout.write(
        `${folder}: starts and is ready; SIGTERM and SIGINT stop it with status 0; nothing is left behind\n`,
      );
      return 0;
    }
    process.stderr.write(`${folder}: failed\n${failures.map(line => `  ${line}\n`).join('')}`);
    return 1;
  });
