// SPDX-License-Identifier: BSD-3-Clause
/** Looking into data whose shape is not known yet. */

/** A map of anything. */
export type Data = { readonly [key: string]: unknown };

/** Whether it is a map. */
export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of a map that is itself a map; an empty one where it is missing or something else. */
export function dataAt(value: unknown, ...keys: readonly string[]): Data {
  let inner: unknown = value;
  for (const key of keys) inner = isData(inner) ? inner[key] : undefined;
  return isData(inner) ? inner : {};
}

/** The texts of a list, empty where it is no list. */
export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];

/** A list, empty where it is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
