// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('power-domain', {
  description: 'A power domain that the agent may set in both ways and hear of, as `power-domain/element`.',
});

const restricted = Type.Object(
  {
    domain: ElementOf('power-domain', { description: 'The power domain, as `power-domain/element`.' }),
    set: Type.Optional(
      Type.Union([Type.Literal('both'), Type.Literal('sync'), Type.Literal('async'), Type.Literal('none')], {
        description:
          'How the agent may set its state: so that the answer waits for the transition (sync: what Linux does), so that it does not (async), in both ways, or not at all. Left out: both.',
      }),
    ),
    notify: Type.Optional(
      Type.Boolean({ description: 'Whether the agent can be told of changes and requests. Left out: yes.' }),
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
          'The power domains the agent sees, each once; the position is the agent’s domain id. The domain at the top is usually left out.',
        maxItems: 4096,
      }),
      {
        description:
          'The power domains of each agent. An agent that is left out has none, and no Power domain protocol.',
      },
    ),
    report: Type.Union([Type.Literal('own'), Type.Literal('actual')], {
      description:
        'What POWER_STATE_GET answers. `own`: the state the agent has set itself, or the actual one while it has set none; Linux needs this where agents share a domain, for it takes a domain that another agent keeps on as a failure to switch it off. `actual`: always the actual state, as the specification says. Notifications tell actual states in both. Left out: own.',
      default: 'own',
    }),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x20000), Type.Literal(0x30000), Type.Literal(0x30001)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x30001.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiPowerDomainConfig = Static<typeof config>;
/** A power domain in an agent's list. */
export type PowerDomainEntry = ScmiPowerDomainConfig['agents'][string][number];

export default { config };
