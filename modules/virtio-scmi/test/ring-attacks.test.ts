// SPDX-License-Identifier: BSD-3-Clause
/**
 * What a hostile driver can do with its memory. Each case: the verdict, then the same device set up anew answers, and the
 * other device never noticed.
 */
import { DescriptorFlag, Feature } from '@scp/virtio-scmi/api';
import { DRIVER_FEATURES, type DriverRing } from '@scp/virtio-scmi/driver';
import { BASE, echo, request, Rig, type Side } from './rig.ts';

const { NEXT, WRITE, INDIRECT } = DescriptorFlag;
const MEMORY = 0x40_0000;
const END = BASE + MEMORY;
/** Where cases put requests, responses and indirect tables. */
const REQUEST = 0x3c_0000;
const RESPONSE = 0x3d_0000;
const TABLE = 0x3e_0000;

type Words = [low: number, high: number, length: number, flags: number, next: number];

function describeAll(ring: DriverRing, descriptors: readonly Words[], table = ring.descriptorsAt): void {
  descriptors.forEach(([low, high, length, flags, next], index) =>
    ring.describe(index, { low, high, length, flags, next }, table),
  );
}

const readable = (length = 12, address = BASE + REQUEST): Words => [address, 0, length, NEXT, 1];
const writable = (length = 16, address = BASE + RESPONSE): Words => [address, 0, length, WRITE, 0];

/** A chain of these descriptors at 0, made available. */
function chain(...descriptors: Words[]): (side: Side) => void {
  return ({ driver }) => {
    driver.memory.u8.set(request(1), REQUEST);
    describeAll(driver.commands, descriptors);
    driver.commands.offer(0);
  };
}

/** The same in an indirect table that is said to be `length` bytes. */
function table(length: number, flags: number, at: number, ...descriptors: Words[]): (side: Side) => void {
  return ({ driver }) => {
    driver.memory.u8.set(request(1), REQUEST);
    if (at >= 0 && at + 16 * descriptors.length <= MEMORY) describeAll(driver.commands, descriptors, at);
    driver.commands.describe(0, { low: BASE + at, length, flags, next: 1 });
    driver.commands.offer(0);
  };
}

/** The verdicts. */
const ANSWERED = 'answered';
const EMPTY = 'returned empty';
const INDEX = '0: more buffers available than the queue has';
const HEAD = '0: a head beyond the descriptor table';
const LINK = '0: a descriptor links beyond its table';
const LOOP = '0: a chain longer than its table';
const ADDRESS = '0: a buffer outside guest memory';
const ORDER = '0: a readable descriptor after a writable one';
const TOTAL = '0: a chain of more than 4 GiB';
const TABLE_FEATURE = '0: an indirect table without the feature';
const TABLE_FLAGS = '0: an indirect descriptor inside a table, or with a next one';
const TABLE_LENGTH = '0: an indirect table of a wrong length';
const TABLE_ADDRESS = '0: an indirect table outside guest memory';

type Attack = readonly [name: string, verdict: string, attack: (side: Side) => void, features?: number];

const attacks: readonly Attack[] = [
  // §17.1
  ['the available index jumps by more than the size', INDEX, ({ driver }) => driver.commands.setAvailableIndex(257)],
  ['the available index goes back', INDEX, ({ driver }) => driver.commands.setAvailableIndex(-1)],
  // §17.2
  ['a head of the size', HEAD, ({ driver }) => driver.commands.offer(256)],
  ['a head of 65535', HEAD, ({ driver }) => driver.commands.offer(0xffff)],
  ['a next of the size', LINK, chain([BASE + REQUEST, 0, 12, NEXT, 256])],
  ['a next of 65535', LINK, chain([BASE + REQUEST, 0, 12, NEXT, 0xffff])],
  ['a descriptor that links to itself', LOOP, chain([BASE + REQUEST, 0, 12, NEXT, 0])],
  ['two that link to each other', LOOP, chain(readable(), [BASE + REQUEST, 0, 12, NEXT, 0])],
  ['a loop in the writable part', LOOP, chain(readable(), [BASE + RESPONSE, 0, 1, WRITE | NEXT, 1])],
  [
    'a chain of exactly the size',
    ANSWERED,
    chain(
      ...Array.from({ length: 256 }, (_, at): Words =>
        at < 12
          ? [BASE + REQUEST + at, 0, 1, NEXT, at + 1]
          : [BASE + RESPONSE + at, 0, 1, WRITE | (at < 255 ? NEXT : 0), at + 1],
      ),
    ),
  ],
  // §17.4
  ['address 0', ADDRESS, chain([0, 0, 12, NEXT, 1], writable())],
  ['a request just below the memory', ADDRESS, chain(readable(12, BASE - 12), writable())],
  ['a request that begins below the memory', ADDRESS, chain(readable(12, BASE - 1), writable())],
  ['a request that ends with the memory', ANSWERED, chain(readable(12, END - 12), writable())],
  ['a request that ends behind the memory', ADDRESS, chain(readable(12, END - 11), writable())],
  ['a request behind the memory', ADDRESS, chain(readable(12, END), writable())],
  ['a response that ends with the memory', ANSWERED, chain(readable(), writable(16, END - 16))],
  ['a response that ends behind the memory', ADDRESS, chain(readable(), writable(16, END - 15))],
  ['an address that wraps 2^64', ADDRESS, chain([0xffff_fffc, 0xffff_ffff, 12, NEXT, 1], writable())],
  ['an address of 2^53', ADDRESS, chain([0, 0x20_0000, 12, NEXT, 1], writable())],
  ['an address of 2^63', ADDRESS, chain([0, 0x8000_0000, 12, NEXT, 1], writable())],
  ['a high word on a good address', ADDRESS, chain([BASE + REQUEST, 1, 12, NEXT, 1], writable())],
  ['a request of 2^32 - 1 bytes', ADDRESS, chain(readable(0xffff_ffff), writable())],
  ['a response of 2^32 - 1 bytes', ADDRESS, chain(writable(0xffff_ffff))],
  ['more than 4 GiB in all', TOTAL, chain(readable(), writable(0xffff_ffff))],
  ['no bytes at a bad address', ANSWERED, chain(readable(), [0, 0xffff_ffff, 0, NEXT | WRITE, 2], writable())],
  // §17.5, §17.10
  ['a readable descriptor after a writable one', ORDER, chain([BASE, 0, 8, WRITE | NEXT, 1], [BASE, 0, 8, 0, 0])],
  ['the same, with an empty writable one', ORDER, chain([BASE, 0, 0, WRITE | NEXT, 1], [BASE, 0, 8, 0, 0])],
  ['nothing readable', EMPTY, chain(writable())],
  ['nothing writable', EMPTY, chain([BASE + REQUEST, 0, 12, 0, 0])],
  ['three readable bytes', EMPTY, chain(readable(3), writable())],
  ['seven writable bytes', EMPTY, chain(readable(), writable(7))],
  ['unknown flags', ANSWERED, chain([BASE + REQUEST, 0, 12, NEXT | 0xfff8, 1], writable())],
  // §17.6
  ...[0, 8, 15, 17, 16 * 257, 0xffff_fff0].map((length): Attack => [
    `an indirect table of ${length} bytes`,
    TABLE_LENGTH,
    table(length, INDIRECT, TABLE, readable(), writable()),
  ]),
  ['an indirect table of one', EMPTY, table(16, INDIRECT, TABLE, writable())],
  ['a good indirect table', ANSWERED, table(32, INDIRECT, TABLE, readable(), writable())],
  ['one marked writable', ANSWERED, table(32, INDIRECT | WRITE, TABLE, readable(), writable())],
  ['an indirect table below the memory', TABLE_ADDRESS, table(32, INDIRECT, -64)],
  ['an indirect table across the end', TABLE_ADDRESS, table(32, INDIRECT, MEMORY - 16, readable())],
  ['a table in a table', TABLE_FLAGS, table(16, INDIRECT, TABLE, [BASE + TABLE, 0, 16, INDIRECT, 0])],
  ['indirect with next', TABLE_FLAGS, table(32, INDIRECT | NEXT, TABLE, readable(), writable())],
  ['an indirect table without the feature', TABLE_FEATURE, table(32, INDIRECT, TABLE), Feature.RING_EVENT_IDX],
  ['a next beyond the indirect table', LINK, table(32, INDIRECT, TABLE, [BASE + REQUEST, 0, 12, NEXT, 2])],
  ['a loop in the indirect table', LOOP, table(32, INDIRECT, TABLE, readable(), [BASE, 0, 4, NEXT, 0])],
  [
    'a direct request, then a table with the response',
    ANSWERED,
    side => {
      chain(readable(), [BASE + TABLE, 0, 16, INDIRECT, 0])(side);
      describeAll(side.driver.commands, [writable()], TABLE);
    },
  ],
  [
    'a table over the descriptor table',
    ANSWERED,
    side => {
      const { commands } = side.driver;
      side.driver.memory.u8.set(request(1), REQUEST);
      describeAll(commands, [[BASE + commands.descriptorsAt + 16, 0, 32, INDIRECT, 0], readable(), writable()]);
      commands.offer(0);
    },
  ],
  [
    'a table over the used ring',
    EMPTY,
    side => table(32, INDIRECT, side.driver.commands.usedAt + 16, [BASE, 0, 3, NEXT, 1], writable())(side),
  ],
  // §17.7: the driver harms itself only.
  ['a response over the request', ANSWERED, chain(readable(), writable(16, BASE + REQUEST))],
  [
    'a response over the used ring',
    ANSWERED,
    side => chain(readable(), writable(16, BASE + side.driver.commands.usedAt + 64))(side),
  ],
  [
    'a response over the descriptors',
    ANSWERED,
    side => chain(readable(), writable(16, BASE + side.driver.commands.descriptorsAt))(side),
  ],
  // The echo of the request turns the available index into one far away.
  [
    'a response over the available ring',
    INDEX,
    side => chain(readable(), writable(16, BASE + side.driver.commands.availableAt))(side),
  ],
  // §17.9
  [
    'any flags and event word in the available ring',
    ANSWERED,
    side => {
      side.driver.commands.setAvailableFlags(0xffff);
      side.driver.commands.setUsedEvent(0x1234);
      chain(readable(), writable())(side);
    },
  ],
];

describe('a hostile driver', () => {
  const cases = attacks.map(([name, verdict, attack, features = DRIVER_FEATURES]) => ({
    name,
    verdict,
    attack,
    features,
  }));

  it.each(cases)('$name: $verdict', ({ verdict, attack, features }) => {
    const { one, other, host } = new Rig({ memory: MEMORY });
    one.start(0, features);
    const slot = other.driver.post(request(9), 136);
    other.device.kick(0);
    attack(one);
    one.device.kick(0);
    one.pump();

    if (verdict === ANSWERED) {
      expect(one.defects).toEqual([]);
      expect(one.service.handled.length).toBe(1);
    } else if (verdict === EMPTY) {
      expect(one.defects).toEqual([]);
      expect(one.service.handled).toEqual([]);
      expect([one.driver.commands.take(), one.driver.commands.length]).toEqual([true, 0]);
    } else {
      expect(one.defects).toEqual([verdict]);
      const before = Buffer.from(one.bytes.slice(0));
      for (let kicks = 0; kicks < 3; kicks++) {
        one.device.kick(0);
        one.pump();
      }
      expect(one.defects.length).toBe(1);
      expect(Buffer.from(one.bytes).equals(before)).toBe(true);
    }

    expect(other.driver.reap()).toBe(slot);
    expect(other.driver.response(slot)).toEqual(echo(request(9)));
    one.start();
    expect(one.exchange(request(2))).toEqual(echo(request(2)));
    expect(other.exchange(request(3))).toEqual(echo(request(3)));
    expect(other.defects).toEqual([]);
    expect(host.logged()).toEqual([]);
  });

  it.each([1, 256, 32768])('that offers all of a queue of %i at once is served', queueSize => {
    const { one } = new Rig({
      memory: 0x200_0000,
      driver: { queueSize, features: Feature.RING_INDIRECT_DESC, commands: 1 },
    });
    const { driver } = one;
    one.start(65535);
    driver.memory.u8.set(request(1), REQUEST);
    describeAll(driver.commands, [readable(), writable()], TABLE);
    for (let head = 0; head < queueSize; head++) {
      driver.commands.describe(head, { low: BASE + TABLE, length: 32, flags: INDIRECT });
      driver.commands.offer(head);
    }
    one.service.records = false;
    one.pump();
    expect(one.defects).toEqual([]);
    expect(driver.commands.usedIndex).toBe((65535 + queueSize) & 0xffff);
  });

  // §17.3
  it('that offers one head many times is answered as many times', () => {
    const { one } = new Rig({ memory: MEMORY });
    chain(readable(), writable())(one);
    for (let again = 0; again < 255; again++) one.driver.commands.offer(again % 2);
    one.pump();
    expect(one.defects).toEqual([]);
    expect(one.driver.commands.usedIndex).toBe(256);
  });

  // §17.8: what is checked is what is used.
  it('that changes the request after it was read changes nothing', () => {
    const { one } = new Rig({ memory: MEMORY });
    chain(readable(), writable())(one);
    one.service.handling = () => one.driver.memory.u8.fill(0xff, REQUEST, REQUEST + 12);
    one.pump();
    expect(one.driver.memory.u8.slice(RESPONSE, RESPONSE + 16)).toEqual(echo(request(1)));
  });

  it('that changes the descriptors while the command is handled changes nothing', () => {
    const { one } = new Rig({ memory: MEMORY });
    chain(readable(), writable())(one);
    one.service.handling = () => {
      describeAll(one.driver.commands, [
        [0, 0xffff_ffff, 0xffff_ffff, 0xffff, 0xffff],
        [0, 0xffff_ffff, 0xffff_ffff, 0xffff, 0xffff],
      ]);
    };
    one.pump();
    expect(one.defects).toEqual([]);
    expect(one.driver.memory.u8.slice(RESPONSE, RESPONSE + 16)).toEqual(echo(request(1)));
  });

  // §17.12
  it('that fills its queue does not change the class of another’s latency', () => {
    const { one, other, framework } = new Rig({
      memory: 0x100_0000,
      driver: { queueSize: 1024, commands: 512, requestSize: 16, responseSize: 16 },
    });
    for (let count = 0; count < 512; count++) one.driver.post(request(count), 16);
    one.device.kick(0);
    framework.run(10);
    other.driver.post(request(1), 136);
    other.device.kick(0);
    let before = -1;
    other.service.handling = () => (before = one.service.handled.length);
    const atKick = one.service.handled.length;
    framework.run();
    expect(before - atKick).toBeLessThanOrEqual(2);
  });

  it('of an event queue breaks that one alone', () => {
    const { one } = new Rig();
    one.driver.events.offer(999);
    expect(one.service.transport?.transmit(one.service.response, 8, true)).toBe(true);
    expect(one.defects).toEqual(['1: a head beyond the descriptor table']);
    expect(one.service.transport?.hasP2a).toBe(false);
    expect(one.exchange(request(1))).toEqual(echo(request(1)));
    one.driver.events.reset();
    one.startQueue(1, one.driver.events, 0);
    one.driver.postEvents();
    one.pump();
    expect(one.driver.takeEvent()?.length).toBe(8);
  });
});

describe('any ring at all', () => {
  it('does not end the process, nor disturb the other device', () => {
    let seed = 20260101;
    const random = (limit: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 0x1_0000_0000) * limit);
    };
    const { one, other } = new Rig({ memory: MEMORY, driver: { queueSize: 16 } });
    one.service.records = false;
    const addresses = [0, BASE, BASE + REQUEST, BASE + RESPONSE, END - 8, END, BASE + one.driver.commands.usedAt];
    for (let round = 0; round < 3000; round++) {
      one.start(random(65536), random(2) === 0 ? DRIVER_FEATURES : Feature.SCMI_P2A_CHANNELS);
      for (const ring of [one.driver.commands, one.driver.events]) {
        for (let index = 0; index < 16; index++) {
          ring.describe(index, {
            low: addresses[random(addresses.length)] ?? 0,
            high: random(20) === 0 ? random(0xffff_ffff) : 0,
            length: random(4) === 0 ? 16 * random(5) : random(300),
            flags: random(8),
            next: random(17),
          });
        }
        for (let count = random(17); count > 0; count--) ring.offer(random(random(30) === 0 ? 20 : 16));
      }
      one.device.kick(0);
      one.service.transport?.transmit(one.service.response, random(40), random(2) === 0);
      one.pump();
      one.device.kick(1);
      one.pump();
    }
    expect(one.defects.length).toBeGreaterThan(100);
    expect(other.exchange(request(3))).toEqual(echo(request(3)));
    one.start();
    expect(one.exchange(request(2))).toEqual(echo(request(2)));
  });
});
