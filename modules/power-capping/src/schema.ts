// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import type { ProductElement } from '@scp/framework';
import { type ConfigProblem, ElementOf, Quantity, Reference } from '@scp/framework/schema';
import { domainProblems, linuxProblems } from './rules.ts';

const WORD = 0xffffffff;

const power = (description: string) => Type.Integer({ description, minimum: 1, maximum: WORD });

const cap = Type.Union(
  [
    Type.Object(
      {
        min: power('The lowest cap, in the domain’s unit.'),
        max: power('The highest cap, in the domain’s unit.'),
        step: power('The step between caps, in the domain’s unit; max is a whole number of steps above min.'),
      },
      { additionalProperties: false, description: 'Caps that agents choose from.' },
    ),
    Type.Object(
      { fixed: power('The one cap, in the domain’s unit.') },
      { additionalProperties: false, description: 'A cap that can’t be changed.' },
    ),
  ],
  { description: 'The caps it can have.' },
);

const time = (description: string) => Quantity('us', { description, minimum: 1, maximum: WORD });

const interval = Type.Union(
  [
    Type.Object(
      {
        min: time('The shortest interval.'),
        max: time('The longest interval.'),
        step: time('The step between intervals; max is a whole number of steps above min.'),
      },
      { additionalProperties: false, description: 'Intervals that agents choose from.' },
    ),
    Type.Object(
      { fixed: time('The one interval.') },
      { additionalProperties: false, description: 'An interval that can’t be changed.' },
    ),
  ],
  { description: 'The time that power is averaged over, for measurements and for the cap: at most 2^32-1 µs.' },
);

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    driver: Reference('POWER_CAPPING_DRIVER', {
      description: 'What measures and caps this domain, as `module/element`. One driver element serves one domain.',
    }),
    unit: Type.Union([Type.Literal('microwatts'), Type.Literal('milliwatts'), Type.Literal('abstract')], {
      description:
        'What its powers count; abstract is a linear scale of the platform’s own, which Linux does not show. Left out: milliwatts.',
      default: 'milliwatts',
    }),
    parent: Type.Optional(
      ElementOf('power-capping', {
        description: 'The domain that this one is part of, as `power-capping/element`. Left out: it is a root.',
      }),
    ),
    cap,
    initialCap: Type.Optional(
      Type.Integer({
        description:
          'The cap while no agent has asked for one, in the domain’s unit; 0: none, until an agent asks. Left out: the highest.',
        minimum: 0,
        maximum: WORD,
      }),
    ),
    interval,
    initialInterval: Type.Optional(
      Quantity('us', { description: 'The averaging interval at the start. Left out: the shortest.', minimum: 1 }),
    ),
    monitored: Type.Boolean({ description: 'Whether its power is measured. Left out: yes.', default: true }),
    asynchronous: Type.Boolean({
      description: 'Whether an agent may go on while its cap is set, and be told when it is. Left out: no.',
      default: false,
    }),
    capNotifications: Type.Boolean({
      description: 'Whether agents can be told of changes of its cap and interval. Left out: yes.',
      default: true,
    }),
    powerNotifications: Type.Boolean({
      description:
        'Whether agents can be told when its power passes thresholds of theirs. Only if it is monitored. Left out: yes.',
      default: true,
    }),
    sustainablePower: Type.Integer({
      description: 'What it can draw for long without getting too hot, in its unit. Left out: 0, not known.',
      minimum: 0,
      maximum: WORD,
      default: 0,
    }),
    accuracy: Type.Integer({
      description: 'How exact measurements are, in 0.001 %. Left out: 0, not known.',
      minimum: 0,
      maximum: WORD,
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A power domain; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type PowerCappingConfig = Static<typeof config>;
/** A power domain. */
export type PowerCappingElementConfig = Static<typeof element>;

/** What contradicts itself is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: PowerCappingConfig,
  elements: readonly ProductElement<PowerCappingElementConfig>[],
): readonly ConfigProblem[] {
  const errors = domainProblems(elements).map(({ element: name, rule }) => ({
    path: ['elements', name],
    message: rule,
  }));
  const warnings = linuxProblems(elements).map(({ element: name, rule }) => ({
    path: ['elements', name],
    message: rule,
    warning: true,
  }));
  return [...errors, ...warnings];
}

export default { config, element, check };
