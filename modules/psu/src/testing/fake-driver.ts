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
  type Out,
  PSU_DRIVER,
  PSU_DRIVER_RESPONSE,
  type PsuDriver,
  type PsuDriverResponse,
  type Voltages,
} from '../api.ts';

/** One supply's hardware in a test's hands. */
export class FakePsu {
  readonly voltages: Voltages;
  voltage: number;
  enabled = 1;
  /** What setting answers. */
  status: Status = Status.SUCCESS;
  /** What reading answers. */
  readStatus: Status = Status.SUCCESS;
  /** What was asked of it: `voltage 900000`, `enable 1`. */
  private readonly calls: string[] = [];
  private pending: (() => void) | undefined = undefined;
  private supply: ElementId | undefined = undefined;
  private response: PsuDriverResponse | undefined = undefined;

  constructor(voltages: Voltages) {
    this.voltages = voltages;
    this.voltage = voltages.min;
  }

  /** Takes the calls so far. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  /** Ends what is being set. */
  finish(status: Status = Status.SUCCESS): void {
    if (status === Status.SUCCESS) this.pending?.();
    this.pending = undefined;
    if (this.supply !== undefined) this.response?.complete(this.supply, status);
  }

  /** Takes what it is driven by. */
  attach(supply: ElementId, response: PsuDriverResponse): void {
    this.supply = supply;
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
export function fakePsuDriver(supplies: Readonly<Record<string, FakePsu>>): ProductModule {
  const list = Object.values(supplies);
  const find = (id: ElementId): FakePsu | undefined => list[elementIndex(id)];
  const read = (id: ElementId, out: Out, value: number | undefined): Status => {
    out.value = value ?? 0;
    return find(id)?.readStatus ?? Status.E_PARAM;
  };
  const driver: PsuDriver = {
    voltages: id => find(id)?.voltages ?? { min: 0, max: 0, step: 1 },
    getVoltage: (id, out) => read(id, out, find(id)?.voltage),
    getEnabled: (id, out) => read(id, out, find(id)?.enabled),
    setVoltage: (id, voltage) => {
      const supply = find(id);
      return supply?.perform(`voltage ${voltage}`, () => (supply.voltage = voltage)) ?? Status.E_PARAM;
    },
    setEnabled: (id, enabled) => {
      const supply = find(id);
      const value = enabled ? 1 : 0;
      return supply?.perform(`enable ${value}`, () => (supply.enabled = value)) ?? Status.E_PARAM;
    },
  };
  const definition: ModuleDefinition = {
    name: 'fake-psu',
    type: 'DRIVER',
    apis: [PSU_DRIVER],
    create: framework => {
      const sources = new Map<ElementId, ElementId>();
      return {
        apis: [
          provide(PSU_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) sources.set(target, source);
            return driver;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : sources.get(id);
          if (isModuleId(id) || round === 0 || source === undefined) return;
          find(id)?.attach(source, framework.bind(source, PSU_DRIVER_RESPONSE));
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
