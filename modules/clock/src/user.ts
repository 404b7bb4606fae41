// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type EntityId, Status } from '@scp/framework';
import { type Clock, ClockState, type Out, type Rates, type Round } from './api.ts';
import type { ClockHal } from './hal.ts';

const NO_IDS: readonly never[] = [];

/** The HAL as one user sees it: outcomes of pending operations go to `requester`. */
export class ClockUser implements Clock {
  private readonly hal: ClockHal;
  private readonly requester: EntityId;
  private readonly out: Out = { value: 0 };

  constructor(hal: ClockHal, requester: EntityId) {
    this.hal = hal;
    this.requester = requester;
  }

  name(clock: ElementId): string {
    return this.hal.find(clock)?.name ?? '';
  }

  rates(clock: ElementId): Rates | undefined {
    const record = this.hal.find(clock);
    return record?.driver?.rates(record.driverId);
  }

  enableDelay(clock: ElementId): number {
    const record = this.hal.find(clock);
    return record?.driver?.enableDelay?.(record.driverId) ?? 0;
  }

  parents(clock: ElementId): readonly ElementId[] {
    return this.hal.find(clock)?.parentIds ?? NO_IDS;
  }

  parent(clock: ElementId): ElementId | undefined {
    return this.hal.find(clock)?.parent?.id;
  }

  extendedTypes(clock: ElementId): readonly number[] {
    return this.hal.find(clock)?.extendedTypes ?? NO_IDS;
  }

  isSlow(clock: ElementId): boolean {
    return this.hal.find(clock)?.slow ?? false;
  }

  state(clock: ElementId): ClockState {
    const record = this.hal.find(clock);
    if (record?.driver?.getState(record.driverId, this.out) !== Status.SUCCESS) return ClockState.STOPPED;
    return this.out.value === ClockState.RUNNING ? ClockState.RUNNING : ClockState.STOPPED;
  }

  initialState(clock: ElementId): ClockState {
    return this.hal.find(clock)?.initialState ?? ClockState.STOPPED;
  }

  getRate(clock: ElementId, out: Out): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.getRate(this.requester, record, out);
  }

  setRate(clock: ElementId, rate: number, round: Round, cause: number, out: Out): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.setRate(this.requester, record, rate, round, cause, out);
  }

  setState(clock: ElementId, state: ClockState, cause: number): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.setState(this.requester, record, state, cause);
  }

  setParent(clock: ElementId, parent: ElementId, cause: number): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.setParent(this.requester, record, parent, cause);
  }

  getExtended(clock: ElementId, type: number, out: Out): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.getExtended(record, type, out);
  }

  setExtended(clock: ElementId, type: number, value: number): Status {
    const record = this.hal.find(clock);
    return record === undefined ? Status.E_PARAM : this.hal.setExtended(this.requester, record, type, value);
  }
}
