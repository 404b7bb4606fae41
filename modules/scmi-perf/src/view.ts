// SPDX-License-Identifier: BSD-3-Clause
/** The performance domains of all agents, and what an agent may do with one. */
import type { AgentViews, Message, ScmiHub } from '@scp/scmi/api';
import { PERF_PROTOCOL } from './messages.ts';
import type { Resource } from './resource.ts';
import type { PerfEntry } from './schema.ts';

/** The domains of all agents. */
export type Views = AgentViews<Resource, PerfEntry>;

/** Whether the agent may set limits. */
export const maySetLimits = (entry: PerfEntry | undefined): boolean =>
  entry !== undefined && (typeof entry === 'number' || entry.limits !== false);

/** Whether the agent may set the level. */
export const maySetLevel = (entry: PerfEntry | undefined): boolean =>
  entry !== undefined && (typeof entry === 'number' || entry.level !== false);

/** Whether the agent can be told of changes. */
export const mayNotify = (entry: PerfEntry | undefined): boolean =>
  entry !== undefined && (typeof entry === 'number' || entry.notify !== false);

/** Whether permissions let the sender use a command on a domain. */
export const isPermitted = (hub: ScmiHub, message: Message, messageId: number, { id }: Resource): boolean =>
  hub.isPermitted(message.agent, PERF_PROTOCOL.id, messageId, id);
