// SPDX-License-Identifier: BSD-3-Clause
import { openSync, readSync } from 'node:fs';
import koffi from 'koffi';
import { libc } from '../src/node/libc.ts';
import { ERR, Recorder, Rig } from './rig.ts';

let rig: Rig;
let faults: unknown[];
beforeEach(() => {
  faults = [];
  rig = new Rig(error => faults.push(error));
});
afterEach(() => {
  jest.restoreAllMocks();
  rig.dispose();
});

const [EINTR, EINVAL, ENOSYS] = [4, 22, 38];

/** What a failing call answers. */
function fails(errno: number): number {
  koffi.errno(errno);
  return -1;
}

const READ = { readable: true } as const;
const EDGE = { readable: true, edge: true } as const;

/** An eventfd that is watched. */
function watched(options: { readonly edge?: boolean }, recorder: Recorder): number {
  const fd = rig.own(rig.posix.eventfd());
  expect(rig.posix.watch(fd, { readable: true, ...options }, recorder)).toBe(0);
  return fd;
}

describe('a level-triggered descriptor', () => {
  it('is reported as long as it is ready', () => {
    const recorder = new Recorder();
    const fd = watched({}, recorder);
    expect(rig.posix.wait(0)).toBe(0);
    rig.posix.signal(fd);
    expect([rig.posix.wait(0), rig.posix.wait(-1), rig.posix.wait(Infinity)]).toEqual([1, 1, 1]);
    readSync(fd, Buffer.alloc(8));
    expect(rig.posix.wait(0)).toBe(0);
    expect(recorder.calls).toEqual(['r', 'r', 'r']);
  });

  it('tells what it is ready for', () => {
    const { near, far } = rig.connection();
    const recorder = new Recorder();
    rig.posix.watch(near, { readable: true, writable: true }, recorder);
    rig.posix.wait(0);
    rig.posix.send(far, Uint8Array.of(1), 0, 1);
    rig.posix.wait(0);
    rig.posix.rewatch(near, READ);
    rig.posix.wait(0);
    rig.posix.rewatch(near, { writable: true });
    rig.posix.wait(0);
    rig.close(far);
    rig.posix.rewatch(near, {});
    rig.posix.wait(0);
    expect(recorder.calls).toEqual(['w', 'rw', 'r', 'w', 'h']);
  });
});

describe('an edge-triggered eventfd', () => {
  it('is reported once for each signal, without being read', () => {
    const recorder = new Recorder();
    const fd = watched({ edge: true }, recorder);
    for (let round = 0; round < 3; round++) {
      rig.posix.signal(fd);
      expect(rig.posix.wait(0)).toBe(1);
      expect(rig.posix.wait(0)).toBe(0);
    }
    expect(recorder.calls).toEqual(['r', 'r', 'r']);
  });

  it('is reported at once when it was signalled before', () => {
    const fd = rig.own(rig.posix.eventfd());
    rig.posix.signal(fd);
    const recorder = new Recorder();
    rig.posix.watch(fd, EDGE, recorder);
    rig.posix.wait(0);
    expect(recorder.calls).toEqual(['r']);
  });

  it('is served after the sockets of the same wake-up', () => {
    const order: string[] = [];
    const kicks = [0, 1, 2].map(at => watched({ edge: true }, new Recorder(() => order.push(`kick ${at}`))));
    const sockets = [0, 1].map(at => watched({}, new Recorder(() => order.push(`socket ${at}`))));
    for (const fd of [...kicks, ...sockets]) rig.posix.signal(fd);
    expect(rig.posix.wait(0)).toBe(5);
    expect(order).toEqual(['socket 0', 'socket 1', 'kick 0', 'kick 1', 'kick 2']);
  });
});

describe('the set', () => {
  it('refuses what it cannot watch, has already, or does not have', () => {
    const recorder = new Recorder();
    const fd = watched({}, recorder);
    expect(rig.posix.watch(fd, READ, recorder)).toBe(ERR.EEXIST);
    expect(rig.posix.watch(rig.own(openSync(__filename, 'r')), READ, recorder)).toBe(ERR.EPERM);
    expect(rig.posix.watch(999_999, READ, recorder)).toBe(ERR.EBADF);
    expect(rig.posix.rewatch(999_999, READ)).toBe(ERR.ENOENT);
    rig.posix.unwatch(999_999);
    expect(rig.posix.watched).toBe(1);
    rig.posix.signal(fd);
    expect(rig.posix.wait(0)).toBe(1);
  });

  it('reports nothing of a descriptor that was taken out, and all of one that was put back', () => {
    const before = new Recorder();
    const after = new Recorder();
    const fd = watched({}, before);
    rig.posix.signal(fd);
    rig.posix.unwatch(fd);
    expect(rig.posix.wait(0)).toBe(0);
    rig.posix.watch(fd, READ, after);
    expect(rig.posix.wait(0)).toBe(1);
    expect([before.calls, after.calls]).toEqual([[], ['r']]);
  });

  it('forgets a descriptor that is closed, although another still has the same file open', () => {
    const { near, far } = rig.connection();
    const recorder = new Recorder();
    const fd = watched({}, recorder);
    rig.posix.send(near, Uint8Array.of(1), 0, 1, [fd]);
    const other = rig.own(rig.posix.receive(far, new Uint8Array(1), 0, 1).descriptors[0]);
    rig.close(fd);
    rig.posix.signal(other);
    expect(rig.posix.wait(0)).toBe(0);
    expect(recorder.calls).toEqual([]);
  });

  it('serves more descriptors than one batch holds', () => {
    const recorders = Array.from({ length: 200 }, () => new Recorder());
    const fds = recorders.map(recorder => watched({ edge: true }, recorder));
    for (const fd of fds) rig.posix.signal(fd);
    let ran = 0;
    for (let now = rig.posix.wait(0); now > 0; now = rig.posix.wait(0)) ran += now;
    expect(ran).toBe(200);
    expect(recorders.every(({ calls }) => calls.length === 1)).toBe(true);
  });
});

describe('within one batch', () => {
  it('a handler that takes another descriptor out keeps its handler from running', () => {
    const fds: number[] = [];
    const recorders = [0, 1].map(at => new Recorder(() => rig.posix.unwatch(fds[1 - at] ?? -1)));
    fds.push(...recorders.map(recorder => watched({}, recorder)));
    for (const fd of fds) rig.posix.signal(fd);
    expect(rig.posix.wait(0)).toBe(1);
    expect(recorders.map(({ calls }) => calls.length)).toEqual([1, 0]);
  });

  it.each([
    ['socket', {}],
    ['kick', { edge: true }],
  ])('an event of a closed %s never reaches the next user of its number', (_, options) => {
    const late = new Recorder();
    const next = new Recorder();
    let reused = -1;
    const closer = new Recorder(() => {
      rig.close(doomed);
      reused = rig.own(rig.posix.eventfd());
      rig.posix.watch(reused, { readable: true, ...options }, next);
    });
    const first = watched({}, closer);
    const doomed = watched(options, late);
    rig.posix.signal(first);
    rig.posix.signal(doomed);
    expect(rig.posix.wait(0)).toBe(1);
    expect(reused).toBe(doomed);
    expect([closer.calls, late.calls, next.calls]).toEqual([['r'], [], []]);
    readSync(first, Buffer.alloc(8));
    rig.posix.signal(reused);
    expect(rig.posix.wait(0)).toBe(1);
    expect(next.calls).toEqual(['r']);
  });
});

describe('a descriptor that becomes a kick while its batch is served', () => {
  it('is not served twice', () => {
    const recorder = new Recorder(() => rig.posix.rewatch(fd, EDGE));
    const fd = watched({}, recorder);
    rig.posix.signal(fd);
    expect(rig.posix.wait(0)).toBe(1);
    expect(recorder.calls).toEqual(['r']);
  });
});

describe('a handler that throws', () => {
  const failing = (): Recorder =>
    new Recorder(() => {
      throw new Error('broken');
    });

  it('does not keep the others from running', () => {
    const other = new Recorder();
    for (const fd of [watched({}, failing()), watched({}, other), watched({ edge: true }, other)]) {
      rig.posix.signal(fd);
    }
    rig.posix.wait(0);
    expect(faults).toEqual([new Error('broken')]);
    expect(other.calls).toEqual(['r', 'r']);
  });

  it('is taken out when it would be called for ever, and stays in when it waits for the next edge', () => {
    rig.posix.signal(watched({}, failing()));
    rig.posix.signal(watched({ edge: true }, failing()));
    rig.posix.wait(0);
    expect(rig.posix.watched).toBe(1);
    expect(rig.posix.wait(0)).toBe(0);
  });

  it('ends the wait when nobody is told of faults', () => {
    const bare = new Rig();
    const fd = bare.own(bare.posix.eventfd());
    bare.posix.watch(fd, READ, failing());
    bare.posix.signal(fd);
    expect(() => bare.posix.wait(0)).toThrow('broken');
    bare.dispose();
  });
});

describe('wait', () => {
  it.each([0.2, 1, 1.7])('waits %d ms when nothing happens: never less', timeout => {
    for (let round = 0; round < 20; round++) {
      const start = performance.now();
      expect(rig.posix.wait(timeout)).toBe(0);
      expect(performance.now() - start).toBeGreaterThanOrEqual(timeout);
    }
  });

  it('waits no less where the kernel takes milliseconds only, and asks it no more', () => {
    const precise = jest.spyOn(libc, 'epollPwait2').mockImplementation(() => fails(ENOSYS));
    for (const timeout of [0.2, 1.7]) {
      const start = performance.now();
      expect(rig.posix.wait(timeout)).toBe(0);
      expect(performance.now() - start).toBeGreaterThanOrEqual(timeout);
    }
    expect(precise).toHaveBeenCalledTimes(1);
  });

  it.each([-1, 0, 50])('goes on when it is interrupted: %d ms', timeout => {
    const recorder = new Recorder();
    rig.posix.signal(watched({}, recorder));
    jest.spyOn(libc, 'epollPwait2').mockImplementationOnce(() => fails(EINTR));
    jest.spyOn(libc, 'epollWait').mockImplementationOnce(() => fails(EINTR));
    expect(rig.posix.wait(timeout)).toBe(1);
    expect(recorder.calls).toEqual(['r']);
  });

  it('throws when the set itself is gone, rather than answer for ever that nothing is ready', () => {
    jest.spyOn(libc, 'epollWait').mockImplementationOnce(() => fails(EINVAL));
    expect(() => rig.posix.wait(0)).toThrow('epoll_wait failed (errno 22)');
  });

  it('answers at once when something is ready', () => {
    rig.posix.signal(watched({}, new Recorder()));
    expect(rig.posix.wait(0xffff_ffff)).toBe(1);
    expect(rig.posix.wait(1e12)).toBe(1);
  });
});

describe('signal', () => {
  it('answers EAGAIN at a full counter, and 0 again when it was read', () => {
    const fd = rig.own(rig.posix.eventfd());
    const { near, far } = rig.connection();
    let status = 0;
    while (status === 0) status = rig.posix.signal(near);
    expect(status).toBe(ERR.EAGAIN);
    for (let got = 1; got > 0;) got = rig.posix.receive(far, new Uint8Array(16384), 0, 16384).length;
    expect(rig.posix.signal(near)).toBe(0);
    const message = new Uint8Array(16);
    expect(rig.posix.receive(far, message, 0, 16).length).toBe(8);
    expect([...message.subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    rig.posix.signal(fd);
    rig.posix.signal(fd);
    const counter = Buffer.alloc(8);
    readSync(fd, counter);
    expect(counter.readUInt32LE(0)).toBe(2);
  });

  it('tells when nobody can hear it', () => {
    const { near, far } = rig.connection();
    rig.close(far);
    expect(rig.posix.signal(near)).toBe(ERR.EPIPE);
    expect(rig.posix.signal(999_999)).toBe(ERR.EBADF);
  });
});
