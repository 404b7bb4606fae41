// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Power domain management protocol, 0x11. DEN0056, "Power domain management protocol"; versions 1.0,
 * 2.0, 3.0 and 3.1.
 */
import { layout, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 1.0. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 2.0 and 3.0. Notifications of requests. */
export const V2 = 0x20000;
/** Version 3.0: SCMI 3.1. Extended names. */
export const V3 = 0x30000;
/** Version 3.1: SCMI 3.2. Negotiation. */
export const V3_1 = 0x30001;

/** PROTOCOL_ATTRIBUTES: [15:0] power domains; there are no statistics, so their address and length are 0. */
export const POWER_PROTOCOL_ATTRIBUTES = response({
  attributes: u32,
  statisticsLow: u32,
  statisticsHigh: u32,
  statisticsLength: u32,
});

/** Requests that name a domain and nothing else. */
export const DOMAIN_ID_REQUEST = layout({ domainId: u32 });

/** POWER_DOMAIN_ATTRIBUTES. */
export const DOMAIN_ATTRIBUTES_RESPONSE = response({ attributes: u32, name: name16 });
/** Bits of POWER_DOMAIN_ATTRIBUTES; the last two from version 3.0. */
export const PowerAttribute = {
  STATE_CHANGED_NOTIFY: (1 << 31) >>> 0,
  ASYNC_SET: 1 << 30,
  SYNC_SET: 1 << 29,
  CHANGE_REQUESTED_NOTIFY: 1 << 28,
  EXTENDED_NAME: 1 << 27,
} as const;

/**
 * Power states: [30] is 1 when context is lost, [27:0] the id, the rest 0. ON and OFF are the specification's generic
 * states; SLEEP, in which context is kept, is this platform's.
 */
export const PowerStateWord = { ON: 0x00000000, SLEEP: 0x00000001, OFF: 0x40000000 } as const;

/** POWER_STATE_SET. */
export const STATE_SET_REQUEST = layout({ flags: u32, domainId: u32, powerState: u32 });
/** The flag of POWER_STATE_SET: the answer does not wait for the transition. */
export const STATE_SET_ASYNC = 1 << 0;

/** POWER_STATE_GET. */
export const STATE_GET_RESPONSE = response({ powerState: u32 });

/** Requests that turn notifications on and off, by bit 0. */
export const NOTIFY_REQUEST = layout({ domainId: u32, notifyEnable: u32 });

/** POWER_DOMAIN_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** POWER_STATE_CHANGED and POWER_STATE_CHANGE_REQUESTED; the domain's id is the recipient's. */
export const STATE_NOTIFICATION = layout({ agentId: u32, domainId: u32, powerState: u32 });

/** The Power domain management protocol. */
export const POWER_DOMAIN_PROTOCOL = protocol({
  id: 0x11,
  name: 'power domain',
  versions: [V1, V2, V3, V3_1],
  attributes: POWER_PROTOCOL_ATTRIBUTES,
  negotiateSince: V3_1,
  commands: {
    domainAttributes: {
      id: 0x3,
      name: 'POWER_DOMAIN_ATTRIBUTES',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: DOMAIN_ATTRIBUTES_RESPONSE,
    },
    stateSet: { id: 0x4, name: 'POWER_STATE_SET', since: V1, request: STATE_SET_REQUEST, response: statusOnly },
    stateGet: { id: 0x5, name: 'POWER_STATE_GET', since: V1, request: DOMAIN_ID_REQUEST, response: STATE_GET_RESPONSE },
    stateNotify: {
      id: 0x6,
      name: 'POWER_STATE_NOTIFY',
      since: V1,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    stateChangeRequestedNotify: {
      id: 0x7,
      name: 'POWER_STATE_CHANGE_REQUESTED_NOTIFY',
      since: V2,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    nameGet: {
      id: 0x8,
      name: 'POWER_DOMAIN_NAME_GET',
      since: V3,
      request: DOMAIN_ID_REQUEST,
      response: NAME_GET_RESPONSE,
    },
  },
  notifications: {
    stateChanged: { id: 0x0, name: 'POWER_STATE_CHANGED', since: V1, payload: STATE_NOTIFICATION },
    stateChangeRequested: { id: 0x1, name: 'POWER_STATE_CHANGE_REQUESTED', since: V2, payload: STATE_NOTIFICATION },
  },
});
