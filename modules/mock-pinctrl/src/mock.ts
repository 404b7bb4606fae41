// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, type Framework, FrameworkError, Status } from '@scp/framework';
import { type PadChange, PIN_SETTING_NAMES, type PinctrlDriverResponse } from '@scp/pinctrl/api';
import { Pads } from './pads.ts';
import type { MockPinctrlElementConfig } from './schema.ts';

type Name = (typeof PIN_SETTING_NAMES)[number];

const codeOf = (name: Name): number => PIN_SETTING_NAMES.indexOf(name);

/** A pin controller without hardware. A change that takes time is worked out at once, and in force when the alarm comes. */
export class MockPinController {
  /** The way to tell the HAL; undefined while it does not drive this one. */
  response: PinctrlDriverResponse | undefined = undefined;
  readonly id: ElementId;
  readonly pinCount: number;
  private readonly framework: Framework;
  private readonly muxCount: number;
  private readonly delay: number;
  private readonly alarm: Alarm;
  private readonly pads: Pads;
  private readonly next: Pads;
  /** By code of the setting. */
  private readonly limits = new Map<number, { readonly min: number; readonly max: number }>();
  /** The pins that the change under way is about. */
  private changing: readonly number[] | undefined = undefined;

  /** FrameworkError E_DATA for limits and reset values of settings that pins do not have. */
  constructor(framework: Framework, id: ElementId, config: MockPinctrlElementConfig) {
    this.framework = framework;
    this.id = id;
    this.pinCount = config.pins;
    this.muxCount = config.muxes;
    this.delay = config.delay;
    this.alarm = framework.createAlarm(id, () => this.finish());
    const codes = (config.settings ?? PIN_SETTING_NAMES).map(codeOf);
    const settings = [...codes, ...config.vendorSettings].sort((a, b) => a - b);
    this.pads = new Pads(config.pins, settings);
    this.next = new Pads(config.pins, settings);
    const known = (name: Name): number => {
      if (settings.includes(codeOf(name))) return codeOf(name);
      throw new FrameworkError(Status.E_DATA, `its pins have no setting ${name}`);
    };
    for (const { setting, min, max } of config.limits) this.limits.set(known(setting), { min, max });
    for (const { setting, value } of config.reset) {
      for (let pin = 0; pin < config.pins; pin++) this.pads.write(pin, known(setting), value);
    }
    this.pads.keepAsReset();
    this.next.takeReset(this.pads);
  }

  /** The settings of each pin, ascending. */
  get settings(): readonly number[] {
    return this.pads.settings;
  }

  /** Whether a setting takes a value. */
  accepts(type: number, value: number): boolean {
    const limit = this.limits.get(type);
    return limit === undefined || (value >= limit.min && value <= limit.max);
  }

  /** Whether pins have a function with this selector. */
  hasMux(mux: number): boolean {
    return mux < this.muxCount;
  }

  /** What a pin has of a setting. */
  get(pin: number, type: number): number {
    return this.pads.get(pin, type);
  }

  /** The selector of a pin's function. */
  mux(pin: number): number {
    return this.pads.mux(pin);
  }

  /** Changes pins, now or later. */
  apply(pins: readonly number[], change: PadChange): Status {
    if (this.changing !== undefined) return Status.E_BUSY;
    this.next.copy(this.pads, pins);
    for (let at = 0; at < pins.length; at++) this.next.apply(pins[at] ?? 0, change);
    if (this.delay > 0 && this.framework.running) {
      this.changing = pins;
      this.alarm.start(this.delay);
      return Status.PENDING;
    }
    this.pads.copy(this.next, pins);
    return Status.SUCCESS;
  }

  private finish(): void {
    if (this.changing === undefined) return;
    this.pads.copy(this.next, this.changing);
    this.changing = undefined;
    this.response?.complete(this.id, Status.SUCCESS);
  }
}
