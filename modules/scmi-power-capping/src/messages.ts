// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Powercap protocol, 0x18. DEN0056, "Powercap management protocol"; versions 1.0 and 2.0.
 *
 * Fast channels need memory that agent and platform share; no transport here has it, so POWERCAP_DESCRIBE_FASTCHANNEL
 * (0xC) is left out, as is the bit that announces them.
 */
import { layout, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 3.1. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 3.2. A cap of 0 takes the cap away; negotiation. */
export const V2 = 0x20000;

/** PROTOCOL_ATTRIBUTES: [15:0] power domains. */
export const POWERCAP_PROTOCOL_ATTRIBUTES = response({ attributes: u32 });

/** Requests that name a domain and nothing else. */
export const DOMAIN_ID_REQUEST = layout({ domainId: u32 });

/**
 * POWERCAP_DOMAIN_ATTRIBUTES: [24:23] of the attributes is the unit of powers. Intervals (PAI) are in µs, the accuracy in
 * 0.001 %; the parent is NO_PARENT for a root.
 */
export const DOMAIN_ATTRIBUTES_RESPONSE = response({
  attributes: u32,
  name: name16,
  minPai: u32,
  maxPai: u32,
  paiStep: u32,
  minCap: u32,
  maxCap: u32,
  capStep: u32,
  sustainablePower: u32,
  accuracy: u32,
  parentId: u32,
});
/** Bits of POWERCAP_DOMAIN_ATTRIBUTES. */
export const PowercapAttribute = {
  PAI_CONFIGURABLE: 1 << 25,
  MONITORED: 1 << 26,
  CAP_CONFIGURABLE: 1 << 27,
  EXTENDED_NAME: 1 << 28,
  ASYNC_CAP_SET: 1 << 29,
  MEASUREMENTS_NOTIFY: 1 << 30,
  CAP_NOTIFY: (1 << 31) >>> 0,
} as const;
/** Where the unit stands among them. */
export const UNIT_SHIFT = 23;
/** The parent of a root. */
export const NO_PARENT = 0xffffffff;

/** POWERCAP_CAP_GET: 0 while the domain is not capped (from version 2.0). */
export const CAP_GET_RESPONSE = response({ powerCap: u32 });

/** POWERCAP_CAP_SET. */
export const CAP_SET_REQUEST = layout({ domainId: u32, flags: u32, powerCap: u32 });
/** Flags of POWERCAP_CAP_SET. IGNORE_DELAYED has a meaning with ASYNC only. */
export const CapSetFlag = { IGNORE_DELAYED: 1 << 0, ASYNC: 1 << 1 } as const;
/** POWERCAP_CAP_SET_COMPLETE: the cap in force. */
export const CAP_SET_COMPLETE = response({ domainId: u32, powerCap: u32 });

/** POWERCAP_PAI_GET, µs. */
export const PAI_GET_RESPONSE = response({ pai: u32 });
/** POWERCAP_PAI_SET, µs; flags are 0. */
export const PAI_SET_REQUEST = layout({ domainId: u32, flags: u32, pai: u32 });

/** POWERCAP_DOMAIN_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** POWERCAP_MEASUREMENTS_GET: the average over the last interval, and that interval. */
export const MEASUREMENTS_GET_RESPONSE = response({ power: u32, pai: u32 });

/** POWERCAP_CAP_NOTIFY: [0] of notifyEnable turns POWERCAP_CAP_CHANGED on. */
export const CAP_NOTIFY_REQUEST = layout({ domainId: u32, notifyEnable: u32 });
/** POWERCAP_MEASUREMENTS_NOTIFY: [0] of notifyEnable turns POWERCAP_MEASUREMENTS_CHANGED on. */
export const MEASUREMENTS_NOTIFY_REQUEST = layout({
  domainId: u32,
  notifyEnable: u32,
  powerThreshLow: u32,
  powerThreshHigh: u32,
});

/** POWERCAP_CAP_CHANGED; the domain’s id is the recipient’s. */
export const CAP_CHANGED = layout({ agentId: u32, domainId: u32, powerCap: u32, pai: u32 });
/** POWERCAP_MEASUREMENTS_CHANGED; the domain’s id is the recipient’s. */
export const MEASUREMENTS_CHANGED = layout({ agentId: u32, domainId: u32, power: u32 });

/** The Powercap protocol. */
export const POWERCAP_PROTOCOL = protocol({
  id: 0x18,
  name: 'powercap',
  versions: [V1, V2],
  attributes: POWERCAP_PROTOCOL_ATTRIBUTES,
  negotiateSince: V2,
  commands: {
    domainAttributes: {
      id: 0x3,
      name: 'POWERCAP_DOMAIN_ATTRIBUTES',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: DOMAIN_ATTRIBUTES_RESPONSE,
    },
    capGet: {
      id: 0x4,
      name: 'POWERCAP_CAP_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: CAP_GET_RESPONSE,
    },
    capSet: {
      id: 0x5,
      name: 'POWERCAP_CAP_SET',
      since: V1,
      request: CAP_SET_REQUEST,
      response: statusOnly,
      delayed: CAP_SET_COMPLETE,
    },
    paiGet: {
      id: 0x6,
      name: 'POWERCAP_PAI_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: PAI_GET_RESPONSE,
    },
    paiSet: { id: 0x7, name: 'POWERCAP_PAI_SET', since: V1, request: PAI_SET_REQUEST, response: statusOnly },
    nameGet: {
      id: 0x8,
      name: 'POWERCAP_DOMAIN_NAME_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: NAME_GET_RESPONSE,
    },
    measurementsGet: {
      id: 0x9,
      name: 'POWERCAP_MEASUREMENTS_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: MEASUREMENTS_GET_RESPONSE,
    },
    capNotify: {
      id: 0xa,
      name: 'POWERCAP_CAP_NOTIFY',
      since: V1,
      request: CAP_NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    measurementsNotify: {
      id: 0xb,
      name: 'POWERCAP_MEASUREMENTS_NOTIFY',
      since: V1,
      request: MEASUREMENTS_NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
  },
  notifications: {
    capChanged: { id: 0x0, name: 'POWERCAP_CAP_CHANGED', since: V1, payload: CAP_CHANGED },
    measurementsChanged: {
      id: 0x1,
      name: 'POWERCAP_MEASUREMENTS_CHANGED',
      since: V1,
      payload: MEASUREMENTS_CHANGED,
    },
  },
});
