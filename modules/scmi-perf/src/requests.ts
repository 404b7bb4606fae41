// SPDX-License-Identifier: BSD-3-Clause
/**
 * What all agents want of one performance domain, in operating points. Limits of the domain are what the limits of all
 * agents have in common; where they have nothing in common the lowest upper limit counts, for an upper limit protects (heat,
 * power) and a lower one only helps. The domain is where the last request that still stands wants it, as far as the limits
 * let it; without requests, where it was at the start.
 */

/** An agent that has asked for no level. */
const NO_REQUEST = -1;

/** The requests on one domain. */
export class Requests {
  /** The limits of the domain. */
  min = 0;
  max: number;
  private readonly highestOpp: number;
  private readonly initial: number;
  /** By agent id. */
  private readonly mins: Uint16Array;
  private readonly maxs: Uint16Array;
  private readonly levels: Int16Array;
  /** When the agent asked for its level; later is greater. */
  private readonly orders: Float64Array;
  private count = 0;

  /** `oppCount` is at most 4095; `initial` is where the domain is at the start. */
  constructor(agentCount: number, oppCount: number, initial: number) {
    this.highestOpp = oppCount - 1;
    this.initial = initial;
    this.max = this.highestOpp;
    this.mins = new Uint16Array(agentCount + 1);
    this.maxs = new Uint16Array(agentCount + 1).fill(this.highestOpp);
    this.levels = new Int16Array(agentCount + 1).fill(NO_REQUEST);
    this.orders = new Float64Array(agentCount + 1);
  }

  /** An agent's own lower limit. */
  minOf(agent: number): number {
    return this.mins[agent] ?? 0;
  }

  /** An agent's own upper limit. */
  maxOf(agent: number): number {
    return this.maxs[agent] ?? this.highestOpp;
  }

  /** Takes an agent's limits, in place of those before. Whether the limits of the domain are others now. */
  setLimits(agent: number, min: number, max: number): boolean {
    this.mins[agent] = min;
    this.maxs[agent] = max;
    const minBefore = this.min;
    const maxBefore = this.max;
    let lowest = 0;
    let highest = this.highestOpp;
    for (let at = 1; at < this.maxs.length; at++) {
      lowest = Math.max(lowest, this.minOf(at));
      highest = Math.min(highest, this.maxOf(at));
    }
    this.min = Math.min(lowest, highest);
    this.max = highest;
    return this.min !== minBefore || this.max !== maxBefore;
  }

  /** Takes an agent's request for a level, in place of the one before; it is the last one now. */
  setLevel(agent: number, opp: number): void {
    this.levels[agent] = opp;
    this.orders[agent] = ++this.count;
  }

  /** Where the domain should be. */
  get wanted(): number {
    let last = this.initial;
    let order = 0;
    for (let at = 1; at < this.levels.length; at++) {
      const opp = this.levels[at] ?? NO_REQUEST;
      const one = this.orders[at] ?? 0;
      if (opp === NO_REQUEST || one < order) continue;
      last = opp;
      order = one;
    }
    return Math.min(Math.max(last, this.min), this.max);
  }

  /** Whether an agent has asked for anything. */
  has(agent: number): boolean {
    const hasLimits = this.minOf(agent) > 0 || this.maxOf(agent) < this.highestOpp;
    return hasLimits || (this.levels[agent] ?? NO_REQUEST) !== NO_REQUEST;
  }

  /** Forgets an agent. Whether the limits of the domain are others now. */
  drop(agent: number): boolean {
    this.levels[agent] = NO_REQUEST;
    return this.setLimits(agent, 0, this.highestOpp);
  }
}
