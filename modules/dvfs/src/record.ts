// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each domain, and of each of its users. */
import { type Alarm, type ElementId, type EntityId, Status } from '@scp/framework';
import { CAUSE_PLATFORM, type DvfsClient, type DvfsInfo, type Opp } from './api.ts';
import { oppTable } from './opps.ts';
import type { DvfsElementConfig } from './schema.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: DvfsClient | undefined;
}

/** What a transition waits for. */
export const Step = {
  /** There is none. */
  IDLE: 0,
  VOLTAGE: 1,
  FREQUENCY: 2,
  /** To be outside any event, where a clock that needs time is set. */
  OUTSIDE: 3,
  /** To be tried again. */
  RETRY: 4,
} as const;
/** A step. */
export type Step = (typeof Step)[keyof typeof Step];

/** No operating point. */
export const NO_OPP = -1;

/** A domain: where it is, and where it is going. */
export class DomainRecord {
  readonly id: ElementId;
  readonly info: DvfsInfo;
  readonly opps: readonly Opp[];
  readonly clockId: ElementId;
  readonly supplyId: ElementId;
  /** µs between tries; 0: there is one only. */
  readonly retry: number;
  readonly retries: number;
  readonly alarm: Alarm;
  /** The clock may need time. Known from the start stage on. */
  slowClock = false;

  /** The operating point that it is in, or was in before the transition. */
  opp: number;
  /** As last read or set: µV, Hz. */
  voltage = 0;
  frequency = 0;

  step: Step = Step.IDLE;
  target = NO_OPP;
  cause: number = CAUSE_PLATFORM;
  /** How many times it has been tried again. */
  attempts = 0;
  /** Why it goes back to where it was; SUCCESS while it does not. */
  failure: Status = Status.SUCCESS;
  /** Where it goes next. */
  next = NO_OPP;
  nextCause: number = CAUSE_PLATFORM;

  /** FrameworkError E_DATA for operating points that make no sense. */
  constructor(id: ElementId, name: string, config: DvfsElementConfig, alarm: Alarm) {
    const { opps, sustained } = oppTable(config);
    const { latency, rateLimit, levelIndexing } = config;
    this.id = id;
    this.info = { name, opps, sustained, latency, rateLimit, levelIndexing };
    this.opps = opps;
    this.opp = sustained;
    this.clockId = config.clock;
    this.supplyId = config.supply;
    this.retry = config.retry ?? 0;
    this.retries = config.retries;
    this.alarm = alarm;
  }
}
