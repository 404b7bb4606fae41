// SPDX-License-Identifier: BSD-3-Clause
/** For tests: a driver of supplies that answers what a test tells it to, and notes what it was asked. */
import {
  configure,
  type ElementId,
  elementIndex,
  isElementId,
  isModuleId,
  type ModuleDefinition,
  type ProductModule,
  provide,
  Status,
} from '@scp/framework';
import {
  lowestLevel,
  type Out,
  VOLTAGE_DRIVER,
  VOLTAGE_DRIVER_RESPONSE,
  type VoltageDriver,
  type VoltageDriverFacts,
  type VoltageDriverResponse,
} from '../api.ts';

/** One supply's hardware in a test's hands. */
export class FakeSupply {
  readonly facts: VoltageDriverFacts;
  level: number;
  mode = 0;
  /** What setting answers. */
  status: Status = Status.SUCCESS;
  /** What reading answers. */
  readStatus: Status = Status.SUCCESS;
  /** What was asked of it: `level 900000`, `mode 7`. */
  private readonly calls: string[] = [];
  private pending: (() => void) | undefined = undefined;
  private domain: ElementId | undefined = undefined;
  private response: VoltageDriverResponse | undefined = undefined;

  constructor(facts: VoltageDriverFacts) {
    this.facts = facts;
    this.level = lowestLevel(facts.levels);
  }

  /** Takes the calls so far. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  /** Ends what is being set. */
  finish(status: Status = Status.SUCCESS): void {
    if (status === Status.SUCCESS) this.pending?.();
    this.pending = undefined;
    if (this.domain !== undefined) this.response?.complete(this.domain, status);
  }

  /** Takes what it is driven by. */
  attach(domain: ElementId, response: VoltageDriverResponse): void {
    this.domain = domain;
    this.response = response;
  }

  /** Sets something, or waits with it for `finish`. */
  perform(call: string, apply: () => void): Status {
    this.calls.push(call);
    if (this.status === Status.SUCCESS) apply();
    else if (this.status === Status.PENDING) this.pending = apply;
    return this.status;
  }
}

/** The module that drives `supplies`, one for each element. */
export function fakeVoltageDriver(supplies: Readonly<Record<string, FakeSupply>>): ProductModule {
  const list = Object.values(supplies);
  const none: VoltageDriverFacts = { levels: { kind: 'list', list: [] } };
  const find = (id: ElementId): FakeSupply | undefined => list[elementIndex(id)];
  const read = (id: ElementId, out: Out, value: number | undefined): Status => {
    out.value = value ?? 0;
    return find(id)?.readStatus ?? Status.E_PARAM;
  };
  const driver: VoltageDriver = {
    facts: id => find(id)?.facts ?? none,
    getLevel: (id, out) => read(id, out, find(id)?.level),
    getMode: (id, out) => read(id, out, find(id)?.mode),
    setLevel: (id, level) => {
      const supply = find(id);
      return supply?.perform(`level ${level}`, () => (supply.level = level)) ?? Status.E_PARAM;
    },
    setMode: (id, mode) => {
      const supply = find(id);
      return supply?.perform(`mode ${mode}`, () => (supply.mode = mode)) ?? Status.E_PARAM;
    },
  };
  const definition: ModuleDefinition = {
    name: 'fake-voltage',
    type: 'DRIVER',
    apis: [VOLTAGE_DRIVER],
    create: framework => {
      const sources = new Map<ElementId, ElementId>();
      return {
        apis: [
          provide(VOLTAGE_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) sources.set(target, source);
            return driver;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : sources.get(id);
          if (isModuleId(id) || round === 0 || source === undefined) return;
          find(id)?.attach(source, framework.bind(source, VOLTAGE_DRIVER_RESPONSE));
        },
      };
    },
  };
  return configure(
    definition,
    undefined,
    Object.keys(supplies).map(name => ({ name, config: undefined })),
  );
}
