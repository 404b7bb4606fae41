// SPDX-License-Identifier: BSD-3-Clause
/** The module vhost-user: its elements are back ends, each one virtio device on one Unix socket. */
import {
  elementIndex,
  type Framework,
  FrameworkError,
  isElementId,
  type Module,
  type ModuleDefinition,
  Status,
} from '@scp/framework';
import { VIRTIO_DEVICE } from '@scp/virtio-scmi/api';
import type { BackEndConfig, VhostUserConfig } from './schema.ts';
import { Server } from './server.ts';

/** The command-line option that names the folder of the sockets. */
const SOCKET_DIR = 'socket-dir';

const create = (framework: Framework): Module<VhostUserConfig, BackEndConfig> => {
  const configs: BackEndConfig[] = [];
  const servers: Server[] = [];
  const folder = framework.host.option(SOCKET_DIR) ?? '.';

  return {
    init() {},
    elementInit(id, config) {
      configs[elementIndex(id)] = config;
    },
    bind(id, round) {
      if (round === 0 || !isElementId(id)) return;
      const { posix } = framework.host;
      const config = configs[elementIndex(id)];
      if (posix === undefined || config === undefined) {
        throw new FrameworkError(Status.E_SUPPORT, 'needs a host with Unix sockets');
      }
      const { socket, requireSealedMemory } = config;
      const path = socket.startsWith('/') ? socket : `${folder}/${socket}`;
      const device = framework.bind(config.device, VIRTIO_DEVICE);
      servers[elementIndex(id)] = new Server({ framework, posix, id, path, device, requireSealedMemory });
    },
    start(id) {
      if (isElementId(id)) servers[elementIndex(id)]?.start();
    },
    stop(id) {
      if (isElementId(id)) servers[elementIndex(id)]?.stop();
    },
  };
};

/** The vhost-user transport. */
const definition: ModuleDefinition<VhostUserConfig, BackEndConfig> = {
  name: 'vhost-user',
  type: 'DRIVER',
  host: 'node',
  options: [
    {
      name: SOCKET_DIR,
      value: 'DIR',
      description: 'Folder of the Unix sockets that front ends connect to; left out: the current one',
    },
  ],
  create,
};

export default definition;
