// SPDX-License-Identifier: BSD-3-Clause
/** SCMI status codes: the first word of every response. DEN0056, "status codes". */
export const ScmiStatus = {
  SUCCESS: 0,
  NOT_SUPPORTED: -1,
  INVALID_PARAMETERS: -2,
  DENIED: -3,
  NOT_FOUND: -4,
  OUT_OF_RANGE: -5,
  BUSY: -6,
  COMMS_ERROR: -7,
  GENERIC_ERROR: -8,
  HARDWARE_ERROR: -9,
  PROTOCOL_ERROR: -10,
  IN_USE: -11,
} as const;

/** One of the SCMI status codes. */
export type ScmiStatus = (typeof ScmiStatus)[keyof typeof ScmiStatus];

/** What a handler answers when the response comes later, through `ScmiHub.respond`. */
export const PENDING = 1;

const names: ReadonlyMap<number, string> = new Map(Object.entries(ScmiStatus).map(([name, value]) => [value, name]));

/** The name of a status code, or the number for a reserved or vendor one. */
export const scmiStatusName = (status: number): string => names.get(status) ?? `status ${status}`;
