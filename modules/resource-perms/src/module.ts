// SPDX-License-Identifier: BSD-3-Clause
/** The `resource-perms` module: one element a device. SCP-firmware: module/resource_perms. */
import { elementIndex, type Module, type ModuleDefinition, provide } from '@scp/framework';
import { RESOURCE_PERMISSIONS } from './api.ts';
import { Permissions } from './permissions.ts';
import type { DeviceConfig, ResourcePermsConfig } from './schema.ts';

function create(): Module<ResourcePermsConfig, DeviceConfig> {
  const permissions = new Permissions();
  return {
    apis: [provide(RESOURCE_PERMISSIONS, () => permissions)],
    init(_config, elementCount) {
      permissions.deviceCount = elementCount;
    },
    elementInit(id, { resources, deny }) {
      permissions.add(elementIndex(id), resources, deny);
    },
  };
}

const definition: ModuleDefinition<ResourcePermsConfig, DeviceConfig> = {
  name: 'resource-perms',
  type: 'SERVICE',
  apis: [RESOURCE_PERMISSIONS],
  create: () => create(),
};

export default definition;
