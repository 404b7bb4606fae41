// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity, Reference } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    driver: Reference('RESET_DRIVER', {
      description: 'What drives this domain, as `module/element`. One driver element drives one domain.',
    }),
    autonomous: Type.Boolean({
      description: 'Whether the platform resets it in one go: asserts and releases its line. Left out: yes.',
      default: true,
    }),
    explicit: Type.Boolean({
      description: 'Whether agents may assert and release its line themselves. Left out: yes.',
      default: true,
    }),
    asynchronous: Type.Boolean({
      description:
        'Whether an agent may go on while an autonomous reset is done, and be told when it is. Only with `autonomous`. Left out: no.',
      default: false,
    }),
    notifications: Type.Boolean({
      description: 'Whether agents can be told of its resets. Left out: yes.',
      default: true,
    }),
    latency: Type.Optional(
      Quantity('us', {
        description:
          'How long an autonomous reset takes at worst, in whole µs up to 2^32 - 2. Only with `autonomous`. Left out: not known.',
        maximum: 0xfffffffe,
      }),
    ),
    states: Type.Array(Type.Integer({ description: 'An id, 0 to 2^31 - 1.', minimum: 0, maximum: 0x7fffffff }), {
      description:
        'Ids of the implementation-defined reset states it has beside the cold reset, which every domain has. Left out: none.',
      maxItems: 64,
      uniqueItems: true,
      default: [],
    }),
  },
  { additionalProperties: false, description: 'A reset domain; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type ResetDomainConfig = Static<typeof config>;
/** A reset domain. */
export type ResetDomainElementConfig = Static<typeof element>;

export default { config, element };
