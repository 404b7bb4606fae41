// SPDX-License-Identifier: BSD-3-Clause
/** Configurations that contradict themselves: refused when a product is built, and when it starts. */
import schema from '@scp/power-domain/schema';
import { elements, type Plans, tree } from './trees.ts';

const problems = (plans: Plans) => schema.check({}, elements(plans)).map(problem => problem.message);

const BAD: readonly (readonly [string, Plans, string])[] = [
  ['a domain that can’t be off', { a: { states: ['on'] } }, 'power domain a can’t be off; every domain can'],
  [
    'masks without a parent',
    { a: { allowed: { on: ['off'] } } },
    'power domain a says what is allowed under its parent, and has none',
  ],
  [
    'a state that is not its own',
    { a: { parent: 'b', allowed: { on: ['off', 'sleep', 'on'] } }, b: {} },
    'power domain a allows sleep, which is not among its states off, on',
  ],
  [
    'a state of the parent that it does not have',
    { a: { parent: 'b', allowed: { sleep: ['off'] } }, b: {} },
    'power domain a says what is allowed while its parent is sleep, which it never is',
  ],
  [
    'less under more',
    { a: { parent: 'b', allowed: { off: ['off', 'on'], on: ['off'] } }, b: {} },
    'power domain a allows off while its parent is on, and off, on while it has less power',
  ],
  [
    'off forbidden',
    { a: { parent: 'b', allowed: { on: ['on'] } }, b: {} },
    'power domain a allows on while its parent is on, and off while it has less power',
  ],
  [
    'a state that is never allowed',
    { a: { parent: 'b', states: ['off', 'sleep', 'on'], allowed: { on: ['off', 'sleep'] } }, b: {} },
    'power domain a is never allowed to be on',
  ],
];

describe('the configuration of power domains', () => {
  it.each(BAD)('refuses %s', (_what, plans, message) => {
    expect(problems(plans)).toEqual([message]);
    expect(() => tree(plans)).toThrow(message);
  });

  it('refuses a domain that is powered from itself', () => {
    const plans: Plans = { a: { parent: 'b' }, b: { parent: 'a' }, c: { parent: 'a' } };
    expect(problems(plans)).toEqual(['is powered from itself: a <- b <- a', 'is powered from itself: b <- a <- b']);
    expect(() => tree(plans)).toThrow('power domains are powered from each other: a <- b <- a');
  });

  it('takes the trees of SCP-firmware’s products', () => {
    const core: Plans[string] = {
      type: 'core',
      parent: 'CLUS0',
      states: ['off', 'sleep', 'on'],
      allowed: { off: ['off'], sleep: ['off', 'sleep'], on: ['off', 'sleep', 'on'] },
    };
    const plans: Plans = {
      CLUS0CORE0: core,
      CLUS0: { type: 'cluster', parent: 'SYSTOP', states: ['off', 'sleep', 'on'] },
      GPUTOP: { parent: 'SYSTOP', allowed: { off: ['off'], on: ['off', 'on'] } },
      SYSTOP: { type: 'system' },
    };
    expect(problems(plans)).toEqual([]);
    expect(() => tree(plans)).not.toThrow();
  });
});
