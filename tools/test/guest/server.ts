// SPDX-License-Identifier: BSD-3-Clause
/** The built product as a child process, for tests that need the whole of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A product being served, its sockets in a folder of its own. */
export class Server {
  readonly folder: string;
  /** What it has written to stderr. */
  log = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number>;

  private constructor(bundle: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'scmi-'));
    this.child = spawn(process.execPath, ['--enable-source-maps', bundle, '--socket-dir', this.folder]);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.ended = new Promise(resolve => this.child.once('exit', code => resolve(code ?? -1)));
  }

  /** Starts a bundle and waits until it is ready. Throws with its log when it ends before. */
  static async start(bundle: string): Promise<Server> {
    const server = new Server(bundle);
    const ready = new Promise<boolean>(resolve =>
      server.child.stderr?.on('data', () => server.log.includes('ready: ') && resolve(true)),
    );
    if (!(await Promise.race([ready, server.ended.then(() => false)]))) throw new Error(`no server: ${server.log}`);
    return server;
  }

  /** The path of a socket. */
  socket(name: string): string {
    return join(this.folder, name);
  }

  /** Stops it as an operator does and answers its exit status. */
  async stop(): Promise<number> {
    this.child.kill('SIGTERM');
    const status = await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
    return status;
  }
}
