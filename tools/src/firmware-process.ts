// SPDX-License-Identifier: BSD-3-Clause
/** A built firmware as a child process. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How a process ended: its exit status, or the signal that ended it. */
export type Ending = { readonly status: number } | { readonly signal: string };

/** How to start it. */
export interface StartOptions {
  /** Keeps the signals of the terminal away from it: it gets only those that `kill` sends. */
  readonly ownGroup?: boolean;
  /** Takes each line that it prints. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Makes the kernel end the child when this process is gone, however it went. Part of util-linux. */
const SETPRIV = '/usr/bin/setpriv';

/** What the host logs when everything is set up, after a time or a priority. */
const READY = /(?:^|\s|>)ready: /;

/** The text of an ending. */
export const endingText = (ending: Ending): string =>
  'status' in ending ? `exit status ${ending.status}` : `signal ${ending.signal}`;

/** A running firmware. */
export class FirmwareProcess {
  /** The line with `ready: …`, logged at level info. Rejects when the process ends without it. */
  readonly ready: Promise<string>;
  /** After the last line has been taken. */
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(bundle: string, args: readonly string[], { ownGroup = false, onLine }: StartOptions) {
    const command = [process.execPath, '--enable-source-maps', bundle, ...args];
    const [program = '', ...rest] = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'TERM', '--', ...command] : command;
    this.child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: ownGroup });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (status, signal) => resolve(status === null ? { signal: String(signal) } : { status }));
    });
    this.ready = new Promise((resolve, reject) => {
      for (const stream of ['stdout', 'stderr'] as const) {
        createInterface({ input: this.child[stream] }).on('line', line => {
          onLine(line, stream);
          if (READY.test(line)) resolve(line);
        });
      }
      const early = (ending: Ending): void =>
        reject(new Error(`the firmware ended before it was ready: ${endingText(ending)}`));
      this.ended.then(early, reject);
    });
    // Whoever waits for neither must not be told of a rejection nobody handled.
    this.ready.catch(() => undefined);
    this.ended.catch(() => undefined);
  }

  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
