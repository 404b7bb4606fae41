// SPDX-License-Identifier: BSD-3-Clause
import { LogLevel } from '@scp/framework';
import { NodeHost } from '../src/node/host.ts';
import { LogWriter } from '../src/node/log.ts';
import { NodePosix } from '../src/node/posix.ts';

const OPTIONS = new Map([
  ['trace', 'true'],
  ['socket-dir', '/run/x'],
]);
const SECOND = 1_000_000;

let posix: NodePosix;
let host: NodeHost;
beforeEach(() => {
  posix = new NodePosix();
  host = new NodeHost(posix, new LogWriter(LogLevel.DISABLED, false), OPTIONS);
});
afterEach(() => posix.dispose());

describe('the clock', () => {
  it('counts microseconds and never goes back', () => {
    const reference = process.hrtime.bigint();
    const start = host.now();
    posix.wait(20);
    const passed = host.now() - start;
    const most = Number(process.hrtime.bigint() - reference) / 1000;
    expect(passed).toBeGreaterThanOrEqual(20_000);
    expect(passed).toBeLessThanOrEqual(most);
  });
});

describe('the alarm', () => {
  it('sets how long the firmware sleeps, the last call counting', () => {
    expect(host.timeout).toBe(Infinity);
    const now = host.now();
    host.arm(now + 2000 * SECOND);
    host.arm(now + 1000 * SECOND);
    expect(host.timeout).toBeLessThanOrEqual(1_000_000);
    expect(host.timeout).toBeGreaterThan(900_000);
    host.arm(Infinity);
    expect(host.timeout).toBe(Infinity);
  });

  it('that is due lets it not sleep at all', () => {
    host.arm(host.now() - 5);
    expect(host.timeout).toBe(0);
  });
});

describe('an option', () => {
  it.each([
    ['trace', 'true'],
    ['socket-dir', '/run/x'],
    ['other', undefined],
  ])('%s is %s', (name, value) => {
    expect(host.option(name)).toBe(value);
  });
});
