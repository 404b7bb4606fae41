// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    asserted: Type.Boolean({ description: 'Whether the line is asserted at the start. Left out: no.', default: false }),
    delay: Quantity('us', {
      description:
        'How long each operation takes, in µs; not 0: what asks is answered later, one thing at a time. Left out: 0, at once.',
      default: 0,
    }),
    watchdog: Type.Optional(
      Quantity('us', {
        description: 'The hardware resets itself each time this has passed, in µs. Left out: it never does.',
        minimum: 1,
      }),
    ),
  },
  { additionalProperties: false, description: 'A reset line without hardware.' },
);

/** Configuration of the module: none. */
export type MockResetConfig = Static<typeof config>;
/** A reset line. */
export type MockResetElementConfig = Static<typeof element>;

export default { config, element };
