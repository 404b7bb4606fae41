// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each supply, and of each of its users. */
import { type ElementId, type EntityId, FrameworkError, Status } from '@scp/framework';
import {
  checkLevels,
  FIRST_IMPLEMENTATION_MODE,
  isSingle,
  LAST_IMPLEMENTATION_MODE,
  type VoltageDomainClient,
  type VoltageDriver,
  type VoltageDriverFacts,
  type VoltageInfo,
} from './api.ts';
import type { VoltageDomainElementConfig } from './schema.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: VoltageDomainClient | undefined;
}

/** A supply, and whether something is being set on it. */
export class DomainRecord {
  readonly id: ElementId;
  readonly name: string;
  readonly driverId: ElementId;
  private readonly asynchronous: boolean;
  /** Both are known from round 0 on. */
  driver: VoltageDriver | undefined = undefined;
  info: VoltageInfo | undefined = undefined;

  /** Something is being set. */
  busy = false;
  /** Who waits for the outcome. */
  requester: Requester | undefined = undefined;

  constructor(id: ElementId, name: string, { driver, asynchronous }: VoltageDomainElementConfig) {
    this.id = id;
    this.name = name;
    this.driverId = driver;
    this.asynchronous = asynchronous;
  }

  /** Takes the driver. FrameworkError E_DATA when it says what can't be. */
  attach(driver: VoltageDriver): void {
    const { levels, switchable = true, readOnly = false, modes = [] }: VoltageDriverFacts = driver.facts(this.driverId);
    const problem = checkLevels(levels);
    if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
    for (const mode of modes) {
      if (mode >= FIRST_IMPLEMENTATION_MODE && mode <= LAST_IMPLEMENTATION_MODE) continue;
      throw new FrameworkError(Status.E_DATA, `mode ${mode} is not one of 8 to 15`);
    }
    const isFixed = isSingle(levels);
    if (isFixed && this.asynchronous) {
      throw new FrameworkError(Status.E_DATA, 'is asynchronous, but its driver has one level only, which is never set');
    }
    this.driver = driver;
    this.info = { name: this.name, levels, isFixed, switchable, readOnly, modes, asynchronous: this.asynchronous };
  }
}
