// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, type Framework, LogLimit, Status, statusName } from '@scp/framework';
import {
  CAUSE_PLATFORM,
  SYSTEM_POWER_ENTERED,
  SYSTEM_POWER_REQUESTED,
  type SystemPowerDriver,
  SystemState,
} from './api.ts';
import type { ScheduledRequest, SystemPowerElementConfig } from './schema.ts';

const WORDS: { readonly [state: number]: string } = {
  [SystemState.SHUTDOWN]: 'shutdown',
  [SystemState.COLD_RESET]: 'cold reset',
  [SystemState.WARM_RESET]: 'warm reset',
  [SystemState.POWER_UP]: 'power up',
  [SystemState.SUSPEND]: 'suspend',
};

const STATES: { readonly [K in ScheduledRequest['request']]: SystemState } = {
  shutdown: SystemState.SHUTDOWN,
  'cold-reset': SystemState.COLD_RESET,
  'warm-reset': SystemState.WARM_RESET,
  suspend: SystemState.SUSPEND,
};

/** A request of the schedule, and its time. */
interface Scheduled {
  readonly alarm: Alarm;
  readonly request: ScheduledRequest;
}

/** One system: its state, and the graceful request that waits for its time. */
export class System {
  readonly driverId: ElementId | undefined;
  /** Bound in round 0. */
  driver: SystemPowerDriver | undefined = undefined;
  /** SHUTDOWN, POWER_UP or SUSPEND. */
  state: SystemState = SystemState.POWER_UP;

  private readonly framework: Framework;
  private readonly id: ElementId;
  private readonly config: SystemPowerElementConfig;
  private readonly limit: LogLimit;
  /** Runs while a graceful request waits. */
  private readonly alarm: Alarm;
  private goal: SystemState = SystemState.POWER_UP;
  private cause = CAUSE_PLATFORM;
  private readonly schedule: readonly Scheduled[];
  private readonly requestedParams = { state: 0, isGraceful: 0, timeout: 0, cause: 0 };
  private readonly enteredParams = { state: 0, cause: 0 };

  constructor(framework: Framework, id: ElementId, config: SystemPowerElementConfig) {
    this.framework = framework;
    this.id = id;
    this.config = config;
    this.driverId = config.driver;
    this.limit = new LogLimit(framework.host.now());
    this.alarm = framework.createAlarm(id, () => this.expire());
    this.schedule = config.schedule.map(request => ({
      request,
      alarm: framework.createAlarm(id, () => this.requestScheduled(request)),
    }));
  }

  /** See SystemPower.supports. */
  supports(state: SystemState): boolean {
    if (state === SystemState.WARM_RESET) return this.config.warmReset;
    return state !== SystemState.SUSPEND || this.config.suspend;
  }

  /** See SystemPower.request. */
  request(state: SystemState, isGraceful: boolean, timeout: number, cause: number): Status {
    if (!this.supports(state)) return Status.E_SUPPORT;
    const isUp = state === SystemState.POWER_UP;
    if (this.alarm.running && (isGraceful || isUp)) return Status.E_BUSY;
    if (isUp) return this.state === SystemState.POWER_UP ? Status.SUCCESS : this.enter(state, cause);
    if (!isGraceful) return this.force(state, cause);
    const time = timeout > 0 ? timeout : this.config.gracefulTimeout;
    this.goal = state;
    this.cause = cause;
    this.alarm.start(time);
    this.log(state, cause, ' is asked for gracefully');
    this.tell(state, true, time, cause);
    return Status.SUCCESS;
  }

  private force(state: SystemState, cause: number): Status {
    const status = this.enter(state, cause);
    if (status !== Status.SUCCESS) return status;
    this.alarm.stop();
    this.tell(state, false, 0, cause);
    return status;
  }

  /** The time of a graceful request is over. */
  private expire(): void {
    const status = this.enter(this.goal, this.cause);
    if (status !== Status.SUCCESS) this.warn(this.goal, status);
  }

  private enter(state: SystemState, cause: number): Status {
    if (this.driver !== undefined && this.driverId !== undefined) {
      const status = this.driver.enter(this.driverId, state);
      if (status !== Status.SUCCESS) return status;
    }
    const isReset = state === SystemState.COLD_RESET || state === SystemState.WARM_RESET;
    this.state = isReset ? SystemState.POWER_UP : state;
    this.log(state, cause, '');
    this.enteredParams.state = state;
    this.enteredParams.cause = cause;
    this.framework.notify(SYSTEM_POWER_ENTERED, this.id, this.enteredParams);
    return Status.SUCCESS;
  }

  private tell(state: SystemState, isGraceful: boolean, timeout: number, cause: number): void {
    this.requestedParams.state = state;
    this.requestedParams.isGraceful = isGraceful ? 1 : 0;
    this.requestedParams.timeout = timeout;
    this.requestedParams.cause = cause;
    this.framework.notify(SYSTEM_POWER_REQUESTED, this.id, this.requestedParams);
  }

  // ---------------------------------------------------------------- what agents show

  /** See SystemPower.seenUp. */
  seenUp(): void {
    this.state = SystemState.POWER_UP;
  }

  /** See SystemPower.listens. */
  listens(): void {
    this.startSchedule('agent');
  }

  // ---------------------------------------------------------------- schedule

  /** Starts to count what is scheduled from `from`. */
  startSchedule(from: ScheduledRequest['from']): void {
    for (let at = 0; at < this.schedule.length; at++) {
      const scheduled = this.schedule[at];
      if (scheduled?.request.from === from) scheduled.alarm.start(scheduled.request.after);
    }
  }

  private requestScheduled({ request, graceful, timeout }: ScheduledRequest): void {
    const state = STATES[request];
    const status = this.request(state, graceful, timeout ?? 0, CAUSE_PLATFORM);
    if (status !== Status.SUCCESS) this.warn(state, status);
  }

  // ---------------------------------------------------------------- log

  private log(state: SystemState, cause: number, what: string): void {
    if (!this.limit.take(this.framework.host.now())) return;
    const held = this.limit.suppressed;
    this.limit.suppressed = 0;
    const who = cause === CAUSE_PLATFORM ? 'the platform' : `agent ${cause}`;
    const more = held > 0 ? ` (${held} more like this)` : '';
    this.framework.log.info(`[SYSTEM-POWER] ${this.name}: ${WORDS[state] ?? '?'}${what}, by ${who}${more}`);
  }

  private warn(state: SystemState, status: Status): void {
    if (!this.limit.take(this.framework.host.now())) return;
    this.framework.log.warn(`[SYSTEM-POWER] ${this.name}: ${WORDS[state] ?? '?'} fails: ${statusName(status)}`);
  }

  private get name(): string {
    return this.framework.nameOf(this.id);
  }
}
