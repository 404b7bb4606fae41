// SPDX-License-Identifier: BSD-3-Clause
/** What the HAL keeps of each domain. */
import type { ElementId, Status } from '@scp/framework';
import { type DomainType, type PowerDomainDriver, PowerState, rankOf, STATES_BY_RANK } from './api.ts';

/** No cookie: the framework's start at 1 and are whole. */
export const NO_COOKIE = -1;

/** How far a transition has come: nothing under way, subscribers are asked, the driver is at work. */
export const Phase = { IDLE: 0, ASKING: 1, DRIVING: 2 } as const;
/** A phase. */
export type Phase = (typeof Phase)[keyof typeof Phase];

/** A domain: its place in the tree, its state, its transition and the request under way. */
export class DomainRecord {
  readonly id: ElementId;
  readonly name: string;
  readonly driverId: ElementId;
  readonly type: DomainType;
  /** Its states as bits, bit n for rank n. */
  readonly states: number;
  /** Bound in round 0. */
  driver: PowerDomainDriver | undefined = undefined;

  parent: DomainRecord | undefined = undefined;
  readonly children: DomainRecord[] = [];
  /** By rank of its state: the least rank the parent needs to have. */
  needed: readonly number[] = [0, 0, 0];

  state: PowerState = PowerState.OFF;
  initialState: PowerState = PowerState.OFF;
  /** What its users want, or what it was found in. */
  requested: PowerState = PowerState.OFF;
  /** Whether a user has requested it. */
  isExplicit = false;
  /** Where it goes: `requested`, or what the children need; see `wantedState`. */
  goal: PowerState = PowerState.OFF;
  /**
   * Where it can't go: that was vetoed or failed, so it stays where it is, and its parent with it, until somebody requests
   * something of it or below.
   */
  refused: PowerState | undefined = undefined;
  /** By rank: how many children have a goal that needs this domain to have it. */
  readonly wanted: number[] = [0, 0, 0];
  /** By rank: how many children are, or are about to be, in a state that needs it. */
  readonly held: number[] = [0, 0, 0];

  phase: Phase = Phase.IDLE;
  /** Where the transition leads. */
  target: PowerState = PowerState.OFF;
  /** Who caused the goal, and who caused the transition under way. */
  cause = 0;
  movedBy = 0;
  /** The transition whose subscribers are asked, how many still have to answer, and whether one has refused. */
  transition = 0;
  unanswered = 0;
  isVetoed = false;

  /** A request is under way. */
  isRequested = false;
  /** Its caller still waits in the call, and `status` is its outcome. */
  isCalling = false;
  /** How many levels above are requested with it. */
  levels = 0;
  /** The domain below whose request asks something of this one too. */
  claimedBy: DomainRecord | undefined = undefined;
  /** What to return to when it fails. */
  previous: PowerState = PowerState.OFF;
  wasExplicit = false;
  /** The event that waits for the outcome, NO_COOKIE while it has not arrived. */
  cookie = NO_COOKIE;
  /** Whether anybody waits for the outcome. */
  isAwaited = false;
  /** It ended before the event arrived. */
  isDone = false;
  status: Status = 0;

  constructor(id: ElementId, name: string, driverId: ElementId, type: DomainType, states: number) {
    this.id = id;
    this.name = name;
    this.driverId = driverId;
    this.type = type;
    this.states = states;
  }

  /** Whether it can be in a state. */
  has(state: PowerState): boolean {
    return (this.states & (1 << rankOf(state))) !== 0;
  }

  /** Whether it is idle and where it goes. */
  get isSettled(): boolean {
    return this.phase === Phase.IDLE && this.state === this.goal;
  }

  /** Whether a request is under way whose outcome is open. */
  get isPending(): boolean {
    return this.isRequested && !this.isDone;
  }

  /** Whether it has come where its users or its children want it. */
  get isReached(): boolean {
    return this.phase === Phase.IDLE && (this.state === this.goal || this.state === this.requested);
  }

  /** The rank that can be relied on now: during a transition, the lower of both ends. */
  get floor(): number {
    const rank = rankOf(this.state);
    return this.phase === Phase.IDLE ? rank : Math.min(rank, rankOf(this.target));
  }

  /** The rank that it needs its parent to have now: during a transition, for the higher of both ends. */
  get neededNow(): number {
    const rank = rankOf(this.state);
    return this.needed[this.phase === Phase.IDLE ? rank : Math.max(rank, rankOf(this.target))] ?? 0;
  }

  /** The rank that its goal needs its parent to have. */
  get neededForGoal(): number {
    return this.needed[rankOf(this.goal)] ?? 0;
  }

  /** The least powered state of its own that satisfies its users and its children; where it is if it can't go there. */
  wantedState(): PowerState {
    let rank = Math.max(rankOf(this.requested), highest(this.wanted));
    while (rank < STATES_BY_RANK.length - 1 && (this.states & (1 << rank)) === 0) rank++;
    const wanted = STATES_BY_RANK[rank] ?? PowerState.ON;
    return wanted === this.refused ? this.state : wanted;
  }
}

/** The highest rank that is counted, 0 when none is. */
export function highest(counts: readonly number[]): number {
  for (let rank = counts.length - 1; rank > 0; rank--) if ((counts[rank] ?? 0) > 0) return rank;
  return 0;
}

/** Counts one more, or one less, at a rank. */
export function count(counts: number[], rank: number, by: 1 | -1): void {
  counts[rank] = (counts[rank] ?? 0) + by;
}
