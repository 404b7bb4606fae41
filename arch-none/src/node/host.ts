// SPDX-License-Identifier: BSD-3-Clause
import type { Host, LogLevel } from '@scp/framework';
import type { LogWriter } from './log.ts';
import type { NodePosix } from './posix.ts';

/** The host of a firmware in a Node thread. */
export class NodeHost implements Host {
  readonly posix: NodePosix;
  private readonly writer: LogWriter;
  private readonly options: ReadonlyMap<string, string>;
  private deadline = Infinity;

  /** `options`: the values of the command line by name; an option without value is `true`. */
  constructor(posix: NodePosix, writer: LogWriter, options: ReadonlyMap<string, string>) {
    this.posix = posix;
    this.writer = writer;
    this.options = options;
  }

  log(level: LogLevel, line: string): void {
    this.writer.write(level, line);
  }

  now(): number {
    return performance.now() * 1000;
  }

  arm(deadline: number): void {
    this.deadline = deadline;
  }

  option(name: string): string | undefined {
    return this.options.get(name);
  }

  /** How long the firmware may sleep, ms: until the alarm, Infinity when none is armed. */
  get timeout(): number {
    return this.deadline === Infinity ? Infinity : Math.max(0, (this.deadline - this.now()) / 1000);
  }
}
