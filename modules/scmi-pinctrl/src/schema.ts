// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import type { ElementId } from '@scp/framework';
import { type ConfigProblem, ElementOf, type ProductFacts } from '@scp/framework/schema';

const plain = ElementOf('pinctrl', { description: 'A pin that the agent may configure, as `pinctrl/element`.' });

const restricted = Type.Object(
  {
    pin: ElementOf('pinctrl', { description: 'The pin, as `pinctrl/element`.' }),
    configure: Type.Optional(
      Type.Boolean({
        description:
          'Whether the agent may configure, request and release it, also as part of a group; else that is DENIED. Left out: yes.',
      }),
    ),
  },
  { additionalProperties: false, description: 'A pin and what the agent may do with it.' },
);

const view = Type.Object(
  {
    pins: Type.Array(Type.Union([plain, restricted]), {
      description:
        'The pins the agent sees, each once; the position is the agent’s id of it. Linux wants one at least.',
      minItems: 1,
      maxItems: 4096,
    }),
    groups: Type.Array(ElementOf('pinctrl', { description: 'A group, as `pinctrl/element`.' }), {
      description:
        'The groups the agent sees, each once; the position is the agent’s id of it. It sees all pins of each. Left out: none.',
      maxItems: 4096,
      default: [],
    }),
    functions: Type.Array(ElementOf('pinctrl', { description: 'A function, as `pinctrl/element`.' }), {
      description:
        'The functions the agent sees, each once; the position is the agent’s id of it. It sees one group, or pin, of each at least; those it does not see it is not told of. Left out: none.',
      maxItems: 4096,
      default: [],
    }),
  },
  { additionalProperties: false, description: 'What an agent sees.' },
);

const config = Type.Object(
  {
    agents: Type.Record(Type.String({ description: 'An agent’s name, as in the configuration of scmi.' }), view, {
      description: 'What each agent sees. An agent that is left out sees nothing, and no Pin control protocol.',
    }),
    inactive: Type.Union([Type.Literal('zero'), Type.Literal('not-supported')], {
      description:
        'What reading a bias or a way to drive answers while another one holds. `zero`: value 0. `not-supported`: NOT_SUPPORTED, and it is not among all settings; Linux’s debugfs, which shows value-less settings as active whatever they read, is right then. Left out: zero.',
      default: 'zero',
    }),
    version: Type.Optional(
      Type.Literal(0x10000, { description: 'The protocol version to offer. Left out: the only one, 0x10000.' }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiPinctrlConfig = Static<typeof config>;
/** A pin in an agent's list. */
export type PinEntry = ScmiPinctrlConfig['agents'][string]['pins'][number];

/** References of the wrong kind are found when the product is built. */
function check({ agents }: ScmiPinctrlConfig, _elements: readonly unknown[], facts: ProductFacts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [agent, { pins, groups, functions }] of Object.entries(agents)) {
    const lists: readonly (readonly [key: string, kind: string, ids: readonly ElementId[]])[] = [
      ['pins', 'pin', pins.map(entry => (typeof entry === 'number' ? entry : entry.pin))],
      ['groups', 'group', groups],
      ['functions', 'function', functions],
    ];
    for (const [key, kind, ids] of lists) {
      ids.forEach((id, index) => {
        const element = facts.element(id);
        const found = element?.config;
        if (element === undefined || (typeof found === 'object' && found !== null && kind in found)) return;
        problems.push({ path: ['config', 'agents', agent, key, index], message: `${element.name} is no ${kind}` });
      });
    }
  }
  return problems;
}

export default { config, check };
