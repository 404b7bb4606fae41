// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a reset domain, for all agents together. */
import type { ElementId } from '@scp/framework';
import { type ResetDomainInfo, ResetOperation } from '@scp/reset-domain/api';
import { packName, type PackedName, type ViewedResource } from '@scp/scmi/api';
import { Job } from './job.ts';

/** What an agent has last made of a line. */
export const Vote = { NONE: 0, ASSERTED: 1, RELEASED: 2 } as const;
/** A vote. */
export type Vote = (typeof Vote)[keyof typeof Vote];

/**
 * The votes of all agents on one line. Any RELEASED releases it; else any ASSERTED asserts it; else it is as it was at the
 * start, or released once it has been pulsed.
 */
export class Votes {
  /** Whether the line is asserted without votes. */
  asserted = false;
  /** By agent id. */
  private readonly votes: Uint8Array;

  constructor(agentCount: number) {
    this.votes = new Uint8Array(agentCount + 1);
  }

  /** An agent's vote. */
  of(agent: number): number {
    return this.votes[agent] ?? Vote.NONE;
  }

  /** Takes an agent's vote, in place of the one before. */
  set(agent: number, vote: Vote): void {
    this.votes[agent] = vote;
  }

  /** Whether an agent other than `agent` has voted so. */
  hasOther(agent: number, vote: Vote): boolean {
    for (let at = 1; at < this.votes.length; at++) if (at !== agent && this.votes[at] === vote) return true;
    return false;
  }

  /** The operation that the votes lead to, with the vote of `agent` taken as `vote`. Agent 0 has none. */
  outcome(agent = 0, vote: Vote = Vote.NONE): ResetOperation {
    let { asserted } = this;
    for (let at = 1; at < this.votes.length; at++) {
      const one = at === agent ? vote : this.votes[at];
      if (one === Vote.RELEASED) return ResetOperation.RELEASE;
      if (one === Vote.ASSERTED) asserted = true;
    }
    return asserted ? ResetOperation.ASSERT : ResetOperation.RELEASE;
  }
}

/** A reset domain that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: ResetDomainInfo;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  readonly votes: Votes;
  readonly job = new Job();
  /** The votes changed while nothing could be done about it. */
  stale = false;

  constructor(index: number, id: ElementId, info: ResetDomainInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.shortName = packName(info.name, 16);
    this.longName = packName(info.name, 64);
    this.votes = new Votes(agentCount);
  }
}
