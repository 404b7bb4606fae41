// SPDX-License-Identifier: BSD-3-Clause
/** A channel over a vhost-user socket: this process is the front end and the driver. */
import { NodePosix } from '@scp/arch-none/node/posix';
import { FrontEnd } from '@scp/vhost-user/front-end';
import { type Channel, TransportError } from './channel.ts';

/** Time an answer may take, ms. */
const TIMEOUT_MS = 5000;

/** Attaches to a back end as QEMU does. */
export class VhostUserChannel implements Channel {
  private readonly posix = new NodePosix();
  private readonly frontEnd: FrontEnd;

  /** Connects to the Unix socket at `path` and brings the device up. Throws a TransportError when that fails. */
  constructor(path: string) {
    const { posix } = this;
    const host = {
      posix,
      now: () => performance.now() * 1000,
      turn: (timeoutMs: number) => void posix.wait(timeoutMs),
    };
    const frontEnd = FrontEnd.connect(host, path);
    if (typeof frontEnd === 'number') {
      posix.dispose();
      throw new TransportError(`can't connect (errno ${-frontEnd}): is the server running?`);
    }
    this.frontEnd = frontEnd;
    const failed = frontEnd.bringUp();
    if (failed !== undefined) {
      this.close();
      throw new TransportError(`${failed}: does another front end use this socket?`);
    }
  }

  call(command: Uint8Array, capacity: number): Uint8Array {
    const answer = this.frontEnd.command(command, capacity, TIMEOUT_MS);
    if (answer === undefined) {
      throw new TransportError(this.frontEnd.closed ? 'the server closed the connection' : 'no answer in 5 s');
    }
    return answer;
  }

  close(): void {
    this.frontEnd.close();
    this.posix.dispose();
  }
}
