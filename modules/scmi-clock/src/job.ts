// SPDX-License-Identifier: BSD-3-Clause
/** The command under way on a clock, from its checks to its answer. Each clock has one, reused. */
import type { ClockState, Out, Round } from '@scp/clock/api';
import type { ElementId } from '@scp/framework';
import type { Message } from '@scp/scmi/api';
import type { RateChange } from './rate-changes.ts';

/** What is to be done. */
export const JobKind = { NONE: 0, GET_RATE: 1, SET_RATE: 2, CONFIGURE: 3, SET_PARENT: 4, RECONCILE: 5 } as const;
/** A kind of job. */
export type JobKind = (typeof JobKind)[keyof typeof JobKind];

/** How far CONFIGURE has come: extended configuration first, since it can be undone when the state can't be changed. */
export const JobStep = { FIRST: 0, EXTENDED: 1, STATE: 2, UNDO: 3, LAST: 4 } as const;
/** A step. */
export type JobStep = (typeof JobStep)[keyof typeof JobStep];

/** A job. */
export class Job {
  kind: JobKind = JobKind.NONE;
  step: JobStep = JobStep.FIRST;
  /** The agent it is for; 0 for the platform. */
  agent = 0;
  /** The agent was reset: what the job does leaves no trace of it. */
  isAbandoned = false;
  /** The command to be answered, undefined for what nobody waits for. */
  message: Message | undefined = undefined;
  sequence = 0;
  /** The asynchronous rate change that it carries out. */
  change: RateChange | undefined = undefined;

  /** SET_RATE. */
  rate = 0;
  round: Round = 0;
  /** SET_PARENT. */
  parent: ElementId | undefined = undefined;
  /** CONFIGURE; no vote leaves the state, type 0 the extended configuration. */
  vote: ClockState | undefined = undefined;
  extendedType = 0;
  extendedValue = 0;
  /** What the extended configuration was. */
  previousValue = 0;
  /** Why CONFIGURE is undone. */
  failure = 0;
  /** The rate read or set. */
  readonly out: Out = { value: 0 };

  /** Becomes a job for the sender of `message`. */
  begin(kind: JobKind, message: Message): void {
    this.clear();
    this.kind = kind;
    this.agent = message.agent;
    this.message = message;
    this.sequence = message.sequence;
  }

  /** Is none any more. */
  clear(): void {
    this.kind = JobKind.NONE;
    this.step = JobStep.FIRST;
    this.agent = 0;
    this.isAbandoned = false;
    this.message = undefined;
    this.change = undefined;
    this.parent = undefined;
    this.vote = undefined;
    this.extendedType = 0;
  }
}
