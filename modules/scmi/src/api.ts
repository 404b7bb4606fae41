// SPDX-License-Identifier: BSD-3-Clause
/** The contracts of the `scmi` module: towards transports, towards protocols, and the words both speak in. */
import { type ApiToken, defineApi, type ElementId } from '@scp/framework';
import type { CommandDeclaration, NotificationDeclaration, ProtocolDeclaration } from './declaration.ts';
import type { Message } from './message.ts';
import type { Page } from './page.ts';
import type { PENDING, ScmiStatus } from './status.ts';

export * from './declaration.ts';
export * from './framework-status.ts';
export * from './header.ts';
export * from './message.ts';
export * from './page.ts';
export * from './reserved-bits.ts';
export * from './status.ts';
export * from './subscribers.ts';
export * from './views.ts';
export * from './votes.ts';

/** What a handler answers: a status, or PENDING when `respond` follows. */
export type HandlerResult = ScmiStatus | typeof PENDING;

/**
 * Handles one command. Called only after the hub has checked protocol, permission of the protocol, message and length;
 * `message.size` holds the size of the response's fixed fields. Writes the response's fields and answers SUCCESS, or
 * answers another status, which goes out alone. Must not throw, wait or allocate.
 */
export type Handler = (message: Message) => HandlerResult;

/** A handler for each command a protocol declares, under the declaration's keys, but the common ones the hub answers. */
export type Handlers<P extends ProtocolDeclaration> = {
  readonly [K in Exclude<keyof P['commands'], 'version' | 'messageAttributes' | 'negotiate'>]: Handler;
};

/** What a protocol module provides to the hub. */
export interface ScmiProtocol {
  readonly declaration: ProtocolDeclaration;
  /** The version this product offers, one of the declaration's. */
  readonly version: number;
  /** By the declaration's keys. */
  readonly handlers: { readonly [key: string]: Handler };
  /** How many resources `agent` sees; 0 hides the protocol from it. Constant. */
  resourceCount(agent: number): number;
  /** The element behind an agent's resource, which permissions are given for. */
  resource(agent: number, index: number): ElementId | undefined;
  /**
   * Whether a command of the declaration is there in this product for `agent`; commands that turn notifications on are
   * also gone when the agent has no platform-to-agent channel. Left out: every command is.
   */
  isAvailable?(command: CommandDeclaration, agent: number): boolean;
  /** What PROTOCOL_MESSAGE_ATTRIBUTES answers for a declared command that is not available. Left out: NOT_FOUND. */
  absentStatus?(command: CommandDeclaration, agent: number): ScmiStatus;
  /** What PROTOCOL_MESSAGE_ATTRIBUTES answers for an available command. Left out: 0. */
  messageAttributes?(command: CommandDeclaration, agent: number): number;
  /**
   * Returns everything `agent` has set to its default: votes, subscriptions, requests under way (which answer nothing any
   * more). On RESET_AGENT_CONFIGURATION, and when its connection ends or its device is reset.
   */
  resetAgent(agent: number): void;
}

/** Provided by protocol modules (on the module id); bound by the hub in round 1. */
export const SCMI_PROTOCOL: ApiToken<ScmiProtocol> = defineApi<ScmiProtocol>('SCMI_PROTOCOL');

/** An agent, as a product declares it. */
export interface AgentFacts {
  /** 1..N; 0 is the platform. */
  readonly id: number;
  readonly name: string;
}

/** What the hub provides to protocol modules. */
export interface ScmiHub {
  /** Agents 1..N, without the platform: `agents[0]` is agent 1. Complete after the hub's initialisation. */
  readonly agents: readonly AgentFacts[];
  /** The id of the agent called `name`, undefined when there is none. */
  agentId(name: string): number | undefined;
  /** The version of a protocol that is spoken with an agent. */
  versionFor(protocol: ProtocolDeclaration, agent: number): number;
  /** Whether an agent can receive notifications and delayed responses now. */
  hasP2a(agent: number): boolean;
  /** Whether `agent` may use a command of a protocol on the element; true without the resource-perms module. */
  isPermitted(agent: number, protocol: number, messageId: number, resource: ElementId): boolean;
  /**
   * Where the payload of the next notification or delayed response is written. Filled and sent in one go: the page is
   * shared by all.
   */
  readonly event: Page;
  /** Sends the first `size` bytes of payload in `event` as a notification. False when it had to be dropped. */
  notify(agent: number, protocol: ProtocolDeclaration, notification: NotificationDeclaration, size: number): boolean;
  /**
   * Sends the first `size` bytes of payload in `event` (a failure: 4, the status) as the delayed response to the command
   * with header `command`. It is kept until the agent has room, or is reset.
   */
  sendDelayed(agent: number, command: number, size: number): void;
  /** Ends a command whose handler answered PENDING. Nothing happens when `sequence` is no longer the one under way. */
  respond(message: Message, sequence: number, status: ScmiStatus): void;
}

/** Bound by protocol modules on the `scmi` module in round 0; the hub binds SCMI_PROTOCOL back in round 1. */
export const SCMI_HUB: ApiToken<ScmiHub> = defineApi<ScmiHub>('SCMI_HUB');

/** A service: what the hub provides to the transport entity of one channel. */
export interface ScmiService {
  /** Where the transport copies a request, header first, before `signal`. Not to be touched until `respond` is called. */
  readonly request: Page;
  /** Holds the answer when `respond` is called. */
  readonly response: Page;
  /**
   * A request is complete: `length` bytes with its header (4 or more; what exceeds the page is counted but not copied),
   * `capacity` bytes of room for the answer with its header (8 or more). It is handled in the channel's context; one
   * at a time: false when the one before has not been answered, or the firmware stops.
   */
  signal(length: number, capacity: number): boolean;
  /** The agent is gone or starts anew: its command under way is forgotten and its state reset. */
  reset(): void;
}

/** Provided by the hub on its elements; bound by the transport entity named in the service's configuration, in round 1. */
export const SCMI_SERVICE: ApiToken<ScmiService> = defineApi<ScmiService>('SCMI_SERVICE');

/** What a transport provides to the service of its channel; bound by the hub in round 0. */
export interface ScmiTransport {
  /** The answer in the service's response page, `length` bytes with its header, goes to the agent. */
  respond(length: number): void;
  /** Whether there is a way for notifications and delayed responses. */
  readonly hasP2a: boolean;
  /**
   * Sends a notification (`delayed` false) or a delayed response of `length` bytes with its header from `page`.
   * A notification without room for it answers false and is dropped; a delayed response is kept until there is.
   */
  transmit(page: Page, length: number, delayed: boolean): boolean;
}

/** Provided by transports on the channel's element. */
export const SCMI_TRANSPORT: ApiToken<ScmiTransport> = defineApi<ScmiTransport>('SCMI_TRANSPORT');
