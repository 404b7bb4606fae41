// SPDX-License-Identifier: BSD-3-Clause
/** From what a product says of a supply to what the HAL is told of it. */
import { FrameworkError, Status } from '@scp/framework';
import { checkLevels, hasLevel, type Levels, lowestLevel, type VoltageDriverFacts } from '@scp/voltage-domain/api';
import type { MockVoltageDomainElementConfig } from './schema.ts';

/** A supply's facts, and its level at the start, µV. FrameworkError E_DATA for one that contradicts itself. */
export function supplyFacts(config: MockVoltageDomainElementConfig): VoltageDriverFacts & { readonly level: number } {
  const { alwaysOn, readOnly, modes } = config;
  const levels = levelsOf(config);
  const problem = checkLevels(levels);
  if (problem !== undefined) throw new FrameworkError(Status.E_DATA, problem);
  if (config.level !== undefined && config.fixed !== undefined) {
    throw new FrameworkError(Status.E_DATA, 'gives a level for the start, but its level is fixed');
  }
  const level = config.level ?? lowestLevel(levels);
  if (!hasLevel(levels, level)) {
    throw new FrameworkError(Status.E_DATA, `level ${level} at the start is not one of its levels`);
  }
  if (alwaysOn && modes.length > 0) {
    throw new FrameworkError(Status.E_DATA, 'has modes, but is always on: it can’t be switched to any of them');
  }
  return { levels, switchable: !alwaysOn, readOnly, modes, level };
}

function levelsOf({ levels, range, fixed }: MockVoltageDomainElementConfig): Levels {
  const given = [levels, range, fixed].filter(one => one !== undefined).length;
  if (given !== 1) {
    throw new FrameworkError(Status.E_DATA, `gives ${given} of levels, range and fixed; it gives exactly one`);
  }
  if (range !== undefined) return { kind: 'range', ...range };
  return { kind: 'list', list: levels ?? (fixed === undefined ? [] : [fixed]) };
}
