// SPDX-License-Identifier: BSD-3-Clause
import { Page } from '@scp/scmi/api';
import { DescriptorFlag, Feature, FeatureHigh } from '@scp/virtio-scmi/api';
import { DRIVER_FEATURES } from '@scp/virtio-scmi/driver';
import { BASE, echo, request, Rig, type RigOptions, type Side } from './rig.ts';

/** An event of `length` bytes with a header that says which it is. */
function page(word: number, length = 12): Page {
  const made = new Page(1020);
  made.bytes.set(request(word, length));
  return made;
}

const notify = (side: Side, word: number, length = 12): boolean | undefined =>
  side.service.transport?.transmit(page(word, length), length, false);
const delay = (side: Side, word: number, length = 12): boolean | undefined =>
  side.service.transport?.transmit(page(word, length), length, true);

function events(side: Side): (Uint8Array | undefined)[] {
  const taken: Uint8Array[] = [];
  for (let event = side.driver.takeEvent(); event !== undefined; event = side.driver.takeEvent()) taken.push(event);
  return taken;
}

/** A rig whose first side has posted its event buffers. */
function rigWithEvents(options: RigOptions = {}): Rig {
  const rig = new Rig(options);
  rig.one.driver.postEvents();
  rig.one.pump();
  return rig;
}

/** Offers event buffers of these sizes, by hand. */
function offer(side: Side, ...sizes: number[]): void {
  const at = BASE + side.driver.memory.allocate(2048);
  sizes.forEach((length, index) => {
    side.driver.events.describe(index, { low: at, length, flags: DescriptorFlag.WRITE });
    side.driver.events.offer(index);
  });
}

/** Takes returned event buffers: id and length of each. */
function returned(side: Side): [number, number][] {
  const all: [number, number][] = [];
  while (side.driver.events.take()) all.push([side.driver.events.id, side.driver.events.length]);
  return all;
}

describe('hasP2a', () => {
  it('needs the feature and the queue', () => {
    const { one } = new Rig();
    expect(one.service.transport?.hasP2a).toBe(true);
    one.device.stop(1);
    expect(one.service.transport?.hasP2a).toBe(false);
    one.start(0, Feature.RING_EVENT_IDX);
    expect(one.service.transport?.hasP2a).toBe(false);
    expect(notify(one, 1)).toBe(false);
    expect(delay(one, 1)).toBe(false);
  });
});

describe.each([
  ['event index', DRIVER_FEATURES],
  ['flags', Feature.SCMI_P2A_CHANNELS],
])('an event (%s)', (_name, features) => {
  it.each([
    ['notification', notify],
    ['delayed response', delay],
  ])('that is a %s fills one buffer, exactly', (_kind, send) => {
    const { one } = rigWithEvents({ driver: { features } });
    for (const length of [8, 12, 36, 1024]) expect(send(one, 0x55, length)).toBe(true);
    expect(one.interrupts).toEqual([0, 4 - (features === DRIVER_FEATURES ? 3 : 0)]);
    expect(events(one)).toEqual([8, 12, 36, 1024].map(length => request(0x55, length)));
  });

  it('that is a notification is dropped without a buffer, and said to be', () => {
    const { one, host } = new Rig({ driver: { features } });
    expect(notify(one, 1)).toBe(false);
    expect(host.logged()).toEqual(['[VIRTIO-SCMI] one: notification dropped: no event buffer for it']);
    one.driver.postEvents();
    one.pump();
    expect(events(one)).toEqual([]);
    expect(notify(one, 2)).toBe(true);
    expect(events(one)).toEqual([request(2)]);
  });

  it('that is a delayed response waits for a buffer', () => {
    const { one } = new Rig({ driver: { features } });
    for (const word of [1, 2, 3]) expect(delay(one, word)).toBe(true);
    one.pump();
    one.driver.postEvents();
    expect(one.driver.events.needsKick()).toBe(true);
    one.device.kick(1);
    one.pump();
    expect(events(one)).toEqual([request(1), request(2), request(3)]);
    expect(one.interrupts[1]).toBe(1);
  });

  it('that waits takes buffers as they come, one by one', () => {
    const { one } = new Rig({ driver: { features, events: 1 } });
    for (const word of [1, 2, 3]) delay(one, word);
    one.driver.postEvents();
    for (const word of [1, 2, 3]) {
      one.pump();
      expect(one.driver.takeEvent()).toEqual(request(word));
    }
    one.pump();
    expect(one.driver.takeEvent()).toBeUndefined();
  });

  it('survives the wrap of the indices', () => {
    const { one } = new Rig({ driver: { features, queueSize: 4, events: 3 } });
    one.start(65533);
    one.driver.postEvents();
    for (let word = 0; word < 20; word++) {
      expect(notify(one, word)).toBe(true);
      expect(events(one)).toEqual([request(word)]);
    }
    expect(one.defects).toEqual([]);
  });
});

describe('delayed responses', () => {
  it('keep behind by the configured gap, in order, and hold no notification back', () => {
    const { one, host, framework } = new Rig({ responseGap: 1000 });
    one.driver.postEvents();
    expect(delay(one, 1)).toBe(true);
    expect(notify(one, 9)).toBe(true);
    expect(events(one)).toEqual([request(9)]);
    host.advance(framework, 600);
    expect(delay(one, 2)).toBe(true);
    host.advance(framework, 399);
    one.exchange(request(7));
    expect(events(one)).toEqual([]);
    host.advance(framework, 1);
    expect(events(one)).toEqual([request(1)]);
    host.advance(framework, 1000);
    expect(events(one)).toEqual([request(2)]);
  });

  it('are kept up to the configured number, and no further', () => {
    const { one, host } = new Rig({ delayedResponses: 3 });
    expect([1, 2, 3, 4].map(word => delay(one, word))).toEqual([true, true, true, false]);
    expect(host.logged()).toEqual(['[VIRTIO-SCMI] one: delayed response dropped: too many wait']);
    one.driver.postEvents();
    one.pump();
    expect(events(one)).toEqual([1, 2, 3].map(word => request(word)));
    expect(delay(one, 5)).toBe(true);
    expect(events(one)).toEqual([request(5)]);
  });

  it('outlive a stop of the queue, but not a reset', () => {
    const { one } = new Rig();
    delay(one, 1);
    one.device.stop(1);
    one.startQueue(1, one.driver.events, 0);
    one.driver.postEvents();
    one.pump();
    expect(events(one)).toEqual([request(1)]);

    const { one: another } = new Rig();
    delay(another, 1);
    another.start();
    another.driver.postEvents();
    another.pump();
    expect(events(another)).toEqual([]);
  });

  it('are not overtaken by a later one', () => {
    const { one } = new Rig();
    delay(one, 1, 200);
    offer(one, 64);
    expect(delay(one, 2, 12)).toBe(true);
    one.pump();
    expect(returned(one)).toEqual([]);
  });
});

describe('event buffers that are too small', () => {
  it('stay for the next notification', () => {
    const { one } = new Rig();
    offer(one, 16);
    expect(notify(one, 1, 20)).toBe(false);
    expect(returned(one)).toEqual([]);
    expect(notify(one, 2, 16)).toBe(true);
    expect(returned(one)).toEqual([[0, 16]]);
  });

  it('go back empty when a delayed response has another behind them', () => {
    const { one } = new Rig();
    offer(one, 8, 8, 20);
    expect(delay(one, 1, 20)).toBe(true);
    expect(returned(one)).toEqual([
      [0, 0],
      [1, 0],
      [2, 20],
    ]);
  });

  it('stay when there is no other, until there is', () => {
    const { one } = new Rig();
    offer(one, 8);
    expect(delay(one, 1, 20)).toBe(true);
    one.pump();
    expect(returned(one)).toEqual([]);
    one.driver.events.describe(1, { low: BASE + 0x3f_0000, length: 64, flags: DescriptorFlag.WRITE });
    one.driver.events.offer(1);
    one.pump();
    expect(returned(one)).toEqual([
      [0, 0],
      [1, 20],
    ]);
  });

  it('in thousands hold nobody: others are served in between', () => {
    const { one, other, framework } = new Rig({ driver: { queueSize: 4096 } });
    offer(one, ...Array.from({ length: 4000 }, () => 8));
    delay(one, 1, 20);
    let before = 0;
    other.service.handling = () => (before = one.driver.events.usedIndex);
    other.driver.post(request(1), 136);
    other.device.kick(0);
    framework.run();
    expect(before).toBeLessThan(300);
    expect(one.driver.events.usedIndex).toBe(3999);
    expect(one.defects).toEqual([]);
  });
});

describe('what is no event buffer', () => {
  it.each([
    ['readable', [0], 16],
    ['readable, then writable', [0, DescriptorFlag.WRITE], 16],
    ['of no bytes at all', [DescriptorFlag.WRITE], 0],
  ] as const)('%s goes back empty or is passed over', (_name, flags, length) => {
    const { one } = new Rig();
    flags.forEach((flag, index) =>
      one.driver.events.describe(index, {
        low: BASE,
        length,
        flags: flag | (index + 1 < flags.length ? DescriptorFlag.NEXT : 0),
        next: index + 1,
      }),
    );
    one.driver.events.offer(0);
    one.driver.events.describe(4, { low: BASE + 0x3f_0000, length: 64, flags: DescriptorFlag.WRITE });
    one.driver.events.offer(4);
    expect(delay(one, 1)).toBe(true);
    expect(returned(one)).toEqual([
      [0, 0],
      [4, 12],
    ]);
  });
});

describe('events that a command causes', () => {
  it.each([
    ['notification', notify],
    ['delayed response', delay],
  ])('come after its response (%s)', (_name, send) => {
    const { one } = rigWithEvents();
    one.service.handling = () => {
      expect(send(one, 0x77)).toBe(true);
      expect(one.driver.events.usedIndex).toBe(0);
    };
    expect(one.exchange(request(1))).toEqual(echo(request(1)));
    expect(events(one)).toEqual([request(0x77)]);
    expect(one.interrupts).toEqual([1, 1]);
  });

  it('are held while it is pending, whatever caused them', () => {
    const { one } = rigWithEvents();
    one.service.holds = true;
    one.exchange(request(1));
    expect(notify(one, 2)).toBe(true);
    expect(delay(one, 3)).toBe(true);
    one.pump();
    expect(one.driver.events.usedIndex).toBe(0);
    one.service.finish();
    one.pump();
    expect(events(one)).toEqual([request(2), request(3)]);
  });

  it('are lost when there is no buffer for the notification then', () => {
    const { one, host } = new Rig();
    one.service.handling = () => void notify(one, 2);
    one.exchange(request(1));
    one.driver.postEvents();
    one.pump();
    expect(events(one)).toEqual([]);
    expect(host.logged()).toEqual(['[VIRTIO-SCMI] one: notifications dropped: no event buffers for them']);
  });

  it('go to another agent at once', () => {
    const rig = new Rig();
    rig.other.driver.postEvents();
    rig.one.service.handling = () => expect(notify(rig.other, 5)).toBe(true);
    rig.one.exchange(request(1));
    expect(events(rig.other)).toEqual([request(5)]);
    expect(rig.other.interrupts).toEqual([0, 1]);
  });
});

describe('a flood of notifications', () => {
  it('fills no log', () => {
    const { one, host, framework } = new Rig();
    for (let count = 0; count < 100_000; count++) notify(one, count);
    expect(host.logged().length).toBe(10);
    host.advance(framework, 1_000_000);
    notify(one, 1);
    expect(host.logged().at(-1)).toBe(
      '[VIRTIO-SCMI] one: notification dropped: no event buffer for it (and 99990 more lines like this)',
    );
  });
});

describe('the event queue', () => {
  it('can be there alone', () => {
    const { one } = new Rig();
    one.device.reset();
    one.device.acceptFeatures(DRIVER_FEATURES, FeatureHigh.VERSION_1);
    one.driver.reset();
    one.startQueue(1, one.driver.events, 0);
    one.driver.postEvents();
    expect(notify(one, 1)).toBe(true);
    expect(events(one)).toEqual([request(1)]);
  });
});
