// SPDX-License-Identifier: BSD-3-Clause
import {
  type Alarm,
  type ElementId,
  type EntityId,
  type Event,
  type Framework,
  LogLevel,
  LogLimit,
  moduleId,
  type ModuleId,
  moduleIndex,
  Status,
  statusName,
} from '@scp/framework';
import {
  type Rounding,
  type SensorDriver,
  type SensorInfo,
  SENSOR_READ,
  SENSOR_TRIP,
  SENSOR_UPDATE,
  type TripMode,
} from './api.ts';
import { intervalFor } from './interval.ts';
import { TripPoints } from './trip-points.ts';

/** What one sensor is made of. */
export interface SensorParts {
  readonly id: ElementId;
  readonly driverId: ElementId;
  readonly info: SensorInfo;
  /** How often it is sampled when it has no update interval, µs. */
  readonly samplingPeriod: number;
  readonly maxWaitingReaders: number;
}

/** One sensor: its readings, configuration and trip points. Methods are those of `Sensor`, for this one. */
export class SensorElement {
  readonly id: ElementId;
  readonly info: SensorInfo;
  /** The product's driver element. */
  readonly driverId: ElementId;
  enabled: boolean;
  updateInterval: number;
  timestamps = false;
  timestamp = 0;
  isSlow = false;

  private readonly framework: Framework;
  private readonly module: ModuleId;
  private readonly samplingPeriod: number;
  private readonly values: Float64Array;
  /** Where the driver samples, so that a failure leaves the latest reading alone. */
  private readonly sample: Float64Array;
  private readonly tripPoints: TripPoints;
  private readonly alarm: Alarm;
  private readonly limit: LogLimit;
  /** The sensor's time unit is `timeUnit` µs, or there are `ticksPerUs` of it in one: whole numbers, one of them 1. */
  private readonly timeUnit: number;
  private readonly ticksPerUs: number;
  private driver: SensorDriver | undefined = undefined;

  /** Whether the driver owes a reading. */
  private isReading = false;
  /** How the last reading that took time ended. */
  private lastStatus: Status = Status.SUCCESS;
  private readonly maxWaiting: number;
  /** Requests made by `read` and not answered; those among them that were taken up stand in `cookies`. */
  private waiting = 0;
  private readonly cookies: Float64Array;
  private cookieCount = 0;

  private updateUsers = 0;
  /** The next reading is the sample of an update interval. */
  private isUpdateDue = false;
  /** What the alarm runs at, 0 while it does not. */
  private period = 0;

  /** Kept to send events without allocating. */
  private readonly readParams = { tag: 0 };
  private readonly tripParams = { sensor: 0, index: 0, direction: 0 };
  private readonly updateParams = { sensor: 0 };

  constructor(framework: Framework, { id, driverId, info, samplingPeriod, maxWaitingReaders }: SensorParts) {
    this.framework = framework;
    this.id = id;
    this.module = moduleId(moduleIndex(id));
    this.driverId = driverId;
    this.info = info;
    this.enabled = info.initiallyEnabled;
    this.updateInterval = info.initialInterval;
    this.samplingPeriod = samplingPeriod;
    this.values = new Float64Array(info.valueCount);
    this.sample = new Float64Array(info.valueCount);
    this.tripPoints = new TripPoints(info.tripPointCount, (index, direction) => this.trip(index, direction));
    this.alarm = framework.createAlarm(id, () => this.tick());
    this.limit = new LogLimit(framework.host.now());
    const exponent = (info.timestampExponent ?? 0) + 6;
    this.timeUnit = 10 ** Math.max(0, exponent);
    this.ticksPerUs = 10 ** Math.max(0, -exponent);
    this.maxWaiting = maxWaitingReaders;
    this.cookies = new Float64Array(maxWaitingReaders);
    this.tripParams.sensor = id;
    this.updateParams.sensor = id;
  }

  /** Takes the driver, once, before start. */
  attach(driver: SensorDriver): void {
    this.driver = driver;
    this.isSlow = driver.isSlow(this.driverId);
  }

  /** Brings the hardware to the initial state. Answers the driver's failure. */
  start(): Status {
    if (this.updateInterval > 0) {
      const status = this.driver?.setUpdateInterval?.(this.driverId, this.updateInterval) ?? Status.SUCCESS;
      if (status !== Status.SUCCESS) return status;
    }
    return this.enabled ? (this.driver?.enable?.(this.driverId) ?? Status.SUCCESS) : Status.SUCCESS;
  }

  /** Takes no more samples. */
  stop(): void {
    this.alarm.stop();
  }

  // ---------------------------------------------------------------- readings

  value(axis: number): number {
    return this.values[axis] ?? 0;
  }

  /** Takes a reading: SUCCESS, or PENDING while the driver owes it, or why there is none. */
  refresh(): Status {
    if (!this.enabled) return Status.E_PWRSTATE;
    if (this.isReading) return Status.PENDING;
    const status = this.sampleNow();
    if (status === Status.SUCCESS) this.accept(this.sample);
    else if (status === Status.PENDING) this.isReading = true;
    else this.fail(status);
    return status;
  }

  private sampleNow(): Status {
    const status = this.driver?.read(this.driverId, this.sample) ?? Status.E_DEVICE;
    // Users of a sensor that is not slow are not prepared for it.
    return status === Status.PENDING && !this.isSlow ? Status.E_HANDLER : status;
  }

  read(requester: EntityId, tag: number): Status {
    const status = this.refresh();
    if (status !== Status.PENDING) return status;
    if (this.waiting === this.maxWaiting) return Status.E_BUSY;
    this.readParams.tag = tag;
    if (this.framework.request(SENSOR_READ, requester, this.id, this.readParams) !== Status.SUCCESS)
      return Status.E_BUSY;
    this.waiting++;
    return Status.PENDING;
  }

  /** Takes up a request of `read`: it is answered when the reading under way ends, or at once if that is over. */
  waitForReading(event: Event, response: Event): Status {
    if (!event.responseRequested || this.cookieCount === this.maxWaiting) return Status.E_BUSY;
    if (this.isReading) {
      this.cookies[this.cookieCount++] = event.cookie;
      response.isDelayed = true;
    } else {
      response.status = this.lastStatus;
      this.waiting--;
    }
    return Status.SUCCESS;
  }

  complete(status: Status, values: Float64Array): void {
    if (!this.isReading) return;
    this.isReading = false;
    this.lastStatus = status;
    if (status === Status.SUCCESS) this.accept(values);
    else this.fail(status);
    for (let at = 0; at < this.cookieCount; at++) this.framework.respond(this.id, this.cookies[at] ?? 0, status);
    this.waiting -= this.cookieCount;
    this.cookieCount = 0;
  }

  private accept(values: Float64Array): void {
    for (let axis = 0; axis < this.values.length; axis++) this.values[axis] = values[axis] ?? 0;
    this.timestamp = this.timestamps ? Math.floor((this.framework.host.now() * this.ticksPerUs) / this.timeUnit) : 0;
    const isUpdate = this.isUpdateDue;
    this.isUpdateDue = false;
    if (!this.enabled) return;
    this.tripPoints.evaluate(this.value(0));
    if (isUpdate && this.updateUsers > 0) this.framework.notify(SENSOR_UPDATE, this.module, this.updateParams);
  }

  private fail(status: Status): void {
    this.isUpdateDue = false;
    this.report('reading', status);
  }

  /** Logs a failure of the driver, unless there were too many: agents can provoke them. */
  private report(what: string, status: Status): void {
    const { log, host } = this.framework;
    if (!log.enabled(LogLevel.WARN) || !this.limit.take(host.now())) return;
    const { suppressed } = this.limit;
    this.limit.suppressed = 0;
    const others = suppressed > 0 ? `, and ${suppressed} more failures` : '';
    log.warn(`[SENSOR] ${this.info.name}: ${what} failed (${statusName(status)})${others}`);
  }

  // ---------------------------------------------------------------- configuration

  setEnabled(on: boolean): Status {
    if (this.enabled === on) return Status.SUCCESS;
    if (!this.info.configurable) return Status.E_SUPPORT;
    const status =
      (on ? this.driver?.enable?.(this.driverId) : this.driver?.disable?.(this.driverId)) ?? Status.SUCCESS;
    if (status !== Status.SUCCESS) {
      this.report(on ? 'enabling' : 'disabling', status);
      return status;
    }
    this.enabled = on;
    this.schedule();
    return Status.SUCCESS;
  }

  setTimestamps(on: boolean): Status {
    if (on && this.info.timestampExponent === undefined) return Status.E_SUPPORT;
    this.timestamps = on;
    return Status.SUCCESS;
  }

  setUpdateInterval(interval: number, rounding: Rounding): Status {
    const { updateIntervals, configurable } = this.info;
    if (updateIntervals === undefined || !configurable) return Status.E_SUPPORT;
    const chosen = intervalFor(updateIntervals, interval, rounding);
    if (chosen === 0) return Status.E_RANGE;
    if (chosen === this.updateInterval) return Status.SUCCESS;
    const status = this.driver?.setUpdateInterval?.(this.driverId, chosen) ?? Status.SUCCESS;
    if (status !== Status.SUCCESS) {
      this.report('setting the update interval', status);
      return status;
    }
    this.updateInterval = chosen;
    this.schedule();
    return Status.SUCCESS;
  }

  // ---------------------------------------------------------------- trip points and updates

  setTripPoint(index: number, mode: TripMode, threshold: number): Status {
    if (!(index >= 0 && index < this.tripPoints.count)) return Status.E_PARAM;
    this.tripPoints.set(index, mode, threshold);
    this.schedule();
    // A value of now, for the trip point to start from. Of a reading under way, its result is that.
    if (mode !== 0 && this.enabled) this.refresh();
    return Status.SUCCESS;
  }

  tripMode(index: number): TripMode {
    return this.tripPoints.mode(index);
  }

  startUpdates(): void {
    this.updateUsers++;
    this.schedule();
  }

  stopUpdates(): void {
    if (this.updateUsers > 0) this.updateUsers--;
    this.schedule();
  }

  private trip(index: number, direction: 0 | 1): void {
    this.tripParams.index = index;
    this.tripParams.direction = direction;
    this.framework.notify(SENSOR_TRIP, this.module, this.tripParams);
  }

  /** Runs the alarm while a trip point or an update needs samples, at the interval in use. */
  private schedule(): void {
    const isNeeded = this.enabled && (this.tripPoints.armed > 0 || this.updateUsers > 0);
    const period = !isNeeded ? 0 : this.updateInterval > 0 ? this.updateInterval : this.samplingPeriod;
    if (period === this.period) return;
    this.period = period;
    if (period > 0) this.alarm.startPeriodic(period);
    else this.alarm.stop();
  }

  private tick(): void {
    this.isUpdateDue = this.updateUsers > 0;
    this.refresh();
  }
}
