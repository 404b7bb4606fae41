// SPDX-License-Identifier: BSD-3-Clause
/** Power states, how they compare, and composite states. */

/** States of a power domain. SCP-firmware's values. */
export const PowerState = {
  /** Nothing is kept. */
  OFF: 0,
  ON: 1,
  /** Nothing runs, what it holds is kept. */
  SLEEP: 2,
} as const;
/** A state. */
export type PowerState = (typeof PowerState)[keyof typeof PowerState];

/** The states from the least to the most powered: a state's rank is its position. */
export const STATES_BY_RANK: readonly PowerState[] = [PowerState.OFF, PowerState.SLEEP, PowerState.ON];

/** How powered a state is: 0 OFF, 1 SLEEP, 2 ON. */
export const rankOf = (state: PowerState): number => STATES_BY_RANK.indexOf(state);

/** The state that a number stands for, undefined for none. */
export function powerState(value: number): PowerState | undefined {
  for (let at = 0; at < STATES_BY_RANK.length; at++) {
    const state = STATES_BY_RANK[at];
    if (state === value) return state;
  }
  return undefined;
}

/** Levels of a composite state: a domain, its parent, and so on up. */
export const COMPOSITE_LEVELS = 4;

/**
 * A composite state: [3:0] the state of a domain, [7:4] that of its parent, [11:8], [15:12] further up; [19:16] the
 * highest level that is given, 0..3. A plain state is the composite state of one level. SCP-firmware's layout.
 */
export function compositeState(...states: readonly PowerState[]): number {
  let word = Math.max(0, states.length - 1) << 16;
  states.forEach((state, level) => (word |= state << (4 * level)));
  return word;
}

/** The highest level that a composite state gives. */
export const highestLevel = (composite: number): number => composite >>> 16;

/** What a composite state gives for a level, undefined for no state. */
export const stateAt = (composite: number, level: number): PowerState | undefined =>
  powerState((composite >>> (4 * level)) & 0xf);
