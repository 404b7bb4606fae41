// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Pin control protocol, 0x19. DEN0056, "Pin control protocol"; version 1.0.
 *
 * Pins, groups and functions have ids of their own, and a selector says which of them is meant. PINCTRL_SET_PERMISSIONS
 * (0xA) is left out: it is optional, and its payload is not known here.
 */
import { type Field, layout, list, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 3.2. */
export const V1 = 0x10000;

/** An unsigned 16-bit little-endian number. */
const u16: Field<number> = {
  size: 2,
  type: 'u16',
  get: (view, at) => view.getUint16(at, true),
  set: (view, at, value) => view.setUint16(at, value, true),
};

/** PROTOCOL_ATTRIBUTES: low [15:0] pins, [31:16] groups; high [15:0] functions. */
export const PINCTRL_PROTOCOL_ATTRIBUTES = response({ attributesLow: u32, attributesHigh: u32 });

/** What an id is of. */
export const Selector = { PIN: 0, GROUP: 1, FUNCTION: 2, RESERVED: 3 } as const;
/** The bits that select. */
export const SELECTOR_MASK = 3;

/** Requests that name a pin, a group or a function and nothing else: [1:0] of the flags select. */
export const TARGET_REQUEST = layout({ identifier: u32, flags: u32 });

/** PINCTRL_ATTRIBUTES: [15:0] of the attributes counts pins of a group, groups or pins of a function; 1 for a pin. */
export const ATTRIBUTES_RESPONSE = response({ attributes: u32, name: name16 });
/** Bits of PINCTRL_ATTRIBUTES. */
export const PinctrlAttribute = {
  /** Of a function: it is selected on single pins, not on groups. */
  FOR_PINS: 1 << 16,
  /** Of a function: a pin with it serves as GPIO. */
  GPIO: 1 << 17,
  EXTENDED_NAME: (1 << 31) >>> 0,
} as const;

/** PINCTRL_LIST_ASSOCIATIONS: the position of the first one wanted. */
export const ASSOCIATIONS_REQUEST = layout({ identifier: u32, flags: u32, index: u32 });
/** One id of a pin or group. */
export const ASSOCIATION = layout({ id: u16 });
/** flags: [11:0] ids in this answer, [31:16] ids after them. Pins of a group; groups of a function, or its pins. */
export const ASSOCIATIONS_RESPONSE = response({ flags: u32 }, list('ids', ASSOCIATION));
/** The most ids that an answer can count. */
export const MOST_ASSOCIATIONS = 0xfff;

/** A setting: [7:0] of the type is its code. */
export const CONFIG = layout({ type: u32, value: u32 });

/**
 * PINCTRL_SETTINGS_GET: [7:0] the setting wanted, [15:8] how many are skipped of all, [17:16] the selector, [19:18] what is
 * wanted (SettingsMode).
 */
export const SETTINGS_GET_REQUEST = layout({ identifier: u32, attributes: u32 });
/** What PINCTRL_SETTINGS_GET wants. */
export const SettingsMode = { ONE: 0, ALL: 1, FUNCTION: 2, RESERVED: 3 } as const;
/** numConfigs: [7:0] settings in this answer, [31:24] settings after them. */
export const SETTINGS_GET_RESPONSE = response({ functionSelected: u32, numConfigs: u32 }, list('configs', CONFIG));
/** No function. */
export const NO_FUNCTION = 0xffffffff;

/** PINCTRL_SETTINGS_CONFIGURE: [1:0] of the attributes the selector, [9:2] how many settings, [10] SELECT_FUNCTION. */
export const CONFIGURE_REQUEST = layout({ identifier: u32, functionId: u32, attributes: u32 }, list('configs', CONFIG));
/** The function is to be selected; without it the function’s id means nothing. */
export const SELECT_FUNCTION = 1 << 10;

/** PINCTRL_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** The Pin control protocol. */
export const PINCTRL_PROTOCOL = protocol({
  id: 0x19,
  name: 'pin control',
  versions: [V1],
  attributes: PINCTRL_PROTOCOL_ATTRIBUTES,
  negotiateSince: V1,
  commands: {
    pinctrlAttributes: {
      id: 0x3,
      name: 'PINCTRL_ATTRIBUTES',
      since: V1,
      request: TARGET_REQUEST,
      response: ATTRIBUTES_RESPONSE,
    },
    listAssociations: {
      id: 0x4,
      name: 'PINCTRL_LIST_ASSOCIATIONS',
      since: V1,
      request: ASSOCIATIONS_REQUEST,
      response: ASSOCIATIONS_RESPONSE,
    },
    settingsGet: {
      id: 0x5,
      name: 'PINCTRL_SETTINGS_GET',
      since: V1,
      request: SETTINGS_GET_REQUEST,
      response: SETTINGS_GET_RESPONSE,
    },
    settingsConfigure: {
      id: 0x6,
      name: 'PINCTRL_SETTINGS_CONFIGURE',
      since: V1,
      request: CONFIGURE_REQUEST,
      response: statusOnly,
    },
    request: { id: 0x7, name: 'PINCTRL_REQUEST', since: V1, request: TARGET_REQUEST, response: statusOnly },
    release: { id: 0x8, name: 'PINCTRL_RELEASE', since: V1, request: TARGET_REQUEST, response: statusOnly },
    nameGet: {
      id: 0x9,
      name: 'PINCTRL_NAME_GET',
      since: V1,
      request: TARGET_REQUEST,
      response: NAME_GET_RESPONSE,
    },
  },
  notifications: {},
});
