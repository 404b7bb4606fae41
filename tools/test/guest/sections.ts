// SPDX-License-Identifier: BSD-3-Clause

/** What a guest's script printed after `@name` and before the next line that starts with `@`. */
export function section(printed: string, name: string): string {
  const [, rest = ''] = printed.split(`@${name}\n`);
  return (rest.startsWith('@') ? '' : (rest.split('\n@')[0] ?? '')).trim();
}
