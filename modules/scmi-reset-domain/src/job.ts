// SPDX-License-Identifier: BSD-3-Clause
/** The command under way on a reset domain, from its checks to its answer. Each domain has one, reused. */
import { COLD_RESET, ResetOperation } from '@scp/reset-domain/api';
import { type Message, statusOnly } from '@scp/scmi/api';
import { RESET_REQUEST } from './messages.ts';

/** How a job came to be, and with that who is told of its end. */
export const JobKind = {
  NONE: 0,
  /** A command that waits for its answer. */
  SYNC: 1,
  /** A command that was answered, and whose delayed response is due. */
  ASYNC: 2,
  /** Nobody's: the line follows the votes. */
  RECONCILE: 3,
} as const;
/** A kind of job. */
export type JobKind = (typeof JobKind)[keyof typeof JobKind];

/** A job. */
export class Job {
  kind: JobKind = JobKind.NONE;
  /** What the agent wants; an explicit operation is its vote. */
  operation: ResetOperation = ResetOperation.RELEASE;
  state = COLD_RESET;
  /** The agent it is for; 0 for the platform. */
  agent = 0;
  /** The agent was reset: what the job does leaves no trace of it. */
  isAbandoned = false;
  /** SYNC: the command to be answered. */
  message: Message | undefined = undefined;
  sequence = 0;
  /** ASYNC: what the delayed response repeats. */
  command = 0;
  domainId = 0;

  /** Becomes a job for the sender of `message`. */
  begin(kind: JobKind, operation: ResetOperation, message: Message): void {
    this.clear();
    this.kind = kind;
    this.operation = operation;
    this.state = message.u32(RESET_REQUEST.at.resetState);
    this.agent = message.agent;
    this.message = kind === JobKind.SYNC ? message : undefined;
    this.sequence = message.sequence;
    this.command = message.request.header;
    this.domainId = message.u32(RESET_REQUEST.at.domainId);
  }

  /** Is none any more. */
  clear(): void {
    this.kind = JobKind.NONE;
    this.state = COLD_RESET;
    this.agent = 0;
    this.isAbandoned = false;
    this.message = undefined;
  }
}

/** Bytes of a delayed response that tells of a failure: its status. */
export const FAILURE_SIZE = statusOnly.size;
