// SPDX-License-Identifier: BSD-3-Clause
/** What a hostile front end can do with memory tables. */
import { closeSync, openSync } from 'node:fs';
import { type TableRegion, memTable, Refusal, Request, u64 } from '@scp/vhost-user/front-end';
import { attack, GIB, isClosed, isServed, MIB, region, rig, TIB, withMemfd } from './attack.ts';
import { answers, bytes, guestMappings, VERSION, withRig } from './rig.ts';

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
