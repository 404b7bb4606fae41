// SPDX-License-Identifier: BSD-3-Clause
/** What a hostile front end can do with rings: their set-up, their descriptors, kicks at any time. */
import {
  type FrontEnd,
  memTable,
  Refusal,
  Request,
  u64,
  vringAddr,
  vringFd,
  vringState,
} from '@scp/vhost-user/front-end';
import { attack, isClosed, isServed, MIB, region, rig, socketPair, withEvents, withMemfd } from './attack.ts';
import { answers, bytes, descriptorKinds, VERSION } from './rig.ts';

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
