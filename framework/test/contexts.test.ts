// SPDX-License-Identifier: BSD-3-Clause
import {
  configure,
  elementId,
  type ElementId,
  type EntityId,
  type Event,
  moduleId,
  Status,
  subElementId,
} from '@scp/framework';
import { A, B, Bench, BENCH, build, C, define, elements, errorOf, PEER, PING } from './support.ts';

describe('two channels', () => {
  it('take turns, one event each', () => {
    const bench = new Bench();
    bench.ping(A, 1, 2, 3, 4);
    bench.ping(B, 11, 12);
    bench.ping(BENCH, 21);
    expect(bench.framework.run(2)).toBe(true);
    expect(bench.values).toEqual([1, 11]);
    expect(bench.framework.run()).toBe(false);
    expect(bench.values).toEqual([1, 11, 21, 2, 12, 3, 4]);
  });

  it('take turns also when one joins late', () => {
    const bench = new Bench();
    bench.ping(A, 1, 2, 3, 4);
    bench.framework.run(2);
    bench.ping(B, 11, 12);
    bench.framework.run();
    expect(bench.values).toEqual([1, 2, 3, 11, 4, 12]);
  });

  it('are handled within the budget, and run() tells whether more remains', () => {
    const bench = new Bench();
    expect(bench.framework.run(0)).toBe(false);
    bench.ping(A, 1, 2);
    bench.ping(B, 11);
    expect(bench.framework.run(0)).toBe(true);
    expect(bench.values).toEqual([]);
    expect(bench.framework.poll(1)).toBe(true);
    expect(bench.values).toEqual([1]);
    expect(bench.framework.poll(2)).toBe(false);
    expect(bench.values).toEqual([1, 11, 2]);
  });

  it('keep what is produced for the other while one is handled', () => {
    const bench = new Bench();
    bench.handler = event => {
      const value = event.param(0);
      if (value < 10) bench.ping(B, value + 10);
      if (value < 10) bench.ping(PEER, value + 20);
      return Status.SUCCESS;
    };
    bench.ping(A, 1);
    expect(bench.framework.drain(B)).toBe(0);
    expect(bench.framework.drain(A)).toBe(3);
    expect(bench.seen.map(({ target, params }) => `${target} ${params[0]}`)).toEqual([
      '[ELM 0:0] 1',
      '[ELM 0:1] 11',
      '[MOD 1] 21',
    ]);
    expect(bench.framework.drain(BENCH)).toBe(0);
  });

  it('keep answers in the context of the request', () => {
    const bench = new Bench();
    expect(bench.framework.request(PING, B, A)).toBe(Status.SUCCESS);
    expect(bench.framework.drain(B)).toBe(0);
    expect(bench.framework.drain(A)).toBe(2);
    expect(bench.seen[1]).toMatchObject({ target: '[ELM 0:1]', isResponse: true });
  });

  it('are drained one without the other', () => {
    const bench = new Bench();
    bench.ping(B, 11, 12);
    bench.ping(A, 1, 2);
    bench.ping(BENCH, 21);
    expect(bench.framework.drain(A)).toBe(2);
    expect(bench.values).toEqual([1, 2]);
    expect(bench.framework.drain(A)).toBe(0);
    expect(bench.framework.drain(B)).toBe(2);
    expect(bench.framework.drain(C)).toBe(1);
    expect(bench.values).toEqual([1, 2, 11, 12, 21]);
  });

  it('leave nothing to run once drained, and use up no budget', () => {
    const bench = new Bench();
    bench.ping(A, 1);
    bench.ping(B, 2);
    bench.framework.drain(A);
    expect(bench.framework.run(1)).toBe(false);
    expect(bench.values).toEqual([1, 2]);
    bench.ping(A, 3);
    bench.framework.drain(A);
    expect(bench.framework.run(0)).toBe(false);
    expect(bench.framework.poll()).toBe(false);
    bench.ping(A, 4);
    expect(bench.framework.run()).toBe(false);
    expect(bench.values).toEqual([1, 2, 3, 4]);
  });

  it('do not wait for each other’s pending request', () => {
    const bench = new Bench();
    bench.handler = (event, response) => {
      response.isDelayed = event.responseRequested && event.target === A;
      return Status.SUCCESS;
    };
    bench.framework.request(PING, PEER, A, { value: 1, extra: 0 });
    bench.framework.request(PING, PEER, B, { value: 2, extra: 0 });
    bench.ping(A, 3);
    expect(bench.framework.run()).toBe(false);
    expect(bench.seen.map(({ isResponse, params }) => [isResponse, params[0]])).toEqual([
      [false, 1],
      [false, 2],
      [false, 3],
      [true, 2],
    ]);
  });

  it('have a delayed answer in the context of its request, wherever it is given', () => {
    const bench = new Bench();
    bench.handler = (event, response) => {
      if (event.responseRequested) {
        response.isDelayed = true;
        return Status.PENDING;
      }
      return bench.framework.respond(A, event.param(0), Status.SUCCESS);
    };
    bench.framework.request(PING, PEER, A);
    bench.framework.request(PING, PEER, B);
    bench.framework.run();
    const [cookie = 0, other = 0] = bench.cookies;
    expect(other).toBe(cookie + 1);
    expect(bench.framework.respond(A, other, Status.SUCCESS)).toBe(Status.E_PARAM);
    bench.ping(B, cookie);
    expect(bench.framework.drain(B)).toBe(1);
    expect(bench.framework.firstOwed(A)).toBeUndefined();
    expect(bench.framework.firstOwed(B)).toBe(other);
    expect(bench.framework.drain(A)).toBe(1);
    expect(bench.seen.at(-1)).toMatchObject({ source: '[ELM 0:0]', target: '[MOD 1]', isResponse: true });
  });

  it('do not share their pools', () => {
    const bench = new Bench({ eventCount: 4 });
    bench.ping(A, 1, 2, 3, 4);
    expect(bench.framework.put(PING, BENCH, A)).toBe(Status.E_NOMEM);
    expect(bench.framework.request(PING, BENCH, A)).toBe(Status.E_NOMEM);
    bench.ping(B, 5, 6, 7, 8);
    expect(bench.framework.put(PING, BENCH, B)).toBe(Status.E_NOMEM);
    bench.ping(BENCH, 9, 10, 11, 12);
    expect(bench.framework.put(PING, BENCH, C)).toBe(Status.E_NOMEM);
    bench.framework.drain(A);
    expect([bench.room(A), bench.framework.put(PING, BENCH, C)]).toEqual([4, Status.SUCCESS]);
  });

  it('do not share their pools when a handler fills its own', () => {
    const bench = new Bench({ eventCount: 2 });
    const statuses: Status[] = [];
    bench.handler = event => {
      if (event.target === A) {
        for (const target of [B, B, PEER]) statuses.push(bench.framework.put(PING, A, target));
      }
      return Status.SUCCESS;
    };
    bench.ping(A, 1);
    bench.framework.drain(A);
    // The event that is handled still holds its place.
    expect(statuses).toEqual([Status.SUCCESS, Status.E_NOMEM, Status.E_NOMEM]);
    expect([bench.room(A), bench.room(B), bench.room(C)]).toEqual([2, 2, 2]);
  });

  it('survive a handler that throws in one of them', () => {
    const bench = new Bench();
    bench.handler = event => {
      if (event.target === A) throw new Error('boom');
      return Status.SUCCESS;
    };
    bench.ping(A, 1, 2);
    bench.ping(B, 11);
    expect(bench.framework.run()).toBe(false);
    expect(bench.values).toEqual([1, 11, 2]);
    // The next event comes from outside again, not from what the failed handler was handling.
    bench.ping(B, 12);
    expect(bench.framework.drain(A)).toBe(0);
    expect(bench.framework.drain(B)).toBe(1);
    expect(bench.seen.at(-1)?.source).toBe('[MOD 0]');
  });

  it('are kept apart when a handler of one drains the other', () => {
    const bench = new Bench();
    bench.handler = event => {
      if (event.target === A) {
        expect(bench.framework.drain(B)).toBe(2);
        bench.ping(C, 3);
      } else if (event.target === B) {
        bench.ping(C, 13);
      }
      return Status.SUCCESS;
    };
    bench.ping(A, 1);
    bench.ping(B, 11);
    expect(bench.framework.drain(A)).toBe(2);
    expect(bench.seen.map(({ source, target, params }) => `${source} ${target} ${params[0]}`)).toEqual([
      '[MOD 0] [ELM 0:0] 1',
      '[MOD 0] [ELM 0:1] 11',
      '[ELM 0:1] [ELM 0:2] 13',
      '[ELM 0:0] [ELM 0:2] 3',
    ]);
  });
});

describe('a context', () => {
  const processEvent = () => Status.SUCCESS;

  it('serves the sub-elements of its element; all else falls back to the global one', () => {
    const calls: string[] = [];
    const channels = define(
      'channels',
      framework => ({
        elementInit: id => (id === elementId(0, 0) ? framework.createContext(id) : undefined),
        processEvent: (event: Event) => {
          calls.push(framework.nameOf(event.target));
          return Status.SUCCESS;
        },
      }),
      { events: [PING] },
    );
    const table = ['own', 'none'].map(name => ({ name, config: 0, subElements: 1 }));
    const { framework } = build([configure(channels, 0, table)]);
    framework.start();
    const own: EntityId[] = [elementId(0, 0), subElementId(0, 0, 0)];
    const global: EntityId[] = [moduleId(0), elementId(0, 1), subElementId(0, 1, 0)];
    for (const target of [...own, ...global]) framework.put(PING, moduleId(0), target);
    expect(framework.drain(subElementId(0, 0, 0))).toBe(2);
    expect(calls).toEqual(['own', 'own']);
    expect(framework.drain(subElementId(0, 1, 0))).toBe(3);
    expect(framework.drain(moduleId(0))).toBe(0);
    expect(calls).toEqual(['own', 'own', 'channels', 'none', 'none']);
  });

  it('is made in the elementInit of its own element, once', () => {
    const rule = 'a context is made in the elementInit of its own element (E_STATE)';
    const other = define('a', framework => ({ elementInit: () => framework.createContext(elementId(0, 1)) }));
    const start = (definition: typeof other) => () =>
      build([configure(definition, 0, elements('x', 'y'))]).framework.start();
    expect(errorOf(start(other)).message).toBe(`init, module a, element x: ${rule}`);
    const late = define('a', framework => ({
      elementInit: () => undefined,
      start: () => framework.createContext(elementId(0, 0)),
    }));
    expect(errorOf(start(late)).message).toBe(`start, module a: ${rule}`);
    const twice = define(
      'a',
      framework => ({
        elementInit: (id: ElementId) => {
          framework.createContext(id);
          framework.put(PING, id, id);
          framework.createContext(id);
        },
        processEvent,
      }),
      { events: [PING] },
    );
    const { framework } = build([configure(twice, 0, elements('x'))]);
    framework.start();
    expect(framework.drain(elementId(0, 0))).toBe(1);
    expect(errorOf(() => framework.createContext(elementId(0, 0))).message).toBe(rule);
  });

  it('takes events from set-up on, in the order of set-up, while further contexts are made', () => {
    const calls: string[] = [];
    const count = 9;
    const channels = define(
      'channels',
      framework => ({
        elementInit: (id: ElementId) => {
          framework.createContext(id);
          framework.put(PING, id, id);
          framework.put(PING, moduleId(0), moduleId(0));
        },
        processEvent: (event: Event) => {
          calls.push(framework.nameOf(event.target));
          return Status.SUCCESS;
        },
      }),
      { events: [PING] },
    );
    const names = Array.from({ length: count }, (_, index) => `e${index}`);
    const { framework } = build([configure(channels, 0, elements(...names))]);
    framework.start();
    framework.run();
    const [first, ...rest] = names;
    expect(calls).toEqual([first, 'channels', ...rest, ...new Array<string>(count - 1).fill('channels')]);
  });
});
