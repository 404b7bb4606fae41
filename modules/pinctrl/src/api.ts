// SPDX-License-Identifier: BSD-3-Clause
/**
 * The contracts of the `pinctrl` module: towards those who configure pins, and towards drivers of pin controllers.
 *
 * Pins, groups of pins, and functions are all elements of the module. A function is selected on the groups it is for, or
 * on single pins. Settings have SCMI's codes (`PinSetting`) and values of 32 bits.
 */
import { type ApiToken, defineApi, type ElementId, type Status } from '@scp/framework';

export * from './pin-setting.ts';

/** What a product says of an element; nothing in it changes. */
export type PinctrlInfo =
  | { readonly kind: 'pin'; readonly name: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** At least one, all of one controller. */
      readonly pins: readonly ElementId[];
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      /** Whether it is selected on single pins, else on groups. */
      readonly isForPins: boolean;
      /** Whether a pin with it serves as GPIO. */
      readonly isGpio: boolean;
      /** The groups or pins it can be selected on, at least one. */
      readonly targets: readonly ElementId[];
    };

/** No owner of a pin. */
export const NOBODY = 0;

/** Where an operation leaves a value. */
export interface Out {
  value: number;
}

/** What is to be changed on a pin or on every pin of a group. Its owner may use it again when the call has returned. */
export interface PinChange {
  /** The function to be selected, undefined to leave it. */
  function: ElementId | undefined;
  /** How many settings, applied in order. */
  count: number;
  readonly types: Uint8Array;
  readonly values: Uint32Array;
}

/**
 * What the HAL provides to its users. Targets are pins and groups. Owners are numbers that the user gives, SCMI agents'
 * ids; a group is owned by whom all its pins are.
 */
export interface Pinctrl {
  /** What the product says of an element; undefined for an id that is none. */
  info(id: ElementId): PinctrlInfo | undefined;
  /** The settings that can be read, ascending: of a group, those that all its pins have. Constant once bound. */
  settings(target: ElementId): readonly number[];
  /**
   * Reads a setting; of a group, its first pin's. One of several biases or ways to drive that does not hold is 0. E_PARAM
   * for no target, E_SUPPORT for a setting that it does not have.
   */
  get(target: ElementId, type: number, out: Out): Status;
  /** The function selected; of a group, when all its pins have the same. Undefined for none that the product knows. */
  selected(target: ElementId): ElementId | undefined;

  /** Whether an owner other than `owner` has the pin, or any pin of the group. */
  isHeldByOther(target: ElementId, owner: number): boolean;
  /** Makes `owner` the owner, also again. E_PARAM for no target, E_ACCESS when another one has any of it. */
  request(target: ElementId, owner: number): Status;
  /** Ends the ownership. E_PARAM for no target, E_STATE unless `owner` has all of it. */
  release(target: ElementId, owner: number): Status;
  /** Ends all ownership of `owner`. */
  releaseAll(owner: number): void;

  /**
   * Whether a change is one that the target can take: E_PARAM for no target, for a function that is not for it, and for a
   * value that a setting does not take; E_SUPPORT for a setting that it does not have, or that can't be written.
   */
  check(target: ElementId, change: PinChange): Status;
  /**
   * Makes a change, all of it or nothing; on every pin of a group. As `check`; E_ACCESS when another owner has any of the
   * target, E_BUSY while a change is under way on its controller, and what the driver says. PENDING: the outcome comes to
   * the user's PinctrlClient.
   */
  configure(target: ElementId, change: PinChange, owner: number): Status;
}

/** Bound on the `pinctrl` module in round 0, once by each user. */
export const PINCTRL: ApiToken<Pinctrl> = defineApi<Pinctrl>('PINCTRL');

/** What a user of pins provides to the HAL. */
export interface PinctrlClient {
  /** The user's change of `target` that was PENDING has ended. Called outside of `configure`; others may begin here. */
  ended(target: ElementId, status: Status): void;
}

/** Provided by each user, on the id by which it binds PINCTRL; bound by the HAL in round 1. */
export const PINCTRL_CLIENT: ApiToken<PinctrlClient> = defineApi<PinctrlClient>('PINCTRL_CLIENT');

/** What a driver is to change on some pins. It takes what it needs before it returns. */
export interface PadChange {
  /** The function's selector, -1 to leave it. */
  readonly mux: number;
  /** How many settings, applied in order to each pin. */
  readonly count: number;
  readonly types: Uint8Array;
  readonly values: Uint32Array;
}

/**
 * What a driver provides on each of its elements, which are pin controllers. A controller numbers its pins from 0. The
 * HAL asks for one change at a time of each controller.
 */
export interface PinctrlDriver {
  /** How many pins it has. Constant. */
  pinCount(id: ElementId): number;
  /** The settings that a pin has, ascending. Constant. */
  settings(id: ElementId, pin: number): readonly number[];
  /** Whether a setting of a pin, one that it has and that can be written, takes a value. */
  accepts(id: ElementId, pin: number, type: number, value: number): boolean;
  /** Whether a pin has a function with this selector. Constant. */
  hasMux(id: ElementId, pin: number, mux: number): boolean;
  /** The value of a setting that the pin has, at once; 0 for a bias or a way to drive that does not hold. */
  get(id: ElementId, pin: number, type: number): number;
  /** The selector of the function that a pin has, at once. */
  mux(id: ElementId, pin: number): number;
  /**
   * Makes a change on all of `pins` (constant; may be kept), or on none: SUCCESS when it is done, an error when it is
   * refused and nothing has changed, or PENDING and calls `PinctrlDriverResponse.complete` later, not before it has
   * returned. Until then everything reads as before.
   */
  apply(id: ElementId, pins: readonly number[], change: PadChange): Status;
}

/** Provided by drivers on their elements; bound by the HAL for the controllers of its pins, in round 0. */
export const PINCTRL_DRIVER: ApiToken<PinctrlDriver> = defineApi<PinctrlDriver>('PINCTRL_DRIVER');

/** What the HAL provides to drivers. */
export interface PinctrlDriverResponse {
  /** The change that was PENDING on the controller, the driver's element, has ended. */
  complete(controller: ElementId, status: Status): void;
}

/** Provided by the HAL on its module id; bound in round 1 by drivers, whose bind of round 0 named it. */
export const PINCTRL_DRIVER_RESPONSE: ApiToken<PinctrlDriverResponse> =
  defineApi<PinctrlDriverResponse>('PINCTRL_DRIVER_RESPONSE');
