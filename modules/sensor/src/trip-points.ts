// SPDX-License-Identifier: BSD-3-Clause
import { TripMode } from './api.ts';

/** Where the value was when a trip point was last looked at. */
const UNKNOWN = 2;

/** The trip points of one sensor. Each fires by its own mode, once for each crossing. */
export class TripPoints {
  readonly count: number;
  /** How many are not disabled. */
  armed = 0;
  private readonly modes: TripMode[];
  private readonly thresholds: Float64Array;
  /** -1 below the threshold, 0 on it, 1 above, or UNKNOWN. */
  private readonly sides: Int8Array;
  private readonly fired: (index: number, direction: 0 | 1) => void;

  /** `fired` is called for each crossing: direction 1 upwards, 0 downwards. */
  constructor(count: number, fired: (index: number, direction: 0 | 1) => void) {
    this.count = count;
    this.modes = new Array<TripMode>(count).fill(TripMode.DISABLED);
    this.thresholds = new Float64Array(count);
    this.sides = new Int8Array(count).fill(UNKNOWN);
    this.fired = fired;
  }

  /** Programs a trip point; the next value is where it starts from. `index` is below `count`. */
  set(index: number, mode: TripMode, threshold: number): void {
    if (this.mode(index) !== TripMode.DISABLED) this.armed--;
    if (mode !== TripMode.DISABLED) this.armed++;
    this.modes[index] = mode;
    this.thresholds[index] = threshold;
    this.sides[index] = UNKNOWN;
  }

  /** The mode of a trip point. */
  mode(index: number): TripMode {
    return this.modes[index] ?? TripMode.DISABLED;
  }

  /** Looks at a new value and reports what it crosses. */
  evaluate(value: number): void {
    if (this.armed === 0) return;
    for (let index = 0; index < this.count; index++) {
      const mode = this.mode(index);
      if (mode === TripMode.DISABLED) continue;
      const before = this.sides[index];
      const side = Math.sign(value - (this.thresholds[index] ?? 0));
      this.sides[index] = side;
      if (before === -1 && side >= 0 && (mode & TripMode.POSITIVE) !== 0) this.fired(index, 1);
      else if (before === 1 && side <= 0 && (mode & TripMode.NEGATIVE) !== 0) this.fired(index, 0);
    }
  }
}
