// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Voltage domain management protocol, 0x17. DEN0056, "Voltage domain management protocol"; versions
 * 1.0, 2.0 and 2.1. It has no notifications.
 */
import { i32, layout, list, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 3.0. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 3.1. Asynchronous setting of levels, extended names. */
export const V2 = 0x20000;
/** Version 2.1: SCMI 3.2. Negotiation. */
export const V2_1 = 0x20001;

/** PROTOCOL_ATTRIBUTES: [15:0] voltage domains. */
export const VOLTAGE_PROTOCOL_ATTRIBUTES = response({ attributes: u32 });

/** Requests that name a domain and nothing else. */
export const DOMAIN_ID_REQUEST = layout({ domainId: u32 });

/** VOLTAGE_DOMAIN_ATTRIBUTES: in the request, [15:0] are the domain's id. */
export const DOMAIN_ATTRIBUTES_RESPONSE = response({ attributes: u32, name: name16 });
/** [15:0], which VOLTAGE_DOMAIN_ATTRIBUTES takes the domain's id from. */
export const DOMAIN_ID_MASK = 0xffff;
/** Bits of VOLTAGE_DOMAIN_ATTRIBUTES, from version 2.0 on. */
export const VoltageAttribute = {
  EXTENDED_NAME: 1 << 30,
  ASYNC_LEVEL_SET: (1 << 31) >>> 0,
} as const;

/** VOLTAGE_DESCRIBE_LEVELS: levels to skip. */
export const DESCRIBE_LEVELS_REQUEST = layout({ domainId: u32, levelIndex: u32 });
/** A level in µV. */
export const LEVEL_ENTRY = layout({ level: i32 });
/** VOLTAGE_DESCRIBE_LEVELS: [31:16] remaining, [12] segment, [11:0] returned. */
export const DESCRIBE_LEVELS_RESPONSE = response({ flags: u32 }, list('levels', LEVEL_ENTRY));
/** [12] of the flags: the levels are lowest, highest, step. */
export const LEVEL_SEGMENT = 1 << 12;

/** VOLTAGE_CONFIG_SET: [3] a mode of the implementation, [2:0] its id; architectural ones are 0 OFF and 7 ON. */
export const CONFIG_SET_REQUEST = layout({ domainId: u32, config: u32 });
/** VOLTAGE_CONFIG_GET: the mode the domain is in. */
export const CONFIG_GET_RESPONSE = response({ config: u32 });

/** VOLTAGE_LEVEL_SET: a level in µV. */
export const LEVEL_SET_REQUEST = layout({ domainId: u32, flags: u32, level: i32 });
/** Flags of VOLTAGE_LEVEL_SET, from version 2.0 on. */
export const LevelSetFlag = { ASYNC: 1 << 0 } as const;
/** VOLTAGE_LEVEL_SET_COMPLETE: the level the domain has now, µV. */
export const LEVEL_SET_COMPLETE = response({ domainId: u32, level: i32 });

/** VOLTAGE_LEVEL_GET: µV; of a domain that is off the level it will have. */
export const LEVEL_GET_RESPONSE = response({ level: i32 });

/** VOLTAGE_DOMAIN_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** The Voltage domain management protocol. */
export const VOLTAGE_DOMAIN_PROTOCOL = protocol({
  id: 0x17,
  name: 'voltage domain',
  versions: [V1, V2, V2_1],
  attributes: VOLTAGE_PROTOCOL_ATTRIBUTES,
  negotiateSince: V2_1,
  commands: {
    domainAttributes: {
      id: 0x3,
      name: 'VOLTAGE_DOMAIN_ATTRIBUTES',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: DOMAIN_ATTRIBUTES_RESPONSE,
    },
    describeLevels: {
      id: 0x4,
      name: 'VOLTAGE_DESCRIBE_LEVELS',
      since: V1,
      request: DESCRIBE_LEVELS_REQUEST,
      response: DESCRIBE_LEVELS_RESPONSE,
    },
    configSet: {
      id: 0x5,
      name: 'VOLTAGE_CONFIG_SET',
      since: V1,
      request: CONFIG_SET_REQUEST,
      response: statusOnly,
    },
    configGet: {
      id: 0x6,
      name: 'VOLTAGE_CONFIG_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: CONFIG_GET_RESPONSE,
    },
    levelSet: {
      id: 0x7,
      name: 'VOLTAGE_LEVEL_SET',
      since: V1,
      request: LEVEL_SET_REQUEST,
      response: statusOnly,
      delayed: LEVEL_SET_COMPLETE,
    },
    levelGet: {
      id: 0x8,
      name: 'VOLTAGE_LEVEL_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: LEVEL_GET_RESPONSE,
    },
    nameGet: {
      id: 0x9,
      name: 'VOLTAGE_DOMAIN_NAME_GET',
      since: V2,
      request: DOMAIN_ID_REQUEST,
      response: NAME_GET_RESPONSE,
    },
  },
  notifications: {},
});
