// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL; one thing at a time is set on each supply. */
import { type ElementId, elementIndex, type Framework, LogLimit, Status } from '@scp/framework';
import { hasVoltage, type Out, type Psu, type PsuDriverResponse, type Voltages } from './api.ts';
import type { Requester, SupplyRecord } from './record.ts';

/** The supplies of one firmware. */
export class PsuHal implements PsuDriverResponse {
  readonly records: SupplyRecord[] = [];
  readonly requesters: Requester[] = [];
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly out: Out = { value: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  /** The supply with an id, undefined when it is none. */
  find(id: ElementId): SupplyRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  /** See Psu.setVoltage. */
  setVoltage(requester: Requester, record: SupplyRecord, voltage: number): Status {
    const { driver, driverId, voltages } = record;
    if (driver === undefined || voltages === undefined) return Status.E_STATE;
    if (!hasVoltage(voltages, voltage)) return Status.E_RANGE;
    if (record.busy) return Status.E_BUSY;
    return this.outcome(requester, record, driver.setVoltage(driverId, voltage));
  }

  /** See Psu.setEnabled. */
  setEnabled(requester: Requester, record: SupplyRecord, enabled: boolean): Status {
    const { driver, driverId } = record;
    if (driver === undefined) return Status.E_STATE;
    if (record.busy) return Status.E_BUSY;
    const read = driver.getEnabled(driverId, this.out);
    if (read === Status.SUCCESS && (this.out.value === 1) === enabled) return Status.SUCCESS;
    return this.outcome(requester, record, driver.setEnabled(driverId, enabled));
  }

  private outcome(requester: Requester, record: SupplyRecord, status: Status): Status {
    if (status === Status.PENDING) {
      record.busy = true;
      record.requester = requester;
    }
    return status;
  }

  complete(supply: ElementId, status: Status): void {
    const record = this.find(supply);
    if (record === undefined || !record.busy || status === Status.PENDING) {
      if (this.limit.take(this.framework.host.now())) {
        this.framework.log.warn(`[PSU] ${this.framework.nameOf(supply)}: its driver completes what is not under way`);
      }
      return;
    }
    const { requester } = record;
    record.busy = false;
    record.requester = undefined;
    requester?.client?.ended(supply, status);
  }
}

/** The HAL as one user sees it: outcomes of what it sets go to its client. */
export class PsuUser implements Psu {
  private readonly hal: PsuHal;
  private readonly requester: Requester;

  constructor(hal: PsuHal, requester: Requester) {
    this.hal = hal;
    this.requester = requester;
  }

  name(supply: ElementId): string {
    return this.hal.find(supply)?.name ?? '';
  }

  voltages(supply: ElementId): Voltages | undefined {
    return this.hal.find(supply)?.voltages;
  }

  getVoltage(supply: ElementId, out: Out): Status {
    const record = this.hal.find(supply);
    return record === undefined ? Status.E_PARAM : (record.driver?.getVoltage(record.driverId, out) ?? Status.E_STATE);
  }

  getEnabled(supply: ElementId, out: Out): Status {
    const record = this.hal.find(supply);
    return record === undefined ? Status.E_PARAM : (record.driver?.getEnabled(record.driverId, out) ?? Status.E_STATE);
  }

  setVoltage(supply: ElementId, voltage: number): Status {
    const record = this.hal.find(supply);
    return record === undefined ? Status.E_PARAM : this.hal.setVoltage(this.requester, record, voltage);
  }

  setEnabled(supply: ElementId, enabled: boolean): Status {
    const record = this.hal.find(supply);
    return record === undefined ? Status.E_PARAM : this.hal.setEnabled(this.requester, record, enabled);
  }
}
