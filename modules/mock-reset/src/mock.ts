// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, Status } from '@scp/framework';
import { COLD_RESET, type ResetDriverResponse } from '@scp/reset-domain/api';
import type { MockResetElementConfig } from './schema.ts';

/** How to be told that time has passed. */
export interface MockTime {
  /** Whether the firmware is up: before that, everything is at once. */
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/** A reset line that is only a flag. Operations that take time are noted, and done when the alarm comes. */
export class MockReset {
  /** The HAL's element that this one drives, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: ResetDriverResponse | undefined = undefined;
  asserted: boolean;

  private readonly time: MockTime;
  private readonly delay: number;
  private readonly alarm: Alarm | undefined;
  private readonly watchdog: Alarm | undefined;
  private readonly period: number;
  private busy = false;
  /** Where the line is when the operation under way is done. */
  private outcome = false;

  constructor(id: ElementId, { asserted, delay, watchdog }: MockResetElementConfig, time: MockTime) {
    this.time = time;
    this.asserted = asserted;
    this.delay = delay;
    this.period = watchdog ?? 0;
    this.alarm = delay > 0 ? time.createAlarm(id, () => this.finish()) : undefined;
    this.watchdog = watchdog === undefined ? undefined : time.createAlarm(id, () => this.bite());
  }

  /** Begins to reset itself, if it does. */
  start(): void {
    this.watchdog?.startPeriodic(this.period);
  }

  /** Leaves the line asserted or released; a pulse leaves it released. */
  set(asserted: boolean): Status {
    if (this.busy) return Status.E_BUSY;
    if (this.alarm === undefined || !this.time.running) {
      this.asserted = asserted;
      return Status.SUCCESS;
    }
    this.busy = true;
    this.outcome = asserted;
    this.alarm.start(this.delay);
    return Status.PENDING;
  }

  private finish(): void {
    this.busy = false;
    this.asserted = this.outcome;
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS);
  }

  private bite(): void {
    if (this.hal !== undefined) this.response?.happened(this.hal, COLD_RESET);
  }
}
