// SPDX-License-Identifier: BSD-3-Clause
/** A real Linux guest. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The program `boot` with another device tree overlay: a copy of its folder in which only that differs. */
export function bootWith(boot: string, overlay: string): { readonly boot: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'scmi-boot-'));
  for (const name of readdirSync(dirname(boot))) {
    // The program finds its folder by where it lies itself.
    if (name === basename(boot)) copyFileSync(boot, join(folder, name));
    else if (name !== OVERLAY) symlinkSync(join(dirname(boot), name), join(folder, name));
  }
  copyFileSync(overlay, join(folder, OVERLAY));
  return { boot: join(folder, basename(boot)), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const OVERLAY = 'scmi-overlay.dts';

/** A guest that runs. */
export class Guest {
  output = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'scmi-guest-'));
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly waiting: { readonly text: string; readonly found: () => void }[] = [];

  /** Boots a guest on a socket with the program `boot`. `script` is a busybox shell script that runs in it as root. */
  constructor(boot: string, socket: string, script: string) {
    const file = join(this.folder, 'script.sh');
    writeFileSync(file, script);
    this.child = spawn(boot, [file, socket], { stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (text: string): void => {
      this.output += text.replaceAll('\r', '');
      for (const one of this.waiting) if (this.output.includes(one.text)) one.found();
    };
    this.child.stdout?.setEncoding('utf8').on('data', take);
    this.child.stderr?.setEncoding('utf8').on('data', take);
    this.ended = new Promise(done => this.child.once('close', () => done()));
  }

  /** Waits until the guest has printed `text`, or has ended. */
  async printed(text: string): Promise<void> {
    await Promise.race([new Promise<void>(found => this.waiting.push({ text, found })), this.ended]);
  }

  /** Waits until it has powered off and answers what its script printed. */
  async finish(): Promise<string> {
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    const [, printed = ''] = this.output.split('GUEST-UP');
    return printed.split('GUEST-DONE')[0] ?? '';
  }

  /** Kills it with everything it started. */
  async kill(): Promise<void> {
    if (this.child.pid !== undefined) killFamily(this.child.pid);
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What proc(5) tells of a process. */
interface ProcessFacts {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
}

/**
 * Kills a process and all it has started. They are stopped first, so that none loses its parent before it is found; then
 * their sessions are emptied: a user-mode kernel leads one of its own, in which its helpers outlive it.
 */
function killFamily(root: number): void {
  const found = new Set([root]);
  signal(root, 'SIGSTOP');
  for (let grown = true; grown;) {
    const fresh = processes().filter(({ pid, parent }) => found.has(parent) && !found.has(pid));
    for (const { pid } of fresh) {
      found.add(pid);
      signal(pid, 'SIGSTOP');
    }
    grown = fresh.length > 0;
  }
  for (let left = true; left;) {
    const alive = processes().filter(
      ({ pid, state, session }) => state !== 'Z' && (found.has(pid) || found.has(session)),
    );
    for (const { pid } of alive) signal(pid, 'SIGKILL');
    left = alive.length > 0;
  }
}

/** Signals a process that may have ended. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Errors of Node itself are of another realm than a test's: no `instanceof`.
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** All processes there are now. */
const processes = (): ProcessFacts[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0)
    .flatMap(pid => factsOf(pid) ?? []);

/** The facts of a process; undefined when it has just ended. */
function factsOf(pid: number): ProcessFacts | undefined {
  try {
    // After the command's closing parenthesis: state, parent, process group, session.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, state, parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}
