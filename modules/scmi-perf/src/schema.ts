// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const plain = ElementOf('dvfs', {
  description: 'A performance domain that the agent may use without restriction, as `dvfs/element`.',
});

const restricted = Type.Object(
  {
    domain: ElementOf('dvfs', { description: 'The performance domain, as `dvfs/element`.' }),
    limits: Type.Optional(
      Type.Boolean({
        description:
          'Whether the agent may set limits. The limits of several agents hold together; where they exclude each other, the lowest upper limit holds. Left out: yes.',
      }),
    ),
    level: Type.Optional(
      Type.Boolean({
        description:
          'Whether the agent may set the level; of several agents that may, the last one decides. Left out: yes.',
      }),
    ),
    notify: Type.Optional(
      Type.Boolean({
        description: 'Whether the agent can be told of changes of limits and level. Left out: yes.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A performance domain and what the agent may do with it.' },
);

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }),
      Type.Array(Type.Union([plain, restricted]), {
        description: 'The performance domains the agent sees, each once; the position is the agent’s domain id.',
        maxItems: 4096,
      }),
      {
        description:
          'The performance domains of each agent. An agent that is left out has none, and no Performance domain protocol.',
      },
    ),
    powerUnit: Type.Union([Type.Literal('abstract'), Type.Literal('mW'), Type.Literal('uW')], {
      description:
        'The unit of `power` in the operating points: mW, uW, or abstract for a linear scale of no unit. Agents that speak a version before 3.0, which has no uW, are told mW. Left out: mW.',
      default: 'mW',
    }),
    version: Type.Optional(
      Type.Union([Type.Literal(0x10000), Type.Literal(0x20000), Type.Literal(0x30000), Type.Literal(0x40000)], {
        description: 'The protocol version to offer, major << 16 | minor. Left out: the newest, 0x40000.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiPerfConfig = Static<typeof config>;
/** A performance domain in an agent's list. */
export type PerfEntry = ScmiPerfConfig['agents'][string][number];

export default { config };
