// SPDX-License-Identifier: BSD-3-Clause
/** For tests: a reset driver that answers what a test tells it to, and notes what it was asked. */
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
import { RESET_DRIVER, RESET_DRIVER_RESPONSE, type ResetDriver, type ResetDriverResponse } from '../api.ts';

/** One driver for several domains. */
export class FakeResetDriver implements ResetDriver {
  readonly module: ProductModule;
  /** What operations answer, SUCCESS unless set: by `name operation`. */
  readonly answers = new Map<string, Status>();
  /** Lines that are asserted, by name. */
  readonly asserted = new Set<string>();
  private readonly calls: string[] = [];
  private readonly names: readonly string[];
  private readonly sources = new Map<ElementId, ElementId>();
  /** Where the line goes when a pending operation succeeds, by name. */
  private readonly pending = new Map<string, boolean>();
  private response: ResetDriverResponse | undefined = undefined;

  constructor(names: readonly string[]) {
    this.names = names;
    const definition: ModuleDefinition = {
      name: 'fake-reset',
      type: 'DRIVER',
      apis: [RESET_DRIVER],
      create: framework => ({
        apis: [
          provide(RESET_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) this.sources.set(target, source);
            return this;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : this.sources.get(id);
          if (round === 1 && source !== undefined) this.response = framework.bind(source, RESET_DRIVER_RESPONSE);
        },
      }),
    };
    this.module = configure(
      definition,
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Ends the operation under way on a domain. */
  complete(domain: ElementId, status: Status): void {
    for (const [driver, source] of this.sources) {
      const name = this.nameOf(driver);
      const asserted = this.pending.get(name);
      if (source !== domain || asserted === undefined) continue;
      if (status === Status.SUCCESS) this.setLine(name, asserted);
      this.pending.delete(name);
    }
    this.response?.complete(domain, status);
  }

  /** The hardware resets a domain by itself. */
  happen(domain: ElementId, state: number): void {
    this.response?.happened(domain, state);
  }

  /** Takes the notes: `name operation state`, in order. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  isAsserted(id: ElementId): boolean {
    return this.asserted.has(this.nameOf(id));
  }

  assert(id: ElementId, state: number): Status {
    return this.perform(id, 'assert', state, true);
  }

  release(id: ElementId, state: number): Status {
    return this.perform(id, 'release', state, false);
  }

  pulse(id: ElementId, state: number): Status {
    return this.perform(id, 'pulse', state, false);
  }

  private perform(id: ElementId, operation: string, state: number, asserted: boolean): Status {
    const name = this.nameOf(id);
    this.calls.push(`${name} ${operation} ${state}`);
    const status = this.answers.get(`${name} ${operation}`) ?? Status.SUCCESS;
    if (status === Status.PENDING) this.pending.set(name, asserted);
    else if (status === Status.SUCCESS) this.setLine(name, asserted);
    return status;
  }

  private setLine(name: string, asserted: boolean): void {
    if (asserted) this.asserted.add(name);
    else this.asserted.delete(name);
  }

  private nameOf(id: ElementId): string {
    return this.names[elementIndex(id)] ?? '?';
  }
}
