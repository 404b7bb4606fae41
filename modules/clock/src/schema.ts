// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf, Reference } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    driver: Reference('CLOCK_DRIVER', {
      description: 'What drives this clock, as `module/element`. One driver element drives one clock.',
    }),
    parents: Type.Optional(
      Type.Array(ElementOf('clock', { description: 'A clock, as `clock/element`.' }), {
        description:
          'The clocks this one can be derived from, in the order of its selector; each runs before this one does. Left out: it is a root.',
        minItems: 1,
        maxItems: 255,
        uniqueItems: true,
      }),
    ),
    parent: Type.Optional(
      ElementOf('clock', {
        description: 'The one of `parents` that it is derived from at the start. Left out: the first.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A clock; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type ClockConfig = Static<typeof config>;
/** A clock. */
export type ClockElementConfig = Static<typeof element>;

export default { config, element };
