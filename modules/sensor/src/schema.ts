// SPDX-License-Identifier: BSD-3-Clause
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, Quantity, Reference } from '@scp/framework/schema';
import { type Static, Type } from '@sinclair/typebox';
import { sensorInfo } from './info.ts';
import { SENSOR_TYPE_NAMES, type SensorTypeName } from './sensor-type.ts';

const NAME = { minLength: 1, maxLength: 63, pattern: '^[ -~]+$' };
const LIMIT = Number.MAX_SAFE_INTEGER;

const type = Type.Unsafe<SensorTypeName>({
  enum: SENSOR_TYPE_NAMES,
  description: 'What is measured, by its unit: `celsius`, `volts`, … Of a sensor with axes, each axis says it.',
});

const exponent = Type.Integer({
  minimum: -16,
  maximum: 15,
  default: 0,
  description: 'A value counts 10^exponent of the unit, -16..15: -3 for milli. Left out: 0.',
});

const quantity = {
  exponent,
  resolution: Type.Optional(
    Type.Object(
      {
        value: Type.Integer({ minimum: 0, maximum: 0x7ffffff, description: 'The resolution, 0..2^27-1.' }),
        exponent: Type.Integer({
          minimum: -16,
          maximum: 15,
          default: 0,
          description: 'It counts 10^exponent of the unit, -16..15. Left out: 0.',
        }),
      },
      { additionalProperties: false, description: 'The least difference it can measure. Left out: not reported.' },
    ),
  ),
  minimum: Type.Optional(
    Type.Integer({ minimum: -LIMIT, maximum: LIMIT, description: 'The least value. Left out: not reported.' }),
  ),
  maximum: Type.Optional(
    Type.Integer({ minimum: -LIMIT, maximum: LIMIT, description: 'The greatest value. Left out: not reported.' }),
  ),
};

const axis = Type.Object(
  {
    name: Type.String({ ...NAME, description: 'At most 63 characters; Linux IIO wants it to end in _X, _Y or _Z.' }),
    type,
    ...quantity,
  },
  { additionalProperties: false },
);

const config = Type.Object(
  {
    maxWaitingReaders: Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 16,
      description:
        'How many may wait for a reading of one sensor that takes time; more are told it is busy. Left out: 16.',
    }),
  },
  { additionalProperties: false },
);

const element = Type.Object(
  {
    driver: Reference('SENSOR_DRIVER', { description: 'What measures: `mock-sensor/soc-temp`.' }),
    name: Type.Optional(
      Type.String({ ...NAME, description: 'The name agents see, at most 63 characters. Left out: the element’s.' }),
    ),
    type: Type.Optional(type),
    ...quantity,
    axes: Type.Optional(
      Type.Array(axis, {
        minItems: 1,
        maxItems: 63,
        description:
          'Quantities measured together, instead of type, exponent, resolution and range. Left out: one quantity.',
      }),
    ),
    power: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 0xffffffff,
        description: 'Power drawn while enabled, µW. Left out: not reported.',
      }),
    ),
    timestampExponent: Type.Optional(
      Type.Integer({
        minimum: -16,
        maximum: 15,
        description: 'Readings can carry timestamps that count 10^exponent seconds: -6 for µs. Left out: they can not.',
      }),
    ),
    updateIntervals: Type.Optional(
      Type.Array(Quantity('us', { description: 'An interval.', minimum: 1 }), {
        minItems: 1,
        maxItems: 4095,
        description:
          'The intervals at which it can take samples, ascending: `[10ms, 100ms, 1s]`. Left out: see the segment.',
      }),
    ),
    updateIntervalSegment: Type.Optional(
      Type.Object(
        {
          lowest: Quantity('us', { description: 'The shortest interval.', minimum: 1 }),
          highest: Quantity('us', {
            description: 'The longest interval, a number of steps above the shortest.',
            minimum: 1,
          }),
          step: Quantity('us', { description: 'The difference between two intervals.', minimum: 1 }),
        },
        {
          additionalProperties: false,
          description:
            'The intervals at which it can take samples, as a range. Left out with the list: none to choose.',
        },
      ),
    ),
    updateInterval: Type.Optional(
      Quantity('us', { description: 'The interval at start, one of those above. Left out: the longest.', minimum: 1 }),
    ),
    samplingPeriod: Quantity('us', {
      minimum: 1,
      default: 1_000_000,
      description:
        'How often trip points are looked at, and updates sent, by a sensor without update intervals. Left out: 1 s.',
    }),
    tripPoints: Type.Integer({
      minimum: 0,
      maximum: 255,
      default: 0,
      description: 'How many trip points it has; a sensor with axes has none. Left out: 0.',
    }),
    asynchronous: Type.Boolean({ default: false, description: 'Offers asynchronous reads. Left out: no.' }),
    continuousUpdates: Type.Boolean({
      default: false,
      description: 'Offers a notification at each update interval. Left out: no.',
    }),
    configurable: Type.Boolean({
      default: true,
      description: 'Agents can enable and disable it and choose its interval. Left out: they can.',
    }),
    enabled: Type.Boolean({ default: true, description: 'Enabled at start. Left out: it is.' }),
  },
  { additionalProperties: false, description: 'A sensor.' },
);

/** Configuration of the module. */
export type SensorConfig = Static<typeof config>;
/** A sensor's configuration. */
export type SensorElementConfig = Static<typeof element>;
/** The configuration of an axis. */
export type AxisConfig = Static<typeof axis>;

/** What contradicts itself in a sensor is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: SensorConfig,
  elements: readonly ProductElement<SensorElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: sensor } of elements) {
    try {
      sensorInfo(sensor, name);
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
  }
  return problems;
}

export default { config, element, check };
