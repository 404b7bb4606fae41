// SPDX-License-Identifier: BSD-3-Clause
/** The cases of Arm's compliance suite for the System power protocol, in its way: token 0, a 128-byte area, version 1.0. */
import { SystemServer } from './systems.ts';

/** The area holds 128 bytes, 24 of them before the header. */
const AREA = 104;

function suite() {
  const server = new SystemServer({ version: 0x10000, agents: { ospm0: { system: 'board', set: false } } });
  return { server, send: (hex: string) => server.exchange('ospm0', hex, AREA) };
}

describe('compliance suite, system power', () => {
  it('s001 PROTOCOL_VERSION', () => {
    expect(suite().send('00480000')).toBe('00480000 00000000 00000100');
  });

  it('s002 PROTOCOL_ATTRIBUTES', () => {
    expect(suite().send('01480000')).toBe('01480000 00000000 00000000');
  });

  it('s003 PROTOCOL_MESSAGE_ATTRIBUTES of the mandatory commands', () => {
    const { send } = suite();
    expect(send('02480000 03000000')).toBe('02480000 00000000 000000c0');
    expect(send('02480000 04000000')).toBe('02480000 00000000 00000000');
  });

  it('s004 a command that is not there', () => {
    const { send } = suite();
    expect(send('06480000')).toBe('06480000 fcffffff');
    expect(send('02480000 06000000')).toBe('02480000 fcffffff');
  });

  it('s005 SYSTEM_POWER_STATE_SET with reserved flags, from an agent without rights', () => {
    const { send, server } = suite();
    expect(send('03480000 0f000000 01000000')).toBe('03480000 feffffff');
    expect(server.state()).toBe(3);
  });

  it('s006 SYSTEM_POWER_STATE_GET', () => {
    expect(suite().send('04480000')).toBe('04480000 ffffffff');
  });

  it('s007 SYSTEM_POWER_STATE_NOTIFY with reserved bits, if it is there', () => {
    const { send, server } = suite();
    expect(send('02480000 05000000')).toBe('02480000 00000000 00000000');
    expect(send('05480000 0f000000')).toBe('05480000 feffffff');
    server.setP2a('ospm0', false);
    expect(send('02480000 05000000')).toBe('02480000 ffffffff');
    expect(send('05480000 01000000')).toBe('05480000 ffffffff');
  });
});

describe('suggested cases, system power', () => {
  it('empty and short payloads', () => {
    const server = new SystemServer();
    for (const [id, size] of [
      [2, 4],
      [3, 8],
      [5, 4],
      [0x10, 4],
    ] as const) {
      const header = id.toString(16).padStart(2, '0');
      for (const length of [0, size - 1, size + 4]) {
        expect(server.exchange('ospm0', `${header}480000${'00'.repeat(length)}`)).toBe(`${header}480000 f6ffffff`);
      }
    }
    for (const id of ['00', '01', '04']) {
      expect(server.exchange('ospm0', `${id}480000 00000000`)).toBe(`${id}480000 f6ffffff`);
    }
    expect(server.state()).toBe(3);
  });

  it('duplicate subscriptions tell once', () => {
    const server = new SystemServer();
    for (const _time of [1, 2]) expect(server.status('ospm0', 'stateNotify', 1)).toBe(0);
    server.power.request(server.systemId(), 0, true, 0, 0);
    server.advance(0);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('a platform-initiated graceful shutdown, as Linux 6.12 needs it: 16 bytes, graceful, with the time', () => {
    const server = new SystemServer({
      systems: {
        board: {
          schedule: [{ after: 5_000_000, from: 'agent', request: 'shutdown', graceful: true, timeout: 2_000_000 }],
        },
      },
    });
    expect(server.exchange('ospm0', '00480000')).toBe('00480000 00000000 01000200');
    expect(server.exchange('ospm0', '02480000 05000000')).toBe('02480000 00000000 00000000');
    server.advance(60_000_000);
    expect(server.exchange('ospm0', '05480000 01000000')).toBe('05480000 00000000');
    server.advance(4_999_999);
    expect(server.events('ospm0')).toEqual([]);
    server.advance(1);
    expect(server.events('ospm0')).toEqual(['004b0000 00000000 01000000 00000000 d0070000']);
    server.advance(2_000_000);
    expect(server.state()).toBe(0);
    expect(server.events('ospm0')).toEqual([]);
  });
});
