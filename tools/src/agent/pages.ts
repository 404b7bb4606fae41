// SPDX-License-Identifier: BSD-3-Clause
import type { AnyValues } from '@scp/scmi/api';

/** More entries than any server here has: where a list that does not end is given up. */
const LIMIT = 65536;

const isEntries = (value: AnyValues[string] | undefined): value is readonly AnyValues[] => Array.isArray(value);

/** The entries under `key` in an answer. */
export function entriesOf(values: AnyValues, key: string): readonly AnyValues[] {
  const entries = values[key];
  return isEntries(entries) ? entries : [];
}

/** The text under `key` in an answer, empty when there is none. */
export function textOf(values: AnyValues, key: string): string {
  const text = values[key];
  return typeof text === 'string' ? text : '';
}

/**
 * Walks a list that comes in pages. `read` is given how many entries there are already and answers a page with how many
 * remain after it; the walk ends when none remain, or a page is empty.
 */
export function walkPages<T>(read: (have: number) => { readonly page: readonly T[]; readonly remaining: number }): T[] {
  const all: T[] = [];
  while (all.length < LIMIT) {
    const { page, remaining } = read(all.length);
    all.push(...page);
    if (remaining === 0 || page.length === 0) break;
  }
  return all;
}

/** A number of two words. */
export const wide = (low: unknown, high: unknown): number => Number(high) * 0x100000000 + Number(low);
