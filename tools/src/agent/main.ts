// SPDX-License-Identifier: BSD-3-Clause
/** `scmi`: an SCMI agent on the command line. It attaches to a server's vhost-user socket as a guest would. */
import { parseArgs } from 'node:util';
import { UsageError, withUsage } from '../program.ts';
import { Agent, ScmiError } from './agent.ts';
import { TransportError } from './channel.ts';
import { readInventory } from './inventory.ts';
import { inventoryText } from './print.ts';
import { VhostUserChannel } from './vhost-user-channel.ts';

const HELP = `usage: scmi --socket PATH list [--json]

An SCMI agent: attaches to the vhost-user socket of an SCMI server as a guest would.

commands:
  list             everything the server has for this agent: protocols, clocks, sensors

options:
  --socket PATH    the server's Unix socket, such as vscmi-ospm0.sock; one agent at a time can be attached
  --json           print JSON
  --help           print this

exit status: 0 done, 1 the server answered an SCMI error, 2 wrong command line, 3 the server can't be reached or does not answer
`;

/** The program. Answers its exit status. */
export const main = (argv: readonly string[]): Promise<number> => withUsage('scmi', () => run(argv));

function run(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { socket: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const [command, ...rest] = positionals;
  if (command !== 'list')
    throw new UsageError(command === undefined ? 'a command is missing' : `no command ${command}`);
  if (rest.length > 0) throw new UsageError(`list takes no argument ${rest[0]}`);
  if (values.socket === undefined) throw new UsageError('--socket PATH is missing');
  return list(values.socket, values.json === true);
}

function list(socket: string, json: boolean): number {
  try {
    const channel = new VhostUserChannel(socket);
    try {
      const inventory = readInventory(new Agent(channel));
      process.stdout.write(`${json ? JSON.stringify(inventory, undefined, 2) : inventoryText(inventory)}\n`);
      return 0;
    } finally {
      channel.close();
    }
  } catch (error) {
    if (!(error instanceof ScmiError) && !(error instanceof TransportError)) throw error;
    process.stderr.write(`scmi: ${socket}: ${error.message}\n`);
    return error instanceof ScmiError ? 1 : 3;
  }
}
