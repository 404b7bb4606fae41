// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `voltage-domain` module: towards those who use supplies, and towards drivers. */
import { type ApiToken, defineApi, type ElementId, type Status } from '@scp/framework';
import type { Levels } from './levels.ts';

export * from './levels.ts';

/** Where an operation leaves what it reads: answers need no allocation. */
export interface Out {
  value: number;
}

/** The architectural modes, SCMI's numbers. 0x8..0xF are the implementation's: those a supply has, its driver tells. */
export const VoltageMode = { OFF: 0x0, ON: 0x7 } as const;
/** The first of the implementation's modes. */
export const FIRST_IMPLEMENTATION_MODE = 0x8;
/** The last of the implementation's modes. */
export const LAST_IMPLEMENTATION_MODE = 0xf;

/** What is known of a supply; nothing in it changes. */
export interface VoltageInfo {
  readonly name: string;
  readonly levels: Levels;
  /** It has one level only, and its level can't be set. */
  readonly isFixed: boolean;
  /** Its mode can be set. */
  readonly switchable: boolean;
  /** Neither level nor mode may be set, by anyone. */
  readonly readOnly: boolean;
  /** The implementation's modes it has beside OFF and ON. */
  readonly modes: readonly number[];
  /** Agents may have its level set while they go on. */
  readonly asynchronous: boolean;
}

/**
 * What the HAL provides to its users. E_PARAM for an id that is no supply. What is read comes at once, also while something
 * is being set: then it is what was before.
 */
export interface VoltageDomain {
  /** What is known of a supply; undefined for an id that is none. */
  info(domain: ElementId): VoltageInfo | undefined;
  /** Reads the level, always one of the supply's; of a supply that is off the one it will have. */
  getLevel(domain: ElementId, out: Out): Status;
  /** Reads the mode it is in: actual, whoever caused it. */
  getMode(domain: ElementId, out: Out): Status;
  /**
   * Sets the level; a supply that is off has it when it is on. E_RANGE for a level it does not have, E_SUPPORT for a fixed
   * supply, E_ACCESS for one that is read-only, E_BUSY while something else is being set on it, and what the driver says.
   * PENDING: the outcome comes to the user's VoltageDomainClient.
   */
  setLevel(domain: ElementId, level: number): Status;
  /**
   * Sets the mode; SUCCESS when it is in it already. E_PARAM for a mode it does not have, E_SUPPORT for a supply that can't be
   * switched, E_ACCESS for one that is read-only, E_BUSY, PENDING and what the driver says as above.
   */
  setMode(domain: ElementId, mode: number): Status;
}

/** Bound on the `voltage-domain` module in round 0, once by each user. */
export const VOLTAGE_DOMAIN: ApiToken<VoltageDomain> = defineApi<VoltageDomain>('VOLTAGE_DOMAIN');

/** What a user of supplies provides to the HAL. */
export interface VoltageDomainClient {
  /** What the user was setting on `domain`, and was PENDING, has ended. More may be set from here. */
  ended(domain: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds VOLTAGE_DOMAIN; bound by the HAL in round 1. */
export const VOLTAGE_DOMAIN_CLIENT: ApiToken<VoltageDomainClient> =
  defineApi<VoltageDomainClient>('VOLTAGE_DOMAIN_CLIENT');

/** What a driver says of a supply. Constant. */
export interface VoltageDriverFacts {
  readonly levels: Levels;
  /** Whether the mode can be set; left out: it can. */
  readonly switchable?: boolean;
  /** Whether nothing may be set; left out: it may. */
  readonly readOnly?: boolean;
  /** The implementation's modes it has, 0x8..0xF; left out: none. */
  readonly modes?: readonly number[];
}

/**
 * What a driver of supplies provides on each of its elements. Reading is at once: a driver behind a slow bus keeps what it
 * has last read or written. Setting answers SUCCESS when it is done, an error when it is refused, or PENDING and calls
 * `VoltageDriverResponse.complete` later, not before it has returned. The HAL sets one thing at a time on each element, and
 * only what the facts allow. Before the firmware runs, nothing may be PENDING.
 */
export interface VoltageDriver {
  /** What the supply can do; the HAL asks once, in the bind stage. */
  facts(id: ElementId): VoltageDriverFacts;
  /** Reads the level, µV; need not be one of the supply's. */
  getLevel(id: ElementId, out: Out): Status;
  /** Sets one of the supply's levels, also while it is off. May be PENDING. */
  setLevel(id: ElementId, level: number): Status;
  /** Reads the mode. */
  getMode(id: ElementId, out: Out): Status;
  /** Sets OFF, ON or one of the supply's modes. May be PENDING. */
  setMode(id: ElementId, mode: number): Status;
}

/** Provided by drivers on their elements; bound by the domain that names the element as its driver, in round 0. */
export const VOLTAGE_DRIVER: ApiToken<VoltageDriver> = defineApi<VoltageDriver>('VOLTAGE_DRIVER');

/** What the HAL provides to drivers that answer PENDING. */
export interface VoltageDriverResponse {
  /** What was being set on `domain` has ended. */
  complete(domain: ElementId, status: Status): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const VOLTAGE_DRIVER_RESPONSE: ApiToken<VoltageDriverResponse> =
  defineApi<VoltageDriverResponse>('VOLTAGE_DRIVER_RESPONSE');
