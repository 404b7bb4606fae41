// SPDX-License-Identifier: BSD-3-Clause
/** From a sensor's configuration to the facts of it; refuses what contradicts itself. */
import { FrameworkError, Status } from '@scp/framework';
import type { Quantity, SensorAxis, SensorInfo, UpdateIntervals } from './api.ts';
import { intervalFor } from './interval.ts';
import type { AxisConfig, SensorElementConfig } from './schema.ts';
import { sensorTypeCode } from './sensor-type.ts';

function check(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new FrameworkError(Status.E_DATA, rule);
}

const isInteger = (value: number, lowest: number, highest: number): boolean =>
  Number.isInteger(value) && value >= lowest && value <= highest;

const isExponent = (value: number): boolean => isInteger(value, -16, 15);

function quantityOf(config: Omit<AxisConfig, 'name'>, what: string): Quantity {
  const { exponent, resolution, minimum, maximum } = config;
  const type = sensorTypeCode(config.type);
  check(type !== undefined, `${what}: ${config.type} is no sensor type; celsius is one`);
  check(isExponent(exponent), `${what}: exponent ${exponent} is not within -16..15`);
  if (resolution !== undefined) {
    const valid = isInteger(resolution.value, 0, 0x7ffffff) && isExponent(resolution.exponent);
    check(valid, `${what}: a resolution is 0..2^27-1 with an exponent of -16..15`);
  }
  for (const limit of [minimum, maximum]) {
    check(limit === undefined || Number.isSafeInteger(limit), `${what}: a limit is a whole number within ±2^53`);
  }
  check(minimum === undefined || maximum === undefined || minimum <= maximum, `${what}: minimum is above maximum`);
  return { type, exponent, resolution, minimum, maximum };
}

const nameOf = (name: string, what: string): string => {
  check(name.length >= 1 && name.length <= 63, `${what}: a name has 1..63 characters`);
  return name;
};

function intervalsOf({ updateIntervals, updateIntervalSegment }: SensorElementConfig): UpdateIntervals | undefined {
  if (updateIntervals !== undefined) {
    check(updateIntervalSegment === undefined, 'update intervals are a list or a segment, not both');
    check(updateIntervals.length > 0, 'a list of update intervals has at least one');
    let before = 0;
    for (const interval of updateIntervals) {
      check(isInteger(interval, before + 1, Number.MAX_SAFE_INTEGER), 'update intervals ascend, each at least 1 µs');
      before = interval;
    }
    return { kind: 'list', intervals: updateIntervals };
  }
  if (updateIntervalSegment === undefined) return undefined;
  const { lowest, highest, step } = updateIntervalSegment;
  const whole = [lowest, highest, step].every(value => isInteger(value, 1, Number.MAX_SAFE_INTEGER));
  check(whole && highest > lowest, 'a segment of update intervals goes from 1 µs or more up to more, in steps');
  check((highest - lowest) % step === 0, 'the highest update interval is a whole number of steps above the lowest');
  return { kind: 'segment', lowest, highest, step };
}

const longest = (intervals: UpdateIntervals): number =>
  intervals.kind === 'segment' ? intervals.highest : (intervals.intervals[intervals.intervals.length - 1] ?? 0);

function initialIntervalOf(config: SensorElementConfig, intervals: UpdateIntervals | undefined): number {
  const { updateInterval } = config;
  if (intervals === undefined) {
    check(
      updateInterval === undefined,
      'a sensor without update intervals has no initial one; samplingPeriod is for it',
    );
    return 0;
  }
  if (updateInterval === undefined) return longest(intervals);
  const available = intervalFor(intervals, updateInterval, 2) === updateInterval;
  check(available, `update interval ${updateInterval} µs is not one of the sensor’s`);
  return updateInterval;
}

/** The facts of a sensor called `elementName` in the product. FrameworkError E_DATA for what contradicts itself. */
export function sensorInfo(config: SensorElementConfig, elementName: string): SensorInfo {
  const axes: readonly SensorAxis[] = (config.axes ?? []).map(axis => ({
    name: nameOf(axis.name, 'axis'),
    ...quantityOf(axis, `axis ${axis.name}`),
  }));
  const [first] = axes;
  const scalar = [config.type, config.resolution, config.minimum, config.maximum];
  check(
    first === undefined || (config.exponent === 0 && scalar.every(part => part === undefined)),
    'a sensor with axes has type, exponent, resolution and range on each axis, none of its own',
  );
  check(axes.length <= 63, 'a sensor has at most 63 axes');
  check(first === undefined || config.tripPoints === 0, 'a trip point watches one value: a sensor with axes has none');
  check(isInteger(config.tripPoints, 0, 255), 'a sensor has 0..255 trip points');
  const type = first === undefined ? config.type : 'none';
  check(type !== undefined, 'a sensor has a type, or axes');
  const { power, timestampExponent } = config;
  check(power === undefined || isInteger(power, 1, 0xffffffff), 'power is 1..2^32-1 µW');
  check(timestampExponent === undefined || isExponent(timestampExponent), 'the timestamp exponent is -16..15');
  check(isInteger(config.samplingPeriod, 1, Number.MAX_SAFE_INTEGER), 'the sampling period is at least 1 µs');
  const updateIntervals = intervalsOf(config);
  return {
    ...(first ?? quantityOf({ ...config, type }, 'sensor')),
    name: nameOf(config.name ?? elementName, 'sensor'),
    axes,
    valueCount: Math.max(1, axes.length),
    power,
    timestampExponent,
    updateIntervals,
    tripPointCount: config.tripPoints,
    asynchronous: config.asynchronous,
    continuousUpdates: config.continuousUpdates,
    configurable: config.configurable,
    initiallyEnabled: config.enabled,
    initialInterval: initialIntervalOf(config, updateIntervals),
  };
}
