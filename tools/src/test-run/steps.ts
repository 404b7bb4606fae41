// SPDX-License-Identifier: BSD-3-Clause
/** The steps of `npm test`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { guests } from '../guest/requirements.ts';
import { productNames } from '../workspace.ts';

/** One check of the whole repository: a program of Node, or the reasons why there is nothing to run. */
export interface Step {
  readonly name: string;
  /** The arguments of `node`, from the root; undefined when it is skipped. */
  readonly args: readonly string[] | undefined;
  /** What is skipped, wholly or in part, and why. */
  readonly skipped: readonly string[];
}

const program = (name: string): string => join('node_modules/.bin', name);
const step = (name: string, ...args: readonly string[]): Step => ({ name, args, skipped: [] });

/** The tests that boot the guests; not part of `jest` alone. */
const GUEST_TESTS = 'tools/test/guest';

function guestStep(workspace: string): Step {
  const states = guests(workspace);
  const skipped = states
    .filter(({ missing }) => missing.length > 0)
    .map(({ name, missing }) => `${name}: missing ${missing.join(', ')}`);
  if (!existsSync(join(workspace, GUEST_TESTS)))
    return { name: 'guests', args: undefined, skipped: [`no ${GUEST_TESTS}`] };
  const args = [program('jest'), '--config', 'jest.guest.cjs'];
  return { name: 'guests', args: skipped.length === states.length ? undefined : args, skipped };
}

/** All steps, in the order in which a mistake shows soonest. */
export function testSteps(workspace: string): readonly Step[] {
  const products: Step =
    productNames(workspace).length === 0
      ? { name: 'products', args: undefined, skipped: ['there is no product'] }
      : step('products', program('nx'), 'run-many', '-t', 'build', 'test', '-p', 'products/*');
  return [
    step('eslint', program('eslint'), '.'),
    step('prettier', program('prettier'), '--check', '--log-level', 'warn', '.'),
    step('types', program('tsc'), '-b'),
    step('jest', program('jest')),
    products,
    guestStep(workspace),
  ];
}
