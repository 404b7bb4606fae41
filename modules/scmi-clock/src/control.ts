// SPDX-License-Identifier: BSD-3-Clause
/** The commands that read and change what a driver has: rate, state, extended configuration, parent. */
import { type Clock, ClockState, Round, roundRate } from '@scp/clock/api';
import { type HandlerResult, hasReservedBits, type Message, type ScmiHub, ScmiStatus } from '@scp/scmi/api';
import { isPermitted } from './describe.ts';
import { JobKind } from './job.ts';
import type { Jobs } from './jobs.ts';
import {
  CLOCK_ID_REQUEST,
  CLOCK_PROTOCOL,
  CONFIG_SET_REQUEST_V1,
  CONFIG_SET_REQUEST_V3,
  ConfigState,
  PARENT_SET_REQUEST,
  RATE_SET_REQUEST,
  RateSetFlag,
  V3,
} from './messages.ts';
import type { Notifications } from './notifications.ts';
import type { RateChanges } from './rate-changes.ts';
import type { ViewedClock, Views } from './view.ts';

const { commands } = CLOCK_PROTOCOL;

/** How a rate is rounded: "auto" goes before "up". */
function roundOf(flags: number): Round {
  if ((flags & RateSetFlag.ROUND_AUTO) !== 0) return Round.NEAREST;
  return (flags & RateSetFlag.ROUND_UP) !== 0 ? Round.UP : Round.DOWN;
}

/** What the objects of the protocol have of each other. */
export interface ControlParts {
  readonly hub: ScmiHub;
  readonly clock: Clock;
  readonly views: Views;
  readonly jobs: Jobs;
  readonly changes: RateChanges;
  readonly notifications: Notifications;
}

/** Handlers of the commands that go to drivers. */
export class Control {
  private readonly parts: ControlParts;

  constructor(parts: ControlParts) {
    this.parts = parts;
  }

  /** CLOCK_RATE_GET: NOT_FOUND, DENIED, BUSY, and what the driver says. */
  rateGet(message: Message): HandlerResult {
    const viewed = this.find(message, CLOCK_ID_REQUEST.at.clockId);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    if (!this.isPermitted(message, commands.rateGet.id, viewed)) return ScmiStatus.DENIED;
    const { job } = viewed.resource;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.GET_RATE, message);
    return this.parts.jobs.submit(viewed.resource);
  }

  /**
   * CLOCK_RATE_SET: NOT_FOUND, INVALID_PARAMETERS for reserved flags, NOT_SUPPORTED for a delayed response that has no
   * way, INVALID_PARAMETERS for any asynchronous one when none may be pending, DENIED, INVALID_PARAMETERS for a rate
   * outside the clock's, BUSY, and what the driver says.
   */
  rateSet(message: Message): HandlerResult {
    const { clock, changes } = this.parts;
    const viewed = this.find(message, RATE_SET_REQUEST.at.clockId);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const flags = message.u32(RATE_SET_REQUEST.at.flags);
    if (hasReservedBits(flags, 0xf)) return ScmiStatus.INVALID_PARAMETERS;
    const isAsync = (flags & RateSetFlag.ASYNC) !== 0;
    const isSilent = (flags & RateSetFlag.NO_DELAYED_RESPONSE) !== 0;
    if (isAsync && !isSilent && !message.p2a) return ScmiStatus.NOT_SUPPORTED;
    if (isAsync && changes.capacity === 0) return ScmiStatus.INVALID_PARAMETERS;
    if (!viewed.entry.mayRate || !this.isPermitted(message, commands.rateSet.id, viewed)) return ScmiStatus.DENIED;
    const rate = message.request.u64(RATE_SET_REQUEST.at.rateLow);
    const round = roundOf(flags);
    const rates = clock.rates(viewed.resource.id);
    if (rates === undefined) return ScmiStatus.GENERIC_ERROR;
    if (roundRate(rates, rate, round) < 0) return ScmiStatus.INVALID_PARAMETERS;
    return isAsync
      ? this.rateSetLater(message, viewed, rate, round, isSilent)
      : this.rateSetNow(message, viewed, rate, round);
  }

  private rateSetNow(message: Message, viewed: ViewedClock, rate: number, round: Round): HandlerResult {
    const { resource } = viewed;
    const { job } = resource;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.SET_RATE, message);
    job.rate = rate;
    job.round = round;
    this.parts.notifications.rateChangeRequested(resource, rate, message.agent);
    return this.parts.jobs.submit(resource);
  }

  private rateSetLater(
    message: Message,
    viewed: ViewedClock,
    rate: number,
    round: Round,
    isSilent: boolean,
  ): HandlerResult {
    const { changes, jobs, notifications } = this.parts;
    const { resource } = viewed;
    const change = changes.add(message.agent, resource);
    if (change === undefined) return ScmiStatus.BUSY;
    if (!jobs.post(resource)) {
      changes.remove(change);
      return ScmiStatus.BUSY;
    }
    change.clockId = message.u32(RATE_SET_REQUEST.at.clockId);
    change.rate = rate;
    change.round = round;
    change.command = message.request.header;
    change.isSilent = isSilent;
    notifications.rateChangeRequested(resource, rate, message.agent);
    return ScmiStatus.SUCCESS;
  }

  /**
   * CLOCK_CONFIG_SET: NOT_FOUND, INVALID_PARAMETERS for reserved bits, states, types and values, PROTOCOL_ERROR for a type
   * without its value, DENIED, BUSY, and what the driver says.
   */
  configSet(message: Message): HandlerResult {
    const viewed = this.find(message, CONFIG_SET_REQUEST_V1.at.clockId);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const attributes = message.u32(CONFIG_SET_REQUEST_V1.at.attributes);
    const isV3 = message.version >= V3;
    if (hasReservedBits(attributes, isV3 ? 0x00ff0003 : 1)) return ScmiStatus.INVALID_PARAMETERS;
    const state = attributes & 3;
    const type = attributes >>> 16;
    if (state === 2 || (state === ConfigState.UNCHANGED && type === 0)) return ScmiStatus.INVALID_PARAMETERS;
    const { resource } = viewed;
    if (type !== 0) {
      if (!this.parts.clock.extendedTypes(resource.id).includes(type)) return ScmiStatus.INVALID_PARAMETERS;
      if (message.length < CONFIG_SET_REQUEST_V3.size) return ScmiStatus.PROTOCOL_ERROR;
    }
    if (!viewed.entry.mayState || !this.isPermitted(message, commands.configSet.id, viewed)) return ScmiStatus.DENIED;
    const { job } = resource;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.CONFIGURE, message);
    job.extendedType = type;
    job.extendedValue = type === 0 ? 0 : message.u32(CONFIG_SET_REQUEST_V3.at.extendedValue);
    if (state !== ConfigState.UNCHANGED) {
      job.vote = state === ConfigState.ENABLE ? ClockState.RUNNING : ClockState.STOPPED;
    }
    return this.parts.jobs.submit(resource);
  }

  /**
   * CLOCK_PARENT_SET: NOT_FOUND, NOT_SUPPORTED without parents that the agent sees, DENIED, INVALID_PARAMETERS for a clock
   * that is none of them, BUSY, and what the driver says.
   */
  parentSet(message: Message): HandlerResult {
    const viewed = this.find(message, PARENT_SET_REQUEST.at.clockId);
    if (viewed === undefined) return ScmiStatus.NOT_FOUND;
    const { mayParent, parentIds, parents } = viewed.entry;
    if (parentIds.length === 0) return ScmiStatus.NOT_SUPPORTED;
    if (!mayParent || !this.isPermitted(message, commands.parentSet.id, viewed)) return ScmiStatus.DENIED;
    const parent = parents[parentIds.indexOf(message.u32(PARENT_SET_REQUEST.at.parentId))];
    if (parent === undefined) return ScmiStatus.INVALID_PARAMETERS;
    const { job } = viewed.resource;
    if (job.kind !== JobKind.NONE) return ScmiStatus.BUSY;
    job.begin(JobKind.SET_PARENT, message);
    job.parent = parent;
    return this.parts.jobs.submit(viewed.resource);
  }

  private find(message: Message, at: number): ViewedClock | undefined {
    return this.parts.views.at(message.agent, message.u32(at));
  }

  private isPermitted(message: Message, messageId: number, viewed: ViewedClock): boolean {
    return isPermitted(this.parts.hub, message, messageId, viewed);
  }
}
