// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, FrameworkError, Status } from '@scp/framework';
import { checkVoltages, hasVoltage, type Out, type PsuDriverResponse, type Voltages } from '@scp/psu/api';
import type { MockPsuElementConfig } from './schema.ts';

/** The voltages of a supply that gives none: any that fits in a word. */
const ANY: Voltages = { min: 0, max: 0xffffffff, step: 1 };

/** A supply's voltages. FrameworkError E_DATA for a configuration that contradicts itself. */
export function supplyVoltages({ range, voltage }: MockPsuElementConfig): Voltages {
  const voltages = range ?? ANY;
  const problem = checkVoltages(voltages);
  if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
  if (voltage !== undefined && !hasVoltage(voltages, voltage)) {
    throw new FrameworkError(Status.E_DATA, `voltage ${voltage} at the start is not one of its voltages`);
  }
  return voltages;
}

/** How to be told that time has passed. */
export interface MockTime {
  /** Whether the firmware is up: before that, everything is at once. */
  readonly running: boolean;
  createAlarm(owner: ElementId, callback: () => void): Alarm;
}

/** What is being set. */
const Setting = { NONE: 0, VOLTAGE: 1, ENABLED: 2 } as const;
type Setting = (typeof Setting)[keyof typeof Setting];

/** A supply that is only numbers. What takes time is noted, and done when the alarm comes. */
export class MockPsu {
  readonly voltages: Voltages;
  /** The HAL's element that this one drives, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: PsuDriverResponse | undefined = undefined;

  private readonly time: MockTime;
  private readonly delay: number;
  private readonly alarm: Alarm | undefined;
  private voltage: number;
  private enabled: number;
  private setting: Setting = Setting.NONE;
  private wanted = 0;

  /** FrameworkError E_DATA for a configuration that contradicts itself. */
  constructor(id: ElementId, config: MockPsuElementConfig, time: MockTime) {
    this.time = time;
    this.voltages = supplyVoltages(config);
    this.voltage = config.voltage ?? this.voltages.min;
    this.enabled = config.on ? 1 : 0;
    this.delay = config.delay;
    this.alarm = config.delay > 0 ? time.createAlarm(id, () => this.finish()) : undefined;
  }

  getVoltage(out: Out): Status {
    out.value = this.voltage;
    return Status.SUCCESS;
  }

  getEnabled(out: Out): Status {
    out.value = this.enabled;
    return Status.SUCCESS;
  }

  /** The HAL sets voltages the supply can have; one that is off takes them too. */
  setVoltage(voltage: number): Status {
    return this.perform(Setting.VOLTAGE, voltage);
  }

  setEnabled(enabled: boolean): Status {
    return this.perform(Setting.ENABLED, enabled ? 1 : 0);
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
    if (setting === Setting.VOLTAGE) this.voltage = this.wanted;
    else this.enabled = this.wanted;
  }

  private finish(): void {
    const { setting } = this;
    this.setting = Setting.NONE;
    this.apply(setting);
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS);
  }
}
