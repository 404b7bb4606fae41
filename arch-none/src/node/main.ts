// SPDX-License-Identifier: BSD-3-Clause
/** The main thread: command line, signals, and the life of the firmware's thread. */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { LogLevel, type Product } from '@scp/framework';
import { CONTROL, type Job, type Report, stopControl, type StopControl } from './job.ts';
import { inJournal, LogWriter } from './log.ts';
import { type Command, type NodeFacts, readCommandLine } from './options.ts';

/** Exit statuses. */
const EXIT = { failed: 1, usage: 2, secondSignal: 130 } as const;

/** Does what the command line asks for. `file`: the script that runs the firmware when it is started as a worker. */
export function runMain(product: Product, facts: NodeFacts, file: string): void {
  let command: Command;
  try {
    command = readCommandLine(product, facts, process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${product.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.failed;
    return;
  }
  switch (command.kind) {
    case 'print':
      process.stdout.on('error', () => undefined); // a reader that has seen enough
      process.stdout.write(`${command.text}\n`);
      return;
    case 'refuse':
      process.stderr.write(`${product.name}: ${command.text}; see --help\n`);
      process.exitCode = EXIT.usage;
      return;
    case 'run':
      supervise(product, file, { level: command.level, options: command.options, control: stopControl() });
  }
}

function supervise(product: Product, file: string, job: Job): void {
  let signals = 0;
  let status: number | undefined;

  const onSignal = (): void => {
    if (++signals > 1) process.exit(EXIT.secondSignal);
    requestStop(job.control);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // The process ends when its threads do, and one that waits in the kernel has to be woken for that.
  process.once('exit', () => requestStop(job.control));

  // Only for a thread that can't log any more: a write from here may have to wait for stderr's reader.
  const fail = (text: string): void => {
    new LogWriter(job.level, inJournal(process.env)).write(LogLevel.ERROR, text);
    status = EXIT.failed;
  };

  const worker = new Worker(file, { workerData: job, name: product.name });
  worker.on('message', (report: Report) => {
    switch (report.kind) {
      case 'stopped':
        status = report.errors === 0 ? 0 : EXIT.failed;
        return;
      case 'failed':
        status = EXIT.failed;
    }
  });
  worker.on('error', error => fail(error.stack ?? error.message));
  worker.on('exit', () => {
    if (status === undefined) fail('the firmware’s thread ended without a stop stage');
    process.exitCode = status ?? EXIT.failed;
  });
}

/** Makes the firmware's thread stop, however far it has come. */
function requestStop(control: StopControl): void {
  Atomics.store(control, CONTROL.stop, 1);
  const fd = Atomics.load(control, CONTROL.descriptor);
  if (fd === 0) return;
  try {
    writeSync(fd, new Uint8Array(new BigUint64Array([1n]).buffer));
  } catch {
    // The counter is full: the thread is being woken already.
  }
}
