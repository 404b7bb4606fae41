// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, Status } from '@scp/framework';
import { type Out, type PowerDomainDriverResponse, PowerState } from '@scp/power-domain/api';
import type { MockPpuElementConfig } from './schema.ts';

/** How to be told that time has passed, and whether the firmware is up: before that, everything is at once. */
export interface MockTime {
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/** A power policy unit that is only a state. A transition that takes time is done when the alarm comes. */
export class MockPpu {
  /** The domain that this one drives, and the way to tell it. */
  domain: ElementId | undefined = undefined;
  response: PowerDomainDriverResponse | undefined = undefined;

  private readonly time: MockTime;
  private readonly delay: number;
  private readonly canSleep: boolean;
  private readonly alarm: Alarm | undefined;
  private state: PowerState;
  private target: PowerState;

  constructor(id: ElementId, config: MockPpuElementConfig, time: MockTime) {
    this.time = time;
    this.delay = config.delay;
    this.canSleep = config.sleep;
    this.state = this.target = config.on ? PowerState.ON : PowerState.OFF;
    this.alarm = config.delay > 0 ? time.createAlarm(id, () => this.finish()) : undefined;
  }

  hasState(state: PowerState): boolean {
    return state !== PowerState.SLEEP || this.canSleep;
  }

  getState(out: Out): Status {
    out.value = this.state;
    return Status.SUCCESS;
  }

  setState(state: PowerState): Status {
    if (!this.hasState(state)) return Status.E_SUPPORT;
    if (this.alarm?.running === true) return Status.E_BUSY;
    this.target = state;
    if (this.alarm === undefined || !this.time.running) {
      this.state = state;
      return Status.SUCCESS;
    }
    this.alarm.start(this.delay);
    return Status.PENDING;
  }

  private finish(): void {
    this.state = this.target;
    if (this.domain !== undefined) this.response?.complete(this.domain, Status.SUCCESS);
  }
}
