// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each supply, and of each of its users. */
import { type ElementId, type EntityId, FrameworkError, Status } from '@scp/framework';
import { checkVoltages, type PsuClient, type PsuDriver, type Voltages } from './api.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: PsuClient | undefined;
}

/** A supply, and whether something is being set on it. */
export class SupplyRecord {
  readonly id: ElementId;
  readonly name: string;
  readonly driverId: ElementId;
  /** Both are known from round 0 on. */
  driver: PsuDriver | undefined = undefined;
  voltages: Voltages | undefined = undefined;

  /** Something is being set. */
  busy = false;
  /** Who waits for the outcome. */
  requester: Requester | undefined = undefined;

  constructor(id: ElementId, name: string, driverId: ElementId) {
    this.id = id;
    this.name = name;
    this.driverId = driverId;
  }

  /** Takes the driver. FrameworkError E_DATA when it says what can't be. */
  attach(driver: PsuDriver): void {
    const voltages = driver.voltages(this.driverId);
    const problem = checkVoltages(voltages);
    if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
    this.driver = driver;
    this.voltages = voltages;
  }
}
