// SPDX-License-Identifier: BSD-3-Clause
/** `npm start`: builds a product, serves it, shows what an agent sees at each of its sockets, and how to attach a guest. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endingText, FirmwareProcess } from '../firmware-process.ts';
import { UsageError, withUsage } from '../program.ts';
import { productNames } from '../workspace.ts';
import { qemuCommand, umlCommand } from './attach.ts';

const HELP = `usage: npm start -- [PRODUCT] [--socket-dir DIR]
  PRODUCT           the product's folder; left out, products/vhost-user
  --socket-dir DIR  where the sockets are made; left out, a new folder that is removed at the end
Ctrl-C stops the firmware and removes its sockets; a second one ends it at once.
`;

/** npm passes on a Ctrl-C that the terminal has sent to everyone already: what comes this soon (ms) is the same one. */
const SAME_SIGNAL = 1000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal that asks to stop, as something to wait for; later ones go to `again`. */
class StopRequest {
  readonly requested: Promise<void>;
  again: () => void = () => undefined;
  isRequested = false;

  constructor() {
    this.requested = new Promise(resolve => {
      let first = 0;
      for (const signal of SIGNALS) {
        process.on(signal, () => {
          if (!this.isRequested) {
            first = performance.now();
            this.isRequested = true;
            resolve();
          } else if (performance.now() - first > SAME_SIGNAL) this.again();
        });
      }
    });
  }
}

/** Runs a program of Node to its end, or until a stop is requested. Answers its exit status, 1 for a signal. */
async function run(args: readonly string[], cwd: string, stop: StopRequest): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve(status ?? 1));
  });
  await Promise.race([ended, stop.requested]);
  if (stop.isRequested) child.kill('SIGTERM');
  return ended;
}

/** A folder for the sockets that nobody else has. */
const ownFolder = (): string => mkdtempSync(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'scmi-'));

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Shows each socket as an agent sees it, then how to attach guests. Answers whether all agents got their answers. */
async function present(
  product: string,
  sockets: readonly string[],
  workspace: string,
  stop: StopRequest,
): Promise<boolean> {
  let isComplete = true;
  for (const socket of sockets) {
    if (stop.isRequested) return isComplete;
    say(`\n${basename(socket)}, as its agent sees it (npx scmi --socket ${socket} list):\n`);
    const status = await run([join(workspace, 'tools/bin/scmi.mjs'), '--socket', socket, 'list'], workspace, stop);
    if (status !== 0 && !stop.isRequested) isComplete = false;
  }
  if (stop.isRequested) return isComplete;
  say(`\nTo attach a guest: arm64 in QEMU, its device tree with dist/${product}/${basename(product)}.dtsi in it`);
  for (const socket of sockets) say(`\n${qemuCommand(socket)}`);
  say('\nor user-mode Linux:');
  for (const socket of sockets) say(`\n${umlCommand(socket)}`);
  say('\nCtrl-C stops it.');
  return isComplete;
}

/** Serves a built product until a signal asks to stop or the firmware ends. Answers the exit status. */
async function serve(product: string, sockets: string, workspace: string, stop: StopRequest): Promise<number> {
  const bundle = join(workspace, 'dist', product, 'firmware.cjs');
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => void process[stream].write(`${line}\n`);
  // In a group of its own: a Ctrl-C must reach it once, and from here, or it would be taken for a second one.
  const firmware = new FirmwareProcess(bundle, ['--log-level', 'info', '--socket-dir', sockets], {
    ownGroup: true,
    onLine,
  });
  stop.again = () => firmware.kill('SIGTERM');
  let isComplete = true;
  const shown = (async () => {
    await firmware.ready;
    const paths = readdirSync(sockets).map(name => join(sockets, name));
    isComplete = await present(product, paths.sort(), workspace, stop);
  })();
  // A firmware that ends early is reported by how it ended.
  shown.catch(() => undefined);
  await Promise.race([stop.requested, firmware.ended]);
  if (stop.isRequested) firmware.kill('SIGTERM');
  const ending = await firmware.ended;
  const isClean = 'status' in ending && ending.status === 0;
  if (!stop.isRequested) process.stderr.write(`start: the firmware ended by itself: ${endingText(ending)}\n`);
  else if (!isClean) process.stderr.write(`start: the firmware did not stop cleanly: ${endingText(ending)}\n`);
  else if (!isComplete) process.stderr.write('start: an agent got no complete answer\n');
  return stop.isRequested && isClean && isComplete ? 0 : 1;
}

/** Builds and serves; 0 after a stop by signal, 1 for a failure, 2 for a wrong command line. */
export const main = (argv: readonly string[], workspace: string): Promise<number> =>
  withUsage('start', async () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { 'socket-dir': { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const product = `products/${basename(positionals[0] ?? 'vhost-user')}`;
    const names = productNames(workspace).map(name => `products/${name}`);
    if (positionals.length > 1 || !names.includes(product)) {
      throw new UsageError(`name one product: ${names.join(', ')}`);
    }
    const stop = new StopRequest();
    const built = await run([join(workspace, 'node_modules/.bin/nx'), 'build', product], workspace, stop);
    if (stop.isRequested) return 0;
    if (built !== 0) return 1;
    const given = values['socket-dir'];
    const sockets = given === undefined ? ownFolder() : resolve(given);
    mkdirSync(sockets, { recursive: true });
    const status = await serve(product, sockets, workspace, stop);
    if (given === undefined) rmSync(sockets, { recursive: true });
    return status;
  });
