// SPDX-License-Identifier: BSD-3-Clause
import {
  apiId,
  type ApiToken,
  configure,
  defineApi,
  defineEvent,
  defineNotification,
  elementId,
  type Framework,
  ID_LIMIT,
  moduleId,
  PARAM_COUNT,
  provide,
  Status,
  subElementId,
} from '@scp/framework';
import { build, define, elements, refusal } from './support.ts';

interface Dial {
  turn(): number;
}
const DIAL = defineApi<Dial>('DIAL');
const KNOB = defineApi<Dial>('KNOB');
const dial: Dial = { turn: () => 7 };

describe('a product that breaks a rule', () => {
  const apis = (count: number): ApiToken<unknown>[] =>
    Array.from({ length: count }, (_, i) => defineApi<Dial>(`API${i}`));
  const providers = (tokens: readonly ApiToken<unknown>[]) => ({
    apis: tokens.map(token => provide(token, () => dial)),
  });
  const handler = () => Status.SUCCESS;
  const numbered = (count: number) => elements(...Array.from({ length: count }, (_, i) => `e${i}`));
  const elementInit = () => undefined;

  it('names a module twice', () => {
    expect(refusal([define('a'), define('a')])).toBe('init, module a: a product names each module once (E_DATA)');
  });

  it('has a module without another that it requires, or before it', () => {
    const a = define('a', undefined, { requires: ['b'] });
    const message = 'init, module a: requires module b before it in the product (E_DATA)';
    expect(refusal([a])).toBe(message);
    expect(refusal([a, define('b')])).toBe(message);
    expect(() => build([define('b'), a]).framework.start()).not.toThrow();
  });

  it('has elements of a module without elementInit, in a table or from a generator', () => {
    const message = 'init, module a: has 2 elements but no elementInit (E_DATA)';
    expect(refusal([configure(define('a'), 0, elements('x', 'y'))])).toBe(message);
    expect(refusal([configure(define('a'), 0, () => elements('x', 'y'))])).toBe(message);
  });

  it('names an element twice', () => {
    const a = define('a', () => ({ elementInit }));
    const message = 'init, module a, element x: an element name is used twice (E_DATA)';
    expect(refusal([configure(a, 0, elements('x', 'y', 'x'))])).toBe(message);
    expect(refusal([configure(a, 0, () => elements('x', 'y', 'x'))])).toBe(message);
  });

  it('has a module that receives events without processEvent', () => {
    const a = define('a', undefined, { events: [defineEvent('E')] });
    expect(refusal([a])).toBe('init, module a: declares events but has no processEvent (E_DATA)');
  });

  it('has a module that does not provide an API it declares, or the reverse', () => {
    const declares = define('a', () => providers([KNOB]), { apis: [KNOB, DIAL] });
    expect(refusal([declares])).toBe('init, module a: declares API DIAL but does not provide it (E_DATA)');
    const provides = define('a', () => providers([DIAL, KNOB]), { apis: [DIAL] });
    expect(refusal([provides])).toBe('init, module a: provides API KNOB without declaring it (E_DATA)');
    expect(refusal([define('a', () => providers([KNOB]))])).toBe(
      'init, module a: provides API KNOB without declaring it (E_DATA)',
    );
  });

  it('takes 16 APIs, 64 events and 64 notifications of a module, and not one more', () => {
    const events = (count: number) => Array.from({ length: count }, (_, i) => defineEvent(`E${i}`));
    const notifications = (count: number) => Array.from({ length: count }, (_, i) => defineNotification(`N${i}`));
    const most = apis(16);
    const full = define('a', () => ({ ...providers(most), processEvent: handler }), {
      apis: most,
      events: events(64),
      notifications: notifications(64),
    });
    const { framework } = build([full]);
    framework.start();
    expect(framework.apiIdOf(moduleId(0), most[15] ?? DIAL)).toBe(apiId(0, 15));

    const tooMany = apis(17);
    expect(refusal([define('a', () => providers(tooMany), { apis: tooMany })])).toBe(
      'init, module a: 17 APIs, a module has at most 16 (E_DATA)',
    );
    expect(refusal([define('a', () => ({ processEvent: handler }), { events: events(65) })])).toBe(
      'init, module a: 65 events, a module has at most 64 (E_DATA)',
    );
    expect(refusal([define('a', undefined, { notifications: notifications(65) })])).toBe(
      'init, module a: 65 notifications, a module has at most 64 (E_DATA)',
    );
  });

  it('takes 256 modules, 4096 elements and 256 sub-elements, and not one more', () => {
    const modules = Array.from({ length: ID_LIMIT.modules }, (_, i) => define(`m${i}`));
    expect(() => build(modules).framework.start()).not.toThrow();
    expect(refusal([...modules, define('last')])).toBe('init: 257 modules, a product has at most 256 (E_DATA)');

    const a = define('a', () => ({ elementInit }));
    const { framework } = build([configure(a, 0, numbered(4096))]);
    framework.start();
    expect(framework.nameOf(elementId(0, 4095))).toBe('e4095');
    expect(refusal([configure(a, 0, numbered(4097))])).toBe(
      'init, module a: 4097 elements, a module has at most 4096 (E_DATA)',
    );

    const subs = (subElements: number) => [configure(a, 0, [{ name: 'x', config: 0, subElements }])];
    const { framework: deep } = build(subs(256));
    deep.start();
    expect(deep.isEntity(subElementId(0, 0, 255))).toBe(true);
    expect(refusal(subs(257))).toBe('init, module a, element x: 257 sub-elements, at most 256 (E_DATA)');
  });

  it('cannot have an event or notification of more than four parameters', () => {
    expect(PARAM_COUNT).toBe(4);
    expect(defineEvent('E', ['a', 'b', 'c', 'd']).at).toEqual({ a: 0, b: 1, c: 2, d: 3 });
    expect(defineNotification('N', ['a', 'b', 'c', 'd']).at).toEqual({ a: 0, b: 1, c: 2, d: 3 });
    const message = new RangeError('E: 5 parameters, an event carries at most 4');
    expect(() => defineEvent('E', ['a', 'b', 'c', 'd', 'e'])).toThrow(message);
    expect(() => defineNotification('E', ['a', 'b', 'c', 'd', 'e'])).toThrow(message);
  });
});

describe('entities', () => {
  const elementInit = () => undefined;
  const two = () =>
    build([
      configure(
        define('a', () => ({ elementInit })),
        0,
        [
          { name: 'x', config: 0, subElements: 2 },
          { name: 'y', config: 0 },
        ],
      ),
      define('b'),
    ]);

  it('are known by name and by identifier', () => {
    const { framework } = two();
    framework.start();
    expect([framework.moduleId('a'), framework.moduleId('b')]).toEqual([moduleId(0), moduleId(1)]);
    expect([framework.hasModule('b'), framework.hasModule('c')]).toEqual([true, false]);
    expect([framework.elementCount(moduleId(0)), framework.elementCount(moduleId(1))]).toEqual([2, 0]);
    expect(framework.elementCount(moduleId(7))).toBe(0);
    expect(framework.subElementCount(elementId(0, 0))).toBe(2);
    expect(framework.subElementCount(elementId(0, 7))).toBe(0);
    expect(framework.findElement(moduleId(0), 'y')).toBe(elementId(0, 1));
    expect(framework.findElement(moduleId(0), 'z')).toBeUndefined();
    expect(framework.findElement(moduleId(7), 'x')).toBeUndefined();
    expect(framework.nameOf(moduleId(1))).toBe('b');
    expect(framework.nameOf(elementId(0, 1))).toBe('y');
    expect(framework.nameOf(subElementId(0, 0, 1))).toBe('x');
    expect(framework.nameOf(moduleId(7))).toBe('[MOD 7]');
    expect(framework.nameOf(elementId(1, 0))).toBe('[ELM 1:0]');
    expect(framework.stateOf(elementId(1, 0))).toBeUndefined();
    expect(framework.stateOf(moduleId(7))).toBeUndefined();
  });

  it.each([
    ['a module', moduleId(1), true],
    ['no module', moduleId(2), false],
    ['an element', elementId(0, 1), true],
    ['no element', elementId(0, 2), false],
    ['an element of a module without any', elementId(1, 0), false],
    ['a sub-element', subElementId(0, 0, 1), true],
    ['no sub-element', subElementId(0, 0, 2), false],
    ['a sub-element of an element without any', subElementId(0, 1, 0), false],
    ['an API', apiId(0, 0), false],
    ['INVALID', 0, false],
    ['NONE', 1, false],
  ])('%s', (_, id, is) => {
    const { framework } = two();
    framework.start();
    expect(framework.isEntity(id)).toBe(is);
  });

  it('throw for a module that the product does not have', () => {
    const asking = define('a', framework => ({ init: () => framework.moduleId('nobody') }));
    expect(refusal([asking])).toBe('init, module a: the product has no module nobody (E_PARAM)');
  });

  it('of a table are known to all from the first init, those of a generator from its own turn', () => {
    const seen: number[][] = [];
    const look = (framework: Framework) => () => {
      seen.push([0, 1, 2].map(index => framework.elementCount(moduleId(index))));
    };
    const callbacks = (framework: Framework) => ({ init: look(framework), elementInit });
    const { framework } = build([
      configure(define('early', callbacks), 0, elements('x')),
      configure(define('generated', callbacks), 0, id => {
        look(framework)();
        expect(id).toBe(moduleId(1));
        return elements('x', 'y', 'z');
      }),
      configure(define('late', callbacks), 0, elements('x', 'y')),
    ]);
    framework.start();
    expect(seen).toEqual([
      [1, 0, 2],
      [1, 0, 2],
      [1, 3, 2],
      [1, 3, 2],
    ]);
  });
});
