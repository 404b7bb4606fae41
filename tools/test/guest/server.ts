// SPDX-License-Identifier: BSD-3-Clause
/** A built product that serves, its sockets in a folder of its own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirmwareProcess } from '../../src/firmware-process.ts';

/** The agents of products/vhost-user, by the names of their sockets. */
export const AGENTS = ['ospm0', 'ospm1'] as const;
/** One of them. */
export type AgentName = (typeof AGENTS)[number];

/** A product being served. */
export class Server {
  private readonly folder = mkdtempSync(join(tmpdir(), 'scmi-'));
  private readonly firmware: FirmwareProcess;

  private constructor(bundle: string) {
    this.firmware = new FirmwareProcess(bundle, ['--socket-dir', this.folder], { onLine: () => undefined });
  }

  /** Starts a bundle and waits until it is ready. */
  static async start(bundle: string): Promise<Server> {
    const server = new Server(bundle);
    await server.firmware.ready;
    return server;
  }

  /** The socket of an agent. */
  socket(agent: AgentName): string {
    return join(this.folder, `vscmi-${agent}.sock`);
  }

  /** Stops it as an operator does: it exits 0, having removed its sockets. */
  async stop(): Promise<void> {
    this.firmware.kill('SIGTERM');
    expect(await this.firmware.ended).toEqual({ status: 0 });
    expect(AGENTS.map(agent => this.socket(agent)).filter(existsSync)).toEqual([]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
