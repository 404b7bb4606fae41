// SPDX-License-Identifier: BSD-3-Clause
/** The messages of the sensor management protocol, 0x15. DEN0056 "sensor management protocol"; SCMI 2.0 to 3.2. */
import {
  type AnyValues,
  i64,
  type Layout,
  layout,
  list,
  name16,
  name64,
  protocol,
  response,
  statusOnly,
  type Tail,
  u32,
  u64,
} from '@scp/scmi/api';

/** Versions of the protocol, by the SCMI release that brought each. */
export const SensorVersion = {
  /** SCMI 2.0. */
  V1_0: 0x10000,
  /** SCMI 3.0: axes, timestamps, configuration, continuous updates. */
  V2_0: 0x20000,
  /** SCMI 3.1: extended names. */
  V3_0: 0x30000,
  /** SCMI 3.2: negotiation. */
  V3_1: 0x30001,
} as const;

// ------------------------------------------------------------------ attributes

/**
 * PROTOCOL_ATTRIBUTES: attributes [15:0] number of sensors, [23:16] asynchronous reads under way at most; a region of
 * sensor registers, none here.
 */
export const ATTRIBUTES = response({ attributes: u32, regionLow: u32, regionHigh: u32, regionLength: u32 });

// ------------------------------------------------------------------ descriptors

/** SENSOR_DESCRIPTION_GET: the first descriptor wanted. */
export const DESCRIPTION_REQUEST = layout({ index: u32 });

/**
 * The part that every descriptor has. attributesLow: [31] asynchronous reads; from 2.0 [30] continuous updates,
 * [14:10] timestamp exponent, [9] timestamps, [8] extended attributes; from 3.0 [29] extended name; [7:0] trip points.
 * attributesHigh: [15:11] exponent, [7:0] type; 1.0 [31:27] update interval, [26:22] its exponent; from 2.0 [8] has axes,
 * [21:16] how many.
 */
export const DESCRIPTOR = layout({ sensorId: u32, attributesLow: u32, attributesHigh: u32, name: name16 });
const DESCRIPTOR_WITH_POWER = layout({ ...DESCRIPTOR.fields, power: u32 });
/** A quantity: resolution [26:0] value, [31:27] exponent; then the range. */
const QUANTITY = { resolution: u32, minimum: i64, maximum: i64 };
const DESCRIPTOR_WITH_QUANTITY = layout({ ...DESCRIPTOR_WITH_POWER.fields, ...QUANTITY });

/** The bits that say which parts a descriptor has. */
const EXTENDED = 1 << 8;
const HAS_AXES = 1 << 8;

/** Entries whose own attributes say how long each is. */
const mixed = (name: string, entrySize: number, layoutOf: (view: DataView, at: number) => Layout): Tail => ({
  name,
  entrySize,
  decode(view, at, end) {
    const entries: AnyValues[] = [];
    for (let next = at; next + entrySize <= end;) {
      const entry = layoutOf(view, next);
      if (next + entry.size > end) break;
      entries.push(entry.decode(view, next, next + entry.size));
      next += entry.size;
    }
    return entries;
  },
});

/** Descriptors of 28, 32 or 52 bytes. */
const DESCRIPTORS = mixed('descriptors', DESCRIPTOR.size, (view, at) => {
  if ((view.getUint32(at + 4, true) & EXTENDED) === 0) return DESCRIPTOR;
  return (view.getUint32(at + 8, true) & HAS_AXES) === 0 ? DESCRIPTOR_WITH_QUANTITY : DESCRIPTOR_WITH_POWER;
});

/** flags: [11:0] descriptors in this answer, [31:16] descriptors after them. */
export const DESCRIPTION_RESPONSE = response({ flags: u32 });

/** SENSOR_AXIS_DESCRIPTION_GET, SENSOR_AXIS_NAME_GET: the first axis wanted. */
export const AXIS_REQUEST = layout({ sensorId: u32, index: u32 });
/** flags: [5:0] axes in this answer, [31:26] axes after them. */
export const AXIS_RESPONSE = response({ flags: u32 });

/** attributesLow: [8] extended attributes, from 3.0 [9] extended name; attributesHigh: [15:11] exponent, [7:0] type. */
export const AXIS = layout({ axisId: u32, attributesLow: u32, attributesHigh: u32, name: name16 });
const AXIS_WITH_QUANTITY = layout({ ...AXIS.fields, ...QUANTITY });
/** Axis descriptors of 28 or 48 bytes. */
const AXES = mixed('axes', AXIS.size, (view, at) =>
  (view.getUint32(at + 4, true) & EXTENDED) === 0 ? AXIS : AXIS_WITH_QUANTITY,
);

/** One axis with its name of up to 63 characters. */
export const AXIS_NAME = layout({ axisId: u32, name: name64 });

// ------------------------------------------------------------------ trip points

/** SENSOR_TRIP_POINT_NOTIFY: eventControl [0] send trip point events to this agent. */
export const TRIP_POINT_NOTIFY_REQUEST = layout({ sensorId: u32, eventControl: u32 });
/** SENSOR_TRIP_POINT_CONFIG: control [1:0] mode (see TripMode of the sensor module), [11:4] trip point. */
export const TRIP_POINT_CONFIG_REQUEST = layout({ sensorId: u32, control: u32, value: i64 });
/** SENSOR_TRIP_POINT_EVENT: trip [7:0] trip point, [16] crossed upwards. */
export const TRIP_POINT_EVENT = layout({ agentId: u32, sensorId: u32, trip: u32 });

// ------------------------------------------------------------------ readings

/** SENSOR_READING_GET: flags [0] asynchronous. */
export const READING_REQUEST = layout({ sensorId: u32, flags: u32 });
/** A value, and when it was measured in the sensor's time unit; 0 without timestamps. */
export const READING = layout({ value: i64, timestamp: u64 });
const READINGS = list('readings', READING);
/** SENSOR_READING_GET in 1.0: one value. */
export const READING_RESPONSE_V1 = response({ value: i64 });
/** SENSOR_READING_GET from 2.0: a reading for each axis. */
export const READING_RESPONSE = response({}, READINGS);
/** SENSOR_READING_COMPLETE in 1.0. */
export const READING_COMPLETE_V1 = response({ sensorId: u32, value: i64 });
/** SENSOR_READING_COMPLETE from 2.0. */
export const READING_COMPLETE = response({ sensorId: u32 }, READINGS);
/** SENSOR_UPDATE: a reading for each axis. */
export const UPDATE = layout({ agentId: u32, sensorId: u32 }, READINGS);

// ------------------------------------------------------------------ configuration

/** SENSOR_LIST_UPDATE_INTERVALS: the first interval wanted. */
export const INTERVALS_REQUEST = layout({ sensorId: u32, index: u32 });
/** flags: [11:0] intervals in this answer, [12] lowest, highest and step instead of a list, [31:16] intervals after them. */
export const INTERVALS_RESPONSE = response(
  { flags: u32 },
  // [20:5] seconds, [4:0] their exponent.
  list('intervals', layout({ interval: u32 })),
);
/** Messages that ask about one sensor. */
export const SENSOR_REQUEST = layout({ sensorId: u32 });
/** SENSOR_CONFIG_GET: [31:16] update interval in seconds, [15:11] their exponent, [1] timestamps, [0] enabled. */
export const CONFIG_RESPONSE = response({ config: u32 });
/** SENSOR_CONFIG_SET: as above, and [10] round to the closest, else [9] round up. */
export const CONFIG_SET_REQUEST = layout({ sensorId: u32, config: u32 });
/** SENSOR_CONTINUOUS_UPDATE_NOTIFY: notifyEnable [0] send updates to this agent. */
export const UPDATE_NOTIFY_REQUEST = layout({ sensorId: u32, notifyEnable: u32 });
/** SENSOR_NAME_GET: the name of up to 63 characters. */
export const NAME_RESPONSE = response({ flags: u32, name: name64 });

const { V1_0, V2_0, V3_0, V3_1 } = SensorVersion;

/** The protocol. */
export const SENSOR_PROTOCOL = protocol({
  id: 0x15,
  name: 'sensor',
  versions: [V1_0, V2_0, V3_0, V3_1],
  attributes: ATTRIBUTES,
  negotiateSince: V3_1,
  commands: {
    descriptionGet: {
      id: 0x3,
      name: 'SENSOR_DESCRIPTION_GET',
      since: V1_0,
      request: DESCRIPTION_REQUEST,
      response: [
        [V1_0, response(DESCRIPTION_RESPONSE.fields, list('descriptors', DESCRIPTOR))],
        [V2_0, response(DESCRIPTION_RESPONSE.fields, DESCRIPTORS)],
      ],
    },
    tripPointNotify: {
      id: 0x4,
      name: 'SENSOR_TRIP_POINT_NOTIFY',
      since: V1_0,
      request: TRIP_POINT_NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    tripPointConfig: {
      id: 0x5,
      name: 'SENSOR_TRIP_POINT_CONFIG',
      since: V1_0,
      request: TRIP_POINT_CONFIG_REQUEST,
      response: statusOnly,
    },
    readingGet: {
      id: 0x6,
      name: 'SENSOR_READING_GET',
      since: V1_0,
      request: READING_REQUEST,
      response: [
        [V1_0, READING_RESPONSE_V1],
        [V2_0, READING_RESPONSE],
      ],
      delayed: [
        [V1_0, READING_COMPLETE_V1],
        [V2_0, READING_COMPLETE],
      ],
    },
    axisDescriptionGet: {
      id: 0x7,
      name: 'SENSOR_AXIS_DESCRIPTION_GET',
      since: V2_0,
      request: AXIS_REQUEST,
      response: response(AXIS_RESPONSE.fields, AXES),
    },
    listUpdateIntervals: {
      id: 0x8,
      name: 'SENSOR_LIST_UPDATE_INTERVALS',
      since: V2_0,
      request: INTERVALS_REQUEST,
      response: INTERVALS_RESPONSE,
    },
    configGet: { id: 0x9, name: 'SENSOR_CONFIG_GET', since: V2_0, request: SENSOR_REQUEST, response: CONFIG_RESPONSE },
    configSet: { id: 0xa, name: 'SENSOR_CONFIG_SET', since: V2_0, request: CONFIG_SET_REQUEST, response: statusOnly },
    continuousUpdateNotify: {
      id: 0xb,
      name: 'SENSOR_CONTINUOUS_UPDATE_NOTIFY',
      since: V2_0,
      request: UPDATE_NOTIFY_REQUEST,
      response: statusOnly,
      notifies: true,
    },
    nameGet: { id: 0xc, name: 'SENSOR_NAME_GET', since: V3_0, request: SENSOR_REQUEST, response: NAME_RESPONSE },
    axisNameGet: {
      id: 0xd,
      name: 'SENSOR_AXIS_NAME_GET',
      since: V3_0,
      request: AXIS_REQUEST,
      response: response(AXIS_RESPONSE.fields, list('names', AXIS_NAME)),
    },
  },
  notifications: {
    tripPointEvent: { id: 0x0, name: 'SENSOR_TRIP_POINT_EVENT', since: V1_0, payload: TRIP_POINT_EVENT },
    update: { id: 0x1, name: 'SENSOR_UPDATE', since: V2_0, payload: UPDATE },
  },
});
