// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, FrameworkError, Status } from '@scp/framework';
import {
  checkRates,
  type ClockDriverResponse,
  ClockState,
  lowestRate,
  type Out,
  type Rates,
  type Round,
  roundRate,
} from '@scp/clock/api';
import type { SystemPllElementConfig } from './schema.ts';

/** A PLL's rates and its rate at the start. FrameworkError E_DATA for a configuration that contradicts itself. */
export function pllRates(config: SystemPllElementConfig): { readonly rates: Rates; readonly rate: number } {
  const rates: Rates = { kind: 'range', ...config.range };
  const problem = checkRates(rates);
  if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
  const rate = config.rate ?? lowestRate(rates);
  if (roundRate(rates, rate, 0) !== rate) {
    throw new FrameworkError(Status.E_DATA, `rate ${rate} at the start is not a step of its range`);
  }
  return { rates, rate };
}

/** How to be told that time has passed. */
export interface PllTime {
  /** Whether the firmware is up: before that, a PLL locks at once. */
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/**
 * A PLL without registers. It has a new rate, or runs, when it has locked; until then it has the rate and state of before.
 * One that is stopped takes a rate at once: there is nothing to lock.
 */
export class Pll {
  readonly rates: Rates;
  /** How long it takes to lock, µs. */
  readonly lock: number;
  /** The HAL's element that this one drives, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: ClockDriverResponse | undefined = undefined;

  private readonly time: PllTime;
  private readonly alarm: Alarm | undefined;
  private rate: number;
  private state: ClockState;
  private locking = false;
  private wanted: number;

  /** FrameworkError E_DATA for a configuration that contradicts itself. */
  constructor(id: ElementId, config: SystemPllElementConfig, time: PllTime) {
    const { rates, rate } = pllRates(config);
    this.time = time;
    this.rates = rates;
    this.rate = rate;
    this.wanted = rate;
    this.state = config.on ? ClockState.RUNNING : ClockState.STOPPED;
    this.lock = config.lock;
    this.alarm = config.lock > 0 ? time.createAlarm(id, () => this.locked()) : undefined;
  }

  getRate(out: Out): Status {
    out.value = this.rate;
    return Status.SUCCESS;
  }

  setRate(rate: number, round: Round, out: Out): Status {
    if (this.locking) return Status.E_BUSY;
    const rounded = roundRate(this.rates, rate, round);
    if (rounded < 0) return Status.E_RANGE;
    out.value = rounded;
    this.wanted = rounded;
    return this.relock(this.state);
  }

  getState(out: Out): Status {
    out.value = this.state;
    return Status.SUCCESS;
  }

  setState(state: ClockState): Status {
    if (this.locking) return Status.E_BUSY;
    return state === this.state ? Status.SUCCESS : this.relock(state);
  }

  private relock(state: ClockState): Status {
    if (state === ClockState.STOPPED || this.alarm === undefined || !this.time.running) {
      this.rate = this.wanted;
      this.state = state;
      return Status.SUCCESS;
    }
    this.locking = true;
    this.alarm.start(this.lock);
    return Status.PENDING;
  }

  private locked(): void {
    this.locking = false;
    this.rate = this.wanted;
    this.state = ClockState.RUNNING;
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS, this.rate);
  }
}
