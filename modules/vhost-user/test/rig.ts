// SPDX-License-Identifier: BSD-3-Clause
/**
 * A server with two agents in this process, on real sockets, and front ends in the same readiness set. Time stands still
 * while anything is ready, and leaps ahead when nothing is: a wait for what never comes ends at once.
 */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodePosix } from '@scp/arch-none/node/posix';
import { configure, elementId, Framework } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import scmi from '@scp/scmi';
import vhostUser from '@scp/vhost-user';
import { type BringUpOptions, connect, type FrontEnd, type FrontEndHost } from '@scp/vhost-user/front-end';
import virtioScmi from '@scp/virtio-scmi';

const AGENTS = ['one', 'other'];

/** Bytes in hex. */
export const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex');
/** Bytes from hex; spaces are for readers. */
export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.split(' ').join(''), 'hex'));

/** BASE PROTOCOL_VERSION with token 0, and its answer: version 2.1. */
export const VERSION = '00400000';
export const VERSION_ANSWER = '004000000000000001000200';
/** BASE_NOTIFY_ERRORS on. */
export const NOTIFY_ERRORS = '0840000001000000';
/** A PROTOCOL_VERSION that is too long, its answer, and the BASE_ERROR_EVENT about it. */
export const TOO_LONG = '0040000000000000';

/** Options of a rig. */
export interface RigOptions {
  readonly requireSealedMemory?: boolean;
  /** Where the sockets are; left out: a folder of their own. */
  readonly folder?: string;
}

/** The server and its surroundings. */
export class Rig implements FrontEndHost {
  readonly posix = new NodePosix();
  readonly host = new TestHost(this.posix);
  readonly folder: string;
  readonly framework: Framework;
  private time = 0;

  constructor({ requireSealedMemory = false, folder }: RigOptions = {}) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'vhost-user-'));
    this.host.options.set('socket-dir', this.folder);
    this.framework = new Framework(
      {
        name: 'rig',
        version: '0',
        modules: [
          configure(
            virtioScmi,
            {},
            AGENTS.map(name => ({ name, config: { delayedResponses: 4, responseGap: 0 } })),
          ),
          configure(
            scmi,
            {
              vendor: 'Vendor',
              subVendor: 'Sub',
              implementationVersion: 1,
              agents: AGENTS.map(name => ({ name, trusted: false })),
            },
            AGENTS.map((name, index) => ({ name, config: { agent: name, transport: elementId(0, index) } })),
          ),
          configure(
            vhostUser,
            {},
            AGENTS.map((name, index) => ({
              name,
              config: { device: elementId(0, index), socket: `${name}.sock`, requireSealedMemory },
            })),
          ),
        ],
      },
      this.host,
    );
    this.framework.start();
  }

  now(): number {
    return this.time;
  }

  turn(): void {
    const ran = this.posix.wait(0);
    if (!this.framework.poll() && ran === 0) this.time += 1e12;
  }

  /** Lets turns pass until nothing is left to do. */
  settle(): void {
    const { time } = this;
    while (this.time === time) this.turn();
  }

  /** The path of an agent's socket. */
  path(agent: string): string {
    return join(this.folder, `${agent}.sock`);
  }

  /** A connection to an agent's socket, with nothing said on it. */
  connect(agent = 'one'): FrontEnd {
    const frontEnd = connect(this, this.path(agent));
    if (typeof frontEnd === 'number') throw new Error(`can't connect: errno ${-frontEnd}`);
    return frontEnd;
  }

  /** A front end with its device up. */
  up(agent = 'one', options: BringUpOptions = {}): FrontEnd {
    const frontEnd = this.connect(agent);
    const failed = frontEnd.bringUp(options);
    if (failed !== undefined) throw new Error(failed);
    return frontEnd;
  }

  /** Ends everything. */
  dispose(): void {
    this.framework.stop();
    this.posix.dispose();
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs `test` with a server, and releases it whatever happens. */
export function withRig(test: (rig: Rig) => void, options?: RigOptions): void {
  const rig = new Rig(options);
  try {
    test(rig);
  } finally {
    rig.dispose();
  }
}

/** Descriptors of this process. */
export const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** What each descriptor is, for a test that found one too many. */
export const descriptorKinds = (): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });

/** Mappings of guest memory in this process. */
export const guestMappings = (): number =>
  readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter(line => line.includes('/memfd:')).length;

/** Whether the agent's command is answered. */
export const answers = (frontEnd: FrontEnd): boolean => hex(frontEnd.command(bytes(VERSION))) === VERSION_ANSWER;
