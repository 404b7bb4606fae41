// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, formatId, FrameworkError, Status } from '@scp/framework';
import type { ResourcePermissions } from './api.ts';
import type { DenialConfig } from './schema.ts';

/** Agents, protocols and messages are numbered in a byte each: SCMI's header and agent table have no more. */
const BYTE = 256;
/** In place of a protocol or message: all of them. No protocol and no message has this number on the wire here. */
const ALL = 0;

/** One denial as a number: the agent in its lowest byte, so that those of one agent are found. */
const key = (agent: number, device: number, protocol: number, message: number): number =>
  agent + BYTE * (protocol + BYTE * (message + BYTE * device));

/** The permissions of one firmware: what is denied, by device, protocol and message. */
export class Permissions implements ResourcePermissions {
  deviceCount = 0;
  private readonly devices = new Map<ElementId, number>();
  /** Changed by the Base protocol only, never on the path of another message. */
  private readonly denied = new Set<number>();
  private readonly deniedMessages = new Set<number>();
  /** The product's own denials, by agent name until the agents are known, then as keys. */
  private readonly configured: { readonly device: number; readonly denial: DenialConfig }[] = [];
  private readonly defaults: number[] = [];

  /** Takes a device of the product. FrameworkError E_DATA for a resource of two devices, or messages without a protocol. */
  add(device: number, resources: readonly ElementId[], denials: readonly DenialConfig[]): void {
    for (const resource of resources) {
      if (this.devices.has(resource)) {
        const rule = `resource ${formatId(resource)} belongs to a device already; to one at most`;
        throw new FrameworkError(Status.E_DATA, rule);
      }
      this.devices.set(resource, device);
    }
    for (const denial of denials) {
      if (denial.messages !== undefined && denial.protocol === undefined) {
        throw new FrameworkError(Status.E_DATA, 'messages are denied without the protocol they belong to');
      }
      this.configured.push({ device, denial });
    }
  }

  setAgents(agentId: (name: string) => number | undefined): void {
    for (const { device, denial } of this.configured) {
      const agent = agentId(denial.agent);
      if (agent === undefined)
        throw new FrameworkError(Status.E_DATA, `denies agent ${denial.agent}, which is not there`);
      const { protocol = ALL, messages } = denial;
      if (messages === undefined) this.defaults.push(key(agent, device, protocol, ALL));
      else for (const message of messages) this.deniedMessages.add(key(agent, device, protocol, message));
    }
    for (const one of this.defaults) this.denied.add(one);
  }

  deviceOf(resource: ElementId): number | undefined {
    return this.devices.get(resource);
  }

  isPermitted(agent: number, protocol: number, resource: ElementId): boolean {
    const device = this.devices.get(resource);
    if (device === undefined) return true;
    return !this.denied.has(key(agent, device, ALL, ALL)) && !this.denied.has(key(agent, device, protocol, ALL));
  }

  isMessagePermitted(agent: number, protocol: number, message: number, resource: ElementId): boolean {
    if (!this.isPermitted(agent, protocol, resource)) return false;
    const device = this.devices.get(resource);
    return device === undefined || !this.deniedMessages.has(key(agent, device, protocol, message));
  }

  setDevice(agent: number, device: number, allowed: boolean): void {
    this.update(key(agent, device, ALL, ALL), allowed);
  }

  setProtocol(agent: number, device: number, protocol: number, allowed: boolean): void {
    this.update(key(agent, device, protocol, ALL), allowed);
  }

  private update(one: number, allowed: boolean): void {
    if (allowed) this.denied.delete(one);
    else this.denied.add(one);
  }

  reset(agent: number): void {
    for (const one of [...this.denied]) if (one % BYTE === agent) this.denied.delete(one);
    for (const one of this.defaults) if (one % BYTE === agent) this.denied.add(one);
  }
}
