// SPDX-License-Identifier: BSD-3-Clause
/**
 * The tree at work: each domain goes where its users and children want it, a parent before its child on the way up and
 * after it on the way down, and only if no subscriber vetoes.
 */
import { type Event, type Framework, LogLimit, type ModuleId, Status, statusName } from '@scp/framework';
import {
  CAUSE_PLATFORM,
  DomainType,
  POWER_DOMAIN_PRE_TRANSITION,
  POWER_DOMAIN_STATE_CHANGED,
  PowerState,
  rankOf,
} from './api.ts';
import { count, type DomainRecord, highest, Phase } from './record.ts';

/** Is told how the request for a domain has ended. */
export interface RequestOwner {
  /** A domain has come to rest: requests that waited for it may have succeeded. */
  settled(record: DomainRecord): void;
  /** The request for a domain has failed; what it asked for has been taken back. */
  failed(record: DomainRecord, status: Status): void;
}

/** The transitions of all domains. */
export class Transitions {
  private readonly framework: Framework;
  private readonly owner: RequestOwner;
  private readonly limit: LogLimit;
  /** What notifications come from. Known from the start stage on. */
  private source: ModuleId | undefined = undefined;
  private number = 0;
  /** Reused by every notification. */
  private readonly preParams = { domain: 0, from: 0, to: 0, number: 0 };
  private readonly stateParams = { domain: 0, state: 0, cause: 0 };

  constructor(framework: Framework, owner: RequestOwner) {
    this.framework = framework;
    this.owner = owner;
    this.limit = new LogLimit(framework.host.now());
  }

  /** Takes over the states that drivers were found in, each as what is requested of its domain. */
  prepare(records: readonly DomainRecord[], source: ModuleId): void {
    this.source = source;
    for (const record of records) {
      record.requested = record.goal = record.initialState = record.state;
      const { parent } = record;
      if (parent === undefined) continue;
      count(parent.wanted, record.neededForGoal, 1);
      count(parent.held, record.neededNow, 1);
    }
    for (const record of records) this.updateGoal(record, CAUSE_PLATFORM);
  }

  // ---------------------------------------------------------------- goals

  /** Requests a state of a domain; what follows for those above is worked out, nothing moves yet. */
  request(record: DomainRecord, state: PowerState, cause: number): void {
    record.requested = state;
    this.updateGoal(record, cause);
  }

  /** Lets a domain go again where it could not go before. */
  retry(record: DomainRecord, cause: number): void {
    record.refused = undefined;
    this.updateGoal(record, cause);
  }

  private updateGoal(record: DomainRecord, cause: number): void {
    const goal = record.wantedState();
    if (goal === record.goal) return;
    const { parent } = record;
    if (parent !== undefined) count(parent.wanted, record.neededForGoal, -1);
    record.goal = goal;
    record.cause = cause;
    if (parent === undefined) return;
    count(parent.wanted, record.neededForGoal, 1);
    this.updateGoal(parent, cause);
  }

  // ---------------------------------------------------------------- moving

  /** Moves a domain towards its goal as far as it goes now, its parent first if that is what it waits for. */
  advance(record: DomainRecord): void {
    while (record.phase === Phase.IDLE) {
      const { goal, parent } = record;
      if (record.state === goal) {
        this.owner.settled(record);
        return;
      }
      if (parent !== undefined && parent.floor < record.neededForGoal) {
        this.advance(parent);
        if (parent.floor < record.neededForGoal) return;
        // The parent has come up at once and has taken this domain along, or it has not: look again.
        if (record.goal !== goal || record.phase !== Phase.IDLE || record.state === goal) continue;
      }
      // Children go down first: each comes back here when it has.
      if (highest(record.held) > rankOf(goal)) return;
      this.begin(record, goal);
    }
  }

  private begin(record: DomainRecord, target: PowerState): void {
    this.move(record, Phase.ASKING, record.state, target);
    record.isVetoed = false;
    record.movedBy = record.cause;
    this.number = (this.number + 1) >>> 0;
    record.transition = this.number;
    record.unanswered = this.ask(record);
    if (record.unanswered === 0) this.drive(record);
  }

  /** Asks the subscribers; during set-up nobody is there to answer. */
  private ask(record: DomainRecord): number {
    if (this.source === undefined || !this.framework.running) return 0;
    this.preParams.domain = record.id;
    this.preParams.from = record.state;
    this.preParams.to = record.target;
    this.preParams.number = record.transition;
    return this.framework.notify(POWER_DOMAIN_PRE_TRANSITION, this.source, this.preParams, true);
  }

  /** Takes a subscriber's answer. */
  answer(record: DomainRecord, event: Event): void {
    if (record.phase !== Phase.ASKING) return;
    if (event.param(POWER_DOMAIN_PRE_TRANSITION.at.number) !== record.transition) return;
    if (event.status !== Status.SUCCESS) record.isVetoed = true;
    record.unanswered--;
    if (record.unanswered > 0) return;
    if (record.isVetoed) this.end(record, Status.E_ACCESS);
    else this.drive(record);
    this.advance(record);
  }

  private drive(record: DomainRecord): void {
    record.phase = Phase.DRIVING;
    const status = record.driver?.setState(record.driverId, record.target) ?? Status.E_SUPPORT;
    if (status !== Status.PENDING) this.end(record, status);
  }

  /** The driver has ended a transition that needed time. */
  complete(record: DomainRecord, status: Status): void {
    this.end(record, status);
    this.advance(record);
  }

  private end(record: DomainRecord, status: Status): void {
    const { target, state } = record;
    if (status !== Status.SUCCESS) {
      record.refused = target;
      this.move(record, Phase.IDLE, state, state);
      this.fail(record, target, status);
      return;
    }
    record.refused = undefined;
    this.move(record, Phase.IDLE, target, target);
    this.tell(record);
    // What was asked for is reached, even if a child has asked for more meanwhile.
    this.owner.settled(record);
    if (rankOf(target) > rankOf(state)) this.releaseChildren(record);
    else this.releaseParent(record);
  }

  /** Changes state and transition, and with them what the parent is held for. */
  private move(record: DomainRecord, phase: Phase, state: PowerState, target: PowerState): void {
    const { parent } = record;
    if (parent !== undefined) count(parent.held, record.neededNow, -1);
    record.phase = phase;
    record.state = state;
    record.target = target;
    if (parent !== undefined) count(parent.held, record.neededNow, 1);
  }

  private tell(record: DomainRecord): void {
    this.stateParams.domain = record.id;
    this.stateParams.state = record.state;
    this.stateParams.cause = record.movedBy;
    if (this.source !== undefined) this.framework.notify(POWER_DOMAIN_STATE_CHANGED, this.source, this.stateParams);
  }

  /** What waited for a domain to come up goes on. */
  private releaseChildren(record: DomainRecord): void {
    for (let at = 0; at < record.children.length; at++) {
      const child = record.children[at];
      if (child !== undefined && !child.isSettled) this.advance(child);
    }
  }

  /** A domain has gone down: its parent may follow. */
  private releaseParent(record: DomainRecord): void {
    const { parent } = record;
    if (parent === undefined) return;
    // A cluster is there for its cores: without any it goes off by itself.
    if (parent.type === DomainType.CLUSTER && !parent.isExplicit && highest(parent.wanted) === 0) {
      this.request(parent, PowerState.OFF, record.movedBy);
    }
    this.advance(parent);
  }

  // ---------------------------------------------------------------- failing

  /** Fails the requests that a refused transition was for: the one that asked for it, and on the way up those below. */
  private fail(record: DomainRecord, target: PowerState, status: Status): void {
    const asked = record.isPending ? record : record.claimedBy;
    if (asked !== undefined) this.giveUp(asked, status);
    if (rankOf(target) > rankOf(record.state)) this.failBelow(record, rankOf(record.state), status);
    this.updateGoal(record, record.cause);
    if (asked === undefined && rankOf(target) < rankOf(record.state)) this.report(record, status);
    if (asked !== undefined && asked !== record) this.advance(asked);
    // What was brought up for it may go down again.
    for (let at = record.parent; at !== undefined; at = at.parent) this.advance(at);
    // What waited for it to turn round need not wait any longer.
    this.releaseChildren(record);
  }

  private failBelow(record: DomainRecord, rank: number, status: Status): void {
    for (let at = 0; at < record.children.length; at++) {
      const child = record.children[at];
      if (child === undefined || child.neededForGoal <= rank) continue;
      this.failBelow(child, rankOf(child.state), status);
      if (child.isPending) this.giveUp(child, status);
    }
  }

  /** Returns what a request has asked for to what it was. */
  private giveUp(record: DomainRecord, status: Status): void {
    let at: DomainRecord | undefined = record;
    for (let level = 0; level <= record.levels && at !== undefined; level++) {
      at.isExplicit = at.wasExplicit;
      this.request(at, at.previous, record.cause);
      at = at.parent;
    }
    this.owner.failed(record, status);
  }

  private report(record: DomainRecord, status: Status): void {
    if (!this.limit.take(this.framework.host.now())) return;
    this.framework.log.warn(`[POWER-DOMAIN] ${record.name} stays as it is: ${statusName(status)}`);
  }
}
