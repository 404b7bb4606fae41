// SPDX-License-Identifier: BSD-3-Clause
/** For tests: a driver that answers what a test tells it to, and notes what it was asked. */
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
  POWER_CAPPING_DRIVER,
  POWER_CAPPING_DRIVER_RESPONSE,
  type PowerCappingDriver,
  type PowerCappingDriverResponse,
} from '../api.ts';

/** One driver for several domains. */
export class FakePowerDriver implements PowerCappingDriver {
  readonly module: ProductModule;
  /** What setting answers, SUCCESS unless set: by `name cap` and `name interval`. */
  readonly answers = new Map<string, Status>();
  /** What is measured, 0 unless set: by name; a negative number fails. */
  readonly power = new Map<string, number>();
  private readonly calls: string[] = [];
  private readonly names: readonly string[];
  private readonly sources = new Map<ElementId, ElementId>();
  private response: PowerCappingDriverResponse | undefined = undefined;

  constructor(names: readonly string[]) {
    this.names = names;
    const definition: ModuleDefinition = {
      name: 'fake-power',
      type: 'DRIVER',
      apis: [POWER_CAPPING_DRIVER],
      create: framework => ({
        apis: [
          provide(POWER_CAPPING_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) this.sources.set(target, source);
            return this;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : this.sources.get(id);
          if (round === 1 && source !== undefined) {
            this.response = framework.bind(source, POWER_CAPPING_DRIVER_RESPONSE);
          }
        },
      }),
    };
    this.module = configure(
      definition,
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Ends what is pending on a domain. */
  complete(domain: ElementId, status: Status): void {
    this.response?.complete(domain, status);
  }

  /** Takes the notes: `name cap value` and `name interval value`, in order. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  setCap(id: ElementId, cap: number): Status {
    return this.note(id, 'cap', cap);
  }

  setInterval(id: ElementId, interval: number): Status {
    return this.note(id, 'interval', interval);
  }

  measure(id: ElementId, out: Out): Status {
    const power = this.power.get(this.nameOf(id)) ?? 0;
    if (power < 0) return Status.E_DEVICE;
    out.value = power;
    return Status.SUCCESS;
  }

  private note(id: ElementId, setting: string, value: number): Status {
    this.calls.push(`${this.nameOf(id)} ${setting} ${value}`);
    return this.answers.get(`${this.nameOf(id)} ${setting}`) ?? Status.SUCCESS;
  }

  private nameOf(id: ElementId): string {
    return this.names[elementIndex(id)] ?? '?';
  }
}
