// SPDX-License-Identifier: BSD-3-Clause
import {
  apiId,
  type ApiToken,
  configure,
  defineApi,
  elementId,
  type EntityId,
  type Framework,
  FrameworkError,
  type Module,
  moduleId,
  provide,
  Status,
  subElementId,
} from '@scp/framework';
import { build, define, elements, errorOf, refusal } from './support.ts';

interface Dial {
  turn(): number;
}
const DIAL = defineApi<Dial>('DIAL');
const KNOB = defineApi<Dial>('KNOB');
const dial: Dial = { turn: () => 7 };

describe('binding', () => {
  const target = moduleId(1);
  /** Two modules: `client`, whose callbacks are given, and `server`, which provides DIAL. */
  const pair = (
    client: (framework: Framework) => Partial<Module>,
    give: (source: EntityId, to: EntityId) => Dial | Status = () => dial,
  ) =>
    build([
      configure(
        define('client', framework => ({ elementInit: () => undefined, ...client(framework) })),
        0,
        elements('x'),
      ),
      configure(
        define('server', () => ({ elementInit: () => undefined, apis: [provide(DIAL, give)] }), { apis: [DIAL] }),
        0,
        elements('s0'),
      ),
    ]).framework;
  const messageOf = (framework: Framework) => errorOf(() => framework.start()).message;
  const STAGES = 'legal in stage bind, or in init once the target is initialised (E_STATE)';

  it('gives the API, and tells the provider who binds to what', () => {
    const asked: EntityId[][] = [];
    const got: Dial[] = [];
    const framework = pair(
      self => ({
        bind: (id, round) => {
          if (round === 1) got.push(self.bind(id === moduleId(0) ? target : elementId(1, 0), DIAL));
        },
      }),
      (source, to) => {
        asked.push([source, to]);
        return dial;
      },
    );
    framework.start();
    expect(got.map(api => api.turn())).toEqual([7, 7]);
    expect(asked).toEqual([
      [moduleId(0), target],
      [elementId(0, 0), elementId(1, 0)],
    ]);
    expect(framework.apiIdOf(target, DIAL)).toBe(apiId(1, 0));
    expect(framework.apiIdOf(target, KNOB)).toBeUndefined();
    expect(framework.apiIdOf(moduleId(9), DIAL)).toBeUndefined();
  });

  it('works in init towards a module that comes before', () => {
    const got: Dial[] = [];
    const server = define('server', () => ({ apis: [provide(DIAL, () => dial)] }), { apis: [DIAL] });
    const client = define('client', framework => ({
      init: () => got.push(framework.bind(moduleId(0), DIAL)),
      elementInit: () => got.push(framework.bind(moduleId(0), DIAL)),
      postInit: () => got.push(framework.bind(moduleId(0), DIAL)),
    }));
    build([server, configure(client, 0, elements('x'))]).framework.start();
    expect(got).toEqual([dial, dial, dial]);
  });

  it('is refused in init towards a module that comes later', () => {
    expect(messageOf(pair(self => ({ init: () => self.bind(target, DIAL) })))).toBe(
      `init, module client: binds DIAL of server in stage init; ${STAGES}`,
    );
    expect(messageOf(pair(self => ({ elementInit: () => self.bind(elementId(1, 0), DIAL) })))).toBe(
      `init, module client, element x: binds DIAL of server/s0 in stage init; ${STAGES}`,
    );
  });

  it.each(['init', 'elementInit', 'postInit'] as const)('is refused towards its own module in %s', stage => {
    const own = define(
      'a',
      framework => ({
        elementInit: () => undefined,
        [stage]: () => framework.bind(moduleId(0), DIAL),
        apis: [provide(DIAL, () => dial)],
      }),
      { apis: [DIAL] },
    );
    const element = stage === 'elementInit' ? ', element x' : '';
    expect(refusal([configure(own, 0, elements('x'))])).toBe(
      `init, module a${element}: binds DIAL of a in stage init; ${STAGES}`,
    );
  });

  it('is refused in start, while running, and in stop', () => {
    expect(messageOf(pair(self => ({ start: () => self.bind(target, DIAL) })))).toBe(
      `start, module client: binds DIAL of server in stage start; ${STAGES}`,
    );
    const framework = pair(self => ({
      stop: id => {
        if (id === moduleId(0)) self.bind(target, DIAL);
      },
    }));
    framework.start();
    expect(errorOf(() => framework.bind(target, DIAL)).message).toBe(`binds DIAL of server in stage run; ${STAGES}`);
    expect(framework.stop().map(({ message }) => message)).toEqual([
      `stop, module client: binds DIAL of server in stage stop; ${STAGES}`,
    ]);
  });

  it('names what is wrong with the target or the API', () => {
    const binding = (to: EntityId, token: ApiToken<Dial>) =>
      messageOf(pair(self => ({ bind: () => self.bind(to, token) })));
    const place = 'bind, module client: binds';
    expect(binding(moduleId(9), DIAL)).toBe(`${place} DIAL of [MOD 9], which the product does not have (E_PARAM)`);
    expect(binding(elementId(1, 1), DIAL)).toBe(
      `${place} DIAL of [ELM 1:1], which the product does not have (E_PARAM)`,
    );
    expect(binding(subElementId(1, 0, 0), DIAL)).toBe(
      `${place} DIAL of [SUB 1:0:0], which the product does not have (E_PARAM)`,
    );
    expect(binding(target, KNOB)).toBe(`${place} KNOB of server, which provides DIAL (E_PARAM)`);
    expect(binding(moduleId(0), DIAL)).toBe(`${place} DIAL of client, which provides no API (E_PARAM)`);
    // Another token of the same name is another contract.
    expect(binding(target, defineApi<Dial>('DIAL'))).toBe(`${place} DIAL of server, which provides DIAL (E_PARAM)`);
  });

  it.each([
    ['E_ACCESS', Status.E_ACCESS],
    ['E_PARAM', Status.E_PARAM],
    ['E_SUPPORT', Status.E_SUPPORT],
    ['E_NOMEM', Status.E_NOMEM],
  ])('passes on that the provider refuses with %s', (name, status) => {
    const bind = (self: Framework) => ({
      bind: (id: EntityId) => {
        if (id !== moduleId(0)) self.bind(elementId(1, 0), DIAL);
      },
    });
    const error = errorOf(() => pair(bind, () => status).start());
    expect(error.status).toBe(status);
    expect(error.message).toBe(
      `bind, module client, element x: binds DIAL of server/s0, which refuses client/x (${name})`,
    );
  });

  it('treats a status that is no error as a misbehaving provider', () => {
    for (const status of [Status.SUCCESS, Status.PENDING]) {
      expect(
        messageOf(
          pair(
            self => ({ bind: () => self.bind(target, DIAL) }),
            () => status,
          ),
        ),
      ).toBe('bind, module client: binds DIAL of server, which refuses client (E_HANDLER)');
    }
  });

  it.each([[undefined], [null]])('treats the API %s as a misbehaving provider', nothing => {
    const EMPTY = defineApi<Dial | null | undefined>('EMPTY');
    const server = define('server', () => ({ apis: [provide(EMPTY, () => nothing)] }), { apis: [EMPTY] });
    const client = define('client', framework => ({ bind: () => framework.bind(moduleId(0), EMPTY) }));
    expect(refusal([server, client])).toBe('bind, module client: binds EMPTY of server, which gave no API (E_HANDLER)');
  });

  it('places what the provider throws at the entity that binds', () => {
    const give = (): never => {
      throw new FrameworkError(Status.E_NOMEM, 'eight clients are enough');
    };
    expect(messageOf(pair(self => ({ bind: () => self.bind(target, DIAL) }), give))).toBe(
      'bind, module client: eight clients are enough (E_NOMEM)',
    );
  });
});
