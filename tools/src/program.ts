// SPDX-License-Identifier: BSD-3-Clause
/** What the programs of this package have in common: how a wrong command line is answered. */

/** A wrong command line: one line on stderr, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'));

/** Runs a program's `main`: 2 for what it, or `parseArgs`, finds wrong with the command line. */
export async function withUsage(program: string, run: () => number | Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!isUsage(error)) throw error;
    process.stderr.write(`${program}: ${error.message} (see --help)\n`);
    return 2;
  }
}
