// SPDX-License-Identifier: BSD-3-Clause
/** The front end's memory: the table of SET_MEM_TABLE checked, mapped, and translated both ways. */
import type { Mapping, Posix } from '@scp/framework';
import { addressOf, checkRegions, type Place, RegionMemory } from '@scp/virtio-scmi/api';
import { REGION_SIZE, TABLE_HEADER } from './messages.ts';

/** Bytes of memory that a front end may share: address space is this process's, and limited. */
export const MEMORY_LIMIT = 0x100_0000_0000;
/** Addresses and file offset agree in these low bits, so that what is aligned for the guest is aligned here. */
const PAGE = 4096;
/** Rings are aligned to this inside a region only if the region is. */
const REGION_ALIGNMENT = 16;

/** A region of a table. */
export interface TableRegion {
  readonly guest: number;
  readonly size: number;
  /** Address in the front end: rings are given so. */
  readonly user: number;
  /** Where it begins in its file. */
  readonly offset: number;
}

/** Reads a 64-bit word; Infinity for 2^53 and above, which no address, size or offset reaches. */
export const word64 = (payload: DataView, at: number): number =>
  addressOf(payload.getUint32(at, true), payload.getUint32(at + 4, true));

/** Reads region `index` of a memory table. */
export function readRegion(payload: DataView, index: number): TableRegion {
  const at = TABLE_HEADER + index * REGION_SIZE;
  return {
    guest: word64(payload, at),
    size: word64(payload, at + 8),
    user: word64(payload, at + 16),
    offset: word64(payload, at + 24),
  };
}

/** What is wrong with a table on its own, undefined when nothing is. */
export function checkTable(regions: readonly TableRegion[]): string | undefined {
  const guest = checkRegions(regions.map(({ guest: base, size }) => ({ base, size })));
  if (guest !== undefined) return `${guest} in guest addresses`;
  const user = checkRegions(regions.map(({ user: base, size }) => ({ base, size })));
  if (user !== undefined) return `${user} in user addresses`;
  for (const [index, region] of regions.entries()) {
    const page = region.offset % PAGE;
    if (region.guest % PAGE !== page || region.user % PAGE !== page || page % REGION_ALIGNMENT !== 0) {
      return `region ${index} is not aligned with its file`;
    }
  }
  if (regions.reduce((sum, { size }) => sum + size, 0) > MEMORY_LIMIT) return 'more than 1 TiB';
  return undefined;
}

/** How a table is mapped. */
export interface MapPolicy {
  /** Refuse memory whose file can shrink. */
  readonly requireSealed: boolean;
}

/** The memory of a connection while one table is in force. */
export class SharedMemory {
  /** For what is in rings: guest addresses. */
  readonly guest: RegionMemory;
  /** Whether no file can shrink: reading behind the end of one would end this process. */
  readonly sealed: boolean;
  private readonly regions: readonly TableRegion[];
  private readonly mappings: readonly Mapping[];

  private constructor(regions: readonly TableRegion[], mappings: readonly Mapping[], sealed: boolean) {
    this.regions = regions;
    this.mappings = mappings;
    this.sealed = sealed;
    this.guest = new RegionMemory(
      regions.flatMap(({ guest: base, size }, index) => {
        const source = mappings[index];
        return source === undefined ? [] : [{ base, size, source }];
      }),
    );
  }

  /** Maps a table, one descriptor a region. Answers what is wrong with it in words; then nothing stays mapped. */
  static map(
    posix: Posix,
    regions: readonly TableRegion[],
    descriptors: readonly number[],
    { requireSealed }: MapPolicy,
  ): SharedMemory | string {
    const defect = checkTable(regions);
    if (defect !== undefined) return defect;
    const mappings: Mapping[] = [];
    let sealed = true;
    const fail = (text: string): string => {
      for (const mapping of mappings) mapping.unmap();
      return text;
    };
    for (const [index, { size, offset }] of regions.entries()) {
      const fd = descriptors[index] ?? -1;
      // Sealed first: a file that can still shrink when its size is checked has not been checked.
      const isSealed = posix.sealShrink(fd);
      sealed &&= isSealed;
      if (requireSealed && !isSealed) return fail(`the file of region ${index} can shrink`);
      const facts = posix.stat(fd);
      if (facts?.kind !== 'file') return fail(`the descriptor of region ${index} is no file`);
      if (!(offset + size <= facts.size)) return fail(`region ${index} reaches beyond its file`);
      const mapping = posix.map(fd, offset, size);
      if (typeof mapping === 'number') return fail(`region ${index} can't be mapped (errno ${-mapping})`);
      mappings.push(mapping);
    }
    return new SharedMemory(regions, mappings, sealed);
  }

  /** Where `length` bytes at a user address are; undefined when they are not wholly in one region. */
  place(user: number, length: number): Place | undefined {
    const index = this.regions.findIndex(region => user >= region.user && user < region.user + region.size);
    const region = this.regions[index];
    return region === undefined ? undefined : this.guest.place(index, user - region.user, length);
  }

  /** Ends it. Views that anyone still has read zeros. */
  unmap(): void {
    for (const mapping of this.mappings) mapping.unmap();
  }
}
