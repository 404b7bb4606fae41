// SPDX-License-Identifier: BSD-3-Clause
/** The state of pins: for each setting a value, and a function’s selector. */
import { isBias, isDrive, isValueless, type PadChange, PinSetting } from '@scp/pinctrl/api';

/** What does not hold. */
const OFF = 0;

/** The pins of one controller, which all have the same settings. */
export class Pads {
  /** By position: the code of the setting, ascending. */
  readonly settings: readonly number[];
  /** By code of the setting: its position, -1 for one that pins do not have. */
  private readonly positions: Int16Array;
  /** By pin, then by position of the setting. */
  private readonly values: Uint32Array;
  private readonly muxes: Uint16Array;
  private readonly reset: Uint32Array;

  constructor(count: number, settings: readonly number[]) {
    this.settings = settings;
    this.positions = new Int16Array(256).fill(-1);
    settings.forEach((type, position) => (this.positions[type] = position));
    this.values = new Uint32Array(count * settings.length);
    this.muxes = new Uint16Array(count);
    this.reset = new Uint32Array(settings.length);
  }

  /** What pins have now is what they are brought back to. All have the same. */
  keepAsReset(): void {
    this.reset.set(this.values.subarray(0, this.settings.length));
  }

  /** Is brought back to the same as a controller of the same kind. */
  takeReset(from: Pads): void {
    this.reset.set(from.reset);
  }

  /** Takes over the state of some pins of a controller of the same kind. */
  copy(from: Pads, pins: readonly number[]): void {
    const { length } = this.settings;
    for (let at = 0; at < pins.length; at++) {
      const pin = pins[at] ?? 0;
      for (let place = pin * length; place < (pin + 1) * length; place++) this.values[place] = from.values[place] ?? 0;
      this.muxes[pin] = from.muxes[pin] ?? 0;
    }
  }

  /** The selector of a pin's function. */
  mux(pin: number): number {
    return this.muxes[pin] ?? 0;
  }

  /** What a pin has of a setting. An input reads its own output, or else what pulls it. */
  get(pin: number, type: number): number {
    if (type !== PinSetting.INPUT_VALUE) return this.value(pin, type);
    if (this.value(pin, PinSetting.OUTPUT_MODE) !== OFF) return this.value(pin, PinSetting.OUTPUT_VALUE);
    return this.value(pin, PinSetting.BIAS_PULL_UP) === OFF ? 0 : 1;
  }

  private value(pin: number, type: number): number {
    const position = this.positions[type] ?? -1;
    return position < 0 ? OFF : (this.values[pin * this.settings.length + position] ?? OFF);
  }

  private set(pin: number, type: number, value: number): void {
    const position = this.positions[type] ?? -1;
    if (position >= 0) this.values[pin * this.settings.length + position] = value;
  }

  /** Changes a pin. */
  apply(pin: number, { mux, count, types, values }: PadChange): void {
    if (mux >= 0) this.muxes[pin] = mux;
    for (let at = 0; at < count; at++) this.write(pin, types[at] ?? 0, values[at] ?? 0);
  }

  /** Writes one setting. */
  write(pin: number, type: number, value: number): void {
    if (type === PinSetting.DEFAULT) {
      const { length } = this.settings;
      for (let at = 0; at < length; at++) this.values[pin * length + at] = this.reset[at] ?? 0;
    } else if (isBias(type)) {
      this.writeBias(pin, type, isValueless(type) ? 1 : value);
    } else if (isDrive(type)) {
      for (let other = PinSetting.DRIVE_OPEN_DRAIN; other <= PinSetting.DRIVE_PUSH_PULL; other++)
        this.set(pin, other, OFF);
      this.set(pin, type, 1);
    } else {
      this.set(pin, type, value);
    }
  }

  /** One bias holds at a time. A pull that is turned off leaves none, which says bias-disable. */
  private writeBias(pin: number, type: number, value: number): void {
    const isTurnedOff = value === OFF;
    if (isTurnedOff && (type === PinSetting.BIAS_PULL_DEFAULT || this.value(pin, type) === OFF)) return;
    for (let other = PinSetting.BIAS_BUS_HOLD; other <= PinSetting.BIAS_PULL_DOWN; other++) this.set(pin, other, OFF);
    if (isTurnedOff) this.set(pin, PinSetting.BIAS_DISABLE, 1);
    else this.set(pin, type, value);
  }
}
