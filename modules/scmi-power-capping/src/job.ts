// SPDX-License-Identifier: BSD-3-Clause
/** The command under way on a power domain, from its checks to its answer. Each domain has one, reused. */
import { type Message, statusOnly } from '@scp/scmi/api';

/** How a job came to be, and with that who is told of its end. */
export const JobKind = {
  NONE: 0,
  /** A command that waits for its answer. */
  SYNC: 1,
  /** A command that was answered, and whose delayed response is due. */
  ASYNC: 2,
  /** A command that was answered, whose sender does not want to hear more. */
  SILENT: 3,
  /** Nobody's: the domain follows what agents have asked for. */
  RECONCILE: 4,
} as const;
/** A kind of job. */
export type JobKind = (typeof JobKind)[keyof typeof JobKind];

/** What a job sets. */
export const Target = { CAP: 0, INTERVAL: 1 } as const;
/** What a job sets. */
export type Target = (typeof Target)[keyof typeof Target];

/** A job. */
export class Job {
  kind: JobKind = JobKind.NONE;
  target: Target = Target.CAP;
  /** What the agent asks for. */
  wanted = 0;
  /** What the HAL is asked for: for a cap, what all agents' requests come to. */
  outcome = 0;
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

  /** Whether its outcome was promised: the command has been answered with success. */
  get isAccepted(): boolean {
    return (this.kind === JobKind.ASYNC || this.kind === JobKind.SILENT) && !this.isAbandoned;
  }

  /** Becomes a job for the sender of `message`, whose first word is the domain. */
  begin(kind: JobKind, target: Target, message: Message, wanted: number, outcome: number): void {
    this.kind = kind;
    this.target = target;
    this.wanted = wanted;
    this.outcome = outcome;
    this.agent = message.agent;
    this.isAbandoned = false;
    this.message = kind === JobKind.SYNC ? message : undefined;
    this.sequence = message.sequence;
    this.command = message.request.header;
    this.domainId = message.u32(0);
  }

  /** Becomes the platform's. */
  reconcile(target: Target, outcome: number): void {
    this.clear();
    this.kind = JobKind.RECONCILE;
    this.target = target;
    this.outcome = outcome;
  }

  /** Is none any more. */
  clear(): void {
    this.kind = JobKind.NONE;
    this.agent = 0;
    this.isAbandoned = false;
    this.message = undefined;
  }
}

/** Bytes of a delayed response that tells of a failure: its status. */
export const FAILURE_SIZE = statusOnly.size;
