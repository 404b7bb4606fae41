// SPDX-License-Identifier: BSD-3-Clause
/**
 * The Base protocol, 0x10: what the server is, which protocols and agents it has, and who may use what.
 * DEN0056, "Base protocol"; versions 1.0, 2.0 and 2.1. Fatal error events are not sent: a server that cannot go on says
 * nothing more.
 */
import type { Agent } from './agents.ts';
import type { Handlers, ScmiProtocol } from './api.ts';
import {
  BASE_ATTRIBUTES_RESPONSE,
  BASE_PROTOCOL,
  DISCOVER_AGENT_REQUEST,
  DISCOVER_AGENT_RESPONSE,
  DISCOVER_AGENT_RESPONSE_V1,
  IMPLEMENTATION_RESPONSE,
  LIST_PROTOCOLS_REQUEST,
  LIST_PROTOCOLS_RESPONSE,
  NOTIFY_ERRORS_REQUEST,
  RESET_AGENT_CONFIGURATION_REQUEST,
  SET_DEVICE_PERMISSIONS_REQUEST,
  SET_PROTOCOL_PERMISSIONS_REQUEST,
  VENDOR_RESPONSE,
} from './base-messages.ts';
import type { Hub } from './hub.ts';
import type { Message } from './message.ts';
import { packName, type PackedName } from './page.ts';
import { hasReservedBits } from './reserved-bits.ts';
import type { ScmiConfig } from './schema.ts';
import { ScmiStatus } from './status.ts';

/** The agent id that stands for the caller, from version 2.0. */
const CALLER = 0xffffffff;
const V2 = 0x20000;

/** The Base protocol of one hub. */
export class Base implements ScmiProtocol {
  readonly declaration = BASE_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof BASE_PROTOCOL>;
  private readonly hub: Hub;
  private readonly vendor: PackedName;
  private readonly subVendor: PackedName;
  private readonly implementationVersion: number;
  /** By agent id; the platform's is 0. */
  private readonly names: readonly PackedName[];

  constructor(hub: Hub, config: ScmiConfig) {
    this.hub = hub;
    this.version = config.version ?? 0x20001;
    this.vendor = packName(config.vendor, 16);
    this.subVendor = packName(config.subVendor, 16);
    this.implementationVersion = config.implementationVersion;
    this.names = ['platform', ...config.agents.map(agent => agent.name)].map(name => packName(name, 16));
    this.handlers = {
      attributes: message => this.onAttributes(message),
      discoverVendor: message => this.onDiscoverName(message, this.vendor),
      discoverSubVendor: message => this.onDiscoverName(message, this.subVendor),
      discoverImplementationVersion: message => this.onDiscoverImplementationVersion(message),
      discoverListProtocols: message => this.onDiscoverListProtocols(message),
      discoverAgent: message => this.onDiscoverAgent(message),
      notifyErrors: message => this.onNotifyErrors(message),
      setDevicePermissions: message => this.onSetDevicePermissions(message),
      setProtocolPermissions: message => this.onSetProtocolPermissions(message),
      resetAgentConfiguration: message => this.onResetAgentConfiguration(message),
    };
  }

  resourceCount(): number {
    return 0;
  }

  resource(): undefined {
    return undefined;
  }

  isAvailable(command: { readonly id: number }): boolean {
    const { setDevicePermissions, setProtocolPermissions } = BASE_PROTOCOL.commands;
    const permission = command.id === setDevicePermissions.id || command.id === setProtocolPermissions.id;
    return !permission || this.hub.permissions !== undefined;
  }

  /** The hub keeps what Base has of an agent. */
  resetAgent(): void {}

  private onAttributes(message: Message): ScmiStatus {
    let protocols = 0;
    for (const registered of this.hub.registry.all) if (this.lists(message.agent, registered.index)) protocols++;
    message.set(BASE_ATTRIBUTES_RESPONSE.at.attributes, (this.hub.agents.length << 8) | protocols);
    return ScmiStatus.SUCCESS;
  }

  /** Whether an agent's list has the protocol at `index`: not Base, not hidden, not denied. */
  private lists(agent: number, index: number): boolean {
    const registered = this.hub.registry.all[index];
    const state = this.agent(agent);
    if (index === 0 || registered === undefined || state === undefined) return false;
    return state.sees(registered) && !state.isDenied(registered);
  }

  private onDiscoverName(message: Message, name: PackedName): ScmiStatus {
    message.response.setName(VENDOR_RESPONSE.at.identifier, name);
    return ScmiStatus.SUCCESS;
  }

  private onDiscoverImplementationVersion(message: Message): ScmiStatus {
    message.set(IMPLEMENTATION_RESPONSE.at.version, this.implementationVersion);
    return ScmiStatus.SUCCESS;
  }

  private onDiscoverListProtocols(message: Message): ScmiStatus {
    const skip = message.u32(LIST_PROTOCOLS_REQUEST.at.skip);
    const { all } = this.hub.registry;
    // Whole words only: the agent reads the list in words.
    const room = 4 * message.room(4);
    let seen = 0;
    let count = 0;
    let word = 0;
    for (let index = 0; index < all.length; index++) {
      if (!this.lists(message.agent, index)) continue;
      if (seen++ < skip || count === room) continue;
      word |= (all[index]?.protocol.declaration.id ?? 0) << (8 * (count & 3));
      count++;
      message.set(LIST_PROTOCOLS_RESPONSE.size + 4 * ((count - 1) >> 2), word);
      if ((count & 3) === 0) word = 0;
    }
    if (skip > seen) return ScmiStatus.INVALID_PARAMETERS;
    message.set(LIST_PROTOCOLS_RESPONSE.at.count, count);
    message.size = LIST_PROTOCOLS_RESPONSE.size + 4 * ((count + 3) >> 2);
    return ScmiStatus.SUCCESS;
  }

  private onDiscoverAgent(message: Message): ScmiStatus {
    const asked = message.u32(DISCOVER_AGENT_REQUEST.at.agentId);
    const id = asked === CALLER && message.version >= V2 ? message.agent : asked;
    const name = this.names[id];
    if (name === undefined) return ScmiStatus.NOT_FOUND;
    if (message.version < V2) {
      message.response.setName(DISCOVER_AGENT_RESPONSE_V1.at.name, name);
      return ScmiStatus.SUCCESS;
    }
    message.set(DISCOVER_AGENT_RESPONSE.at.agentId, id);
    message.response.setName(DISCOVER_AGENT_RESPONSE.at.name, name);
    return ScmiStatus.SUCCESS;
  }

  private onNotifyErrors(message: Message): ScmiStatus {
    const enable = message.u32(NOTIFY_ERRORS_REQUEST.at.enable);
    if (hasReservedBits(enable)) return ScmiStatus.INVALID_PARAMETERS;
    const agent = this.agent(message.agent);
    if (agent !== undefined) agent.notifyErrors = enable === 1;
    return ScmiStatus.SUCCESS;
  }

  private onSetDevicePermissions(message: Message): ScmiStatus {
    const AT = SET_DEVICE_PERMISSIONS_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const device = message.u32(AT.deviceId);
    const flags = message.u32(AT.flags);
    if (agent === undefined || !this.reaches(agent.id, device)) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags)) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.permissions?.setDevice(agent.id, device, flags === 1);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }

  private onSetProtocolPermissions(message: Message): ScmiStatus {
    const AT = SET_PROTOCOL_PERMISSIONS_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const device = message.u32(AT.deviceId);
    const command = message.u32(AT.commandId);
    const flags = message.u32(AT.flags);
    if (agent === undefined || !this.reaches(agent.id, device)) return ScmiStatus.NOT_FOUND;
    const registered = this.hub.registry.find(command & 0xff);
    // Base can't be denied: for this command it is not there.
    if (registered === undefined || registered.index === 0 || !agent.sees(registered)) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags) || hasReservedBits(command, 0xff)) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.permissions?.setProtocol(agent.id, device, command, flags === 1);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }

  private onResetAgentConfiguration(message: Message): ScmiStatus {
    const AT = RESET_AGENT_CONFIGURATION_REQUEST.at;
    const agent = this.agent(message.u32(AT.agentId));
    const flags = message.u32(AT.flags);
    if (agent === undefined) return ScmiStatus.NOT_FOUND;
    if (hasReservedBits(flags)) return ScmiStatus.INVALID_PARAMETERS;
    if (agent.id !== message.agent && !this.isTrusted(message.agent)) return ScmiStatus.DENIED;
    this.hub.resetAgent(agent);
    if (flags === 1) this.hub.permissions?.reset(agent.id);
    this.hub.updateAccess();
    return ScmiStatus.SUCCESS;
  }

  private agent(id: number): Agent | undefined {
    return this.hub.agents[id - 1];
  }

  private isTrusted(id: number): boolean {
    return this.agent(id)?.trusted === true;
  }

  /** Whether a device holds a resource that the agent sees through some protocol. */
  private reaches(agent: number, device: number): boolean {
    const { permissions, registry } = this.hub;
    if (permissions === undefined || device >= permissions.deviceCount) return false;
    for (const { protocol } of registry.all) {
      for (let index = 0; index < protocol.resourceCount(agent); index++) {
        const resource = protocol.resource(agent, index);
        if (resource !== undefined && permissions.deviceOf(resource) === device) return true;
      }
    }
    return false;
  }
}
