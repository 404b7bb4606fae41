// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a power domain, for all agents together. */
import type { ElementId } from '@scp/framework';
import { DomainType, PowerState } from '@scp/power-domain/api';
import { packName, type PackedName, type ViewedResource } from '@scp/scmi/api';
import { Job } from './job.ts';
import { PowerStateWord } from './messages.ts';

/** What an agent wants a domain to be, from the least to the most powered. */
export const Vote = { NONE: 0, OFF: 1, SLEEP: 2, ON: 3 } as const;
/** A vote. */
export type Vote = (typeof Vote)[keyof typeof Vote];

/** By vote: its state. NONE has no meaning here. */
const STATES: readonly PowerState[] = [PowerState.OFF, PowerState.OFF, PowerState.SLEEP, PowerState.ON];

/** The state that a vote is for; OFF for NONE. */
export const stateOf = (vote: number): PowerState => STATES[vote] ?? PowerState.OFF;

/** The vote that a word of SCMI is for, NONE when it is no state of this platform. */
export function voteOf(word: number): Vote {
  switch (word) {
    case PowerStateWord.ON:
      return Vote.ON;
    case PowerStateWord.SLEEP:
      return Vote.SLEEP;
    case PowerStateWord.OFF:
      return Vote.OFF;
    default:
      return Vote.NONE;
  }
}

/** SCMI's word for a state; OFF for a number that is none. */
export function wordOf(state: number): number {
  if (state === PowerState.ON) return PowerStateWord.ON;
  return state === PowerState.SLEEP ? PowerStateWord.SLEEP : PowerStateWord.OFF;
}

/** The votes of all agents on one domain. The most powered state voted for holds; without votes, that of the start. */
export class Votes {
  /** The state without votes. */
  initial: PowerState = PowerState.OFF;
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

  /** The state that the votes lead to, with the vote of `agent` taken as `vote`. Agent 0 has none. */
  outcome(agent = 0, vote: Vote = Vote.NONE): PowerState {
    let highest: number = Vote.NONE;
    for (let at = 1; at < this.votes.length; at++) {
      const one = at === agent ? vote : (this.votes[at] ?? Vote.NONE);
      if (one > highest) highest = one;
    }
    return highest === Vote.NONE ? this.initial : stateOf(highest);
  }
}

/** A power domain that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  /** The name does not fit in the short field. */
  readonly isLongName: boolean;
  /** Powers a processor: it goes off only when the processor has stopped, so no answer ever waits for that. */
  readonly isCore: boolean;
  readonly votes: Votes;
  readonly job = new Job();
  /** The votes changed while nothing could be done about it. */
  stale = false;

  constructor(index: number, id: ElementId, name: string, type: DomainType, agentCount: number) {
    this.index = index;
    this.id = id;
    this.shortName = packName(name, 16);
    this.longName = packName(name, 64);
    this.isLongName = name.length > 15;
    this.isCore = type === DomainType.CORE;
    this.votes = new Votes(agentCount);
  }
}
