// SPDX-License-Identifier: BSD-3-Clause
/** For tests: pins without SCMI, and the cases that every driver of pin controllers must pass. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  type Module,
  type ModuleDefinition,
  type ProductElement,
  type ProductModule,
  provide,
  Status,
  statusName,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  isBias,
  isDrive,
  isReadable,
  isValueless,
  isWritable,
  type Out,
  PINCTRL,
  PINCTRL_CLIENT,
  type PinChange,
  type Pinctrl,
  PinSetting,
} from './api.ts';
import pinctrl from './module.ts';
import type { PinctrlElementConfig } from './schema.ts';

export { FakePinctrlDriver } from './testing/fake-driver.ts';

/** Settings to be written, in order: code and value. */
export type Settings = readonly (readonly [type: number, value: number])[];

/** Elements of the HAL by name; `controller` is the position of the driver’s element, names are those of elements. */
export interface Plan {
  readonly pins: Readonly<Record<string, readonly [controller: number, number: number]>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Selector, and names of groups. */
  readonly functions?: Readonly<Record<string, readonly [mux: number, ...groups: string[]]>>;
  /** Selector, and names of pins. */
  readonly pinFunctions?: Readonly<Record<string, readonly [mux: number, ...pins: string[]]>>;
}

/** The elements of a plan, for a HAL that is module `module` and a driver that is module `driver`. */
export function elementsOf(plan: Plan, module: number, driver: number): ProductElement<PinctrlElementConfig>[] {
  const { pins, groups = {}, functions = {}, pinFunctions = {} } = plan;
  const names = [pins, groups, functions, pinFunctions].flatMap(part => Object.keys(part));
  const idOf = (name: string): ElementId => elementId(module, names.indexOf(name));
  return [
    ...Object.entries(pins).map(([name, [controller, number]]) => ({
      name,
      config: { pin: { driver: elementId(driver, controller), number } },
    })),
    ...Object.entries(groups).map(([name, members]) => ({ name, config: { group: { pins: members.map(idOf) } } })),
    ...Object.entries(functions).map(([name, [mux, ...members]]) => ({
      name,
      config: { function: { mux, gpio: false, groups: members.map(idOf) } },
    })),
    ...Object.entries(pinFunctions).map(([name, [mux, ...members]]) => ({
      name,
      config: { function: { mux, gpio: true, pins: members.map(idOf) } },
    })),
  ];
}

/** A framework with a driver (module 0), the HAL (module 1) and a user of it. */
export class PinctrlBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  /** Outcomes of pending changes that came: target and status. */
  readonly outcomes: (readonly [target: string, status: string])[] = [];
  private readonly out: Out = { value: 0 };
  private api: Pinctrl | undefined = undefined;

  /** Starts the firmware. */
  constructor(driver: ProductModule, elements: readonly ProductElement<PinctrlElementConfig>[]) {
    const modules = [driver, configure(pinctrl, {}, elements), configure(this.user(), undefined)];
    this.framework = new Framework({ name: 'bench', version: '0', modules }, this.host);
    this.framework.start();
  }

  private user(): ModuleDefinition {
    const create = (framework: Framework): Module => ({
      apis: [
        provide(PINCTRL_CLIENT, () => ({
          ended: (target, status) => {
            this.outcomes.push([framework.nameOf(target), nameOf(status)]);
          },
        })),
      ],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.api = framework.bind(framework.moduleId('pinctrl'), PINCTRL);
      },
    });
    return { name: 'user', type: 'SERVICE', apis: [PINCTRL_CLIENT], create };
  }

  /** The HAL. */
  get pinctrl(): Pinctrl {
    if (this.api === undefined) throw new Error('the user has not bound the pins');
    return this.api;
  }

  /** The element called `name`. */
  id(name: string): ElementId {
    const found = this.framework.findElement(this.framework.moduleId('pinctrl'), name);
    if (found === undefined) throw new Error(`no pin, group or function ${name}`);
    return found;
  }

  /** A change, by names. */
  change(settings: Settings, pinFunction?: string): PinChange {
    return {
      function: pinFunction === undefined ? undefined : this.id(pinFunction),
      count: settings.length,
      types: Uint8Array.from(settings, ([type]) => type),
      values: Uint32Array.from(settings, ([, value]) => value),
    };
  }

  /** Begins a change; the status by name. */
  begin(target: string, settings: Settings, pinFunction?: string, owner = 1): string {
    return nameOf(this.pinctrl.configure(this.id(target), this.change(settings, pinFunction), owner));
  }

  /** Makes a change and waits for the outcome if it is PENDING. */
  configure(target: string, settings: Settings, pinFunction?: string, owner = 1): string {
    return this.settle(this.begin(target, settings, pinFunction, owner));
  }

  /** Waits for the outcome of what answered `status`. */
  settle(status: string): string {
    if (status !== 'PENDING') return status;
    while (this.outcomes.length === 0 && this.host.deadline !== Infinity) {
      this.host.advance(this.framework, this.host.deadline - this.host.now());
    }
    const outcome = this.outcomes.shift();
    if (outcome === undefined) throw new Error('a pending change never ends');
    return outcome[1];
  }

  /** Whether a change can be made; the status by name. */
  check(target: string, settings: Settings, pinFunction?: string): string {
    return nameOf(this.pinctrl.check(this.id(target), this.change(settings, pinFunction)));
  }

  /** The value of a setting, or the status of the failure by name. */
  get(target: string, type: number): number | string {
    const status = this.pinctrl.get(this.id(target), type, this.out);
    return status === Status.SUCCESS ? this.out.value : nameOf(status);
  }

  /** The name of the function selected, undefined for none. */
  selected(target: string): string | undefined {
    const id = this.pinctrl.selected(this.id(target));
    return id === undefined ? undefined : this.framework.nameOf(id);
  }

  /** The status of a request, by name. */
  request(target: string, owner: number): string {
    return nameOf(this.pinctrl.request(this.id(target), owner));
  }

  /** The status of a release, by name. */
  release(target: string, owner: number): string {
    return nameOf(this.pinctrl.release(this.id(target), owner));
  }

  /** All that can be read of a target. */
  state(target: string): readonly (readonly [type: number, value: number | string])[] {
    return this.pinctrl.settings(this.id(target)).map(type => [type, this.get(target, type)] as const);
  }
}

const nameOf = (status: number): string => (status === 0 ? 'SUCCESS' : statusName(status));

/** One case of a contract: throws when it is broken. */
export interface ContractCase {
  readonly name: string;
  run(): void;
}

/** A contract case’s controller: pins p0, p1 and p2, of which p0 and p1 are group g; functions f0 and f1 of g. */
const PLAN = (controller: number): Plan => ({
  pins: { p0: [controller, 0], p1: [controller, 1], p2: [controller, 2] },
  groups: { g: ['p0', 'p1'] },
  functions: { f0: [0, 'g'], f1: [1, 'g'] },
});

/**
 * What every driver must do, as cases for each of its controllers, which have three pins or more with functions 0 and 1.
 * `make` makes its module, configured anew for each case, with a table of elements.
 */
export function pinctrlDriverContract(make: () => ProductModule): ContractCase[] {
  const { elements } = make();
  const names = Array.isArray(elements) ? elements.map((element: ProductElement) => element.name) : [];
  return names.flatMap((name, index) =>
    CASES.map(([what, check]) => ({
      name: `${name} ${what}`,
      run: () => {
        const bench = new PinctrlBench(make(), elementsOf(PLAN(index), 1, 0));
        check(bench);
        if (bench.framework.stop().length > 0) throw new Error('it does not stop cleanly');
        if (bench.host.deadline !== Infinity) throw new Error('an alarm runs after the stop');
      },
    })),
  );
}

/** The settings of pin p0 that can be written and read, and a value that each takes. */
function writable(bench: PinctrlBench): Settings {
  return bench.pinctrl
    .settings(bench.id('p0'))
    .filter(type => isWritable(type) && isReadable(type))
    .flatMap(type => {
      const value = [1, 2, 8, 0].find(one => bench.check('p0', [[type, one]]) === 'SUCCESS');
      return value === undefined ? [] : [[type, value] as const];
    });
}

const CASES: readonly (readonly [string, (bench: PinctrlBench) => void])[] = [
  [
    'has settings that ascend',
    bench => {
      const settings = bench.pinctrl.settings(bench.id('p0'));
      same(
        'settings',
        settings,
        [...new Set(settings)].sort((a, b) => a - b),
      );
    },
  ],
  [
    'reads each setting as it was written, and value-less ones as 1',
    bench => {
      for (const [type, value] of writable(bench)) {
        same(`write ${type}`, bench.configure('p0', [[type, value]]), 'SUCCESS');
        same(`read ${type}`, bench.get('p0', type), isValueless(type) ? 1 : value);
      }
    },
  ],
  [
    'has one bias and one way to drive at a time',
    bench => {
      for (const kind of [isBias, isDrive]) {
        const types = writable(bench).filter(([type]) => kind(type));
        for (const [type, value] of types) {
          bench.configure('p0', [[type, value]]);
          for (const [other] of types) if (other !== type) same(`${other} after ${type}`, bench.get('p0', other), 0);
        }
      }
    },
  ],
  [
    'applies settings in their order',
    bench => {
      const biases = writable(bench).filter(([type]) => isBias(type));
      const [first, last] = [biases[0], biases[biases.length - 1]];
      if (first === undefined || last === undefined || first === last) return;
      bench.configure('p0', [last, first]);
      same('first', [bench.get('p0', first[0]), bench.get('p0', last[0])].map(Boolean), [true, false]);
      bench.configure('p0', [first, last]);
      same('last', [bench.get('p0', first[0]), bench.get('p0', last[0])].map(Boolean), [false, true]);
    },
  ],
  [
    'goes back to its start when it is told to',
    bench => {
      if (bench.check('p0', [[PinSetting.DEFAULT, 0]]) !== 'SUCCESS') return;
      const before = bench.state('p0');
      for (const setting of writable(bench)) bench.configure('p0', [setting]);
      same('default', bench.configure('p0', [[PinSetting.DEFAULT, 0]]), 'SUCCESS');
      same('state', bench.state('p0'), before);
    },
  ],
  [
    'changes all pins of a group, and no others',
    bench => {
      const before = bench.state('p2');
      same('function', bench.configure('g', [], 'f1'), 'SUCCESS');
      for (const setting of writable(bench)) same('write', bench.configure('g', [setting]), 'SUCCESS');
      same('other', bench.state('p2'), before);
      same('second', bench.state('p1'), bench.state('p0'));
      same('functions', [bench.selected('p0'), bench.selected('p1'), bench.selected('g')], ['f1', 'f1', 'f1']);
      same('back', bench.configure('g', [], 'f0'), 'SUCCESS');
      same('functions', [bench.selected('p0'), bench.selected('p1'), bench.selected('g')], ['f0', 'f0', 'f0']);
    },
  ],
  [
    'is done at once, or makes one change at a time, and reads as before meanwhile',
    bench => {
      bench.configure('g', [], 'f0');
      const before = bench.state('p0');
      const settings = writable(bench);
      const status = bench.begin('g', settings, 'f1');
      if (status === 'SUCCESS') return;
      same('first', status, 'PENDING');
      for (const target of ['p0', 'p2', 'g']) same('second', bench.begin(target, settings), 'E_BUSY');
      same('state', [bench.state('p0'), bench.selected('g')], [before, 'f0']);
      same('outcome', bench.settle(status), 'SUCCESS');
      same('function', bench.selected('g'), 'f1');
      same('next', bench.configure('p2', settings), 'SUCCESS');
      same('outcomes', bench.outcomes, []);
    },
  ],
  [
    'stops while a change is under way, and nothing comes after',
    bench => {
      bench.begin('g', [], 'f1');
      bench.framework.stop();
      const { length } = bench.outcomes;
      bench.host.advance(bench.framework, 60_000_000);
      same('outcomes', bench.outcomes.length, length);
    },
  ],
];

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is}, expected ${should}`);
}
