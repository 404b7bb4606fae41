// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the System power management protocol, 0x12. DEN0056, "System power management protocol"; versions 1.0,
 * 2.0 and 2.1.
 */
import { layout, nothing, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 1.0 to 3.0. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 3.1. The timeout of graceful requests. */
export const V2 = 0x20000;
/** Version 2.1: SCMI 3.2. Negotiation. */
export const V2_1 = 0x20001;

/** PROTOCOL_ATTRIBUTES: all reserved. */
export const SYSTEM_PROTOCOL_ATTRIBUTES = response({ attributes: u32 });

/** Bits of PROTOCOL_MESSAGE_ATTRIBUTES for SYSTEM_POWER_STATE_SET. */
export const StateSetAttribute = { WARM_RESET: (1 << 31) >>> 0, SUSPEND: 1 << 30 } as const;

/** States of 0x80000000 and above belong to vendors; those between are reserved. */
export const FIRST_VENDOR_STATE = 0x80000000;

/** SYSTEM_POWER_STATE_SET: the flag means nothing for power up. */
export const STATE_SET_REQUEST = layout({ flags: u32, systemState: u32 });
/** The flag of SYSTEM_POWER_STATE_SET and SYSTEM_POWER_STATE_NOTIFIER: agents are given time. Without, it is forceful. */
export const GRACEFUL = 1 << 0;

/** SYSTEM_POWER_STATE_GET. */
export const STATE_GET_RESPONSE = response({ systemState: u32 });

/** SYSTEM_POWER_STATE_NOTIFY: [0] turns notifications on. */
export const NOTIFY_REQUEST = layout({ notifyEnable: u32 });

/** SYSTEM_POWER_STATE_NOTIFIER of version 1.0. */
export const NOTIFIER_V1 = layout({ agentId: u32, flags: u32, systemState: u32 });
/** SYSTEM_POWER_STATE_NOTIFIER from version 2.0: the time in ms until it is carried out, of a graceful shutdown only. */
export const NOTIFIER_V2 = layout({ agentId: u32, flags: u32, systemState: u32, timeout: u32 });

/** The System power management protocol. */
export const SYSTEM_POWER_PROTOCOL = protocol({
  id: 0x12,
  name: 'system power',
  versions: [V1, V2, V2_1],
  attributes: SYSTEM_PROTOCOL_ATTRIBUTES,
  negotiateSince: V2_1,
  commands: {
    stateSet: { id: 0x3, name: 'SYSTEM_POWER_STATE_SET', since: V1, request: STATE_SET_REQUEST, response: statusOnly },
    stateGet: { id: 0x4, name: 'SYSTEM_POWER_STATE_GET', since: V1, request: nothing, response: STATE_GET_RESPONSE },
    stateNotify: {
      id: 0x5,
      name: 'SYSTEM_POWER_STATE_NOTIFY',
      since: V1,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
  },
  notifications: {
    stateNotifier: {
      id: 0x0,
      name: 'SYSTEM_POWER_STATE_NOTIFIER',
      since: V1,
      payload: [
        [V1, NOTIFIER_V1],
        [V2, NOTIFIER_V2],
      ],
    },
  },
});
