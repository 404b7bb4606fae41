// SPDX-License-Identifier: BSD-3-Clause
/** From the configuration to pins, groups and functions that know each other and their controllers. */
import { type ElementId, elementIndex, FrameworkError, Status } from '@scp/framework';
import { isReadable, type PinctrlDriver, type PinctrlInfo } from './api.ts';
import { Controller, type Entry, Pin, type Target } from './record.ts';
import { visibleName } from './rules.ts';
import type { PinctrlElementConfig } from './schema.ts';

/** The facts of an element called `element` in the product. */
export function infoOf(element: string, config: PinctrlElementConfig): PinctrlInfo {
  const name = visibleName(element, config);
  if ('pin' in config) return { kind: 'pin', name };
  if ('group' in config) return { kind: 'group', name, pins: config.group.pins };
  const { gpio: isGpio } = config.function;
  return 'groups' in config.function
    ? { kind: 'function', name, isForPins: false, isGpio, targets: config.function.groups }
    : { kind: 'function', name, isForPins: true, isGpio, targets: config.function.pins };
}

/**
 * Connects elements, by position, whose configuration keeps the rules; `bind` gives a controller's driver. FrameworkError
 * E_DATA for pins and functions that a controller does not have.
 */
export function connect(
  entries: readonly Entry[],
  configs: readonly PinctrlElementConfig[],
  bind: (controller: ElementId) => PinctrlDriver,
): Controller[] {
  const controllers: Controller[] = [];
  const controllerOf = (id: ElementId): Controller => {
    const found = controllers.find(controller => controller.id === id);
    if (found !== undefined) return found;
    const made = new Controller(id, bind(id));
    controllers.push(made);
    return made;
  };

  configs.forEach((config, index) => {
    const entry = entries[index];
    if (entry === undefined || !('pin' in config)) return;
    const controller = controllerOf(config.pin.driver);
    const { number } = config.pin;
    const count = controller.driver.pinCount(controller.id);
    if (number >= count) {
      throw new FrameworkError(
        Status.E_DATA,
        `pin ${entry.info.name} is number ${number} of a controller with ${count}`,
      );
    }
    entry.target = targetOf(entry.id, [new Pin(entry.id, controller, number)]);
  });
  for (const entry of entries) {
    if (entry.info.kind !== 'group') continue;
    const pins = entry.info.pins.flatMap(id => entries[elementIndex(id)]?.target?.pins ?? []);
    entry.target = targetOf(entry.id, pins);
  }
  configs.forEach((config, index) => {
    const entry = entries[index];
    if (entry?.info.kind !== 'function' || !('function' in config)) return;
    for (const id of entry.info.targets) {
      const target = entries[elementIndex(id)]?.target;
      if (target !== undefined) addFunction(target, entry, config.function.mux);
    }
  });
  return controllers;
}

function addFunction(target: Target, { id, info }: Entry, mux: number): void {
  const { controller } = target;
  target.muxes.set(id, mux);
  for (const pin of target.pins) {
    if (!controller.driver.hasMux(controller.id, pin.number, mux)) {
      const rule = `function ${info.name} has selector ${mux}, which its controller does not have for pin ${pin.number}`;
      throw new FrameworkError(Status.E_DATA, rule);
    }
    pin.functions.set(mux, id);
  }
}

/** FrameworkError E_DATA without pins. */
function targetOf(id: ElementId, pins: readonly Pin[]): Target {
  const [first] = pins;
  if (first === undefined) throw new FrameworkError(Status.E_DATA, 'a group has at least one pin');
  const { controller } = first;
  const lists = pins.map(pin => controller.driver.settings(controller.id, pin.number));
  const settings = (lists[0] ?? []).filter(type => isReadable(type) && lists.every(list => list.includes(type)));
  return { id, controller, pins, numbers: pins.map(pin => pin.number), settings, muxes: new Map() };
}
