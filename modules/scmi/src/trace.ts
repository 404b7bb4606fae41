// SPDX-License-Identifier: BSD-3-Clause
/** One line of text for a message, from its declaration. */
import { type AnyValues, type CommandDeclaration, type Layout, layoutAt } from './declaration.ts';
import { tokenOf } from './header.ts';
import type { Page } from './page.ts';
import { scmiStatusName } from './status.ts';

const show = (values: AnyValues): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${showValue(value)}`)
    .join(' ');

const showValue = (value: AnyValues[string]): string =>
  typeof value === 'object'
    ? `[${value.map(entry => Object.values(entry).map(showValue).join(':')).join(' ')}]`
    : String(value);

/** The fields of a payload of `length` bytes by name, or its bytes in hex when it does not fit the layout. */
export function payloadText(page: Page, layout: Layout, length: number): string {
  const end = Math.min(length, page.capacity);
  const view = new DataView(page.bytes.buffer, 4);
  if (end >= layout.size) return show(layout.decode(view, 0, end));
  let hex = '';
  for (let at = 0; at < end; at++) hex += view.getUint8(at).toString(16).padStart(2, '0');
  return hex;
}

/** A command with its answer: `ospm0 CLOCK_RATE_GET token=3 clockId=2 -> SUCCESS rateLow=600000000 rateHigh=0 (12 us)`. */
export function commandText(
  agent: string,
  command: CommandDeclaration | undefined,
  version: number,
  request: Page,
  length: number,
  answer: Page,
  size: number,
  elapsed: number,
): string {
  const status = answer.i32(0);
  const name = command?.name ?? `message 0x${(request.header & 0x3ffff).toString(16)}`;
  const asked = command === undefined ? '' : payloadText(request, layoutAt(command.request, version), length);
  const told =
    status === 0 && command !== undefined ? payloadText(answer, layoutAt(command.response, version), size) : '';
  return `${agent} ${name} token=${tokenOf(request.header)} ${asked} -> ${scmiStatusName(status)} ${told} (${elapsed} us)`;
}
