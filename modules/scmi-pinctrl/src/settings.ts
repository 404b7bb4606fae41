// SPDX-License-Identifier: BSD-3-Clause
/** Settings and functions of pins and groups: read, and changed. */
import { type ElementId, Status } from '@scp/framework';
import { isBias, isDrive, isSetting, LAST_SETTING, type Out, type PinChange } from '@scp/pinctrl/api';
import { type HandlerResult, type Message, PENDING, REQUEST_CAPACITY, ScmiStatus, scmiStatusOf } from '@scp/scmi/api';
import {
  CONFIG,
  CONFIGURE_REQUEST,
  NO_FUNCTION,
  PINCTRL_PROTOCOL,
  SELECT_FUNCTION,
  Selector,
  SELECTOR_MASK,
  SETTINGS_GET_REQUEST,
  SETTINGS_GET_RESPONSE,
  SettingsMode,
} from './messages.ts';
import type { Resource } from './resource.ts';
import type { ScmiPinctrlConfig } from './schema.ts';
import type { View } from './view.ts';

const { commands } = PINCTRL_PROTOCOL;

/** The most settings that a request page holds. */
const MOST_CONFIGS = Math.floor((REQUEST_CAPACITY - CONFIGURE_REQUEST.size) / CONFIG.size);

/** PINCTRL_SETTINGS_GET: [31:20]. */
const GET_RESERVED = 0xfff00000;
/** PINCTRL_SETTINGS_CONFIGURE: [31:11]. */
const CONFIGURE_RESERVED = 0xfffff800;

/** Handles PINCTRL_SETTINGS_GET and PINCTRL_SETTINGS_CONFIGURE. */
export class Settings {
  private readonly view: View;
  private readonly inactive: ScmiPinctrlConfig['inactive'];
  private readonly out: Out = { value: 0 };
  private readonly change: PinChange = {
    function: undefined,
    count: 0,
    types: new Uint8Array(MOST_CONFIGS),
    values: new Uint32Array(MOST_CONFIGS),
  };

  constructor(view: View, inactive: ScmiPinctrlConfig['inactive']) {
    this.view = view;
    this.inactive = inactive;
  }

  // ---------------------------------------------------------------- reading

  /**
   * PINCTRL_SETTINGS_GET: INVALID_PARAMETERS for a selector that is neither pin nor group, NOT_FOUND, INVALID_PARAMETERS
   * for reserved bits, modes and settings, NOT_SUPPORTED for a setting that the pin does not have, DENIED,
   * INVALID_PARAMETERS for skipping all there are.
   */
  get(message: Message): ScmiStatus {
    const { agent } = message;
    const attributes = message.u32(SETTINGS_GET_REQUEST.at.attributes);
    const selector = (attributes >>> 16) & SELECTOR_MASK;
    if (selector !== Selector.PIN && selector !== Selector.GROUP) return ScmiStatus.INVALID_PARAMETERS;
    const resource = this.view.find(agent, selector, message.u32(SETTINGS_GET_REQUEST.at.identifier));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const mode = (attributes >>> 18) & 3;
    const type = attributes & LAST_SETTING;
    if ((attributes & GET_RESERVED) !== 0 || mode === SettingsMode.RESERVED) return ScmiStatus.INVALID_PARAMETERS;
    if (mode === SettingsMode.ONE) {
      if (!isSetting(type)) return ScmiStatus.INVALID_PARAMETERS;
      if (!this.read(resource, type)) return ScmiStatus.NOT_SUPPORTED;
    }
    if (!this.view.isPermitted(agent, commands.settingsGet.id, resource)) return ScmiStatus.DENIED;
    message.set(SETTINGS_GET_RESPONSE.at.functionSelected, this.selected(agent, resource));
    message.set(SETTINGS_GET_RESPONSE.at.numConfigs, 0);
    if (mode === SettingsMode.FUNCTION) return ScmiStatus.SUCCESS;
    if (mode === SettingsMode.ALL) return this.getAll(message, resource, (attributes >>> 8) & 0xff);
    if (message.room(CONFIG.size) === 0) return ScmiStatus.COMMS_ERROR;
    this.add(message, type, this.out.value);
    message.set(SETTINGS_GET_RESPONSE.at.numConfigs, 1);
    return ScmiStatus.SUCCESS;
  }

  private getAll(message: Message, resource: Resource, skip: number): ScmiStatus {
    const settings = this.view.pinctrl.settings(resource.id);
    const room = message.room(CONFIG.size);
    let found = 0;
    let returned = 0;
    for (let at = 0; at < settings.length; at++) {
      const type = settings[at] ?? 0;
      if (!this.read(resource, type)) continue;
      found++;
      if (found <= skip || returned === room) continue;
      this.add(message, type, this.out.value);
      returned++;
    }
    if (skip > 0 && skip >= found) return ScmiStatus.INVALID_PARAMETERS;
    if (found > 0 && returned === 0) return ScmiStatus.COMMS_ERROR;
    message.set(SETTINGS_GET_RESPONSE.at.numConfigs, ((found - skip - returned) << 24) | returned);
    return ScmiStatus.SUCCESS;
  }

  /** Reads a setting into `out`. False when it is not there to be told. */
  private read({ id }: Resource, type: number): boolean {
    if (this.view.pinctrl.get(id, type, this.out) !== Status.SUCCESS) return false;
    return this.inactive === 'zero' || this.out.value !== 0 || !(isBias(type) || isDrive(type));
  }

  private add(message: Message, type: number, value: number): void {
    message.set(message.size + CONFIG.at.type, type);
    message.set(message.size + CONFIG.at.value, value);
    message.size += CONFIG.size;
  }

  /** The agent's id of the function that a pin or group has; NO_FUNCTION for none that it sees. */
  private selected(agent: number, { id }: Resource): number {
    const { functions, pinctrl } = this.view;
    const selected = pinctrl.selected(id);
    const resource = selected === undefined ? undefined : functions.ofElement(selected);
    const functionId = resource === undefined ? -1 : functions.idOf(agent, resource);
    return functionId < 0 ? NO_FUNCTION : functionId;
  }

  // ---------------------------------------------------------------- changing

  /**
   * PINCTRL_SETTINGS_CONFIGURE, all of it or nothing, in the order given: PROTOCOL_ERROR for another length than the number
   * of settings says; INVALID_PARAMETERS for a selector that is neither pin nor group; NOT_FOUND for what is not there, the
   * function too; INVALID_PARAMETERS for reserved bits and settings, and for nothing to do; NOT_SUPPORTED for a setting that
   * a pin does not have or that can't be written; DENIED; INVALID_PARAMETERS for a value out of range and a function that
   * is not for the target; IN_USE while another agent has a pin of it; BUSY while a change is under way on the controller;
   * and what the driver says.
   */
  configure(message: Message): HandlerResult {
    const { view, change } = this;
    const { agent } = message;
    const { at } = CONFIGURE_REQUEST;
    const attributes = message.u32(at.attributes);
    const count = (attributes >>> 2) & 0xff;
    if (message.length !== CONFIGURE_REQUEST.size + CONFIG.size * count) return ScmiStatus.PROTOCOL_ERROR;
    if (count > MOST_CONFIGS) return ScmiStatus.PROTOCOL_ERROR;
    const selector = attributes & SELECTOR_MASK;
    if (selector !== Selector.PIN && selector !== Selector.GROUP) return ScmiStatus.INVALID_PARAMETERS;
    const resource = view.find(agent, selector, message.u32(at.identifier));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    const isSelecting = (attributes & SELECT_FUNCTION) !== 0;
    const selected = isSelecting ? view.functions.find(agent, message.u32(at.functionId)) : undefined;
    if (isSelecting && selected === undefined) return ScmiStatus.NOT_FOUND;
    if ((attributes & CONFIGURE_RESERVED) !== 0) return ScmiStatus.INVALID_PARAMETERS;
    if ((!isSelecting && count === 0) || !this.take(message, count)) return ScmiStatus.INVALID_PARAMETERS;
    change.function = selected?.id;
    const checked = view.pinctrl.check(resource.id, change);
    if (checked === Status.E_SUPPORT) return ScmiStatus.NOT_SUPPORTED;
    if (!view.mayChange(agent, commands.settingsConfigure.id, resource)) return ScmiStatus.DENIED;
    if (selected !== undefined && !view.isPermitted(agent, commands.settingsConfigure.id, selected)) {
      return ScmiStatus.DENIED;
    }
    if (checked !== Status.SUCCESS) return ScmiStatus.INVALID_PARAMETERS;
    if (view.pinctrl.isHeldByOther(resource.id, agent)) return ScmiStatus.IN_USE;
    const status = view.pinctrl.configure(resource.id, change, agent);
    if (status !== Status.PENDING) return scmiStatusOf(status);
    resource.message = message;
    resource.sequence = message.sequence;
    return PENDING;
  }

  /** Takes the settings of a request over. False for one that means nothing. */
  private take(message: Message, count: number): boolean {
    const { change } = this;
    change.count = count;
    for (let at = 0; at < count; at++) {
      const place = CONFIGURE_REQUEST.size + CONFIG.size * at;
      const type = message.u32(place + CONFIG.at.type);
      if (!isSetting(type)) return false;
      change.types[at] = type;
      change.values[at] = message.u32(place + CONFIG.at.value);
    }
    return true;
  }

  /** The change of a pin or group that was PENDING has ended. */
  ended(target: ElementId, status: Status): void {
    const resource = this.view.pins.ofElement(target) ?? this.view.groups.ofElement(target);
    const message = resource?.message;
    if (resource === undefined || message === undefined) return;
    resource.message = undefined;
    this.view.hub.respond(message, resource.sequence, scmiStatusOf(status));
  }
}
