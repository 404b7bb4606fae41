// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const range = Type.Object(
  {
    min: Quantity('Hz', { description: 'The lowest rate.' }),
    max: Quantity('Hz', { description: 'The highest rate, a whole number of steps above the lowest.' }),
    step: Quantity('Hz', { description: 'From one rate to the next. Left out: 1 Hz.', minimum: 1, default: 1 }),
  },
  { additionalProperties: false, description: 'Rates from `min` to `max` in steps.' },
);

const element = Type.Object(
  {
    rates: Type.Optional(
      Type.Array(Quantity('Hz', { description: 'A rate.' }), {
        description: 'The rates it can have, ascending. One of `rates`, `range`, `fixed` and `divider` is given.',
        minItems: 1,
        maxItems: 4096,
      }),
    ),
    range: Type.Optional(range),
    fixed: Type.Optional(Quantity('Hz', { description: 'The one rate it ever has.' })),
    divider: Type.Optional(
      Type.Integer({
        description:
          'Its rate is its parent’s divided by this, in whole Hz, 1 to 65535, and follows the parent. It can’t be set.',
        minimum: 1,
        maximum: 65535,
      }),
    ),
    rate: Type.Optional(
      Quantity('Hz', {
        description: 'The rate at the start, one of its rates. Left out: the lowest. Not with `fixed` or `divider`.',
      }),
    ),
    on: Type.Boolean({ description: 'Whether it runs at the start. Left out: no.', default: false }),
    enableDelay: Quantity('us', {
      description: 'How long it says enabling takes, in whole µs up to 2^32 - 1. Left out: 0, not known.',
      maximum: 0xffffffff,
      default: 0,
    }),
    delay: Quantity('us', {
      description:
        'How long each reading or setting takes, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
    dutyCycle: Type.Optional(
      Type.Integer({
        description: 'The duty cycle at the start, 0..100 %. Left out: it has no duty cycle to be set.',
        minimum: 0,
        maximum: 100,
      }),
    ),
    phase: Type.Optional(
      Type.Integer({
        description: 'The phase at the start, 0..359 degrees. Left out: it has no phase to be set.',
        minimum: 0,
        maximum: 359,
      }),
    ),
  },
  { additionalProperties: false, description: 'A clock without hardware.' },
);

/** Configuration of the module: none. */
export type MockClockConfig = Static<typeof config>;
/** A clock. */
export type MockClockElementConfig = Static<typeof element>;

export default { config, element };
