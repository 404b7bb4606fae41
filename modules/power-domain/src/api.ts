// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `power-domain` module: towards those who use power domains, and towards drivers. */
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
import type { PowerState } from './states.ts';

export * from './states.ts';

/** Where an operation leaves what it reads: answers need no allocation. */
export interface Out {
  value: number;
}

/** What a domain powers. */
export const DomainType = { CORE: 0, CLUSTER: 1, DEVICE: 2, DEBUG: 3, SYSTEM: 4 } as const;
/** A type. SCP-firmware's values. */
export type DomainType = (typeof DomainType)[keyof typeof DomainType];

/** Who causes a change, told to those who hear of it: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/**
 * What the HAL provides to its users.
 *
 * Each domain has the state that was requested for it last, and runs at it or at a more powered one that its children
 * need; it follows when they need it no more. A parent goes up before its child and down after it.
 */
export interface PowerDomain {
  /** The name the product gives to a domain. */
  name(domain: ElementId): string;
  /** What it powers; DEVICE for no domain. */
  type(domain: ElementId): DomainType;
  /** The domain it is powered from, undefined for a root. */
  parent(domain: ElementId): ElementId | undefined;
  /** Whether a domain can be in a state. */
  hasState(domain: ElementId, state: PowerState): boolean;
  /** The state it is in: actual, whoever caused it; during a transition the one it comes from. */
  state(domain: ElementId): PowerState;
  /** The states of a domain and of what is above it, as a composite state of up to four levels. */
  composite(domain: ElementId): number;
  /** The state its driver was in at the start. */
  initialState(domain: ElementId): PowerState;
  /**
   * Requests a state, or with a composite state also those of the domains above, in place of those requested before.
   *
   * SUCCESS: the domain is where it goes, which is a more powered state if a child needs one. PENDING: the outcome comes
   * to whoever bound the API as the response to POWER_DOMAIN_REQUEST, from the domain. The framework names the target of
   * the event being handled as the requester, so requests are for the requester's own events, or for outside of any.
   *
   * Refused, with nothing changed: E_PARAM for no domain, a state that the domain does not have, or a level above the root;
   * E_PWRSTATE for a composite state whose levels exclude each other; E_BUSY while another request for the domain is under
   * way; E_ACCESS when a subscriber vetoes the transition of the domain or of one above; or what the driver answers.
   */
  setState(domain: ElementId, composite: number, cause: number): Status;
}

/** Bound on the `power-domain` module, once by each user. */
export const POWER_DOMAIN: ApiToken<PowerDomain> = defineApi<PowerDomain>('POWER_DOMAIN');

/**
 * What a driver provides on each of its elements. The HAL asks one thing at a time of each element. Before the firmware
 * runs, nothing may be PENDING.
 */
export interface PowerDomainDriver {
  /** Whether it can be in a state. Constant. */
  hasState(id: ElementId, state: PowerState): boolean;
  /** Reads the state; at once. */
  getState(id: ElementId, out: Out): Status;
  /** Starts a transition. SUCCESS when it is done, PENDING when `complete` will tell, else an error: nothing has changed. */
  setState(id: ElementId, state: PowerState): Status;
}

/** Provided by drivers on their elements; bound by the domain that names the element as its driver, in round 0. */
export const POWER_DOMAIN_DRIVER: ApiToken<PowerDomainDriver> = defineApi<PowerDomainDriver>('POWER_DOMAIN_DRIVER');

/** What the HAL provides to drivers that answer PENDING. */
export interface PowerDomainDriverResponse {
  /** The transition under way on `domain` has ended; after an error the domain is in the state it was in. */
  complete(domain: ElementId, status: Status): void;
}

/** Provided by the HAL on its elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const POWER_DOMAIN_DRIVER_RESPONSE: ApiToken<PowerDomainDriverResponse> =
  defineApi<PowerDomainDriverResponse>('POWER_DOMAIN_DRIVER_RESPONSE');

/** A pending request. The response, whose source is the domain, has its outcome as `status`. */
export const POWER_DOMAIN_REQUEST: EventToken<'composite'> = defineEvent('POWER_DOMAIN_REQUEST', ['composite']);

/**
 * A domain is about to change. Sent by the module, with a response wanted: a subscriber whose handler answers, at once or
 * later, anything but SUCCESS vetoes the transition. `number` tells transitions apart.
 */
export const POWER_DOMAIN_PRE_TRANSITION: NotificationToken<'domain' | 'from' | 'to' | 'number'> = defineNotification(
  'POWER_DOMAIN_PRE_TRANSITION',
  ['domain', 'from', 'to', 'number'],
);

/** A domain is in another state now. Sent by the module; `cause` is the one of the request that led to it. */
export const POWER_DOMAIN_STATE_CHANGED: NotificationToken<'domain' | 'state' | 'cause'> = defineNotification(
  'POWER_DOMAIN_STATE_CHANGED',
  ['domain', 'state', 'cause'],
);
