// SPDX-License-Identifier: BSD-3-Clause
/** The Base protocol, 0x10, versions 1.0, 2.0 and 2.1: its messages. DEN0056, "Base protocol". */
import {
  type AnyValues,
  i32,
  layout,
  list,
  name16,
  nothing,
  protocol,
  response,
  statusOnly,
  type Tail,
  u32,
} from './declaration.ts';

/** PROTOCOL_ATTRIBUTES: [15:8] agents without the platform, [7:0] protocols without Base. */
export const BASE_ATTRIBUTES_RESPONSE = response({ attributes: u32 });
/** BASE_DISCOVER_VENDOR and BASE_DISCOVER_SUB_VENDOR. */
export const VENDOR_RESPONSE = response({ identifier: name16 });
/** BASE_DISCOVER_IMPLEMENTATION_VERSION. */
export const IMPLEMENTATION_RESPONSE = response({ version: u32 });
/** BASE_DISCOVER_LIST_PROTOCOLS: how many protocols the agent has received. */
export const LIST_PROTOCOLS_REQUEST = layout({ skip: u32 });

/** Protocol ids, one byte each, four to a word, the last word padded with zeros. */
const protocolIds: Tail = {
  name: 'protocols',
  entrySize: 4,
  decode(view, at, end) {
    const ids: AnyValues[] = [];
    const count = at >= 4 ? view.getUint32(at - 4, true) : 0;
    for (let next = at; next < end && ids.length < count; next++) ids.push({ protocol: view.getUint8(next) });
    return ids;
  },
};

/** The number of protocols in this answer, then their ids. */
export const LIST_PROTOCOLS_RESPONSE = response({ count: u32 }, protocolIds);
/** BASE_DISCOVER_AGENT: 0 the platform, 1..N, or 0xFFFFFFFF for the caller (from 2.0). */
export const DISCOVER_AGENT_REQUEST = layout({ agentId: u32 });
/** Up to 1.0 the answer is the name alone. */
export const DISCOVER_AGENT_RESPONSE_V1 = response({ name: name16 });
/** From 2.0 the id comes before the name. */
export const DISCOVER_AGENT_RESPONSE = response({ agentId: u32, name: name16 });
/** BASE_NOTIFY_ERRORS: bit 0 on or off, [31:1] zero. */
export const NOTIFY_ERRORS_REQUEST = layout({ enable: u32 });
/** BASE_SET_DEVICE_PERMISSIONS: flags bit 0 allow, [31:1] zero. */
export const SET_DEVICE_PERMISSIONS_REQUEST = layout({ agentId: u32, deviceId: u32, flags: u32 });
/** BASE_SET_PROTOCOL_PERMISSIONS: command [7:0] protocol, [31:8] zero. */
export const SET_PROTOCOL_PERMISSIONS_REQUEST = layout({ agentId: u32, deviceId: u32, commandId: u32, flags: u32 });
/** BASE_RESET_AGENT_CONFIGURATION: flags bit 0 permissions too, [31:1] zero. */
export const RESET_AGENT_CONFIGURATION_REQUEST = layout({ agentId: u32, flags: u32 });
/** BASE_ERROR_EVENT: status bit 31 fatal, [9:0] entries; each the header of a failed command and its status. */
export const ERROR_EVENT = layout(
  { agentId: u32, errorStatus: u32 },
  list('errors', layout({ header: u32, status: i32 })),
);

const V1 = 0x10000;
const V2 = 0x20000;

/** The Base protocol. */
export const BASE_PROTOCOL = protocol({
  id: 0x10,
  name: 'base',
  versions: [V1, V2, 0x20001],
  attributes: BASE_ATTRIBUTES_RESPONSE,
  negotiateSince: 0x20001,
  commands: {
    discoverVendor: { id: 0x3, name: 'BASE_DISCOVER_VENDOR', since: V1, request: nothing, response: VENDOR_RESPONSE },
    discoverSubVendor: {
      id: 0x4,
      name: 'BASE_DISCOVER_SUB_VENDOR',
      since: V1,
      request: nothing,
      response: VENDOR_RESPONSE,
    },
    discoverImplementationVersion: {
      id: 0x5,
      name: 'BASE_DISCOVER_IMPLEMENTATION_VERSION',
      since: V1,
      request: nothing,
      response: IMPLEMENTATION_RESPONSE,
    },
    discoverListProtocols: {
      id: 0x6,
      name: 'BASE_DISCOVER_LIST_PROTOCOLS',
      since: V1,
      request: LIST_PROTOCOLS_REQUEST,
      response: LIST_PROTOCOLS_RESPONSE,
    },
    discoverAgent: {
      id: 0x7,
      name: 'BASE_DISCOVER_AGENT',
      since: V1,
      request: DISCOVER_AGENT_REQUEST,
      response: [
        [V1, DISCOVER_AGENT_RESPONSE_V1],
        [V2, DISCOVER_AGENT_RESPONSE],
      ],
    },
    notifyErrors: {
      id: 0x8,
      name: 'BASE_NOTIFY_ERRORS',
      since: V1,
      request: NOTIFY_ERRORS_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    setDevicePermissions: {
      id: 0x9,
      name: 'BASE_SET_DEVICE_PERMISSIONS',
      since: V2,
      request: SET_DEVICE_PERMISSIONS_REQUEST,
      response: statusOnly,
    },
    setProtocolPermissions: {
      id: 0xa,
      name: 'BASE_SET_PROTOCOL_PERMISSIONS',
      since: V2,
      request: SET_PROTOCOL_PERMISSIONS_REQUEST,
      response: statusOnly,
    },
    resetAgentConfiguration: {
      id: 0xb,
      name: 'BASE_RESET_AGENT_CONFIGURATION',
      since: V2,
      request: RESET_AGENT_CONFIGURATION_REQUEST,
      response: statusOnly,
    },
  },
  notifications: {
    errorEvent: { id: 0x0, name: 'BASE_ERROR_EVENT', since: V1, payload: ERROR_EVENT },
  },
});
