// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `reset-domain` module: towards those who reset things, and towards drivers. */
import {
  type ApiToken,
  defineApi,
  defineNotification,
  type ElementId,
  type NotificationToken,
  type Status,
} from '@scp/framework';

/** What can be done to a domain. */
export const ResetOperation = {
  /** Explicit: releases the line, and leaves it released. */
  RELEASE: 0,
  /** Explicit: asserts the line, and leaves it asserted. */
  ASSERT: 1,
  /** Autonomous: asserts and releases it; done when the domain is out of reset. */
  PULSE: 2,
} as const;
/** An operation. */
export type ResetOperation = (typeof ResetOperation)[keyof typeof ResetOperation];

/** The reset state every domain has: all context is lost. SCMI's architectural id 0. */
export const COLD_RESET = 0;
/** [31] of a reset state: its id is defined by the implementation. */
export const IMPLEMENTATION_STATE = 0x80000000;

/** Who causes a reset, told to those who hear of it: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/** What a product says of a domain; nothing in it changes. */
export interface ResetDomainInfo {
  readonly name: string;
  /** It can be pulsed. */
  readonly autonomous: boolean;
  /** Its line can be asserted and released. */
  readonly explicit: boolean;
  /** Agents may have a pulse done while they go on. */
  readonly asynchronous: boolean;
  /** Its resets are told. */
  readonly notifications: boolean;
  /** How long a pulse takes at worst, µs; undefined when it is not known. */
  readonly latency: number | undefined;
  /** The reset states it has, unsigned, as SCMI encodes them: COLD_RESET, then the implementation's. */
  readonly states: readonly number[];
}

/** What the HAL provides to its users. */
export interface ResetDomain {
  /** What the product says of a domain; undefined for an id that is none. */
  info(domain: ElementId): ResetDomainInfo | undefined;
  /** Whether its line is asserted now. */
  isAsserted(domain: ElementId): boolean;
  /**
   * Does an operation, with one of the domain's reset states; `cause` is told to those who hear of resets. A line that is
   * as wanted already is SUCCESS, and no reset. E_PARAM for an id that is no domain and a state it does not have,
   * E_SUPPORT for an operation it does not have, E_BUSY while another one is under way on it, and what the driver says.
   * PENDING: the outcome comes to the user's ResetDomainClient.
   */
  operate(domain: ElementId, operation: ResetOperation, state: number, cause: number): Status;
}

/** Bound on the `reset-domain` module in round 0, once by each user. */
export const RESET_DOMAIN: ApiToken<ResetDomain> = defineApi<ResetDomain>('RESET_DOMAIN');

/** What a user of reset domains provides to the HAL. */
export interface ResetDomainClient {
  /** The user's operation on `domain` that was PENDING has ended. Called outside of `operate`; others may begin here. */
  ended(domain: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds RESET_DOMAIN; bound by the HAL in round 1. */
export const RESET_DOMAIN_CLIENT: ApiToken<ResetDomainClient> = defineApi<ResetDomainClient>('RESET_DOMAIN_CLIENT');

/**
 * What a reset driver provides on each of its elements. Operations answer SUCCESS when they are done, an error when they
 * are refused, or PENDING and call `ResetDriverResponse.complete` later, not before they have returned. The HAL asks one
 * thing at a time of each element. Before the firmware runs, none may be PENDING.
 */
export interface ResetDriver {
  /** Whether the line is asserted; at once. */
  isAsserted(id: ElementId): boolean;
  /** Asserts the line; `state` is the reset state wanted, one of the domain's. May be PENDING. */
  assert(id: ElementId, state: number): Status;
  /** Releases the line. May be PENDING. */
  release(id: ElementId, state: number): Status;
  /** Asserts the line for as long as the hardware needs it, and releases it. May be PENDING. */
  pulse(id: ElementId, state: number): Status;
}

/** Provided by drivers on their elements; bound by the domain that names the element as its driver, in round 0. */
export const RESET_DRIVER: ApiToken<ResetDriver> = defineApi<ResetDriver>('RESET_DRIVER');

/** What the HAL provides to drivers. */
export interface ResetDriverResponse {
  /** The operation under way on `domain` has ended. */
  complete(domain: ElementId, status: Status): void;
  /** The hardware has reset `domain` by itself, say by a watchdog. */
  happened(domain: ElementId, state: number): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const RESET_DRIVER_RESPONSE: ApiToken<ResetDriverResponse> =
  defineApi<ResetDriverResponse>('RESET_DRIVER_RESPONSE');

/**
 * A domain has been reset: pulsed, or its line asserted. Sent by the module for every domain whose resets are told;
 * `cause` is the one its resetter gave.
 */
export const RESET_DOMAIN_RESET: NotificationToken<'domain' | 'state' | 'cause'> = defineNotification(
  'RESET_DOMAIN_RESET',
  ['domain', 'state', 'cause'],
);
