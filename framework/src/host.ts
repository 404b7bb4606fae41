// SPDX-License-Identifier: BSD-3-Clause
/**
 * What a firmware takes from the place it runs in. Everything outside the framework and its modules comes through here:
 * a host is a Linux process, OP-TEE, Zephyr, or a test.
 */
import type { LogLevel } from './log.ts';
import type { Posix } from './posix.ts';

/** The host of one firmware. No member may call back into the firmware. */
export interface Host {
  /** Takes one line of log, without line end. Must not throw. */
  log(level: LogLevel, line: string): void;
  /** Monotonic time in microseconds. */
  now(): number;
  /** Asks to be polled at `deadline` (µs, as `now()`); Infinity disarms. There is one alarm; the last call counts. */
  arm(deadline: number): void;
  /** The value of a command-line option that a module declares, undefined when it was not given. */
  option(name: string): string | undefined;
  /** Files, sockets and mapped memory, on a host that has them. */
  readonly posix?: Posix | undefined;
}
