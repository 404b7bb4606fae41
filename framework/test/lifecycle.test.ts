// SPDX-License-Identifier: BSD-3-Clause
import {
  configure,
  defineEvent,
  elementId,
  type EntityId,
  Framework,
  FrameworkError,
  LogLevel,
  type Module,
  type ModuleDefinition,
  moduleId,
  State,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { build, define, elements, errorOf, refusal } from './support.ts';

/** A module that notes each of its callbacks. */
const noting = (name: string, calls: string[]): ModuleDefinition =>
  define(name, framework => ({
    init: (config, count) => calls.push(`init ${name} ${String(config)} ${count}`),
    elementInit: (id, config, subs) => calls.push(`elementInit ${framework.nameOf(id)} ${String(config)} ${subs}`),
    postInit: () => calls.push(`postInit ${name}`),
    bind: (id, round) => calls.push(`bind${round} ${framework.nameOf(id)}`),
    start: id => calls.push(`start ${framework.nameOf(id)}`),
    stop: id => calls.push(`stop ${framework.nameOf(id)}`),
  }));

describe('stages', () => {
  it('go through modules in order, and in each through its elements; stop goes the other way', () => {
    const calls: string[] = [];
    const { framework } = build([
      configure(noting('a', calls), 1, [
        { name: 'a0', config: 10, subElements: 2 },
        { name: 'a1', config: 11 },
      ]),
      configure(noting('b', calls), 2),
      configure(noting('c', calls), 3, () => [{ name: 'c0', config: 30 }]),
    ]);
    framework.start();
    expect(calls).toEqual([
      ...['init a 1 2', 'elementInit a0 10 2', 'elementInit a1 11 0', 'postInit a'],
      ...['init b 2 0', 'postInit b'],
      ...['init c 3 1', 'elementInit c0 30 0', 'postInit c'],
      ...['bind0 a', 'bind0 a0', 'bind0 a1', 'bind0 b', 'bind0 c', 'bind0 c0'],
      ...['bind1 a', 'bind1 a0', 'bind1 a1', 'bind1 b', 'bind1 c', 'bind1 c0'],
      ...['start a', 'start a0', 'start a1', 'start b', 'start c', 'start c0'],
    ]);
    calls.length = 0;
    expect(framework.stop()).toEqual([]);
    expect(calls).toEqual(['stop c0', 'stop c', 'stop b', 'stop a1', 'stop a0', 'stop a']);
  });

  it('log a banner and their completion', () => {
    const { framework, host } = build([define('a')]);
    framework.start();
    expect(host.lines).toEqual([
      { level: LogLevel.INFO, line: '[FWK] test 1.0' },
      { level: LogLevel.INFO, line: '[FWK] Module initialization complete!' },
    ]);
  });

  it('take modules and elements from state to state, with or without callbacks', () => {
    const a = moduleId(0);
    const a0 = elementId(0, 0);
    const a1 = elementId(0, 1);
    const b = moduleId(1);
    const states: string[] = [];
    const note = (when: string) => () =>
      states.push(`${when}: ${[a, a0, a1, b].map(id => framework.stateOf(id)).join(' ')}`);
    const { framework } = build([
      configure(
        define('a', () => ({ init: note('init'), elementInit: note('elementInit'), postInit: note('postInit') })),
        undefined,
        elements('a0', 'a1'),
      ),
      define('b', () => ({ init: note('init b'), bind: note('bind b'), start: note('start b'), stop: note('stop b') })),
    ]);
    framework.start();
    note('run')();
    framework.stop();
    note('stopped')();
    expect(states).toEqual([
      'init: 0 0 0 0',
      'elementInit: 1 0 0 0',
      'elementInit: 1 1 0 0',
      'postInit: 1 1 1 0',
      'init b: 1 1 1 0',
      'bind b: 1 1 1 1',
      'bind b: 2 2 2 1',
      'start b: 3 3 3 2',
      'run: 3 3 3 3',
      'stop b: 3 3 3 4',
      'stopped: 4 4 4 4',
    ]);
    expect(State).toEqual({ UNINITIALIZED: 0, INITIALIZED: 1, BOUND: 2, STARTED: 3, SUSPENDED: 4 });
  });

  it('run once: start() again is refused, while running and after the stop', () => {
    const { framework } = build([define('a')]);
    framework.start();
    const again = errorOf(() => framework.start());
    expect(again.message).toBe('run: start() is called once in a firmware’s life (E_STATE)');
    expect(framework.running).toBe(true);
    framework.stop();
    expect(errorOf(() => framework.start()).status).toBe(Status.E_STATE);
    expect(framework.running).toBe(false);
  });

  it('handle no event before they are complete', () => {
    const TICK = defineEvent('TICK');
    const calls: string[] = [];
    const { framework } = build([
      define(
        'a',
        self => ({
          init: () => {
            expect(self.put(TICK, moduleId(0), moduleId(0))).toBe(Status.SUCCESS);
            expect(self.run()).toBe(false);
            expect(self.poll()).toBe(false);
            expect(self.drain(moduleId(0))).toBe(0);
          },
          start: () => calls.push('start'),
          processEvent: () => {
            calls.push('event');
            return Status.SUCCESS;
          },
        }),
        { events: [TICK] },
      ),
    ]);
    framework.start();
    expect(calls).toEqual(['start']);
    framework.run();
    expect(calls).toEqual(['start', 'event']);
  });

  it('keep nothing outside an instance: two firmwares of one product run side by side', () => {
    const calls: string[] = [];
    const product = { name: 'twin', version: '1', modules: [configure(noting('a', calls), 0, elements('a0'))] };
    const first = new Framework(product, new TestHost());
    const second = new Framework(product, new TestHost());
    first.start();
    second.start();
    first.stop();
    expect([first.running, second.running]).toEqual([false, true]);
    expect([first.stateOf(elementId(0, 0)), second.stateOf(elementId(0, 0))]).toEqual([State.SUSPENDED, State.STARTED]);
    second.stop();
    expect(calls.filter(call => call === 'start a')).toHaveLength(2);
    expect(calls.filter(call => call === 'stop a')).toHaveLength(2);
  });
});

describe('an error in a callback', () => {
  const fail = (): never => {
    throw new FrameworkError(Status.E_DEVICE, 'no such bus');
  };
  const failAt =
    (wanted: EntityId, round = 0) =>
    (id: EntityId, now?: unknown) => {
      if (id === wanted && (now === undefined || now === round)) fail();
    };
  const nothing = () => undefined;
  const mod = moduleId(0);
  const elm = elementId(0, 1);

  it.each<[string, Partial<Module>, string]>([
    ['init', { init: fail, elementInit: nothing }, 'init, module a: no such bus (E_DEVICE)'],
    ['elementInit', { elementInit: id => failAt(elm)(id) }, 'init, module a, element y: no such bus (E_DEVICE)'],
    ['postInit', { elementInit: nothing, postInit: fail }, 'init, module a: no such bus (E_DEVICE)'],
    ['bind', { elementInit: nothing, bind: failAt(mod) }, 'bind, module a: no such bus (E_DEVICE)'],
    [
      'bind of an element',
      { elementInit: nothing, bind: failAt(elm, 1) },
      'bind, module a, element y: no such bus (E_DEVICE)',
    ],
    ['start', { elementInit: nothing, start: failAt(mod) }, 'start, module a: no such bus (E_DEVICE)'],
    [
      'start of an element',
      { elementInit: nothing, start: failAt(elm) },
      'start, module a, element y: no such bus (E_DEVICE)',
    ],
  ])('%s names stage, module, element and rule, and keeps the status', (_, callbacks, message) => {
    const { framework } = build([
      configure(
        define('a', () => callbacks),
        undefined,
        elements('x', 'y', 'z'),
      ),
    ]);
    const error = errorOf(() => framework.start());
    expect(error.message).toBe(message);
    expect(error.status).toBe(Status.E_DEVICE);
    expect(error.rule).toBe('no such bus');
    expect(error.place.module).toBe('a');
    expect(framework.running).toBe(false);
  });

  it('names the module also when the instance cannot be made', () => {
    expect(refusal([{ name: 'a', type: 'HAL', create: fail }])).toBe('init, module a: no such bus (E_DEVICE)');
  });

  it('keeps the message of whatever else is thrown, and where it came from', () => {
    const boom = (): never => {
      throw new TypeError('boom');
    };
    const error = errorOf(() => build([define('a', () => ({ start: boom }))]).framework.start());
    expect(error.status).toBe(Status.E_PANIC);
    expect(error.message).toMatch(/^start, module a: TypeError: boom\n +at .*lifecycle\.test\.ts.*\(E_PANIC\)$/s);
  });

  it('keeps the message on an engine whose stacks lack it', () => {
    const bare = new Error('boom');
    bare.stack = '    at start (firmware.js:1)\n';
    const start = (): never => {
      throw bare;
    };
    expect(refusal([define('a', () => ({ start }))])).toBe(
      'start, module a: Error: boom\n    at start (firmware.js:1)\n (E_PANIC)',
    );
  });

  it('keeps a place that the error already names', () => {
    const error = new FrameworkError(Status.E_PARAM, 'rule', { module: 'b' });
    expect(error.message).toBe('module b: rule (E_PARAM)');
    const placed = error.at({ stage: 'start', module: 'a', element: 'x' });
    expect(placed.message).toBe('start, module b: rule (E_PARAM)');
    expect(placed.at({ stage: 'stop', module: 'c' }).message).toBe('start, module b: rule (E_PARAM)');
    expect(new FrameworkError(Status.E_PARAM, 'rule').at({}).message).toBe('rule (E_PARAM)');
  });
});

describe('a start that fails', () => {
  const failing = (calls: string[], callbacks: Partial<Module>, rest: Partial<ModuleDefinition> = {}) =>
    define('b', framework => ({ ...noting('b', calls).create(framework), ...callbacks }), rest);
  const fail = (): never => {
    throw new FrameworkError(Status.E_DEVICE, 'broken');
  };
  const products = (calls: string[], callbacks: Partial<Module>) =>
    build([
      configure(noting('a', calls), 0, elements('a0', 'a1')),
      configure(failing(calls, callbacks), 0, elements('b0', 'b1')),
      configure(noting('c', calls), 0, elements('c0')),
    ]);
  /** Calls of the stop stage after the start has failed with status E_DEVICE. */
  const undone = (callbacks: Partial<Module>): string[] => {
    const calls: string[] = [];
    const { framework, host } = products(calls, callbacks);
    expect(errorOf(() => framework.start()).status).toBe(Status.E_DEVICE);
    expect(framework.running).toBe(false);
    expect(framework.stop()).toEqual([]);
    expect(host.logged(LogLevel.INFO)).toEqual(['[FWK] test 1.0', '[FWK] Stopped']);
    return calls.filter(call => call.startsWith('stop'));
  };
  const a = ['stop a1', 'stop a0', 'stop a'];

  it('in the start stage stops all modules again', () => {
    const failure = { start: (id: EntityId) => (id === elementId(1, 0) ? fail() : undefined) };
    expect(undone(failure)).toEqual(['stop c0', 'stop c', 'stop b1', 'stop b0', 'stop b', ...a]);
  });

  it('in the bind stage stops all modules again', () => {
    expect(undone({ bind: fail })).toEqual(['stop c0', 'stop c', 'stop b1', 'stop b0', 'stop b', ...a]);
  });

  it('in postInit stops that module and those before it', () => {
    expect(undone({ postInit: fail })).toEqual(['stop b1', 'stop b0', 'stop b', ...a]);
  });

  it('in elementInit stops the module, but not the element that failed nor those after it', () => {
    const failure = { elementInit: (id: EntityId) => (id === elementId(1, 1) ? fail() : undefined) };
    expect(undone(failure)).toEqual(['stop b0', 'stop b', ...a]);
    expect(undone({ elementInit: fail })).toEqual(['stop b', ...a]);
  });

  it('in init stops only what comes before', () => {
    expect(undone({ init: fail })).toEqual(a);
  });

  it('does not hide its error behind those of the stop stage, which are logged', () => {
    const { framework, host } = products([], {
      start: fail,
      stop: () => {
        throw new FrameworkError(Status.E_BUSY, 'still in use');
      },
    });
    expect(errorOf(() => framework.start()).message).toBe('start, module b: broken (E_DEVICE)');
    expect(host.logged()).toEqual([
      '[FWK] stop, module b, element b1: still in use (E_BUSY)',
      '[FWK] stop, module b, element b0: still in use (E_BUSY)',
      '[FWK] stop, module b: still in use (E_BUSY)',
    ]);
  });

  it('can be tried again with a new instance', () => {
    let broken = true;
    const start = () => {
      if (broken) fail();
    };
    const modules = [define('a', () => ({ start }))];
    expect(errorOf(() => build(modules).framework.start()).status).toBe(Status.E_DEVICE);
    broken = false;
    const { framework } = build(modules);
    framework.start();
    expect(framework.running).toBe(true);
  });

  it.each(['create', 'init', 'bind', 'start'] as const)('is not ended by stop() in %s, which is refused', stage => {
    const definition = define('a', framework => {
      if (stage === 'create') framework.stop();
      return { [stage]: () => framework.stop() };
    });
    const where = stage === 'create' ? 'init' : stage;
    expect(refusal([definition])).toBe(`${where}, module a: stop() during set-up; throw to end the start (E_STATE)`);
  });
});
