// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('system-power', {
  description: 'The system that the agent runs in, and may shut down, reset and suspend, as `system-power/element`.',
});

const restricted = Type.Object(
  {
    system: ElementOf('system-power', { description: 'The system, as `system-power/element`.' }),
    set: Type.Optional(
      Type.Boolean({ description: 'Whether the agent may set its state; else that is DENIED. Left out: yes.' }),
    ),
    view: Type.Optional(
      Type.Union([Type.Literal('inside'), Type.Literal('outside')], {
        description:
          'Where the agent is. `inside`: it runs in the system, so there is nothing for it to read and it can’t power it up (NOT_SUPPORTED). `outside`: it reads the state and may power the system up. Left out: inside.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A system and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Union([plain, restricted]),
      { description: 'The system of each agent. An agent that is left out has no System power protocol.' },
    ),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x20000), Type.Literal(0x20001)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x20001.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiSystemPowerConfig = Static<typeof config>;
/** An agent's system. */
export type SystemEntry = ScmiSystemPowerConfig['agents'][string];

export default { config };
