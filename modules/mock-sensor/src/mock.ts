// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, type ElementId, type Framework, Status } from '@scp/framework';
import type { SensorDriverResponse } from '@scp/sensor/api';
import type { Source } from './source.ts';

/** One sensor without hardware. */
export class Mock {
  readonly source: Source;
  /** How long a reading takes, µs. */
  readonly delay: number;
  /** The sensor that it drives. */
  sensor: ElementId | undefined = undefined;
  private readonly framework: Framework;
  private readonly alarm: Alarm;
  private response: SensorDriverResponse | undefined = undefined;
  private values: Float64Array = new Float64Array(1);

  constructor(framework: Framework, id: ElementId, source: Source, delay: number) {
    this.framework = framework;
    this.source = source;
    this.delay = delay;
    this.alarm = framework.createAlarm(id, () => this.finish());
  }

  /** Takes the sensor's end, before start. */
  attach(response: SensorDriverResponse): void {
    this.response = response;
  }

  /** Samples into `values` at once, or in `delay` µs. */
  read(values: Float64Array): Status {
    if (this.delay === 0) {
      this.source.sample(this.framework.host.now(), values);
      return Status.SUCCESS;
    }
    if (this.alarm.running) return Status.E_BUSY;
    this.values = values;
    this.alarm.start(this.delay);
    return Status.PENDING;
  }

  /** Forgets a reading under way. */
  stop(): void {
    this.alarm.stop();
  }

  private finish(): void {
    this.source.sample(this.framework.host.now(), this.values);
    if (this.sensor !== undefined) this.response?.complete(this.sensor, Status.SUCCESS, this.values);
  }
}
