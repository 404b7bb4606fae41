// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('voltage-domain', {
  description: 'A voltage domain that the agent may use without restriction, as `voltage-domain/element`.',
});

const restricted = Type.Object(
  {
    domain: ElementOf('voltage-domain', { description: 'The voltage domain, as `voltage-domain/element`.' }),
    mode: Type.Optional(
      Type.Boolean({ description: 'Whether the agent may turn it on and off, and set other modes. Left out: yes.' }),
    ),
    level: Type.Optional(
      Type.Boolean({
        description:
          'Whether the agent may set its level; of several agents that may, the last one decides. Left out: yes.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A voltage domain and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Array(Type.Union([plain, restricted]), {
        description: 'The voltage domains the agent sees, each once; the position is the agent’s domain id.',
        maxItems: 4096,
      }),
      {
        description:
          'The voltage domains of each agent. An agent that is left out has none, and no Voltage domain protocol.',
      },
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
export type ScmiVoltageDomainConfig = Static<typeof config>;
/** A voltage domain in an agent's list. */
export type VoltageDomainEntry = ScmiVoltageDomainConfig['agents'][string][number];

export default { config };
