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
import {
  type Out,
  POWER_DOMAIN_DRIVER,
  POWER_DOMAIN_DRIVER_RESPONSE,
  type PowerDomainDriver,
  type PowerDomainDriverResponse,
  PowerState,
} from './api.ts';

const WORDS: { readonly [state: number]: string } = {
  [PowerState.OFF]: 'off',
  [PowerState.ON]: 'on',
  [PowerState.SLEEP]: 'sleep',
};

/** A driver that answers what a test tells it to, and notes what it was asked. */
export class FakeDriver implements PowerDomainDriver {
  /** `name state`, in order. */
  readonly calls: string[] = [];
  /** What transitions answer, SUCCESS unless set: by `name state`, or by `name` for all of a domain. */
  readonly answers = new Map<string, Status>();
  /** By name; OFF unless set. */
  readonly states = new Map<string, number>();
  readonly module: ProductModule;
  private readonly names: readonly string[];
  private readonly domains = new Map<string, ElementId>();
  private readonly pending = new Map<string, PowerState>();
  private response: PowerDomainDriverResponse | undefined = undefined;

  constructor(names: readonly string[]) {
    this.names = names;
    const definition: ModuleDefinition = {
      name: 'fake',
      type: 'DRIVER',
      apis: [POWER_DOMAIN_DRIVER],
      create: framework => ({
        apis: [
          provide(POWER_DOMAIN_DRIVER, (source, target) => {
            if (isElementId(source) && isElementId(target)) this.domains.set(this.nameOf(target), source);
            return this;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) || !isElementId(id) ? undefined : this.domains.get(this.nameOf(id));
          if (round === 1 && source !== undefined) this.response = framework.bind(source, POWER_DOMAIN_DRIVER_RESPONSE);
        },
      }),
    };
    this.module = configure(
      definition,
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Ends the transition under way on a domain. */
  complete(name: string, status: Status = Status.SUCCESS): void {
    const state = this.pending.get(name);
    this.pending.delete(name);
    if (status === Status.SUCCESS && state !== undefined) this.states.set(name, state);
    const domain = this.domains.get(name);
    if (domain !== undefined) this.response?.complete(domain, status);
  }

  /** Whether a transition of a domain is under way. */
  isPending(name: string): boolean {
    return this.pending.has(name);
  }

  /** Takes the notes. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  hasState(): boolean {
    return true;
  }

  getState(id: ElementId, out: Out): Status {
    out.value = this.states.get(this.nameOf(id)) ?? PowerState.OFF;
    return Status.SUCCESS;
  }

  setState(id: ElementId, state: PowerState): Status {
    const name = this.nameOf(id);
    const call = `${name} ${WORDS[state] ?? '?'}`;
    this.calls.push(call);
    const status = this.answers.get(call) ?? this.answers.get(name) ?? Status.SUCCESS;
    if (status === Status.SUCCESS) this.states.set(name, state);
    else if (status === Status.PENDING) this.pending.set(name, state);
    return status;
  }

  private nameOf(id: ElementId): string {
    return this.names[elementIndex(id)] ?? '?';
  }
}
