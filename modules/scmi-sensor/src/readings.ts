// SPDX-License-Identifier: BSD-3-Clause
/** Readings as they stand in messages. */
import { type Page, ScmiStatus } from '@scp/scmi/api';
import type { Sensor } from '@scp/sensor/api';
import { READING, SensorVersion } from './messages.ts';
import type { Resource } from './view.ts';

/** Writes a sensor's latest reading at payload offset `at`; answers how many bytes: 8 in 1.0, else 16 for each axis. */
export function writeReadings(page: Page, at: number, version: number, sensors: Sensor, resource: Resource): number {
  const { id, info } = resource;
  if (version < SensorVersion.V2_0) {
    page.setI64(at, sensors.value(id, 0));
    return 8;
  }
  const timestamp = sensors.timestamp(id);
  for (let axis = 0; axis < info.valueCount; axis++) {
    page.setI64(at + READING.size * axis + READING.at.value, sensors.value(id, axis));
    page.setU64(at + READING.size * axis + READING.at.timestamp, timestamp);
  }
  return READING.size * info.valueCount;
}

/** PROTOCOL_ERROR says that a sensor is disabled, which agents of 1.0 know nothing of. */
export const disabledStatus = (version: number): ScmiStatus =>
  version < SensorVersion.V2_0 ? ScmiStatus.HARDWARE_ERROR : ScmiStatus.PROTOCOL_ERROR;
