// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each domain, and of each of its users. */
import { type ElementId, type EntityId, FrameworkError, Status } from '@scp/framework';
import {
  COLD_RESET,
  IMPLEMENTATION_STATE,
  type ResetDomainClient,
  type ResetDomainInfo,
  type ResetDriver,
  ResetOperation,
} from './api.ts';
import type { ResetDomainElementConfig } from './schema.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: ResetDomainClient | undefined;
}

/** A domain and the operation under way on it. */
export class DomainRecord {
  readonly id: ElementId;
  readonly info: ResetDomainInfo;
  readonly driverId: ElementId;
  /** Bound in round 0. */
  driver: ResetDriver | undefined = undefined;

  /** The operation under way, undefined when there is none. */
  operation: ResetOperation | undefined = undefined;
  state = COLD_RESET;
  cause = 0;
  /** Who waits for the outcome. */
  requester: Requester | undefined = undefined;

  /** FrameworkError E_DATA for a configuration that contradicts itself. */
  constructor(id: ElementId, name: string, config: ResetDomainElementConfig) {
    const { autonomous, explicit, asynchronous, notifications, latency, states } = config;
    if (!autonomous && !explicit) {
      throw new FrameworkError(Status.E_DATA, 'can be reset in no way; give it autonomous, explicit or both');
    }
    if (!autonomous && (asynchronous || latency !== undefined)) {
      throw new FrameworkError(Status.E_DATA, 'asynchronous and latency are about autonomous resets, which it has not');
    }
    this.id = id;
    this.driverId = config.driver;
    this.info = {
      name,
      autonomous,
      explicit,
      asynchronous,
      notifications,
      latency,
      states: [COLD_RESET, ...states.map(state => (IMPLEMENTATION_STATE | state) >>> 0)],
    };
  }

  /** Whether the domain has an operation. */
  has(operation: ResetOperation): boolean {
    return operation === ResetOperation.PULSE ? this.info.autonomous : this.info.explicit;
  }
}
