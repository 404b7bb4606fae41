// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of controllers, pins, groups and functions, and of its users. */
import type { ElementId, EntityId } from '@scp/framework';
import { NOBODY, type PinctrlClient, type PinctrlDriver, type PinctrlInfo } from './api.ts';

/** Who has bound the HAL. */
export interface Requester {
  readonly id: EntityId;
  /** Bound in round 1. */
  client: PinctrlClient | undefined;
}

/** A pin controller and the change under way on it. */
export class Controller {
  /** The driver's element. */
  readonly id: ElementId;
  readonly driver: PinctrlDriver;
  /** The pin or group of the change under way, undefined when there is none. */
  target: ElementId | undefined = undefined;
  requester: Requester | undefined = undefined;

  constructor(id: ElementId, driver: PinctrlDriver) {
    this.id = id;
    this.driver = driver;
  }
}

/** A pin. */
export class Pin {
  readonly id: ElementId;
  readonly controller: Controller;
  /** Its number at the controller. */
  readonly number: number;
  /** Who owns it. */
  owner = NOBODY;
  /** The functions it can have, by selector. */
  readonly functions = new Map<number, ElementId>();

  constructor(id: ElementId, controller: Controller, number: number) {
    this.id = id;
    this.controller = controller;
    this.number = number;
  }
}

/** A pin or a group: what can be configured. */
export interface Target {
  readonly id: ElementId;
  readonly controller: Controller;
  /** One, or a group's. */
  readonly pins: readonly Pin[];
  /** Their numbers. */
  readonly numbers: readonly number[];
  /** What can be read of it. */
  readonly settings: readonly number[];
  /** Selectors of the functions that can be selected on it, by function. */
  readonly muxes: Map<ElementId, number>;
}

/** An element of the module. */
export interface Entry {
  readonly id: ElementId;
  readonly info: PinctrlInfo;
  /** Undefined for a function, and before the bind stage. */
  target: Target | undefined;
}
