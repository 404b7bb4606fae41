// SPDX-License-Identifier: BSD-3-Clause
/** A real Linux guest. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
    // A process group of its own: a user-mode kernel leaves helpers behind when it is killed alone.
    this.child = spawn(boot, [file, socket], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
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
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
