// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a voltage domain, for all agents together. */
import type { ElementId } from '@scp/framework';
import { packName, type PackedName, type ViewedResource } from '@scp/scmi/api';
import { type VoltageInfo, VoltageMode } from '@scp/voltage-domain/api';
import { Job } from './job.ts';

/** An agent that has said nothing of the mode. */
export const NO_VOTE = -1;

/** The votes of all agents on the mode of one domain. The highest counts; without votes, the mode of the start. */
export class Votes {
  /** The mode without votes. */
  initial: number = VoltageMode.OFF;
  /** By agent id. */
  private readonly votes: Int8Array;

  constructor(agentCount: number) {
    this.votes = new Int8Array(agentCount + 1).fill(NO_VOTE);
  }

  /** Whether an agent has voted. */
  has(agent: number): boolean {
    return this.votes[agent] !== NO_VOTE;
  }

  /** Takes an agent's vote, a mode or NO_VOTE, in place of the one before. */
  set(agent: number, vote: number): void {
    this.votes[agent] = vote;
  }

  /** The mode that the votes lead to, with the vote of `agent` taken as `vote`. Agent 0 has none. */
  outcome(agent = 0, vote: number = NO_VOTE): number {
    let highest = NO_VOTE;
    for (let at = 1; at < this.votes.length; at++) {
      const one = at === agent ? vote : (this.votes[at] ?? NO_VOTE);
      if (one > highest) highest = one;
    }
    return highest === NO_VOTE ? this.initial : highest;
  }
}

/** A voltage domain that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: VoltageInfo;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  readonly votes: Votes;
  readonly job = new Job();
  /** The votes changed while nothing could be done about it. */
  stale = false;

  constructor(index: number, id: ElementId, info: VoltageInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.shortName = packName(info.name, 16);
    this.longName = packName(info.name, 64);
    this.votes = new Votes(agentCount);
  }
}
