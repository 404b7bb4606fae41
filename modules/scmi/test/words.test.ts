// SPDX-License-Identifier: BSD-3-Clause
/** What protocols share for words of messages: 64-bit fields, reserved bits, statuses of the framework, long names. */
import { Status } from '@scp/framework';
import { hasReservedBits, i64, isExtendedName, ScmiStatus, scmiStatusOf, u64 } from '@scp/scmi/api';
import { toHex } from '@scp/scmi/testing';

describe('64-bit fields', () => {
  it.each([
    ['u64', 0, '00000000 00000000'],
    ['u64', 0xffffffff, 'ffffffff 00000000'],
    ['u64', 0x100000000, '00000000 01000000'],
    ['u64', 2 ** 53, '00000000 00002000'],
    ['i64', 2 ** 53, '00000000 00002000'],
    ['i64', 0x80000000, '00000080 00000000'],
    ['i64', -1, 'ffffffff ffffffff'],
    ['i64', -0x80000001, 'ffffff7f ffffffff'],
    ['i64', -(2 ** 53), '00000000 0000e0ff'],
  ] as const)('%s %d', (type, value, hex) => {
    const field = { u64, i64 }[type];
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    field.set(view, 4, value);
    expect(toHex(bytes)).toBe(`00000000 ${hex}`);
    expect(field.get(view, 4)).toBe(value);
    expect([field.type, field.size]).toEqual([type, 8]);
  });

  it('unsigned ones have no sign', () => {
    const view = new DataView(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80).buffer);
    expect([u64.get(view, 0), i64.get(view, 0)]).toEqual([2 ** 63, -(2 ** 63)]);
  });
});

describe('reserved bits', () => {
  it.each([
    [0, undefined, false],
    [1, undefined, false],
    [2, undefined, true],
    [0x80000001, undefined, true],
    [0xffffffff, 0xffffffff, false],
    [0x80000000, 0x80000000, false],
    [0x80000000, 0x7fffffff, true],
    [0x100, 0xff, true],
    [0x10, 0xff, false],
  ])('%i of %i: %s', (word, defined, has) => {
    expect(defined === undefined ? hasReservedBits(word) : hasReservedBits(word, defined)).toBe(has);
  });
});

describe('statuses of HALs and drivers', () => {
  it.each([
    ['SUCCESS', ScmiStatus.SUCCESS],
    ['E_PARAM', ScmiStatus.INVALID_PARAMETERS],
    ['E_RANGE', ScmiStatus.OUT_OF_RANGE],
    ['E_SUPPORT', ScmiStatus.NOT_SUPPORTED],
    ['E_ACCESS', ScmiStatus.DENIED],
    ['E_BUSY', ScmiStatus.BUSY],
    ['E_NOMEM', ScmiStatus.BUSY],
    ['E_DEVICE', ScmiStatus.HARDWARE_ERROR],
    ['E_TIMEOUT', ScmiStatus.GENERIC_ERROR],
    ['E_PWRSTATE', ScmiStatus.GENERIC_ERROR],
    ['E_STATE', ScmiStatus.GENERIC_ERROR],
  ] as const)('%s is told as %d', (name, status) => {
    expect(scmiStatusOf(Status[name])).toBe(status);
  });

  it('a number that is none is a failure', () => {
    expect([scmiStatusOf(99), scmiStatusOf(-99)]).toEqual([ScmiStatus.GENERIC_ERROR, ScmiStatus.GENERIC_ERROR]);
  });

  it('only E_RANGE is told as the protocol wants it', () => {
    const told = (status: Status) => scmiStatusOf(status, ScmiStatus.INVALID_PARAMETERS);
    expect(told(Status.E_RANGE)).toBe(ScmiStatus.INVALID_PARAMETERS);
    for (const status of Object.values(Status)) {
      if (status !== Status.E_RANGE) expect(told(status)).toBe(scmiStatusOf(status));
    }
  });
});

describe('names', () => {
  it.each([
    ['', false],
    ['a'.repeat(15), false],
    ['a'.repeat(16), true],
  ])('%j is an extended one: %s', (name, extended) => {
    expect(isExtendedName(name)).toBe(extended);
  });
});
