// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { ElementOf } from '@scp/framework/schema';

const config = Type.Object(
  {
    agents: Type.Record(
      Type.String({ minLength: 1, maxLength: 15 }),
      Type.Array(ElementOf('sensor', { description: 'A sensor, as `sensor/soc-temp`.' }), {
        maxItems: 4096,
        uniqueItems: true,
      }),
      {
        description:
          'By name of the agent: the sensors it sees. A sensor’s id is its position. An agent that is left out, or sees none, is not told of the protocol.',
      },
    ),
    maxPendingReads: Type.Integer({
      minimum: 1,
      maximum: 255,
      default: 8,
      description: 'How many asynchronous reads an agent may have under way; one more is answered BUSY. Left out: 8.',
    }),
    version: Type.Optional(
      Type.Integer({
        enum: [0x10000, 0x20000, 0x30000, 0x30001],
        description:
          'The protocol version to offer, major << 16 | minor: 0x10000, 0x20000, 0x30000 or 0x30001. Left out: the newest.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Configuration of the module. */
export type ScmiSensorConfig = Static<typeof config>;

export default { config };
