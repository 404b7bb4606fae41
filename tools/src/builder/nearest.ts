// SPDX-License-Identifier: BSD-3-Clause
/** "Did you mean": the known name nearest to a misspelt one. */

/** Changes that turn one text into the other: insert, delete or replace a character, swap two neighbours. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let above: number[] = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
}

/** The name most like `wrong`, undefined when none is like it: more than a third of it, and more than one, differs. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  let found: string | undefined;
  let least = Math.max(1, Math.floor(wrong.length / 3)) + 1;
  for (const name of names) {
    const changes = distance(wrong.toLowerCase(), name.toLowerCase());
    if (changes < least) {
      least = changes;
      found = name;
    }
  }
  return found;
}

/** A hint that lists the names there are: `clocks: uart0, gpu   (did you mean "uart0"?)`. */
export function namesHint(what: string, wrong: string, names: readonly string[], shown = 12): string {
  const listed = names.slice(0, shown).join(', ') + (names.length > shown ? `, … (${names.length})` : '');
  const meant = nearest(wrong, names);
  return `${what}: ${names.length === 0 ? 'none' : listed}${meant === undefined ? '' : `   (did you mean "${meant}"?)`}`;
}
