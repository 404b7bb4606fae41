// SPDX-License-Identifier: BSD-3-Clause
/** A product's program for tests: its bundle in a folder of its own, and child processes that run it. */
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '../..');

/** Environment variables that a program gets beside PATH. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

/** What a program that ended by itself left. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = (extra: Environment): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], ...extra });

/** The bundle of `product/entry.ts`, made as the product builder makes it, and away from any node_modules. */
export class Bundle {
  readonly path = join(mkdtempSync(join(tmpdir(), 'program-')), 'firmware.cjs');

  constructor() {
    const { warnings } = buildSync({
      entryPoints: [join(__dirname, 'product/entry.ts')],
      outfile: this.path,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      conditions: ['@scp/source'],
      banner: {
        js: 'const __u=require("node:url").pathToFileURL(__filename).href;process.resourcesPath??=__dirname+"/native";',
      },
      define: { 'import.meta.url': '__u', 'import.meta.dirname': '__dirname' },
      logLevel: 'silent',
    });
    if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
    const libraries = join(root, 'node_modules/@koromix', `koffi-linux-${process.arch}`);
    for (const platform of readdirSync(libraries).filter(name => name.endsWith(`_${process.arch}`))) {
      cpSync(join(libraries, platform), join(dirname(this.path), 'native/koffi', platform), { recursive: true });
    }
  }

  /** Runs the program until it ends by itself. */
  run(args: readonly string[], env: Environment = {}): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.path, ...args], {
      encoding: 'utf8',
      env: environment(env),
    });
    return { status, stdout, stderr };
  }

  /** Starts the program. `stderr`: a descriptor in place of a pipe. */
  start(args: readonly string[], env: Environment = {}, stderr: number | 'pipe' = 'pipe'): Program {
    const stdio: StdioOptions = ['ignore', 'ignore', stderr];
    return new Program(spawn(process.execPath, [this.path, ...args], { env: environment(env), stdio }));
  }

  dispose(): void {
    rmSync(dirname(this.path), { recursive: true });
  }
}

/** A program that serves until it is told to stop. */
export class Program {
  /** What it has logged. */
  readonly lines: string[] = [];
  /** Resolves to the status, or the signal, that ended it. */
  readonly ended: Promise<number | string | null>;
  private over = false;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();
  private rest = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${this.rest}${text}`.split('\n');
      this.rest = lines.pop() ?? '';
      this.lines.push(...lines);
      for (const look of this.waiting) look();
    });
    this.ended = new Promise(resolve => {
      child.on('close', (status, signal) => {
        this.over = true;
        for (const look of this.waiting) look();
        resolve(status ?? signal);
      });
    });
  }

  /** Waits for a line that contains `text`; fails when the program ends without it. */
  line(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.lines.find(line => line.includes(text));
        if (found === undefined && !this.over) return;
        this.waiting.delete(look);
        if (found === undefined) reject(new Error(`no '${text}' in:\n${this.lines.join('\n')}`));
        else resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Waits until the program catches a signal. */
  async handles(signal: NodeJS.Signals): Promise<void> {
    const bit = 1n << BigInt(constants.signals[signal] - 1);
    for (let caught = 0n; (caught & bit) === 0n; await new Promise(resolve => setImmediate(resolve))) {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      caught = BigInt(`0x${/SigCgt:\s+(\w+)/.exec(status)?.[1] ?? '0'}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops to read what the program logs. */
  deafen(): void {
    this.child.stderr?.pause();
  }

  /** Reads again. */
  listen(): void {
    this.child.stderr?.resume();
  }

  /** Closes the reading end of what the program logs. */
  hangUp(): void {
    this.child.stderr?.destroy();
  }
}
