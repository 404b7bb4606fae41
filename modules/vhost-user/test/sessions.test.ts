// SPDX-License-Identifier: BSD-3-Clause
/** Message sequences as QEMU 10.0 and user-mode Linux 6.12 send them, with the exact bytes that come back. */
import { REQUESTS } from '@scp/vhost-user/front-end';
import { bytes, hex, type Rig, withRig } from './rig.ts';

const MEMORY = 0x10_0000;

/** What is sent (a whole message), the kinds of descriptors that go with it, and the reply. */
type Step = readonly [name: string, sent: string, descriptors: string, reply: string];

const ACK = (id: string): string => `${id}000000 05000000 08000000 0000000000000000`;

const qemuCreation: readonly Step[] = [
  ['GET_FEATURES', '01000000 01000000 00000000', '', '01000000 05000000 08000000 0100007001000000'],
  ['GET_PROTOCOL_FEATURES', '0f000000 01000000 00000000', '', '0f000000 05000000 08000000 2920000000000000'],
  ['SET_PROTOCOL_FEATURES', '10000000 01000000 08000000 2920000000000000', '', ''],
  ['GET_QUEUE_NUM', '11000000 01000000 00000000', '', '11000000 05000000 08000000 0200000000000000'],
  ['SET_BACKEND_REQ_FD', '15000000 09000000 00000000', 'event', ACK('15')],
  ['SET_OWNER', '03000000 01000000 00000000', '', ''],
  ['GET_FEATURES', '01000000 01000000 00000000', '', '01000000 05000000 08000000 0100007001000000'],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_ERR', '0e000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0100000000000000', 'event', ''],
  ['SET_VRING_ERR', '0e000000 01000000 08000000 0100000000000000', 'event', ''],
];

// Guest 0x40000000, size 1 MiB, user 0x7f0000000000, offset 0. ADDR: flags, descriptors, used, available, log.
const qemuReady: readonly Step[] = [
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0100000000000000', 'event', ''],
  ['SET_FEATURES', '02000000 01000000 08000000 0100007001000000', '', ''],
  [
    'SET_MEM_TABLE',
    '05000000 09000000 28000000 01000000 00000000 0000004000000000 0000100000000000 000000 00007f0000 0000000000000000',
    'memory',
    ACK('05'),
  ],
  ['SET_VRING_NUM', '08000000 01000000 08000000 00000000 00010000', '', ''],
  ['SET_VRING_BASE', '0a000000 01000000 08000000 00000000 00000000', '', ''],
  [
    'SET_VRING_ADDR',
    '09000000 01000000 28000000 00000000 00000000 00000000007f0000 00200000007f0000 00100000007f0000 0020004000000000',
    '',
    '',
  ],
  ['SET_VRING_KICK', '0c000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_NUM', '08000000 01000000 08000000 01000000 00010000', '', ''],
  ['SET_VRING_BASE', '0a000000 01000000 08000000 01000000 00000000', '', ''],
  [
    'SET_VRING_ADDR',
    '09000000 01000000 28000000 01000000 00000000 00400000007f0000 00600000007f0000 00500000007f0000 0060004000000000',
    '',
    '',
  ],
  ['SET_VRING_KICK', '0c000000 01000000 08000000 0100000000000000', 'event', ''],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 00000000 01000000', '', ACK('12')],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 01000000 01000000', '', ACK('12')],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0100000000000000', 'event', ''],
];

const qemuStop: readonly Step[] = [
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 00000000 00000000', '', ACK('12')],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 01000000 00000000', '', ACK('12')],
  [
    'GET_VRING_BASE',
    '0b000000 01000000 08000000 00000000 00000000',
    '',
    '0b000000 05000000 08000000 00000000 00000000',
  ],
  [
    'GET_VRING_BASE',
    '0b000000 01000000 08000000 01000000 00000000',
    '',
    '0b000000 05000000 08000000 01000000 00000000',
  ],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0000000000000000', 'event', ''],
  ['SET_VRING_CALL', '0d000000 01000000 08000000 0100000000000000', 'event', ''],
];

const umlProbe: readonly Step[] = [
  ['SET_OWNER', '03000000 01000000 00000000', '', ''],
  ['GET_FEATURES', '01000000 01000000 00000000', '', '01000000 05000000 08000000 0100007001000000'],
  ['GET_PROTOCOL_FEATURES', '0f000000 01000000 00000000', '', '0f000000 05000000 08000000 2920000000000000'],
  ['SET_PROTOCOL_FEATURES', '10000000 09000000 08000000 2800000000000000', '', ACK('10')],
  ['SET_BACKEND_REQ_FD', '15000000 09000000 00000000', 'event', ACK('15')],
];

// Room for two regions, one used; guest address = user address = offset.
const umlDriver: readonly Step[] = [
  ['SET_FEATURES', '02000000 09000000 08000000 0100007001000000', '', ACK('02')],
  [
    'SET_MEM_TABLE',
    '05000000 09000000 48000000 01000000 00000000 0000001500000000 0000100000000000 0000001500000000 0000001500000000' +
      ' 0000000000000000 0000000000000000 0000000000000000 0000000000000000',
    'hole',
    ACK('05'),
  ],
  ['SET_VRING_CALL', '0d000000 09000000 08000000 0000000000000000', 'event', ACK('0d')],
  ['SET_VRING_NUM', '08000000 09000000 08000000 00000000 00010000', '', ACK('08')],
  ['SET_VRING_BASE', '0a000000 09000000 08000000 00000000 00000000', '', ACK('0a')],
  [
    'SET_VRING_ADDR',
    '09000000 09000000 28000000 00000000 00000000 0000001500000000 0020001500000000 0010001500000000 ffffffffffffffff',
    '',
    ACK('09'),
  ],
  ['SET_VRING_CALL', '0d000000 09000000 08000000 0100000000000000', 'event', ACK('0d')],
  ['SET_VRING_NUM', '08000000 09000000 08000000 01000000 00010000', '', ACK('08')],
  ['SET_VRING_BASE', '0a000000 09000000 08000000 01000000 00000000', '', ACK('0a')],
  [
    'SET_VRING_ADDR',
    '09000000 09000000 28000000 01000000 00000000 0040001500000000 0060001500000000 0050001500000000 ffffffffffffffff',
    '',
    ACK('09'),
  ],
  ['SET_VRING_KICK', '0c000000 09000000 08000000 0000000000000000', 'event', ACK('0c')],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 00000000 01000000', '', ACK('12')],
  ['SET_VRING_KICK', '0c000000 09000000 08000000 0100000000000000', 'event', ACK('0c')],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 01000000 01000000', '', ACK('12')],
];

const umlRemoval: readonly Step[] = [
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 01000000 00000000', '', ACK('12')],
  ['SET_VRING_ENABLE', '12000000 09000000 08000000 00000000 00000000', '', ACK('12')],
  ['GET_FEATURES', '01000000 01000000 00000000', '', '01000000 05000000 08000000 0100007001000000'],
];

function replay(rig: Rig, steps: readonly Step[]): string[] {
  const frontEnd = rig.connect();
  const { posix } = rig;
  for (const [name, sent, kind, reply] of steps) {
    const descriptor = {
      '': -1,
      event: posix.eventfd(),
      memory: posix.memfd('m', MEMORY),
      hole: posix.memfd('m', 0x1500_0000 + MEMORY),
    };
    const fd = Object.entries(descriptor).find(([key]) => key === kind)?.[1] ?? -1;
    frontEnd.sendBytes(bytes(sent), fd < 0 ? [] : [fd]);
    for (const opened of Object.values(descriptor)) if (opened >= 0) posix.close(opened);
    rig.settle();
    const got = frontEnd.takeReply();
    const whole =
      got === undefined
        ? ''
        : hex(Uint8Array.of(got.id, 0, 0, 0, got.flags, 0, 0, 0, got.payload.length, 0, 0, 0, ...got.payload));
    expect([name, whole]).toEqual([name, reply.split(' ').join('')]);
    expect(bytes(sent)[0]).toBe([...REQUESTS.values()].find(declaration => declaration.name === name)?.id);
  }
  expect(frontEnd.closed).toBe(false);
  expect(rig.host.logged()).toEqual([]);
  frontEnd.close();
  rig.settle();
  return rig.host.lines.map(({ line }) => line).filter(line => line.includes('] one: ') && !line.includes('listening'));
}

const started = [
  '[VHOST-USER] one: ring 0 started: 256 descriptors, base 0',
  '[VHOST-USER] one: ring 1 started: 256 descriptors, base 0',
];
const connected = '[VHOST-USER] one: connected';
const ended = '[VHOST-USER] one: disconnected: closed by the front end';
// The memory of this test's user-mode Linux can be sealed; its own can't.

describe('QEMU', () => {
  it('creates the device and waits for the driver', () =>
    withRig(rig => expect(replay(rig, qemuCreation)).toEqual([connected, ended])));

  it('starts the device', () =>
    withRig(rig => expect(replay(rig, [...qemuCreation, ...qemuReady])).toEqual([connected, ...started, ended])));

  it('stops it when the guest reboots, and starts it again', () =>
    withRig(rig => {
      const steps = [...qemuCreation, ...qemuReady, ...qemuStop, ...qemuReady, ...qemuStop];
      expect(replay(rig, steps)).toEqual([connected, ...started, ...started, ended]);
    }));

  it('starts a device on a new connection, without any negotiation', () =>
    withRig(rig => {
      replay(rig, [...qemuCreation, ...qemuReady]);
      rig.host.lines.length = 0;
      expect(replay(rig, qemuReady)).toEqual([connected, ...started, ended]);
    }));
});

describe('user-mode Linux', () => {
  it('starts the device', () =>
    withRig(rig => expect(replay(rig, [...umlProbe, ...umlDriver])).toEqual([connected, ...started, ended])));

  it('stops it by disabling the rings', () =>
    withRig(rig =>
      expect(replay(rig, [...umlProbe, ...umlDriver, ...umlRemoval])).toEqual([connected, ...started, ended]),
    ));

  it('binds the driver again', () =>
    withRig(rig => {
      const steps = [...umlProbe, ...umlDriver, ...umlRemoval, ...umlDriver];
      expect(replay(rig, steps)).toEqual([connected, ...started, ...started, ended]);
    }));
});
