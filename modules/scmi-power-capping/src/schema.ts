// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('power-capping', {
  description: 'A power domain that the agent may cap, as `power-capping/element`.',
});

const restricted = Type.Object(
  {
    domain: ElementOf('power-capping', { description: 'The power domain, as `power-capping/element`.' }),
    setCap: Type.Optional(
      Type.Boolean({ description: 'Whether the agent may set its cap; else that is DENIED. Left out: yes.' }),
    ),
    setInterval: Type.Optional(
      Type.Boolean({
        description: 'Whether the agent may set its averaging interval; else that is DENIED. Left out: yes.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A power domain and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Array(Type.Union([plain, restricted]), {
        description:
          'The power domains the agent sees, each once; the position is the agent’s domain id. The parent of a domain is the nearest one above it that the agent sees.',
        maxItems: 4096,
      }),
      { description: 'The power domains of each agent. An agent that is left out has none, and no Powercap protocol.' },
    ),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x20000)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x20000.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiPowerCappingConfig = Static<typeof config>;
/** A power domain in an agent's list. */
export type PowerDomainEntry = ScmiPowerCappingConfig['agents'][string][number];

export default { config };
