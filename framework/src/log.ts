// SPDX-License-Identifier: BSD-3-Clause
import type { Host } from './host.ts';

/** Levels of a log line, least to most severe. */
export const LogLevel = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, CRIT: 5, DISABLED: 6 } as const;
/** A level. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** The level called `name` (`warn`), undefined when there is none. */
export function logLevel(name: string): LogLevel | undefined {
  return Object.entries(LogLevel).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** How a log is kept. */
export interface LogOptions {
  /** Lines below this level vanish. */
  readonly level: LogLevel;
  /** Characters that the deferred buffer holds; 0 writes each line at once. */
  readonly bufferSize: number;
  /** Characters a line is cut to. SCP-firmware: 80. */
  readonly columns: number;
  /** Written before the first line. */
  readonly banner: string;
}

/**
 * The firmware's log. Lines go to the host at once, or into a bounded buffer that is written when nothing else is to do;
 * lines that find it full are counted, and the count is logged in their place.
 */
export class Log {
  private readonly host: Host;
  private readonly options: LogOptions;
  private readonly levels: LogLevel[] = [];
  private readonly lines: string[] = [];
  private used = 0;
  private dropped = 0;
  private bannerDone = false;

  constructor(host: Host, options: LogOptions) {
    this.host = host;
    this.options = options;
  }

  /** Whether a line of `level` would be kept: ask before building a costly text. */
  enabled(level: LogLevel): boolean {
    return level >= this.options.level && this.options.level !== LogLevel.DISABLED;
  }

  trace(text: string): void {
    this.write(LogLevel.TRACE, text);
  }
  debug(text: string): void {
    this.write(LogLevel.DEBUG, text);
  }
  info(text: string): void {
    this.write(LogLevel.INFO, text);
  }
  warn(text: string): void {
    this.write(LogLevel.WARN, text);
  }
  error(text: string): void {
    this.write(LogLevel.ERROR, text);
  }
  crit(text: string): void {
    this.write(LogLevel.CRIT, text);
  }

  /**
   * Logs `text` at `level`, by convention with the module's tag in front: `[CLOCK] …`. Each line of a text of several
   * (a stack) is a line of the log.
   */
  write(level: LogLevel, text: string): void {
    if (!this.enabled(level)) return;
    if (!this.bannerDone) {
      this.bannerDone = true;
      this.store(LogLevel.INFO, this.options.banner);
    }
    if (text.includes('\n')) {
      for (const line of text.split('\n')) this.store(level, line);
    } else {
      this.store(level, text);
    }
  }

  private store(level: LogLevel, text: string): void {
    const line = text.length > this.options.columns ? text.slice(0, this.options.columns) : text;
    if (this.options.bufferSize === 0) {
      this.host.log(level, line);
      return;
    }
    const note = this.dropped > 0 ? this.droppedNote() : '';
    if (this.used + note.length + line.length > this.options.bufferSize) {
      this.dropped++;
      return;
    }
    if (this.dropped > 0) {
      this.dropped = 0;
      this.append(LogLevel.WARN, note);
    }
    this.append(level, line);
  }

  private append(level: LogLevel, line: string): void {
    this.used += line.length;
    this.levels.push(level);
    this.lines.push(line);
  }

  private droppedNote(): string {
    return `[FWK] ... and ${this.dropped} more messages...`;
  }

  /** Writes one buffered line. Answers whether more remain. */
  unbuffer(): boolean {
    const line = this.lines.shift();
    const level = this.levels.shift();
    if (line !== undefined && level !== undefined) {
      this.used -= line.length;
      this.host.log(level, line);
    } else if (this.dropped > 0) {
      const note = this.droppedNote();
      this.dropped = 0;
      this.host.log(LogLevel.WARN, note);
    }
    return this.lines.length > 0 || this.dropped > 0;
  }

  /** Writes everything that is buffered. */
  flush(): void {
    while (this.unbuffer());
  }
}

/** Lets at most `burst` lines through, then one per `intervalUs`: what an agent causes must not flood the log. */
export class LogLimit {
  private readonly burst: number;
  private readonly intervalUs: number;
  private tokens: number;
  private last: number;
  /** Lines held back since the last one let through. */
  suppressed = 0;

  constructor(now: number, burst = 10, intervalUs = 1_000_000) {
    this.burst = burst;
    this.intervalUs = intervalUs;
    this.tokens = burst;
    this.last = now;
  }

  /** Whether a line may be written at `now` (µs). When it may, the caller adds `suppressed` to its text and zeroes it. */
  take(now: number): boolean {
    const earned = Math.floor((now - this.last) / this.intervalUs);
    if (earned > 0) {
      this.tokens = Math.min(this.burst, this.tokens + earned);
      this.last += earned * this.intervalUs;
    }
    if (this.tokens === 0) {
      this.suppressed++;
      return false;
    }
    this.tokens--;
    return true;
  }
}
