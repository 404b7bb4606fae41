// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `psu` module: towards those who use power supplies, and towards drivers. Voltages are in µV. */
import { type ApiToken, defineApi, type ElementId, type Status } from '@scp/framework';

/** Where an operation leaves what it reads: answers need no allocation. */
export interface Out {
  value: number;
}

/** The voltages a supply can have: from `min` to `max` in steps of `step` (at least 1) from `min`; whole µV, from 0 on. */
export interface Voltages {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Whether a supply can have a voltage. */
export const hasVoltage = ({ min, max, step }: Voltages, voltage: number): boolean =>
  voltage >= min && voltage <= max && (voltage - min) % step === 0;

/** What is wrong with voltages that a driver or a product gives, undefined when they are sound. */
export function checkVoltages({ min, max, step }: Voltages): string | undefined {
  if (!isVoltage(min) || !isVoltage(max) || min > max) return `voltages ${min}..${max}: whole µV, min not above max`;
  if (!isVoltage(step) || step < 1) return `step ${step}: at least 1 µV`;
  return (max - min) % step === 0 ? undefined : `voltages ${min}..${max}: max must be whole steps of ${step} above min`;
}

const isVoltage = (voltage: number): boolean => Number.isSafeInteger(voltage) && voltage >= 0;

/**
 * What the HAL provides to its users. E_PARAM for an id that is no supply. What is read comes at once, also while something
 * is being set: then it is what was before.
 */
export interface Psu {
  /** The name the product gives to a supply. */
  name(supply: ElementId): string;
  /** The voltages it can have; undefined for no supply. */
  voltages(supply: ElementId): Voltages | undefined;
  /** Reads the voltage; of a supply that is off the one it will have. */
  getVoltage(supply: ElementId, out: Out): Status;
  /** Whether it is on: 1 or 0. */
  getEnabled(supply: ElementId, out: Out): Status;
  /**
   * Sets the voltage; a supply that is off has it when it is on. E_RANGE for a voltage it can't have, E_BUSY while something
   * else is being set on it, and what the driver says. PENDING: the outcome comes to the user's PsuClient.
   */
  setVoltage(supply: ElementId, voltage: number): Status;
  /** Turns the supply on or off; SUCCESS when it is so already. E_BUSY, PENDING and what the driver says as above. */
  setEnabled(supply: ElementId, enabled: boolean): Status;
}

/** Bound on the `psu` module in round 0, once by each user. */
export const PSU: ApiToken<Psu> = defineApi<Psu>('PSU');

/** What a user of supplies provides to the HAL. */
export interface PsuClient {
  /** What the user was setting on `supply`, and was PENDING, has ended. More may be set from here. */
  ended(supply: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds PSU; bound by the HAL in round 1. */
export const PSU_CLIENT: ApiToken<PsuClient> = defineApi<PsuClient>('PSU_CLIENT');

/**
 * What a driver of supplies provides on each of its elements. Reading is at once: a driver behind a slow bus keeps what it
 * has last read or written. Setting answers SUCCESS when it is done, an error when it is refused, or PENDING and calls
 * `PsuDriverResponse.complete` later, not before it has returned. The HAL sets one thing at a time on each element, and only
 * voltages it can have. Before the firmware runs, nothing may be PENDING.
 */
export interface PsuDriver {
  /** The voltages it can have. Constant; the HAL asks once, in the bind stage. */
  voltages(id: ElementId): Voltages;
  /** Reads the voltage. */
  getVoltage(id: ElementId, out: Out): Status;
  /** Sets the voltage, also while it is off. May be PENDING. */
  setVoltage(id: ElementId, voltage: number): Status;
  /** Whether it is on: 1 or 0. */
  getEnabled(id: ElementId, out: Out): Status;
  /** Turns it on or off. May be PENDING. */
  setEnabled(id: ElementId, enabled: boolean): Status;
}

/** Provided by drivers on their elements; bound by the supply that names the element as its driver, in round 0. */
export const PSU_DRIVER: ApiToken<PsuDriver> = defineApi<PsuDriver>('PSU_DRIVER');

/** What the HAL provides to drivers that answer PENDING. */
export interface PsuDriverResponse {
  /** What was being set on `supply` has ended. */
  complete(supply: ElementId, status: Status): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const PSU_DRIVER_RESPONSE: ApiToken<PsuDriverResponse> = defineApi<PsuDriverResponse>('PSU_DRIVER_RESPONSE');
