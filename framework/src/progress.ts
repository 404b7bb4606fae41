// SPDX-License-Identifier: BSD-3-Clause
import type { Stage } from './error.ts';
import type { EntityId } from './id.ts';

/** How far a firmware has come: what the stages set and everything else asks. */
export class Progress {
  /** The stage under way, undefined before the start. */
  stage: Stage | undefined = undefined;
  /** Whose callback of a stage runs: the source of a binding. */
  caller: EntityId | undefined = undefined;

  /** Whether the firmware is between start and stop: events are handled and alarms fire. */
  get running(): boolean {
    return this.stage === 'run';
  }

  /** Whether events can be queued: from set-up on, until the stop. */
  get accepting(): boolean {
    return this.stage !== undefined && this.stage !== 'stop' && this.stage !== 'stopped';
  }
}
