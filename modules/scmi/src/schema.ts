// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Reference } from '@scp/framework/schema';

const agent = Type.Object(
  {
    name: Type.String({
      description:
        'The agent’s name, as BASE_DISCOVER_AGENT tells it: at most 15 characters. Its id is its position, from 1.',
      minLength: 1,
      maxLength: 15,
    }),
    trusted: Type.Boolean({
      description: 'Whether it may change the permissions of other agents and reset their configuration. Left out: no.',
      default: false,
    }),
  },
  { additionalProperties: false },
);

const config = Type.Object(
  {
    vendor: Type.String({ description: 'BASE_DISCOVER_VENDOR, at most 15 characters.', maxLength: 15 }),
    subVendor: Type.String({
      description: 'BASE_DISCOVER_SUB_VENDOR, at most 15 characters. Left out: empty.',
      maxLength: 15,
      default: '',
    }),
    implementationVersion: Type.Integer({
      description:
        'BASE_DISCOVER_IMPLEMENTATION_VERSION, 0..2^32-1; to be raised with every change an agent can see. Left out: 1.',
      minimum: 0,
      maximum: 0xffffffff,
      default: 1,
    }),
    version: Type.Optional(
      Type.Integer({
        description: 'The Base protocol version to offer, major << 16 | minor. Left out: the newest, 0x20001.',
      }),
    ),
    agents: Type.Array(agent, {
      description: 'The agents, at most 255, in the order of their ids.',
      minItems: 1,
      maxItems: 255,
    }),
  },
  { additionalProperties: false },
);

const element = Type.Object(
  {
    agent: Type.String({ description: 'The name of the agent that speaks on this channel.' }),
    transport: Reference('SCMI_TRANSPORT', { description: 'The channel it speaks on, as `module/element`.' }),
  },
  { additionalProperties: false, description: 'A service: the server’s end of one channel.' },
);

/** Configuration of the hub. */
export type ScmiConfig = Static<typeof config>;
/** Configuration of a service. */
export type ServiceConfig = Static<typeof element>;

export default { config, element };
