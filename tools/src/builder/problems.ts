// SPDX-License-Identifier: BSD-3-Clause
/** Problems of a product file as values, and their text: place, line, marker, what is wrong, what would be right. */

/** A stretch of one line of a file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Characters to mark, at least 1. */
  readonly length: number;
  /** The whole line. */
  readonly text: string;
}

/** One thing that is wrong (no build) or suspicious (a build all the same). */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Where; only the file when it can't be read. */
  readonly place: Place | { readonly file: string };
  readonly message: string;
  /** What would be right. */
  readonly hint?: string | undefined;
}

/** The text of a problem, without line end. */
export function formatProblem({ severity, place, message, hint }: Problem): string {
  const last = hint === undefined ? [] : [`  ${hint}`];
  if (!('line' in place)) return [`${place.file}: ${severity}: ${message}`, ...last].join('\n');
  const { file, line, column, length, text } = place;
  const number = String(line);
  // Tabs stay tabs, so that the marker stands below what it marks.
  const indent = [...text.slice(0, column - 1)].map(character => (character === '\t' ? '\t' : ' ')).join('');
  return [
    `${file}:${line}:${column}: ${severity}: ${message}`,
    `  ${number} | ${text}`,
    `  ${' '.repeat(number.length)} | ${indent}${'^'.repeat(length)}`,
    ...last,
  ].join('\n');
}

const position = ({ place }: Problem): number => ('line' in place ? place.line * 1e6 + place.column : 0);

/** The text of all problems, in the order of the file. */
export const formatProblems = (problems: readonly Problem[]): string =>
  [...problems]
    .sort((one, other) => position(one) - position(other))
    .map(formatProblem)
    .join('\n');

/** Whether there is an error among them. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');

/** A build that can't go on for a reason outside the product file: a module that does not load. Its text is for people. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}
