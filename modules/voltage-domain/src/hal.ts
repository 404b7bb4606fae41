// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL; one thing at a time is set on each supply. */
import { type ElementId, elementIndex, type Framework, LogLimit, Status } from '@scp/framework';
import {
  hasLevel,
  nearestLevel,
  type Out,
  type VoltageDomain,
  type VoltageDriverResponse,
  type VoltageInfo,
  VoltageMode,
} from './api.ts';
import type { DomainRecord, Requester } from './record.ts';

/** The supplies of one firmware. */
export class VoltageHal implements VoltageDriverResponse {
  readonly records: DomainRecord[] = [];
  readonly requesters: Requester[] = [];
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly out: Out = { value: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  /** The supply with an id, undefined when it is none. */
  find(id: ElementId): DomainRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  /** See VoltageDomain.getLevel. */
  getLevel({ driver, driverId, info }: DomainRecord, out: Out): Status {
    if (driver === undefined || info === undefined) return Status.E_STATE;
    const status = driver.getLevel(driverId, out);
    // An agent looks the level up among those it was told, so that one beside them would be an error to it.
    if (status === Status.SUCCESS) out.value = nearestLevel(info.levels, out.value);
    return status;
  }

  /** See VoltageDomain.getMode. */
  getMode({ driver, driverId }: DomainRecord, out: Out): Status {
    return driver?.getMode(driverId, out) ?? Status.E_STATE;
  }

  /** See VoltageDomain.setLevel. */
  setLevel(requester: Requester, record: DomainRecord, level: number): Status {
    const { driver, driverId, info } = record;
    if (driver === undefined || info === undefined) return Status.E_STATE;
    if (info.isFixed) return Status.E_SUPPORT;
    if (info.readOnly) return Status.E_ACCESS;
    if (!hasLevel(info.levels, level)) return Status.E_RANGE;
    if (record.busy) return Status.E_BUSY;
    return this.outcome(requester, record, driver.setLevel(driverId, level));
  }

  /** See VoltageDomain.setMode. */
  setMode(requester: Requester, record: DomainRecord, mode: number): Status {
    const { driver, driverId, info } = record;
    if (driver === undefined || info === undefined) return Status.E_STATE;
    if (mode !== VoltageMode.OFF && mode !== VoltageMode.ON && !info.modes.includes(mode)) return Status.E_PARAM;
    if (!info.switchable) return Status.E_SUPPORT;
    if (info.readOnly) return Status.E_ACCESS;
    if (record.busy) return Status.E_BUSY;
    if (driver.getMode(driverId, this.out) === Status.SUCCESS && this.out.value === mode) return Status.SUCCESS;
    return this.outcome(requester, record, driver.setMode(driverId, mode));
  }

  private outcome(requester: Requester, record: DomainRecord, status: Status): Status {
    if (status === Status.PENDING) {
      record.busy = true;
      record.requester = requester;
    }
    return status;
  }

  complete(domain: ElementId, status: Status): void {
    const record = this.find(domain);
    if (record === undefined || !record.busy || status === Status.PENDING) {
      if (this.limit.take(this.framework.host.now())) {
        const name = this.framework.nameOf(domain);
        this.framework.log.warn(`[VOLTAGE] ${name}: its driver completes what is not under way`);
      }
      return;
    }
    const { requester } = record;
    record.busy = false;
    record.requester = undefined;
    requester?.client?.ended(domain, status);
  }
}

/** The HAL as one user sees it: outcomes of what it sets go to its client. */
export class VoltageUser implements VoltageDomain {
  private readonly hal: VoltageHal;
  private readonly requester: Requester;

  constructor(hal: VoltageHal, requester: Requester) {
    this.hal = hal;
    this.requester = requester;
  }

  info(domain: ElementId): VoltageInfo | undefined {
    return this.hal.find(domain)?.info;
  }

  getLevel(domain: ElementId, out: Out): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.getLevel(record, out);
  }

  getMode(domain: ElementId, out: Out): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.getMode(record, out);
  }

  setLevel(domain: ElementId, level: number): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.setLevel(this.requester, record, level);
  }

  setMode(domain: ElementId, mode: number): Status {
    const record = this.hal.find(domain);
    return record === undefined ? Status.E_PARAM : this.hal.setMode(this.requester, record, mode);
  }
}
