// SPDX-License-Identifier: BSD-3-Clause
/** Whether a word of a request has bits set other than those that are defined; bit 0 alone, unless `defined` says more. */
export const hasReservedBits = (word: number, defined = 1): boolean => (word & ~defined) !== 0;
