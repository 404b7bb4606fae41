// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Reset domain management protocol, 0x16. DEN0056, "Reset domain management protocol"; versions 1.0,
 * 3.0 and 3.1.
 */
import { layout, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 2.0 and 3.0. */
export const V1 = 0x10000;
/** Version 3.0: SCMI 3.1. Extended names. There is no version 2. */
export const V3 = 0x30000;
/** Version 3.1: SCMI 3.2. Negotiation. */
export const V3_1 = 0x30001;

/** PROTOCOL_ATTRIBUTES: [15:0] reset domains. */
export const RESET_PROTOCOL_ATTRIBUTES = response({ attributes: u32 });

/** Requests that name a domain and nothing else. */
export const DOMAIN_ID_REQUEST = layout({ domainId: u32 });

/** RESET_DOMAIN_ATTRIBUTES: the latency of an autonomous reset in µs, LATENCY_UNKNOWN when it is not known. */
export const DOMAIN_ATTRIBUTES_RESPONSE = response({ attributes: u32, latency: u32, name: name16 });
/** Bits of RESET_DOMAIN_ATTRIBUTES. */
export const ResetAttribute = {
  EXTENDED_NAME: 1 << 29,
  NOTIFY: 1 << 30,
  ASYNC: (1 << 31) >>> 0,
} as const;
/** The latency of a domain that does not tell it. */
export const LATENCY_UNKNOWN = 0xffffffff;

/** RESET: [31] of the reset state is 1 for one the implementation defines, [30:0] its id; 0 is a cold reset. */
export const RESET_REQUEST = layout({ domainId: u32, flags: u32, resetState: u32 });
/** Flags of RESET. SIGNAL_ASSERT is for an explicit reset, ASYNC for an autonomous one. */
export const ResetFlag = {
  AUTONOMOUS: 1 << 0,
  SIGNAL_ASSERT: 1 << 1,
  ASYNC: 1 << 2,
} as const;
/** RESET_COMPLETE: the domain that was reset. */
export const RESET_COMPLETE = response({ domainId: u32 });

/** RESET_NOTIFY: [0] of notifyEnable turns RESET_ISSUED on. */
export const NOTIFY_REQUEST = layout({ domainId: u32, notifyEnable: u32 });

/** RESET_DOMAIN_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** RESET_ISSUED; the domain's id is the recipient's. */
export const RESET_ISSUED = layout({ agentId: u32, domainId: u32, resetState: u32 });

/** The Reset domain management protocol. */
export const RESET_DOMAIN_PROTOCOL = protocol({
  id: 0x16,
  name: 'reset domain',
  versions: [V1, V3, V3_1],
  attributes: RESET_PROTOCOL_ATTRIBUTES,
  negotiateSince: V3_1,
  commands: {
    domainAttributes: {
      id: 0x3,
      name: 'RESET_DOMAIN_ATTRIBUTES',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: DOMAIN_ATTRIBUTES_RESPONSE,
    },
    reset: {
      id: 0x4,
      name: 'RESET',
      since: V1,
      request: RESET_REQUEST,
      response: statusOnly,
      delayed: RESET_COMPLETE,
    },
    notify: {
      id: 0x5,
      name: 'RESET_NOTIFY',
      since: V1,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    nameGet: {
      id: 0x6,
      name: 'RESET_DOMAIN_NAME_GET',
      since: V3,
      request: DOMAIN_ID_REQUEST,
      response: NAME_GET_RESPONSE,
    },
  },
  notifications: {
    issued: { id: 0x0, name: 'RESET_ISSUED', since: V1, payload: RESET_ISSUED },
  },
});
