// SPDX-License-Identifier: BSD-3-Clause
/** `npm test`: every check of the repository, one after the other, and at the end what passed, failed and was skipped. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { UsageError, withUsage } from '../program.ts';
import { type Step, testSteps } from './steps.ts';

const HELP = `usage: npm test -- [STEP…]
Runs all steps, or only those named.
`;

interface Outcome {
  readonly step: Step;
  /** The exit status, undefined when it was skipped. */
  readonly status: number | undefined;
  readonly seconds: number;
}

/** Runs one step, its output going where ours goes. */
async function run(step: Step, cwd: string): Promise<Outcome> {
  const { name, args } = step;
  if (args === undefined) return { step, status: undefined, seconds: 0 };
  process.stdout.write(`\n--- ${name}\n`);
  const start = performance.now();
  const child = spawn(process.execPath, [...args], { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
  return { step, status, seconds: (performance.now() - start) / 1000 };
}

/** The lines of the summary for one step. */
function summary({ step: { name, skipped }, status, seconds }: Outcome): string {
  const state = status === undefined ? 'skipped' : status === 0 ? 'passed' : `FAILED (status ${status})`;
  const time = status === undefined ? '' : ` in ${seconds.toFixed(1)} s`;
  return [`${name.padEnd(10)}${state}${time}`, ...skipped.map(reason => `${' '.repeat(10)}skipped: ${reason}`)].join(
    '\n',
  );
}

/** Runs the steps; 0 when none failed, 1 when one did, 2 for a wrong command line. */
export const main = (argv: readonly string[], workspace: string): Promise<number> =>
  withUsage('test', async () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    const steps = testSteps(workspace);
    const names = steps.map(({ name }) => name);
    if (values.help) {
      process.stdout.write(`${HELP}Steps: ${names.join(', ')}\n`);
      return 0;
    }
    for (const wanted of positionals) {
      if (!names.includes(wanted)) throw new UsageError(`there is no step "${wanted}"; steps: ${names.join(', ')}`);
    }
    const outcomes: Outcome[] = [];
    for (const step of steps) {
      if (positionals.length === 0 || positionals.includes(step.name)) outcomes.push(await run(step, workspace));
    }
    process.stdout.write(`\n--- summary\n${outcomes.map(outcome => `${summary(outcome)}\n`).join('')}`);
    return outcomes.every(({ status }) => status === undefined || status === 0) ? 0 : 1;
  });
