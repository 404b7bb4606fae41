// SPDX-License-Identifier: BSD-3-Clause
/** The contract between a virtio device and its transport: vhost-user, virtio-mmio. */
import { type ApiToken, defineApi } from '@scp/framework';
import type { GuestMemory, Place } from './guest-memory.ts';

export * from './guest-memory.ts';
export * from './virtio.ts';

/** What a device asks of its transport. Neither may call back into the device. */
export interface VirtioTransport {
  /** The driver wants an interrupt for what was returned on `queue`. */
  signal(queue: number): void;
  /** The driver broke a rule on `queue`, which `defect` names; the queue is not touched until it is started again. */
  broken(queue: number, defect: string): void;
}

/** A split queue as the driver has set it up. */
export interface QueueSetup {
  /** A power of two, 1..32768. */
  readonly size: number;
  /** The available index to go on from, 0..65535. */
  readonly next: number;
  readonly descriptors: Place;
  readonly available: Place;
  readonly used: Place;
}

/** What a virtio device provides to its transport. */
export interface VirtioDevice {
  /** The virtio device number. */
  readonly deviceId: number;
  readonly queueCount: number;
  /** The features it offers, bits 0..31 and 32..63. */
  readonly features: number;
  readonly featuresHigh: number;
  /** Names the transport that is to hear of interrupts and broken rings. Once, in round 1 of the bind stage. */
  attach(transport: VirtioTransport): void;
  /** Takes the features the driver accepts. False, and nothing changes, when it lacks VERSION_1 or has one not offered. */
  acceptFeatures(low: number, high: number): boolean;
  /** Takes the memory that descriptors point into. Only while no queue runs. */
  setMemory(memory: GuestMemory | undefined): void;
  /** Starts a queue and looks at it once. Answers what is wrong with the set-up, undefined when nothing is. */
  start(queue: number, setup: QueueSetup): string | undefined;
  /**
   * Stops a queue; nothing of it is read, written or signalled afterwards. Commands that take no time are finished
   * first; one that is pending is forgotten, and the index answered is the one to go on from so that it comes again.
   */
  stop(queue: number): number;
  /** The driver has made buffers available. Ignored while the queue is stopped. */
  kick(queue: number): void;
  /** Back to power-on: queues stopped, features none, agent state as if it were never there. The memory stays. */
  reset(): void;
}

/** Provided by virtio devices on their elements; bound by a transport in round 1. */
export const VIRTIO_DEVICE: ApiToken<VirtioDevice> = defineApi<VirtioDevice>('VIRTIO_DEVICE');
