// SPDX-License-Identifier: BSD-3-Clause
import { statfsSync } from 'node:fs';
import type { Mapping } from '@scp/framework';
import { C, E, libc, result, viewAt } from './libc.ts';

/** The longest view: one window of 1 GiB and the overlap to the next. V8 aborts the process above 4 GiB. */
const MAX_VIEW = 0x4000_0000 + 0x10_0000;

/**
 * A range of addresses that views may still point into. It doesn't know the views, or they would never be collected.
 */
interface Range {
  readonly address: number;
  readonly length: number;
  /** ArrayBuffers handed out and not yet collected. */
  views: number;
  retired: boolean;
}

class SharedMapping implements Mapping {
  readonly length: number;
  private readonly owner: Mappings;
  private readonly range: Range;
  /** Where the mapping's bytes begin in the range: an offset that wasn't a multiple of the page size. */
  private readonly head: number;

  constructor(owner: Mappings, range: Range, head: number, length: number) {
    this.owner = owner;
    this.range = range;
    this.head = head;
    this.length = length;
  }

  view(offset: number, length: number): ArrayBuffer {
    const whole = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
    if (!whole || offset + length > this.length || length > MAX_VIEW) {
      throw new RangeError(`a view of ${length} bytes at ${offset} of a mapping of ${this.length} bytes`);
    }
    if (this.range.retired || length === 0) return new ArrayBuffer(length);
    return this.owner.view(this.range, this.head + offset, length);
  }

  unmap(): void {
    this.owner.retire(this.range);
  }
}

/**
 * Shared mappings and the end of their addresses. A view that outlives its mapping must neither fault nor see what is
 * mapped there next. So `unmap` puts anonymous private memory in the mapping's place, which keeps nothing of the peer's
 * alive and costs addresses only, and the addresses are released when the garbage collector has found every view handed
 * out to be unreachable. The collector reports that in a turn of the thread's event loop: a thread that blocks in
 * `wait` has to take a turn now and then while `retired` isn't 0.
 */
export class Mappings {
  private readonly live = new Set<Range>();
  private readonly pageSize = libc.sysconf(C.SC_PAGESIZE);
  private readonly collected = new FinalizationRegistry<Range>(range => {
    range.views--;
    this.release(range);
  });
  /** Ranges that are unmapped but whose addresses are still taken. */
  retired = 0;

  /** See `Posix.map`. An offset that is no multiple of the file's page size is served from the page it is in. */
  map(fd: number, offset: number, length: number): Mapping | number {
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length > 0;
    if (!whole || !Number.isSafeInteger(offset + length)) return E.EINVAL;
    const page = this.pageSizeOf(fd);
    const head = offset % page;
    const size = Math.ceil((head + length) / page) * page;
    const flags = C.MAP_SHARED | C.MAP_NORESERVE;
    const address = result(libc.mmap(0, size, C.PROT_READ | C.PROT_WRITE, flags, fd, offset - head));
    if (address < 0) return address;
    // What is in an agent's memory has no place in a core dump of this process, which would take it all.
    libc.madvise(address, size, C.MADV_DONTDUMP);
    const range = { address, length: size, views: 0, retired: false };
    this.live.add(range);
    return new SharedMapping(this, range, head, length);
  }

  /** A view that is counted until it is collected. */
  view(range: Range, offset: number, length: number): ArrayBuffer {
    const view = viewAt(range.address + offset, length);
    range.views++;
    this.collected.register(view, range);
    return view;
  }

  /** Ends a mapping. */
  retire(range: Range): void {
    if (range.retired) return;
    range.retired = true;
    this.live.delete(range);
    this.retired++;
    if (range.views > 0) {
      const flags = C.MAP_PRIVATE | C.MAP_ANONYMOUS | C.MAP_FIXED | C.MAP_NORESERVE;
      const { address, length } = range;
      const status = result(libc.mmap(address, length, C.PROT_READ | C.PROT_WRITE, flags, -1, 0));
      // The old mapping is still there then, and stays: better kept too long than a hole below a view.
      if (status < 0) range.views = Infinity;
    }
    this.release(range);
  }

  /** Ends all mappings. */
  close(): void {
    for (const range of [...this.live]) this.retire(range);
  }

  private release(range: Range): void {
    if (!range.retired || range.views > 0) return;
    libc.munmap(range.address, range.length);
    this.retired--;
  }

  /** The size of a file's pages: that of the file system for huge pages, else that of the machine. */
  private pageSizeOf(fd: number): number {
    try {
      const { type, bsize } = statfsSync(`/proc/self/fd/${fd}`);
      return type === C.HUGETLBFS_MAGIC ? bsize : this.pageSize;
    } catch {
      return this.pageSize;
    }
  }
}
