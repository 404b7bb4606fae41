// SPDX-License-Identifier: BSD-3-Clause
/** The power domains of all agents, and what an agent may do with one. */
import type { AgentViews, Message, ScmiHub } from '@scp/scmi/api';
import { POWER_DOMAIN_PROTOCOL } from './messages.ts';
import type { Resource } from './resource.ts';
import type { PowerDomainEntry } from './schema.ts';

/** The domains of all agents. */
export type Views = AgentViews<Resource, PowerDomainEntry>;

/** Whether the answer to a setting may wait for the transition. */
export function maySync(entry: PowerDomainEntry | undefined): boolean {
  if (entry === undefined) return false;
  return typeof entry === 'number' || entry.set === undefined || entry.set === 'both' || entry.set === 'sync';
}

/** Whether the answer to a setting may come before the transition. */
export function mayAsync(entry: PowerDomainEntry | undefined): boolean {
  if (entry === undefined) return false;
  return typeof entry === 'number' || entry.set === undefined || entry.set === 'both' || entry.set === 'async';
}

/** Whether the agent can be told of changes and requests. */
export function mayNotify(entry: PowerDomainEntry | undefined): boolean {
  return entry !== undefined && (typeof entry === 'number' || entry.notify !== false);
}

/** Whether permissions let the sender use a command on a domain. */
export const isPermitted = (hub: ScmiHub, message: Message, messageId: number, { id }: Resource): boolean =>
  hub.isPermitted(message.agent, POWER_DOMAIN_PROTOCOL.id, messageId, id);
