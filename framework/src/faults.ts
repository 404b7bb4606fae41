// SPDX-License-Identifier: BSD-3-Clause
import type { Alarm } from './alarm.ts';
import type { Entities } from './entities.ts';
import { describeError } from './error.ts';
import type { Event } from './event.ts';
import type { Host } from './host.ts';
import { formatId } from './id.ts';
import { type Log, LogLimit } from './log.ts';
import { type Status, statusName } from './status.ts';

/** Logs the faults of handlers and alarms, not too often: an agent may be able to provoke them. */
export class Faults {
  private readonly host: Host;
  private readonly log: Log;
  private readonly entities: Entities;
  private readonly limit: LogLimit;

  constructor(host: Host, log: Log, entities: Entities) {
    this.host = host;
    this.log = log;
    this.entities = entities;
    this.limit = new LogLimit(host.now());
  }

  /** A handler has failed with `status`, or has thrown (E_PANIC). */
  reportEvent({ id, source, target }: Event, status: Status, thrown: unknown): void {
    if (!this.mayReport()) return;
    const what = `${formatId(id)}: ${formatId(source)} -> ${formatId(target)}`;
    this.log.crit(`[FWK] Process event (${what}) (${statusName(status)})`);
    if (thrown !== undefined) this.log.crit(`[FWK] ${describeError(thrown)}`);
  }

  /** The callback of an alarm has thrown. */
  reportAlarm({ owner }: Alarm, thrown: unknown): void {
    if (this.mayReport()) this.log.crit(`[FWK] Alarm of ${this.entities.describe(owner)}: ${describeError(thrown)}`);
  }

  private mayReport(): boolean {
    if (!this.limit.take(this.host.now())) return false;
    if (this.limit.suppressed > 0) this.log.crit(`[FWK] ${this.limit.suppressed} faults were not logged`);
    this.limit.suppressed = 0;
    return true;
  }
}
