// SPDX-License-Identifier: BSD-3-Clause
/** The transition under way on a domain, from its checks to its answer. Each domain has one, reused. */
import type { Message } from '@scp/scmi/api';
import type { Vote } from './resource.ts';

/** What is to be done. */
export const JobKind = { NONE: 0, SET: 1, RECONCILE: 2 } as const;
/** A kind of job. */
export type JobKind = (typeof JobKind)[keyof typeof JobKind];

/** A job. */
export class Job {
  kind: JobKind = JobKind.NONE;
  /** The HAL has been asked. */
  isStarted = false;
  /** The agent it is for; 0 for the platform. */
  agent = 0;
  /** What the agent votes for. */
  vote: Vote = 0;
  /** The agent was reset: what the job does leaves no trace of it. */
  isAbandoned = false;
  /** The command to be answered, undefined when it has been, or was none. */
  message: Message | undefined = undefined;
  sequence = 0;
  /** A change to be told of once the command is answered: SCMI's word for the state, -1 for none. */
  heldWord = -1;

  /** Becomes a job for the sender of `message`; `isAwaited` if the answer waits for its end. */
  begin(message: Message, vote: Vote, isAwaited: boolean): void {
    this.kind = JobKind.SET;
    this.agent = message.agent;
    this.vote = vote;
    this.message = isAwaited ? message : undefined;
    this.sequence = message.sequence;
  }

  /** Is none any more. */
  clear(): void {
    this.kind = JobKind.NONE;
    this.isStarted = false;
    this.agent = 0;
    this.vote = 0;
    this.isAbandoned = false;
    this.message = undefined;
    this.heldWord = -1;
  }
}
