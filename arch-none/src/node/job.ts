// SPDX-License-Identifier: BSD-3-Clause
/** What the main thread and the firmware's thread tell each other. */
import type { LogLevel } from '@scp/framework';

/** What the firmware's thread is started with. */
export interface Job {
  readonly level: LogLevel;
  readonly options: ReadonlyMap<string, string>;
  readonly control: StopControl;
}

/** Words that both threads see, at `CONTROL`: a message would come too late for a main thread that is about to exit. */
export type StopControl = Int32Array<SharedArrayBuffer>;

/** Places in a StopControl. */
export const CONTROL = {
  /**
   * The eventfd that wakes the firmware's thread, 0 before there is one. It is never closed, so that its number, which
   * means the same in all threads, never means another file.
   */
  descriptor: 0,
  /** Not 0 when the firmware is to stop. */
  stop: 1,
} as const;

/** A StopControl before anything has happened. */
export const stopControl = (): StopControl => new Int32Array(new SharedArrayBuffer(8));

/** What the firmware's thread reports at its end. */
export type Report =
  /** The stop stage is over. */
  | { readonly kind: 'stopped'; readonly errors: number }
  /** The firmware did not start, or could not go on; the log says why. */
  | { readonly kind: 'failed' };

/** Whether the data a worker was started with are such a job. */
export const isJob = (data: unknown): data is Job =>
  typeof data === 'object' && data !== null && 'level' in data && 'options' in data && 'control' in data;
