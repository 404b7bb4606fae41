// SPDX-License-Identifier: BSD-3-Clause
/**
 * The contracts of the `dvfs` module towards those who set performance. An operating point (OPP) is named by its position
 * in its domain's table, which ascends.
 */
import {
  type ApiToken,
  defineApi,
  defineNotification,
  type ElementId,
  type NotificationToken,
  type Status,
} from '@scp/framework';

/** An operating point. */
export interface Opp {
  /** The number that stands for its performance, 1..2^32-1. */
  readonly level: number;
  /** Hz, whole kHz. */
  readonly frequency: number;
  /** µV. */
  readonly voltage: number;
  /** What it costs, in the unit of the product; 0 is not known. */
  readonly power: number;
}

/** What is known of a domain; nothing in it changes. */
export interface DvfsInfo {
  readonly name: string;
  /** Ascending by level and frequency; a higher one never has a lower voltage. At least one. */
  readonly opps: readonly Opp[];
  /** The position of the operating point that it can stay in, and is in at the start. */
  readonly sustained: number;
  /** The most that a transition takes, µs, 0..65535. */
  readonly latency: number;
  /** The time that users should leave between two requests, µs, 0..2^20-1; 0 is none. */
  readonly rateLimit: number;
  /** Whether users of an interface that has both name operating points by position, not by level. */
  readonly levelIndexing: boolean;
}

/** Who causes a change, told to those who hear of it: an SCMI agent's id, or this. */
export const CAUSE_PLATFORM = 0;

/**
 * What the HAL provides to its users. An operation may be called from any event. What is read comes at once.
 */
export interface Dvfs {
  /** What is known of a domain; undefined for an id that is none. */
  info(domain: ElementId): DvfsInfo | undefined;
  /** The operating point it is in; in a transition, the one it was in before. -1 for no domain. */
  opp(domain: ElementId): number;
  /** Transitions to come: 0, 1 (one is under way), or 2 (another one follows). Each one ends with `DvfsClient.ended`. */
  underWay(domain: ElementId): number;
  /**
   * Brings the domain to an operating point: up, first the voltage rises, then the frequency; down, first the frequency
   * falls. SUCCESS when it is there; E_PARAM for no domain, E_RANGE for no operating point. PENDING when it is under way:
   * after a transition that is under way already, in place of another one that was to follow it, or because a driver
   * needs time, or is tried again. What fails at once, or in the end, leaves the domain where it was, and the status is
   * the driver's.
   */
  setOpp(domain: ElementId, opp: number, cause: number): Status;
}

/** Bound on the `dvfs` module in round 0, once by each user. */
export const DVFS: ApiToken<Dvfs> = defineApi<Dvfs>('DVFS');

/** What a user of domains provides to the HAL. */
export interface DvfsClient {
  /**
   * A transition that was PENDING, whoever asked for it, has ended; E_OVERWRITTEN when another one was wanted before it
   * could be tried again. More may be set from here.
   */
  ended(domain: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds DVFS; bound by the HAL in round 1. */
export const DVFS_CLIENT: ApiToken<DvfsClient> = defineApi<DvfsClient>('DVFS_CLIENT');

/** A domain is in another operating point. Sent by the module for every domain; `cause` is the one its setter gave. */
export const DVFS_OPP_CHANGED: NotificationToken<'domain' | 'opp' | 'cause'> = defineNotification('DVFS_OPP_CHANGED', [
  'domain',
  'opp',
  'cause',
]);
