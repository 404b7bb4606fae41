// SPDX-License-Identifier: BSD-3-Clause
import { sensorTypeName } from '@scp/sensor/api';

const SYMBOLS: Readonly<Record<string, string>> = {
  none: '',
  unspecified: '',
  celsius: '°C',
  fahrenheit: '°F',
  kelvin: 'K',
  volts: 'V',
  amperes: 'A',
  watts: 'W',
  joules: 'J',
  hertz: 'Hz',
  seconds: 's',
  percent: '%',
  'radians-per-second': 'rad/s',
  'metres-per-second': 'm/s',
  'metres-per-second-squared': 'm/s²',
};

/** The symbol of a sensor type, or its name where it has no common one. */
export function unitOf(type: number): string {
  const name = sensorTypeName(type) ?? `type ${type}`;
  return SYMBOLS[name] ?? name;
}
