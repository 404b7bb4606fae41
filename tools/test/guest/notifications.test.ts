// SPDX-License-Identifier: BSD-3-Clause
/** Notifications in a real Linux: enabled, caused and read in raw mode. */
import { toHex, words } from '@scp/scmi/testing';
import { guests } from '../../src/guest/requirements.ts';
import { PROTOCOLS } from '../../src/protocols.ts';
import { REAL_ROOT } from '../fixture.ts';
import { Guest } from './guest.ts';
import { build } from './product.ts';
import { answersIn, rawScript } from './raw.ts';
import { Server } from './server.ts';

jest.setTimeout(300_000);

/** A command by protocol and key, with its parameters. */
type Step = readonly [protocol: string, key: string, ...parameters: number[]];

/** What agent OSPM0 enables and does, and the notification that follows: protocol, id, and words. */
const CASES: readonly {
  readonly steps: readonly Step[];
  readonly header: number;
  readonly payload: readonly number[];
}[] = [
  {
    steps: [
      ['clock', 'rateNotify', 2, 1],
      ['clock', 'rateSet', 0, 2, 500_000_000, 0],
    ],
    header: 0x5300,
    payload: [1, 2, 500_000_000, 0],
  },
  {
    steps: [
      ['power domain', 'stateNotify', 4, 1],
      ['power domain', 'stateSet', 0, 4, 0],
    ],
    header: 0x4700,
    payload: [1, 4, 0],
  },
  {
    steps: [
      ['performance', 'notifyLevel', 2, 1],
      ['performance', 'levelSet', 2, 525_000],
    ],
    header: 0x4f01,
    payload: [1, 2, 525_000],
  },
  {
    steps: [
      ['performance', 'notifyLimits', 1, 1],
      ['performance', 'limitsSet', 1, 2_100_000, 1_313_000],
    ],
    header: 0x4f00,
    payload: [1, 1, 2_100_000, 1_313_000],
  },
  {
    steps: [
      ['reset domain', 'notify', 0, 1],
      ['reset domain', 'reset', 0, 1, 0],
    ],
    header: 0x5b00,
    payload: [1, 0, 0],
  },
  {
    steps: [
      ['powercap', 'capNotify', 0, 1],
      ['powercap', 'capSet', 0, 0, 9000],
    ],
    header: 0x6300,
    payload: [1, 0, 9000, 1000],
  },
];

const commandOf = ([protocol, key, ...parameters]: Step) => {
  const declaration = PROTOCOLS.find(one => one.declaration.name === protocol)?.declaration;
  const command = declaration?.commands[key];
  if (declaration === undefined || command === undefined) throw new Error(`no ${key} in ${protocol}`);
  return { protocol: declaration.id, command, parameters };
};

function notificationTests(boot: string): void {
  it('come after the change that they tell of', async () => {
    const server = await Server.start(build());
    // Linux has asked for the accelerometer's updates, which would never end.
    const quiet: Step = ['sensor', 'continuousUpdateNotify', 13, 0];
    const commands = [quiet, ...CASES.flatMap(({ steps }) => steps)].map(commandOf);
    // A read takes one notification and blocks when there is none: a limit ends the last.
    const read = "while timeout 2 od -An -v -tx1 $raw/notification | tr -d '\\n' | grep .; do :; done";
    const script = rawScript(commands).replace('echo "@end"', `${read}\necho "@end"`);
    const answers = answersIn(await new Guest(boot, server.socket('ospm0'), script).finish());
    await server.stop();
    for (const answer of answers.slice(0, commands.length)) expect(answer.slice(9, 17)).toBe('00000000');
    const told = answers.slice(commands.length);
    for (const { header, payload } of CASES) expect(told).toContain(toHex(words(header, ...payload)));
  });
}

for (const { name, boot, missing } of guests(REAL_ROOT)) {
  if (missing.length === 0) describe(name, () => notificationTests(boot));
  else describe.skip(`${name} (skipped: missing ${missing.join(', ')})`, () => notificationTests(boot));
}
