// SPDX-License-Identifier: BSD-3-Clause
/** Which states a domain can be in while its parent is in which: sets of states as bits, bit n for rank n. */
import { FrameworkError, Status } from '@scp/framework';
import { PowerState, rankOf, STATES_BY_RANK } from './states.ts';
import type { AllowedStates, PowerDomainElementConfig } from './schema.ts';

/** A state as configurations name it. */
export type StateName = 'off' | 'sleep' | 'on';

const STATE_OF: { readonly [K in StateName]: PowerState } = {
  off: PowerState.OFF,
  sleep: PowerState.SLEEP,
  on: PowerState.ON,
};
const NAMES: readonly StateName[] = ['off', 'sleep', 'on'];
const OFF = 1 << rankOf(PowerState.OFF);
const DEFAULT_STATES: readonly StateName[] = ['off', 'on'];

/** The set of states with these names; off and on when there are none. */
export function stateMask(names: readonly StateName[] = DEFAULT_STATES): number {
  let mask = 0;
  for (const name of names) mask |= 1 << rankOf(STATE_OF[name]);
  return mask;
}

const textOf = (mask: number): string => NAMES.filter((_name, rank) => (mask & (1 << rank)) !== 0).join(', ');

/** What is allowed when a configuration does not say: no domain is more powered than its parent. */
const defaultMask = (own: number, parentRank: number): number => own & ((2 << parentRank) - 1);

/**
 * The set of a domain's states by rank of its parent's state; at ranks that the parent does not have, as below. Empty for a
 * root. FrameworkError E_DATA for masks that leave a state unreachable or that forbid more when the parent has more power.
 */
export function allowedMasks(
  name: string,
  { states, allowed }: Pick<PowerDomainElementConfig, 'states' | 'allowed'>,
  parentStates: number | undefined,
): readonly number[] {
  const own = stateMask(states);
  const refuse = (rule: string): never => {
    throw new FrameworkError(Status.E_DATA, `power domain ${name} ${rule}`);
  };
  if ((own & OFF) === 0) refuse('can’t be off; every domain can');
  if (parentStates === undefined) {
    if (allowed !== undefined) refuse('says what is allowed under its parent, and has none');
    return [];
  }
  const masks: number[] = [];
  STATES_BY_RANK.forEach((_state, rank) => {
    const parentState: keyof AllowedStates = NAMES[rank] ?? 'off';
    const given = allowed?.[parentState];
    if ((parentStates & (1 << rank)) === 0) {
      if (given !== undefined) refuse(`says what is allowed while its parent is ${parentState}, which it never is`);
      masks.push(masks[rank - 1] ?? OFF);
      return;
    }
    const mask = given === undefined ? defaultMask(own, rank) : stateMask(given);
    const below = masks[rank - 1] ?? OFF;
    if ((mask & ~own) !== 0) refuse(`allows ${textOf(mask & ~own)}, which is not among its states ${textOf(own)}`);
    if ((below & ~mask) !== 0) {
      refuse(`allows ${textOf(mask)} while its parent is ${parentState}, and ${textOf(below)} while it has less power`);
    }
    masks.push(mask);
  });
  const top = masks[masks.length - 1] ?? 0;
  if (top !== own) refuse(`is never allowed to be ${textOf(own & ~top)}`);
  return masks;
}

/** By rank of a domain's state: the least rank its parent needs to have. 0 throughout for a root. */
export function neededRanks(masks: readonly number[]): readonly number[] {
  return STATES_BY_RANK.map((_state, rank) => {
    const needed = masks.findIndex(mask => (mask & (1 << rank)) !== 0);
    return Math.max(0, needed);
  });
}
