// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type EntityId, Status } from '@scp/framework';
import { COMPOSITE_LEVELS, DomainType, type PowerDomain, PowerState } from './api.ts';
import type { PowerDomainHal } from './hal.ts';

/** The HAL as one user sees it: outcomes of pending requests go to `requester`. */
export class PowerDomainUser implements PowerDomain {
  private readonly hal: PowerDomainHal;
  private readonly requester: EntityId;

  constructor(hal: PowerDomainHal, requester: EntityId) {
    this.hal = hal;
    this.requester = requester;
  }

  name(domain: ElementId): string {
    return this.hal.find(domain)?.name ?? '';
  }

  type(domain: ElementId): DomainType {
    return this.hal.find(domain)?.type ?? DomainType.DEVICE;
  }

  parent(domain: ElementId): ElementId | undefined {
    return this.hal.find(domain)?.parent?.id;
  }

  hasState(domain: ElementId, state: PowerState): boolean {
    return this.hal.find(domain)?.has(state) ?? false;
  }

  state(domain: ElementId): PowerState {
    return this.hal.find(domain)?.state ?? PowerState.OFF;
  }

  composite(domain: ElementId): number {
    let word = 0;
    let level = 0;
    for (let at = this.hal.find(domain); at !== undefined && level < COMPOSITE_LEVELS; at = at.parent, level++) {
      word |= at.state << (4 * level);
    }
    return word | (Math.max(0, level - 1) << 16);
  }

  initialState(domain: ElementId): PowerState {
    return this.hal.find(domain)?.initialState ?? PowerState.OFF;
  }

  setState(domain: ElementId, composite: number, cause: number): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.setState(this.requester, record, composite, cause);
  }
}
