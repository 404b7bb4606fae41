// SPDX-License-Identifier: BSD-3-Clause
/** Asynchronous rate changes: accepted, and waiting for their turn. */
import type { Round } from '@scp/clock/api';
import type { Resource } from './resource.ts';

const State = { FREE: 0, WAITING: 1, RUNNING: 2 } as const;
type State = (typeof State)[keyof typeof State];

/** A rate change that an agent was promised. */
export class RateChange {
  readonly agent: number;
  state: State = State.FREE;
  resource: Resource | undefined = undefined;
  /** The agent's id of the clock. */
  clockId = 0;
  rate = 0;
  round: Round = 0;
  /** The header of the command, for the delayed response. */
  command = 0;
  /** Nobody wants to hear how it ends. */
  isSilent = false;
  /** Earlier ones have lower numbers. */
  order = 0;

  constructor(agent: number) {
    this.agent = agent;
  }
}

/** The rate changes of all agents, at most `capacity` of each. */
export class RateChanges {
  readonly capacity: number;
  /** By agent id. */
  private readonly changes: RateChange[][] = [];
  private count = 0;

  constructor(agentCount: number, capacity: number) {
    this.capacity = capacity;
    for (let agent = 0; agent <= agentCount; agent++) {
      this.changes.push(Array.from({ length: agent === 0 ? 0 : capacity }, () => new RateChange(agent)));
    }
  }

  /** A place for one more change of `agent` on `resource`, after all others; undefined when the agent has too many. */
  add(agent: number, resource: Resource): RateChange | undefined {
    const changes = this.changes[agent];
    if (changes === undefined) return undefined;
    for (let at = 0; at < changes.length; at++) {
      const change = changes[at];
      if (change === undefined || change.state !== State.FREE) continue;
      change.state = State.WAITING;
      change.resource = resource;
      change.order = this.count++;
      return change;
    }
    return undefined;
  }

  /** Takes the earliest change that waits for `resource`; it counts until it is removed. */
  next(resource: Resource): RateChange | undefined {
    let earliest: RateChange | undefined = undefined;
    for (let agent = 1; agent < this.changes.length; agent++) {
      const changes = this.changes[agent];
      if (changes === undefined) continue;
      for (let at = 0; at < changes.length; at++) {
        const change = changes[at];
        if (change === undefined || change.state !== State.WAITING || change.resource !== resource) continue;
        if (earliest === undefined || change.order < earliest.order) earliest = change;
      }
    }
    if (earliest !== undefined) earliest.state = State.RUNNING;
    return earliest;
  }

  /** Forgets a change that is done. */
  remove(change: RateChange): void {
    change.state = State.FREE;
    change.resource = undefined;
  }

  /** Forgets the changes of an agent that wait; one that runs goes on. */
  clear(agent: number): void {
    const changes = this.changes[agent];
    if (changes === undefined) return;
    for (let at = 0; at < changes.length; at++) {
      const change = changes[at];
      if (change?.state === State.WAITING) this.remove(change);
    }
  }
}
