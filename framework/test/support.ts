// SPDX-License-Identifier: BSD-3-Clause
/** What the framework's tests share: modules made of a few callbacks, and a firmware around them. */
import {
  configure,
  defineEvent,
  elementId,
  type ElementId,
  type EntityId,
  type Event,
  formatId,
  Framework,
  FrameworkError,
  type FrameworkOptions,
  type Module,
  type ModuleDefinition,
  moduleId,
  type ProductElement,
  type ProductModule,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';

/** A definition whose instance has the callbacks that `make` gives, and an empty `init` unless that is among them. */
export const define = (
  name: string,
  make: (framework: Framework) => Partial<Module> = () => ({}),
  rest: Partial<ModuleDefinition> = {},
): ModuleDefinition => ({
  name,
  type: 'HAL',
  ...rest,
  create: framework => ({ init: () => undefined, ...make(framework) }),
});

/** Elements called `names`, each configured with its name. */
export const elements = (...names: string[]): ProductElement[] => names.map(name => ({ name, config: name }));

/** A firmware of these modules on a test host, not started. A bare definition is configured with its name. */
export function build(
  modules: readonly (ModuleDefinition | ProductModule)[],
  options: FrameworkOptions = {},
  host = new TestHost(),
): { framework: Framework; host: TestHost } {
  const product = {
    name: 'test',
    version: '1.0',
    modules: modules.map(module => ('definition' in module ? module : configure(module, module.name))),
  };
  return { framework: new Framework(product, host, options), host };
}

/** The FrameworkError that `run` throws. */
export function errorOf(run: () => void): FrameworkError {
  try {
    run();
  } catch (error) {
    if (error instanceof FrameworkError) return error;
    throw error;
  }
  throw new Error('no FrameworkError was thrown');
}

/** The message with which a product does not start. */
export const refusal = (modules: readonly (ModuleDefinition | ProductModule)[], options?: FrameworkOptions): string => {
  const { framework } = build(modules, options);
  const { message } = errorOf(() => framework.start());
  expect(framework.running).toBe(false);
  return message;
};

/** The event of the bench: two numbers. */
export const PING = defineEvent('PING', ['value', 'extra']);
/** An event of the bench without parameters. */
export const BARE = defineEvent('BARE');

/** An event as a handler sees it: all that there is to read. */
export const facts = (event: Event) => ({
  id: formatId(event.id),
  source: formatId(event.source),
  target: formatId(event.target),
  isResponse: event.isResponse,
  isNotification: event.isNotification,
  responseRequested: event.responseRequested,
  status: event.status,
  params: [event.param(0), event.param(1), event.param(2), event.param(3)],
});

/** The module of the bench, and its elements: `a` and `b` are channels with a context each, `c` and `d` have none. */
export const BENCH = moduleId(0);
export const A = elementId(0, 0);
export const B = elementId(0, 1);
export const C = elementId(0, 2);
export const D = elementId(0, 3);
/** A module that sends and receives the same events as the bench, with handlers of its own. */
export const PEER = moduleId(1);

/** What handlers expected in vain. The framework catches what they throw, so it is raised again after the test. */
const disappointments: Error[] = [];
const isExpectation = (error: unknown): error is { readonly message: string } =>
  typeof error === 'object' && error !== null && 'matcherResult' in error && 'message' in error;
afterEach(() => {
  const [first] = disappointments.splice(0);
  if (first !== undefined) throw first;
});

/** What a test wants done with an event of the bench. */
export type Handler = (event: Event, response: Event) => Status;

/** A running firmware of two modules, `bench` and `peer`. All that they handle is noted, then given to `handler`. */
export class Bench {
  readonly framework: Framework;
  readonly host: TestHost;
  /** The events handled, in order. */
  readonly seen: ReturnType<typeof facts>[] = [];
  /** Their cookies. */
  readonly cookies: number[] = [];
  /** What is done with an event that is no response; responses only get noted. */
  handler: Handler = () => Status.SUCCESS;

  constructor(options: FrameworkOptions = {}, rest: Partial<ModuleDefinition> = {}) {
    const handle: Handler = (event, response) => {
      this.seen.push(facts(event));
      this.cookies.push(event.cookie);
      if (event.isResponse) return Status.SUCCESS;
      try {
        return this.handler(event, response);
      } catch (error) {
        if (isExpectation(error)) disappointments.push(new Error(error.message, { cause: error }));
        throw error;
      }
    };
    const bench = define(
      'bench',
      framework => ({
        elementInit: (id: ElementId) => {
          if (id === A || id === B) framework.createContext(id);
        },
        processEvent: handle,
        processNotification: handle,
      }),
      { events: [PING, BARE], ...rest },
    );
    const peer = define('peer', () => ({ processEvent: handle, processNotification: handle }), { events: [PING] });
    const names = [...elements('a', 'b', 'c'), { name: 'd', config: 'd', subElements: 2 }];
    const { framework, host } = build([configure(bench, undefined, names), peer], options);
    this.framework = framework;
    this.host = host;
    framework.start();
    host.lines.length = 0;
  }

  /** The first parameters of the events handled, in order. */
  get values(): (number | undefined)[] {
    return this.seen.map(({ params }) => params[0]);
  }

  /** Puts PINGs with these values from `source` to `target`. */
  ping(target: EntityId, ...values: number[]): void {
    for (const value of values) {
      expect(this.framework.put(PING, BENCH, target, { value, extra: 0 })).toBe(Status.SUCCESS);
    }
  }

  /** How many events the pool of `target`'s context still has; takes and discards them. The queue must be empty. */
  room(target: EntityId): number {
    let count = 0;
    while (this.framework.put(BARE, BENCH, target) === Status.SUCCESS) count++;
    const { handler } = this;
    const handled = this.seen.length;
    this.handler = () => Status.SUCCESS;
    this.framework.run();
    this.handler = handler;
    this.seen.length = handled;
    this.cookies.length = handled;
    return count;
  }
}
