// SPDX-License-Identifier: BSD-3-Clause
/** What contradicts itself in the configuration of pins, groups and functions. */
import { type ElementId, elementIndex, type ProductElement } from '@scp/framework';
import type { PinctrlElementConfig } from './schema.ts';

/** A rule that an element breaks. */
export interface Problem {
  readonly element: string;
  readonly rule: string;
}

type Element = ProductElement<PinctrlElementConfig>;

/** What kind of element a configuration is of. */
export function kindOf(config: PinctrlElementConfig): 'pin' | 'group' | 'function' {
  if ('pin' in config) return 'pin';
  return 'group' in config ? 'group' : 'function';
}

/** What agents see of an element called `name` in the product. */
export function visibleName(name: string, config: PinctrlElementConfig): string {
  if ('pin' in config) return config.pin.name ?? name;
  return ('group' in config ? config.group.name : config.function.name) ?? name;
}

/** What is wrong with the elements, which refer to each other by position. */
export function elementProblems(elements: readonly Element[]): Problem[] {
  const problems: Problem[] = [];
  const report = (element: Element, rule: string) => problems.push({ element: element.name, rule });
  const at = (id: ElementId): Element | undefined => elements[elementIndex(id)];
  const names = new Map<string, string>();
  const numbers = new Map<string, string>();
  /** By pin's position and selector. */
  const selectors = new Map<string, string>();

  for (const element of elements) {
    const { config } = element;
    const name = `${kindOf(config)} ${visibleName(element.name, config)}`;
    const other = names.get(name);
    if (other !== undefined) report(element, `is called ${name}, as ${other} is`);
    names.set(name, element.name);
    if ('pin' in config) {
      const place = `${config.pin.driver} ${config.pin.number}`;
      const taken = numbers.get(place);
      if (taken !== undefined) report(element, `is number ${config.pin.number} of its controller, as ${taken} is`);
      numbers.set(place, element.name);
    } else if ('group' in config) {
      for (const rule of groupProblems(config.group.pins, at)) report(element, rule);
    } else {
      const { mux } = config.function;
      for (const rule of targetProblems(config.function, at)) report(element, rule);
      for (const pin of new Set(pinsOf(config.function, at))) {
        const taken = selectors.get(`${pin} ${mux}`);
        if (taken !== undefined) report(element, `has selector ${mux} on pin ${at(pin)?.name ?? '?'}, as ${taken} has`);
        selectors.set(`${pin} ${mux}`, element.name);
      }
    }
  }
  return problems;
}

function groupProblems(pins: readonly ElementId[], at: (id: ElementId) => Element | undefined): string[] {
  const rules: string[] = [];
  if (pins.length === 0) rules.push('has no pins; a group has at least one');
  const drivers = new Set<ElementId>();
  for (const id of pins) {
    const config = at(id)?.config;
    if (config !== undefined && 'pin' in config) drivers.add(config.pin.driver);
    else rules.push(`has ${at(id)?.name ?? id} among its pins, which is none`);
  }
  if (drivers.size > 1) rules.push('has pins of several controllers; a group is of one');
  return rules;
}

type FunctionConfig = Extract<PinctrlElementConfig, { function: unknown }>['function'];

function targetProblems(config: FunctionConfig, at: (id: ElementId) => Element | undefined): string[] {
  const [what, targets] = 'groups' in config ? (['group', config.groups] as const) : (['pin', config.pins] as const);
  if (targets.length === 0) return [`has no ${what}s; a function has at least one`];
  return targets.flatMap(id => {
    const target = at(id);
    if (target !== undefined && kindOf(target.config) === what) return [];
    return [`has ${target?.name ?? id} among its ${what}s, which is none`];
  });
}

/** The pins that a function can be on. */
function pinsOf(config: FunctionConfig, at: (id: ElementId) => Element | undefined): readonly ElementId[] {
  if ('pins' in config) return config.pins;
  return config.groups.flatMap(id => {
    const group = at(id)?.config;
    return group !== undefined && 'group' in group ? group.group.pins : [];
  });
}
