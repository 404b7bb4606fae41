// SPDX-License-Identifier: BSD-3-Clause
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
import { CLOCK_DRIVER, CLOCK_DRIVER_RESPONSE, type ClockDriver, type ClockDriverResponse, ClockState } from './api.ts';

/** A driver that answers what a test tells it to, and notes what it was asked. */
export class FakeDriver implements ClockDriver {
  /** `name operation argument`, in order. */
  readonly calls: string[] = [];
  /** What operations on a clock answer, SUCCESS unless set: by `name operation`. */
  readonly answers = new Map<string, Status>();
  readonly slow = new Set<string>();
  readonly module: ProductModule;
  private readonly names: readonly string[];
  private readonly states = new Map<ElementId, ClockState>();
  private readonly sources = new Map<ElementId, ElementId>();
  private readonly extended = new Map<number, number>();
  /** What becomes so when a pending operation succeeds. */
  private readonly pending = new Map<ElementId, () => void>();
  private response: ClockDriverResponse | undefined = undefined;
  /** Kinds of extended configuration of every clock, 0 at first. */
  types: readonly number[] = [];

  constructor(names: readonly string[]) {
    this.names = names;
    const definition: ModuleDefinition = {
      name: 'fake',
      type: 'DRIVER',
      apis: [CLOCK_DRIVER],
      create: framework => ({
        apis: [
          provide(CLOCK_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) this.sources.set(target, source);
            return this;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : this.sources.get(id);
          if (round === 1 && source !== undefined) this.response = framework.bind(source, CLOCK_DRIVER_RESPONSE);
        },
      }),
    };
    this.module = configure(
      definition,
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Ends the operation under way on a clock. */
  complete(clock: ElementId, status: Status, value = 0): void {
    if (status === Status.SUCCESS) this.pending.get(clock)?.();
    this.pending.delete(clock);
    this.response?.complete(clock, status, value);
  }

  /** Takes the notes. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  rates = () => ({ kind: 'list', list: [100, 200] }) as const;

  isSlow(id: ElementId): boolean {
    return this.slow.has(this.nameOf(id));
  }

  getRate(id: ElementId, out: { value: number }): Status {
    out.value = 100;
    return this.answers.get(`${this.nameOf(id)} getRate`) ?? Status.SUCCESS;
  }

  setRate(id: ElementId, rate: number, _round: number, out: { value: number }): Status {
    out.value = rate;
    return this.note(id, 'setRate', rate);
  }

  getState(id: ElementId, out: { value: number }): Status {
    out.value = this.states.get(id) ?? ClockState.STOPPED;
    return Status.SUCCESS;
  }

  setState(id: ElementId, state: ClockState): Status {
    const status = this.note(id, state === ClockState.RUNNING ? 'start' : 'stop');
    return this.apply(id, status, () => this.states.set(id, state));
  }

  setParent(id: ElementId, index: number): Status {
    return this.note(id, 'setParent', index);
  }

  extendedTypes(): readonly number[] {
    return this.types;
  }

  getExtended(_id: ElementId, type: number, out: { value: number }): Status {
    out.value = this.extended.get(type) ?? 0;
    return Status.SUCCESS;
  }

  setExtended(id: ElementId, type: number, value: number): Status {
    return this.apply(id, this.note(id, 'setExtended', value), () => this.extended.set(type, value));
  }

  private apply(id: ElementId, status: Status, done: () => void): Status {
    const source = this.sources.get(id);
    if (status === Status.SUCCESS) done();
    else if (status === Status.PENDING && source !== undefined) this.pending.set(source, done);
    return status;
  }

  private note(id: ElementId, operation: string, argument?: number): Status {
    const key = `${this.nameOf(id)} ${operation}`;
    this.calls.push(argument === undefined ? key : `${key} ${argument}`);
    return this.answers.get(key) ?? Status.SUCCESS;
  }

  private nameOf(id: ElementId): string {
    return this.names[elementIndex(id)] ?? '?';
  }
}
