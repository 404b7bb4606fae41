// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import type { ProductElement } from '@scp/framework';
import { type ConfigProblem, ElementOf, Reference } from '@scp/framework/schema';
import { elementProblems } from './rules.ts';

const config = Type.Object({}, { additionalProperties: false });

const name = Type.Optional(
  Type.String({
    description:
      'What agents see, 1 to 63 characters; unique among pins, groups or functions. Left out: the element’s name.',
    minLength: 1,
    maxLength: 63,
  }),
);

const pin = Type.Object(
  {
    pin: Type.Object(
      {
        name,
        driver: Reference('PINCTRL_DRIVER', { description: 'Its pin controller, as `module/element`.' }),
        number: Type.Integer({ description: 'Its number there, from 0. Each once.', minimum: 0, maximum: 0xffff }),
      },
      { additionalProperties: false, description: 'A pin of a controller.' },
    ),
  },
  { additionalProperties: false, description: 'A pin.' },
);

const group = Type.Object(
  {
    group: Type.Object(
      {
        name,
        pins: Type.Array(ElementOf('pinctrl', { description: 'A pin, as `pinctrl/element`.' }), {
          description: 'Its pins, all of one controller.',
          minItems: 1,
          uniqueItems: true,
        }),
      },
      { additionalProperties: false, description: 'Pins that are configured together.' },
    ),
  },
  { additionalProperties: false, description: 'A group of pins.' },
);

const gpio = Type.Boolean({ description: 'Whether a pin with it serves as GPIO. Left out: no.', default: false });
const mux = Type.Integer({
  description: 'The selector of it at the controller, on each of its pins; no two functions of a pin share one.',
  minimum: 0,
  maximum: 0xffff,
});

const onGroups = Type.Object(
  {
    name,
    mux,
    gpio,
    groups: Type.Array(ElementOf('pinctrl', { description: 'A group, as `pinctrl/element`.' }), {
      description: 'The groups it can be selected on. Linux knows no other functions.',
      minItems: 1,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false, description: 'A function of groups.' },
);

const onPins = Type.Object(
  {
    name,
    mux,
    gpio,
    pins: Type.Array(ElementOf('pinctrl', { description: 'A pin, as `pinctrl/element`.' }), {
      description: 'The pins it can be selected on, one by one. Linux does not know such functions.',
      minItems: 1,
      uniqueItems: true,
    }),
  },
  { additionalProperties: false, description: 'A function of single pins.' },
);

const pinFunction = Type.Object(
  { function: Type.Union([onGroups, onPins], { description: 'Where it can be selected, and how.' }) },
  { additionalProperties: false, description: 'A function.' },
);

const element = Type.Union([pin, group, pinFunction], { description: 'A pin, a group of pins, or a function.' });

/** Configuration of the module: none. */
export type PinctrlConfig = Static<typeof config>;
/** A pin, a group or a function. */
export type PinctrlElementConfig = Static<typeof element>;

/** What contradicts itself is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: PinctrlConfig,
  elements: readonly ProductElement<PinctrlElementConfig>[],
): readonly ConfigProblem[] {
  return elementProblems(elements).map(({ element: one, rule }) => ({ path: ['elements', one], message: rule }));
}

export default { config, element, check };
