// SPDX-License-Identifier: BSD-3-Clause
/** The whole program: what a user and a service manager see. */
import { spawnSync } from 'node:child_process';
import {
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { UnixAddress } from '../src/node/address.ts';
import { Block, C, libc } from '../src/node/libc.ts';
import { Bundle, type Environment, type Outcome, type Program } from './program.ts';
import { Rig } from './rig.ts';

const READY = 'ready: probe-product 1.2.3';

// Starting programs takes its time on a busy machine.
jest.setTimeout(60_000);

let bundle: Bundle;
let folder = '';
const started = new Set<Program>();

beforeAll(() => (bundle = new Bundle()));
afterAll(() => bundle.dispose());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'program-'))));
afterEach(async () => {
  for (const program of started) program.kill('SIGKILL');
  for (const program of started) await program.ended;
  started.clear();
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], env: Environment = {}): Outcome => bundle.run(args, env);

/** Starts the program with its socket in the test's folder. */
function start(args: readonly string[] = [], env: Environment = {}, stderr: number | 'pipe' = 'pipe'): Program {
  const program = bundle.start(['--socket-dir', folder, ...args], env, stderr);
  started.add(program);
  return program;
}

/** Connects to the probe's socket and waits for it to hang up. */
const visit = (): Promise<void> =>
  new Promise((resolve, reject) => {
    createConnection(join(folder, 'probe.sock'))
      .on('error', reject)
      .on('close', () => resolve())
      .resume();
  });

/** Lets a turn of the event loop pass. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Waits until a file is in the test's folder, or gone from it. */
async function present(name: string, wanted = true): Promise<void> {
  while (existsSync(join(folder, name)) !== wanted) await turn();
}

describe('what is printed', () => {
  it('--help lists the options of the program and of the modules', () => {
    const { status, stdout, stderr } = run(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('probe-product 1.2.3: A product to test the Node host with\n');
    for (const line of [
      /^ {2}--socket-dir DIR +Where the sockets are made \(default \.\)$/m,
      /^ {2}--log-level LEVEL +What is logged: error, warn, info, debug, trace \(default info\)$/m,
      /^ {2}--trace +\S/m,
      /^ {2}--print-capabilities +\S/m,
      /^ {2}--version +\S/m,
      /^ {2}--help +\S/m,
      /^ {2}SCMI_LOG_LEVEL +\S/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('--version tells product and engine', () => {
    expect(run(['--version'])).toEqual({
      status: 0,
      stdout: `probe-product 1.2.3 (node ${process.version})\n`,
      stderr: '',
    });
  });

  it.each([[[]], [['--socket-dir', '/nowhere', '--help']], [['--unknown', 'x']]])(
    '--print-capabilities is one line of JSON, whatever else is given: %j',
    others => {
      const { status, stdout, stderr } = run(['--print-capabilities', ...others]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe('{"type":"scmi","features":[]}\n');
    },
  );

  it('works without the native library', () => {
    const alone = join(folder, 'firmware.cjs');
    cpSync(bundle.path, alone);
    const { status, stdout } = spawnSync(process.execPath, [alone, '--version'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `probe-product 1.2.3 (node ${process.version})\n` });
    const failed = spawnSync(process.execPath, [alone], { encoding: 'utf8' });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('Cannot find the native Koffi module');
  });
});

describe('a wrong command line', () => {
  it.each([
    [['--unknown'], 'unknown option --unknown'],
    [['--socket-dirs=x'], 'unknown option --socket-dirs'],
    [['-x'], 'unknown option -x'],
    [['word'], "unexpected argument 'word'"],
    [['--', '--trace'], "unexpected argument '--trace'"],
    [['--socket-dir'], '--socket-dir needs a value (DIR)'],
    [['--socket-dir='], '--socket-dir needs a value (DIR)'],
    [['--socket-dir', '--trace'], '--socket-dir needs a value (DIR)'],
    [['--trace=yes'], '--trace takes no value'],
    [['--log-level', 'loud'], "--log-level: 'loud' is none of error, warn, info, debug, trace"],
  ])('%j ends with status 2 and one line', (args, text) => {
    expect(run(args)).toEqual({ status: 2, stdout: '', stderr: `probe-product: ${text}; see --help\n` });
  });

  it('may be the environment', () => {
    const { status, stderr } = run([], { SCMI_LOG_LEVEL: 'loud' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^probe-product: SCMI_LOG_LEVEL: 'loud' is none of [^\n]*\n$/);
  });
});

describe('a start that fails', () => {
  it('ends with status 1 and says why', () => {
    const { status, stdout, stderr } = run(['--socket-dir', join(folder, 'none')]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`start, module probe: ${folder}/none/probe.sock: errno 2; name another --socket-dir`);
    expect(stderr).not.toContain('ready');
  });

  it('leaves the socket of another server alone', async () => {
    const first = start();
    await first.line(READY);
    const second = run(['--socket-dir', folder]);
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('errno 98');
    await visit();
    await first.line('a connection');
  });
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s runs the stop stage, removes the sockets, ends with 0',
    async signal => {
      const program = start();
      await program.line(READY);
      await visit();
      program.kill(signal);
      expect(await program.ended).toBe(0);
      expect(program.lines.filter(line => line.includes('stop stage'))).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('that meets errors ends with 1', async () => {
    const program = start(['--behave', 'fail-stop']);
    await program.line(READY);
    program.kill('SIGTERM');
    expect(await program.ended).toBe(1);
    expect(program.lines.join('\n')).toContain('stop, module probe: the probe does not let go');
  });

  it('that takes too long is cut short by a second signal', async () => {
    const program = start(['--behave', 'hang-stop', '--log-level', 'debug']);
    await program.line(READY);
    program.kill('SIGTERM');
    await present('probe.sock', false);
    program.kill('SIGINT');
    expect(await program.ended).toBe(130);
  });

  it('is possible again on the same socket folder', async () => {
    for (let round = 0; round < 2; round++) {
      const program = start();
      await program.line(READY);
      program.kill('SIGTERM');
      expect(await program.ended).toBe(0);
    }
  });

  it.each([1, 2])('asked for by %d signals before the start is over is not lost', async count => {
    const program = start();
    // The entry installs this one after runNode has installed its own and made the thread, which takes its time to
    // start.
    await program.handles('SIGUSR2');
    for (let sent = 0; sent < count; sent++) program.kill(sent === 0 ? 'SIGTERM' : 'SIGINT');
    expect([0, 130].slice(0, count)).toContain(await program.ended);
  });

  it('by SIGKILL leaves a socket that the next start replaces', async () => {
    const killed = start();
    await killed.line(READY);
    killed.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    expect(readdirSync(folder)).toEqual(['probe.sock']);
    await start().line(READY);
  });
});

describe('while it runs', () => {
  it('alarms come in time, and never early', async () => {
    const program = start(['--behave', 'alarms']);
    await program.line('twenty alarms');
    expect(program.lines.filter(line => line.includes('early'))).toEqual([]);
  });

  it('addresses of unmapped memory are released, although the thread never rests', async () => {
    await start(['--behave', 'swap']).line('addresses were released');
  });

  it('a handler that throws is reported and ends nothing', async () => {
    const program = start(['--behave', 'fault']);
    await program.line(READY);
    await visit();
    expect(await program.line('the probe is broken')).toContain('CRIT  [NODE] Error: the probe is broken');
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });

  it('a main thread that dies takes the waiting firmware with it', async () => {
    const program = start();
    await program.line(READY);
    program.kill('SIGUSR2');
    expect(await program.ended).toBe(1);
    expect(program.lines.join('\n')).toContain('the main thread is broken');
  });

  it('a thread that dies ends the program with 1', () => {
    const { status, stderr } = run(['--socket-dir', folder, '--behave', 'die']);
    expect(status).toBe(1);
    expect(stderr).toContain('thread ended without a stop stage');
  });
});

describe('the log', () => {
  const of = async (args: readonly string[], env: Environment = {}): Promise<string[]> => {
    const program = start(args, env);
    await program.line('ready:');
    program.kill('SIGTERM');
    await program.ended;
    return program.lines;
  };

  it('has time and level in each line', async () => {
    for (const line of await of(['--trace'])) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (TRACE|DEBUG|INFO |WARN |ERROR|CRIT ) \S/);
    }
  });

  it('has priorities and no times under the journal', async () => {
    const lines = await of(['--log-level=debug'], { JOURNAL_STREAM: '8:1' });
    expect(lines).toContain(`<6>${READY}`);
    expect(lines).toContain('<7>[PROBE] a debug line');
    for (const line of lines) expect(line).toMatch(/^<[3-7]>\S/);
  });

  it.each([
    ['nothing asked', [], {}, ['ready']],
    ['--log-level debug', ['--log-level', 'debug'], {}, ['debug', 'ready']],
    ['SCMI_LOG_LEVEL', [], { SCMI_LOG_LEVEL: 'DEBUG' }, ['debug', 'ready']],
    ['both', ['--log-level', 'info'], { SCMI_LOG_LEVEL: 'debug' }, ['ready']],
    ['--log-level trace', ['--log-level', 'trace'], {}, ['debug', 'trace undefined', 'ready']],
    ['--trace', ['--log-level', 'info', '--trace'], {}, ['debug', 'trace true', 'ready']],
  ])('follows the level: %s', async (_, args, env, expected) => {
    const found = (await of(args, env)).flatMap(line => /debug|trace \w+|ready/.exec(line) ?? []);
    expect(found).toEqual(expected);
  });

  it('at level error has no ready line', async () => {
    const program = start(['--log-level', 'error']);
    await present('probe.sock');
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(program.lines).toEqual([]);
  });

  it('that nobody reads does not hold up the firmware, and tells what was lost', async () => {
    const program = start(['--behave', 'flood', '--log-level', 'info']);
    program.deafen();
    await present('probe.sock');
    await visit();
    program.listen();
    while (!program.lines.some(line => line.includes('lines lost'))) await visit();
    expect(await program.line('lines lost')).toMatch(/WARN  [1-9]\d* lines lost: stderr did not take them$/);
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });

  it('on a terminal that is halted (Ctrl-S) does not hold up the firmware', async () => {
    const { master, terminal } = openTerminal();
    writeSync(master, '\x13');
    const program = start([], {}, terminal);
    await present('probe.sock');
    await visit();
    writeSync(master, '\x11');
    let seen = '';
    while (!seen.includes('lines lost')) {
      await visit();
      seen += readTerminal(master);
    }
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    for (const fd of [master, terminal]) libc.close(fd);
  });

  it('whose reader is gone does not end the firmware', async () => {
    const program = start(['--behave', 'flood']);
    await program.line('xxx');
    program.hangUp();
    await visit();
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  });
});

describe('the service manager', () => {
  it.each([
    ['a file', () => join(folder, 'notify')],
    ['an abstract address', () => `@${folder}`],
  ])('is told at %s when the sockets listen, and when the stop begins', async (_, name) => {
    const rig = new Rig();
    const manager = rig.own(libc.socket(C.AF_UNIX, C.SOCK_DGRAM | C.SOCK_CLOEXEC, 0));
    const address = new UnixAddress();
    expect(address.set(name(), true)).toBe(0);
    expect(libc.bind(manager, address.address, address.length)).toBe(0);
    const told = (): string => {
      const bytes = new Uint8Array(64);
      return Buffer.from(bytes.subarray(0, rig.posix.receive(manager, bytes, 0, 64).length)).toString();
    };
    const program = start(['--behave', 'alarms'], { NOTIFY_SOCKET: name() });
    await program.line('twenty alarms');
    expect(told()).toBe('READY=1');
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(told()).toBe('STOPPING=1');
    rig.dispose();
  });

  it('may be missing', async () => {
    for (const address of ['', '/none/notify', `/${'n'.repeat(200)}`]) {
      const program = start([], { NOTIFY_SOCKET: address });
      await program.line(READY);
      program.kill('SIGTERM');
      expect(await program.ended).toBe(0);
    }
  });
});

/** A pseudo-terminal: the end of the person and the end of the program. */
function openTerminal(): { master: number; terminal: number } {
  const flags = constants.O_RDWR | constants.O_NOCTTY;
  const master = openSync('/dev/ptmx', flags | constants.O_NONBLOCK);
  const ioctl = koffi.load(null).func('ioctl', 'int', ['int', 'ulong', 'uintptr_t']);
  const block = new Block(128);
  expect(ioctl(master, TIOCSPTLCK, block.address)).toBe(0);
  expect(ioctl(master, TIOCGPTN, block.address)).toBe(0);
  return { master, terminal: openSync(`/dev/pts/${block.view.getUint32(0, true)}`, flags) };
}

const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;

/** What the terminal shows that was not read yet. */
function readTerminal(master: number): string {
  const bytes = Buffer.alloc(65536);
  try {
    return bytes.subarray(0, readSync(master, bytes)).toString();
  } catch {
    return '';
  }
}
