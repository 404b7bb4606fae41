// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Reference } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    driver: Reference('VOLTAGE_DRIVER', {
      description: 'What drives this supply, as `module/element`. One driver element drives one domain.',
    }),
    asynchronous: Type.Boolean({
      description:
        'Whether an agent may go on while the level is being set, and be told when it is. Not for a supply of one level. Left out: no.',
      default: false,
    }),
  },
  { additionalProperties: false, description: 'A voltage domain; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type VoltageDomainConfig = Static<typeof config>;
/** A voltage domain. */
export type VoltageDomainElementConfig = Static<typeof element>;

export default { config, element };
