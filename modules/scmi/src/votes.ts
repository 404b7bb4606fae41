// SPDX-License-Identifier: BSD-3-Clause
/**
 * The votes of all agents on one resource: the highest counts; without votes, the resource is as it is left to itself. A
 * vote is a number of the protocol's own choice, ordered so that what must not be taken away from another agent is higher:
 * on is higher than off. Undefined is no vote.
 */
export class Votes<V extends number> {
  /** What holds without votes. */
  initial: V;
  /** By agent id. */
  private readonly votes: (V | undefined)[];

  /** `agentCount` counts agents 1..N without the platform. */
  constructor(agentCount: number, initial: V) {
    this.initial = initial;
    this.votes = Array.from({ length: agentCount + 1 }, () => undefined);
  }

  /** An agent's vote. */
  of(agent: number): V | undefined {
    return this.votes[agent];
  }

  /** Takes an agent's vote, in place of the one before. */
  set(agent: number, vote: V | undefined): void {
    this.votes[agent] = vote;
  }

  /** What the votes lead to, with the vote of `agent` taken as `vote`. Agent 0 has none. */
  outcome(agent = 0, vote?: V): V {
    let highest: V | undefined = undefined;
    for (let at = 1; at < this.votes.length; at++) {
      const one: V | undefined = at === agent ? vote : this.votes[at];
      if (one !== undefined && (highest === undefined || one > highest)) highest = one;
    }
    return highest ?? this.initial;
  }
}
