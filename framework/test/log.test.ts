// SPDX-License-Identifier: BSD-3-Clause
import { Log, LogLevel, logLevel, LogLimit, Status, statusName } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { build, define } from './support.ts';

const start = (options: { level?: LogLevel; bufferSize?: number; columns?: number; banner?: string } = {}) => {
  const host = new TestHost();
  const log = new Log(host, { level: LogLevel.TRACE, bufferSize: 0, columns: 80, banner: 'banner', ...options });
  return { log, host, lines: () => host.lines.map(({ line }) => line) };
};

describe('the log', () => {
  it('writes the banner once, before the first line that is kept', () => {
    const { log, host } = start({ level: LogLevel.WARN });
    log.info('too little');
    expect(host.lines).toEqual([]);
    log.error('first');
    log.warn('second');
    expect(host.lines).toEqual([
      { level: LogLevel.INFO, line: 'banner' },
      { level: LogLevel.ERROR, line: 'first' },
      { level: LogLevel.WARN, line: 'second' },
    ]);
  });

  it.each(Object.entries(LogLevel))('keeps at level %s what is at least as severe', (name, level) => {
    const { log, host } = start({ level });
    log.trace('0');
    log.debug('1');
    log.info('2');
    log.warn('3');
    log.error('4');
    log.crit('5');
    const kept = [0, 1, 2, 3, 4, 5].filter(value => value >= level);
    expect(host.lines.slice(1).map(entry => [entry.level, entry.line])).toEqual(kept.map(value => [value, `${value}`]));
    expect(host.lines).toHaveLength(name === 'DISABLED' ? 0 : kept.length + 1);
    for (const value of kept) log.write(level, `${value}`);
    expect(Object.values(LogLevel).filter(value => value < 6 && log.enabled(value))).toEqual(kept);
  });

  it('is silent when disabled, whatever the level of the line', () => {
    const { log, host } = start({ level: LogLevel.DISABLED });
    log.write(LogLevel.DISABLED, 'text');
    expect([log.enabled(LogLevel.DISABLED), host.lines]).toEqual([false, []]);
  });

  it('cuts lines to the columns', () => {
    const { log, lines } = start({ columns: 8, banner: 'a long banner' });
    log.info('1234567');
    log.info('12345678');
    log.info('123456789');
    expect(lines()).toEqual(['a long b', '1234567', '12345678', '12345678']);
  });

  it('makes a line of each line of a text, each cut', () => {
    const { log, host } = start({ columns: 8 });
    log.crit('Error: something\n    at there\n');
    expect(host.lines.slice(1)).toEqual(['Error: s', '    at t', ''].map(line => ({ level: LogLevel.CRIT, line })));
  });
});

describe('a buffered log', () => {
  it('is written line by line, or all at once by a flush', () => {
    const { log, lines } = start({ bufferSize: 100 });
    for (const text of ['one', 'two', 'three']) log.info(text);
    expect(lines()).toEqual([]);
    expect(log.unbuffer()).toBe(true);
    expect(lines()).toEqual(['banner']);
    expect(log.unbuffer()).toBe(true);
    log.flush();
    expect(lines()).toEqual(['banner', 'one', 'two', 'three']);
    expect(log.unbuffer()).toBe(false);
  });

  it('answers of each line whether more remain', () => {
    const { log } = start({ bufferSize: 100 });
    log.info('one');
    expect([log.unbuffer(), log.unbuffer(), log.unbuffer()]).toEqual([true, false, false]);
  });

  it('keeps levels with lines', () => {
    const { log, host } = start({ bufferSize: 100 });
    log.warn('one');
    log.crit('two');
    log.flush();
    expect(host.lines.map(({ level }) => level)).toEqual([LogLevel.INFO, LogLevel.WARN, LogLevel.CRIT]);
  });

  it('takes lines up to its size, to the character', () => {
    const fitting = start({ bufferSize: 'banner'.length + 10 });
    fitting.log.info('12345');
    fitting.log.info('67890');
    fitting.log.flush();
    expect(fitting.lines()).toEqual(['banner', '12345', '67890']);
    const over = start({ bufferSize: 'banner'.length + 10 });
    over.log.info('12345');
    over.log.info('678901');
    over.log.flush();
    expect(over.lines()).toEqual(['banner', '12345', '[FWK] ... and 1 more messages...']);
  });

  it('counts the lines that find it full, and says how many they were', () => {
    const { log, host, lines } = start({ bufferSize: 10 });
    for (const text of ['1234', '5', '6']) log.info(text);
    expect(log.unbuffer()).toBe(true);
    expect(log.unbuffer()).toBe(true);
    expect(log.unbuffer()).toBe(false);
    expect(lines()).toEqual(['banner', '1234', '[FWK] ... and 2 more messages...']);
    expect(host.lines.at(-1)?.level).toBe(LogLevel.WARN);
    log.info('again');
    log.flush();
    expect(lines().slice(3)).toEqual(['again']);
  });

  it('says it in the place of the lost lines', () => {
    const { log, lines } = start({ bufferSize: 60 });
    log.info('1'.repeat(30));
    log.info('2'.repeat(30));
    expect(log.unbuffer()).toBe(true);
    expect(log.unbuffer()).toBe(true);
    log.info('3'.repeat(10));
    log.flush();
    expect(lines().slice(1)).toEqual(['1'.repeat(30), '[FWK] ... and 1 more messages...', '3'.repeat(10)]);
  });

  it('goes on counting while there is no room for what it has to say', () => {
    const { log, lines } = start({ bufferSize: 30, banner: '' });
    log.info('1'.repeat(30));
    log.info('2');
    log.unbuffer();
    log.unbuffer();
    // The note has more characters than the buffer, so it comes only when that is empty.
    log.info('3');
    log.flush();
    expect(lines()).toEqual(['', '1'.repeat(30), '[FWK] ... and 2 more messages...']);
    log.info('4');
    log.flush();
    expect(lines().at(-1)).toBe('4');
  });
});

describe('the log of a firmware', () => {
  const lines = (options: Parameters<typeof build>[1]) => {
    const { framework, host } = build(
      [define('a', self => ({ start: () => self.log.debug('x'.repeat(200)) }))],
      options,
    );
    framework.start();
    return { framework, host, texts: () => host.lines.map(({ line }) => line) };
  };

  it('is at level INFO, written at once and cut to 160 columns unless it is told otherwise', () => {
    expect(lines({}).texts()).toEqual(['[FWK] test 1.0', '[FWK] Module initialization complete!']);
    expect(lines({ logLevel: LogLevel.DEBUG }).texts()[1]).toBe('x'.repeat(160));
    expect(lines({ logLevel: LogLevel.DEBUG, logColumns: 80 }).texts()[1]).toBe('x'.repeat(80));
    expect(lines({ logLevel: LogLevel.DISABLED }).texts()).toEqual([]);
  });

  it('is written by poll, a line each, when no event is left', () => {
    const { framework, texts } = lines({ logBuffer: 1000 });
    expect(texts()).toEqual([]);
    expect(framework.poll()).toBe(true);
    expect(texts()).toEqual(['[FWK] test 1.0']);
    expect(framework.poll()).toBe(false);
    expect(texts()).toEqual(['[FWK] test 1.0', '[FWK] Module initialization complete!']);
    expect(framework.poll()).toBe(false);
  });
});

describe('names', () => {
  it('of levels are found in any case', () => {
    expect(['trace', 'Debug', 'INFO', 'warn', 'error', 'crit', 'disabled'].map(logLevel)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    expect([logLevel('loud'), logLevel('')]).toEqual([undefined, undefined]);
  });

  it('of statuses are SCP-firmware’s', () => {
    expect([Status.PENDING, Status.SUCCESS, Status.E_PARAM, Status.E_PANIC].map(statusName)).toEqual([
      'PENDING',
      'SUCCESS',
      'E_PARAM',
      'E_PANIC',
    ]);
    expect([statusName(2), statusName(-19), statusName(0.5)]).toEqual(['unknown', 'unknown', 'unknown']);
    expect(Object.keys(Status)).toHaveLength(20);
    expect(new Set(Object.values(Status)).size).toBe(20);
  });
});

describe('a limit on log lines', () => {
  it('lets a burst through, then one line an interval, and counts the others', () => {
    const limit = new LogLimit(0, 3, 1000);
    expect([0, 0, 0, 0, 999].map(now => limit.take(now))).toEqual([true, true, true, false, false]);
    expect(limit.suppressed).toBe(2);
    expect([1000, 1000, 1999, 2000].map(now => limit.take(now))).toEqual([true, false, false, true]);
    expect(limit.suppressed).toBe(4);
  });

  it('earns no more than a burst, and keeps parts of an interval', () => {
    const limit = new LogLimit(500, 2, 1000);
    expect([100_000, 100_000, 100_000].map(now => limit.take(now))).toEqual([true, true, false]);
    // Intervals count from 500, so the next one is over at 100 500.
    expect([100_499, 100_500].map(now => limit.take(now))).toEqual([false, true]);
  });

  it('is ten lines and one a second by default', () => {
    const limit = new LogLimit(0);
    const taken = Array.from({ length: 12 }, () => limit.take(0)).filter(Boolean);
    expect(taken).toHaveLength(10);
    expect([limit.take(999_999), limit.take(1_000_000)]).toEqual([false, true]);
  });
});
