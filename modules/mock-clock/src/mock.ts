// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, FrameworkError, Status } from '@scp/framework';
import {
  checkRates,
  type ClockDriverResponse,
  ClockState,
  ExtendedType,
  lowestRate,
  type Out,
  type Rates,
  type Round,
  roundRate,
} from '@scp/clock/api';
import type { MockClockElementConfig } from './schema.ts';

const Operation = { NONE: 0, GET_RATE: 1, SET_RATE: 2, SET_STATE: 3, SET_PARENT: 4, SET_EXTENDED: 5 } as const;
type Operation = (typeof Operation)[keyof typeof Operation];

/** How to be told that time has passed, and whether the firmware is up: before that, everything is at once. */
export interface MockTime {
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/** A clock that is only numbers. Operations that take time are noted, and done when the alarm comes. */
export class MockClock {
  readonly slow: boolean;
  readonly enableDelay: number;
  readonly extendedTypes: readonly number[];
  rates: Rates;
  /** The HAL's element that this one drives, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: ClockDriverResponse | undefined = undefined;

  private readonly time: MockTime;
  private readonly delay: number;
  private readonly divider: number | undefined;
  /** The only rate of a clock that follows its parent: the list behind `rates`. */
  private readonly followed: number[] = [0];
  /** Whether the rate is known: with a divider, once the parent's is. */
  private known: boolean;
  private rate: number;
  private state: ClockState;
  /** By kind of extended configuration. */
  private readonly extended: number[] = [];

  private readonly alarm: Alarm | undefined;
  private operation: Operation = Operation.NONE;
  private wanted = 0;
  private wantedType = 0;

  /** FrameworkError E_DATA for a configuration that contradicts itself. */
  constructor(id: ElementId, config: MockClockElementConfig, time: MockTime) {
    this.time = time;
    this.divider = config.divider;
    this.known = config.divider === undefined;
    this.rates = ratesOf(config, this.followed);
    this.rate = config.rate ?? lowestRate(this.rates);
    checkConfig(config, this.rates, this.rate);
    this.state = config.on ? ClockState.RUNNING : ClockState.STOPPED;
    this.enableDelay = config.enableDelay;
    this.delay = config.delay;
    this.slow = config.delay > 0;
    this.extendedTypes = [
      ...(config.dutyCycle === undefined ? [] : [ExtendedType.DUTY_CYCLE]),
      ...(config.phase === undefined ? [] : [ExtendedType.PHASE]),
    ];
    this.extended[ExtendedType.DUTY_CYCLE] = config.dutyCycle ?? 0;
    this.extended[ExtendedType.PHASE] = config.phase ?? 0;
    this.alarm = this.slow ? time.createAlarm(id, () => this.finish()) : undefined;
  }

  /** E_DATA with a divider and no parent. */
  getRate(out: Out): Status {
    if (!this.known) return Status.E_DATA;
    out.value = this.rate;
    return this.perform(Operation.GET_RATE, 0, 0);
  }

  /** A stopped clock takes the rate too, for when it runs. */
  setRate(rate: number, round: Round, out: Out): Status {
    const rounded = roundRate(this.rates, rate, round);
    if (rounded < 0) return Status.E_RANGE;
    out.value = rounded;
    return this.perform(Operation.SET_RATE, rounded, 0);
  }

  getState(out: Out): Status {
    out.value = this.state;
    return Status.SUCCESS;
  }

  setState(state: ClockState): Status {
    return this.perform(Operation.SET_STATE, state, 0);
  }

  /** The selector has no effect of its own: the HAL tells the new parent's rate. */
  setParent(index: number): Status {
    return this.perform(Operation.SET_PARENT, index, 0);
  }

  setInputRate(rate: number, out: Out): Status {
    if (this.divider !== undefined) {
      this.rate = Math.floor(rate / this.divider);
      this.followed[0] = this.rate;
      this.known = true;
    }
    out.value = this.rate;
    return Status.SUCCESS;
  }

  getExtended(type: number, out: Out): Status {
    if (!this.extendedTypes.includes(type)) return Status.E_SUPPORT;
    out.value = this.extended[type] ?? 0;
    return Status.SUCCESS;
  }

  setExtended(type: number, value: number): Status {
    if (!this.extendedTypes.includes(type)) return Status.E_SUPPORT;
    if (value < 0 || value > (type === ExtendedType.PHASE ? 359 : 100)) return Status.E_RANGE;
    return this.perform(Operation.SET_EXTENDED, value, type);
  }

  private perform(operation: Operation, wanted: number, type: number): Status {
    if (this.operation !== Operation.NONE) return Status.E_BUSY;
    this.wanted = wanted;
    this.wantedType = type;
    if (this.alarm === undefined || !this.time.running) {
      this.apply(operation);
      return Status.SUCCESS;
    }
    this.operation = operation;
    this.alarm.start(this.delay);
    return Status.PENDING;
  }

  private apply(operation: Operation): void {
    if (operation === Operation.SET_RATE) this.rate = this.wanted;
    else if (operation === Operation.SET_EXTENDED) this.extended[this.wantedType] = this.wanted;
    else if (operation === Operation.SET_STATE) {
      this.state = this.wanted === ClockState.RUNNING ? ClockState.RUNNING : ClockState.STOPPED;
    }
  }

  private finish(): void {
    const { operation } = this;
    this.operation = Operation.NONE;
    this.apply(operation);
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS, this.rate);
  }
}

function ratesOf({ rates, range, fixed, divider }: MockClockElementConfig, followed: number[]): Rates {
  const given = [rates, range, fixed, divider].filter(one => one !== undefined).length;
  if (given !== 1) {
    throw new FrameworkError(Status.E_DATA, `gives ${given} of rates, range, fixed and divider; it gives exactly one`);
  }
  if (range !== undefined) return { kind: 'range', ...range };
  if (fixed !== undefined) return { kind: 'list', list: [fixed] };
  return { kind: 'list', list: rates ?? followed };
}

function checkConfig({ rate, fixed, divider }: MockClockElementConfig, rates: Rates, initial: number): void {
  if (rate !== undefined && (fixed !== undefined || divider !== undefined)) {
    throw new FrameworkError(Status.E_DATA, 'gives a rate for the start, but its rate is fixed or follows its parent');
  }
  const problem = checkRates(rates);
  if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
  if (roundRate(rates, initial, 0) !== initial) {
    throw new FrameworkError(Status.E_DATA, `rate ${initial} at the start is not one of its rates`);
  }
}
