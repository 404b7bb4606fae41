// SPDX-License-Identifier: BSD-3-Clause
/** For tests: clocks and supplies on one board, which does what a test tells it to and notes in which order it was asked. */
import { CLOCK_DRIVER, CLOCK_DRIVER_RESPONSE, type ClockDriver, type ClockDriverResponse } from '@scp/clock/api';
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
import { PSU_DRIVER, PSU_DRIVER_RESPONSE, type PsuDriver, type PsuDriverResponse } from '@scp/psu/api';

/** What is asked of the board. */
type Operation = 'rate' | 'voltage';

/** One domain's hardware: a clock of any whole rate and a supply of any whole voltage. */
class Rail {
  readonly name: string;
  rate = 1000;
  voltage = 0;
  clock: ElementId | undefined = undefined;
  supply: ElementId | undefined = undefined;
  clockResponse: ClockDriverResponse | undefined = undefined;
  psuResponse: PsuDriverResponse | undefined = undefined;
  readonly pending = new Map<Operation, () => void>();

  constructor(name: string) {
    this.name = name;
  }
}

/** A driver of clocks and supplies, whose elements are both. */
export class FakeBoard {
  readonly module: ProductModule;
  /** What an operation answers, SUCCESS unless set: by `name rate` or `name voltage`. */
  readonly answers = new Map<string, Status>();
  /** What the next operations of a kind answer, before `answers`. */
  readonly once = new Map<string, Status[]>();
  /** Names of rails whose clock says that it may need time. */
  readonly slowClocks = new Set<string>();
  /** Told of voltage and rate after each change. */
  watch: ((name: string, rate: number, voltage: number) => void) | undefined = undefined;
  private readonly rails: readonly Rail[];
  private readonly calls: string[] = [];

  constructor(names: readonly string[]) {
    this.rails = names.map(name => new Rail(name));
    this.module = configure(
      this.definition(),
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Takes what was asked: `big rate 1000000`, `big voltage 900000`. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  /** Where a rail is: rate in Hz and voltage in µV. */
  at(name: string): readonly [rate: number, voltage: number] {
    const { rate, voltage } = this.rail(name);
    return [rate, voltage];
  }

  /** Puts a rail somewhere, before the firmware starts. */
  put(name: string, rate: number, voltage: number): void {
    Object.assign(this.rail(name), { rate, voltage });
  }

  /** Ends what is pending on a rail's clock or supply. */
  finish(name: string, operation: Operation, status: Status = Status.SUCCESS): void {
    const rail = this.rail(name);
    const { pending, clock, supply } = rail;
    if (status === Status.SUCCESS) pending.get(operation)?.();
    pending.delete(operation);
    if (operation === 'rate' && clock !== undefined) rail.clockResponse?.complete(clock, status, rail.rate);
    if (operation === 'voltage' && supply !== undefined) rail.psuResponse?.complete(supply, status);
  }

  private rail(name: string): Rail {
    const rail = this.rails.find(one => one.name === name);
    if (rail === undefined) throw new Error(`no rail ${name}`);
    return rail;
  }

  private perform(rail: Rail | undefined, operation: Operation, value: number): Status {
    if (rail === undefined) return Status.E_PARAM;
    const key = `${rail.name} ${operation}`;
    this.calls.push(`${key} ${value}`);
    const status = this.once.get(key)?.shift() ?? this.answers.get(key) ?? Status.SUCCESS;
    const apply = () => {
      rail[operation] = value;
      this.watch?.(rail.name, rail.rate, rail.voltage);
    };
    if (status === Status.SUCCESS) apply();
    else if (status === Status.PENDING) rail.pending.set(operation, apply);
    return status;
  }

  private definition(): ModuleDefinition {
    const find = (id: ElementId): Rail | undefined => this.rails[elementIndex(id)];
    const read = (out: { value: number }, value: number | undefined): Status => {
      out.value = value ?? 0;
      return value === undefined ? Status.E_PARAM : Status.SUCCESS;
    };
    const clocks: ClockDriver = {
      rates: () => ({ kind: 'range', min: 0, max: 4_000_000_000, step: 1 }),
      isSlow: id => this.slowClocks.has(find(id)?.name ?? ''),
      getRate: (id, out) => read(out, find(id)?.rate),
      setRate: (id, rate, _round, out) => {
        out.value = rate;
        return this.perform(find(id), 'rate', rate);
      },
      getState: (_id, out) => read(out, 1),
      setState: () => Status.SUCCESS,
    };
    const supplies: PsuDriver = {
      voltages: () => ({ min: 0, max: 5_000_000, step: 1 }),
      getVoltage: (id, out) => read(out, find(id)?.voltage),
      setVoltage: (id, voltage) => this.perform(find(id), 'voltage', voltage),
      getEnabled: (_id, out) => read(out, 1),
      setEnabled: () => Status.SUCCESS,
    };
    return {
      name: 'fake-board',
      type: 'DRIVER',
      apis: [CLOCK_DRIVER, PSU_DRIVER],
      create: framework => ({
        apis: [
          provide(CLOCK_DRIVER, (source, target) => {
            const rail = isElementId(target) ? find(target) : undefined;
            if (rail !== undefined && isElementId(source)) rail.clock = source;
            return clocks;
          }),
          provide(PSU_DRIVER, (source, target) => {
            const rail = isElementId(target) ? find(target) : undefined;
            if (rail !== undefined && isElementId(source)) rail.supply = source;
            return supplies;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const rail = isModuleId(id) || round === 0 ? undefined : find(id);
          if (rail?.clock !== undefined) rail.clockResponse = framework.bind(rail.clock, CLOCK_DRIVER_RESPONSE);
          if (rail?.supply !== undefined) rail.psuResponse = framework.bind(rail.supply, PSU_DRIVER_RESPONSE);
        },
      }),
    };
  }
}
