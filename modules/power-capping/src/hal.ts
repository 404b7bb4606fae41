// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL, one at a time on each domain. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  FrameworkError,
  LogLimit,
  type ModuleId,
  Status,
} from '@scp/framework';
import {
  isWithin,
  type Out,
  POWER_CAP_CHANGED,
  POWER_MEASURED,
  type PowerCapping,
  type PowerCappingDriverResponse,
  type PowerDomainInfo,
  type Range,
  roundToStep,
  UNCAPPED,
} from './api.ts';
import { type DomainRecord, type Requester, Setting } from './record.ts';

/** The greatest power that a message carries. */
const MOST_POWER = 0xffffffff;

/** The power domains of one firmware. */
export class PowerCappingHal implements PowerCappingDriverResponse {
  readonly records: DomainRecord[] = [];
  readonly requesters: Requester[] = [];
  /** The module: what notifications come from. Known from the bind stage on. */
  source: ModuleId | undefined = undefined;
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly out: Out = { value: 0 };
  /** Reused by every notification. */
  private readonly changed = { domain: 0, cap: 0, interval: 0, cause: 0 };
  private readonly measured = { domain: 0, power: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  /** The domain with an id, undefined when it is none. */
  find(id: ElementId): DomainRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  /** Brings the hardware to the initial cap and interval. FrameworkError when the driver does not take them. */
  start({ driver, driverId, cap, interval }: DomainRecord): void {
    const first = driver?.setInterval(driverId, interval) ?? Status.E_STATE;
    const status = first === Status.SUCCESS ? (driver?.setCap(driverId, cap) ?? Status.E_STATE) : first;
    if (status !== Status.SUCCESS) throw new FrameworkError(status, 'its driver does not take the initial state');
  }

  // ---------------------------------------------------------------- settings

  /** See PowerCapping.setCap. */
  setCap(requester: Requester, record: DomainRecord, cap: number, cause: number): Status {
    const { info, driver, driverId } = record;
    if (driver === undefined || !info.isCapConfigurable) return Status.E_SUPPORT;
    const value = cap === UNCAPPED ? UNCAPPED : stepOf(info.cap, cap);
    if (value < 0) return Status.E_RANGE;
    if (record.setting !== Setting.NONE) return Status.E_BUSY;
    if (value === record.cap) return Status.SUCCESS;
    return this.begin(requester, record, Setting.CAP, value, cause, driver.setCap(driverId, value));
  }

  /** See PowerCapping.setInterval. */
  setInterval(requester: Requester, record: DomainRecord, interval: number, cause: number): Status {
    const { info, driver, driverId } = record;
    if (driver === undefined || !info.isIntervalConfigurable) return Status.E_SUPPORT;
    const value = stepOf(info.interval, interval);
    if (value < 0) return Status.E_RANGE;
    if (record.setting !== Setting.NONE) return Status.E_BUSY;
    if (value === record.interval) return Status.SUCCESS;
    return this.begin(requester, record, Setting.INTERVAL, value, cause, driver.setInterval(driverId, value));
  }

  /** Notes what the driver has begun, or done, as `status` says. */
  private begin(
    requester: Requester,
    record: DomainRecord,
    setting: Setting,
    value: number,
    cause: number,
    status: Status,
  ): Status {
    if (status === Status.SUCCESS) {
      this.settle(record, setting, value, cause);
    } else if (status === Status.PENDING) {
      record.setting = setting;
      record.value = value;
      record.cause = cause;
      record.requester = requester;
    }
    return status;
  }

  /** A setting is in force: notes it and tells of it. */
  private settle(record: DomainRecord, setting: Setting, value: number, cause: number): void {
    if (setting === Setting.CAP) {
      record.cap = value;
    } else {
      record.interval = value;
      if (record.monitors > 0) record.alarm.startPeriodic(value);
    }
    if (this.source === undefined) return;
    this.changed.domain = record.id;
    this.changed.cap = record.cap;
    this.changed.interval = record.interval;
    this.changed.cause = cause;
    this.framework.notify(POWER_CAP_CHANGED, this.source, this.changed);
  }

  complete(domain: ElementId, status: Status): void {
    const record = this.find(domain);
    if (record === undefined || record.setting === Setting.NONE || status === Status.PENDING) {
      this.complain(domain, 'completes what is not under way');
      return;
    }
    const { setting, value, cause, requester } = record;
    record.setting = Setting.NONE;
    record.requester = undefined;
    // Whoever waits hears of it first: the notification is an event, which comes after.
    if (status === Status.SUCCESS) this.settle(record, setting, value, cause);
    requester?.client?.ended(domain, status);
  }

  // ---------------------------------------------------------------- measurements

  /** See PowerCapping.measure. */
  measure({ info, driver, driverId }: DomainRecord, out: Out): Status {
    if (driver === undefined || !info.monitored) return Status.E_SUPPORT;
    const status = driver.measure(driverId, out);
    if (status !== Status.SUCCESS) return status === Status.PENDING ? Status.E_HANDLER : status;
    out.value = Math.min(Math.max(0, Math.round(out.value)), MOST_POWER);
    return Status.SUCCESS;
  }

  /** See PowerCapping.startMonitoring. */
  startMonitoring(record: DomainRecord): void {
    if (!record.info.monitored) return;
    if (record.monitors === 0) record.alarm.startPeriodic(record.interval);
    record.monitors++;
  }

  /** See PowerCapping.stopMonitoring. */
  stopMonitoring(record: DomainRecord): void {
    if (record.monitors === 0) return;
    record.monitors--;
    if (record.monitors === 0) record.alarm.stop();
  }

  /** An interval of a domain that is monitored has ended. */
  tick(record: DomainRecord): void {
    const status = this.measure(record, this.out);
    if (status !== Status.SUCCESS) {
      this.complain(record.id, 'does not measure');
      return;
    }
    if (this.source === undefined) return;
    this.measured.domain = record.id;
    this.measured.power = this.out.value;
    this.framework.notify(POWER_MEASURED, this.source, this.measured);
  }

  private complain(domain: ElementId, what: string): void {
    if (!this.limit.take(this.framework.host.now())) return;
    this.framework.log.warn(`[POWERCAP] ${this.framework.nameOf(domain)}: its driver ${what}`);
  }
}

/** The step of a range at or below `value`; -1 when it is not within. */
const stepOf = (range: Range, value: number): number => (isWithin(range, value) ? roundToStep(range, value) : -1);

/** The HAL as one user sees it: outcomes of its pending operations go to its client. */
export class PowerCappingUser implements PowerCapping {
  private readonly hal: PowerCappingHal;
  private readonly requester: Requester;

  constructor(hal: PowerCappingHal, requester: Requester) {
    this.hal = hal;
    this.requester = requester;
  }

  info(domain: ElementId): PowerDomainInfo | undefined {
    return this.hal.find(domain)?.info;
  }

  cap(domain: ElementId): number {
    return this.hal.find(domain)?.cap ?? UNCAPPED;
  }

  interval(domain: ElementId): number {
    return this.hal.find(domain)?.interval ?? 0;
  }

  setCap(domain: ElementId, cap: number, cause: number): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.setCap(this.requester, record, cap, cause);
  }

  setInterval(domain: ElementId, interval: number, cause: number): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.setInterval(this.requester, record, interval, cause);
  }

  measure(domain: ElementId, out: Out): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.measure(record, out);
  }

  startMonitoring(domain: ElementId): void {
    const record = this.hal.find(domain);
    if (record !== undefined) this.hal.startMonitoring(record);
  }

  stopMonitoring(domain: ElementId): void {
    const record = this.hal.find(domain);
    if (record !== undefined) this.hal.stopMonitoring(record);
  }
}
