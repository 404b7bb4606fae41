// SPDX-License-Identifier: BSD-3-Clause
/** For tests: a bench with one sensor over any driver, and the contract that every driver keeps. */
import {
  configure,
  elementId,
  type ElementId,
  Framework,
  type Module,
  type ModuleDefinition,
  moduleId,
  type ProductModule,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { type Sensor, SENSOR, SENSOR_READ, SENSOR_TRIP, SENSOR_UPDATE } from './api.ts';
import sensorModule from './module.ts';
import type { SensorElementConfig } from './schema.ts';

export * from './testing/fake-driver.ts';

/** The properties of a sensor that have defaults, as the builder fills them in. */
export const SENSOR_DEFAULTS = {
  exponent: 0,
  samplingPeriod: 1_000_000,
  tripPoints: 0,
  asynchronous: false,
  continuousUpdates: false,
  configurable: true,
  enabled: true,
} as const;

const CLIENT = moduleId(2);

/** One sensor, `soc-temp`, over element 0 of a driver's module, and a user of it that keeps what comes. */
export class SensorBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  readonly id: ElementId = elementId(1, 0);
  /** SENSOR_READ responses that came. */
  readonly responses: { readonly tag: number; readonly status: number }[] = [];
  /** Trip points that fired. */
  readonly trips: { readonly index: number; readonly direction: number; readonly at: number }[] = [];
  /** When updates came, µs, and the first value. */
  readonly updates: { readonly at: number; readonly value: number }[] = [];
  private bound: Sensor | undefined = undefined;

  /** Starts it. Throws what the framework throws. */
  constructor(driver: ProductModule, config: Partial<SensorElementConfig> = {}, maxWaitingReaders = 16) {
    const type = config.axes === undefined ? ({ type: 'celsius' } as const) : {};
    const element = { ...SENSOR_DEFAULTS, ...type, driver: elementId(0, 0), ...config };
    this.framework = new Framework(
      {
        name: 'sensor-bench',
        version: '0',
        modules: [
          driver,
          configure(sensorModule, { maxWaitingReaders }, [{ name: 'soc-temp', config: element }]),
          configure(this.client(), undefined),
        ],
      },
      this.host,
    );
    this.framework.start();
  }

  /** The module's API. */
  get sensor(): Sensor {
    if (this.bound === undefined) throw new Error('the bench has not started');
    return this.bound;
  }

  /** Reads as the user. */
  read(tag = 0): Status {
    return this.sensor.read(this.id, CLIENT, tag);
  }

  /** Reads, lets time pass if it takes some, and answers the values. */
  values(): readonly number[] {
    const before = this.responses.length;
    const status = this.read();
    if (status === Status.PENDING) this.advance(LONG);
    const last = status === Status.PENDING ? this.responses[before]?.status : status;
    if (last !== Status.SUCCESS) throw new Error(`the reading ended with status ${last}`);
    const count = this.sensor.info(this.id)?.valueCount ?? 0;
    return Array.from({ length: count }, (_, axis) => this.sensor.value(this.id, axis));
  }

  /** Lets time pass, µs. */
  advance(us: number): void {
    this.host.advance(this.framework, us);
  }

  private client(): ModuleDefinition {
    return {
      name: 'client',
      type: 'SERVICE',
      events: [],
      create: (framework): Module => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) this.bound = framework.bind(framework.moduleId('sensor'), SENSOR);
        },
        start: id => {
          framework.subscribe(SENSOR_TRIP, framework.moduleId('sensor'), id);
          framework.subscribe(SENSOR_UPDATE, framework.moduleId('sensor'), id);
        },
        processEvent: event => {
          this.responses.push({ tag: event.param(SENSOR_READ.at.tag), status: event.status });
          return Status.SUCCESS;
        },
        processNotification: event => {
          const at = this.host.now();
          if (event.id === framework.notificationIdOf(framework.moduleId('sensor'), SENSOR_TRIP)) {
            this.trips.push({
              index: event.param(SENSOR_TRIP.at.index),
              direction: event.param(SENSOR_TRIP.at.direction),
              at,
            });
          } else {
            this.updates.push({ at, value: this.sensor.value(this.id, 0) });
          }
          return Status.SUCCESS;
        },
      }),
    };
  }
}

/** Longer than any reading takes, µs. */
const LONG = 60_000_000;

/** A driver to be tested: makes its module anew, with an element 0 that is ready and reads in less than a second. */
export type DriverSubject = () => ProductModule;

/** One rule of the contract; `check` throws when a driver breaks it. */
export interface DriverRule {
  readonly name: string;
  check(subject: DriverSubject, config: Partial<SensorElementConfig>): void;
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What every driver of sensors keeps. */
export const DRIVER_CONTRACT: readonly DriverRule[] = [
  {
    name: 'a reading is a whole number for each axis',
    check(subject, config) {
      for (const value of new SensorBench(subject(), config).values()) {
        expect(Number.isSafeInteger(value), `${value} is not a whole number`);
      }
    },
  },
  {
    name: 'a reading takes time only if the driver says so',
    check(subject, config) {
      const bench = new SensorBench(subject(), config);
      const status = bench.read();
      const allowed = bench.sensor.isSlow(bench.id) ? [Status.SUCCESS, Status.PENDING] : [Status.SUCCESS];
      expect(
        allowed.some(one => one === status),
        `a reading answers ${status}`,
      );
    },
  },
  {
    name: 'readers that come while a reading is under way are all answered with it',
    check(subject, config) {
      const bench = new SensorBench(subject(), config);
      const pending = [1, 2, 3].filter(tag => bench.read(tag) === Status.PENDING);
      bench.advance(LONG);
      expect(
        bench.responses.length === pending.length,
        `${pending.length} wait, ${bench.responses.length} are answered`,
      );
      for (const { status } of bench.responses) expect(status === Status.SUCCESS, `a response says ${status}`);
    },
  },
  {
    name: 'it can be read again and again',
    check(subject, config) {
      const bench = new SensorBench(subject(), config);
      for (let time = 0; time < 5; time++) bench.values();
    },
  },
  {
    name: 'it can be disabled and enabled',
    check(subject, config) {
      const bench = new SensorBench(subject(), config);
      expect(bench.sensor.disable(bench.id) === Status.SUCCESS, 'it can not be disabled');
      expect(bench.read() === Status.E_PWRSTATE, 'it is read while it is disabled');
      expect(bench.sensor.enable(bench.id) === Status.SUCCESS, 'it can not be enabled');
      bench.values();
    },
  },
  {
    name: 'it is sampled at each update interval, also at a new one',
    check(subject, config) {
      const updateIntervals = [1_000_000, 2_000_000];
      const bench = new SensorBench(subject(), { ...config, continuousUpdates: true, updateIntervals });
      bench.sensor.startUpdates(bench.id);
      expect(bench.sensor.setUpdateInterval(bench.id, 1_000_000, 0) === Status.SUCCESS, 'it takes no new interval');
      bench.advance(10_999_999);
      expect(bench.updates.length === 10, `${bench.updates.length} updates in 10 intervals`);
    },
  },
  {
    name: 'it stops while a reading is under way, and nothing comes after',
    check(subject, config) {
      const bench = new SensorBench(subject(), config);
      bench.read();
      expect(bench.framework.stop().length === 0, 'it does not stop cleanly');
      bench.advance(LONG);
      expect(bench.responses.length === 0, 'a response comes after the stop');
      expect(bench.host.deadline === Infinity, 'an alarm runs after the stop');
    },
  },
];
