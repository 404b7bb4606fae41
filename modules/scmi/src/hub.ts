// SPDX-License-Identifier: BSD-3-Clause
/** The hub: from a message to its handler in the fixed order of checks, and from the platform back to agents. */
import { type ElementId, type EntityId, type Framework, LogLevel, LogLimit, Status } from '@scp/framework';
import type { ResourcePermissions } from '@scp/resource-perms/api';
import type { Agent } from './agents.ts';
import type { HandlerResult, ScmiHub } from './api.ts';
import { BASE_PROTOCOL, ERROR_EVENT } from './base-messages.ts';
import {
  COMMON,
  MESSAGE_ATTRIBUTES_REQUEST,
  MESSAGE_ATTRIBUTES_RESPONSE,
  NEGOTIATE_REQUEST,
  type NotificationDeclaration,
  type ProtocolDeclaration,
  VERSION_RESPONSE,
} from './declaration.ts';
import { header, messageOf, MessageType, protocolOf, typeOf, withType } from './header.ts';
import { type Message, RESPONSE_CAPACITY } from './message.ts';
import { MESSAGE_EVENT } from './module-events.ts';
import { Page } from './page.ts';
import { type Entry, type Registered, Registry } from './registry.ts';
import type { Service, ServiceOwner } from './service.ts';
import { PENDING, ScmiStatus, scmiStatusName } from './status.ts';
import { commandText } from './trace.ts';

/** An error event with one failed command behind the fixed fields. */
const ERROR_EVENT_SIZE = ERROR_EVENT.size + 8;

/** Failures of the server or the transport, and messages that broke the protocol: what BASE_ERROR_EVENT tells. */
const isFault = (status: number): boolean =>
  status === ScmiStatus.COMMS_ERROR ||
  status === ScmiStatus.GENERIC_ERROR ||
  status === ScmiStatus.HARDWARE_ERROR ||
  status === ScmiStatus.PROTOCOL_ERROR;

/** Routes commands to protocols, and notifications and delayed responses to agents. */
export class Hub implements ScmiHub, ServiceOwner {
  readonly agents: Agent[] = [];
  readonly registry = new Registry();
  readonly event = new Page(RESPONSE_CAPACITY);
  permissions: ResourcePermissions | undefined = undefined;
  private readonly framework: Framework;
  private readonly services = new Map<EntityId, Service>();
  private readonly byMessage = new Map<Message, Service>();
  /** By agent id: the services it speaks on. */
  private readonly byAgent: Service[][] = [];
  private readonly limit: LogLimit;
  private readonly tracing: boolean;

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
    this.tracing = framework.host.option('trace') === 'true' && framework.log.enabled(LogLevel.TRACE);
  }

  // ---------------------------------------------------------------- set-up

  /** Takes an agent, in the order of ids. */
  addAgent(agent: Agent): void {
    this.agents.push(agent);
    this.byAgent[agent.id] = [];
  }

  /** Takes the service of a channel. */
  addService(service: Service): void {
    this.services.set(service.id, service);
    this.byMessage.set(service.message, service);
    this.byAgent[service.agent.id]?.push(service);
  }

  /** The service that is the element `id`. */
  serviceOf(id: EntityId): Service | undefined {
    return this.services.get(id);
  }

  /** Fixes what each agent sees, once all protocols are known. */
  prepare(): void {
    for (const agent of this.agents) agent.prepare(this.registry);
    this.updateAccess();
  }

  /** Works out anew what permissions leave each agent. */
  updateAccess(): void {
    for (const agent of this.agents) agent.updateAccess(this.registry, this.permissions);
  }

  // ---------------------------------------------------------------- commands

  queue(service: Service): boolean {
    return this.framework.put(MESSAGE_EVENT, service.id, service.id, service.params) === Status.SUCCESS;
  }

  now(): number {
    return this.framework.host.now();
  }

  /** Handles the command of a service, unless the service was reset since it was queued. */
  process(service: Service, sequence: number): void {
    if (!service.busy || service.message.sequence !== sequence) return;
    const result = this.dispatch(service);
    if (result !== PENDING) this.answer(service, result);
  }

  respond(message: Message, sequence: number, status: ScmiStatus): void {
    const service = this.byMessage.get(message);
    if (service?.busy === true && message.sequence === sequence) this.answer(service, status);
  }

  /** The checks, in the order that the first one broken decides the answer. DEN0056; every row before the handler's own. */
  private dispatch(service: Service): HandlerResult {
    const { message, agent } = service;
    const word = message.request.header;
    service.command = undefined;
    message.size = 4;
    if (typeOf(word) !== MessageType.COMMAND) return ScmiStatus.PROTOCOL_ERROR;
    const registered = this.registry.find(protocolOf(word));
    if (registered === undefined || !agent.sees(registered)) return ScmiStatus.NOT_SUPPORTED;
    if (agent.isDenied(registered)) return ScmiStatus.DENIED;
    const entry = this.findEntry(registered, agent, messageOf(word));
    if (entry === undefined) return ScmiStatus.NOT_FOUND;
    service.command = entry.command;
    if (message.length < entry.shortest || message.length > entry.longest) return ScmiStatus.PROTOCOL_ERROR;
    message.p2a = this.hasP2a(agent.id);
    if (entry.command.notifies === true && !message.p2a) return ScmiStatus.NOT_SUPPORTED;
    // Before anything is done: a command whose answer has no room must not have an effect.
    if (entry.responseSize > message.capacity) return ScmiStatus.COMMS_ERROR;
    message.size = entry.responseSize;
    message.version = registered.protocol.declaration.versions[agent.versionIndex(registered)] ?? 0;
    const result = this.handle(registered, entry, message, agent);
    return result === ScmiStatus.SUCCESS && message.size > message.capacity ? ScmiStatus.COMMS_ERROR : result;
  }

  private findEntry(registered: Registered, agent: Agent, id: number): Entry | undefined {
    const entry = registered.tables[agent.versionIndex(registered)]?.[id];
    if (entry === undefined) return undefined;
    const { protocol } = registered;
    return protocol.isAvailable?.(entry.command, agent.id) === false ? undefined : entry;
  }

  private handle(registered: Registered, entry: Entry, message: Message, agent: Agent): HandlerResult {
    try {
      if (entry.handler !== undefined) return entry.handler(message);
    } catch (error) {
      // A defect of ours must not leave the agent without an answer.
      this.framework.log.crit(`[SCMI] ${entry.command.name}: ${error instanceof Error ? error.stack : String(error)}`);
      return ScmiStatus.GENERIC_ERROR;
    }
    switch (entry.command.id) {
      case COMMON.VERSION:
        message.set(VERSION_RESPONSE.at.version, registered.protocol.version);
        return ScmiStatus.SUCCESS;
      case COMMON.MESSAGE_ATTRIBUTES:
        return this.messageAttributes(registered, message, agent);
      case COMMON.NEGOTIATE:
        return this.negotiate(registered, message, agent);
      default:
        return ScmiStatus.NOT_FOUND;
    }
  }

  private messageAttributes(registered: Registered, message: Message, agent: Agent): ScmiStatus {
    const id = message.u32(MESSAGE_ATTRIBUTES_REQUEST.at.messageId);
    const declared = id > 0xff ? undefined : registered.tables[agent.versionIndex(registered)]?.[id];
    if (declared === undefined) return ScmiStatus.NOT_FOUND;
    const { protocol } = registered;
    const { command } = declared;
    if (this.findEntry(registered, agent, id) === undefined || (command.notifies === true && !message.p2a)) {
      return protocol.absentStatus?.(command, agent.id) ?? ScmiStatus.NOT_FOUND;
    }
    const attributes = protocol.messageAttributes?.(command, agent.id) ?? 0;
    message.set(MESSAGE_ATTRIBUTES_RESPONSE.at.attributes, attributes);
    return ScmiStatus.SUCCESS;
  }

  private negotiate(registered: Registered, message: Message, agent: Agent): ScmiStatus {
    const wanted = message.u32(NEGOTIATE_REQUEST.at.version);
    const index = registered.protocol.declaration.versions.indexOf(wanted);
    if (index < 0 || index > registered.offered) return ScmiStatus.NOT_SUPPORTED;
    agent.negotiate(registered, index);
    return ScmiStatus.SUCCESS;
  }

  private answer(service: Service, status: ScmiStatus): void {
    const { message } = service;
    const size = status === ScmiStatus.SUCCESS ? message.size : 4;
    message.response.header = message.request.header;
    message.response.set(0, status);
    service.busy = false;
    if (this.tracing) this.trace(service, size);
    if (status !== ScmiStatus.SUCCESS) this.reportFailure(service, status);
    // Whatever follows may overwrite the pages: the transport takes the next command from here.
    service.transport?.respond(4 + size);
  }

  private trace(service: Service, size: number): void {
    const { message, command } = service;
    const elapsed = Math.round(this.now() - service.since);
    this.framework.log.trace(
      `[SCMI] ${commandText(service.name, command, message.version, message.request, message.length, message.response, size, elapsed)}`,
    );
  }

  private reportFailure(service: Service, status: ScmiStatus): void {
    if (!isFault(status)) return;
    const word = service.message.request.header;
    if (this.limit.take(this.now())) {
      const held = this.limit.suppressed;
      this.limit.suppressed = 0;
      const name = service.command?.name ?? `header 0x${word.toString(16)}`;
      this.framework.log.warn(
        `[SCMI] ${service.name}: ${name}, ${service.message.length} bytes of payload, answered ${scmiStatusName(status)}${held > 0 ? ` (${held} more like this)` : ''}`,
      );
    }
    for (let at = 0; at < this.agents.length; at++) {
      const agent = this.agents[at];
      if (agent?.notifyErrors === true) this.notifyError(agent.id, service.agent.id, word, status);
    }
  }

  private notifyError(recipient: number, cause: number, word: number, status: ScmiStatus): void {
    this.event.set(ERROR_EVENT.at.agentId, cause);
    this.event.set(ERROR_EVENT.at.errorStatus, 1);
    this.event.set(ERROR_EVENT.size, word);
    this.event.set(ERROR_EVENT.size + 4, status);
    this.notify(recipient, BASE_PROTOCOL, BASE_PROTOCOL.notifications.errorEvent, ERROR_EVENT_SIZE);
  }

  // ---------------------------------------------------------------- what protocols use

  agentId(name: string): number | undefined {
    return this.agents.find(agent => agent.name === name)?.id;
  }

  versionFor(protocol: ProtocolDeclaration, agent: number): number {
    const registered = this.registry.find(protocol.id);
    const state = this.agents[agent - 1];
    if (registered === undefined || state === undefined) return 0;
    return protocol.versions[state.versionIndex(registered)] ?? 0;
  }

  hasP2a(agent: number): boolean {
    return this.p2aOf(agent) !== undefined;
  }

  isPermitted(agent: number, protocol: number, messageId: number, resource: ElementId): boolean {
    return this.permissions?.isMessagePermitted(agent, protocol, messageId, resource) ?? true;
  }

  notify(agent: number, protocol: ProtocolDeclaration, notification: NotificationDeclaration, size: number): boolean {
    const transport = this.p2aOf(agent);
    if (transport === undefined) return false;
    this.event.header = header(protocol.id, notification.id, MessageType.NOTIFICATION, 0);
    if (this.tracing)
      this.framework.log.trace(`[SCMI] ${this.agents[agent - 1]?.name ?? agent} < ${notification.name}`);
    return transport.transmit(this.event, 4 + size, false);
  }

  sendDelayed(agent: number, command: number, size: number): void {
    const transport = this.p2aOf(agent);
    this.event.header = withType(command, MessageType.DELAYED_RESPONSE);
    if (this.tracing) {
      this.framework.log.trace(
        `[SCMI] ${this.agents[agent - 1]?.name ?? agent} < delayed 0x${command.toString(16)} ${scmiStatusName(this.event.i32(0))}`,
      );
    }
    transport?.transmit(this.event, 4 + size, true);
  }

  private p2aOf(agent: number) {
    const services = this.byAgent[agent];
    if (services === undefined) return undefined;
    for (let at = 0; at < services.length; at++) {
      const transport = services[at]?.transport;
      if (transport?.hasP2a === true) return transport;
    }
    return undefined;
  }

  resetAgent(agent: Agent): void {
    agent.reset(this.registry);
    for (const { protocol } of this.registry.all) protocol.resetAgent(agent.id);
  }
}
