// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Reference } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    driver: Reference('PSU_DRIVER', {
      description: 'What drives this supply, as `module/element`. One driver element drives one supply.',
    }),
  },
  { additionalProperties: false, description: 'A power supply.' },
);

/** Configuration of the module: none. */
export type PsuConfig = Static<typeof config>;
/** A power supply. */
export type PsuElementConfig = Static<typeof element>;

export default { config, element };
