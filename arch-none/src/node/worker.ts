// SPDX-License-Identifier: BSD-3-Clause
/**
 * The firmware's thread: it blocks in `epoll_wait` and runs everything to completion on each wake-up. Its event loop
 * stands still meanwhile: no timers, no promises, no console.
 */
import { parentPort } from 'node:worker_threads';
import { Framework, FrameworkError, LogLevel, type Product } from '@scp/framework';
import { NodeHost } from './host.ts';
import { CONTROL, type Job, type Report, type StopControl } from './job.ts';
import { Block, C, libc } from './libc.ts';
import { inJournal, LogWriter } from './log.ts';
import { notifyManager } from './notify.ts';
import { NodePosix } from './posix.ts';

/** Characters of log that wait until the messages are served. */
const LOG_BUFFER = 65536;
const LOG_COLUMNS = 4000;
/** The kernel lets timeouts be late by 50 µs unless told otherwise, ns. */
const TIMER_SLACK = 1000;
/** The event loop gets a turn, while addresses wait for their release, after so many µs … */
const TURN_INTERVAL = 100_000;
/** … or when so many more ranges are waiting. */
const TURN_RANGES = 64;

const report = (message: Report): void => parentPort?.postMessage(message);

const describe = (error: unknown): string => {
  if (error instanceof FrameworkError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

/** Whether stderr takes a line now: a reader that doesn't read must not hold up the firmware. */
function stderrTaker(): () => boolean {
  const poll = new Block(16); // struct pollfd: fd, events, revents
  poll.view.setInt32(0, 2, true);
  poll.view.setInt16(4, C.POLLOUT, true);
  return () => libc.poll(poll.address, 1, 0) !== 0;
}

/** One firmware in this thread. */
class FirmwareThread {
  private readonly posix: NodePosix;
  private readonly host: NodeHost;
  private readonly writer: LogWriter;
  private readonly framework: Framework;
  private readonly control: StopControl;
  private stopping = false;
  /** When the event loop had its last turn, µs, and how many ranges were waiting then. */
  private turned = 0;
  private waiting = 0;

  constructor(product: Product, job: Job) {
    this.control = job.control;
    this.writer = new LogWriter(job.level, inJournal(process.env), stderrTaker());
    this.posix = new NodePosix(error => this.framework.log.crit(`[NODE] ${describe(error)}`));
    this.host = new NodeHost(this.posix, this.writer, job.options);
    this.framework = new Framework(product, this.host, {
      logLevel: job.level,
      logBuffer: LOG_BUFFER,
      logColumns: LOG_COLUMNS,
    });
  }

  run(): void {
    libc.prctl(C.PR_SET_TIMERSLACK, TIMER_SLACK, 0, 0, 0);
    const control = this.posix.eventfd();
    if (control < 0) throw new Error(`eventfd failed (errno ${-control})`);
    this.posix.watch(control, { readable: true }, { ready: () => (this.stopping = true) });
    // In this order, and the main thread in the other: a stop asked for meanwhile is seen by one of the two.
    Atomics.store(this.control, CONTROL.descriptor, control);
    if (Atomics.load(this.control, CONTROL.stop) !== 0) this.stopping = true;
    try {
      this.framework.start();
    } catch (error) {
      this.fail(error);
      this.posix.dispose();
      return;
    }
    const { name, version } = this.framework.product;
    this.framework.log.flush();
    this.writer.write(LogLevel.INFO, `ready: ${name} ${version}`);
    notifyManager('READY=1');
    this.loop();
  }

  private readonly loop = (): void => {
    try {
      if (this.serve()) {
        setImmediate(this.loop);
        return;
      }
      notifyManager('STOPPING=1');
      report({ kind: 'stopped', errors: this.framework.stop().length });
    } catch (error) {
      this.framework.stop();
      this.fail(error);
    }
    this.posix.dispose();
  };

  private fail(error: unknown): void {
    this.framework.log.flush();
    this.writer.write(LogLevel.ERROR, describe(error));
    report({ kind: 'failed' });
  }

  /** Serves until the event loop is to have a turn (true) or the firmware is to stop (false). */
  private serve(): boolean {
    let busy = true;
    for (;;) {
      this.posix.wait(busy ? 0 : this.host.timeout);
      if (this.stopping) return false;
      busy = this.framework.poll();
      if (this.posix.retired > 0 && this.turnIsDue()) return true;
    }
  }

  private turnIsDue(): boolean {
    const now = this.host.now();
    const { retired } = this.posix;
    if (now - this.turned < TURN_INTERVAL && retired - this.waiting < TURN_RANGES) return false;
    this.turned = now;
    this.waiting = retired;
    return true;
  }
}

/** Runs the firmware in this thread until it is told to stop. */
export const runWorker = (product: Product, job: Job): void => new FirmwareThread(product, job).run();
