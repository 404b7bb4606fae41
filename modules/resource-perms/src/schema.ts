// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { AnyElement } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    resources: Type.Array(AnyElement({ description: 'A clock, sensor or other element, as `module/element`.' }), {
      description:
        'The resources that make up this device. A resource belongs to one device at most; left out of all, every agent may use it.',
    }),
  },
  { additionalProperties: false, description: 'A device: its number, for the Base protocol, is its position.' },
);

/** Configuration of the module: none. */
export type ResourcePermsConfig = Static<typeof config>;
/** A device. */
export type DeviceConfig = Static<typeof element>;

export default { config, element };
