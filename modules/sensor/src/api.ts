// SPDX-License-Identifier: BSD-3-Clause
/**
 * The contracts of the `sensor` module: towards those who use sensors, and towards their drivers.
 *
 * Values are whole numbers in the sensor's unit × 10^exponent, exact within ±2^53, one for each axis. Times are µs.
 */
import {
  type ApiToken,
  defineApi,
  defineEvent,
  defineNotification,
  type ElementId,
  type EntityId,
  type EventToken,
  type NotificationToken,
  type Status,
} from '@scp/framework';

export * from './sensor-type.ts';

/** A resolution: `value` × 10^`exponent` of the unit. */
export interface Resolution {
  /** 0..2^27-1. */
  readonly value: number;
  /** -16..15. */
  readonly exponent: number;
}

/** What is known of a measured quantity. */
export interface Quantity {
  /** The code of its type (see `sensorTypeCode`). */
  readonly type: number;
  /** A value counts 10^exponent of the type's unit: -16..15. */
  readonly exponent: number;
  /** Undefined when it is not known. */
  readonly resolution: Resolution | undefined;
  /** The least value that can be measured, undefined when it is not known. */
  readonly minimum: number | undefined;
  /** The greatest value that can be measured, undefined when it is not known. */
  readonly maximum: number | undefined;
}

/** One axis of a sensor that measures several quantities at once. */
export interface SensorAxis extends Quantity {
  readonly name: string;
}

/** The intervals at which a sensor can take samples, µs: some, ascending, or all of a range. */
export type UpdateIntervals =
  | { readonly kind: 'list'; readonly intervals: readonly number[] }
  | { readonly kind: 'segment'; readonly lowest: number; readonly highest: number; readonly step: number };

/** What a product says of a sensor; nothing in it changes. */
export interface SensorInfo extends Quantity {
  readonly name: string;
  /** Empty for a plain sensor, whose one quantity the info itself describes. */
  readonly axes: readonly SensorAxis[];
  /** Values in a reading: 1, or one for each axis. */
  readonly valueCount: number;
  /** Power drawn while it is enabled, µW; undefined when it is not known. */
  readonly power: number | undefined;
  /** A timestamp counts 10^timestampExponent seconds: -16..15; undefined for a sensor without timestamps. */
  readonly timestampExponent: number | undefined;
  /** Undefined for a sensor whose interval is not known. */
  readonly updateIntervals: UpdateIntervals | undefined;
  /** 0..255. */
  readonly tripPointCount: number;
  /** Whether it offers asynchronous reads. */
  readonly asynchronous: boolean;
  /** Whether it offers SENSOR_UPDATE. */
  readonly continuousUpdates: boolean;
  /** Whether it can be enabled, disabled, and given an update interval. */
  readonly configurable: boolean;
  /** Whether it is enabled at start. */
  readonly initiallyEnabled: boolean;
  /** The update interval at start, µs; 0 when it has none. */
  readonly initialInterval: number;
}

/** What makes a trip point fire, with SCMI's codes. */
export const TripMode = {
  DISABLED: 0,
  /** From below the threshold to it or above. */
  POSITIVE: 1,
  /** From above the threshold to it or below. */
  NEGATIVE: 2,
  BOTH: 3,
} as const;
/** A mode of a trip point. */
export type TripMode = (typeof TripMode)[keyof typeof TripMode];

/** Which interval is taken when the one asked for is not among the sensor's. */
export const Rounding = { DOWN: 0, UP: 1, CLOSEST: 2 } as const;
/** A rounding. */
export type Rounding = (typeof Rounding)[keyof typeof Rounding];

/**
 * What the module provides to users of sensors. Operations on an id that is no sensor answer E_PARAM, and questions 0 or
 * false.
 */
export interface Sensor {
  /** What the product says of a sensor; undefined for no sensor. */
  info(sensor: ElementId): SensorInfo | undefined;
  /** Whether its readings take time: `read` may answer PENDING. Constant. */
  isSlow(sensor: ElementId): boolean;
  isEnabled(sensor: ElementId): boolean;
  /** The update interval in use, µs; 0 when it has none. */
  updateInterval(sensor: ElementId): number;
  /** Whether its readings carry timestamps. */
  hasTimestamps(sensor: ElementId): boolean;

  /**
   * Takes a reading. SUCCESS: it is the latest one. E_PWRSTATE: the sensor is disabled. E_BUSY: too many wait for a
   * reading. Anything else but PENDING is the driver's failure.
   *
   * PENDING, of a slow sensor: SENSOR_READ comes back to `requester` as a response event from the sensor, with `tag`,
   * and its status says how the reading went. The framework names the target of the event being handled as the
   * requester, so a slow sensor is read in the requester's own events, or outside of any event. Readers that come while
   * a reading is under way wait for that one.
   */
  read(sensor: ElementId, requester: EntityId, tag: number): Status;
  /** The value of an axis (0 of a plain sensor) in the latest reading; 0 before the first. */
  value(sensor: ElementId, axis: number): number;
  /** When the latest reading was taken, in the sensor's time unit; 0 when timestamps were off. */
  timestamp(sensor: ElementId): number;

  /** SUCCESS, also when it is enabled already; E_SUPPORT when it is not configurable; the driver's failure. */
  enable(sensor: ElementId): Status;
  /** SUCCESS, also when it is disabled already; E_SUPPORT when it is not configurable; the driver's failure. */
  disable(sensor: ElementId): Status;
  /** Turns timestamps on or off. E_SUPPORT when the sensor has none. */
  setTimestamps(sensor: ElementId, on: boolean): Status;
  /**
   * Asks for an update interval of `interval` µs (any positive number). E_RANGE when there is none in the direction of
   * `rounding`, E_SUPPORT when the sensor has no intervals or is not configurable, or the driver's failure.
   */
  setUpdateInterval(sensor: ElementId, interval: number, rounding: Rounding): Status;

  /**
   * Programs a trip point. The side on which the value is now is where it starts from: it does not fire at once.
   * E_PARAM when the sensor has no such trip point.
   */
  setTripPoint(sensor: ElementId, index: number, mode: TripMode, threshold: number): Status;
  /** The mode of a trip point; DISABLED for one that the sensor does not have. */
  tripMode(sensor: ElementId, index: number): TripMode;

  /** SENSOR_UPDATE is wanted once more: it is sent each update interval while the sensor is enabled. */
  startUpdates(sensor: ElementId): void;
  /** SENSOR_UPDATE is wanted once less. */
  stopUpdates(sensor: ElementId): void;
}

/** Bound on the `sensor` module, once by each user. */
export const SENSOR: ApiToken<Sensor> = defineApi<Sensor>('SENSOR');

/** What a sensor driver provides on each of its elements. */
export interface SensorDriver {
  /** How many values a reading has; undefined when it serves any number. Constant. */
  valueCount(id: ElementId): number | undefined;
  /** Whether `read` may answer PENDING. Constant. */
  isSlow(id: ElementId): boolean;
  /**
   * Samples: fills `values` (one for each axis, whole numbers) and answers SUCCESS; or answers PENDING and calls
   * `SensorDriverResponse.complete` later; or another status when it fails. Not called again before the answer to one
   * that is pending has come.
   */
  read(id: ElementId, values: Float64Array): Status;
  /** Powers the sensor. Left out: nothing is to be done. */
  enable?(id: ElementId): Status;
  /** Takes the power away. Left out: nothing is to be done. */
  disable?(id: ElementId): Status;
  /** Takes a new update interval, µs. Left out: the driver need not know. */
  setUpdateInterval?(id: ElementId, interval: number): Status;
}

/** Provided by drivers on their elements; bound by the sensor that names the element as its driver, in round 0. */
export const SENSOR_DRIVER: ApiToken<SensorDriver> = defineApi<SensorDriver>('SENSOR_DRIVER');

/** What the module provides to drivers that answer PENDING. */
export interface SensorDriverResponse {
  /** The reading under way on `sensor` has ended: with SUCCESS and its values, or with a failure. */
  complete(sensor: ElementId, status: Status, values: Float64Array): void;
}

/** Provided on the module's elements; bound in round 1 by the driver of the element, which the bind of round 0 named. */
export const SENSOR_DRIVER_RESPONSE: ApiToken<SensorDriverResponse> =
  defineApi<SensorDriverResponse>('SENSOR_DRIVER_RESPONSE');

/**
 * A reading that a requester waits for. The sensor sends it to itself on behalf of `read`; the requester receives the
 * response, with the `tag` it gave. The values are then the sensor's latest.
 */
export const SENSOR_READ: EventToken<'tag'> = defineEvent('SENSOR_READ', ['tag']);

/** A trip point has fired: `direction` 1 upwards, 0 downwards. Sent by the module for every sensor. */
export const SENSOR_TRIP: NotificationToken<'sensor' | 'index' | 'direction'> = defineNotification('SENSOR_TRIP', [
  'sensor',
  'index',
  'direction',
]);
/** The sample of an update interval was taken; it is the sensor's latest reading. Sent by the module for every sensor. */
export const SENSOR_UPDATE: NotificationToken<'sensor'> = defineNotification('SENSOR_UPDATE', ['sensor']);
