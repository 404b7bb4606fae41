// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const LIMIT = Number.MAX_SAFE_INTEGER;
const number = { minimum: -LIMIT, maximum: LIMIT };

const value = (description: string) =>
  Type.Union([Type.Integer(number), Type.Array(Type.Integer(number), { minItems: 1, maxItems: 63 })], { description });

const waveform = Type.Object(
  {
    shape: Type.Union(
      [Type.Literal('sine'), Type.Literal('triangle'), Type.Literal('square'), Type.Literal('sawtooth')],
      {
        description:
          'sine and triangle start at the offset and rise; square is high in the first half; sawtooth rises from low to high.',
      },
    ),
    offset: Type.Integer({ ...number, default: 0, description: 'The middle, in the sensor’s values. Left out: 0.' }),
    amplitude: Type.Integer({
      minimum: 0,
      maximum: LIMIT,
      description: 'How far it goes to either side of the offset, in the sensor’s values.',
    }),
    period: Quantity('us', { description: 'How long one wave takes.', minimum: 1 }),
    noise: Type.Optional(
      Type.Object(
        {
          amplitude: Type.Integer({ minimum: 0, maximum: 0x7fffffff, description: 'The most it adds or takes away.' }),
          seed: Type.Integer({
            minimum: 0,
            maximum: 0xffffffff,
            default: 1,
            description: 'The same seed gives the same noise, reading by reading. Left out: 1.',
          }),
        },
        { additionalProperties: false, description: 'Noise on top. Left out: none.' },
      ),
    ),
  },
  { additionalProperties: false, description: 'A value that depends on the time since the host’s clock began.' },
);

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    value: Type.Optional(value('What it always reads: one number, also for every axis, or one for each axis.')),
    values: Type.Optional(
      Type.Array(value('One number, also for every axis, or one for each axis.'), {
        minItems: 1,
        description: 'What it reads in turn, over and over.',
      }),
    ),
    period: Type.Optional(
      Quantity('us', {
        description: 'How long each of `values` lasts. Left out: each reading takes the next.',
        minimum: 1,
      }),
    ),
    waveform: Type.Optional(waveform),
    waveforms: Type.Optional(
      Type.Array(waveform, { minItems: 1, maxItems: 63, description: 'A waveform for each axis.' }),
    ),
    delay: Quantity('us', {
      description: 'How long a reading takes. Left out: it is there at once.',
      default: 0,
    }),
  },
  {
    additionalProperties: false,
    description: 'A sensor without hardware, with one of `value`, `values`, `waveform` and `waveforms`.',
  },
);

/** Configuration of the module: none. */
export type MockSensorConfig = Static<typeof config>;
/** A sensor without hardware. */
export type MockSensorElementConfig = Static<typeof element>;
/** The configuration of a waveform. */
export type WaveformConfig = Static<typeof waveform>;

export default { config, element };
