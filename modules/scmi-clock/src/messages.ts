// SPDX-License-Identifier: BSD-3-Clause
/** The messages of the Clock management protocol, 0x14. DEN0056, "Clock management protocol"; versions 1.0, 2.0, 3.0. */
import { layout, list, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 1.0 to 3.0. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 3.1. Extended names, notifications, the enable delay. */
export const V2 = 0x20000;
/** Version 3.0: SCMI 3.2. Parents, extended configuration, permissions. */
export const V3 = 0x30000;

/** PROTOCOL_ATTRIBUTES: [23:16] rate changes that can be pending, [15:0] clocks. */
export const CLOCK_PROTOCOL_ATTRIBUTES = response({ attributes: u32 });

/** Requests that name a clock and nothing else. */
export const CLOCK_ID_REQUEST = layout({ clockId: u32 });

/** CLOCK_ATTRIBUTES of version 1.0: only bit 0 is defined. */
export const CLOCK_ATTRIBUTES_V1 = response({ attributes: u32, name: name16 });
/** CLOCK_ATTRIBUTES from version 2.0; the delay is in µs. */
export const CLOCK_ATTRIBUTES_V2 = response({ attributes: u32, name: name16, enableDelay: u32 });

/** Bits of CLOCK_ATTRIBUTES. */
export const ClockAttribute = {
  ENABLED: 1 << 0,
  RESTRICTED: 1 << 1,
  EXTENDED_CONFIG: 1 << 27,
  PARENTS: 1 << 28,
  EXTENDED_NAME: 1 << 29,
  RATE_CHANGE_REQUESTED_NOTIFY: 1 << 30,
  RATE_CHANGED_NOTIFY: (1 << 31) >>> 0,
} as const;

/** CLOCK_DESCRIBE_RATES: entries to skip. */
export const DESCRIBE_RATES_REQUEST = layout({ clockId: u32, rateIndex: u32 });
/** A rate in Hz. */
export const RATE_ENTRY = layout({ low: u32, high: u32 });
/** CLOCK_DESCRIBE_RATES: [31:16] remaining, [12] triplet of lowest, highest and step, [11:0] returned. */
export const DESCRIBE_RATES_RESPONSE = response({ numRatesFlags: u32 }, list('rates', RATE_ENTRY));
/** [12] of the flags: the entries are lowest, highest, step. */
export const RATE_TRIPLET = 1 << 12;

/** CLOCK_RATE_SET. */
export const RATE_SET_REQUEST = layout({ flags: u32, clockId: u32, rateLow: u32, rateHigh: u32 });
/** Flags of CLOCK_RATE_SET. */
export const RateSetFlag = {
  ASYNC: 1 << 0,
  NO_DELAYED_RESPONSE: 1 << 1,
  ROUND_UP: 1 << 2,
  ROUND_AUTO: 1 << 3,
} as const;
/** CLOCK_RATE_SET_COMPLETE: the rate that was set. */
export const RATE_SET_COMPLETE = response({ clockId: u32, rateLow: u32, rateHigh: u32 });

/** CLOCK_RATE_GET. */
export const RATE_GET_RESPONSE = response({ rateLow: u32, rateHigh: u32 });

/** CLOCK_CONFIG_SET of versions 1.0 and 2.0: bit 0 enables. */
export const CONFIG_SET_REQUEST_V1 = layout({ clockId: u32, attributes: u32 });
/** CLOCK_CONFIG_SET of version 3.0: [23:16] extended type, [1:0] 0 disable, 1 enable, 3 unchanged. */
export const CONFIG_SET_REQUEST_V3 = layout({ clockId: u32, attributes: u32, extendedValue: u32 });
/** Values of [1:0]. */
export const ConfigState = { DISABLE: 0, ENABLE: 1, UNCHANGED: 3 } as const;

/** CLOCK_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** Requests that turn notifications on and off. */
export const NOTIFY_REQUEST = layout({ clockId: u32, notifyEnable: u32 });

/** CLOCK_CONFIG_GET: [7:0] the extended type wanted, 0 for none. */
export const CONFIG_GET_REQUEST = layout({ clockId: u32, flags: u32 });
/** CLOCK_CONFIG_GET: attributes are 0, bit 0 of the configuration says that the clock is enabled. */
export const CONFIG_GET_RESPONSE = response({ attributes: u32, config: u32, extendedValue: u32 });

/** CLOCK_POSSIBLE_PARENTS_GET. */
export const POSSIBLE_PARENTS_REQUEST = layout({ clockId: u32, skipParents: u32 });
/** A clock id of the caller. */
export const PARENT_ENTRY = layout({ clockId: u32 });
/** CLOCK_POSSIBLE_PARENTS_GET: [31:24] remaining, [7:0] returned; ids ascend. */
export const POSSIBLE_PARENTS_RESPONSE = response({ numParentsFlags: u32 }, list('parents', PARENT_ENTRY));

/** CLOCK_PARENT_SET. */
export const PARENT_SET_REQUEST = layout({ clockId: u32, parentId: u32 });
/** CLOCK_PARENT_GET. */
export const PARENT_GET_RESPONSE = response({ parentId: u32 });

/** CLOCK_GET_PERMISSIONS. */
export const PERMISSIONS_RESPONSE = response({ permissions: u32 });
/** Bits of CLOCK_GET_PERMISSIONS. */
export const ClockPermission = { STATE: (1 << 31) >>> 0, PARENT: 1 << 30, RATE: 1 << 29 } as const;

/** CLOCK_RATE_CHANGED and CLOCK_RATE_CHANGE_REQUESTED; ids are the recipient's. */
export const RATE_NOTIFICATION = layout({ agentId: u32, clockId: u32, rateLow: u32, rateHigh: u32 });

/** The Clock management protocol. */
export const CLOCK_PROTOCOL = protocol({
  id: 0x14,
  name: 'clock',
  versions: [V1, V2, V3],
  attributes: CLOCK_PROTOCOL_ATTRIBUTES,
  negotiateSince: V3,
  commands: {
    clockAttributes: {
      id: 0x3,
      name: 'CLOCK_ATTRIBUTES',
      since: V1,
      request: CLOCK_ID_REQUEST,
      response: [
        [V1, CLOCK_ATTRIBUTES_V1],
        [V2, CLOCK_ATTRIBUTES_V2],
      ],
    },
    describeRates: {
      id: 0x4,
      name: 'CLOCK_DESCRIBE_RATES',
      since: V1,
      request: DESCRIBE_RATES_REQUEST,
      response: DESCRIBE_RATES_RESPONSE,
    },
    rateSet: {
      id: 0x5,
      name: 'CLOCK_RATE_SET',
      since: V1,
      request: RATE_SET_REQUEST,
      response: statusOnly,
      delayed: RATE_SET_COMPLETE,
    },
    rateGet: { id: 0x6, name: 'CLOCK_RATE_GET', since: V1, request: CLOCK_ID_REQUEST, response: RATE_GET_RESPONSE },
    configSet: {
      id: 0x7,
      name: 'CLOCK_CONFIG_SET',
      since: V1,
      request: [
        [V1, CONFIG_SET_REQUEST_V1],
        [V3, CONFIG_SET_REQUEST_V3],
      ],
      requestMinimum: CONFIG_SET_REQUEST_V1.size,
      response: statusOnly,
    },
    nameGet: { id: 0x8, name: 'CLOCK_NAME_GET', since: V2, request: CLOCK_ID_REQUEST, response: NAME_GET_RESPONSE },
    rateNotify: {
      id: 0x9,
      name: 'CLOCK_RATE_NOTIFY',
      since: V2,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    rateChangeRequestedNotify: {
      id: 0xa,
      name: 'CLOCK_RATE_CHANGE_REQUESTED_NOTIFY',
      since: V2,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    configGet: {
      id: 0xb,
      name: 'CLOCK_CONFIG_GET',
      since: V3,
      request: CONFIG_GET_REQUEST,
      response: CONFIG_GET_RESPONSE,
    },
    possibleParentsGet: {
      id: 0xc,
      name: 'CLOCK_POSSIBLE_PARENTS_GET',
      since: V3,
      request: POSSIBLE_PARENTS_REQUEST,
      response: POSSIBLE_PARENTS_RESPONSE,
    },
    parentSet: { id: 0xd, name: 'CLOCK_PARENT_SET', since: V3, request: PARENT_SET_REQUEST, response: statusOnly },
    parentGet: {
      id: 0xe,
      name: 'CLOCK_PARENT_GET',
      since: V3,
      request: CLOCK_ID_REQUEST,
      response: PARENT_GET_RESPONSE,
    },
    getPermissions: {
      id: 0xf,
      name: 'CLOCK_GET_PERMISSIONS',
      since: V3,
      request: CLOCK_ID_REQUEST,
      response: PERMISSIONS_RESPONSE,
    },
  },
  notifications: {
    rateChanged: { id: 0x0, name: 'CLOCK_RATE_CHANGED', since: V2, payload: RATE_NOTIFICATION },
    rateChangeRequested: { id: 0x1, name: 'CLOCK_RATE_CHANGE_REQUESTED', since: V2, payload: RATE_NOTIFICATION },
  },
});
