// SPDX-License-Identifier: BSD-3-Clause
/** Quantities: `1.8GHz`, `250 ms`, `0x8000_0000`, in whole base units. */
import { UNITS } from '@scp/framework/schema';
import { nearest } from './nearest.ts';

/** What a text means, or why it means nothing. */
export type Quantity = { readonly value: number } | { readonly message: string; readonly hint: string };

/** The suffixes of a base unit with their factors; undefined for a base unit that there is not. */
export function suffixesOf(unit: string): ReadonlyMap<string, number> | undefined {
  const found = Object.entries(UNITS).find(([name]) => name === unit);
  return found === undefined ? undefined : new Map(Object.entries(found[1]));
}

const digitsOf = (text: string): string => text.replaceAll('_', '');

/**
 * Reads a quantity of base unit `unit` (`Hz`). Digits are shifted, not multiplied, so that `0.3V` is 300000 µV and not
 * 299999.99; what is not a whole number of base units is refused.
 */
export function parseQuantity(text: string, unit: string): Quantity {
  const suffixes = suffixesOf(unit) ?? new Map<string, number>([[unit, 1]]);
  const hint = `a number with one of the units ${[...suffixes.keys()].join(', ')}; without a unit, ${unit}`;
  const match = /^([+-]?)(?:(0x[0-9a-f_]+)|(\d[\d_]*)(?:\.([\d_]+))?(?:e\+?(\d+))?) *([^\d\s._].*)?$/i.exec(
    text.trim(),
  );
  if (match === null) return { message: `"${text}" is not a quantity`, hint };
  const [, sign = '', hex, whole = '', fraction = '', exponent = '0', suffix = unit] = match;
  const factor = suffixes.get(suffix);
  if (factor === undefined) {
    const meant = nearest(suffix, [...suffixes.keys()]);
    return {
      message: `"${suffix}" is not a unit of ${unit}`,
      hint: meant === undefined ? hint : `${hint}   (did you mean "${meant}"?)`,
    };
  }
  const negative = sign === '-' ? -1 : 1;
  const tooLarge = { message: `"${text}" is beyond 2^53 ${unit}`, hint: 'a smaller quantity' };
  if (hex !== undefined) {
    const value = Number(digitsOf(hex)) * factor;
    return Number.isSafeInteger(value) ? { value: value * negative } : tooLarge;
  }
  const power = Math.round(Math.log10(factor)) + Number(exponent);
  if (power > 30) return tooLarge;
  const decimals = digitsOf(fraction).padEnd(power, '0');
  if (/[1-9]/.test(decimals.slice(power))) {
    return { message: `"${text}" is not a whole number of ${unit}`, hint: `the finest step is 1 ${unit}` };
  }
  const value = Number(digitsOf(whole) + decimals.slice(0, power)) * negative;
  return Number.isSafeInteger(value) ? { value: value + 0 } : tooLarge;
}

/** A quantity in the largest unit that makes it a whole number: `4 GHz`. */
export function formatQuantity(value: number, unit: string): string {
  let text = `${value} ${unit}`;
  for (const [suffix, factor] of suffixesOf(unit) ?? []) {
    if (value !== 0 && value % factor === 0) text = `${value / factor} ${suffix}`;
  }
  return text;
}
