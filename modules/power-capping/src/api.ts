// SPDX-License-Identifier: BSD-3-Clause
/**
 * The contracts of the `power-capping` module: towards those who cap and measure power, and towards drivers.
 *
 * Powers are whole numbers of 0..2^32-1 in the domain's unit. Intervals are the time that powers are averaged over, µs.
 */
import {
  type ApiToken,
  defineApi,
  defineNotification,
  type ElementId,
  type NotificationToken,
  type Status,
} from '@scp/framework';
import type { Range } from './range.ts';

export * from './range.ts';

/** What a power counts, with SCMI's codes. */
export const PowerUnit = {
  /** A linear scale of the platform's own. */
  ABSTRACT: 0,
  MICROWATTS: 1,
  MILLIWATTS: 2,
} as const;
/** A unit of power. */
export type PowerUnit = (typeof PowerUnit)[keyof typeof PowerUnit];

/** The cap of a domain that is not capped. */
export const UNCAPPED = 0;

/** Who causes a change, told to those who hear of it: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/** What a product says of a domain; nothing in it changes. */
export interface PowerDomainInfo {
  readonly name: string;
  readonly unit: PowerUnit;
  /** The domain that this one is part of, undefined for a root. */
  readonly parent: ElementId | undefined;
  /** Its caps, beside UNCAPPED. */
  readonly cap: Range;
  /** Whether its cap can be set. */
  readonly isCapConfigurable: boolean;
  /** The cap at the start, one of `cap` or UNCAPPED. */
  readonly initialCap: number;
  /** Its averaging intervals. */
  readonly interval: Range;
  /** Whether its interval can be set. */
  readonly isIntervalConfigurable: boolean;
  /** The interval at the start. */
  readonly initialInterval: number;
  /** Whether its power is measured. */
  readonly monitored: boolean;
  /** Agents may have a cap set while they go on. */
  readonly asynchronous: boolean;
  /** Agents can be told of changes of its cap and interval. */
  readonly capNotifications: boolean;
  /** Agents can be told when its power passes thresholds. */
  readonly powerNotifications: boolean;
  /** What it can draw for long without getting too hot, 0 when it is not known. */
  readonly sustainablePower: number;
  /** Of a measurement, in 0.001 %; 0 when it is not known. */
  readonly accuracy: number;
}

/** Where an operation leaves a value. */
export interface Out {
  value: number;
}

/** What the HAL provides to its users. */
export interface PowerCapping {
  /** What the product says of a domain; undefined for an id that is none. */
  info(domain: ElementId): PowerDomainInfo | undefined;
  /** The cap in force; UNCAPPED while there is none. */
  cap(domain: ElementId): number;
  /** The interval in force, µs. */
  interval(domain: ElementId): number;
  /**
   * Caps a domain; a value between two steps is rounded down, UNCAPPED takes the cap away. `cause` is told to those who
   * hear of it. A cap in force already is SUCCESS, and no change. E_PARAM for an id that is no domain, E_SUPPORT when the
   * cap can't be set, E_RANGE for one the domain does not have, E_BUSY while something is under way on it, and what the
   * driver says. PENDING: the outcome comes to the user's PowerCappingClient.
   */
  setCap(domain: ElementId, cap: number, cause: number): Status;
  /** Sets the averaging interval, µs. As `setCap`. */
  setInterval(domain: ElementId, interval: number, cause: number): Status;
  /**
   * The average power over the interval that ends now. E_PARAM for an id that is no domain, E_SUPPORT for one that is not
   * monitored, and what the driver says.
   */
  measure(domain: ElementId, out: Out): Status;
  /** POWER_MEASURED is wanted once more: it is sent each interval of a monitored domain. */
  startMonitoring(domain: ElementId): void;
  /** POWER_MEASURED is wanted once less. */
  stopMonitoring(domain: ElementId): void;
}

/** Bound on the `power-capping` module in round 0, once by each user. */
export const POWER_CAPPING: ApiToken<PowerCapping> = defineApi<PowerCapping>('POWER_CAPPING');

/** What a user of power domains provides to the HAL. */
export interface PowerCappingClient {
  /** The user's operation on `domain` that was PENDING has ended. Called outside of operations; others may begin here. */
  ended(domain: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds POWER_CAPPING; bound by the HAL in round 1. */
export const POWER_CAPPING_CLIENT: ApiToken<PowerCappingClient> = defineApi<PowerCappingClient>('POWER_CAPPING_CLIENT');

/**
 * What a driver provides on each of its elements. Setting answers SUCCESS when it is done, an error when it is refused
 * and nothing has changed, or PENDING and calls `PowerCappingDriverResponse.complete` later, not before it has returned.
 * The HAL asks one thing at a time of each element, in its domain's unit and ranges. It sets cap and interval once before
 * the firmware runs; then nothing may be PENDING.
 */
export interface PowerCappingDriver {
  /** From now on the average stays at `cap` or below; UNCAPPED: where it likes. May be PENDING. */
  setCap(id: ElementId, cap: number): Status;
  /** From now on averages are over `interval` µs. May be PENDING. */
  setInterval(id: ElementId, interval: number): Status;
  /** The average over the interval that ends now; at once, also while something is pending. */
  measure(id: ElementId, out: Out): Status;
}

/** Provided by drivers on their elements; bound by the domain that names the element as its driver, in round 0. */
export const POWER_CAPPING_DRIVER: ApiToken<PowerCappingDriver> = defineApi<PowerCappingDriver>('POWER_CAPPING_DRIVER');

/** What the HAL provides to drivers. */
export interface PowerCappingDriverResponse {
  /** What was PENDING on `domain` has ended. */
  complete(domain: ElementId, status: Status): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const POWER_CAPPING_DRIVER_RESPONSE: ApiToken<PowerCappingDriverResponse> =
  defineApi<PowerCappingDriverResponse>('POWER_CAPPING_DRIVER_RESPONSE');

/** Cap or interval of a domain has changed; both as they are then. Sent by the module for every domain. */
export const POWER_CAP_CHANGED: NotificationToken<'domain' | 'cap' | 'interval' | 'cause'> = defineNotification(
  'POWER_CAP_CHANGED',
  ['domain', 'cap', 'interval', 'cause'],
);
/** The average power over the interval that has just ended. Sent by the module for domains that someone monitors. */
export const POWER_MEASURED: NotificationToken<'domain' | 'power'> = defineNotification('POWER_MEASURED', [
  'domain',
  'power',
]);

/** The module's notifications, in the order of their identifiers: by it, who receives several tells them apart. */
export const POWER_CAPPING_NOTIFICATIONS = [POWER_CAP_CHANGED, POWER_MEASURED] as const;
