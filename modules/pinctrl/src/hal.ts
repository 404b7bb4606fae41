// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL, one change at a time on each controller. */
import { type ElementId, elementIndex, type Framework, LogLimit, Status } from '@scp/framework';
import {
  isSwitch,
  isValueless,
  isWritable,
  NOBODY,
  type Out,
  type PinChange,
  type Pinctrl,
  type PinctrlDriverResponse,
  type PinctrlInfo,
} from './api.ts';
import type { Controller, Entry, Requester, Target } from './record.ts';

/** What is handed to drivers. */
interface Pads {
  mux: number;
  count: number;
  types: Uint8Array;
  values: Uint32Array;
}

const NO_SETTINGS: readonly number[] = [];

/** Pins, groups and functions of one firmware. */
export class PinctrlHal implements PinctrlDriverResponse {
  /** By position of the element. */
  readonly entries: Entry[] = [];
  controllers: readonly Controller[] = [];
  readonly requesters: Requester[] = [];
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  /** Reused by every change. */
  private readonly pads: Pads = { mux: -1, count: 0, types: new Uint8Array(0), values: new Uint32Array(0) };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  /** The element with an id, undefined when it is none. */
  find(id: ElementId): Entry | undefined {
    const entry = this.entries[elementIndex(id)];
    return entry?.id === id ? entry : undefined;
  }

  /** Whether an element is a controller of the product. */
  isController(id: number): boolean {
    return this.controllers.some(controller => controller.id === id);
  }

  // ---------------------------------------------------------------- state

  /** See Pinctrl.get. */
  get({ controller, numbers, settings }: Target, type: number, out: Out): Status {
    if (!settings.includes(type)) return Status.E_SUPPORT;
    out.value = controller.driver.get(controller.id, numbers[0] ?? 0, type) >>> 0;
    return Status.SUCCESS;
  }

  /** See Pinctrl.selected. */
  selected({ controller, pins }: Target): ElementId | undefined {
    let selected: ElementId | undefined;
    for (let at = 0; at < pins.length; at++) {
      const pin = pins[at];
      const found = pin?.functions.get(controller.driver.mux(controller.id, pin.number));
      if (found === undefined || (at > 0 && found !== selected)) return undefined;
      selected = found;
    }
    return selected;
  }

  // ---------------------------------------------------------------- ownership

  /** See Pinctrl.isHeldByOther. */
  isHeldByOther({ pins }: Target, owner: number): boolean {
    for (let at = 0; at < pins.length; at++) {
      const holder = pins[at]?.owner ?? NOBODY;
      if (holder !== NOBODY && holder !== owner) return true;
    }
    return false;
  }

  /** See Pinctrl.request. */
  request(target: Target, owner: number): Status {
    if (this.isHeldByOther(target, owner)) return Status.E_ACCESS;
    this.setOwner(target, owner);
    return Status.SUCCESS;
  }

  /** See Pinctrl.release. */
  release(target: Target, owner: number): Status {
    for (let at = 0; at < target.pins.length; at++) if (target.pins[at]?.owner !== owner) return Status.E_STATE;
    this.setOwner(target, NOBODY);
    return Status.SUCCESS;
  }

  private setOwner({ pins }: Target, owner: number): void {
    for (let at = 0; at < pins.length; at++) {
      const pin = pins[at];
      if (pin !== undefined) pin.owner = owner;
    }
  }

  /** See Pinctrl.releaseAll. */
  releaseAll(owner: number): void {
    for (let at = 0; at < this.entries.length; at++) {
      const target = this.entries[at]?.target;
      // Groups share the pins of pins.
      if (target?.pins.length === 1 && target.pins[0]?.owner === owner) this.setOwner(target, NOBODY);
    }
  }

  // ---------------------------------------------------------------- changes

  /** See Pinctrl.check. */
  check(target: Target, change: PinChange): Status {
    if (change.function !== undefined && !target.muxes.has(change.function)) return Status.E_PARAM;
    for (let at = 0; at < change.count; at++) {
      const status = this.checkSetting(target, change.types[at] ?? 0, change.values[at] ?? 0);
      if (status !== Status.SUCCESS) return status;
    }
    return Status.SUCCESS;
  }

  private checkSetting({ controller, numbers }: Target, type: number, value: number): Status {
    const { driver, id } = controller;
    if (!isWritable(type)) return Status.E_SUPPORT;
    for (let at = 0; at < numbers.length; at++) {
      if (!driver.settings(id, numbers[at] ?? 0).includes(type)) return Status.E_SUPPORT;
    }
    if (isValueless(type)) return Status.SUCCESS;
    if (isSwitch(type) && value > 1) return Status.E_PARAM;
    for (let at = 0; at < numbers.length; at++) {
      if (!driver.accepts(id, numbers[at] ?? 0, type, value)) return Status.E_PARAM;
    }
    return Status.SUCCESS;
  }

  /** See Pinctrl.configure. */
  configure(requester: Requester, target: Target, change: PinChange, owner: number): Status {
    const { controller, numbers, muxes } = target;
    const checked = this.check(target, change);
    if (checked !== Status.SUCCESS) return checked;
    if (this.isHeldByOther(target, owner)) return Status.E_ACCESS;
    if (controller.target !== undefined) return Status.E_BUSY;
    this.pads.mux = change.function === undefined ? -1 : (muxes.get(change.function) ?? -1);
    this.pads.count = change.count;
    this.pads.types = change.types;
    this.pads.values = change.values;
    const status = controller.driver.apply(controller.id, numbers, this.pads);
    if (status === Status.PENDING) {
      controller.target = target.id;
      controller.requester = requester;
    }
    return status;
  }

  complete(id: ElementId, status: Status): void {
    for (let at = 0; at < this.controllers.length; at++) {
      const controller = this.controllers[at];
      if (controller?.id !== id || controller.target === undefined || status === Status.PENDING) continue;
      const { target, requester } = controller;
      controller.target = undefined;
      controller.requester = undefined;
      requester?.client?.ended(target, status);
      return;
    }
    if (!this.limit.take(this.framework.host.now())) return;
    this.framework.log.warn(`[PINCTRL] ${this.framework.nameOf(id)} completes what is not under way`);
  }

  /** What can be read of an element. */
  settings(id: ElementId): readonly number[] {
    return this.find(id)?.target?.settings ?? NO_SETTINGS;
  }
}

/** The HAL as one user sees it: outcomes of its pending changes go to its client. */
export class PinctrlUser implements Pinctrl {
  private readonly hal: PinctrlHal;
  private readonly requester: Requester;

  constructor(hal: PinctrlHal, requester: Requester) {
    this.hal = hal;
    this.requester = requester;
  }

  info(id: ElementId): PinctrlInfo | undefined {
    return this.hal.find(id)?.info;
  }

  settings(target: ElementId): readonly number[] {
    return this.hal.settings(target);
  }

  get(target: ElementId, type: number, out: Out): Status {
    const found = this.hal.find(target)?.target;
    return found === undefined ? Status.E_PARAM : this.hal.get(found, type, out);
  }

  selected(target: ElementId): ElementId | undefined {
    const found = this.hal.find(target)?.target;
    return found === undefined ? undefined : this.hal.selected(found);
  }

  isHeldByOther(target: ElementId, owner: number): boolean {
    const found = this.hal.find(target)?.target;
    return found !== undefined && this.hal.isHeldByOther(found, owner);
  }

  request(target: ElementId, owner: number): Status {
    const found = this.hal.find(target)?.target;
    return found === undefined ? Status.E_PARAM : this.hal.request(found, owner);
  }

  release(target: ElementId, owner: number): Status {
    const found = this.hal.find(target)?.target;
    return found === undefined ? Status.E_PARAM : this.hal.release(found, owner);
  }

  releaseAll(owner: number): void {
    this.hal.releaseAll(owner);
  }

  check(target: ElementId, change: PinChange): Status {
    const found = this.hal.find(target)?.target;
    return found === undefined ? Status.E_PARAM : this.hal.check(found, change);
  }

  configure(target: ElementId, change: PinChange, owner: number): Status {
    const found = this.hal.find(target)?.target;
    return found === undefined ? Status.E_PARAM : this.hal.configure(this.requester, found, change, owner);
  }
}
