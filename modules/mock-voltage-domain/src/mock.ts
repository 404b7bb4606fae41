// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, Status } from '@scp/framework';
import { type Out, type VoltageDriverFacts, type VoltageDriverResponse, VoltageMode } from '@scp/voltage-domain/api';
import { supplyFacts } from './facts.ts';
import type { MockVoltageDomainElementConfig } from './schema.ts';

/** How to be told that time has passed. */
export interface MockTime {
  /** Whether the firmware is up: before that, everything is at once. */
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/** What is being set. */
const Setting = { NONE: 0, LEVEL: 1, MODE: 2 } as const;
type Setting = (typeof Setting)[keyof typeof Setting];

/** A supply that is only numbers. What takes time is noted, and done when the alarm comes. */
export class MockSupply {
  readonly facts: VoltageDriverFacts;
  /** The HAL's element that this one drives, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: VoltageDriverResponse | undefined = undefined;

  private readonly time: MockTime;
  private readonly delay: number;
  private readonly alarm: Alarm | undefined;
  private level: number;
  private mode: number;
  private setting: Setting = Setting.NONE;
  private wanted = 0;

  /** FrameworkError E_DATA for a configuration that contradicts itself. */
  constructor(id: ElementId, config: MockVoltageDomainElementConfig, time: MockTime) {
    const facts = supplyFacts(config);
    this.time = time;
    this.facts = facts;
    this.level = facts.level;
    this.mode = config.on || config.alwaysOn ? VoltageMode.ON : VoltageMode.OFF;
    this.delay = config.delay;
    this.alarm = config.delay > 0 ? time.createAlarm(id, () => this.finish()) : undefined;
  }

  getLevel(out: Out): Status {
    out.value = this.level;
    return Status.SUCCESS;
  }

  getMode(out: Out): Status {
    out.value = this.mode;
    return Status.SUCCESS;
  }

  /** The HAL sets levels the supply has; one that is off takes them too. */
  setLevel(level: number): Status {
    return this.perform(Setting.LEVEL, level);
  }

  setMode(mode: number): Status {
    return this.perform(Setting.MODE, mode);
  }

  private perform(setting: Setting, wanted: number): Status {
    if (this.setting !== Setting.NONE) return Status.E_BUSY;
    this.wanted = wanted;
    if (this.alarm === undefined || !this.time.running) {
      this.apply(setting);
      return Status.SUCCESS;
    }
    this.setting = setting;
    this.alarm.start(this.delay);
    return Status.PENDING;
  }

  private apply(setting: Setting): void {
    if (setting === Setting.LEVEL) this.level = this.wanted;
    else this.mode = this.wanted;
  }

  private finish(): void {
    const { setting } = this;
    this.setting = Setting.NONE;
    this.apply(setting);
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS);
  }
}
