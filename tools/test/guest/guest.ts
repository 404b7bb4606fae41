// SPDX-License-Identifier: BSD-3-Clause
/** Real Linux guests: which can be booted here, and how. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A kind of guest: the script that boots it and the programs that needs. */
export interface GuestKind {
  readonly name: string;
  readonly boot: string;
  readonly programs: readonly string[];
}

const FOLDER = process.env['SCMI_GUEST_DIR'] ?? resolve(__dirname, '../../../../shared/guest');

/** User-mode Linux and an arm64 machine in QEMU: two independent front ends. */
export const GUESTS: readonly GuestKind[] = [
  { name: 'user-mode Linux', boot: 'boot-uml', programs: ['dtc'] },
  { name: 'QEMU', boot: 'boot-qemu', programs: ['qemu-system-aarch64', 'dtc', 'fdtoverlay', 'cpio'] },
];

const isInstalled = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Why a kind of guest can't be booted here, undefined when it can. */
export function missing({ boot, programs }: GuestKind): string | undefined {
  if (!existsSync(join(FOLDER, boot))) return `no ${boot} in ${FOLDER}; SCMI_GUEST_DIR can name another folder`;
  const absent = programs.filter(program => !isInstalled(program));
  return absent.length === 0 ? undefined : `${absent.join(', ')} not installed`;
}

/** A guest that runs. */
export class Guest {
  output = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'scmi-guest-'));
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly waiting: { readonly text: string; readonly found: () => void }[] = [];

  /** Boots a guest on a socket. `script` is a busybox shell script that runs in it as root. */
  constructor(kind: GuestKind, socket: string, script: string) {
    const file = join(this.folder, 'script.sh');
    writeFileSync(file, script);
    // A process group of its own: a user-mode kernel leaves helpers behind when it is killed alone.
    this.child = spawn(join(FOLDER, kind.boot), [file, socket], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (text: string): void => {
      this.output += text;
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
