// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('clock', {
  description: 'A clock that the agent may use without restriction, as `clock/element`.',
});

const restricted = Type.Object(
  {
    clock: ElementOf('clock', { description: 'The clock, as `clock/element`.' }),
    state: Type.Optional(
      Type.Boolean({ description: 'Whether the agent may enable, disable and configure it. Left out: yes.' }),
    ),
    rate: Type.Optional(Type.Boolean({ description: 'Whether the agent may set its rate. Left out: yes.' })),
    parent: Type.Optional(Type.Boolean({ description: 'Whether the agent may set its parent. Left out: yes.' })),
  },
  { additionalProperties: false, description: 'A clock and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Array(Type.Union([plain, restricted]), {
        description: 'The clocks the agent sees, each once; the position is the agent’s clock id.',
        maxItems: 4096,
      }),
      { description: 'The clocks of each agent. An agent that is left out has no clocks, and no Clock protocol.' },
    ),
    maxPendingRateChanges: Type.Integer({
      description: 'Asynchronous rate changes that one agent can have pending, 0..255; 0: not supported. Left out: 8.',
      minimum: 0,
      maximum: 255,
      default: 8,
    }),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x20000), Type.Literal(0x30000)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x30000.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiClockConfig = Static<typeof config>;
/** A clock in an agent's list. */
export type ClockEntry = ScmiClockConfig['agents'][string][number];

export default { config };
