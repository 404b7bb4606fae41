// SPDX-License-Identifier: BSD-3-Clause
/**
 * The messages of the Performance domain management protocol, 0x13. DEN0056, "Performance domain management protocol";
 * versions 1.0, 2.0, 3.0 and 4.0.
 */
import { layout, list, name16, name64, protocol, response, statusOnly, u32 } from '@scp/scmi/api';

/** Version 1.0: SCMI 1.0. */
export const V1 = 0x10000;
/** Version 2.0: SCMI 2.0 and 3.0. Fast channels. */
export const V2 = 0x20000;
/** Version 3.0: SCMI 3.1. Extended names, power in µW, limits that are left as they are. */
export const V3 = 0x30000;
/** Version 4.0: SCMI 3.2. Level indexing, frequencies of levels, negotiation. */
export const V4 = 0x40000;

/** PROTOCOL_ATTRIBUTES: [17:16] power unit, [15:0] performance domains; then the statistics region, of length 0 for none. */
export const PERF_PROTOCOL_ATTRIBUTES = response({
  attributes: u32,
  statisticsLow: u32,
  statisticsHigh: u32,
  statisticsLength: u32,
});
/** [17:16] of PROTOCOL_ATTRIBUTES. Before version 3.0 there is no µW. */
export const PowerUnit = { ABSTRACT: 0, MILLIWATT: 1, MICROWATT: 2 } as const;
/** A unit of power costs. */
export type PowerUnit = (typeof PowerUnit)[keyof typeof PowerUnit];

/** Requests that name a domain and nothing else. */
export const DOMAIN_ID_REQUEST = layout({ domainId: u32 });

/** PERFORMANCE_DOMAIN_ATTRIBUTES: µs between requests, kHz and level that are sustained. */
export const DOMAIN_ATTRIBUTES_RESPONSE = response({
  attributes: u32,
  rateLimit: u32,
  sustainedFrequency: u32,
  sustainedLevel: u32,
  name: name16,
});
/** Bits of PERFORMANCE_DOMAIN_ATTRIBUTES. */
export const PerfAttribute = {
  /** From version 4.0 on: levels are named by index. */
  LEVEL_INDEXING: 1 << 25,
  /** From version 3.0 on. */
  EXTENDED_NAME: 1 << 26,
  /** From version 2.0 on. */
  FAST_CHANNELS: 1 << 27,
  LEVEL_NOTIFY: 1 << 28,
  LIMITS_NOTIFY: 1 << 29,
  LEVEL_SET: 1 << 30,
  LIMITS_SET: (1 << 31) >>> 0,
} as const;

/** PERFORMANCE_DESCRIBE_LEVELS: levels to skip. */
export const DESCRIBE_LEVELS_REQUEST = layout({ domainId: u32, levelIndex: u32 });
/** A level: its power cost, and in attributes [15:0] the worst transition latency in µs. */
export const LEVEL_ENTRY_V1 = layout({ level: u32, powerCost: u32, attributes: u32 });
/** As before, with the frequency in kHz and the index. */
export const LEVEL_ENTRY_V4 = layout({
  level: u32,
  powerCost: u32,
  attributes: u32,
  indicativeFrequency: u32,
  levelIndex: u32,
});
/** PERFORMANCE_DESCRIBE_LEVELS: [31:16] remaining, [11:0] returned. */
export const DESCRIBE_LEVELS_RESPONSE_V1 = response({ numLevels: u32 }, list('levels', LEVEL_ENTRY_V1));
/** As before, with longer entries. */
export const DESCRIBE_LEVELS_RESPONSE_V4 = response({ numLevels: u32 }, list('levels', LEVEL_ENTRY_V4));

/** PERFORMANCE_LIMITS_SET: levels, or indices. From version 3.0 on, 0 leaves a limit as it is. */
export const LIMITS_SET_REQUEST = layout({ domainId: u32, rangeMax: u32, rangeMin: u32 });
/** PERFORMANCE_LIMITS_GET: levels, or indices. */
export const LIMITS_GET_RESPONSE = response({ rangeMax: u32, rangeMin: u32 });

/** PERFORMANCE_LEVEL_SET: a level, or an index. */
export const LEVEL_SET_REQUEST = layout({ domainId: u32, level: u32 });
/** PERFORMANCE_LEVEL_GET: a level, or an index. */
export const LEVEL_GET_RESPONSE = response({ level: u32 });

/** PERFORMANCE_NOTIFY_LIMITS and PERFORMANCE_NOTIFY_LEVEL: [0] of notifyEnable turns notifications on. */
export const NOTIFY_REQUEST = layout({ domainId: u32, notifyEnable: u32 });

/** PERFORMANCE_DESCRIBE_FASTCHANNEL: the message whose channel is asked for. */
export const DESCRIBE_FASTCHANNEL_REQUEST = layout({ domainId: u32, messageId: u32 });
/** PERFORMANCE_DESCRIBE_FASTCHANNEL: [2:1] of attributes the doorbell's width, [0] whether there is one. */
export const DESCRIBE_FASTCHANNEL_RESPONSE = response({
  attributes: u32,
  rateLimit: u32,
  addressLow: u32,
  addressHigh: u32,
  size: u32,
  doorbellLow: u32,
  doorbellHigh: u32,
  setMaskLow: u32,
  setMaskHigh: u32,
  preserveMaskLow: u32,
  preserveMaskHigh: u32,
});

/** PERFORMANCE_DOMAIN_NAME_GET: flags are 0. */
export const NAME_GET_RESPONSE = response({ flags: u32, name: name64 });

/** PERFORMANCE_LIMITS_CHANGED; domain, levels or indices as the recipient names them. */
export const LIMITS_CHANGED = layout({ agentId: u32, domainId: u32, rangeMax: u32, rangeMin: u32 });
/** PERFORMANCE_LEVEL_CHANGED; domain and level or index as the recipient names them. */
export const LEVEL_CHANGED = layout({ agentId: u32, domainId: u32, level: u32 });

/** The Performance domain management protocol. */
export const PERF_PROTOCOL = protocol({
  id: 0x13,
  name: 'performance',
  versions: [V1, V2, V3, V4],
  attributes: PERF_PROTOCOL_ATTRIBUTES,
  negotiateSince: V4,
  commands: {
    domainAttributes: {
      id: 0x3,
      name: 'PERFORMANCE_DOMAIN_ATTRIBUTES',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: DOMAIN_ATTRIBUTES_RESPONSE,
    },
    describeLevels: {
      id: 0x4,
      name: 'PERFORMANCE_DESCRIBE_LEVELS',
      since: V1,
      request: DESCRIBE_LEVELS_REQUEST,
      response: [
        [V1, DESCRIBE_LEVELS_RESPONSE_V1],
        [V4, DESCRIBE_LEVELS_RESPONSE_V4],
      ],
    },
    limitsSet: {
      id: 0x5,
      name: 'PERFORMANCE_LIMITS_SET',
      since: V1,
      request: LIMITS_SET_REQUEST,
      response: statusOnly,
    },
    limitsGet: {
      id: 0x6,
      name: 'PERFORMANCE_LIMITS_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: LIMITS_GET_RESPONSE,
    },
    levelSet: {
      id: 0x7,
      name: 'PERFORMANCE_LEVEL_SET',
      since: V1,
      request: LEVEL_SET_REQUEST,
      response: statusOnly,
    },
    levelGet: {
      id: 0x8,
      name: 'PERFORMANCE_LEVEL_GET',
      since: V1,
      request: DOMAIN_ID_REQUEST,
      response: LEVEL_GET_RESPONSE,
    },
    notifyLimits: {
      id: 0x9,
      name: 'PERFORMANCE_NOTIFY_LIMITS',
      since: V1,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    notifyLevel: {
      id: 0xa,
      name: 'PERFORMANCE_NOTIFY_LEVEL',
      since: V1,
      request: NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    describeFastchannel: {
      id: 0xb,
      name: 'PERFORMANCE_DESCRIBE_FASTCHANNEL',
      since: V2,
      request: DESCRIBE_FASTCHANNEL_REQUEST,
      response: DESCRIBE_FASTCHANNEL_RESPONSE,
    },
    nameGet: {
      id: 0xc,
      name: 'PERFORMANCE_DOMAIN_NAME_GET',
      since: V3,
      request: DOMAIN_ID_REQUEST,
      response: NAME_GET_RESPONSE,
    },
  },
  notifications: {
    limitsChanged: { id: 0x0, name: 'PERFORMANCE_LIMITS_CHANGED', since: V1, payload: LIMITS_CHANGED },
    levelChanged: { id: 0x1, name: 'PERFORMANCE_LEVEL_CHANGED', since: V1, payload: LEVEL_CHANGED },
  },
});
