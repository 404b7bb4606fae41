// SPDX-License-Identifier: BSD-3-Clause
/** The contract of the `resource-perms` module: what each agent may use, by device and protocol. */
import { type ApiToken, defineApi, type ElementId } from '@scp/framework';

/**
 * Permissions of agents. A device groups resources of several protocols under one number, as SET_DEVICE_PERMISSIONS and
 * SET_PROTOCOL_PERMISSIONS of the Base protocol use it. A resource that belongs to no device is everyone's.
 */
export interface ResourcePermissions {
  /** Devices 0..count-1. */
  readonly deviceCount: number;
  /** The device a resource belongs to, undefined for none. */
  deviceOf(resource: ElementId): number | undefined;
  /**
   * Takes the agents, by name, and with them the permissions of the product. Once, by the hub in the bind stage.
   * FrameworkError E_DATA for a name that no agent has.
   */
  setAgents(agentId: (name: string) => number | undefined): void;
  /** Whether `agent` may use anything of the resource through `protocol`. */
  isPermitted(agent: number, protocol: number, resource: ElementId): boolean;
  /** Whether `agent` may use one message of `protocol` on the resource. */
  isMessagePermitted(agent: number, protocol: number, message: number, resource: ElementId): boolean;
  /** Allows or denies an agent a device, for every protocol. */
  setDevice(agent: number, device: number, allowed: boolean): void;
  /** Allows or denies an agent a device through one protocol; the permission of the device itself stays. */
  setProtocol(agent: number, device: number, protocol: number, allowed: boolean): void;
  /** Returns an agent's permissions to those of the product. */
  reset(agent: number): void;
}

/** Bound on the module by the hub. */
export const RESOURCE_PERMISSIONS: ApiToken<ResourcePermissions> =
  defineApi<ResourcePermissions>('RESOURCE_PERMISSIONS');
