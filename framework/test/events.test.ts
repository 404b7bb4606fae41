// SPDX-License-Identifier: BSD-3-Clause
import {
  defineEvent,
  elementId,
  type EntityId,
  LogLevel,
  moduleId,
  Status,
  statusName,
  subElementId,
} from '@scp/framework';
import { A, B, BARE, Bench, BENCH, build, C, D, define, PEER, PING } from './support.ts';

const pong = { value: 1, extra: 2 };
const request = {
  id: '[EVT 0:0]',
  source: '[MOD 1]',
  target: '[ELM 0:2]',
  isResponse: false,
  isNotification: false,
  responseRequested: true,
  status: 0,
  params: [1, 2, 0, 0],
};

describe('an event', () => {
  it('comes to the target with what was put', () => {
    const bench = new Bench();
    expect(bench.framework.put(PING, PEER, C, pong)).toBe(Status.SUCCESS);
    expect(bench.seen).toEqual([]);
    expect(bench.framework.run()).toBe(false);
    expect(bench.seen).toEqual([{ ...request, responseRequested: false }]);
  });

  it('carries numbers beyond 32 bits and fractions', () => {
    const bench = new Bench();
    for (const value of [2 ** 53 - 1, -1, 0.5]) bench.ping(C, value);
    bench.framework.run();
    expect(bench.values).toEqual([2 ** 53 - 1, -1, 0.5]);
  });

  it.each<[string, EntityId]>([
    ['a module', BENCH],
    ['an element', D],
    ['a sub-element', subElementId(0, 3, 1)],
  ])('can come from and go to %s', (_, entity) => {
    const bench = new Bench();
    expect(bench.framework.put(BARE, entity, entity)).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.seen).toHaveLength(1);
    expect(bench.seen[0]?.source).toBe(bench.seen[0]?.target);
  });

  it.each<[string, EntityId, EntityId]>([
    ['no such source module', moduleId(9), C],
    ['no such source element', elementId(0, 9), C],
    ['no such source sub-element', subElementId(0, 3, 2), C],
    ['no such target module', BENCH, moduleId(9)],
    ['no such target element', BENCH, elementId(0, 9)],
    ['no such target sub-element', BENCH, subElementId(0, 2, 0)],
  ])('is refused with E_PARAM: %s', (_, source, target) => {
    const bench = new Bench();
    expect(bench.framework.put(PING, source, target, pong)).toBe(Status.E_PARAM);
    expect(bench.framework.request(PING, source, target, pong)).toBe(Status.E_PARAM);
    bench.framework.run();
    expect(bench.seen).toEqual([]);
    expect(bench.room(C)).toBe(64);
  });

  it('is refused with E_PARAM when the target does not declare it', () => {
    const bench = new Bench();
    expect(bench.framework.put(BARE, BENCH, PEER)).toBe(Status.E_PARAM);
    expect(bench.framework.put(defineEvent('PING', ['value', 'extra']), BENCH, C, pong)).toBe(Status.E_PARAM);
  });

  it('is refused with E_STATE before the start', () => {
    const { framework } = build([define('a')]);
    expect(framework.put(PING, moduleId(0), moduleId(0), pong)).toBe(Status.E_STATE);
  });

  it('is handled in the order it was put, those put by handlers after those that wait', () => {
    const bench = new Bench();
    bench.handler = event => {
      const value = event.param(PING.at.value);
      if (value < 10) bench.ping(D, value + 10, value + 20);
      return Status.SUCCESS;
    };
    bench.ping(C, 1);
    bench.ping(BENCH, 2);
    bench.ping(C, 3);
    bench.framework.run();
    expect(bench.values).toEqual([1, 2, 3, 11, 21, 12, 22, 13, 23]);
  });

  it('stays in order when the queue wraps around', () => {
    const bench = new Bench({ eventCount: 3 });
    for (let value = 0; value < 20; value += 2) {
      bench.ping(C, value, value + 1);
      bench.framework.run(value === 18 ? 10 : 2);
    }
    expect(bench.values).toEqual(Array.from({ length: 20 }, (_, value) => value));
  });

  it('put by a handler has the target of the current event as its source', () => {
    const bench = new Bench();
    bench.handler = event => {
      if (event.param(0) === 1) {
        expect(bench.framework.put(PING, PEER, D, { value: 2, extra: 0 })).toBe(Status.SUCCESS);
      }
      return Status.SUCCESS;
    };
    bench.ping(C, 1);
    bench.framework.run();
    bench.framework.put(PING, PEER, D, { value: 3, extra: 0 });
    bench.framework.run();
    expect(bench.seen.map(({ source }) => source)).toEqual(['[MOD 0]', '[ELM 0:2]', '[MOD 1]']);
  });

  it('put by a handler that has drained events meanwhile still has that source', () => {
    const bench = new Bench();
    bench.handler = event => {
      if (event.param(0) !== 1) return Status.SUCCESS;
      expect(bench.framework.drain(C)).toBe(1);
      bench.ping(B, 3);
      return Status.SUCCESS;
    };
    bench.ping(C, 1, 2);
    bench.framework.run();
    expect(bench.values).toEqual([1, 2, 3]);
    expect(bench.seen[2]?.source).toBe('[ELM 0:2]');
  });

  it('has nothing left of the event that used its place before', () => {
    const bench = new Bench({ eventCount: 2 });
    const statuses: number[] = [];
    bench.handler = (event, response) => {
      statuses.push(event.status);
      response.status = Status.E_BUSY;
      response.setParam(3, 99);
      return Status.SUCCESS;
    };
    for (let turn = 0; turn < 3; turn++) {
      expect(bench.framework.request(PING, PEER, C, { value: 7, extra: 8 })).toBe(Status.SUCCESS);
      bench.framework.run();
    }
    bench.seen.length = 0;
    // Both events of the pool, so whichever place had the leftovers is among them.
    for (let turn = 0; turn < 2; turn++) expect(bench.framework.put(BARE, PEER, C)).toBe(Status.SUCCESS);
    bench.framework.run();
    const clean = { ...request, id: '[EVT 0:1]', responseRequested: false, params: [0, 0, 0, 0] };
    expect(bench.seen).toEqual([clean, clean]);
    expect(statuses).toEqual([0, 0, 0, 0, 0]);
  });

  it('gets cookies that only grow, over all contexts and for requests too', () => {
    const bench = new Bench();
    for (const target of [A, B, BENCH, B, A]) bench.ping(target, 0);
    bench.framework.drain(B);
    bench.framework.drain(A);
    bench.framework.run();
    const [b1 = 0, b2 = 0, a1 = 0, a2 = 0, module = 0] = bench.cookies;
    expect([a1, b1, module, b2, a2]).toEqual([a1, a1 + 1, a1 + 2, a1 + 3, a1 + 4]);
    bench.cookies.length = 0;
    expect(bench.framework.request(PING, PEER, A)).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.cookies).toEqual([a2 + 1, a2 + 1]);
  });

  it('uses no cookie up when it is refused', () => {
    const bench = new Bench({ eventCount: 1 });
    bench.ping(A, 1);
    expect(bench.framework.put(PING, BENCH, A)).toBe(Status.E_NOMEM);
    expect(bench.framework.request(PING, BENCH, B)).toBe(Status.E_NOMEM);
    expect(bench.framework.put(PING, BENCH, moduleId(9))).toBe(Status.E_PARAM);
    bench.ping(B, 2);
    bench.framework.run();
    const [first = 0, second = 0] = bench.cookies;
    expect(second).toBe(first + 1);
  });
});

describe('a status that a handler answers', () => {
  const lineOf = (status: Status): string[] => {
    const bench = new Bench();
    bench.handler = () => status;
    bench.framework.put(PING, PEER, C, pong);
    bench.framework.run();
    return bench.host.lines.map(({ level, line }) => `${level} ${line}`);
  };

  it.each(Object.values(Status).filter(status => status < 0))('%i is logged', status => {
    expect(lineOf(status)).toEqual([
      `${LogLevel.CRIT} [FWK] Process event ([EVT 0:0]: [MOD 1] -> [ELM 0:2]) (${statusName(status)})`,
    ]);
  });

  it('PENDING and SUCCESS are not logged', () => {
    expect(lineOf(Status.PENDING)).toEqual([]);
    expect(lineOf(Status.SUCCESS)).toEqual([]);
  });

  it('is logged for a response that nobody handles', () => {
    const mute = define('mute');
    const deaf = define('deaf', () => ({ processEvent: () => Status.SUCCESS }), { events: [PING] });
    const { framework, host } = build([mute, deaf]);
    framework.start();
    host.lines.length = 0;
    expect(framework.request(PING, moduleId(0), moduleId(1))).toBe(Status.SUCCESS);
    framework.run();
    expect(host.logged()).toEqual(['[FWK] Process event ([EVT 1:0]: [MOD 1] -> [MOD 0]) (E_HANDLER)']);
  });

  it('is held back in the log when it comes too often', () => {
    const bench = new Bench();
    const line = '[FWK] Process event ([EVT 0:0]: [MOD 0] -> [ELM 0:2]) (E_PARAM)';
    const fail = () => {
      bench.ping(C, 1);
      bench.framework.run();
    };
    bench.handler = () => Status.E_PARAM;
    for (let turn = 0; turn < 50; turn++) fail();
    expect(bench.host.logged()).toEqual(new Array(10).fill(line));
    bench.host.lines.length = 0;
    bench.host.advance(bench.framework, 1_000_000);
    fail();
    fail();
    expect(bench.host.logged()).toEqual(['[FWK] 40 faults were not logged', line]);
    expect(bench.seen).toHaveLength(52);
  });
});

describe('a handler that throws', () => {
  const throwing = (thrown: unknown): Bench => {
    const bench = new Bench();
    bench.handler = event => {
      if (event.param(0) === 1) throw thrown;
      return Status.SUCCESS;
    };
    return bench;
  };

  it('is logged with its stack, a line each, and the loop goes on', () => {
    const bench = throwing(new TypeError('boom'));
    bench.ping(C, 1, 2);
    expect(bench.framework.run()).toBe(false);
    expect(bench.values).toEqual([1, 2]);
    const [what, error, frame] = bench.host.logged(LogLevel.CRIT);
    expect(what).toBe('[FWK] Process event ([EVT 0:0]: [MOD 0] -> [ELM 0:2]) (E_PANIC)');
    expect(error).toBe('[FWK] TypeError: boom');
    expect(frame).toMatch(/^ +at .*events\.test\.ts/);
    expect(bench.host.lines.filter(({ line }) => line.includes('\n'))).toEqual([]);
  });

  it('is logged also when what it throws is no Error', () => {
    const bench = throwing('plain text');
    bench.ping(C, 1);
    bench.framework.run();
    expect(bench.host.logged()).toEqual([
      '[FWK] Process event ([EVT 0:0]: [MOD 0] -> [ELM 0:2]) (E_PANIC)',
      '[FWK] plain text',
    ]);
  });

  it('still has its requester answered, with E_PANIC', () => {
    const bench = throwing(new Error('boom'));
    bench.framework.request(PING, PEER, C, { value: 1, extra: 0 });
    bench.framework.run();
    expect(bench.seen[1]).toMatchObject({ target: '[MOD 1]', isResponse: true, status: Status.E_PANIC });
    expect(bench.room(C)).toBe(64);
  });

  it('has its requester answered even after it has promised a later answer', () => {
    const bench = new Bench();
    bench.handler = (_, response) => {
      response.isDelayed = true;
      throw new Error('boom');
    };
    bench.framework.request(PING, PEER, C);
    bench.framework.run();
    expect(bench.seen.map(({ isResponse, status }) => [isResponse, status])).toEqual([
      [false, 0],
      [true, Status.E_PANIC],
    ]);
    expect(bench.framework.firstOwed(C)).toBeUndefined();
  });
});
