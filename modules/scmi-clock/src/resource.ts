// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a clock, for all agents together. */
import type { ElementId } from '@scp/framework';
import { ClockState } from '@scp/clock/api';
import { isExtendedName, packName, type PackedName, type ViewedResource, Votes } from '@scp/scmi/api';
import { Job } from './job.ts';

/** A clock that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  readonly isExtendedName: boolean;
  /** What agents want its state to be; without votes it is as at the start. */
  readonly votes: Votes<ClockState>;
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
    this.isExtendedName = isExtendedName(name);
    this.votes = new Votes<ClockState>(agentCount, ClockState.STOPPED);
  }
}
