// SPDX-License-Identifier: BSD-3-Clause
/** What is being set on a voltage domain, from its checks to its answer. Each domain has one, reused. */
import type { Message } from '@scp/scmi/api';

/** What is to be done. */
export const JobKind = {
  NONE: 0,
  /** The level becomes `value`. */
  LEVEL: 1,
  /** The mode follows the votes, that of `agent` being `value`. */
  MODE: 2,
  /** Nobody's: the mode follows the votes. */
  RECONCILE: 3,
} as const;
/** A kind of job. */
export type JobKind = (typeof JobKind)[keyof typeof JobKind];

/** A job. */
export class Job {
  kind: JobKind = JobKind.NONE;
  /** A level in µV, or a mode. */
  value = 0;
  /** The agent it is for; 0 for the platform. */
  agent = 0;
  /** The agent was reset: what the job does leaves no trace of it. */
  isAbandoned = false;
  /** The command to be answered; undefined for what is answered by a delayed response, or not at all. */
  message: Message | undefined = undefined;
  sequence = 0;
  /** Whether a delayed response is due, and what it repeats of the command. */
  isAsync = false;
  command = 0;
  domainId = 0;

  /** Becomes a job for the sender of `message`. */
  begin(kind: JobKind, value: number, message: Message, domainId: number, isAsync: boolean): void {
    this.clear();
    this.kind = kind;
    this.value = value;
    this.agent = message.agent;
    this.message = isAsync ? undefined : message;
    this.sequence = message.sequence;
    this.isAsync = isAsync;
    this.command = message.request.header;
    this.domainId = domainId;
  }

  /** Is none any more. */
  clear(): void {
    this.kind = JobKind.NONE;
    this.agent = 0;
    this.isAbandoned = false;
    this.message = undefined;
    this.isAsync = false;
  }
}
