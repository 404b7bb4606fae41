// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { Reference } from '@scp/framework/schema';

const config = Type.Object({}, { additionalProperties: false });

const element = Type.Object(
  {
    device: Reference('VIRTIO_DEVICE', { description: 'The virtio device behind this socket, as `module/element`.' }),
    socket: Type.String({
      minLength: 1,
      maxLength: 107,
      description:
        'The Unix socket to listen on, relative to --socket-dir; with it at most 107 bytes. Mode 0600: who may open it is the agent.',
    }),
    requireSealedMemory: Type.Boolean({
      default: false,
      description:
        'Refuse guest memory whose file can shrink: a front end that shrinks it ends this process. QEMU needs memory-backend-memfd then, and user-mode Linux cannot connect. Left out: false.',
    }),
  },
  { additionalProperties: false, description: 'A vhost-user back end: one device on one Unix socket.' },
);

/** Configuration of the module: none. */
export type VhostUserConfig = Static<typeof config>;
/** A back end. */
export type BackEndConfig = Static<typeof element>;

export default { config, element };
