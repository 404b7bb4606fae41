// SPDX-License-Identifier: BSD-3-Clause
/** How the protocol's words encode numbers. DEN0056, sensor management protocol. */
import type { Resolution } from '@scp/sensor/api';
import { SensorVersion } from './messages.ts';

/** Which layouts hold at a protocol version: 0 those of 1.0, 1 of 2.0, 2 of 3.0 and later. */
export function layoutOf(version: number): 0 | 1 | 2 {
  if (version < SensorVersion.V2_0) return 0;
  return version < SensorVersion.V3_0 ? 1 : 2;
}

/** A power of ten, -16..15, in 5 bits of two's complement. */
export const exponentBits = (exponent: number): number => exponent & 0x1f;

/** The power of ten in the lowest 5 bits of `bits`. */
export const exponentOf = (bits: number): number => ((bits & 0x1f) ^ 0x10) - 0x10;

/**
 * An interval of `us` µs as in SENSOR_LIST_UPDATE_INTERVALS: [20:5] seconds, [4:0] their exponent, with as few seconds as
 * possible. -1 when it has too many digits.
 */
export function intervalWord(us: number): number {
  if (us === 0) return 0;
  let seconds = us;
  let exponent = -6;
  for (; exponent < 15 && seconds % 10 === 0; exponent++) seconds /= 10;
  return seconds > 0xffff ? -1 : (seconds << 5) | exponentBits(exponent);
}

/** The same as in SENSOR_CONFIG: seconds at [31:16], exponent at [15:11]. */
export const configInterval = (word: number): number => (((word >>> 5) << 16) | ((word & 0x1f) << 11)) >>> 0;

/** The same as in a descriptor of 1.0: seconds at [31:27], exponent at [26:22]; 0, not reported, for more than 31. */
export const descriptorInterval = (word: number): number =>
  word >>> 5 > 0x1f ? 0 : (((word >>> 5) << 27) | ((word & 0x1f) << 22)) >>> 0;

/** The interval that a SENSOR_CONFIG word asks for, µs. */
export function intervalOf(config: number): number {
  const power = exponentOf(config >>> 11) + 6;
  const seconds = config >>> 16;
  return power >= 0 ? seconds * 10 ** power : seconds / 10 ** -power;
}

/** A resolution: [26:0] value, [31:27] exponent; 0 when it is not reported. */
export const resolutionWord = (resolution: Resolution | undefined): number =>
  resolution === undefined ? 0 : ((exponentBits(resolution.exponent) << 27) | resolution.value) >>> 0;

/** The lower word of a signed 64-bit value. */
export const lowWord = (value: number): number => (value % 0x100000000) >>> 0;
/** The upper word of a signed 64-bit value. */
export const highWord = (value: number): number => Math.floor(value / 0x100000000) >>> 0;
