// SPDX-License-Identifier: BSD-3-Clause
/** For tests: pin controllers that answer what a test tells them to, and note what they were asked. */
import {
  configure,
  type ElementId,
  elementIndex,
  type EntityId,
  isElementId,
  isModuleId,
  type ModuleDefinition,
  type ProductModule,
  provide,
  Status,
} from '@scp/framework';
import {
  type PadChange,
  PINCTRL_DRIVER,
  PINCTRL_DRIVER_RESPONSE,
  type PinctrlDriver,
  type PinctrlDriverResponse,
} from '../api.ts';

/** Pins of each controller, and selectors of each pin. */
const COUNT = 8;

/** Several pin controllers of 8 pins with 8 functions each. Settings are kept as they are written. */
export class FakePinctrlDriver implements PinctrlDriver {
  readonly module: ProductModule;
  /** What changes answer. */
  answer: Status = Status.SUCCESS;
  /** What pins have, all the same, unless it is in `own`. */
  common: readonly number[] = [0, 2, 4, 6, 9, 10, 14, 17, 18, 192];
  /** Settings of single pins, by `controller pin`. */
  readonly own = new Map<string, readonly number[]>();
  /** The highest value that settings take. */
  highest = 0xffffff;
  /** By `controller pin setting`, and by `controller pin` for the selector. */
  readonly state = new Map<string, number>();
  private readonly calls: string[] = [];
  private readonly names: readonly string[];
  private readonly sources = new Map<ElementId, EntityId>();
  private response: PinctrlDriverResponse | undefined = undefined;

  constructor(names: readonly string[] = ['soc']) {
    this.names = names;
    const definition: ModuleDefinition = {
      name: 'fake-pinctrl',
      type: 'DRIVER',
      apis: [PINCTRL_DRIVER],
      create: framework => ({
        apis: [
          provide(PINCTRL_DRIVER, (source, target) => {
            if (isElementId(target)) this.sources.set(target, source);
            return this;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind: (id, round) => {
          const source = isModuleId(id) ? undefined : this.sources.get(id);
          if (round === 1 && source !== undefined) this.response = framework.bind(source, PINCTRL_DRIVER_RESPONSE);
        },
      }),
    };
    this.module = configure(
      definition,
      undefined,
      names.map(name => ({ name, config: undefined })),
    );
  }

  /** Ends the change that is pending on a controller. */
  complete(controller: ElementId, status: Status): void {
    this.response?.complete(controller, status);
  }

  /** Takes the notes: `controller [pins] mux setting=value ...`, in order; no mux when it is left. */
  taken(): string[] {
    return this.calls.splice(0);
  }

  pinCount(): number {
    return COUNT;
  }

  settings(id: ElementId, pin: number): readonly number[] {
    return this.own.get(`${this.nameOf(id)} ${pin}`) ?? this.common;
  }

  accepts(_id: ElementId, _pin: number, _type: number, value: number): boolean {
    return value <= this.highest;
  }

  hasMux(_id: ElementId, _pin: number, mux: number): boolean {
    return mux < COUNT;
  }

  get(id: ElementId, pin: number, type: number): number {
    return this.state.get(`${this.nameOf(id)} ${pin} ${type}`) ?? 0;
  }

  mux(id: ElementId, pin: number): number {
    return this.state.get(`${this.nameOf(id)} ${pin}`) ?? 0;
  }

  apply(id: ElementId, pins: readonly number[], { mux, count, types, values }: PadChange): Status {
    const name = this.nameOf(id);
    let note = `${name} [${pins.join()}]${mux < 0 ? '' : ` mux ${mux}`}`;
    for (let at = 0; at < count; at++) note += ` ${types[at] ?? 0}=${values[at] ?? 0}`;
    this.calls.push(note);
    if (this.answer !== Status.SUCCESS) return this.answer;
    for (const pin of pins) {
      if (mux >= 0) this.state.set(`${name} ${pin}`, mux);
      for (let at = 0; at < count; at++) this.state.set(`${name} ${pin} ${types[at] ?? 0}`, values[at] ?? 0);
    }
    return Status.SUCCESS;
  }

  private nameOf(id: ElementId): string {
    return this.names[elementIndex(id)] ?? '?';
  }
}
