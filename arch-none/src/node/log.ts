// SPDX-License-Identifier: BSD-3-Clause
import { writeSync } from 'node:fs';
import { LogLevel } from '@scp/framework';

const STDERR = 2;
/** A pipe that is ready for writing takes this many bytes without blocking. */
const PIPE_BUF = 4096;

const names: Readonly<Record<number, string>> = {
  [LogLevel.TRACE]: 'TRACE',
  [LogLevel.DEBUG]: 'DEBUG',
  [LogLevel.INFO]: 'INFO',
  [LogLevel.WARN]: 'WARN',
  [LogLevel.ERROR]: 'ERROR',
  [LogLevel.CRIT]: 'CRIT',
};

/** The priorities of syslog that the journal reads from a line's beginning. */
const priorities: Readonly<Record<number, number>> = {
  [LogLevel.TRACE]: 7,
  [LogLevel.DEBUG]: 7,
  [LogLevel.INFO]: 6,
  [LogLevel.WARN]: 4,
  [LogLevel.ERROR]: 3,
  [LogLevel.CRIT]: 3,
};

/**
 * Writes log lines straight to stderr, which works in a thread whose event loop stands still. Whatever is wrong with
 * stderr, the program goes on: lines that can't be written are lost, and their count is told when writing works again.
 */
export class LogWriter {
  private readonly level: LogLevel;
  private readonly journal: boolean;
  private readonly writable: () => boolean;
  private lost = 0;

  /**
   * Lines below `level` vanish. `journal`: priorities in place of times. `writable`: whether a write would not block.
   */
  constructor(level: LogLevel, journal: boolean, writable: () => boolean = () => true) {
    this.level = level;
    this.journal = journal;
    this.writable = writable;
  }

  /** Writes `text`, each of its lines for itself. Never throws. */
  write(level: LogLevel, text: string): void {
    if (level < this.level) return;
    for (const line of text.split('\n')) {
      if (this.lost > 0 && this.put(LogLevel.WARN, `${this.lost} lines lost: stderr did not take them`)) this.lost = 0;
      if (!this.put(level, line)) this.lost++;
    }
  }

  private put(level: LogLevel, line: string): boolean {
    const name = names[level] ?? '';
    const head = this.journal ? `<${priorities[level] ?? 6}>` : `${new Date().toISOString()} ${name.padEnd(5)} `;
    const bytes = Buffer.from(`${head}${line}`).subarray(0, PIPE_BUF - 1);
    try {
      if (!this.writable()) return false;
      writeSync(STDERR, Buffer.concat([bytes, NEWLINE]));
      return true;
    } catch {
      return false;
    }
  }
}

const NEWLINE = Buffer.from('\n');

/** Whether stderr is systemd's journal. */
export const inJournal = (env: Readonly<Record<string, string | undefined>>): boolean =>
  (env['JOURNAL_STREAM'] ?? '') !== '';
