// SPDX-License-Identifier: BSD-3-Clause
/** A NodePosix, a folder and descriptors for one test, all gone after it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadyHandler } from '@scp/framework';
import { NodePosix } from '../src/node/posix.ts';

/** errno values, negated. */
export const ERR = {
  EPERM: -1,
  ENOENT: -2,
  EBADF: -9,
  EAGAIN: -11,
  EACCES: -13,
  EEXIST: -17,
  ENODEV: -19,
  EINVAL: -22,
  EPIPE: -32,
  ENAMETOOLONG: -36,
  ENOTSOCK: -88,
  EADDRINUSE: -98,
  ECONNREFUSED: -111,
} as const;

/** The descriptors this process has open. */
export const openDescriptors = (): string[] => readdirSync('/proc/self/fd').slice(0, -1);

/** What one test uses. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'posix-'));
  readonly posix: NodePosix;
  private readonly mine = new Set<number>();

  constructor(fault?: (error: unknown) => void) {
    this.posix = new NodePosix(fault);
  }

  /** A path in the test's folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Keeps a descriptor to be closed after the test; a failed call fails the test. */
  own(fd: number | undefined): number {
    if (fd === undefined || fd < 0) throw new Error(`no descriptor but ${fd}`);
    this.mine.add(fd);
    return fd;
  }

  /** Closes a descriptor now. */
  close(fd: number): void {
    this.mine.delete(fd);
    this.posix.close(fd);
  }

  /** Both ends of a new connection. */
  connection(): { near: number; far: number } {
    const path = this.path('connection');
    const listener = this.own(this.posix.listen(path));
    const near = this.own(this.posix.connect(path));
    const far = this.own(this.posix.accept(listener));
    this.close(listener);
    this.posix.unlink(path);
    return { near, far };
  }

  dispose(): void {
    for (const fd of this.mine) this.posix.close(fd);
    this.posix.dispose();
    rmSync(this.folder, { recursive: true });
  }
}

/** Keeps what a handler is told: `r`, `w`, `h` for readable, writable, hangup. */
export class Recorder implements ReadyHandler {
  readonly calls: string[] = [];
  private readonly then: () => void;

  constructor(then: () => void = () => undefined) {
    this.then = then;
  }

  ready(readable: boolean, writable: boolean, hangup: boolean): void {
    this.calls.push(`${readable ? 'r' : ''}${writable ? 'w' : ''}${hangup ? 'h' : ''}`);
    this.then();
  }
}
