// SPDX-License-Identifier: BSD-3-Clause
import {
  type ElementId,
  elementIndex,
  formatId,
  type Framework,
  FrameworkError,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { RESOURCE_PERMISSIONS, type ResourcePermissions } from './api.ts';
import type { DeviceConfig, ResourcePermsConfig } from './schema.ts';

/** Agents and protocols are numbered in a byte each: SCMI's header and agent table have no more. */
const BYTE = 256;

class Permissions implements ResourcePermissions {
  deviceCount = 0;
  private readonly devices = new Map<ElementId, number>();
  /** What is denied: by device, and by device and protocol. Changed by the Base protocol only, never on another path. */
  private readonly deniedDevices = new Set<number>();
  private readonly deniedProtocols = new Set<number>();

  deviceOf(resource: ElementId): number | undefined {
    return this.devices.get(resource);
  }

  isPermitted(agent: number, protocol: number, resource: ElementId): boolean {
    const device = this.devices.get(resource);
    if (device === undefined) return true;
    return !this.deniedDevices.has(key(agent, device, 0)) && !this.deniedProtocols.has(key(agent, device, protocol));
  }

  setDevice(agent: number, device: number, allowed: boolean): void {
    update(this.deniedDevices, key(agent, device, 0), allowed);
  }

  setProtocol(agent: number, device: number, protocol: number, allowed: boolean): void {
    update(this.deniedProtocols, key(agent, device, protocol), allowed);
  }

  reset(agent: number): void {
    for (const denied of [this.deniedDevices, this.deniedProtocols]) {
      for (const one of [...denied]) if (one % BYTE === agent) denied.delete(one);
    }
  }

  add(device: number, resource: ElementId): void {
    if (this.devices.has(resource)) {
      throw new FrameworkError(
        Status.E_DATA,
        `resource ${formatId(resource)} belongs to a device already; to one at most`,
      );
    }
    this.devices.set(resource, device);
  }
}

const key = (agent: number, device: number, protocol: number): number => agent + BYTE * (protocol + BYTE * device);

function update(denied: Set<number>, one: number, allowed: boolean): void {
  if (allowed) denied.delete(one);
  else denied.add(one);
}

function create(): Module<ResourcePermsConfig, DeviceConfig> {
  const permissions = new Permissions();
  return {
    apis: [provide(RESOURCE_PERMISSIONS, () => permissions)],
    init(_config, elementCount) {
      permissions.deviceCount = elementCount;
    },
    elementInit(id, config) {
      for (const resource of config.resources) permissions.add(elementIndex(id), resource);
    },
  };
}

const definition: ModuleDefinition<ResourcePermsConfig, DeviceConfig> = {
  name: 'resource-perms',
  type: 'SERVICE',
  apis: [RESOURCE_PERMISSIONS],
  create: (_framework: Framework) => create(),
};

export default definition;
