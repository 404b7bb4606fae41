// SPDX-License-Identifier: BSD-3-Clause
import type { Framework } from '@scp/framework';
import type { VirtioDevice, VirtioTransport } from '../api.ts';
import { BufferSource, RegionMemory } from '../guest-memory.ts';
import { FeatureHigh } from '../virtio.ts';
import { type Cut, DriverMemory, type DriverOptions, type DriverRing, ScmiDriver } from './driver.ts';

/** Guest address of the memory of a `DriverSide`. */
export const DRIVER_BASE = 0x4000_0000;

/** The driver's side of one device: a driver, its memory, and the transport between the two, all in this process. */
export class DriverSide implements VirtioTransport {
  readonly device: VirtioDevice;
  readonly bytes: ArrayBuffer;
  readonly memory: RegionMemory;
  readonly driver: ScmiDriver;
  /** Interrupts, by queue, and defects reported. */
  readonly interrupts = [0, 0];
  readonly defects: string[] = [];
  private readonly framework: Framework;

  constructor(framework: Framework, device: VirtioDevice, options: DriverOptions = {}, size = 0x40_0000) {
    this.framework = framework;
    this.device = device;
    this.bytes = new ArrayBuffer(size);
    this.memory = new RegionMemory([{ base: DRIVER_BASE, size, source: new BufferSource(this.bytes) }]);
    this.driver = new ScmiDriver(new DriverMemory(this.bytes, DRIVER_BASE), options);
    device.attach(this);
  }

  /** The device interrupts. */
  signal(queue: number): void {
    this.interrupts[queue] = (this.interrupts[queue] ?? 0) + 1;
  }

  /** The device says that a ring is broken. */
  broken(queue: number, defect: string): void {
    this.defects.push(`${queue}: ${defect}`);
  }

  /** Negotiates and starts both queues. */
  start(index = 0, features = this.driver.features): void {
    this.device.reset();
    this.device.acceptFeatures(features, FeatureHigh.VERSION_1);
    this.device.setMemory(this.memory);
    this.driver.reset(index);
    this.startQueue(0, this.driver.commands, index);
    this.startQueue(1, this.driver.events, index);
    this.framework.run();
  }

  /** Starts one queue of its own ring; answers what the device finds wrong with it. */
  startQueue(queue: number, ring: DriverRing, next: number): string | undefined {
    const place = (offset: number) => {
      const address = DRIVER_BASE + offset;
      const window = this.memory.at(address, 0);
      if (window === undefined) throw new Error('the driver’s ring is not in its memory');
      return { window, offset: this.memory.offset };
    };
    return this.device.start(queue, {
      size: ring.size,
      next,
      descriptors: place(ring.descriptorsAt),
      available: place(ring.availableAt),
      used: place(ring.usedAt),
    });
  }

  /** Kicks when the device asks for it, and lets the firmware run until nothing is left to do. */
  pump(): void {
    if (this.driver.commands.needsKick()) this.device.kick(0);
    if (this.driver.events.needsKick()) this.device.kick(1);
    this.framework.run();
  }

  /** Sends a command and answers what came back; undefined when nothing did. */
  exchange(request: Uint8Array, capacity = 136, cut: Cut = {}): Uint8Array | undefined {
    const slot = this.driver.post(request, capacity, cut);
    if (slot < 0) throw new Error('the driver has no room for another command');
    this.pump();
    return this.driver.reap() === slot ? this.driver.response(slot) : undefined;
  }
}
