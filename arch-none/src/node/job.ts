// SPDX-License-Identifier: BSD-3-Clause
/** What the main thread and the firmware's thread tell each other. */
import type { LogLevel } from '@scp/framework';

/** What the firmware's thread is started with. */
export interface Job {
  readonly level: LogLevel;
  readonly options: ReadonlyMap<string, string>;
}

/** What the firmware's thread reports. */
export type Report =
  /** The eventfd that asks for the stop; it is never closed, so that its number never means another file. */
  | { readonly kind: 'control'; readonly fd: number }
  /** The stop stage is over. */
  | { readonly kind: 'stopped'; readonly errors: number }
  /** The firmware did not start, or could not go on; the log says why. */
  | { readonly kind: 'failed' };

/** Whether the data a worker was started with are such a job. */
export const isJob = (data: unknown): data is Job =>
  typeof data === 'object' && data !== null && 'level' in data && 'options' in data;
