// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Quantity } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    delayedResponses: Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 64,
      description:
        'Delayed responses kept while the agent has no event buffer for them, 1..1024, 1 KiB each. Left out: 64.',
    }),
    responseGap: Quantity('us', {
      maximum: 1_000_000,
      default: 1000,
      description:
        'How long a delayed response keeps behind, up to 1 s: it comes on another queue than the answer to its command, and a guest with several CPUs may take the two interrupts in either order. Linux wants the answer first. Left out: 1 ms.',
    }),
  },
  { additionalProperties: false, description: 'A virtio-scmi device: the channel of one agent.' },
);

/** Configuration of the module: none. */
export type VirtioScmiConfig = Static<typeof config>;
/** A device. */
export type VirtioScmiDeviceConfig = Static<typeof element>;

export default { config, element };
