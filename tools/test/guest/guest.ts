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

/** Kills a process and all it has started. They are stopped first: a kernel that runs starts more meanwhile. */
function killFamily(root: number): void {
  const found = new Set<number>();
  for (let grown = true; grown;) {
    grown = false;
    for (const pid of family(root)) {
      if (found.has(pid)) continue;
      found.add(pid);
      signal(pid, 'SIGSTOP');
      grown = true;
    }
  }
  for (const pid of found) signal(pid, 'SIGKILL');
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

/** A process and all it has started, directly or not. A user-mode kernel starts a session of its own: only parents tell. */
function family(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .map(Number)
      .filter(pid => pid > 0)
      .map(pid => [pid, parentOf(pid)] as const),
  );
  const found = [root];
  for (let at = 0; at < found.length; at++) {
    for (const [pid, parent] of parents) if (parent === found[at]) found.push(pid);
  }
  return found;
}

/** The parent of a process; undefined when it has just ended. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): after the command's closing parenthesis come the state and the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
