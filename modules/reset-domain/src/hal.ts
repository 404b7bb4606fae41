// SPDX-License-Identifier: BSD-3-Clause
/** The operations of the HAL, one at a time on each domain. */
import { type ElementId, elementIndex, type Framework, LogLimit, type ModuleId, Status } from '@scp/framework';
import {
  CAUSE_PLATFORM,
  RESET_DOMAIN_RESET,
  type ResetDomain,
  type ResetDomainInfo,
  type ResetDriverResponse,
  ResetOperation,
} from './api.ts';
import type { DomainRecord, Requester } from './record.ts';

/** The reset domains of one firmware. */
export class ResetHal implements ResetDriverResponse {
  readonly records: DomainRecord[] = [];
  readonly requesters: Requester[] = [];
  /** The module: what notifications come from. Known from the bind stage on. */
  source: ModuleId | undefined = undefined;
  private readonly framework: Framework;
  private readonly limit: LogLimit;
  private readonly params = { domain: 0, state: 0, cause: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
    this.limit = new LogLimit(framework.host.now());
  }

  /** The domain with an id, undefined when it is none. */
  find(id: ElementId): DomainRecord | undefined {
    const record = this.records[elementIndex(id)];
    return record?.id === id ? record : undefined;
  }

  /** See ResetDomain.operate. */
  operate(requester: Requester, record: DomainRecord, operation: ResetOperation, state: number, cause: number): Status {
    const { driver, driverId } = record;
    if (driver === undefined || !record.has(operation)) return Status.E_SUPPORT;
    if (!record.info.states.includes(state)) return Status.E_PARAM;
    if (record.operation !== undefined) return Status.E_BUSY;
    let status: Status;
    if (operation === ResetOperation.PULSE) status = driver.pulse(driverId, state);
    else if (driver.isAsserted(driverId) === (operation === ResetOperation.ASSERT)) return Status.SUCCESS;
    else if (operation === ResetOperation.ASSERT) status = driver.assert(driverId, state);
    else status = driver.release(driverId, state);
    if (status === Status.PENDING) {
      record.operation = operation;
      record.state = state;
      record.cause = cause;
      record.requester = requester;
    } else {
      this.settle(record, operation, status, state, cause);
    }
    return status;
  }

  /** Tells of a reset, when it was one. */
  private settle(record: DomainRecord, operation: ResetOperation, status: Status, state: number, cause: number): void {
    if (status !== Status.SUCCESS || operation === ResetOperation.RELEASE) return;
    if (this.source === undefined || !record.info.notifications) return;
    this.params.domain = record.id;
    this.params.state = state;
    this.params.cause = cause;
    this.framework.notify(RESET_DOMAIN_RESET, this.source, this.params);
  }

  complete(domain: ElementId, status: Status): void {
    const record = this.find(domain);
    if (record?.operation === undefined || status === Status.PENDING) {
      this.complain(domain, 'completes what is not under way');
      return;
    }
    const { operation, state, cause, requester } = record;
    record.operation = undefined;
    record.requester = undefined;
    // Whoever waits hears of it first: the notification is an event, which comes after.
    this.settle(record, operation, status, state, cause);
    requester?.client?.ended(domain, status);
  }

  happened(domain: ElementId, state: number): void {
    const record = this.find(domain);
    if (record === undefined || !record.info.states.includes(state)) {
      this.complain(domain, `tells of reset state ${state}, which the domain does not have`);
      return;
    }
    this.settle(record, ResetOperation.PULSE, Status.SUCCESS, state, CAUSE_PLATFORM);
  }

  private complain(domain: ElementId, what: string): void {
    if (!this.limit.take(this.framework.host.now())) return;
    this.framework.log.warn(`[RESET] ${this.framework.nameOf(domain)}: its driver ${what}`);
  }
}

/** The HAL as one user sees it: outcomes of its pending operations go to its client. */
export class ResetUser implements ResetDomain {
  private readonly hal: ResetHal;
  private readonly requester: Requester;

  constructor(hal: ResetHal, requester: Requester) {
    this.hal = hal;
    this.requester = requester;
  }

  info(domain: ElementId): ResetDomainInfo | undefined {
    return this.hal.find(domain)?.info;
  }

  isAsserted(domain: ElementId): boolean {
    const record = this.hal.find(domain);
    return record?.driver?.isAsserted(record.driverId) ?? false;
  }

  operate(domain: ElementId, operation: ResetOperation, state: number, cause: number): Status {
    const record = this.hal.find(domain);
    if (record === undefined) return Status.E_PARAM;
    return this.hal.operate(this.requester, record, operation, state, cause);
  }
}
