// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const WORD = 0xffffffff;

const power = (description: string) => Type.Integer({ description, minimum: 0, maximum: WORD });

const waveform = Type.Object(
  {
    shape: Type.Union(
      [Type.Literal('sine'), Type.Literal('triangle'), Type.Literal('square'), Type.Literal('sawtooth')],
      {
        description:
          'sine and triangle start at the offset and rise; square is high in the first half; sawtooth rises from low to high.',
      },
    ),
    offset: power('The middle, in the domain’s unit of power.'),
    amplitude: power(
      'How far it goes to either side of the offset, in the domain’s unit; what is below 0 counts as 0.',
    ),
    period: Quantity('us', { description: 'How long one wave takes.', minimum: 1 }),
  },
  { additionalProperties: false, description: 'A power that depends on the time since the host’s clock began.' },
);

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    value: Type.Optional(power('The power it draws when nothing caps it, in the domain’s unit.')),
    waveform: Type.Optional(waveform),
    delay: Quantity('us', {
      description:
        'How long it takes to set a cap or an interval, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
  },
  {
    additionalProperties: false,
    description: 'A power meter and limiter without hardware, with one of `value` and `waveform`.',
  },
);

/** Configuration of the module: none. */
export type MockPowerMeterConfig = Static<typeof config>;
/** A power meter. */
export type MockPowerMeterElementConfig = Static<typeof element>;
/** The configuration of a waveform. */
export type WaveformConfig = Static<typeof waveform>;

export default { config, element };
