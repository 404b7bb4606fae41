// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a clock, for all agents together. */
import type { ElementId } from '@scp/framework';
import { ClockState } from '@scp/clock/api';
import { packName, type PackedName } from '@scp/scmi/api';
import { Job } from './job.ts';

/** What an agent says of a clock's state. */
export const Vote = { NONE: 0, OFF: 1, ON: 2 } as const;
/** A vote. */
export type Vote = (typeof Vote)[keyof typeof Vote];

/** The votes of all agents on one clock. Any ON runs it; else any OFF stops it; else it is as it was at the start. */
export class Votes {
  /** The state without votes. */
  initial: ClockState = ClockState.STOPPED;
  /** By agent id. */
  private readonly votes: Uint8Array;

  constructor(agentCount: number) {
    this.votes = new Uint8Array(agentCount + 1);
  }

  /** Whether an agent has voted. */
  has(agent: number): boolean {
    return this.votes[agent] !== Vote.NONE;
  }

  /** Takes an agent's vote, in place of the one before. */
  set(agent: number, vote: Vote): void {
    this.votes[agent] = vote;
  }

  /** The state that the votes lead to, with the vote of `agent` taken as `vote`. Agent 0 has none. */
  outcome(agent = 0, vote: Vote = Vote.NONE): ClockState {
    let off = false;
    for (let at = 1; at < this.votes.length; at++) {
      const one = at === agent ? vote : this.votes[at];
      if (one === Vote.ON) return ClockState.RUNNING;
      if (one === Vote.OFF) off = true;
    }
    return off ? ClockState.STOPPED : this.initial;
  }
}

/** A clock that agents see. */
export class Resource {
  /** Position among the clocks that any agent sees. */
  readonly index: number;
  readonly id: ElementId;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  /** The name does not fit in the short field. */
  readonly isLongName: boolean;
  readonly votes: Votes;
  readonly job = new Job();
  /** Whether operations on it may take time. Known from the start stage on. */
  slow = false;
  /** The votes changed while nothing could be done about it. */
  stale = false;

  constructor(index: number, id: ElementId, name: string, agentCount: number) {
    this.index = index;
    this.id = id;
    this.shortName = packName(name, 16);
    this.longName = packName(name, 64);
    this.isLongName = name.length > 15;
    this.votes = new Votes(agentCount);
  }
}
