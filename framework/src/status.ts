// SPDX-License-Identifier: BSD-3-Clause
/** Framework status codes, with SCP-firmware's names and values. */
export const Status = {
  /** Accepted; the answer comes later as an event. */
  PENDING: 1,
  SUCCESS: 0,
  /** Bad argument or identifier. */
  E_PARAM: -1,
  E_ALIGN: -2,
  E_SIZE: -3,
  /** Called from the wrong place, or a called handler misbehaved. */
  E_HANDLER: -4,
  E_ACCESS: -5,
  E_RANGE: -6,
  E_TIMEOUT: -7,
  /** A pool is exhausted. */
  E_NOMEM: -8,
  E_PWRSTATE: -9,
  E_SUPPORT: -10,
  E_DEVICE: -11,
  E_BUSY: -12,
  E_OS: -13,
  /** Malformed configuration. */
  E_DATA: -14,
  /** Wrong stage of life. */
  E_STATE: -15,
  E_INIT: -16,
  E_OVERWRITTEN: -17,
  E_PANIC: -18,
} as const;

/** One of the framework's status codes. */
export type Status = (typeof Status)[keyof typeof Status];

const names: ReadonlyMap<number, string> = new Map(Object.entries(Status).map(([name, value]) => [value, name]));

/** The symbol of a status code (`E_PARAM`), `unknown` for any other number. */
export const statusName = (status: number): string => names.get(status) ?? 'unknown';
