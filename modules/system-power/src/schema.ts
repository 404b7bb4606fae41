// SPDX-License-Identifier: BSD-3-Clause
import { type Static, Type } from '@sinclair/typebox';
import { FrameworkError, type ProductElement } from '@scp/framework';
import { type ConfigProblem, Quantity, Reference } from '@scp/framework/schema';
import { checkSchedule } from './schedule.ts';

const config = Type.Object({}, { additionalProperties: false });

const request = Type.Object(
  {
    after: Quantity('us', { description: 'When, counted from `from`.' }),
    from: Type.Union([Type.Literal('start'), Type.Literal('agent')], {
      description:
        'From when `after` counts: the start of the firmware, or each time that an agent of the system turns notifications of requests on. Left out: start.',
      default: 'start',
    }),
    request: Type.Union(
      [Type.Literal('shutdown'), Type.Literal('cold-reset'), Type.Literal('warm-reset'), Type.Literal('suspend')],
      { description: 'What the platform asks of the system.' },
    ),
    graceful: Type.Boolean({
      description: 'Whether agents are given time to do it themselves. Left out: yes.',
      default: true,
    }),
    timeout: Type.Optional(
      Quantity('us', {
        description: 'How long a graceful request waits before it is carried out. Left out: as of the system.',
        minimum: 1000,
        maximum: 0xffffffff * 1000,
      }),
    ),
  },
  { additionalProperties: false, description: 'One request of the platform.' },
);

const element = Type.Object(
  {
    driver: Type.Optional(
      Reference('SYSTEM_POWER_DRIVER', {
        description: 'What carries out requests, as `module/element`. Left out: they are noted and logged.',
      }),
    ),
    warmReset: Type.Boolean({ description: 'Whether it can be reset warm. Left out: yes.', default: true }),
    suspend: Type.Boolean({ description: 'Whether it can be suspended. Left out: yes.', default: true }),
    gracefulTimeout: Quantity('us', {
      description:
        'How long a graceful request waits for the agents that were told before it is carried out, from 1 ms; agents are told whole milliseconds. Left out: 10 s.',
      minimum: 1000,
      maximum: 0xffffffff * 1000,
      default: 10_000_000,
    }),
    schedule: Type.Array(request, {
      description: 'What the platform asks of the system by itself, for tests and demonstrations. Left out: nothing.',
      maxItems: 64,
      default: [],
    }),
  },
  { additionalProperties: false, description: 'A system: what one guest or one board is.' },
);

/** Configuration of the module: none. */
export type SystemPowerConfig = Static<typeof config>;
/** A system. */
export type SystemPowerElementConfig = Static<typeof element>;
/** One request of the platform. */
export type ScheduledRequest = SystemPowerElementConfig['schedule'][number];

/** A schedule that the system can't keep is found when the product is built, by the rule that also holds when it starts. */
function check(
  _config: SystemPowerConfig,
  elements: readonly ProductElement<SystemPowerElementConfig>[],
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const { name, config: system } of elements) {
    try {
      checkSchedule(name, system);
    } catch (error) {
      if (!(error instanceof FrameworkError)) throw error;
      problems.push({ path: ['elements', name, 'schedule'], message: error.rule });
    }
  }
  return problems;
}

export default { config, element, check };
