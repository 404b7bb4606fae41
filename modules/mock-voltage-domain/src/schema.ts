// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, Quantity } from '@scp/framework/schema';
import { supplyFacts } from './facts.ts';

const config = Type.Object({}, { additionalProperties: false });

/** What SCMI can carry. */
const LEVEL = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

const range = Type.Object(
  {
    min: Quantity('uV', { description: 'The lowest level.', ...LEVEL }),
    max: Quantity('uV', { description: 'The highest level, a whole number of steps above the lowest.', ...LEVEL }),
    step: Quantity('uV', {
      description: 'From one level to the next, 1 µV or more.',
      minimum: 1,
      maximum: 2 ** 31 - 1,
    }),
  },
  { additionalProperties: false, description: 'Levels from `min` to `max` in steps.' },
);

const element = Type.Object(
  {
    levels: Type.Optional(
      Type.Array(Quantity('uV', { description: 'A level.', ...LEVEL }), {
        description:
          'The levels it can have, ascending; negative for a rail below ground. One of `levels`, `range` and `fixed` is given.',
        minItems: 1,
        maxItems: 4096,
      }),
    ),
    range: Type.Optional(range),
    fixed: Type.Optional(Quantity('uV', { description: 'The one level it ever has.', ...LEVEL })),
    level: Type.Optional(
      Quantity('uV', {
        description: 'The level at the start, one of its levels. Left out: the lowest. Not with `fixed`.',
        ...LEVEL,
      }),
    ),
    on: Type.Boolean({ description: 'Whether it is on at the start. Left out: no.', default: false }),
    alwaysOn: Type.Boolean({
      description: 'It is on from the start and can’t be switched. Left out: it can.',
      default: false,
    }),
    readOnly: Type.Boolean({
      description: 'Its level and mode can be read only, by every agent. Left out: they can be set.',
      default: false,
    }),
    modes: Type.Array(Type.Integer({ description: 'A mode, 8 to 15.', minimum: 8, maximum: 15 }), {
      description: 'Modes of the implementation that it has beside off and on. Left out: none.',
      maxItems: 8,
      uniqueItems: true,
      default: [],
    }),
    delay: Quantity('us', {
      description:
        'How long each setting takes, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A supply without hardware.' },
);

/** Configuration of the module: none. */
export type MockVoltageDomainConfig = Static<typeof config>;
/** A supply. */
export type MockVoltageDomainElementConfig = Static<typeof element>;

/** What contradicts itself in a supply is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: MockVoltageDomainConfig,
  elements: readonly ProductElement<MockVoltageDomainElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: supply } of elements) {
    try {
      supplyFacts(supply);
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
  }
  return problems;
}

export default { config, element, check };
