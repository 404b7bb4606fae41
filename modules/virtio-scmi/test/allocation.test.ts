// SPDX-License-Identifier: BSD-3-Clause
import { Page } from '@scp/scmi/api';
import { request, Rig } from './rig.ts';

/** Bytes of heap that `work` takes, garbage included: the sum over slices of what each one added. */
function allocated(slices: number, work: () => void): number {
  let sum = 0;
  for (let slice = 0; slice < slices; slice++) {
    const before = process.memoryUsage().heapUsed;
    work();
    sum += Math.max(0, process.memoryUsage().heapUsed - before);
  }
  return sum;
}

describe('a hundred thousand commands', () => {
  it('allocate nothing', () => {
    const { one } = new Rig();
    one.service.records = false;
    const sent = request(1);
    const work = (): void => {
      for (let count = 0; count < 10_000; count++) {
        one.driver.post(sent, 136);
        one.pump();
        one.driver.reap();
      }
    };
    work();
    const bytes = allocated(10, work);
    expect(one.driver.commands.usedIndex).toBe(110_000 & 0xffff);
    // What the measuring takes, and the compiler: a few bytes a command.
    expect(bytes).toBeLessThan(500_000);
  });
});

describe('a hundred thousand notifications', () => {
  it('allocate nothing', () => {
    const { one } = new Rig();
    one.driver.postEvents();
    const page = new Page(1020);
    const work = (): void => {
      for (let count = 0; count < 10_000; count++) {
        one.service.transport?.transmit(page, 12, count % 2 === 0);
        one.driver.events.take();
        one.driver.events.offer(one.driver.events.id);
      }
    };
    work();
    expect(allocated(10, work)).toBeLessThan(200_000);
    expect(one.defects).toEqual([]);
  });
});
