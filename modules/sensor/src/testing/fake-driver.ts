// SPDX-License-Identifier: BSD-3-Clause
/** For tests: a driver of sensors that a test plays by hand. */
import {
  configure,
  type ElementId,
  elementIndex,
  isElementId,
  type ModuleDefinition,
  type ProductModule,
  provide,
  Status,
} from '@scp/framework';
import { SENSOR_DRIVER, SENSOR_DRIVER_RESPONSE, type SensorDriver, type SensorDriverResponse } from '../api.ts';

/** One sensor's hardware in a test's hands. */
export class FakeSensor {
  /** What it reads. */
  values: number[];
  /** What its operations answer. */
  status: Status = Status.SUCCESS;
  /** Whether readings wait for `finish`. */
  readonly isSlow: boolean;
  /** What was asked of it: `read`, `enable`, `disable`, `interval 1000`. */
  readonly calls: string[] = [];
  private sensor: ElementId | undefined = undefined;
  private response: SensorDriverResponse | undefined = undefined;

  constructor(values: number[] = [0], isSlow = false) {
    this.values = values;
    this.isSlow = isSlow;
  }

  /** Ends a reading under way. */
  finish(status: Status = Status.SUCCESS): void {
    if (this.sensor !== undefined) this.response?.complete(this.sensor, status, Float64Array.from(this.values));
  }

  /** Takes the calls so far. */
  take(): string[] {
    return this.calls.splice(0);
  }

  /** Is driven by a sensor. */
  attach(sensor: ElementId, response: SensorDriverResponse): void {
    this.sensor = sensor;
    this.response = response;
  }

  /** Notes a call and answers it. */
  call(what: string): Status {
    this.calls.push(what);
    return this.status;
  }
}

/** A driver module with these sensors, named like their keys. */
export function fakeDriver(fakes: Readonly<Record<string, FakeSensor>>): ProductModule {
  const list = Object.values(fakes);
  const fakeOf = (id: ElementId): FakeSensor => {
    const fake = list[elementIndex(id)];
    if (fake === undefined) throw new Error(`no fake sensor ${id}`);
    return fake;
  };
  const driver: SensorDriver = {
    valueCount: () => undefined,
    isSlow: id => fakeOf(id).isSlow,
    read(id, values) {
      const fake = fakeOf(id);
      const status = fake.call('read');
      if (status !== Status.SUCCESS) return status;
      if (fake.isSlow) return Status.PENDING;
      values.set(fake.values);
      return status;
    },
    enable: id => fakeOf(id).call('enable'),
    disable: id => fakeOf(id).call('disable'),
    setUpdateInterval: (id, interval) => fakeOf(id).call(`interval ${interval}`),
  };
  const definition: ModuleDefinition = {
    name: 'fake-sensor',
    type: 'DRIVER',
    apis: [SENSOR_DRIVER],
    create: framework => {
      const sources = new Map<ElementId, ElementId>();
      return {
        apis: [
          provide(SENSOR_DRIVER, (source, target) => {
            if (!isElementId(source) || !isElementId(target)) return Status.E_ACCESS;
            sources.set(target, source);
            return driver;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind(id, round) {
          const source = isElementId(id) ? sources.get(id) : undefined;
          if (round !== 1 || source === undefined || !isElementId(id)) return;
          fakeOf(id).attach(source, framework.bind(source, SENSOR_DRIVER_RESPONSE));
        },
      };
    },
  };
  return configure(
    definition,
    undefined,
    Object.keys(fakes).map(name => ({ name, config: undefined })),
  );
}
