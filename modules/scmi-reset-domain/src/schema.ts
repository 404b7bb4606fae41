// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('reset-domain', {
  description: 'A reset domain that the agent may reset, as `reset-domain/element`.',
});

const restricted = Type.Object(
  {
    domain: ElementOf('reset-domain', { description: 'The reset domain, as `reset-domain/element`.' }),
    reset: Type.Optional(
      Type.Boolean({
        description: 'Whether the agent may reset it; else it only sees it and hears of its resets. Left out: yes.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A reset domain and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Array(Type.Union([plain, restricted]), {
        description: 'The reset domains the agent sees, each once; the position is the agent’s domain id.',
        maxItems: 4096,
      }),
      {
        description:
          'The reset domains of each agent. An agent that is left out has none, and no Reset domain protocol.',
      },
    ),
    sharing: Type.Union([Type.Literal('exclusive'), Type.Literal('vote')], {
      description:
        'What holds for the line of a domain that several agents have. `exclusive`: an agent that keeps it asserted, or uses it released, keeps others from changing that (GENERIC_ERROR). `vote`: it is released while any agent wants it released; an assert by one of several only withdraws its wish. In both an autonomous reset is refused (GENERIC_ERROR) while another agent has the line asserted or released. Left out: exclusive.',
      default: 'exclusive',
    }),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x30000), Type.Literal(0x30001)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x30001.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiResetDomainConfig = Static<typeof config>;
/** A reset domain in an agent's list. */
export type ResetDomainEntry = ScmiResetDomainConfig['agents'][string][number];

export default { config };
