// SPDX-License-Identifier: BSD-3-Clause
/** What a sensor measures, in which unit: the names that products use, and SCMI's codes for them (DEN0056, sensor types). */

/** Names by code, 0x00..0x5D. */
const BY_CODE = [
  'none',
  'unspecified',
  'celsius',
  'fahrenheit',
  'kelvin',
  'volts',
  'amperes',
  'watts',
  'joules',
  'coulombs',
  'volt-amperes',
  'nits',
  'lumens',
  'lux',
  'candelas',
  'kilopascals',
  'psi',
  'newtons',
  'cfm',
  'rpm',
  'hertz',
  'seconds',
  'minutes',
  'hours',
  'days',
  'weeks',
  'mils',
  'inches',
  'feet',
  'cubic-inches',
  'cubic-feet',
  'metres',
  'cubic-centimetres',
  'cubic-metres',
  'litres',
  'fluid-ounces',
  'radians',
  'steradians',
  'revolutions',
  'cycles',
  'gravities',
  'ounces',
  'pounds',
  'foot-pounds',
  'ounce-inches',
  'gauss',
  'gilberts',
  'henries',
  'farads',
  'ohms',
  'siemens',
  'moles',
  'becquerels',
  'ppm',
  'decibels',
  'dba',
  'dbc',
  'grays',
  'sieverts',
  'colour-temperature-kelvin',
  'bits',
  'bytes',
  'words',
  'dwords',
  'qwords',
  'percent',
  'pascals',
  'counts',
  'grams',
  'newton-metres',
  'hits',
  'misses',
  'retries',
  'overruns',
  'underruns',
  'collisions',
  'packets',
  'messages',
  'characters',
  'errors',
  'corrected-errors',
  'uncorrectable-errors',
  'square-mils',
  'square-inches',
  'square-feet',
  'square-centimetres',
  'square-metres',
  'radians-per-second',
  'bpm',
  'metres-per-second-squared',
  'metres-per-second',
  'cubic-metres-per-second',
  'millimetres-of-mercury',
  'radians-per-second-squared',
] as const;

/** The vendor's own unit: code 0xFF. */
const OEM = 'oem';

/** The name of a sensor type: `celsius`. */
export type SensorTypeName = (typeof BY_CODE)[number] | typeof OEM;

/** Every name of a sensor type. */
export const SENSOR_TYPE_NAMES: readonly SensorTypeName[] = [...BY_CODE, OEM];

/** The code of a sensor type, 0x00..0x5D or 0xFF; undefined for a text that names none. */
export function sensorTypeCode(name: string): number | undefined {
  if (name === OEM) return 0xff;
  const code = BY_CODE.findIndex(known => known === name);
  return code < 0 ? undefined : code;
}

/** The name of a sensor type's code, undefined for a reserved one. */
export const sensorTypeName = (code: number): SensorTypeName | undefined => (code === 0xff ? OEM : BY_CODE[code]);
