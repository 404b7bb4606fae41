// SPDX-License-Identifier: BSD-3-Clause
/** Linux's raw mode: commands as bytes into /sys/kernel/debug/scmi/0/raw, answers as bytes out of it. */
import { type CommandDeclaration, header, MessageType } from '@scp/scmi/api';
import { toHex, words } from '@scp/scmi/testing';

/** A command to be sent. */
export interface RawCommand {
  readonly protocol: number;
  readonly command: CommandDeclaration;
  readonly parameters: readonly number[];
  /** It has a delayed response, which is to be waited for. */
  readonly async?: boolean;
}

/** The bytes of a command, with a token of its own. */
export const bytesOf = ({ protocol, command, parameters }: RawCommand, token: number): Uint8Array =>
  words(header(protocol, command.id, MessageType.COMMAND, token), ...parameters);

const escaped = (bytes: Uint8Array): string =>
  [...bytes].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A busybox script that sends commands one by one and prints each answer in hex, a line each; a delayed one follows its own. */
export function rawScript(commands: readonly RawCommand[]): string {
  const lines = commands.map((one, token) => {
    const file = one.async === true ? 'message_async' : 'message';
    const read = `od -An -v -tx1 $raw/${file} | tr -d '\\n'; echo`;
    return `printf '${escaped(bytesOf(one, token))}' > $raw/${file}; ${read}${one.async === true ? `; ${read}` : ''}`;
  });
  return ['raw=/sys/kernel/debug/scmi/0/raw', 'echo "@raw"', ...lines, 'echo "@end"', ''].join('\n');
}

/** The answers that a script printed, in groups of four bytes as `toHex` prints them. */
export const answersIn = (printed: string): string[] =>
  (printed.split('@raw\n')[1] ?? '')
    .split('@end')[0]
    ?.split('\n')
    .filter(line => line.trim() !== '')
    .map(line => toHex(Uint8Array.from(line.trim().split(/\s+/), byte => Number.parseInt(byte, 16)))) ?? [];
