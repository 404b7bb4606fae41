// SPDX-License-Identifier: BSD-3-Clause
/**
 * The tree of clocks: a clock runs only while what it is derived from runs, and its rate can follow. Parents answer at
 * once: a driver that needs time can only drive leaves, which `prepare` checks.
 */
import { type Framework, FrameworkError, type ModuleId, Status, statusName } from '@scp/framework';
import { CLOCK_RATE_CHANGED, CLOCK_STATE_CHANGED, CAUSE_PLATFORM, checkRates, ClockState, type Out } from './api.ts';
import type { ClockRecord } from './record.ts';

/** The clocks of one firmware, as a tree. */
export class ClockTree {
  private readonly framework: Framework;
  /** The module: what notifications come from. Known once the clocks are prepared. */
  private source: ModuleId | undefined = undefined;
  private readonly out: Out = { value: 0 };
  /** Reused by every notification. */
  private readonly rateParams = { clock: 0, rate: 0, cause: 0 };
  private readonly stateParams = { clock: 0, state: 0, cause: 0 };

  constructor(framework: Framework) {
    this.framework = framework;
  }

  // ---------------------------------------------------------------- set-up

  /** Refuses clocks that derive from themselves, whichever parents are selected. FrameworkError E_DATA. */
  checkCycles(records: readonly ClockRecord[]): void {
    const done = new Set<ClockRecord>();
    const visit = (record: ClockRecord, path: readonly ClockRecord[]): void => {
      if (path.includes(record)) {
        const cycle = [...path.slice(path.indexOf(record)), record].map(one => one.name).join(' <- ');
        throw new FrameworkError(Status.E_DATA, `clocks derive from each other: ${cycle}`);
      }
      if (done.has(record)) return;
      for (const parent of record.parents) visit(parent, [...path, record]);
      done.add(record);
    };
    for (const record of records) visit(record, []);
  }

  /** Brings hardware and records into line, parents before children. What runs at the start keeps its parents running. */
  prepare(records: readonly ClockRecord[], source: ModuleId): void {
    this.source = source;
    const done = new Set<ClockRecord>();
    const visit = (record: ClockRecord): void => {
      if (done.has(record)) return;
      done.add(record);
      record.parents.forEach(visit);
      this.prepareOne(record);
    };
    records.forEach(visit);
    for (const record of records) {
      if (!record.wanted || record.parent === undefined) continue;
      expect(record, 'to start its parent', this.acquire(record.parent, CAUSE_PLATFORM));
    }
  }

  private prepareOne(record: ClockRecord): void {
    const { driver, driverId } = record;
    const { out } = this;
    if (driver === undefined) return;
    record.slow = driver.isSlow(driverId);
    if (record.slow && record.children.length > 0) {
      const children = record.children.map(child => child.name).join(', ');
      throw new FrameworkError(
        Status.E_SUPPORT,
        `clock ${record.name} needs time, so nothing can be derived from it, as ${children} would`,
      );
    }
    const problem = checkRates(driver.rates(driverId));
    if (problem !== undefined) throw new FrameworkError(Status.E_DATA, `clock ${record.name}: ${problem}`);
    record.extendedTypes = driver.extendedTypes?.(driverId) ?? [];
    if (record.parents.length > 1 || record.parentIndex > 0) {
      if (driver.setParent === undefined) {
        throw new FrameworkError(Status.E_SUPPORT, `clock ${record.name} has several parents, its driver knows of one`);
      }
      expect(record, 'to select its parent', driver.setParent(driverId, record.parentIndex));
    }
    if (record.parent !== undefined) driver.setInputRate?.(driverId, record.parent.rate, out);
    expect(record, 'to tell its rate', driver.getRate(driverId, out));
    record.rate = out.value;
    expect(record, 'to tell its state', driver.getState(driverId, out));
    record.running = out.value === ClockState.RUNNING;
    record.wanted = record.running;
    record.initialState = record.running ? ClockState.RUNNING : ClockState.STOPPED;
  }

  // ---------------------------------------------------------------- states

  /** One more clock needs `record` to run. It and its parents start if they don't run; on failure nothing has changed. */
  acquire(record: ClockRecord, cause: number): Status {
    if (!record.running) {
      const { parent } = record;
      const upstream = parent === undefined ? Status.SUCCESS : this.acquire(parent, cause);
      if (upstream !== Status.SUCCESS) return upstream;
      const status = record.driver?.setState(record.driverId, ClockState.RUNNING) ?? Status.E_SUPPORT;
      if (status !== Status.SUCCESS) {
        if (parent !== undefined) this.release(parent, cause);
        return status;
      }
      this.setRunning(record, true, cause);
    }
    record.dependents++;
    return Status.SUCCESS;
  }

  /** One clock less needs `record`. It stops when nobody does, and then what it derives from is released. */
  release(record: ClockRecord, cause: number): void {
    record.dependents--;
    if (record.dependents > 0 || record.wanted || !record.running) return;
    const status = record.driver?.setState(record.driverId, ClockState.STOPPED) ?? Status.E_SUPPORT;
    // A clock that can't be stopped goes on running, and so must its parents.
    if (status !== Status.SUCCESS) return;
    this.setRunning(record, false, cause);
    if (record.parent !== undefined) this.release(record.parent, cause);
  }

  /** Notes that a clock runs or has stopped, and tells. */
  setRunning(record: ClockRecord, running: boolean, cause: number): void {
    if (record.running === running) return;
    record.running = running;
    this.stateParams.clock = record.id;
    this.stateParams.state = running ? ClockState.RUNNING : ClockState.STOPPED;
    this.stateParams.cause = cause;
    if (this.source !== undefined) this.framework.notify(CLOCK_STATE_CHANGED, this.source, this.stateParams);
  }

  // ---------------------------------------------------------------- rates

  /** Notes the rate of a clock, tells if it is another one, and passes it on to what derives from it. */
  setRate(record: ClockRecord, rate: number, cause: number): void {
    if (record.rate === rate) return;
    record.rate = rate;
    this.rateParams.clock = record.id;
    this.rateParams.rate = rate;
    this.rateParams.cause = cause;
    if (this.source !== undefined) this.framework.notify(CLOCK_RATE_CHANGED, this.source, this.rateParams);
    for (let at = 0; at < record.children.length; at++) {
      const child = record.children[at];
      if (child !== undefined && child.parent === record) this.follow(child, cause);
    }
  }

  /** Gives a clock its parent's rate as input. */
  follow(record: ClockRecord, cause: number): void {
    const { driver, parent } = record;
    if (driver?.setInputRate === undefined || parent === undefined) return;
    if (driver.setInputRate(record.driverId, parent.rate, this.out) !== Status.SUCCESS) return;
    this.setRate(record, this.out.value, cause);
  }
}

function expect(record: ClockRecord, what: string, status: Status): void {
  if (status === Status.SUCCESS) return;
  throw new FrameworkError(
    status === Status.PENDING ? Status.E_HANDLER : status,
    `the driver of clock ${record.name} fails ${what} at the start: ${statusName(status)}`,
  );
}
