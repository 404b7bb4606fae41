// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, elementIndex, type EntityId, Status } from '@scp/framework';
import type { Rounding, Sensor, SensorDriverResponse, SensorInfo, TripMode } from './api.ts';
import type { SensorElement } from './sensor.ts';

/** All sensors of a firmware, by their ids: what the module provides. */
export class Sensors implements Sensor, SensorDriverResponse {
  private readonly sensors: SensorElement[] = [];

  /** Takes the next element. */
  add(sensor: SensorElement): void {
    this.sensors.push(sensor);
  }

  /** The sensor with an id, undefined for any other element. */
  of(sensor: ElementId): SensorElement | undefined {
    const found = this.sensors[elementIndex(sensor)];
    return found?.id === sensor ? found : undefined;
  }

  /** Whether a driver's element is taken. */
  isDriven(driver: ElementId): boolean {
    return this.sensors.some(sensor => sensor.driverId === driver);
  }

  info(sensor: ElementId): SensorInfo | undefined {
    return this.of(sensor)?.info;
  }

  isSlow(sensor: ElementId): boolean {
    return this.of(sensor)?.isSlow ?? false;
  }

  isEnabled(sensor: ElementId): boolean {
    return this.of(sensor)?.enabled ?? false;
  }

  updateInterval(sensor: ElementId): number {
    return this.of(sensor)?.updateInterval ?? 0;
  }

  hasTimestamps(sensor: ElementId): boolean {
    return this.of(sensor)?.timestamps ?? false;
  }

  read(sensor: ElementId, requester: EntityId, tag: number): Status {
    return this.of(sensor)?.read(requester, tag) ?? Status.E_PARAM;
  }

  value(sensor: ElementId, axis: number): number {
    return this.of(sensor)?.value(axis) ?? 0;
  }

  timestamp(sensor: ElementId): number {
    return this.of(sensor)?.timestamp ?? 0;
  }

  enable(sensor: ElementId): Status {
    return this.of(sensor)?.setEnabled(true) ?? Status.E_PARAM;
  }

  disable(sensor: ElementId): Status {
    return this.of(sensor)?.setEnabled(false) ?? Status.E_PARAM;
  }

  setTimestamps(sensor: ElementId, on: boolean): Status {
    return this.of(sensor)?.setTimestamps(on) ?? Status.E_PARAM;
  }

  setUpdateInterval(sensor: ElementId, interval: number, rounding: Rounding): Status {
    return this.of(sensor)?.setUpdateInterval(interval, rounding) ?? Status.E_PARAM;
  }

  setTripPoint(sensor: ElementId, index: number, mode: TripMode, threshold: number): Status {
    return this.of(sensor)?.setTripPoint(index, mode, threshold) ?? Status.E_PARAM;
  }

  tripMode(sensor: ElementId, index: number): TripMode {
    return this.of(sensor)?.tripMode(index) ?? 0;
  }

  startUpdates(sensor: ElementId): void {
    this.of(sensor)?.startUpdates();
  }

  stopUpdates(sensor: ElementId): void {
    this.of(sensor)?.stopUpdates();
  }

  complete(sensor: ElementId, status: Status, values: Float64Array): void {
    this.of(sensor)?.complete(status, values);
  }
}
