// SPDX-License-Identifier: BSD-3-Clause
/** What can be set on a pin, with SCMI's codes. DEN0056, "Pin control protocol", configuration types. */
export const PinSetting = {
  /** Writing it restores what the pin has after a hardware reset; the value is ignored. */
  DEFAULT: 0,
  BIAS_BUS_HOLD: 1,
  BIAS_DISABLE: 2,
  BIAS_HIGH_IMPEDANCE: 3,
  /** 0 off, else on: 1, or Ω. */
  BIAS_PULL_UP: 4,
  /** 0 leaves the bias as it is, else the pin's own pull is on. */
  BIAS_PULL_DEFAULT: 5,
  /** 0 off, else on: 1, or Ω. */
  BIAS_PULL_DOWN: 6,
  DRIVE_OPEN_DRAIN: 7,
  DRIVE_OPEN_SOURCE: 8,
  DRIVE_PUSH_PULL: 9,
  /** mA. */
  DRIVE_STRENGTH: 10,
  /** µs, 0 off. */
  INPUT_DEBOUNCE: 11,
  /** 0 or 1. */
  INPUT_MODE: 12,
  PULL_MODE: 13,
  /** What the pin reads: 0 or 1. Can't be written. */
  INPUT_VALUE: 14,
  /** 0 off, else on, or a threshold. */
  INPUT_SCHMITT: 15,
  /** 0 or 1. */
  LOW_POWER_MODE: 16,
  /** 0 or 1. */
  OUTPUT_MODE: 17,
  /** 0 or 1. */
  OUTPUT_VALUE: 18,
  POWER_SOURCE: 19,
  SLEW_RATE: 20,
} as const;

/** Settings from here to 255 are the platform's own; between the last of PinSetting and this one none is defined. */
export const FIRST_VENDOR_SETTING = 192;
/** The highest code of a setting. */
export const LAST_SETTING = 255;

/** The names of settings in product files: those of Linux's device trees, where it has one. By code. */
export const PIN_SETTING_NAMES = [
  'default',
  'bias-bus-hold',
  'bias-disable',
  'bias-high-impedance',
  'bias-pull-up',
  'bias-pull-pin-default',
  'bias-pull-down',
  'drive-open-drain',
  'drive-open-source',
  'drive-push-pull',
  'drive-strength',
  'input-debounce',
  'input-mode',
  'pull-mode',
  'input-value',
  'input-schmitt',
  'low-power-mode',
  'output-mode',
  'output-value',
  'power-source',
  'slew-rate',
] as const;

/** Whether a code means something. */
export const isSetting = (type: number): boolean =>
  type < PIN_SETTING_NAMES.length || (type >= FIRST_VENDOR_SETTING && type <= LAST_SETTING);

/** Whether a setting is a bias: a pin has one at a time. */
export const isBias = (type: number): boolean => type >= PinSetting.BIAS_BUS_HOLD && type <= PinSetting.BIAS_PULL_DOWN;

/** Whether a setting is a way to drive: a pin has one at a time. */
export const isDrive = (type: number): boolean =>
  type >= PinSetting.DRIVE_OPEN_DRAIN && type <= PinSetting.DRIVE_PUSH_PULL;

/** Whether writing a setting says it all, whatever the value; it reads as 1 while it holds, else as 0. */
export const isValueless = (type: number): boolean =>
  isDrive(type) || (type >= PinSetting.DEFAULT && type <= PinSetting.BIAS_HIGH_IMPEDANCE);

/** Whether a setting takes 0 and 1 only. */
export const isSwitch = (type: number): boolean =>
  type === PinSetting.INPUT_MODE ||
  type === PinSetting.LOW_POWER_MODE ||
  type === PinSetting.OUTPUT_MODE ||
  type === PinSetting.OUTPUT_VALUE;

/** Whether a setting can be written. */
export const isWritable = (type: number): boolean => type !== PinSetting.INPUT_VALUE;
/** Whether a setting can be read. */
export const isReadable = (type: number): boolean => type !== PinSetting.DEFAULT;
