// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { AnyElement } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const BYTE = { minimum: 0, maximum: 0xff };

const denial = Type.Object(
  {
    agent: Type.String({ description: 'The agent, by its name in the configuration of scmi.' }),
    protocol: Type.Optional(
      Type.Integer({ ...BYTE, description: 'The protocol, 0x11..0xFF. Left out: every protocol.' }),
    ),
    messages: Type.Optional(
      Type.Array(Type.Integer({ ...BYTE, description: 'The id of a command.' }), {
        description: 'The commands of `protocol` that are denied. Left out: all of them.',
        minItems: 1,
        uniqueItems: true,
      }),
    ),
  },
  { additionalProperties: false, description: 'What an agent may not do with the device.' },
);

const element = Type.Object(
  {
    resources: Type.Array(AnyElement({ description: 'A clock, sensor or other element, as `module/element`.' }), {
      description:
        'The resources that make up this device. A resource belongs to one device at most; left out of all, every agent may use it.',
    }),
    deny: Type.Array(denial, {
      description:
        'What agents may not do, from the start and after their permissions are reset. Left out: everyone may do everything.',
      default: [],
    }),
  },
  { additionalProperties: false, description: 'A device: its number, for the Base protocol, is its position.' },
);

/** Configuration of the module: none. */
export type ResourcePermsConfig = Static<typeof config>;
/** What an agent may not do. */
export type DenialConfig = Static<typeof denial>;
/** A device. */
export type DeviceConfig = Static<typeof element>;

export default { config, element };
