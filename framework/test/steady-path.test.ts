// SPDX-License-Identifier: BSD-3-Clause
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { configure, elementId, type Event, Status } from '@scp/framework';
import { build, define, elements, PING } from './support.ts';

describe('the steady path', () => {
  const ROUND = 100_000;
  const MIB = 1 << 20;

  /** Forces a garbage collection: the heap that is left is what is held. */
  const collector = (): (() => void) => {
    setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('gc');
    if (typeof gc !== 'function') throw new Error('the engine gives no gc');
    return () => {
      Reflect.apply(gc, undefined, []);
    };
  };

  /** A turn of put, request, delayed response and run; counts what went wrong. */
  const machine = () => {
    const counts = { handled: 0, failures: 0 };
    const params = { value: 1, extra: 0 };
    const processEvent = (event: Event, response: Event): Status => {
      if (event.param(PING.at.value) === 1) counts.handled++;
      response.isDelayed = event.responseRequested;
      return Status.SUCCESS;
    };
    const channels = define('a', self => ({ elementInit: id => self.createContext(id), processEvent }), {
      events: [PING],
    });
    const { framework } = build([configure(channels, 0, elements('x', 'y'))]);
    const x = elementId(0, 0);
    const y = elementId(0, 1);
    framework.start();
    const turn = (): void => {
      if (framework.put(PING, y, x, params) !== Status.SUCCESS) counts.failures++;
      if (framework.request(PING, x, y, params) !== Status.SUCCESS) counts.failures++;
      if (framework.run()) counts.failures++;
      const cookie = framework.firstOwed(y) ?? 0;
      if (framework.respond(y, cookie, Status.SUCCESS, PING, params) !== Status.SUCCESS) counts.failures++;
      if (framework.poll()) counts.failures++;
    };
    return { counts, turn };
  };

  it('makes no garbage and holds on to nothing', () => {
    const gc = collector();
    const { counts, turn } = machine();
    const used = () => process.memoryUsage().heapUsed;
    for (let at = 0; at < ROUND; at++) turn();
    gc();
    const start = used();
    const garbage: number[] = [];
    for (let round = 0; round < 3; round++) {
      gc();
      const before = used();
      for (let at = 0; at < ROUND; at++) turn();
      garbage.push(used() - before);
    }
    gc();
    const held = used() - start;
    expect(counts).toEqual({ handled: 3 * 4 * ROUND, failures: 0 });
    expect(held).toBeLessThan(MIB);
    // The least object that a turn could make has 12 bytes. The engine itself may make some in any round, not in most.
    const [, median] = garbage.sort((one, other) => one - other);
    expect(median).toBeLessThan(MIB);
  });
});
