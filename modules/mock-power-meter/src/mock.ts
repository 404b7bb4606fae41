// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, type Framework, FrameworkError, Status } from '@scp/framework';
import { type Out, type PowerCappingDriverResponse, UNCAPPED } from '@scp/power-capping/api';
import type { MockPowerMeterElementConfig } from './schema.ts';
import { Waveform } from './waveform.ts';

/** What a mock takes its time over. */
const Operation = { NONE: 0, CAP: 1, INTERVAL: 2 } as const;
type Operation = (typeof Operation)[keyof typeof Operation];

/** Power without hardware. A cap holds at once, and as if it had held all the interval. */
export class MockPowerMeter {
  /** The HAL's element that this one serves, and the way to tell it. */
  hal: ElementId | undefined = undefined;
  response: PowerCappingDriverResponse | undefined = undefined;
  private readonly framework: Framework;
  private readonly delay: number;
  private readonly alarm: Alarm;
  private readonly source: Waveform;
  private cap: number = UNCAPPED;
  private interval = 1;
  private operation: Operation = Operation.NONE;
  private value = 0;

  /** FrameworkError E_DATA unless the configuration names exactly one source of power. */
  constructor(framework: Framework, id: ElementId, { value, waveform, delay }: MockPowerMeterElementConfig) {
    if ((value === undefined) === (waveform === undefined)) {
      throw new FrameworkError(Status.E_DATA, 'has exactly one of value and waveform');
    }
    this.framework = framework;
    this.delay = delay;
    this.alarm = framework.createAlarm(id, () => this.finish());
    this.source = new Waveform(waveform ?? { shape: 'sine', offset: value ?? 0, amplitude: 0, period: 1 });
  }

  /** Takes a cap. */
  setCap(cap: number): Status {
    return this.set(Operation.CAP, cap);
  }

  /** Takes an interval, µs. */
  setInterval(interval: number): Status {
    return this.set(Operation.INTERVAL, interval);
  }

  /** The average over the interval that ends now. */
  measure(out: Out): Status {
    const limit = this.cap === UNCAPPED ? Infinity : this.cap;
    out.value = this.source.average(this.framework.host.now(), this.interval, limit);
    return Status.SUCCESS;
  }

  private set(operation: Operation, value: number): Status {
    if (this.operation !== Operation.NONE) return Status.E_BUSY;
    this.operation = operation;
    this.value = value;
    if (this.delay > 0 && this.framework.running) {
      this.alarm.start(this.delay);
      return Status.PENDING;
    }
    this.apply();
    return Status.SUCCESS;
  }

  private apply(): void {
    if (this.operation === Operation.CAP) this.cap = this.value;
    else this.interval = this.value;
    this.operation = Operation.NONE;
  }

  private finish(): void {
    this.apply();
    if (this.hal !== undefined) this.response?.complete(this.hal, Status.SUCCESS);
  }
}
