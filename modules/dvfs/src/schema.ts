// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, ElementOf, Quantity } from '@scp/framework/schema';
import { misleadingOpp, oppTable } from './opps.ts';

const config = Type.Object({}, { additionalProperties: false });

/** What an SCMI word can carry. */
const WORD = 0xffffffff;

const opp = Type.Object(
  {
    level: Type.Integer({
      description: 'The number that stands for its performance, 1 to 2^32 - 1, by custom its frequency in kHz.',
      minimum: 1,
      maximum: WORD,
    }),
    frequency: Type.Optional(
      Quantity('Hz', { description: 'The rate of the clock, in whole kHz. Left out: the level in kHz.' }),
    ),
    voltage: Quantity('uV', { description: 'The voltage of the supply, which this frequency needs.' }),
    power: Type.Integer({
      description:
        'What it costs: a number in the unit that scmi-perf’s `powerUnit` says, up to 2^32 - 1. Left out: 0, not known.',
      minimum: 0,
      maximum: WORD,
      default: 0,
    }),
  },
  { additionalProperties: false, description: 'An operating point.' },
);

const element = Type.Object(
  {
    clock: ElementOf('clock', {
      description: 'The clock, as `clock/element`. It is the domain’s alone, and so are its rates.',
    }),
    supply: ElementOf('psu', {
      description: 'The power supply, as `psu/element`. It is the domain’s alone, and so is its voltage.',
    }),
    opps: Type.Array(opp, {
      description:
        'The operating points, ascending by level and frequency; the voltage never falls. Linux uses 32 of them.',
      minItems: 1,
      maxItems: 4095,
    }),
    sustained: Type.Optional(
      Type.Integer({
        description: 'The level it can stay in, and has at the start. Left out: the highest.',
        minimum: 1,
        maximum: WORD,
      }),
    ),
    latency: Quantity('us', {
      description: 'The most that a transition takes, in µs up to 65535. Left out: 0.',
      maximum: 0xffff,
      default: 0,
    }),
    rateLimit: Quantity('us', {
      description: 'The time agents are asked to leave between two requests, in µs up to 2^20 - 1. Left out: 0, none.',
      maximum: 0xfffff,
      default: 0,
    }),
    levelIndexing: Type.Boolean({
      description:
        'Whether agents that speak version 4.0 or later name levels by their position (level indexing mode), so that levels need no relation to frequencies. Left out: no.',
      default: false,
    }),
    retry: Type.Optional(
      Quantity('us', {
        description:
          'How long to wait, in µs, before a transition that failed is tried again. Left out: it is not, and who asked is told.',
        minimum: 1,
      }),
    ),
    retries: Type.Integer({
      description: 'How many times it is tried again at most, 1 to 255. Left out: 4.',
      minimum: 1,
      maximum: 255,
      default: 4,
    }),
  },
  { additionalProperties: false, description: 'A performance domain; its name is what agents see.' },
);

/** Configuration of the module: none. */
export type DvfsConfig = Static<typeof config>;
/** A performance domain. */
export type DvfsElementConfig = Static<typeof element>;

/** What is wrong with domains is found when the product is built, by the rules that also hold when it starts. */
function check(_config: DvfsConfig, elements: readonly ProductElement<DvfsElementConfig>[]): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  elements.forEach(({ name, config: domain }, index) => {
    for (const key of ['clock', 'supply'] as const) {
      const other = elements.slice(0, index).find(before => before.config[key] === domain[key]);
      if (other === undefined) continue;
      const message = `has the ${key} of ${other.name}, and two domains would change each other’s`;
      problems.push({ path: ['elements', name, key], message, hint: `a ${key} of its own` });
    }
    try {
      const { opps, sustained } = oppTable(domain);
      const odd = domain.levelIndexing ? undefined : misleadingOpp(opps, sustained);
      if (odd !== undefined) {
        const message = `Linux takes level ${odd.level} for another frequency than its ${odd.frequency} Hz: it multiplies levels by the sustained frequency over the sustained level`;
        const hint = 'levels that are frequencies in kHz, or levelIndexing';
        problems.push({ path: ['elements', name, 'opps'], message, hint, warning: true });
      }
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name], message: error.rule });
    }
  });
  return problems;
}

export default { config, element, check };
