// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `clock` module: towards those who use clocks, and towards drivers. */
import {
  type ApiToken,
  defineApi,
  defineEvent,
  defineNotification,
  type ElementId,
  type EventToken,
  type NotificationToken,
  type Status,
} from '@scp/framework';
import type { Rates, Round } from './rates.ts';

export * from './rates.ts';

/** Where an operation leaves what it reads: answers need no allocation. */
export interface Out {
  value: number;
}

/** States of a clock. SCP-firmware's values. */
export const ClockState = { STOPPED: 0, RUNNING: 1 } as const;
/** A state. */
export type ClockState = (typeof ClockState)[keyof typeof ClockState];

/** Kinds of extended configuration, SCMI's numbers; 0x80..0xFF belong to vendors. */
export const ExtendedType = {
  /** Duty cycle, 0..100 %. */
  DUTY_CYCLE: 1,
  /** Phase, 0..359 degrees. */
  PHASE: 2,
} as const;

/** Who causes a change, told to those who hear of it: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/**
 * What the HAL provides to its users. Any operation on an id that is no clock answers E_PARAM, and any that could take
 * time answers E_BUSY while another one on that clock is under way.
 *
 * PENDING means that the driver needs time: the outcome comes to whoever bound the API as the response to CLOCK_REQUEST,
 * from the clock. The framework names the target of the event being handled as the requester, so operations on a slow
 * clock are for the requester's own events, or for outside of any event (an alarm). A clock that is not slow never
 * answers PENDING.
 */
export interface Clock {
  /** The name the product gives to a clock. */
  name(clock: ElementId): string;
  /** The rates it can have now; undefined for no clock. */
  rates(clock: ElementId): Rates | undefined;
  /** How long it takes to be enabled, µs; 0 is not known. */
  enableDelay(clock: ElementId): number;
  /** The clocks it can be derived from. */
  parents(clock: ElementId): readonly ElementId[];
  /** The clock it is derived from, undefined for a root. */
  parent(clock: ElementId): ElementId | undefined;
  /** Kinds of extended configuration it has. */
  extendedTypes(clock: ElementId): readonly number[];
  /** Whether an operation on it may answer PENDING. */
  isSlow(clock: ElementId): boolean;
  /** The state it is in: actual, whoever caused it. */
  state(clock: ElementId): ClockState;
  /** The state its driver was in at the start. */
  initialState(clock: ElementId): ClockState;

  /** Reads the rate; of a stopped clock the one it will have. May be PENDING: the value is in the response. */
  getRate(clock: ElementId, out: Out): Status;
  /**
   * Sets the rate; a stopped clock takes it when it runs. `out` receives the rate after rounding. E_RANGE when no rate of
   * the clock fits.
   */
  setRate(clock: ElementId, rate: number, round: Round, cause: number, out: Out): Status;
  /**
   * Starts the clock, and before it those it derives from; or says that it need not run: it stops when no other clock
   * derives from it, and so do its parents.
   */
  setState(clock: ElementId, state: ClockState, cause: number): Status;
  /** Derives the clock from another of its parents. E_SUPPORT without parents, E_PARAM for a clock that is none. */
  setParent(clock: ElementId, parent: ElementId, cause: number): Status;
  /** Reads extended configuration; never PENDING. E_SUPPORT for a kind it does not have. */
  getExtended(clock: ElementId, type: number, out: Out): Status;
  /** Sets extended configuration. E_SUPPORT for a kind it does not have, E_RANGE for a value out of range. */
  setExtended(clock: ElementId, type: number, value: number): Status;
}

/** Bound on the `clock` module, once by each user. */
export const CLOCK: ApiToken<Clock> = defineApi<Clock>('CLOCK');

/**
 * What a clock driver provides on each of its elements. Operations that may be PENDING answer SUCCESS when they are done,
 * an error when they are refused, or PENDING and call `ClockDriverResponse.complete` later. The HAL asks one thing at a
 * time of each element. Before the firmware runs, none may be PENDING.
 */
export interface ClockDriver {
  /** The rates it can have now: ascending, or a range; the object may be the same each time. */
  rates(id: ElementId): Rates;
  /** Whether `getRate`, `setRate`, `setState`, `setParent` or `setExtended` may be PENDING. Constant. */
  isSlow(id: ElementId): boolean;
  /** How long enabling takes, µs; 0 is not known. Left out: 0. */
  enableDelay?(id: ElementId): number;
  /** Reads the rate. May be PENDING. */
  getRate(id: ElementId, out: Out): Status;
  /** Sets the rate, rounded; E_RANGE when none fits. `out` receives the rate taken. May be PENDING. */
  setRate(id: ElementId, rate: number, round: Round, out: Out): Status;
  /** Reads the state; at once. */
  getState(id: ElementId, out: Out): Status;
  /** Starts or stops it. May be PENDING. */
  setState(id: ElementId, state: ClockState): Status;
  /** Selects a parent by its position in the HAL's configuration. May be PENDING. Left out: the parent is fixed. */
  setParent?(id: ElementId, index: number): Status;
  /** The parent has this rate from now on; `out` receives the clock's own. At once. Left out: the rate does not follow. */
  setInputRate?(id: ElementId, rate: number, out: Out): Status;
  /** Kinds of extended configuration. Constant. Left out: none. */
  extendedTypes?(id: ElementId): readonly number[];
  /** Reads extended configuration of a kind it has; at once. */
  getExtended?(id: ElementId, type: number, out: Out): Status;
  /** Sets extended configuration of a kind it has; E_RANGE for a value out of range. May be PENDING. */
  setExtended?(id: ElementId, type: number, value: number): Status;
}

/** Provided by drivers on their elements; bound by the clock that names the element as its driver, in round 0. */
export const CLOCK_DRIVER: ApiToken<ClockDriver> = defineApi<ClockDriver>('CLOCK_DRIVER');

/** What the HAL provides to drivers that answer PENDING. */
export interface ClockDriverResponse {
  /** The operation under way on `clock` has ended; `value` is the rate that was read or set, if it was about one. */
  complete(clock: ElementId, status: Status, value: number): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const CLOCK_DRIVER_RESPONSE: ApiToken<ClockDriverResponse> =
  defineApi<ClockDriverResponse>('CLOCK_DRIVER_RESPONSE');

/** Operations that can be PENDING. */
export const ClockOperation = {
  NONE: 0,
  GET_RATE: 1,
  SET_RATE: 2,
  SET_STATE: 3,
  SET_PARENT: 4,
  SET_EXTENDED: 5,
} as const;
/** An operation. */
export type ClockOperation = (typeof ClockOperation)[keyof typeof ClockOperation];

/**
 * A pending operation. The response, whose source is the clock, has its outcome as `status`, and the rate that was read
 * or set as `value`.
 */
export const CLOCK_REQUEST: EventToken<'operation' | 'value'> = defineEvent('CLOCK_REQUEST', ['operation', 'value']);

/** The rate of a clock is another now. Sent by the module for every clock; `cause` is the one its setter gave. */
export const CLOCK_RATE_CHANGED: NotificationToken<'clock' | 'rate' | 'cause'> = defineNotification(
  'CLOCK_RATE_CHANGED',
  ['clock', 'rate', 'cause'],
);

/** A clock runs or has stopped. Sent by the module for every clock. */
export const CLOCK_STATE_CHANGED: NotificationToken<'clock' | 'state' | 'cause'> = defineNotification(
  'CLOCK_STATE_CHANGED',
  ['clock', 'state', 'cause'],
);
