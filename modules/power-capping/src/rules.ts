// SPDX-License-Identifier: BSD-3-Clause
/** From the configuration of power domains to their facts, and what contradicts itself there. */
import { elementIndex, type ProductElement } from '@scp/framework';
import { isConfigurable, isWithin, type PowerDomainInfo, PowerUnit, type Range, roundToStep, UNCAPPED } from './api.ts';
import type { PowerCappingElementConfig } from './schema.ts';

/** A rule that an element breaks. */
export interface Problem {
  readonly element: string;
  readonly rule: string;
}

const UNITS = {
  abstract: PowerUnit.ABSTRACT,
  microwatts: PowerUnit.MICROWATTS,
  milliwatts: PowerUnit.MILLIWATTS,
} as const;

const rangeOf = (config: PowerCappingElementConfig['cap' | 'interval']): Range =>
  'fixed' in config ? { min: config.fixed, max: config.fixed, step: 0 } : config;

/** The facts of a domain called `name`. */
export function domainInfo(name: string, config: PowerCappingElementConfig): PowerDomainInfo {
  const { parent, monitored, asynchronous, capNotifications, sustainablePower, accuracy } = config;
  const cap = rangeOf(config.cap);
  const interval = rangeOf(config.interval);
  return {
    name,
    unit: UNITS[config.unit],
    parent,
    cap,
    isCapConfigurable: isConfigurable(cap),
    initialCap: config.initialCap ?? cap.max,
    interval,
    isIntervalConfigurable: isConfigurable(interval),
    initialInterval: config.initialInterval ?? interval.min,
    monitored,
    asynchronous,
    capNotifications,
    powerNotifications: monitored && config.powerNotifications,
    sustainablePower,
    accuracy,
  };
}

/** What is wrong with the domains: DEN0056, POWERCAP_DOMAIN_ATTRIBUTES, whose rules Linux holds every domain to. */
export function domainProblems(elements: readonly ProductElement<PowerCappingElementConfig>[]): Problem[] {
  const problems: Problem[] = [];
  const parents = elements.map(({ config }) => (config.parent === undefined ? -1 : elementIndex(config.parent)));
  elements.forEach(({ name, config }, index) => {
    const rules = [...ownProblems(domainInfo(name, config)), ...loopProblem(elements, parents, index)];
    problems.push(...rules.map(rule => ({ element: name, rule })));
  });
  return problems;
}

function ownProblems(info: PowerDomainInfo): string[] {
  const { cap, interval, initialCap, initialInterval } = info;
  const rules = [...rangeProblems('cap', cap), ...rangeProblems('interval', interval)];
  if (!info.isCapConfigurable && !info.monitored) rules.push('is neither capped nor monitored; it is one or the other');
  if (!info.isCapConfigurable && info.asynchronous) rules.push('sets no caps, so none asynchronously');
  if (initialCap !== UNCAPPED && !isStep(cap, initialCap))
    rules.push(`initialCap ${initialCap} is not one of its caps`);
  if (!isStep(interval, initialInterval)) rules.push(`initialInterval ${initialInterval} is not one of its intervals`);
  return rules;
}

const isStep = (range: Range, value: number): boolean => isWithin(range, value) && roundToStep(range, value) === value;

/** Ranges with `fixed` are right as they are. */
function rangeProblems(what: string, { min, max, step }: Range): string[] {
  if (step === 0) return [];
  if (min >= max) return [`${what}: min is below max; one value is \`fixed\``];
  return (max - min) % step === 0 ? [] : [`${what}: max is a whole number of steps above min`];
}

function loopProblem(
  elements: readonly ProductElement<PowerCappingElementConfig>[],
  parents: readonly number[],
  index: number,
): string[] {
  const path = [index];
  for (let at = parents[index] ?? -1; at >= 0; at = parents[at] ?? -1) {
    path.push(at);
    if (at === index) return [`is part of itself: ${path.map(one => elements[one]?.name).join(' in ')}`];
    // A loop further up is that domain’s.
    if (path.length > elements.length) break;
  }
  return [];
}

/** What SCMI allows and Linux (6.12, arm_scmi_powercap) gets wrong. */
export function linuxProblems(elements: readonly ProductElement<PowerCappingElementConfig>[]): Problem[] {
  const problems: Problem[] = [];
  for (const { name, config } of elements) {
    for (const what of ['cap', 'interval'] as const) {
      const range = rangeOf(config[what]);
      if (range.step > 0 && range.min % range.step !== 0) {
        problems.push({
          element: name,
          rule: `${what}: Linux rounds to multiples of step, so min is best one of them`,
        });
      }
    }
    const parent = config.parent === undefined ? undefined : elements[elementIndex(config.parent)];
    if (parent?.config.unit === 'abstract') {
      problems.push({ element: name, rule: `Linux shows no zone at all when a parent, ${parent.name}, is abstract` });
    }
  }
  return problems;
}
