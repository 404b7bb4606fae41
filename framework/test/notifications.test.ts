// SPDX-License-Identifier: BSD-3-Clause
import {
  defineNotification,
  elementId,
  type EntityId,
  formatId,
  type FrameworkOptions,
  LogLevel,
  moduleId,
  notificationId,
  Status,
  subElementId,
} from '@scp/framework';
import { A, B, Bench, BENCH, build, C, D, define, errorOf, PEER } from './support.ts';

const CHANGED = defineNotification('CHANGED', ['level', 'cause']);
const GONE = defineNotification('GONE');

const start = (options: FrameworkOptions = {}) => new Bench(options, { notifications: [CHANGED, GONE] });

/** Who was told, in order. */
const told = (bench: Bench): string[] => bench.seen.map(({ target }) => target);

describe('a notification', () => {
  it('comes to each subscriber, in the order they subscribed', () => {
    const bench = start();
    const { framework } = bench;
    for (const target of [D, PEER, C, BENCH]) framework.subscribe(CHANGED, BENCH, target);
    expect(framework.notify(CHANGED, BENCH, { level: 3, cause: 9 })).toBe(4);
    expect(bench.seen).toEqual([]);
    framework.run();
    expect(told(bench)).toEqual(['[ELM 0:3]', '[MOD 1]', '[ELM 0:2]', '[MOD 0]']);
    expect(bench.seen[1]).toEqual({
      id: '[NOT 0:0]',
      source: '[MOD 0]',
      target: '[MOD 1]',
      isResponse: false,
      isNotification: true,
      responseRequested: false,
      status: 0,
      params: [3, 9, 0, 0],
    });
    expect(bench.room(BENCH)).toBe(64);
  });

  it('has an identifier, by which one who receives several tells them apart', () => {
    const { framework, seen } = start();
    const [changed, gone] = [CHANGED, GONE].map(token => framework.notificationIdOf(BENCH, token));
    expect([changed, gone]).toEqual([notificationId(0, 0), notificationId(0, 1)]);
    expect(framework.notificationIdOf(PEER, CHANGED)).toBeUndefined();
    expect(framework.notificationIdOf(moduleId(9), CHANGED)).toBeUndefined();
    // Another token of the same name is another notification.
    expect(framework.notificationIdOf(BENCH, defineNotification('GONE'))).toBeUndefined();
    for (const token of [CHANGED, GONE]) framework.subscribe(token, BENCH, PEER);
    framework.notify(GONE, BENCH);
    framework.notify(CHANGED, BENCH);
    framework.run();
    expect(seen.map(({ id }) => id)).toEqual([gone, changed].map(id => formatId(id ?? 0)));
  });

  it('comes to nobody without subscribers', () => {
    const bench = start();
    expect(bench.framework.notify(CHANGED, BENCH, { level: 1, cause: 1 })).toBe(0);
    expect(bench.framework.run()).toBe(false);
    expect(bench.seen).toEqual([]);
  });

  it('comes to those who want this one of this source only', () => {
    const bench = start();
    const { framework } = bench;
    const sub = subElementId(0, 3, 0);
    const sources: EntityId[] = [BENCH, C, D, sub];
    sources.forEach(source => framework.subscribe(CHANGED, source, PEER));
    framework.subscribe(GONE, C, BENCH);
    expect(framework.notify(GONE, C)).toBe(1);
    expect(framework.notify(GONE, D)).toBe(0);
    for (const source of sources) expect(framework.notify(CHANGED, source)).toBe(1);
    framework.run();
    expect(bench.seen.map(({ id, source, target }) => `${id} ${source} ${target}`)).toEqual([
      '[NOT 0:1] [ELM 0:2] [MOD 0]',
      '[NOT 0:0] [MOD 0] [MOD 1]',
      '[NOT 0:0] [ELM 0:2] [MOD 1]',
      '[NOT 0:0] [ELM 0:3] [MOD 1]',
      '[NOT 0:0] [SUB 0:3:0] [MOD 1]',
    ]);
  });

  it('is unknown to a source that does not declare it', () => {
    const bench = start();
    expect(bench.framework.notify(CHANGED, PEER)).toBe(0);
    expect(bench.framework.notify(defineNotification('CHANGED'), BENCH)).toBe(0);
  });

  it('is counted as far as the pool reaches; the others get it', () => {
    const bench = start({ eventCount: 3 });
    for (const target of [BENCH, C, D, PEER]) bench.framework.subscribe(CHANGED, BENCH, target);
    expect(bench.framework.notify(CHANGED, BENCH)).toBe(3);
    bench.framework.run();
    expect(told(bench)).toEqual(['[MOD 0]', '[ELM 0:2]', '[ELM 0:3]']);
    // A request for an answer takes two events each.
    expect(bench.framework.notify(CHANGED, BENCH, { level: 0, cause: 0 }, true)).toBe(1);
  });

  it('is refused by one context only when that one’s pool is exhausted', () => {
    const bench = start({ eventCount: 1 });
    for (const target of [A, B]) bench.framework.subscribe(CHANGED, BENCH, target);
    bench.ping(A, 1);
    expect(bench.framework.notify(CHANGED, BENCH, { level: 5, cause: 0 })).toBe(1);
    bench.framework.run();
    expect(bench.seen.map(({ target, params }) => `${target} ${params[0]}`)).toEqual(['[ELM 0:0] 1', '[ELM 0:1] 5']);
  });

  it('stays in the context of the handler that sends it', () => {
    const bench = start();
    bench.framework.subscribe(CHANGED, BENCH, B);
    bench.handler = event => {
      if (!event.isNotification) expect(bench.framework.notify(CHANGED, BENCH)).toBe(1);
      return Status.SUCCESS;
    };
    bench.ping(A, 1);
    expect(bench.framework.drain(A)).toBe(2);
    expect(told(bench)).toEqual(['[ELM 0:0]', '[ELM 0:1]']);
  });

  it('that a subscriber fails on is logged, and reaches the others', () => {
    const bench = start();
    for (const target of [C, D]) bench.framework.subscribe(CHANGED, BENCH, target);
    bench.handler = event => (event.target === C ? Status.E_DEVICE : Status.SUCCESS);
    bench.framework.notify(CHANGED, BENCH);
    bench.framework.run();
    expect(told(bench)).toEqual(['[ELM 0:2]', '[ELM 0:3]']);
    expect(bench.host.logged(LogLevel.CRIT)).toEqual([
      '[FWK] Process event ([NOT 0:0]: [MOD 0] -> [ELM 0:2]) (E_DEVICE)',
    ]);
  });
});

describe('responses to a notification', () => {
  it('come back to the source, as many as it was told', () => {
    const bench = start();
    for (const target of [C, PEER]) bench.framework.subscribe(CHANGED, D, target);
    bench.handler = (event, response) => {
      expect(event.responseRequested).toBe(true);
      response.setParam(CHANGED.at.cause, event.target === C ? 100 : 200);
      return Status.SUCCESS;
    };
    expect(bench.framework.notify(CHANGED, D, { level: 1, cause: 2 }, true)).toBe(2);
    bench.framework.run();
    expect(bench.seen.slice(2)).toEqual(
      [
        ['[ELM 0:2]', 100],
        ['[MOD 1]', 200],
      ].map(([source, cause]) => ({
        id: '[NOT 0:0]',
        source,
        target: '[ELM 0:3]',
        isResponse: true,
        isNotification: true,
        responseRequested: false,
        status: 0,
        params: [1, cause, 0, 0],
      })),
    );
    expect(bench.room(D)).toBe(64);
  });

  it('tell of a subscriber that fails or throws', () => {
    const bench = start();
    for (const target of [C, D, PEER]) bench.framework.subscribe(CHANGED, BENCH, target);
    bench.handler = event => {
      if (event.target === C) return Status.E_BUSY;
      if (event.target === D) throw new Error('boom');
      return Status.SUCCESS;
    };
    expect(bench.framework.notify(CHANGED, BENCH, { level: 1, cause: 2 }, true)).toBe(3);
    bench.framework.run();
    expect(bench.seen.slice(3).map(({ source, status }) => [source, status])).toEqual([
      ['[ELM 0:2]', Status.E_BUSY],
      ['[ELM 0:3]', Status.E_PANIC],
      ['[MOD 1]', Status.SUCCESS],
    ]);
  });

  it('can be delayed, with parameters by the notification’s names', () => {
    const bench = start();
    bench.framework.subscribe(CHANGED, BENCH, C);
    bench.handler = (_, response) => {
      response.isDelayed = true;
      return Status.PENDING;
    };
    bench.framework.notify(CHANGED, BENCH, { level: 1, cause: 2 }, true);
    bench.framework.run();
    expect(bench.seen).toHaveLength(1);
    const cookie = bench.framework.firstOwed(C) ?? 0;
    expect(bench.framework.respond(C, cookie, Status.E_RANGE, CHANGED, { level: 7, cause: 8 })).toBe(Status.SUCCESS);
    bench.framework.run();
    expect(bench.seen[1]).toMatchObject({
      isNotification: true,
      isResponse: true,
      status: Status.E_RANGE,
      params: [7, 8, 0, 0],
    });
  });
});

describe('subscriptions', () => {
  it('end when they are ended, and can be made again, then at the end', () => {
    const bench = start();
    const { framework } = bench;
    for (const target of [C, D, PEER]) framework.subscribe(CHANGED, BENCH, target);
    framework.unsubscribe(CHANGED, BENCH, C);
    expect(framework.notify(CHANGED, BENCH)).toBe(2);
    framework.subscribe(CHANGED, BENCH, C);
    expect(framework.notify(CHANGED, BENCH)).toBe(3);
    framework.run();
    expect(told(bench)).toEqual(['[ELM 0:3]', '[MOD 1]', '[ELM 0:3]', '[MOD 1]', '[ELM 0:2]']);
  });

  it('can end inside a handler: what is queued still comes, nothing after it', () => {
    const bench = start();
    const { framework } = bench;
    for (const target of [C, D, PEER]) framework.subscribe(CHANGED, BENCH, target);
    bench.handler = event => {
      if (event.target === C) {
        framework.unsubscribe(CHANGED, BENCH, C);
        framework.unsubscribe(CHANGED, BENCH, D);
      }
      return Status.SUCCESS;
    };
    expect(framework.notify(CHANGED, BENCH)).toBe(3);
    framework.run();
    expect(told(bench)).toEqual(['[ELM 0:2]', '[ELM 0:3]', '[MOD 1]']);
    bench.seen.length = 0;
    expect(framework.notify(CHANGED, BENCH)).toBe(1);
    framework.run();
    expect(told(bench)).toEqual(['[MOD 1]']);
  });

  it('can begin inside a handler, for the next notification', () => {
    const bench = start();
    const { framework } = bench;
    framework.subscribe(CHANGED, BENCH, C);
    bench.handler = event => {
      if (event.target === C) framework.subscribe(CHANGED, BENCH, D);
      return Status.SUCCESS;
    };
    framework.notify(CHANGED, BENCH);
    framework.run();
    expect(told(bench)).toEqual(['[ELM 0:2]']);
    expect(framework.notify(CHANGED, BENCH)).toBe(2);
  });

  it('are 64 at most by default, and a place becomes free when one ends', () => {
    const targets = 13;
    const holder = define('holder', () => ({ processNotification: () => Status.SUCCESS }), {
      notifications: Array.from({ length: targets }, (_, i) => defineNotification(`N${i}`)),
    });
    const modules = Array.from({ length: 5 }, (_, i) => ({ ...holder, name: `m${i}` }));
    const { framework } = build(modules);
    framework.start();
    const all = (holder.notifications ?? []).flatMap(token => modules.map((_, i) => ({ token, target: moduleId(i) })));
    expect(all).toHaveLength(65);
    const last = all.pop();
    if (last === undefined) throw new Error('none');
    for (const { token, target } of all) framework.subscribe(token, moduleId(0), target);
    const full = () => framework.subscribe(last.token, moduleId(0), last.target);
    expect(errorOf(full).message).toBe('subscribes m4 to N12 of m0 (E_NOMEM)');
    framework.unsubscribe(last.token, moduleId(0), moduleId(3));
    expect(full).not.toThrow();
    expect(errorOf(() => framework.subscribe(last.token, moduleId(0), moduleId(3))).status).toBe(Status.E_NOMEM);
  });

  it('are as many as the firmware is told', () => {
    const { framework } = start({ subscriptionCount: 1 });
    framework.subscribe(CHANGED, BENCH, C);
    expect(errorOf(() => framework.subscribe(CHANGED, BENCH, D)).status).toBe(Status.E_NOMEM);
  });

  it('are made once each: E_STATE for one that is there, and for the end of one that is not', () => {
    const { framework } = start();
    framework.subscribe(CHANGED, BENCH, C);
    const twice = errorOf(() => framework.subscribe(CHANGED, BENCH, C));
    expect(twice.message).toBe('subscribes bench/c to CHANGED of bench (E_STATE)');
    framework.unsubscribe(CHANGED, BENCH, C);
    const gone = errorOf(() => framework.unsubscribe(CHANGED, BENCH, C));
    expect(gone.message).toBe('unsubscribes bench/c from CHANGED of bench (E_STATE)');
    expect(errorOf(() => framework.unsubscribe(CHANGED, BENCH, D)).status).toBe(Status.E_STATE);
  });

  it.each<[string, EntityId, EntityId, string]>([
    ['a source that does not send it', PEER, C, '[MOD 1] sends no CHANGED to [ELM 0:2] (E_PARAM)'],
    ['no such source module', moduleId(9), C, '[MOD 9] sends no CHANGED to [ELM 0:2] (E_PARAM)'],
    ['no such source element', elementId(0, 9), C, '[ELM 0:9] sends no CHANGED to [ELM 0:2] (E_PARAM)'],
    ['no such target', BENCH, elementId(0, 9), '[MOD 0] sends no CHANGED to [ELM 0:9] (E_PARAM)'],
  ])('are refused: %s', (_, source, target, message) => {
    const { framework } = start();
    expect(errorOf(() => framework.subscribe(CHANGED, source, target)).message).toBe(message);
    expect(errorOf(() => framework.unsubscribe(CHANGED, source, target)).message).toBe(message);
  });

  it('are refused to a module that handles no notifications, by place', () => {
    const teller = define('teller', undefined, { notifications: [GONE] });
    const deaf = define('deaf', framework => ({ start: id => framework.subscribe(GONE, moduleId(0), id) }));
    const { framework } = build([teller, deaf]);
    expect(errorOf(() => framework.start()).message).toBe(
      'start, module deaf: subscribes deaf to GONE of teller (E_HANDLER)',
    );
  });
});
