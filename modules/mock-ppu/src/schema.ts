// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    on: Type.Boolean({ description: 'Whether it is on at the start. Left out: no.', default: false }),
    sleep: Type.Boolean({ description: 'Whether it can sleep, besides on and off. Left out: no.', default: false }),
    delay: Quantity('us', {
      description: 'How long each transition takes, in µs. Left out: 0, it is done at once.',
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'A power policy unit without hardware.' },
);

/** Configuration of the module: none. */
export type MockPpuConfig = Static<typeof config>;
/** A power policy unit. */
export type MockPpuElementConfig = Static<typeof element>;

export default { config, element };
