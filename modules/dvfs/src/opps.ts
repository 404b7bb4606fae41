// SPDX-License-Identifier: BSD-3-Clause
/** From what a product says of operating points to the table the HAL works with. */
import { FrameworkError, Status } from '@scp/framework';
import type { Opp } from './api.ts';
import type { DvfsElementConfig } from './schema.ts';

const KHZ = 1000;
/** Frequencies are told in kHz, in a word. */
const HIGHEST_FREQUENCY = 0xffffffff * KHZ;

/** A domain's operating points, and which one is sustained. FrameworkError E_DATA for a table that makes no sense. */
export function oppTable({ opps, sustained }: Pick<DvfsElementConfig, 'opps' | 'sustained'>): {
  readonly opps: readonly Opp[];
  readonly sustained: number;
} {
  const table = opps.map(opp => ({ ...opp, frequency: opp.frequency ?? opp.level * KHZ }));
  for (const [at, { level, frequency, voltage }] of table.entries()) {
    if (frequency % KHZ !== 0 || frequency <= 0 || frequency > HIGHEST_FREQUENCY) {
      throw new FrameworkError(Status.E_DATA, `frequency ${frequency} of level ${level}: whole kHz, 1 to 2^32 - 1`);
    }
    const below = table[at - 1];
    if (below === undefined) continue;
    if (level <= below.level) {
      throw new FrameworkError(Status.E_DATA, `levels must ascend, but ${below.level} comes before ${level}`);
    }
    if (frequency <= below.frequency) {
      throw new FrameworkError(
        Status.E_DATA,
        `frequencies must ascend with levels, but level ${level} has ${frequency} Hz after ${below.frequency} Hz`,
      );
    }
    if (voltage < below.voltage) {
      throw new FrameworkError(
        Status.E_DATA,
        `level ${level} has ${voltage} µV, less than the ${below.voltage} µV of the slower level ${below.level}`,
      );
    }
  }
  const at = sustained === undefined ? table.length - 1 : table.findIndex(opp => opp.level === sustained);
  if (at < 0)
    throw new FrameworkError(Status.E_DATA, `the sustained level ${sustained ?? ''} is not one of its levels`);
  return { opps: table, sustained: at };
}

/**
 * The first operating point that an agent who knows levels only takes for another frequency than it has: Linux takes level
 * times sustained frequency by sustained level. Undefined when there is none.
 */
export function misleadingOpp(opps: readonly Opp[], sustained: number): Opp | undefined {
  const { level = 1, frequency = 0 } = opps[sustained] ?? {};
  return opps.find(opp => opp.level * frequency !== opp.frequency * level);
}
