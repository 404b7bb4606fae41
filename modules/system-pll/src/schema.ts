// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, Quantity } from '@scp/framework/schema';
import { pllRates } from './pll.ts';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    range: Type.Object(
      {
        min: Quantity('Hz', { description: 'The lowest rate.' }),
        max: Quantity('Hz', { description: 'The highest rate, a whole number of steps above the lowest.' }),
        step: Quantity('Hz', { description: 'From one rate to the next. Left out: 1 Hz.', minimum: 1, default: 1 }),
      },
      {
        additionalProperties: false,
        description: 'The rates: from `min` to `max` in steps; a rate between is rounded as who sets it says.',
      },
    ),
    rate: Type.Optional(
      Quantity('Hz', { description: 'The rate at the start, a step of the range. Left out: the lowest.' }),
    ),
    on: Type.Boolean({ description: 'Whether it runs at the start. Left out: yes.', default: true }),
    lock: Quantity('us', {
      description:
        'How long it takes to lock, in µs up to 2^32 - 1, when it starts or its rate is set while it runs; not 0: what asks is answered later, and no other clock can be derived from it. Left out: 0, at once.',
      maximum: 0xffffffff,
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A PLL.' },
);

/** Configuration of the module: none. */
export type SystemPllConfig = Static<typeof config>;
/** A PLL. */
export type SystemPllElementConfig = Static<typeof element>;

/** What contradicts itself in a PLL is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: SystemPllConfig,
  elements: readonly ProductElement<SystemPllElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: pll } of elements) {
    try {
      pllRates(pll);
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
  }
  return problems;
}

export default { config, element, check };
