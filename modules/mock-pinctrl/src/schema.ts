// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const WORD = 0xffffffff;

const setting = Type.Union(
  [
    Type.Literal('default'),
    Type.Literal('bias-bus-hold'),
    Type.Literal('bias-disable'),
    Type.Literal('bias-high-impedance'),
    Type.Literal('bias-pull-up'),
    Type.Literal('bias-pull-pin-default'),
    Type.Literal('bias-pull-down'),
    Type.Literal('drive-open-drain'),
    Type.Literal('drive-open-source'),
    Type.Literal('drive-push-pull'),
    Type.Literal('drive-strength'),
    Type.Literal('input-debounce'),
    Type.Literal('input-mode'),
    Type.Literal('pull-mode'),
    Type.Literal('input-value'),
    Type.Literal('input-schmitt'),
    Type.Literal('low-power-mode'),
    Type.Literal('output-mode'),
    Type.Literal('output-value'),
    Type.Literal('power-source'),
    Type.Literal('slew-rate'),
  ],
  { description: 'A setting.' },
);

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    pins: Type.Integer({ description: 'How many pins it has, numbered from 0.', minimum: 1, maximum: 1024 }),
    muxes: Type.Integer({
      description: 'How many functions each pin has, with selectors from 0; it starts with 0. Left out: 8.',
      minimum: 1,
      maximum: 0x10000,
      default: 8,
    }),
    settings: Type.Optional(
      Type.Array(setting, { description: 'The settings that each pin has. Left out: all.', uniqueItems: true }),
    ),
    vendorSettings: Type.Array(Type.Integer({ description: 'A code, 192 to 255.', minimum: 192, maximum: 255 }), {
      description: 'The platform’s own settings that each pin has. Left out: none.',
      uniqueItems: true,
      default: [],
    }),
    reset: Type.Array(
      Type.Object(
        {
          setting,
          value: Type.Integer({
            description: 'Its value. Left out: 1.',
            minimum: 0,
            maximum: WORD,
            default: 1,
          }),
        },
        { additionalProperties: false, description: 'A setting and its value.' },
      ),
      {
        description:
          'What each pin has at the start, and is brought back to by the setting `default`. Left out: all 0.',
        default: [],
      },
    ),
    limits: Type.Array(
      Type.Object(
        {
          setting,
          min: Type.Integer({ description: 'The lowest value it takes.', minimum: 0, maximum: WORD }),
          max: Type.Integer({ description: 'The highest value it takes.', minimum: 0, maximum: WORD }),
        },
        { additionalProperties: false, description: 'A setting and the values it takes.' },
      ),
      { description: 'Which values settings take. Left out, and for other settings: any.', default: [] },
    ),
    delay: Quantity('us', {
      description:
        'How long each change takes, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A pin controller without hardware.' },
);

/** Configuration of the module: none. */
export type MockPinctrlConfig = Static<typeof config>;
/** A pin controller. */
export type MockPinctrlElementConfig = Static<typeof element>;

export default { config, element };
