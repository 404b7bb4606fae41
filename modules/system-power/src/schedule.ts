// SPDX-License-Identifier: BSD-3-Clause
import { FrameworkError, Status } from '@scp/framework';
import type { SystemPowerElementConfig } from './schema.ts';

/** Refuses a schedule that asks for what the system does not have. FrameworkError E_DATA. */
export function checkSchedule(name: string, { schedule, warmReset, suspend }: SystemPowerElementConfig): void {
  for (const { request } of schedule) {
    if ((request === 'warm-reset' && !warmReset) || (request === 'suspend' && !suspend)) {
      throw new FrameworkError(Status.E_DATA, `the schedule of system ${name} has a ${request}, which it can’t do`);
    }
  }
}
