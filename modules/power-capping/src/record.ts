// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each domain, and of each of its users. */
import type { Alarm, ElementId, EntityId } from '@scp/framework';
import type { PowerCappingClient, PowerCappingDriver, PowerDomainInfo } from './api.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: PowerCappingClient | undefined;
}

/** What can be set on a domain. */
export const Setting = { NONE: 0, CAP: 1, INTERVAL: 2 } as const;
/** A setting. */
export type Setting = (typeof Setting)[keyof typeof Setting];

/** A domain, what is in force on it, and what is under way. */
export class DomainRecord {
  readonly id: ElementId;
  readonly info: PowerDomainInfo;
  readonly driverId: ElementId;
  /** Fires each interval while someone monitors the domain. */
  readonly alarm: Alarm;
  /** Bound in round 0. */
  driver: PowerCappingDriver | undefined = undefined;

  cap: number;
  interval: number;
  /** How many want to hear of measurements. */
  monitors = 0;

  /** What is being set, NONE when nothing is. */
  setting: Setting = Setting.NONE;
  /** What it is being set to, and for whom. */
  value = 0;
  cause = 0;
  requester: Requester | undefined = undefined;

  constructor(id: ElementId, info: PowerDomainInfo, driverId: ElementId, alarm: Alarm) {
    this.id = id;
    this.info = info;
    this.driverId = driverId;
    this.alarm = alarm;
    this.cap = info.initialCap;
    this.interval = info.initialInterval;
  }
}
