// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a performance domain, for all agents together. */
import type { DvfsInfo } from '@scp/dvfs/api';
import type { ElementId } from '@scp/framework';
import { packName, type PackedName, type ViewedResource } from '@scp/scmi/api';
import { V4 } from './messages.ts';
import { Requests } from './requests.ts';
import { Waiting } from './waiting.ts';

/** A performance domain that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: DvfsInfo;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  readonly requests: Requests;
  readonly waiting: Waiting;
  /** What agents want could not be done at once. */
  stale = false;
  private readonly byLevel: ReadonlyMap<number, number>;

  constructor(index: number, id: ElementId, info: DvfsInfo, agentCount: number) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.shortName = packName(info.name, 16);
    this.longName = packName(info.name, 64);
    this.requests = new Requests(agentCount, info.opps.length, info.sustained);
    this.waiting = new Waiting(agentCount);
    this.byLevel = new Map(info.opps.map(({ level }, at) => [level, at]));
  }

  /** Whether levels are named by index in a version of the protocol. */
  isIndexed(version: number): boolean {
    return this.info.levelIndexing && version >= V4;
  }

  /** The operating point that a word names, -1 for none. */
  oppOf(word: number, version: number): number {
    if (this.isIndexed(version)) return word < this.info.opps.length ? word : -1;
    return this.byLevel.get(word) ?? -1;
  }

  /** The word that names an operating point: its level, or its index. */
  wordOf(opp: number, version: number): number {
    return this.isIndexed(version) ? opp : (this.info.opps[opp]?.level ?? 0);
  }
}
