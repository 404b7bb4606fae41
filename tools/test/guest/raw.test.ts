// SPDX-License-Identifier: BSD-3-Clause
/**
 * Every command of every protocol of products/vhost-user, sent from a real Linux in raw mode: the header comes back, the
 * status is the one expected, and the answer is as long as its declaration says.
 */
import { layoutAt, MessageType, protocolOf, ScmiStatus, typeOf, withType } from '@scp/scmi/api';
import { fromHex, toHex } from '@scp/scmi/testing';
import { guests } from '../../src/guest/requirements.ts';
import { PROTOCOLS } from '../../src/protocols.ts';
import { REAL_ROOT } from '../fixture.ts';
import { Guest } from './guest.ts';
import { build } from './product.ts';
import { answersIn, bytesOf, rawScript } from './raw.ts';
import { Server } from './server.ts';

jest.setTimeout(300_000);

const { SUCCESS, NOT_FOUND, NOT_SUPPORTED, DENIED, OUT_OF_RANGE } = ScmiStatus;

interface Row {
  readonly parameters: readonly number[];
  readonly status: number;
  readonly async?: boolean;
}

const row = (parameters: readonly number[], status: number = SUCCESS): Row => ({ parameters, status });
const async = (parameters: readonly number[]): Row => ({ parameters, status: SUCCESS, async: true });

/** What is the same for all protocols: versions tell what they are, an unknown message and version are refused. */
const COMMON: Readonly<Record<string, readonly Row[]>> = {
  version: [row([])],
  attributes: [row([])],
  messageAttributes: [row([0]), row([0x7f], NOT_FOUND)],
  negotiate: [row([0x7fff_0000], NOT_SUPPORTED)],
};

/** By protocol and key of the command: what agent OSPM0 sends, in words, and the status it gets. */
const ROWS: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  base: {
    discoverVendor: [row([])],
    discoverSubVendor: [row([])],
    discoverImplementationVersion: [row([])],
    discoverListProtocols: [row([0])],
    discoverAgent: [row([0]), row([0xffff_ffff]), row([3], NOT_FOUND)],
    notifyErrors: [row([1]), row([0])],
    setDevicePermissions: [row([1, 0, 1]), row([1, 9, 1], NOT_FOUND)],
    setProtocolPermissions: [row([1, 1, 0x14, 1]), row([1, 1, 0x10, 0], NOT_FOUND)],
    resetAgentConfiguration: [row([1, 0]), row([9, 0], NOT_FOUND)],
  },
  'power domain': {
    domainAttributes: [row([2]), row([99], NOT_FOUND)],
    stateSet: [row([0, 2, 0]), row([0, 5, 0], NOT_SUPPORTED)],
    stateGet: [row([2])],
    stateNotify: [row([2, 1])],
    stateChangeRequestedNotify: [row([2, 1])],
    nameGet: [row([2])],
  },
  'system power': {
    stateSet: [row([0xf, 1], ScmiStatus.INVALID_PARAMETERS)],
    stateGet: [row([], NOT_SUPPORTED)],
    stateNotify: [row([1])],
  },
  performance: {
    domainAttributes: [row([0]), row([99], NOT_FOUND)],
    describeLevels: [row([0, 0])],
    limitsSet: [row([2, 600_000, 450_000])],
    limitsGet: [row([2])],
    levelSet: [row([2, 525_000]), row([2, 700_000], OUT_OF_RANGE)],
    levelGet: [row([2])],
    notifyLimits: [row([2, 1])],
    notifyLevel: [row([2, 1])],
    describeFastchannel: [row([0, 8], NOT_SUPPORTED)],
    nameGet: [row([0])],
  },
  clock: {
    clockAttributes: [row([2]), row([99], NOT_FOUND)],
    describeRates: [row([0, 0]), row([2, 0])],
    rateSet: [row([0, 2, 500_000_000, 0]), async([1, 2, 600_000_000, 0])],
    rateGet: [row([2])],
    configSet: [row([2, 1, 0])],
    nameGet: [row([2])],
    rateNotify: [row([2, 1])],
    rateChangeRequestedNotify: [row([2, 1])],
    configGet: [row([2, 0])],
    possibleParentsGet: [row([7, 0]), row([2, 0], NOT_SUPPORTED)],
    parentSet: [row([7, 0]), row([7, 1])],
    parentGet: [row([7])],
    getPermissions: [row([2])],
  },
  sensor: {
    descriptionGet: [row([0])],
    tripPointNotify: [row([0, 1])],
    tripPointConfig: [row([0, 1, 60_000, 0])],
    readingGet: [row([8, 0]), async([4, 1])],
    axisDescriptionGet: [row([13, 0])],
    listUpdateIntervals: [row([13, 0])],
    configGet: [row([13])],
    configSet: [row([13, 1])],
    continuousUpdateNotify: [row([13, 0])],
    nameGet: [row([0])],
    axisNameGet: [row([13, 0], NOT_SUPPORTED)],
  },
  'reset domain': {
    domainAttributes: [row([0]), row([99], NOT_FOUND)],
    reset: [row([0, 1, 0]), async([4, 5, 0]), row([6, 1, 0], DENIED)],
    notify: [row([0, 1])],
    nameGet: [row([4])],
  },
  'voltage domain': {
    domainAttributes: [row([0]), row([99], NOT_FOUND)],
    describeLevels: [row([0, 0]), row([2, 0])],
    configSet: [row([2, 7])],
    configGet: [row([2])],
    levelSet: [row([0, 0, 1_000_000]), async([2, 1, 850_000])],
    levelGet: [row([0])],
    nameGet: [row([4])],
  },
  powercap: {
    domainAttributes: [row([0]), row([99], NOT_FOUND)],
    capGet: [row([0])],
    capSet: [row([1, 0, 4000]), async([2, 2, 3000])],
    paiGet: [row([0])],
    paiSet: [row([0, 0, 10_000])],
    nameGet: [row([0])],
    measurementsGet: [row([0])],
    capNotify: [row([0, 1])],
    measurementsNotify: [row([0, 1, 100, 15_000])],
  },
  'pin control': {
    pinctrlAttributes: [row([0, 0]), row([99, 0], NOT_FOUND)],
    listAssociations: [row([0, 1, 0])],
    // All settings at once are longer than Linux's raw mode keeps.
    settingsGet: [row([0, 4], NOT_SUPPORTED), row([0, 2 << 18])],
    settingsConfigure: [row([0, 0, 0x405, 4, 1])],
    request: [row([4, 0])],
    release: [row([4, 0])],
    nameGet: [row([0, 0])],
  },
};

const COMMANDS = PROTOCOLS.flatMap(({ declaration }) =>
  Object.entries(declaration.commands)
    .sort(([, a], [, b]) => a.id - b.id)
    .flatMap(([key, command]) =>
      (ROWS[declaration.name]?.[key] ?? COMMON[key] ?? []).map(one => ({
        ...one,
        declaration,
        command,
        protocol: declaration.id,
      })),
    ),
);

/** The header and status of an answer. */
const start = (header: Uint8Array, status: number): string =>
  `${toHex(header)} ${toHex(new Uint8Array(Int32Array.of(status).buffer))}`;

function rawTests(boot: string): void {
  it('answers as declared', async () => {
    const server = await Server.start(build());
    const printed = await new Guest(boot, server.socket('ospm0'), rawScript(COMMANDS)).finish();
    await server.stop();
    const answers = answersIn(printed);
    COMMANDS.forEach((one, token) => {
      const { command, declaration, status } = one;
      const version = declaration.versions[declaration.versions.length - 1] ?? 0;
      const header = bytesOf(one, token).slice(0, 4);
      const answer = answers.shift() ?? '';
      expect([command.name, answer.slice(0, 17)]).toEqual([command.name, start(header, status)]);
      if (status !== SUCCESS) {
        expect([command.name, answer.length]).toEqual([command.name, 17]);
      } else if (one.async === true) {
        const word = new DataView(header.buffer).getUint32(0, true);
        const delayed = new Uint8Array(Uint32Array.of(withType(word, MessageType.DELAYED_RESPONSE)).buffer);
        expect(answer).toBe(start(header, SUCCESS));
        const later = answers.shift() ?? '';
        expect([command.name, later.slice(0, 17)]).toEqual([command.name, start(delayed, SUCCESS)]);
        expect(fromHex(later).length).toBeGreaterThanOrEqual(4 + layoutAt(command.delayed ?? [], version).size);
        expect([protocolOf(word), typeOf(word)]).toEqual([declaration.id, MessageType.COMMAND]);
      } else {
        const layout = layoutAt(command.response, version);
        const length = fromHex(answer).length - 4;
        expect([command.name, layout.tail === undefined ? length : Math.min(length, layout.size)]).toEqual([
          command.name,
          layout.size,
        ]);
      }
    });
    expect(answers).toEqual([]);
  });
}

it('has a row for every command of every protocol', () => {
  const missing = PROTOCOLS.flatMap(({ declaration: { name, commands } }) =>
    Object.keys(commands)
      .filter(key => ROWS[name]?.[key] === undefined && COMMON[key] === undefined)
      .map(key => `${name} ${key}`),
  );
  expect(missing).toEqual([]);
});

for (const { name, boot, missing } of guests(REAL_ROOT)) {
  if (missing.length === 0) describe(name, () => rawTests(boot));
  else describe.skip(`${name} (skipped: missing ${missing.join(', ')})`, () => rawTests(boot));
}
