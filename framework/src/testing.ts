// SPDX-License-Identifier: BSD-3-Clause
/** A host for tests: its clock moves only when the test says so, and it keeps what is logged. */
import type { Framework } from './framework.ts';
import type { Host } from './host.ts';
import { type LogLevel, LogLevel as Level } from './log.ts';
import type { Posix } from './posix.ts';

/** A host without a machine. */
export class TestHost implements Host {
  readonly lines: { readonly level: LogLevel; readonly line: string }[] = [];
  readonly options = new Map<string, string>();
  readonly posix: Posix | undefined;
  /** The deadline the firmware has armed, µs; Infinity for none. */
  deadline = Infinity;
  private time = 0;

  constructor(posix?: Posix) {
    this.posix = posix;
  }

  log(level: LogLevel, line: string): void {
    this.lines.push({ level, line });
  }

  now(): number {
    return this.time;
  }

  arm(deadline: number): void {
    this.deadline = deadline;
  }

  option(name: string): string | undefined {
    return this.options.get(name);
  }

  /** The lines logged at `level` or above. */
  logged(level: LogLevel = Level.WARN): string[] {
    return this.lines.filter(entry => entry.level >= level).map(entry => entry.line);
  }

  /** Moves the clock `us` ahead, stopping at each deadline to let `framework` do what is due, and drains its events. */
  advance(framework: Framework, us: number): void {
    const end = this.time + us;
    while (framework.poll());
    while (this.deadline <= end) {
      this.time = Math.max(this.time, this.deadline);
      // It has gone off, as a real one would: the firmware arms again what it wants.
      this.deadline = Infinity;
      while (framework.poll());
    }
    this.time = end;
    while (framework.poll());
  }
}
