// SPDX-License-Identifier: BSD-3-Clause
/** The Node host: one firmware as a program. */
import { isMainThread, workerData } from 'node:worker_threads';
import type { Product } from '@scp/framework';
import { isJob } from './job.ts';
import { runMain } from './main.ts';
import type { NodeFacts } from './options.ts';

export type { NodeFacts } from './options.ts';

/**
 * The whole program of a product's bundle, a CommonJS file: in the main thread the command line, signals and exit
 * status, in the worker thread made of the same file the firmware. To be called once, as the last thing of the entry.
 *
 * Exit status: 0 after an orderly stop or `--help`, `--version`, `--print-capabilities`; 1 when the firmware did not
 * start, did not stop cleanly or died; 2 for a wrong command line; 130 at a second signal.
 */
export function runNode(product: Product, facts: NodeFacts = {}): void {
  if (isMainThread) {
    runMain(product, facts, __filename);
    return;
  }
  // Loaded here only, so that the main thread, and `--help` without a native library, do without koffi. What goes wrong
  // ends the thread with an error.
  const job: unknown = workerData;
  if (!isJob(job)) throw new TypeError('a worker that was not started by runNode');
  void import('./worker.ts').then(({ runWorker }) => runWorker(product, job));
}
