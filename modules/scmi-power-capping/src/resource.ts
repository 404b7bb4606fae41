// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a power domain, for all agents together. */
import type { ElementId } from '@scp/framework';
import { type PowerCapping, type PowerDomainInfo, UNCAPPED } from '@scp/power-capping/api';
import { packName, type PackedName, type ViewedResource } from '@scp/scmi/api';
import { Job, Target } from './job.ts';
import { V2 } from './messages.ts';

/** The request of an agent that has made none, or was reset. */
export const NO_REQUEST = -1;

/**
 * What each agent asks of one domain's cap: a cap, UNCAPPED when it has withdrawn the one before, or NO_REQUEST. The lowest
 * cap holds. Without caps, the domain is not capped if any agent wanted it so, and else as the product says.
 */
export class CapRequests {
  private readonly initial: number;
  /** By agent id. */
  private readonly requests: Float64Array;

  constructor(agentCount: number, initial: number) {
    this.initial = initial;
    this.requests = new Float64Array(agentCount + 1).fill(NO_REQUEST);
  }

  /** An agent's request. */
  of(agent: number): number {
    return this.requests[agent] ?? NO_REQUEST;
  }

  /** Takes an agent's request, in place of the one before. */
  set(agent: number, request: number): void {
    this.requests[agent] = request;
  }

  /** The cap that the requests come to, with that of `agent` taken as `request`. Agent 0 has none. */
  outcome(agent = 0, request = NO_REQUEST): number {
    let lowest = Infinity;
    let isWithdrawn = false;
    for (let at = 1; at < this.requests.length; at++) {
      const one = at === agent ? request : (this.requests[at] ?? NO_REQUEST);
      if (one === UNCAPPED) isWithdrawn = true;
      else if (one !== NO_REQUEST && one < lowest) lowest = one;
    }
    if (lowest !== Infinity) return lowest;
    return isWithdrawn ? UNCAPPED : this.initial;
  }
}

/** A power domain that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: PowerDomainInfo;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  readonly caps: CapRequests;
  readonly job = new Job();
  /** The interval that holds: what `intervalAgent` was the last to set, or the product's when that is 0. */
  interval: number;
  intervalAgent = 0;
  /** The requests changed while nothing could be done about it. */
  isCapStale = false;
  isIntervalStale = false;

  constructor(index: number, id: ElementId, info: PowerDomainInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.shortName = packName(info.name, 16);
    this.longName = packName(info.name, 64);
    this.caps = new CapRequests(agentCount, info.initialCap);
    this.interval = info.initialInterval;
  }

  /**
   * The cap that agents are told. It is the one in force, or the one that was promised to the sender of an asynchronous
   * POWERCAP_CAP_SET: Linux does not wait for it before it reads.
   */
  cap(domains: PowerCapping): number {
    const { job } = this;
    return job.isAccepted && job.target === Target.CAP ? job.outcome : domains.cap(this.id);
  }

  /** A cap as it stands in messages: version 1.0 has no word for a domain without, whose cap is then the highest. */
  capWord(cap: number, version: number): number {
    return cap === UNCAPPED && version < V2 ? this.info.cap.max : cap;
  }
}
