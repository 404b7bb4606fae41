// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, Quantity } from '@scp/framework/schema';
import { supplyVoltages } from './mock.ts';

const config = Type.Object({}, { additionalProperties: false });

const range = Type.Object(
  {
    min: Quantity('uV', { description: 'The lowest voltage.' }),
    max: Quantity('uV', { description: 'The highest voltage, a whole number of steps above the lowest.' }),
    step: Quantity('uV', {
      description: 'From one voltage to the next. Left out: 1 µV.',
      minimum: 1,
      default: 1,
    }),
  },
  {
    additionalProperties: false,
    description: 'Voltages from `min` to `max` in steps. Left out: any whole µV from 0 to 2^32 - 1.',
  },
);

const element = Type.Object(
  {
    range: Type.Optional(range),
    voltage: Type.Optional(
      Quantity('uV', { description: 'The voltage at the start, one of its voltages. Left out: the lowest.' }),
    ),
    on: Type.Boolean({ description: 'Whether it is on at the start. Left out: yes.', default: true }),
    delay: Quantity('us', {
      description:
        'How long each setting takes, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A power supply without hardware.' },
);

/** Configuration of the module: none. */
export type MockPsuConfig = Static<typeof config>;
/** A power supply. */
export type MockPsuElementConfig = Static<typeof element>;

/** What contradicts itself in a supply is found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: MockPsuConfig,
  elements: readonly ProductElement<MockPsuElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: supply } of elements) {
    try {
      supplyVoltages(supply);
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
  }
  return problems;
}

export default { config, element, check };
