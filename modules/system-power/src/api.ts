// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `system-power` module: towards those who use it, and towards drivers. */
import {
  type ApiToken,
  defineApi,
  defineNotification,
  type ElementId,
  type NotificationToken,
  type Status,
} from '@scp/framework';

/** What can be asked of a system. SCMI's numbers; SHUTDOWN, POWER_UP and SUSPEND are also states that it can be in. */
export const SystemState = { SHUTDOWN: 0, COLD_RESET: 1, WARM_RESET: 2, POWER_UP: 3, SUSPEND: 4 } as const;
/** A state. */
export type SystemState = (typeof SystemState)[keyof typeof SystemState];

/** Who asks: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/**
 * What the module provides to its users. A system is an element of the module: what one guest or one board is.
 *
 * Nothing here is ever pending: a graceful request is accepted at once, and carried out when its time has come.
 */
export interface SystemPower {
  /** Whether something can be asked of a system; false for no system. */
  supports(system: ElementId, state: SystemState): boolean;
  /** The state that a system is in: SHUTDOWN, POWER_UP or SUSPEND. */
  state(system: ElementId): SystemState;
  /**
   * Asks for a state. SYSTEM_POWER_REQUESTED tells it to whom it may concern. Forceful: it is so when this returns, and a
   * graceful request under way is dropped. Graceful: those who are told have `timeout` µs (0: as configured) to do
   * by themselves what it takes, then it is carried out. POWER_UP is neither, and told to nobody.
   *
   * E_PARAM for no system; E_SUPPORT for a state that it does not have; E_BUSY for a graceful request, or POWER_UP, while
   * a graceful request is under way; or what the driver answers to a forceful one: then nothing has changed.
   */
  request(system: ElementId, state: SystemState, isGraceful: boolean, timeout: number, cause: number): Status;
  /** An agent that runs in a system has shown that it is up, whatever was thought of it. */
  seenUp(system: ElementId): void;
  /** An agent that runs in a system listens to requests from now on: what the product's schedule counts from. */
  listens(system: ElementId): void;
}

/** Bound on the `system-power` module. */
export const SYSTEM_POWER: ApiToken<SystemPower> = defineApi<SystemPower>('SYSTEM_POWER');

/** What carries out requests where that is more than to note them. */
export interface SystemPowerDriver {
  /**
   * Puts a system into a state, or resets it; at once, never PENDING. An error leaves it as it was. Left to this driver is
   * also everything that has to end with the system.
   */
  enter(id: ElementId, state: SystemState): Status;
}

/** Provided by drivers on their elements; bound by the system that names the element as its driver, in round 0. */
export const SYSTEM_POWER_DRIVER: ApiToken<SystemPowerDriver> = defineApi<SystemPowerDriver>('SYSTEM_POWER_DRIVER');

/**
 * Something was asked of a system. Sent by the system; `isGraceful` is 1 or 0, `timeout` in µs, 0 for a forceful request,
 * `cause` who asked.
 */
export const SYSTEM_POWER_REQUESTED: NotificationToken<'state' | 'isGraceful' | 'timeout' | 'cause'> =
  defineNotification('SYSTEM_POWER_REQUESTED', ['state', 'isGraceful', 'timeout', 'cause']);

/** A request was carried out: COLD_RESET and WARM_RESET leave the system up. Sent by the system. */
export const SYSTEM_POWER_ENTERED: NotificationToken<'state' | 'cause'> = defineNotification('SYSTEM_POWER_ENTERED', [
  'state',
  'cause',
]);
