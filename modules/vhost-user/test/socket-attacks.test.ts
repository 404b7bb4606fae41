// SPDX-License-Identifier: BSD-3-Clause
/**
 * What a hostile front end can do with the socket. After each case: the verdict, then everything it brought is gone, the
 * other agent is served as ever, and the same socket serves the next front end.
 */
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import {
  type FrontEnd,
  memTable,
  message,
  Refusal,
  Request,
  type TableRegion,
  u64,
  vringAddr,
  vringFd,
  vringState,
} from '@scp/vhost-user/front-end';
import { answers, bytes, descriptorKinds, guestMappings, Rig, VERSION, withRig } from './rig.ts';

const MIB = 0x10_0000;
const GIB = 0x4000_0000;
const TIB = 0x100_0000_0000;

let rig: Rig;
let other: FrontEnd;

beforeAll(() => {
  rig = new Rig();
  other = rig.up('other');
  rig.up('one').close();
  rig.settle();
});
afterAll(() => {
  other.close();
  rig.dispose();
});

/** Runs an attack on the first agent's socket, and sees to it that nothing stays. */
function attack(run: (one: FrontEnd) => void, start: () => FrontEnd = () => rig.connect()): void {
  // The limits of the log are full again.
  rig.host.advance(rig.framework, 100_000_000);
  rig.host.lines.length = 0;
  const before = descriptorKinds();
  const one = start();
  try {
    run(one);
    expect(answers(other)).toBe(true);
  } finally {
    one.close();
    rig.settle();
  }
  expect(descriptorKinds()).toEqual(before);
  // The other agent's memory, mapped by both ends.
  expect(guestMappings()).toBe(2);
  const next = rig.up();
  expect(answers(next)).toBe(true);
  expect(answers(other)).toBe(true);
  next.close();
  rig.settle();
}

/** Gives `count` descriptors of eventfds to `use` and closes them. */
function withEvents(count: number, use: (fds: number[]) => void): void {
  const fds = Array.from({ length: count }, () => rig.posix.eventfd());
  try {
    use(fds);
  } finally {
    for (const fd of fds) rig.posix.close(fd);
  }
}

function withMemfd(size: number, use: (fd: number) => void): void {
  const fd = rig.posix.memfd('attack', size);
  try {
    use(fd);
  } finally {
    rig.posix.close(fd);
  }
}

/** Two ends of a stream socket. */
function socketPair(): [number, number] {
  const path = `${rig.folder}/pair.sock`;
  const listener = rig.posix.listen(path);
  const near = rig.posix.connect(path);
  const far = rig.posix.accept(listener);
  rig.posix.close(listener);
  rig.posix.unlink(path);
  return [near, far];
}

const isServed = (one: FrontEnd): boolean => one.transact(Request.GET_FEATURES)?.id === Request.GET_FEATURES;

function isClosed(one: FrontEnd): boolean {
  rig.settle();
  return one.closed;
}

/** A message with this header. */
const header = (id: number, flags: number, size: number): Uint8Array => {
  const whole = new Uint8Array(12);
  whole.set(u64(id, flags));
  whole.set(u64(size).subarray(0, 4), 8);
  return whole;
};

describe('a header', () => {
  it.each([
    ['of version 0', 1, 0, 0],
    ['of version 2', 1, 2, 0],
    ['of version 3', 1, 3, 0],
    ['with the reply bit', 1, 5, 0],
    ['that announces 4097 bytes', 1, 1, 4097],
    ['that announces 4 GiB', 5, 1, 0xffff_ffff],
    ['without the payload that is due', 2, 1, 0],
    ['without the payload that is due, and wants an answer', 2, 9, 0],
  ])('%s ends the connection', (_name, id, flags, size) =>
    attack(one => {
      one.sendBytes(header(id, flags, size));
      expect(isClosed(one)).toBe(true);
      expect(one.takeReply()).toBeUndefined();
    }),
  );

  it('with reserved flags is taken', () =>
    attack(one => {
      one.sendBytes(header(Request.GET_FEATURES, 0xfffffff1, 0));
      rig.settle();
      expect(one.takeReply()?.id).toBe(Request.GET_FEATURES);
    }));

  it('of any request that is not offered is refused when it asks, and ignored when not', () =>
    attack(one => {
      const known = new Set<number>(Object.values(Request));
      const unknown = [...Array.from({ length: 256 }, (_, id) => id), 0xffff_ffff].filter(id => !known.has(id));
      expect(unknown.length).toBe(257 - 18);
      for (const id of unknown) {
        for (const size of [0, 8, 4096]) {
          const payload = new Uint8Array(size);
          expect([id, one.ack(id, payload)]).toEqual([id, Refusal.UNKNOWN]);
          one.send(id, payload);
        }
      }
      expect(isServed(one)).toBe(true);
    }));

  it('of every request that is known, with nothing behind it, has an answer or an end', () => {
    for (const id of Object.values(Request)) {
      attack(one => {
        const status = one.ack(id, new Uint8Array(0));
        expect(status !== undefined || one.closed).toBe(true);
      });
    }
  });
});

describe('a stream', () => {
  const table = message(Request.GET_FEATURES, new Uint8Array(0));
  const ack = message(Request.SET_PROTOCOL_FEATURES, u64(0x2029), true);

  it('that comes byte by byte is understood', () =>
    attack(one => {
      for (const byte of [...ack, ...table]) {
        one.sendBytes(Uint8Array.of(byte));
        rig.turn();
      }
      rig.settle();
      expect(one.takeReply()?.id).toBe(Request.SET_PROTOCOL_FEATURES);
      expect(one.takeReply()?.id).toBe(Request.GET_FEATURES);
    }));

  it('of many messages in one piece is understood', () =>
    attack(one => {
      one.sendBytes(Uint8Array.from(Array.from({ length: 100 }, () => [...ack, ...table]).flat()));
      rig.settle();
      for (let count = 0; count < 100; count++) {
        expect([one.takeReply()?.id, one.takeReply()?.id]).toEqual([16, 1]);
      }
    }));

  it('of a message and a half, then nothing, holds nobody', () =>
    attack(one => {
      one.sendBytes(Uint8Array.from([...table, ...ack.subarray(0, 15)]));
      rig.settle();
      expect(one.takeReply()?.id).toBe(Request.GET_FEATURES);
      expect(answers(other)).toBe(true);
      one.sendBytes(ack.subarray(15));
      rig.settle();
      expect(one.takeReply()?.id).toBe(Request.SET_PROTOCOL_FEATURES);
    }));

  it('may end anywhere', () => {
    for (let length = 0; length < ack.length; length++) attack(one => void one.sendBytes(ack.subarray(0, length)));
  });
});

describe('descriptors', () => {
  const cases = Object.values(Request).flatMap(id => [1, 2, 9, 32].map(count => [id, count] as const));

  it.each(cases)('on request %i, %i of them, stay with nobody', (id, count) =>
    attack(one =>
      withEvents(count, fds => {
        one.send(id, new Uint8Array(id === Request.SET_VRING_ADDR ? 40 : 8), fds, true);
        rig.settle();
        expect(one.closed || one.takeReply() !== undefined).toBe(true);
      }),
    ),
  );

  it.each([
    ['a request that takes none', Request.GET_FEATURES, 0, 1],
    ['a request that takes none', Request.SET_VRING_NUM, 8, 1],
    ['a kick that should have none', Request.SET_VRING_KICK, 8, 0],
    ['a kick with two', Request.SET_VRING_KICK, 8, 2],
    ['a channel without one', Request.SET_BACKEND_REQ_FD, 0, 0],
  ])('on %s (%i, %i bytes, %i) are refused when it asks, and end the connection when not', (_name, id, size, count) =>
    withEvents(count, fds => {
      attack(one => {
        expect(one.ack(id, new Uint8Array(size), fds)).toBe(Refusal.DESCRIPTORS);
        expect(isServed(one)).toBe(true);
      });
      attack(one => {
        one.send(id, new Uint8Array(size), fds);
        expect(isClosed(one)).toBe(true);
      });
    }),
  );

  it('on bare payload bytes belong to that message', () =>
    attack(one =>
      withEvents(1, fds => {
        const whole = message(Request.SET_VRING_CALL, vringFd(0), true);
        one.sendBytes(whole.subarray(0, 14));
        rig.settle();
        one.sendBytes(whole.subarray(14), fds);
        rig.settle();
        expect(one.takeReply()?.payload).toEqual(u64(0));
      }),
    ));

  it('in their hundreds on the bytes of one message are not hoarded', () =>
    attack(one =>
      withEvents(30, fds => {
        const whole = message(Request.SET_FEATURES, u64(1), true);
        rig.settle();
        const before = descriptorKinds().length;
        for (const byte of whole) {
          one.sendBytes(Uint8Array.of(byte), fds);
          rig.settle();
          expect(descriptorKinds().length).toBeLessThanOrEqual(before + 9);
        }
        expect(one.takeReply()?.payload).toEqual(u64(Refusal.DESCRIPTORS));
      }),
    ));
});

describe('a descriptor of the wrong kind', () => {
  const kinds: readonly (readonly [string, () => number])[] = [
    ['a directory', () => openSync('/', 'r')],
    ['a file', () => openSync('/proc/self/exe', 'r')],
    ['a memory file', () => rig.posix.memfd('attack', 4096)],
    ['/dev/zero', () => openSync('/dev/zero', 'r+')],
    ['/dev/null', () => openSync('/dev/null', 'r+')],
    [
      'a listening socket',
      () => {
        const fd = rig.posix.listen(`${rig.folder}/spare.sock`);
        rig.posix.unlink(`${rig.folder}/spare.sock`);
        return fd;
      },
    ],
    [
      'a socket whose other end is gone',
      () => {
        const [near, far] = socketPair();
        rig.posix.close(far);
        return near;
      },
    ],
  ];

  it.each(kinds)('(%s) on any request does no harm', (_name, open) => {
    for (const id of Object.values(Request)) {
      attack(one => {
        const fd = open();
        const size = id === Request.SET_VRING_ADDR ? 40 : id === Request.SET_MEM_TABLE ? 40 : 8;
        const payload =
          id === Request.SET_MEM_TABLE
            ? memTable([{ guest: 0, size: 4096, user: 0, offset: 0 }])
            : new Uint8Array(size);
        one.send(id, payload, [fd], true);
        rig.settle();
        expect(one.closed || one.takeReply() !== undefined).toBe(true);
        closeSync(fd);
      });
    }
  });

  it.each([
    ['kick', Request.SET_VRING_KICK],
    ['call', Request.SET_VRING_CALL],
    ['err', Request.SET_VRING_ERR],
  ])('(a file) is refused as %s', (_name, id) =>
    attack(one =>
      withMemfd(4096, fd => {
        expect(one.ack(id, vringFd(0), [fd])).toBe(Refusal.KIND);
        expect(isServed(one)).toBe(true);
      }),
    ),
  );

  it('(a socket) is no trouble as kick', () =>
    attack(one => {
      const [near, far] = socketPair();
      expect(one.ack(Request.SET_VRING_KICK, vringFd(0), [near])).toBe(0);
      rig.posix.close(near);
      rig.posix.close(far);
      rig.settle();
      expect(isServed(one)).toBe(true);
    }));
});

const region = (change: Partial<TableRegion> = {}): TableRegion => ({
  guest: GIB,
  size: MIB,
  user: 0x7f00_0000_0000,
  offset: 0,
  ...change,
});

describe('a memory table', () => {
  const bad: readonly (readonly [string, readonly TableRegion[], number?])[] = [
    ['of no region', [], 0],
    ['of nine', Array.from({ length: 9 }, (_, index) => region({ guest: index * GIB, user: index * GIB })), 9],
    ['that says it has 2^32 - 1', [region()], 0xffff_ffff],
    ['that says it has more than it holds', [region()], 2],
    ['with an empty region', [region({ size: 0 })]],
    ['with overlap in guest addresses', [region(), region({ user: GIB })]],
    ['with overlap in user addresses', [region(), region({ guest: 3 * GIB })]],
    ['not aligned with its file', [region({ offset: 1, size: 4096 })]],
    ['aligned with its file, but not with rings', [region({ guest: GIB + 8, user: GIB + 8, offset: 8, size: 4096 })]],
    ['longer than its file', [region({ size: MIB + 1 })]],
    ['beginning behind its file', [region({ offset: MIB, size: 4096 })]],
    ['offset and size over 2^53', [region({ offset: 2 ** 53 - 4096, size: MIB })]],
    ['guest address and size over 2^53', [region({ guest: 2 ** 53 - 4096 })]],
    ['user address and size over 2^53', [region({ user: 2 ** 53 - 4096 })]],
    ['of 2^52 bytes', [region({ size: 2 ** 52 })]],
  ];

  const cases = bad.map(([name, regions, count = regions.length]) => ({ name, regions, count }));

  it.each(cases)('$name is refused', ({ regions, count }) =>
    attack(one =>
      withMemfd(MIB, fd => {
        const payload = memTable(regions, regions.length, count);
        const fds = Array.from({ length: Math.min(8, regions.length) }, () => fd);
        expect(one.ack(Request.SET_MEM_TABLE, payload, fds)).toBe(Refusal.MEMORY);
        expect(isServed(one)).toBe(true);
        one.send(Request.SET_MEM_TABLE, payload, fds);
        expect(isClosed(one)).toBe(true);
      }),
    ),
  );

  it('of 2^63 bytes is refused', () =>
    attack(one =>
      withMemfd(MIB, fd => {
        const payload = memTable([region()]);
        payload.set(u64(0, 0x8000_0000), 16);
        expect(one.ack(Request.SET_MEM_TABLE, payload, [fd])).toBe(Refusal.MEMORY);
      }),
    ));

  it('with too few or too many descriptors is refused', () =>
    attack(one =>
      withMemfd(MIB, fd => {
        for (const fds of [[], [fd, fd]]) {
          expect(one.ack(Request.SET_MEM_TABLE, memTable([region()]), fds)).toBe(Refusal.DESCRIPTORS);
        }
      }),
    ));

  it('that names one file eight times is taken', () =>
    attack(one =>
      withMemfd(8 * MIB, fd => {
        const regions = Array.from({ length: 8 }, (_, index) =>
          region({ guest: index * GIB, user: index * GIB, offset: index * MIB }),
        );
        const fds = regions.map(() => fd);
        expect(one.ack(Request.SET_MEM_TABLE, memTable(regions), fds)).toBe(0);
      }),
    ));

  it('of 8 TiB is refused; of 1 TiB of holes it is taken', () =>
    attack(one =>
      withMemfd(8 * TIB, fd => {
        expect(one.ack(Request.SET_MEM_TABLE, memTable([region({ size: 8 * TIB })]), [fd])).toBe(Refusal.MEMORY);
        expect(one.ack(Request.SET_MEM_TABLE, memTable([region({ size: TIB })]), [fd])).toBe(0);
      }),
    ));

  it('of a file that could shrink seals it; one that was refused leaves the other in force', () =>
    attack(
      one => {
        withMemfd(MIB, fd => {
          expect(one.ack(Request.SET_MEM_TABLE, memTable([region({ size: 2 * MIB })]), [fd])).toBe(Refusal.MEMORY);
        });
        expect(answers(one)).toBe(true);
      },
      () => rig.up(),
    ));

  it('replaced under load does not use addresses up', () =>
    attack(
      one => {
        for (let count = 0; count < 300; count++) {
          one.driver.post(bytes(VERSION), 136);
          one.kick();
          expect(one.setMemory(true)).toBe(0);
          rig.settle();
          expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
        }
        expect(guestMappings()).toBe(4);
      },
      () => rig.up(),
    ));

  it('without a ring that runs breaks that ring, until it is there again', () =>
    attack(
      one => {
        withMemfd(MIB, fd => {
          const table = memTable([region({ guest: GIB, user: 0x100_0000 })]);
          expect(one.ack(Request.SET_MEM_TABLE, table, [fd])).toBe(0);
        });
        rig.settle();
        expect(one.defects).toEqual([1, 1]);
        one.driver.post(bytes(VERSION), 136);
        one.forceKick(0);
        rig.settle();
        expect(one.driver.reap()).toBe(-1);
        expect(one.setMemory(true)).toBe(0);
        expect(one.ack(Request.SET_VRING_ADDR, one.addresses(0))).toBe(0);
        rig.settle();
        expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
      },
      () => rig.up(),
    ));
});

describe('strict about memory', () => {
  it('the server takes sealed memory, and memory it can seal', () =>
    withRig(
      strict => {
        const one = strict.up();
        expect(answers(one)).toBe(true);
        one.close();
      },
      { requireSealedMemory: true },
    ));

  it('it refuses a file that can shrink', () =>
    withRig(
      strict => {
        const one = strict.connect();
        const fd = openSync('/tmp', 0o20200002);
        expect(strict.posix.stat(fd)?.kind).toBe('file');
        expect(one.ack(Request.SET_MEM_TABLE, memTable([region()]), [fd])).toBe(Refusal.MEMORY);
        closeSync(fd);
        one.close();
      },
      { requireSealedMemory: true },
    ));
});

describe('a call descriptor', () => {
  it('that is full, and nobody reads it, holds nobody', () =>
    attack(
      one => {
        const [near, far] = socketPair();
        const block = new Uint8Array(16384);
        while (rig.posix.send(near, block, 0, block.length) > 0);
        expect(one.ack(Request.SET_VRING_CALL, vringFd(0), [near])).toBe(0);
        expect(answers(one)).toBe(true);
        rig.posix.close(near);
        rig.posix.close(far);
      },
      () => rig.up(),
    ));

  it('whose other end is closed is forgotten', () =>
    attack(
      one => {
        const [near, far] = socketPair();
        rig.posix.close(far);
        const before = descriptorKinds().length;
        expect(one.ack(Request.SET_VRING_CALL, vringFd(0), [near])).toBe(0);
        expect(answers(one)).toBe(true);
        // Neither it nor the call descriptor that it replaced is there.
        expect(descriptorKinds().length).toBe(before - 1);
        rig.posix.close(near);
        expect(answers(one)).toBe(true);
      },
      () => rig.up(),
    ));

  it('that is swapped again and again is signalled once each time', () =>
    attack(
      one => {
        withEvents(1, fds => {
          let signals = 0;
          rig.posix.watch(fds[0] ?? -1, { readable: true, edge: true }, { ready: () => void signals++ });
          for (let count = 1; count <= 10; count++) {
            expect(one.ack(Request.SET_VRING_CALL, vringFd(0), fds)).toBe(0);
            rig.settle();
            expect(signals).toBe(count);
          }
          expect(one.ack(Request.SET_VRING_CALL, vringFd(0, false))).toBe(0);
          expect(answers(one)).toBe(true);
          expect(signals).toBe(10);
        });
      },
      () => rig.up(),
    ));
});

describe('ring set-up', () => {
  const user = 0x7f00_0000_0000;
  const good = { descriptors: user, available: user + 0x1000, used: user + 0x2000 };

  it.each([
    ['a size of 0', Request.SET_VRING_NUM, vringState(0, 0), Refusal.VALUE],
    ['a size of 3', Request.SET_VRING_NUM, vringState(0, 3), Refusal.VALUE],
    ['a size of 65536', Request.SET_VRING_NUM, vringState(0, 65536), Refusal.VALUE],
    ['a size of 2^31', Request.SET_VRING_NUM, vringState(0, 0x8000_0000), Refusal.VALUE],
    ['ring 2', Request.SET_VRING_NUM, vringState(2, 4), Refusal.INDEX],
    ['ring 2^32 - 1', Request.SET_VRING_BASE, vringState(0xffff_ffff, 4), Refusal.INDEX],
    ['a base for packed rings', Request.SET_VRING_BASE, vringState(0, 0x8000_8000), Refusal.VALUE],
    ['a base of 65536', Request.SET_VRING_BASE, vringState(0, 65536), Refusal.VALUE],
    ['the base of ring 2', Request.GET_VRING_BASE, vringState(2, 0), Refusal.INDEX],
    ['ring 2 enabled', Request.SET_VRING_ENABLE, vringState(2, 1), Refusal.INDEX],
    ['ENABLE 2', Request.SET_VRING_ENABLE, vringState(0, 2), Refusal.VALUE],
    ['a kick for ring 2', Request.SET_VRING_KICK, vringFd(2, false), Refusal.INDEX],
    ['a kick with unknown flags', Request.SET_VRING_KICK, u64(0x300), Refusal.VALUE],
    ['a kick with unknown high flags', Request.SET_VRING_KICK, u64(0x100, 1), Refusal.VALUE],
    ['features not offered', Request.SET_FEATURES, u64(0x7000_0003, 1), Refusal.FEATURES],
    ['all features', Request.SET_FEATURES, u64(0xffff_ffff, 0xffff_ffff), Refusal.FEATURES],
    ['features without VERSION_1', Request.SET_FEATURES, u64(0x7000_0001, 0), Refusal.FEATURES],
    ['in-band notifications', Request.SET_PROTOCOL_FEATURES, u64(1 << 14), Refusal.FEATURES],
    ['all protocol features', Request.SET_PROTOCOL_FEATURES, u64(0xffff_ffff, 0xffff_ffff), Refusal.FEATURES],
    ['a getter with a payload', Request.GET_FEATURES, u64(0), Refusal.LENGTH],
    ['a setter with too much payload', Request.SET_FEATURES, new Uint8Array(9), Refusal.LENGTH],
  ])('with %s is refused when it asks, and ends the connection when not', (_name, id, payload, refusal) => {
    attack(one => {
      expect(one.ack(Request.SET_FEATURES, u64(0x7000_0001, 1))).toBe(0);
      expect(one.ack(id, payload)).toBe(refusal);
      expect(isServed(one)).toBe(true);
    });
    attack(one => {
      one.send(Request.SET_FEATURES, u64(0x7000_0001, 1));
      one.send(id, payload);
      expect(isClosed(one)).toBe(true);
    });
  });

  it.each([
    ['desc unaligned', { ...good, descriptors: user + 1 }],
    ['avail unaligned', { ...good, available: user + 0x1001 }],
    ['used unaligned', { ...good, used: user + 0x2002 }],
    ['desc outside', { ...good, descriptors: user - 16 }],
    ['desc over the end', { ...good, descriptors: user + MIB - 16 }],
    ['avail over the end', { ...good, available: user + MIB - 4 }],
    ['used, its last byte outside', { ...good, used: user + MIB - 4 - 8 * 256 }],
    ['used at 2^53', { ...good, used: 2 ** 53 - 1 }],
  ])('with addresses (%s) leaves the ring at rest', (_name, addresses) =>
    attack(one =>
      withMemfd(MIB, fd =>
        withEvents(1, fds => {
          expect(one.ack(Request.SET_FEATURES, u64(0x7000_0001, 1))).toBe(0);
          expect(one.ack(Request.SET_MEM_TABLE, memTable([region()]), [fd])).toBe(0);
          expect(one.ack(Request.SET_VRING_NUM, vringState(0, 256))).toBe(0);
          expect(one.ack(Request.SET_VRING_BASE, vringState(0, 0))).toBe(0);
          expect(one.ack(Request.SET_VRING_ADDR, vringAddr(0, addresses))).toBe(Refusal.ADDRESS);
          one.send(Request.SET_VRING_ADDR, vringAddr(0, addresses));
          expect(one.ack(Request.SET_VRING_KICK, vringFd(0), fds)).toBe(0);
          expect(one.enable(0, true)).toBe(0);
          expect(rig.host.lines.some(({ line }) => line.includes('started'))).toBe(false);
          expect(one.ack(Request.SET_VRING_ADDR, vringAddr(0, good))).toBe(0);
          expect(rig.host.lines.map(({ line }) => line)).toContain(
            '[VHOST-USER] one: ring 0 started: 256 descriptors, base 0',
          );
        }),
      ),
    ),
  );

  it('with all parts in one place harms nobody else', () =>
    attack(
      one => {
        const at = { descriptors: user, available: user, used: user };
        expect(one.ack(Request.SET_VRING_ADDR, vringAddr(0, at))).toBe(0);
        for (let count = 0; count < 10; count++) {
          one.forceKick(0);
          rig.settle();
        }
      },
      () => rig.up(),
    ));

  it('cannot change size, base or features of what runs', () =>
    attack(
      one => {
        for (const [id, payload] of [
          [Request.SET_VRING_NUM, vringState(0, 4)],
          [Request.SET_VRING_BASE, vringState(0, 4)],
          [Request.SET_FEATURES, u64(0x4000_0001, 1)],
        ] as const) {
          expect(one.ack(id, payload)).toBe(Refusal.MOMENT);
          one.send(id, payload);
        }
        expect(one.ack(Request.SET_FEATURES, u64(0x7000_0001, 1))).toBe(0);
        expect(answers(one)).toBe(true);
      },
      () => rig.up(),
    ));

  it('that enables a ring before features are set is refused', () =>
    attack(one => {
      expect(one.enable(0, true)).toBe(0);
      expect(one.ack(Request.SET_VRING_ENABLE, vringState(0, 1))).toBe(Refusal.MOMENT);
      expect(isServed(one)).toBe(true);
    }));

  it('in any order starts the ring when the last part is there', () => {
    const steps = ['table', 'num', 'base', 'addr', 'kick', 'enable'] as const;
    const rotated = steps.map((_, at) => [...steps.slice(at), ...steps.slice(0, at)]);
    for (const order of [...rotated, ...rotated.map(each => [...each].reverse())]) {
      attack(one =>
        withMemfd(MIB, fd =>
          withEvents(1, fds => {
            const send = {
              table: () => one.ack(Request.SET_MEM_TABLE, memTable([region()]), [fd]),
              num: () => one.ack(Request.SET_VRING_NUM, vringState(0, 256)),
              base: () => one.ack(Request.SET_VRING_BASE, vringState(0, 0)),
              addr: () => one.ack(Request.SET_VRING_ADDR, vringAddr(0, good)),
              kick: () => one.ack(Request.SET_VRING_KICK, vringFd(0), fds),
              enable: () => one.ack(Request.SET_VRING_ENABLE, vringState(0, 1)),
            };
            expect(one.ack(Request.SET_FEATURES, u64(0x7000_0001, 1))).toBe(0);
            const hasStarted = (): boolean => rig.host.lines.some(({ line }) => line.includes('ring 0 started'));
            for (const step of order) {
              expect(hasStarted()).toBe(false);
              expect([order, send[step]()]).toEqual([order, 0]);
            }
            expect(hasStarted()).toBe(true);
          }),
        ),
      );
    }
  });

  it('with a random base breaks the ring at most', () =>
    attack(
      one => {
        one.stopQueues();
        one.driver.reset();
        expect(one.ack(Request.SET_VRING_BASE, vringState(0, 4711))).toBe(0);
        expect(one.ack(Request.SET_VRING_KICK, vringFd(0, false))).toBe(0);
        expect(one.enable(0, true)).toBe(0);
        rig.settle();
        expect(one.defects).toEqual([1, 0]);
        expect(isServed(one)).toBe(true);
      },
      () => rig.up(),
    ));
});

describe('a broken ring', () => {
  it.each([
    ['SET_VRING_ADDR', (one: FrontEnd) => one.ack(Request.SET_VRING_ADDR, one.addresses(0))],
    ['SET_VRING_BASE', (one: FrontEnd) => one.ack(Request.SET_VRING_BASE, vringState(0, 0))],
    ['SET_VRING_NUM', (one: FrontEnd) => one.ack(Request.SET_VRING_NUM, vringState(0, 256))],
    ['SET_VRING_ENABLE', (one: FrontEnd) => one.enable(0, true)],
  ])('is reported on its descriptor, and healed by %s', (_name, heal) =>
    attack(
      one => {
        one.driver.commands.setAvailableIndex(1000);
        one.forceKick(0);
        rig.settle();
        expect(one.defects).toEqual([1, 0]);
        expect(rig.host.logged().at(-1)).toContain('ring 0 is broken: more buffers available than the queue has');
        one.forceKick(0);
        rig.settle();
        expect(one.defects).toEqual([1, 0]);
        one.driver.commands.reset();
        expect(heal(one)).toBe(0);
        expect(answers(one)).toBe(true);
      },
      () => rig.up(),
    ),
  );
});

describe('kicks', () => {
  it('in a storm, on rings in any state, hold nobody', () =>
    attack(
      one => {
        for (let count = 0; count < 10_000; count++) one.forceKick(count & 1);
        rig.settle();
        one.stopQueues();
        for (let count = 0; count < 10_000; count++) one.forceKick(count & 1);
        rig.settle();
        expect(isServed(one)).toBe(true);
      },
      () => rig.up(),
    ));

  it('with enabling and disabling in between lose no command', () =>
    attack(
      one => {
        for (let count = 0; count < 200; count++) {
          expect(one.enable(0, false)).toBe(0);
          one.driver.post(bytes(VERSION), 136);
          one.forceKick(0);
          rig.settle();
          expect(one.driver.reap()).toBe(-1);
          expect(one.enable(0, true)).toBe(0);
          rig.settle();
          expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
        }
      },
      () => rig.up(),
    ));
});

describe('connections', () => {
  it('by the thousand leave nothing', () => {
    for (let count = 0; count < 1000; count++) {
      const one = rig.connect();
      if (count % 3 === 1) one.send(Request.GET_FEATURES);
      if (count % 3 === 2) rig.settle();
      one.close();
      rig.settle();
    }
    attack(() => undefined);
  });

  it('at the same time wait their turn', () => {
    const waiting: FrontEnd[] = [];
    attack(one => {
      expect(isServed(one)).toBe(true);
      for (let count = 0; count < 15; count++) waiting.push(rig.connect());
      rig.settle();
      expect(answers(other)).toBe(true);
      for (const each of waiting) each.close();
    });
  });
});

describe('a front end that reads no replies', () => {
  it('is not read either, until it does', () =>
    attack(one => {
      const ask = message(Request.GET_FEATURES, new Uint8Array(0));
      const block = Uint8Array.from(Array.from({ length: 1000 }, () => [...ask]).flat());
      const fd = rig.posix.connect(rig.path('one'));
      one.close();
      // Nobody watches this socket, so nobody reads it.
      let sent = 0;
      for (let idle = 0; idle < 3;) {
        const taken = rig.posix.send(fd, block, 0, block.length);
        if (taken > 0) sent += taken;
        else idle++;
        rig.settle();
        expect(answers(other)).toBe(true);
      }
      expect(sent).toBeLessThan(10_000_000);
      const into = new Uint8Array(16384);
      let got = 0;
      for (let idle = 0; idle < 3;) {
        const { length } = rig.posix.receive(fd, into, 0, into.length);
        if (length > 0) got += length;
        else idle++;
        rig.settle();
      }
      expect(got).toBe(Math.floor(sent / 12) * 20);
      rig.posix.close(fd);
    }));
});

describe('the log', () => {
  it('is not flooded', () => {
    attack(one => {
      for (let count = 0; count < 1000; count++) expect(one.ack(99)).toBe(Refusal.UNKNOWN);
    });
    expect(rig.host.logged().length).toBeLessThanOrEqual(10);
    expect(rig.host.logged()[0]).toBe('[VHOST-USER] one: refused: request 99, which is not offered');
  });
});

describe('a path', () => {
  it('with another server on it is left alone', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(`${rig.folder}/taken.sock`, resolve));
    expect(rig.posix.listen(`${rig.folder}/taken.sock`)).toBe(-98);
    server.close();
  });
});
