// SPDX-License-Identifier: BSD-3-Clause
/** Numbers of VIRTIO 1.2: feature bits, ring layout and flags. */

/** The device number of an SCMI device (VIRTIO 1.2 §5). */
export const SCMI_DEVICE_ID = 32;

/** Feature bits 0..31, as masks of the low word. */
export const Feature = {
  /** The device can send notifications and delayed responses: there is an event queue. */
  SCMI_P2A_CHANNELS: 1 << 0,
  RING_INDIRECT_DESC: 1 << 28,
  RING_EVENT_IDX: 1 << 29,
} as const;

/** Feature bits 32..63, as masks of the high word. */
export const FeatureHigh = { VERSION_1: 1 << 0 } as const;

/** Flags of a descriptor. */
export const DescriptorFlag = { NEXT: 1, WRITE: 2, INDIRECT: 4 } as const;
/** Bytes of a descriptor. */
export const DESCRIPTOR_SIZE = 16;
/** Flag of the available ring: the driver wants no interrupt. */
export const AVAIL_NO_INTERRUPT = 1;
/** Flag of the used ring: the device wants no kick. */
export const USED_NO_NOTIFY = 1;
/** Descriptors of the largest split queue. */
export const MAX_QUEUE_SIZE = 32768;

/** Bytes of the descriptor table of a queue of `size`. */
export const descriptorBytes = (size: number): number => DESCRIPTOR_SIZE * size;
/** Bytes of the available ring; the event word behind it counts only where it is used. */
export const availableBytes = (size: number, eventIdx: boolean): number => 4 + 2 * size + (eventIdx ? 2 : 0);
/** Bytes of the used ring, likewise. */
export const usedBytes = (size: number, eventIdx: boolean): number => 4 + 8 * size + (eventIdx ? 2 : 0);

/** Whether a split queue can have `size` descriptors: a power of two, 1..32768. */
export const isQueueSize = (size: number): boolean => size >= 1 && size <= MAX_QUEUE_SIZE && (size & (size - 1)) === 0;

/**
 * Whether the one who set `event` wants to hear of the entries `before`..`after`-1 (free-running 16-bit indices):
 * VIRTIO 1.2 §2.7.7.2.
 */
export const wantsEvent = (event: number, before: number, after: number): boolean =>
  ((after - event - 1) & 0xffff) < ((after - before) & 0xffff);
