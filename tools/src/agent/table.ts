// SPDX-License-Identifier: BSD-3-Clause

/** Rows under headings, in columns as wide as they need, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [headings, ...rows].map(row => row.map(String));
  const widths = headings.map((_heading, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
  const right = headings.map((_heading, column) => rows.some(row => typeof row[column] === 'number'));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        right[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const PREFIXES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A rate with the prefix that leaves no needless zeros: `594 MHz`, `1.536 MHz`, `32.768 kHz`. */
export function hertz(rate: number): string {
  for (const [factor, prefix] of PREFIXES) {
    if (rate >= factor) return `${rate / factor} ${prefix}Hz`;
  }
  return `${rate} Hz`;
}

/** A protocol version: `3.0`. */
export const versionText = (version: number): string => `${version >>> 16}.${version & 0xffff}`;
