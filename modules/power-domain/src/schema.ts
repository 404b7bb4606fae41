// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { elementIndex, FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, ElementOf, Reference } from '@scp/framework/schema';
import { allowedMasks, stateMask } from './masks.ts';

const config = Type.Object({}, { additionalProperties: false });

const state = Type.Union([Type.Literal('off'), Type.Literal('sleep'), Type.Literal('on')]);
const states = (description: string) => Type.Array(state, { description, minItems: 1, maxItems: 3, uniqueItems: true });

const element = Type.Object(
  {
    driver: Reference('POWER_DOMAIN_DRIVER', {
      description: 'What drives this domain, as `module/element`. One driver element drives one domain.',
    }),
    type: Type.Union(
      [
        Type.Literal('core'),
        Type.Literal('cluster'),
        Type.Literal('device'),
        Type.Literal('debug'),
        Type.Literal('system'),
      ],
      {
        description:
          'What it powers. A cluster goes off with the last of its children, unless a state was requested for it. Left out: device.',
        default: 'device',
      },
    ),
    parent: Type.Optional(
      ElementOf('power-domain', {
        description: 'The domain it is powered from, as `power-domain/element`. Left out: it is a root.',
      }),
    ),
    states: Type.Optional(
      states('The states it can be in: `off`, `sleep` (what it holds is kept), `on`. Left out: off and on.'),
    ),
    allowed: Type.Optional(
      Type.Object(
        {
          off: Type.Optional(states('Its states while the parent is off.')),
          sleep: Type.Optional(states('Its states while the parent sleeps.')),
          on: Type.Optional(states('Its states while the parent is on.')),
        },
        {
          additionalProperties: false,
          description:
            'Its states by those of its parent: at each more powered state of the parent the same or more. Left out, as a whole or one of them: off under off, off and sleep under sleep, all under on.',
        },
      ),
    ),
  },
  { additionalProperties: false, description: 'A power domain; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type PowerDomainConfig = Static<typeof config>;
/** A power domain. */
export type PowerDomainElementConfig = Static<typeof element>;
/** States by the parent's state. */
export type AllowedStates = NonNullable<PowerDomainElementConfig['allowed']>;

/** Cycles and masks are found when the product is built, by the rules that also hold when it starts. */
function check(
  _config: PowerDomainConfig,
  elements: readonly ProductElement<PowerDomainElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: domain } of elements) {
    const parent = domain.parent === undefined ? undefined : elements[elementIndex(domain.parent)];
    try {
      allowedMasks(name, domain, parent === undefined ? undefined : stateMask(parent.config.states));
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
    const path = cycle(elements, name);
    if (path !== undefined) {
      problems.push({
        path: ['elements', name, 'parent'],
        message: `is powered from itself: ${path.join(' <- ')}`,
        hint: 'one domain at the top has no parent',
      });
    }
  }
  return problems;
}

/** The way from a domain up to itself, undefined when it leads to a root. */
function cycle(elements: readonly ProductElement<PowerDomainElementConfig>[], name: string): string[] | undefined {
  const path = [name];
  let at = elements.find(element => element.name === name);
  while (at?.config.parent !== undefined && path.length <= elements.length) {
    at = elements[elementIndex(at.config.parent)];
    if (at === undefined) return undefined;
    path.push(at.name);
    if (at.name === name) return path;
  }
  return undefined;
}

export default { config, element, check };
