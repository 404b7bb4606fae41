// SPDX-License-Identifier: BSD-3-Clause
/** The clocks an agent sees. */
import { CLOCK_PROTOCOL, ClockAttribute, RATE_TRIPLET } from '@scp/scmi-clock/messages';
import { type Agent, optional, type Spoken } from './agent.ts';
import { entriesOf, textOf, walkPages, wide } from './pages.ts';

/** The rates a clock can have, in Hz. */
export type ClockRates =
  { readonly list: readonly number[] } | { readonly lowest: number; readonly highest: number; readonly step: number };

/** A clock as the server describes it. */
export interface ClockFacts {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  /** Hz; undefined when the server does not tell. */
  readonly rate: number | undefined;
  readonly rates: ClockRates | undefined;
  /** The id of its parent, for one with parents. */
  readonly parent: number | undefined;
}

/** Asks for every clock. */
export function readClocks(agent: Agent): ClockFacts[] {
  const spoken = agent.speak(CLOCK_PROTOCOL);
  const attributes = Number(agent.call(spoken, CLOCK_PROTOCOL.commands.attributes, [])['attributes']);
  const clocks: ClockFacts[] = [];
  for (let id = 0; id < (attributes & 0xffff); id++) clocks.push(readClock(agent, spoken, id));
  return clocks;
}

function readClock(agent: Agent, spoken: Spoken, id: number): ClockFacts {
  const { clockAttributes, nameGet, parentGet, rateGet } = CLOCK_PROTOCOL.commands;
  const facts = agent.call(spoken, clockAttributes, [id]);
  const has = (bit: number) => (Number(facts['attributes']) & bit) !== 0;
  const long = has(ClockAttribute.EXTENDED_NAME)
    ? optional(() => textOf(agent.call(spoken, nameGet, [id]), 'name'))
    : undefined;
  const rate = optional(() => agent.call(spoken, rateGet, [id]));
  return {
    id,
    name: long ?? textOf(facts, 'name'),
    enabled: has(ClockAttribute.ENABLED),
    rate: rate === undefined ? undefined : wide(rate['rateLow'], rate['rateHigh']),
    rates: optional(() => readRates(agent, spoken, id)),
    parent: has(ClockAttribute.PARENTS)
      ? optional(() => Number(agent.call(spoken, parentGet, [id])['parentId']))
      : undefined,
  };
}

function readRates(agent: Agent, spoken: Spoken, id: number): ClockRates {
  let triplet = false;
  const rates = walkPages(have => {
    const answer = agent.call(spoken, CLOCK_PROTOCOL.commands.describeRates, [id, have]);
    const flags = Number(answer['numRatesFlags']);
    triplet ||= (flags & RATE_TRIPLET) !== 0;
    const page = entriesOf(answer, 'rates').map(({ low, high }) => wide(low, high));
    return { page, remaining: triplet ? 0 : flags >>> 16 };
  });
  const [lowest = 0, highest = 0, step = 0] = rates;
  return triplet ? { lowest, highest, step } : { list: rates };
}
