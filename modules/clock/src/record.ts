// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each clock. */
import type { ElementId, Status } from '@scp/framework';
import { type ClockDriver, ClockOperation, ClockState } from './api.ts';

/** No cookie: the framework's start at 1 and are whole. */
export const NO_COOKIE = -1;

/** A clock: its place in the tree, its state, and the operation under way on it. */
export class ClockRecord {
  readonly id: ElementId;
  readonly name: string;
  readonly driverId: ElementId;
  /** Bound in round 0. */
  driver: ClockDriver | undefined = undefined;

  /** What it can be derived from, in the order of the selector. */
  parents: readonly ClockRecord[] = [];
  parentIds: readonly ElementId[] = [];
  /** Position among `parents`; meaningless without. */
  parentIndex = 0;
  /** Clocks that can be derived from this one. */
  readonly children: ClockRecord[] = [];
  extendedTypes: readonly number[] = [];
  slow = false;

  /** The rate as last read, set or followed. */
  rate = 0;
  initialState: ClockState = ClockState.STOPPED;
  /** Whether it runs, as far as the driver said. */
  running = false;
  /** Whether its users want it to run; it also runs for what derives from it. */
  wanted = false;
  /** Running clocks, or clocks about to run, that derive from it. */
  dependents = 0;

  /** The operation under way, NONE when there is none. */
  operation: ClockOperation = ClockOperation.NONE;
  /** What the operation leads to: a state, a position among the parents. */
  goal = 0;
  cause = 0;
  /** The request that waits for the outcome, NO_COOKIE while it has not arrived. */
  cookie = NO_COOKIE;
  /** Whether anybody waits for the outcome. */
  awaited = false;
  /** The driver was quicker than the request: its outcome. */
  done = false;
  status: Status = 0;
  value = 0;

  constructor(id: ElementId, name: string, driverId: ElementId) {
    this.id = id;
    this.name = name;
    this.driverId = driverId;
  }

  /** The clock it is derived from. */
  get parent(): ClockRecord | undefined {
    return this.parents[this.parentIndex];
  }
}
