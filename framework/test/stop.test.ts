// SPDX-License-Identifier: BSD-3-Clause
import {
  configure,
  defineEvent,
  defineNotification,
  elementId,
  type EntityId,
  type Framework,
  FrameworkError,
  LogLevel,
  type Module,
  moduleId,
  Status,
} from '@scp/framework';
import { A, B, BARE, Bench, BENCH, build, define, elements, errorOf, PEER, PING } from './support.ts';

const CHANGED = defineNotification('CHANGED');

describe('the stop stage', () => {
  it('collects and logs errors, and goes on', () => {
    const calls: string[] = [];
    const stopping = (name: string) =>
      define(name, framework => ({
        elementInit: () => undefined,
        stop: id => {
          calls.push(framework.nameOf(id));
          if (id === elementId(1, 1)) throw new FrameworkError(Status.E_BUSY, 'still in use');
          if (id === moduleId(0)) throw new FrameworkError(Status.E_DEVICE, 'does not answer');
        },
      }));
    const { framework, host } = build([
      configure(stopping('a'), 0, elements('a0')),
      configure(stopping('b'), 0, elements('b0', 'b1')),
    ]);
    framework.start();
    host.lines.length = 0;
    const errors = framework.stop();
    expect(calls).toEqual(['b1', 'b0', 'b', 'a0', 'a']);
    expect(errors.map(({ message }) => message)).toEqual([
      'stop, module b, element b1: still in use (E_BUSY)',
      'stop, module a: does not answer (E_DEVICE)',
    ]);
    expect(errors.map(({ status }) => status)).toEqual([Status.E_BUSY, Status.E_DEVICE]);
    expect(host.lines).toEqual([
      { level: LogLevel.ERROR, line: '[FWK] stop, module b, element b1: still in use (E_BUSY)' },
      { level: LogLevel.ERROR, line: '[FWK] stop, module a: does not answer (E_DEVICE)' },
      { level: LogLevel.INFO, line: '[FWK] Stopped' },
    ]);
  });

  it('collects what is no FrameworkError too', () => {
    const stop = (): never => {
      throw new TypeError('boom');
    };
    const { framework } = build([define('a', () => ({ stop }))]);
    framework.start();
    const [error, ...others] = framework.stop();
    expect(others).toEqual([]);
    expect(error?.status).toBe(Status.E_PANIC);
    expect(error?.message).toMatch(/^stop, module a: TypeError: boom\n/);
  });

  it('happens once: a second stop, also from within, does nothing', () => {
    const calls: EntityId[] = [];
    const inner: unknown[] = [];
    const { framework, host } = build([
      define('a', self => ({
        stop: id => {
          calls.push(id);
          inner.push(...self.stop());
          throw new FrameworkError(Status.E_BUSY, 'busy');
        },
      })),
    ]);
    framework.start();
    expect(framework.stop()).toHaveLength(1);
    host.lines.length = 0;
    expect(framework.stop()).toEqual([]);
    expect(calls).toEqual([moduleId(0)]);
    expect(inner).toEqual([]);
    expect(host.lines).toEqual([]);
  });

  it('is nothing before the start, which it does not prevent', () => {
    const stop = jest.fn();
    const { framework } = build([define('a', () => ({ stop }))]);
    expect(framework.stop()).toEqual([]);
    framework.start();
    expect(framework.running).toBe(true);
    expect(stop).not.toHaveBeenCalled();
  });

  it('writes what is left of a buffered log', () => {
    const { framework, host } = build([define('a')], { logBuffer: 1000 });
    framework.start();
    expect(host.lines).toEqual([]);
    framework.stop();
    expect(host.lines.map(({ line }) => line)).toEqual([
      '[FWK] test 1.0',
      '[FWK] Module initialization complete!',
      '[FWK] Stopped',
    ]);
  });

  it('leaves the process able to start a fresh instance of the same product', () => {
    const TICK = defineEvent('TICK');
    let handled = 0;
    const modules = [
      define(
        'a',
        () => ({
          processEvent: () => {
            handled++;
            return Status.SUCCESS;
          },
        }),
        { events: [TICK] },
      ),
    ];
    for (let life = 1; life <= 3; life++) {
      const { framework } = build(modules);
      framework.start();
      expect(framework.put(TICK, moduleId(0), moduleId(0))).toBe(Status.SUCCESS);
      framework.run();
      expect(handled).toBe(life);
      expect(framework.stop()).toEqual([]);
    }
  });
});

describe('after the stop', () => {
  it('nothing can be queued, answered or handled', () => {
    const bench = new Bench({}, { notifications: [CHANGED] });
    const { framework, host } = bench;
    framework.subscribe(CHANGED, BENCH, PEER);
    framework.stop();
    const { length } = host.lines;
    expect(framework.running).toBe(false);
    expect(framework.put(PING, BENCH, A)).toBe(Status.E_STATE);
    expect(framework.put(PING, BENCH, BENCH)).toBe(Status.E_STATE);
    expect(framework.request(PING, BENCH, BENCH)).toBe(Status.E_STATE);
    expect(framework.notify(CHANGED, BENCH)).toBe(0);
    expect([framework.run(), framework.poll(), framework.drain(A)]).toEqual([false, false, 0]);
    expect(bench.seen).toEqual([]);
    expect(host.lines).toHaveLength(length);
  });

  it('events that waited are gone, and so are subscriptions', () => {
    const bench = new Bench({}, { notifications: [CHANGED] });
    const { framework } = bench;
    framework.subscribe(CHANGED, BENCH, PEER);
    expect(framework.notify(CHANGED, BENCH)).toBe(1);
    bench.ping(A, 1, 2);
    bench.ping(B, 3);
    bench.ping(BENCH, 4);
    expect(framework.request(PING, PEER, A)).toBe(Status.SUCCESS);
    expect(framework.stop()).toEqual([]);
    expect([framework.run(), framework.drain(A), framework.drain(BENCH)]).toEqual([false, 0, 0]);
    expect(bench.seen).toEqual([]);
    expect(errorOf(() => framework.unsubscribe(CHANGED, BENCH, PEER)).status).toBe(Status.E_STATE);
  });

  it('responses that were owed are gone', () => {
    const bench = new Bench();
    const { framework } = bench;
    bench.handler = (_, response) => {
      response.isDelayed = true;
      return Status.PENDING;
    };
    for (const target of [A, B, BENCH]) framework.request(PING, PEER, target);
    framework.run();
    const [first = 0] = bench.cookies;
    expect(framework.isOwed(A, first)).toBe(true);
    framework.stop();
    expect([A, B, BENCH].map(holder => framework.firstOwed(holder))).toEqual([undefined, undefined, undefined]);
    expect(framework.respond(A, first, Status.SUCCESS)).toBe(Status.E_PARAM);
    expect(framework.run()).toBe(false);
    expect(bench.seen).toHaveLength(3);
  });

  it('alarms are stopped and none starts again', () => {
    const calls: string[] = [];
    const { framework, host } = build([define('a')]);
    framework.start();
    const once = framework.createAlarm(moduleId(0), () => calls.push('once'));
    const periodic = framework.createAlarm(moduleId(0), () => calls.push('periodic'));
    once.start(10);
    periodic.startPeriodic(5);
    expect(host.deadline).toBe(5);
    framework.stop();
    expect([once.running, periodic.running, host.deadline]).toEqual([false, false, Infinity]);
    once.start(10);
    periodic.startPeriodic(5);
    framework.createAlarm(moduleId(0), () => calls.push('late')).start(1);
    expect([once.running, periodic.running, host.deadline]).toEqual([false, false, Infinity]);
    host.advance(framework, 100);
    expect(calls).toEqual([]);
  });
});

describe('during the stop', () => {
  it('callbacks queue nothing', () => {
    const statuses: number[] = [];
    const callbacks = (framework: Framework): Partial<Module> => ({
      processEvent: () => Status.SUCCESS,
      processNotification: () => Status.SUCCESS,
      start: id => framework.subscribe(CHANGED, id, id),
      stop: id => {
        statuses.push(framework.put(PING, id, id), framework.request(PING, id, id), framework.notify(CHANGED, id));
      },
    });
    const { framework } = build([define('a', callbacks, { events: [PING], notifications: [CHANGED] })]);
    framework.start();
    framework.stop();
    expect(statuses).toEqual([Status.E_STATE, Status.E_STATE, 0]);
  });
});

describe('a stop from within a handler', () => {
  it('ends at once: the answer to the current event and all that waits is dropped', () => {
    const bench = new Bench();
    const { framework, host } = bench;
    bench.handler = () => {
      expect(framework.stop()).toEqual([]);
      expect(framework.put(BARE, BENCH, BENCH)).toBe(Status.E_STATE);
      return Status.SUCCESS;
    };
    expect(framework.request(PING, PEER, A)).toBe(Status.SUCCESS);
    bench.ping(A, 1);
    bench.ping(B, 2);
    expect(framework.poll()).toBe(false);
    expect(bench.seen).toHaveLength(1);
    expect(framework.run()).toBe(false);
    expect(bench.seen).toHaveLength(1);
    expect(host.logged(LogLevel.WARN)).toEqual([]);
  });

  it('also ends the alarms that are due', () => {
    const calls: string[] = [];
    const { framework, host } = build([define('a')]);
    framework.start();
    const first = framework.createAlarm(moduleId(0), () => {
      calls.push('first');
      framework.stop();
    });
    first.startPeriodic(5);
    framework.createAlarm(moduleId(0), () => calls.push('second')).start(5);
    host.advance(framework, 50);
    expect(calls).toEqual(['first']);
    expect([first.running, host.deadline]).toEqual([false, Infinity]);
  });
});
