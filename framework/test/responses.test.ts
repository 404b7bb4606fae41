// SPDX-License-Identifier: BSD-3-Clause
import { configure, defineEvent, elementId, type EntityId, type Event, moduleId, Status } from '@scp/framework';
import { A, B, Bench, BENCH, build, C, D, define, elements, facts, PEER, PING } from './support.ts';

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

describe('a response', () => {
  it('goes back with source and target swapped, the cookie, the parameters and the status', () => {
    const bench = new Bench();
    expect(bench.framework.request(PING, PEER, C, pong)).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.seen).toEqual([
      request,
      { ...request, source: '[ELM 0:2]', target: '[MOD 1]', isResponse: true, responseRequested: false },
    ]);
    const [cookie] = bench.cookies;
    expect(bench.cookies).toEqual([cookie, cookie]);
  });

  it('carries what the handler writes into it', () => {
    const bench = new Bench();
    bench.handler = (event, response) => {
      expect(facts(response)).toEqual({
        ...request,
        source: '[ELM 0:2]',
        target: '[MOD 1]',
        isResponse: true,
        responseRequested: false,
      });
      expect(response.cookie).toBe(event.cookie);
      response.setParam(PING.at.extra, 42);
      response.status = Status.E_RANGE;
      return Status.SUCCESS;
    };
    bench.framework.request(PING, PEER, C, pong);
    bench.framework.run();
    expect(bench.seen[1]).toMatchObject({ params: [1, 42, 0, 0], status: Status.E_RANGE });
  });

  it.each([Status.E_BUSY, Status.SUCCESS])('says with what status the handler ended: %i', status => {
    const bench = new Bench();
    bench.handler = () => status;
    bench.framework.request(PING, PEER, C);
    bench.framework.run();
    expect(bench.seen[1]).toMatchObject({ isResponse: true, status });
  });

  it('comes after what already waits', () => {
    const bench = new Bench();
    bench.framework.request(PING, PEER, C, { value: 1, extra: 0 });
    bench.ping(C, 2, 3);
    bench.framework.run();
    expect(bench.seen.map(({ isResponse, params }) => [isResponse, params[0]])).toEqual([
      [false, 1],
      [false, 2],
      [false, 3],
      [true, 1],
    ]);
  });

  it('is not sent when none is requested, whatever the handler writes', () => {
    const bench = new Bench();
    bench.handler = (event, response) => {
      expect(facts(response)).toMatchObject({ isResponse: true, status: 0, params: [event.param(0), 0, 0, 0] });
      response.isDelayed = true;
      response.status = Status.E_BUSY;
      response.setParam(1, 5);
      return Status.SUCCESS;
    };
    bench.ping(C, 1, 2);
    bench.framework.run();
    expect(bench.values).toEqual([1, 2]);
    expect(bench.framework.firstOwed(C)).toBeUndefined();
    expect(bench.room(C)).toBe(64);
  });
});

describe('a delayed response', () => {
  /** A bench that answers all requests later, and the cookies of these. */
  const delaying = (count: number, target: EntityId = C) => {
    const bench = new Bench();
    bench.handler = (_, response) => {
      response.isDelayed = true;
      return Status.PENDING;
    };
    for (let value = 1; value <= count; value++) {
      bench.framework.request(PING, PEER, target, { value, extra: 0 });
    }
    bench.framework.run();
    const cookies = [...bench.cookies];
    expect(bench.seen).toHaveLength(count);
    bench.seen.length = 0;
    return { bench, framework: bench.framework, cookies };
  };

  it('is owed until it is given, from outside any event', () => {
    const { bench, framework, cookies } = delaying(1);
    const [cookie = 0] = cookies;
    expect(framework.isOwed(C, cookie)).toBe(true);
    expect(framework.firstOwed(C)).toBe(cookie);
    expect(framework.respond(C, cookie, Status.E_TIMEOUT, PING, { value: 5, extra: 6 })).toBe(Status.SUCCESS);
    expect(framework.isOwed(C, cookie)).toBe(false);
    expect(bench.seen).toEqual([]);
    framework.run();
    expect(bench.seen).toEqual([
      {
        ...request,
        source: '[ELM 0:2]',
        target: '[MOD 1]',
        isResponse: true,
        responseRequested: false,
        status: Status.E_TIMEOUT,
        params: [5, 6, 0, 0],
      },
    ]);
    expect(bench.cookies.at(-1)).toBe(cookie);
    expect(bench.room(C)).toBe(64);
  });

  it('keeps the parameters of the request when it brings none', () => {
    const { bench, framework, cookies } = delaying(1);
    framework.respond(C, cookies[0] ?? 0, Status.SUCCESS);
    framework.run();
    expect(bench.seen[0]?.params).toEqual([1, 0, 0, 0]);
  });

  it('can be given by a handler of another entity', () => {
    const { bench, framework, cookies } = delaying(1);
    bench.handler = () => framework.respond(C, cookies[0] ?? 0, Status.SUCCESS);
    bench.ping(D, 9);
    framework.run();
    expect(bench.seen.map(({ source, target }) => `${source} ${target}`)).toEqual([
      '[MOD 0] [ELM 0:3]',
      '[ELM 0:2] [MOD 1]',
    ]);
  });

  it('is found by holder and cookie; E_PARAM without a trace for anything else', () => {
    const { bench, framework, cookies } = delaying(1);
    const [cookie = 0] = cookies;
    expect(framework.respond(C, cookie + 1, Status.SUCCESS)).toBe(Status.E_PARAM);
    expect(framework.respond(D, cookie, Status.SUCCESS)).toBe(Status.E_PARAM);
    expect(framework.respond(moduleId(9), cookie, Status.SUCCESS)).toBe(Status.E_PARAM);
    expect([framework.isOwed(D, cookie), framework.isOwed(C, cookie + 1)]).toEqual([false, false]);
    expect(framework.firstOwed(D)).toBeUndefined();
    framework.run();
    expect(bench.seen).toEqual([]);
    expect(framework.respond(C, cookie, Status.SUCCESS)).toBe(Status.SUCCESS);
    expect(framework.respond(C, cookie, Status.SUCCESS)).toBe(Status.E_PARAM);
  });

  it('can be given in any order; the first owed is always the oldest left', () => {
    const { bench, framework, cookies } = delaying(5);
    const [c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0] = cookies;
    const first = () => framework.firstOwed(C);
    expect(first()).toBe(c1);
    for (const [answered, oldest] of [
      [c2, c1],
      [c1, c3],
      [c4, c3],
      [c3, c5],
      [c5, undefined],
    ] as const) {
      expect(framework.respond(C, answered, Status.SUCCESS)).toBe(Status.SUCCESS);
      expect(first()).toBe(oldest);
    }
    framework.run();
    expect(bench.values).toEqual([2, 1, 4, 3, 5]);
  });

  it('is told from another holder’s that has an event which once was its own', () => {
    const bench = new Bench({ eventCount: 6 });
    const { framework } = bench;
    bench.handler = (event, response) => {
      response.isDelayed = event.responseRequested;
      return Status.SUCCESS;
    };
    const ask = (holder: EntityId): number => {
      expect(framework.request(PING, PEER, holder)).toBe(Status.SUCCESS);
      framework.run();
      return bench.cookies.at(-1) ?? 0;
    };
    const answer = (holder: EntityId, cookie: number): void => {
      expect(framework.respond(holder, cookie, Status.SUCCESS)).toBe(Status.SUCCESS);
    };
    for (const cookie of [ask(C), ask(C), ask(C)]) answer(C, cookie);
    framework.run();
    const [ofC, ofD] = [ask(C), ask(D)];
    expect([framework.isOwed(C, ofC), framework.isOwed(C, ofD)]).toEqual([true, false]);
    expect([framework.isOwed(D, ofC), framework.isOwed(D, ofD)]).toEqual([false, true]);
    answer(C, ofC);
    answer(D, ofD);
    framework.run();
    expect(bench.room(C)).toBe(6);
  });

  it('can be owed in several contexts at once: each is found, and the oldest is the first', () => {
    const { bench, framework, cookies } = delaying(1, B);
    bench.handler = (_, response) => {
      response.isDelayed = true;
      response.source = B;
      return Status.PENDING;
    };
    for (const [value, target] of [
      [2, PEER],
      [3, A],
      [4, B],
    ] as const) {
      framework.request(PING, PEER, target, { value, extra: 0 });
      framework.run();
    }
    cookies.push(...bench.cookies.slice(1));
    bench.seen.length = 0;
    const [inB = 0, inGlobal = 0, inA = 0, last = 0] = cookies;
    const owed = () => [framework.firstOwed(B), ...cookies.map(cookie => framework.isOwed(B, cookie))];
    // The oldest is the first, whatever context it is in.
    expect(owed()).toEqual([inB, true, true, true, true]);
    framework.respond(B, inA, Status.SUCCESS);
    expect(framework.drain(A)).toBe(1);
    framework.respond(B, inB, Status.SUCCESS);
    expect(owed()).toEqual([inGlobal, false, true, false, true]);
    framework.respond(B, last, Status.SUCCESS);
    expect(framework.drain(B)).toBe(2);
    framework.respond(B, inGlobal, Status.SUCCESS);
    expect(owed()).toEqual([undefined, false, false, false, false]);
    expect(framework.drain(PEER)).toBe(1);
    expect(bench.values).toEqual([3, 1, 4, 2]);
  });

  it('can be owed by another entity than the one that was asked', () => {
    const bench = new Bench();
    bench.handler = (_, response) => {
      response.isDelayed = true;
      response.source = D;
      return Status.PENDING;
    };
    bench.framework.request(PING, PEER, C);
    bench.framework.run();
    const [cookie = 0] = bench.cookies;
    expect([bench.framework.firstOwed(C), bench.framework.firstOwed(D)]).toEqual([undefined, cookie]);
    expect(bench.framework.respond(D, cookie, Status.SUCCESS)).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.seen[1]?.source).toBe('[ELM 0:3]');
  });

  it('is sent at once when the handler fails after all', () => {
    const bench = new Bench();
    bench.handler = (_, response) => {
      response.isDelayed = true;
      return Status.E_DEVICE;
    };
    bench.framework.request(PING, PEER, C);
    bench.framework.run();
    expect(bench.seen[1]).toMatchObject({ isResponse: true, status: Status.E_DEVICE });
    expect(bench.framework.firstOwed(C)).toBeUndefined();
  });

  it('serves the deferred pattern: a driver that needs time behind a resource', () => {
    const WORK = defineEvent('WORK', ['value']);
    const DONE = defineEvent('DONE', ['value']);
    const answers: number[][] = [];
    const hal = define(
      'hal',
      framework => ({
        elementInit: () => undefined,
        processEvent: (event: Event, response: Event) => {
          if (event.id === 0x0000_0006) {
            response.isDelayed = true;
            return Status.PENDING;
          }
          const cookie = framework.firstOwed(event.target) ?? 0;
          return framework.respond(event.target, cookie, Status.SUCCESS, WORK, { value: event.param(0) * 2 });
        },
      }),
      { events: [WORK, DONE] },
    );
    const client = define('client', framework => ({
      start: id => framework.request(WORK, id, elementId(0, 0), { value: 21 }),
      processEvent: (event: Event) => {
        answers.push([event.status, event.param(WORK.at.value)]);
        return Status.SUCCESS;
      },
    }));
    const { framework, host } = build([configure(hal, 0, elements('clk')), client]);
    framework.start();
    framework.run();
    expect(answers).toEqual([]);
    const driver = framework.createAlarm(moduleId(0), () =>
      framework.put(DONE, elementId(0, 0), elementId(0, 0), { value: 21 }),
    );
    driver.start(1000);
    host.advance(framework, 999);
    expect(answers).toEqual([]);
    host.advance(framework, 1);
    expect(answers).toEqual([[Status.SUCCESS, 42]]);
  });
});

describe('the pool', () => {
  it('has 64 events by default; one more is E_NOMEM until one is handled', () => {
    const bench = new Bench();
    expect(bench.room(C)).toBe(64);
    for (let value = 0; value < 64; value++) bench.ping(C, value);
    expect(bench.framework.put(PING, BENCH, C)).toBe(Status.E_NOMEM);
    expect(bench.framework.run(1)).toBe(true);
    bench.ping(C, 64);
    expect(bench.framework.put(PING, BENCH, C)).toBe(Status.E_NOMEM);
    bench.framework.run();
    expect(bench.values).toEqual(Array.from({ length: 65 }, (_, value) => value));
  });

  it('has an event ready for the answer to each request it takes', () => {
    const bench = new Bench({ eventCount: 5 });
    expect(bench.framework.request(PING, PEER, C, { value: 1, extra: 0 })).toBe(Status.SUCCESS);
    expect(bench.framework.request(PING, PEER, C, { value: 2, extra: 0 })).toBe(Status.SUCCESS);
    // One is left: not enough for a request, and that does not cost it.
    expect(bench.framework.request(PING, PEER, C)).toBe(Status.E_NOMEM);
    bench.ping(C, 3);
    expect(bench.framework.put(PING, PEER, C)).toBe(Status.E_NOMEM);
    bench.framework.run();
    expect(bench.seen.map(({ isResponse, params }) => [isResponse, params[0]])).toEqual([
      [false, 1],
      [false, 2],
      [false, 3],
      [true, 1],
      [true, 2],
    ]);
    expect(bench.room(C)).toBe(5);
  });

  it('keeps the place of a delayed answer, whatever else fills it', () => {
    const bench = new Bench({ eventCount: 3 });
    bench.handler = (event, response) => {
      response.isDelayed = event.responseRequested;
      return Status.SUCCESS;
    };
    bench.framework.request(PING, PEER, C, pong);
    bench.framework.run();
    const [cookie = 0] = bench.cookies;
    bench.ping(C, 7, 8);
    expect(bench.framework.put(PING, BENCH, C)).toBe(Status.E_NOMEM);
    expect(bench.framework.respond(C, cookie, Status.SUCCESS)).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.values).toEqual([1, 7, 8, 1]);
    expect(bench.room(C)).toBe(3);
  });

  it('is not upset by a handler that asks for an answer in another’s name', () => {
    const bench = new Bench({ eventCount: 2 });
    bench.handler = event => {
      event.responseRequested = true;
      return Status.SUCCESS;
    };
    bench.ping(C, 1);
    bench.framework.run();
    expect(bench.seen).toHaveLength(1);
    expect(bench.room(C)).toBe(2);
  });
});
