// SPDX-License-Identifier: BSD-3-Clause
/** What a hostile front end can do with the stream itself: headers, pieces, descriptors, connections. */
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { type FrontEnd, memTable, message, Refusal, Request, u64, vringFd } from '@scp/vhost-user/front-end';
import { attack, isClosed, isServed, other, rig, socketPair, withEvents, withMemfd } from './attack.ts';
import { answers, descriptorKinds } from './rig.ts';

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
