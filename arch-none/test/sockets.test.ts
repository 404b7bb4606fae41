// SPDX-License-Identifier: BSD-3-Clause
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { Block, C, libc } from '../src/node/libc.ts';
import { ERR, openDescriptors, Recorder, Rig } from './rig.ts';

let rig: Rig;
beforeEach(() => (rig = new Rig()));
afterEach(() => rig.dispose());

describe('listen', () => {
  it('makes a socket file that only its owner can use, whatever the umask', () => {
    const umask = process.umask(0);
    try {
      rig.own(rig.posix.listen(rig.path('s')));
    } finally {
      process.umask(umask);
    }
    const facts = statSync(rig.path('s'));
    expect(facts.isSocket()).toBe(true);
    expect(facts.mode & 0o777).toBe(0o600);
  });

  it('replaces a socket that nobody listens on', () => {
    rig.close(rig.own(rig.posix.listen(rig.path('s'))));
    expect(rig.posix.connect(rig.path('s'))).toBe(ERR.ECONNREFUSED);
    rig.own(rig.posix.listen(rig.path('s')));
    rig.own(rig.posix.connect(rig.path('s')));
  });

  it('leaves a socket alone that somebody listens on', () => {
    const listener = rig.own(rig.posix.listen(rig.path('s')));
    expect(rig.posix.listen(rig.path('s'))).toBe(ERR.EADDRINUSE);
    rig.own(rig.posix.accept(listener)); // the probe
    rig.own(rig.posix.connect(rig.path('s')));
    rig.own(rig.posix.accept(listener));
  });

  it('leaves a socket alone whose listener has too many waiting', () => {
    const listener = rig.own(rig.posix.listen(rig.path('s')));
    let fd = rig.posix.connect(rig.path('s'));
    for (; fd >= 0; fd = rig.posix.connect(rig.path('s'))) rig.own(fd);
    expect(fd).toBe(ERR.EAGAIN);
    expect(rig.posix.listen(rig.path('s'))).toBe(ERR.EADDRINUSE);
    rig.own(rig.posix.accept(listener));
    rig.own(rig.posix.connect(rig.path('s')));
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'x')],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a symbolic link', (path: string) => symlinkSync('nowhere', path)],
  ])('leaves %s alone', (_, make) => {
    make(rig.path('s'));
    expect(rig.posix.listen(rig.path('s'))).toBe(ERR.EADDRINUSE);
    expect(readdirSync(rig.folder)).toEqual(['s']);
  });

  it('takes paths of up to 107 bytes', () => {
    const longest = rig.path('x').padEnd(107, 'x');
    rig.own(rig.posix.listen(longest));
    rig.own(rig.posix.connect(longest));
    for (const [path, status] of [
      [`${longest}x`, ERR.ENAMETOOLONG],
      [longest.replace(/x$/, 'é'), ERR.ENAMETOOLONG],
      ['', ERR.EINVAL],
      ['a\0b', ERR.EINVAL],
    ] as const) {
      expect(rig.posix.listen(path)).toBe(status);
      expect(rig.posix.connect(path)).toBe(status);
    }
  });

  it('says why it failed and keeps no descriptor', () => {
    writeFileSync(rig.path('file'), '');
    const before = openDescriptors();
    expect(rig.posix.listen(rig.path('none/s'))).toBe(ERR.ENOENT);
    expect(rig.posix.connect(rig.path('none'))).toBe(ERR.ENOENT);
    expect(rig.posix.listen(rig.path('file'))).toBe(ERR.EADDRINUSE);
    expect(openDescriptors()).toEqual(before);
  });

  it('has nothing to accept when nobody connects', () => {
    expect(rig.posix.accept(rig.own(rig.posix.listen(rig.path('s'))))).toBe(ERR.EAGAIN);
  });

  it('is undone by unlink, which takes a missing file for done', () => {
    rig.own(rig.posix.listen(rig.path('s')));
    rig.posix.unlink(rig.path('s'));
    rig.posix.unlink(rig.path('s'));
    expect(readdirSync(rig.folder)).toEqual([]);
  });
});

describe('bytes', () => {
  it('go from and to the given places', () => {
    const { near, far } = rig.connection();
    expect(rig.posix.send(near, Uint8Array.of(9, 1, 2, 3, 9), 1, 3)).toBe(3);
    const into = new Uint8Array(6);
    expect(rig.posix.receive(far, into, 2, 4)).toMatchObject({ length: 3, descriptors: [], truncated: false });
    expect([...into]).toEqual([0, 0, 1, 2, 3, 0]);
  });

  it('stay in the socket until they are asked for', () => {
    const { near, far } = rig.connection();
    rig.posix.send(near, Uint8Array.of(1, 2, 3), 0, 3);
    const into = new Uint8Array(8);
    expect(rig.posix.receive(far, into, 0, 2).length).toBe(2);
    expect(rig.posix.receive(far, into, 2, 6).length).toBe(1);
    expect([...into]).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
  });

  it('arrive whole when a call moves only a part', () => {
    const { near, far } = rig.connection();
    const sent = Uint8Array.from({ length: 50_000 }, (_, at) => at % 251);
    for (let at = 0; at < sent.length;) at += rig.own(rig.posix.send(near, sent, at, sent.length - at));
    const got = new Uint8Array(sent.length);
    for (let at = 0; at < got.length;) at += rig.own(rig.posix.receive(far, got, at, got.length - at).length);
    expect(Buffer.compare(got, sent)).toBe(0);
  });

  it('are refused outside the array', () => {
    const { near } = rig.connection();
    for (const [offset, length] of [
      [0, 5],
      [4, 1],
      [-1, 2],
      [0, 0],
      [NaN, 1],
    ] as const) {
      expect(rig.posix.send(near, new Uint8Array(4), offset, length)).toBe(ERR.EINVAL);
      expect(rig.posix.receive(near, new Uint8Array(4), offset, length).length).toBe(ERR.EINVAL);
    }
  });
});

describe('a socket that has nothing to give or take', () => {
  const bytes = new Uint8Array(16384);

  it('answers EAGAIN when it is empty and when it is full', () => {
    const { near, far } = rig.connection();
    expect(rig.posix.receive(far, bytes, 0, 1).length).toBe(ERR.EAGAIN);
    let sent = 0;
    while (sent >= 0) sent = rig.posix.send(near, bytes, 0, bytes.length);
    expect(sent).toBe(ERR.EAGAIN);
  });

  it('answers 0 and EPIPE when the peer is gone', () => {
    const { near, far } = rig.connection();
    rig.close(far);
    expect(rig.posix.receive(near, bytes, 0, 1)).toMatchObject({ length: 0, descriptors: [] });
    expect(rig.posix.send(near, bytes, 0, 1)).toBe(ERR.EPIPE);
  });

  it('answers EBADF and ENOTSOCK when it is none', () => {
    const eventfd = rig.own(rig.posix.eventfd());
    for (const [fd, status] of [
      [999_999, ERR.EBADF],
      [eventfd, ERR.ENOTSOCK],
    ] as const) {
      expect(rig.posix.receive(fd, bytes, 0, 1).length).toBe(status);
      expect(rig.posix.send(fd, bytes, 0, 1)).toBe(status);
    }
  });
});

describe('descriptors', () => {
  it.each([1, 31, 32])('%d at once name the same files at the other end', count => {
    const { near, far } = rig.connection();
    const passed = Array.from({ length: count }, () => rig.own(rig.posix.eventfd()));
    expect(rig.posix.send(near, Uint8Array.of(7), 0, 1, passed)).toBe(1);
    const received = rig.posix.receive(far, new Uint8Array(1), 0, 1);
    expect(received).toMatchObject({ length: 1, truncated: false });
    expect(received.descriptors).toHaveLength(count);
    received.descriptors.forEach((taken, at) => {
      const signalled = new Recorder();
      rig.posix.watch(passed[at] ?? -1, { readable: true, edge: true }, signalled);
      expect(rig.posix.signal(rig.own(taken))).toBe(0);
      rig.posix.wait(0);
      expect(signalled.calls).toEqual(['r']);
    });
  });

  it('are not inherited by programs', () => {
    const { near, far } = rig.connection();
    rig.posix.send(near, Uint8Array.of(7), 0, 1, [rig.own(openSync('/dev/null', 'r'))]);
    const [taken] = rig.posix.receive(far, new Uint8Array(1), 0, 1).descriptors;
    const own = [near, far, rig.own(taken), rig.own(rig.posix.eventfd()), rig.own(rig.posix.memfd('m', 0))];
    const inherited = spawnSync('ls', ['/proc/self/fd'], { encoding: 'utf8' }).stdout.split('\n');
    expect(inherited).toContain('2');
    expect(own.filter(fd => inherited.includes(String(fd)))).toEqual([]);
  });

  it('of one message are forgotten with the next', () => {
    const { near, far } = rig.connection();
    rig.posix.send(near, Uint8Array.of(7), 0, 1, [rig.own(rig.posix.eventfd())]);
    rig.posix.send(near, Uint8Array.of(8), 0, 1);
    const received = rig.posix.receive(far, new Uint8Array(1), 0, 1);
    rig.own(received.descriptors[0]);
    expect(rig.posix.receive(far, new Uint8Array(1), 0, 1).descriptors).toEqual([]);
  });

  it('are sent 32 at most, and only open ones', () => {
    const { near } = rig.connection();
    const fd = rig.own(rig.posix.eventfd());
    expect(rig.posix.send(near, Uint8Array.of(7), 0, 1, new Array<number>(33).fill(fd))).toBe(ERR.EINVAL);
    expect(rig.posix.send(near, Uint8Array.of(7), 0, 1, [999_999])).toBe(ERR.EBADF);
  });

  it('that do not fit are reported, and those that fit are not lost', () => {
    const { near, far } = rig.connection();
    sendDescriptors(near, new Array<number>(40).fill(rig.own(rig.posix.eventfd())));
    const before = openDescriptors().length;
    const received = rig.posix.receive(far, new Uint8Array(1), 0, 1);
    expect(received).toMatchObject({ length: 1, truncated: true });
    expect(received.descriptors.map(fd => rig.own(fd))).toHaveLength(32);
    expect(openDescriptors()).toHaveLength(before + 32);
  });
});

describe('a thousand connections', () => {
  it('leave no descriptor behind', () => {
    const listener = rig.own(rig.posix.listen(rig.path('s')));
    const before = openDescriptors();
    const eventfd = rig.posix.eventfd();
    for (let round = 0; round < 1000; round++) {
      const near = rig.posix.connect(rig.path('s'));
      const far = rig.posix.accept(listener);
      rig.posix.watch(far, { readable: true }, new Recorder());
      rig.posix.send(near, Uint8Array.of(7), 0, 1, [eventfd, eventfd]);
      rig.posix.wait(0);
      for (const fd of rig.posix.receive(far, new Uint8Array(1), 0, 1).descriptors) rig.posix.close(fd);
      rig.posix.close(near);
      rig.posix.close(far);
    }
    rig.posix.close(eventfd);
    expect(openDescriptors()).toEqual(before);
    expect(rig.posix.watched).toBe(0);
  });
});

/** Sends one byte with as many descriptors as the kernel lets pass: what `send` doesn't do and a peer may. */
function sendDescriptors(fd: number, descriptors: readonly number[]): void {
  const block = new Block(1024);
  const [iov, byte, control] = [64, 80, 128];
  block.setWord(16, block.address + iov);
  block.setWord(24, 1);
  block.setWord(32, block.address + control);
  block.setWord(40, 16 + descriptors.length * 4);
  block.setWord(iov, block.address + byte);
  block.setWord(iov + 8, 1);
  block.setWord(control, 16 + descriptors.length * 4);
  block.view.setInt32(control + 8, C.SOL_SOCKET, true);
  block.view.setInt32(control + 12, C.SCM_RIGHTS, true);
  descriptors.forEach((passed, at) => block.view.setInt32(control + 16 + at * 4, passed, true));
  expect(libc.sendmsg(fd, block.address, 0)).toBe(1);
}
