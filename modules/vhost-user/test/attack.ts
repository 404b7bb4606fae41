// SPDX-License-Identifier: BSD-3-Clause
/**
 * The stage for attacks with the socket: after each one everything it brought is gone, the other agent is served as ever,
 * and the same socket serves the next front end.
 */
import { type FrontEnd, Request, type TableRegion } from '@scp/vhost-user/front-end';
import { answers, descriptorKinds, guestMappings, Rig } from './rig.ts';

/** Sizes in bytes. */
export const MIB = 0x10_0000;
export const GIB = 0x4000_0000;
export const TIB = 0x100_0000_0000;

/** The server of this file, and a front end of its second agent. */
export let rig: Rig;
export let other: FrontEnd;

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
export function attack(run: (one: FrontEnd) => void, start: () => FrontEnd = () => rig.connect()): void {
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
export function withEvents(count: number, use: (fds: number[]) => void): void {
  const fds = Array.from({ length: count }, () => rig.posix.eventfd());
  try {
    use(fds);
  } finally {
    for (const fd of fds) rig.posix.close(fd);
  }
}

/** Gives a memory file of `size` bytes to `use` and closes it. */
export function withMemfd(size: number, use: (fd: number) => void): void {
  const fd = rig.posix.memfd('attack', size);
  try {
    use(fd);
  } finally {
    rig.posix.close(fd);
  }
}

/** Two ends of a stream socket. */
export function socketPair(): [number, number] {
  const path = `${rig.folder}/pair.sock`;
  const listener = rig.posix.listen(path);
  const near = rig.posix.connect(path);
  const far = rig.posix.accept(listener);
  rig.posix.close(listener);
  rig.posix.unlink(path);
  return [near, far];
}

/** Whether the server still answers on this connection. */
export const isServed = (one: FrontEnd): boolean => one.transact(Request.GET_FEATURES)?.id === Request.GET_FEATURES;

/** Whether the server has ended this connection. */
export function isClosed(one: FrontEnd): boolean {
  rig.settle();
  return one.closed;
}

/** A region that is right, but for what `change` says. */
export const region = (change: Partial<TableRegion> = {}): TableRegion => ({
  guest: GIB,
  size: MIB,
  user: 0x7f00_0000_0000,
  offset: 0,
  ...change,
});
