// SPDX-License-Identifier: BSD-3-Clause
import { ftruncateSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import type { Mapping } from '@scp/framework';
import { ERR, openDescriptors, Rig } from './rig.ts';

const PAGE = 4096;

// Collections take their time on a busy machine.
jest.setTimeout(60_000);

let rig: Rig;
beforeEach(() => (rig = new Rig()));
afterEach(() => rig.dispose());

const memory = (size: number): number => rig.own(rig.posix.memfd('test', size));

/** Maps, or fails the test. */
function map(fd: number, offset: number, length: number): Mapping {
  const mapping = rig.posix.map(fd, offset, length);
  if (typeof mapping === 'number') throw new Error(`errno ${-mapping}`);
  return mapping;
}

/** Lines of the memory map that name the test's memory file. */
const mapped = (): string[] =>
  readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter(line => line.includes('/memfd:test'));

describe('map', () => {
  it('shares the bytes of the file, both ways', () => {
    const fd = memory(2 * PAGE);
    const view = new Uint8Array(map(fd, 0, 2 * PAGE).view(0, 2 * PAGE));
    writeSync(fd, 'hello', PAGE);
    expect(Buffer.from(view.subarray(PAGE, PAGE + 5)).toString()).toBe('hello');
    view[3] = 77;
    const byte = Buffer.alloc(1);
    readSync(fd, byte, 0, 1, 3);
    expect(byte[0]).toBe(77);
  });

  it.each([
    ['a page', PAGE],
    ['no page: the peer’s pages may be smaller than this machine’s', PAGE + 512],
  ])('begins at an offset that is a multiple of %s', (_, offset) => {
    const fd = memory(4 * PAGE);
    writeSync(fd, 'x', offset + 10);
    const mapping = map(fd, offset, PAGE);
    expect(mapping.length).toBe(PAGE);
    expect(new Uint8Array(mapping.view(10, 1))[0]).toBe('x'.charCodeAt(0));
    expect(new Uint8Array(mapping.view(0, PAGE))[10]).toBe('x'.charCodeAt(0));
  });

  it('keeps no descriptor, and outlives the one it was made of', () => {
    const before = openDescriptors();
    const fd = rig.posix.memfd('test', PAGE);
    const mapping = map(fd, 0, PAGE);
    rig.posix.close(fd);
    expect(openDescriptors()).toEqual(before);
    expect(new Uint8Array(mapping.view(0, PAGE))).toHaveLength(PAGE);
  });

  it('leaves the memory out of core dumps', () => {
    map(memory(PAGE), 0, PAGE);
    const at = readFileSync('/proc/self/smaps', 'utf8').split('/memfd:test')[1] ?? '';
    expect(/VmFlags:(.*)/.exec(at)?.[1]?.split(' ')).toContain('dd');
  });

  it('says why it failed', () => {
    writeFileSync(rig.path('f'), Buffer.alloc(PAGE));
    mkdirSync(rig.path('d'));
    const fd = memory(PAGE);
    expect(rig.posix.map(rig.own(openSync(rig.path('f'), 'r')), 0, PAGE)).toBe(ERR.EACCES);
    expect(rig.posix.map(rig.own(openSync(rig.path('d'), 'r')), 0, PAGE)).toBe(ERR.EACCES);
    expect(rig.posix.map(rig.own(rig.posix.eventfd()), 0, PAGE)).toBe(ERR.ENODEV);
    expect(rig.posix.map(999_999, 0, PAGE)).toBe(ERR.EBADF);
    for (const [offset, length] of [
      [0, 0],
      [-PAGE, PAGE],
      [0, -1],
      [0, NaN],
      [0.5, 1],
      [2 ** 53 - 1, PAGE],
    ] as const) {
      expect(rig.posix.map(fd, offset, length)).toBe(ERR.EINVAL);
    }
  });
});

describe('view', () => {
  it('lies within the mapping and is at most 1 GiB + 1 MiB long', () => {
    const most = 2 ** 30 + 2 ** 20;
    const mapping = map(memory(2 * most), 0, 2 * most);
    expect(mapping.view(0, most).byteLength).toBe(most);
    expect(mapping.view(most, most).byteLength).toBe(most);
    expect(mapping.view(2 * most, 0).byteLength).toBe(0);
    for (const [offset, length] of [
      [0, most + 1],
      [most + 1, most],
      [2 * most, 1],
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, NaN],
    ] as const) {
      expect(() => mapping.view(offset, length)).toThrow(RangeError);
    }
  });

  it('of the same bytes sees the same bytes', () => {
    const mapping = map(memory(PAGE), 0, PAGE);
    new Uint8Array(mapping.view(0, PAGE))[100] = 5;
    expect(new Uint8Array(mapping.view(100, 1))[0]).toBe(5);
  });
});

describe('unmap', () => {
  it('leaves views that read zeros and reach the file no more', () => {
    const fd = memory(2 * PAGE);
    const mapping = map(fd, 0, 2 * PAGE);
    const view = new Uint8Array(mapping.view(PAGE - 8, 16)).fill(0xff);
    mapping.unmap();
    expect([...view]).toEqual(new Array<number>(16).fill(0));
    view.fill(1);
    const bytes = Buffer.alloc(16);
    readSync(fd, bytes, 0, 16, PAGE - 8);
    expect([...bytes]).toEqual(new Array<number>(16).fill(0xff));
    expect(mapped()).toEqual([]);
  });

  it('may be called again, and views asked for afterwards read zeros', () => {
    const fd = memory(PAGE);
    writeSync(fd, 'x', 0);
    const mapping = map(fd, 0, PAGE);
    mapping.unmap();
    mapping.unmap();
    expect([...new Uint8Array(mapping.view(0, 2))]).toEqual([0, 0]);
    expect(() => mapping.view(0, PAGE + 1)).toThrow(RangeError);
  });

  it('survives a file that has shrunk since: the views don’t touch it any more', () => {
    const fd = memory(PAGE);
    const mapping = map(fd, 0, PAGE);
    const view = new Uint8Array(mapping.view(0, PAGE));
    ftruncateSync(fd, 0);
    mapping.unmap();
    expect(view[0]).toBe(0);
  });

  it('releases the addresses at once when there is no view', () => {
    map(memory(PAGE), 0, PAGE).unmap();
    expect(rig.posix.retired).toBe(0);
    expect(mapped()).toEqual([]);
  });

  it('keeps the addresses as long as one of the views lives, and then releases them', async () => {
    const mapping = map(memory(PAGE), 0, PAGE);
    let last: DataView | undefined = new DataView(mapping.view(0, PAGE));
    (() => mapping.view(0, 16))();
    mapping.unmap();
    await collect(() => undefined);
    expect(rig.posix.retired).toBe(1);
    expect(last.getUint32(0)).toBe(0);
    last = undefined;
    await collect(() => rig.posix.retired === 0);
    expect(rig.posix.retired).toBe(0);
  });

  it('keeps neither memory areas nor descriptors over two thousand table swaps', async () => {
    const fd = memory(16 * PAGE);
    const areas = (): number => readFileSync('/proc/self/maps', 'utf8').split('\n').length;
    const swap = (): void => {
      const mapping = map(fd, 0, 16 * PAGE);
      new DataView(mapping.view(0, 16 * PAGE)).setUint32(0, 1);
      mapping.unmap();
    };
    swap();
    const before = areas();
    const descriptors = openDescriptors();
    for (let round = 0; round < 2000; round++) swap();
    await collect(() => rig.posix.retired === 0);
    expect(rig.posix.retired).toBe(0);
    // The collector's own heap takes some areas too; one for each swap would be thousands.
    expect(areas() - before).toBeLessThan(300);
    expect(openDescriptors()).toEqual(descriptors);
    expect(mapped()).toEqual([]);
  });

  it('happens to all mappings when the set ends', () => {
    const other = new Rig();
    const fd = other.own(other.posix.memfd('test', PAGE));
    const mapping = other.posix.map(fd, 0, PAGE);
    if (typeof mapping === 'number') throw new Error(`errno ${-mapping}`);
    const view = new Uint8Array(mapping.view(0, PAGE)).fill(1);
    other.dispose();
    expect(view[0]).toBe(0);
    expect(mapped()).toEqual([]);
  });
});

describe('memfd and sealShrink', () => {
  it('make a file of the size that cannot shrink any more', () => {
    const fd = memory(PAGE);
    expect(rig.posix.stat(fd)).toEqual({ size: PAGE, kind: 'file' });
    ftruncateSync(fd, PAGE / 2);
    expect([rig.posix.sealShrink(fd), rig.posix.sealShrink(fd)]).toEqual([true, true]);
    expect(() => ftruncateSync(fd, 0)).toThrow('EPERM');
    ftruncateSync(fd, 2 * PAGE);
  });

  it('say no for files that have no seals', () => {
    writeFileSync(rig.path('f'), 'x');
    expect(rig.posix.sealShrink(rig.own(openSync(rig.path('f'), 'r+')))).toBe(false);
    expect(rig.posix.sealShrink(999_999)).toBe(false);
  });

  it('refuse sizes that are none', () => {
    const before = openDescriptors();
    expect(rig.posix.memfd('test', -1)).toBe(ERR.EINVAL);
    expect(rig.posix.memfd('test', 0.5)).toBe(ERR.EINVAL);
    expect(openDescriptors()).toEqual(before);
  });

  it('take a name of any length', () => {
    expect(rig.own(rig.posix.memfd('n'.repeat(300), 0))).toBeGreaterThan(2);
  });
});

describe('stat', () => {
  it('tells kind and size', () => {
    writeFileSync(rig.path('f'), 'abc');
    const { near } = rig.connection();
    expect(rig.posix.stat(rig.own(openSync(rig.path('f'), 'r')))).toEqual({ size: 3, kind: 'file' });
    expect(rig.posix.stat(rig.own(openSync(rig.folder, 'r')))?.kind).toBe('directory');
    expect(rig.posix.stat(near)?.kind).toBe('socket');
    expect(rig.posix.stat(rig.own(rig.posix.eventfd()))?.kind).toBe('other');
    expect(rig.posix.stat(999_999)).toBeUndefined();
  });
});

describe('setNonBlocking', () => {
  it('sets the flag once and for all', () => {
    const fd = rig.own(openSync('/dev/zero', 'r'));
    const flags = (): number =>
      parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8);
    expect(flags() & 0x800).toBe(0);
    expect([rig.posix.setNonBlocking(fd), rig.posix.setNonBlocking(fd)]).toEqual([0, 0]);
    expect(flags() & 0x800).toBe(0x800);
    expect(rig.posix.setNonBlocking(999_999)).toBe(ERR.EBADF);
  });
});

const isCallable = (value: unknown): value is () => void => typeof value === 'function';

/** Collects garbage and turns the event loop until `done`, at most ten times. */
async function collect(done: () => boolean | undefined): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInContext('gc', createContext());
  if (!isCallable(gc)) throw new Error('no collector');
  for (let round = 0; round < 10 && done() !== true; round++) {
    gc();
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve));
  }
}
