// SPDX-License-Identifier: BSD-3-Clause
import { Feature, usedBytes } from '@scp/virtio-scmi/api';
import { DRIVER_FEATURES } from '@scp/virtio-scmi/driver';
import { echo, request, Rig } from './rig.ts';

const { SCMI_P2A_CHANNELS, RING_EVENT_IDX, RING_INDIRECT_DESC } = Feature;
const flagsOnly = SCMI_P2A_CHANNELS | RING_INDIRECT_DESC;

describe('a command', () => {
  const cases = [
    ['indirect', {}, {}],
    ['direct', { features: SCMI_P2A_CHANNELS | RING_EVENT_IDX }, {}],
    ['without an event index', { features: flagsOnly }, {}],
    ['in descriptors of one byte, indirect', {}, { request: 1, response: 1 }],
    ['in descriptors of one byte, direct', { features: RING_EVENT_IDX }, { request: 1, response: 1 }],
    ['in descriptors of uneven length', {}, { request: 3, response: 7 }],
    ['in a queue of one', { queueSize: 1 }, {}],
    ['in a queue of two, direct', { queueSize: 2, features: 0 }, {}],
    ['in a queue of 1024', { queueSize: 1024 }, {}],
    ['in a queue of 32768', { queueSize: 32768 }, {}],
  ] as const;

  it.each(cases)('%s is answered', (_name, driver, cut) => {
    const { one } = new Rig({ driver });
    for (const length of [4, 8, 12, 13, 100]) {
      const sent = request(0x1234_5678, length);
      expect(one.exchange(sent, 128, cut)).toEqual(echo(sent));
      expect(one.service.handled.at(-1)).toEqual({ length, capacity: 128, bytes: sent });
    }
    expect(one.defects).toEqual([]);
  });

  it('is answered with the exact length, and nothing is written behind it', () => {
    const { one } = new Rig();
    const { driver } = one;
    driver.memory.u8.fill(0xaa, driver.events.usedAt + usedBytes(256, true));
    const slot = driver.post(request(1, 12), 200);
    one.pump();
    expect(driver.reap()).toBe(slot);
    expect(driver.length).toBe(16);
    expect(driver.response(slot, 16)).toEqual(echo(request(1, 12)));
    expect(driver.response(slot, 200).subarray(16)).toEqual(new Uint8Array(184).fill(0xaa));
  });

  it('longer than the page is counted whole, and copied as far as it goes', () => {
    const { one } = new Rig({ driver: { requestSize: 5000 } });
    const sent = request(7, 4096);
    one.exchange(sent, 8);
    expect(one.service.handled[0]?.length).toBe(4096);
    expect(one.service.handled[0]?.bytes).toEqual(sent.subarray(0, 256));
  });

  it.each([
    ['readable part shorter than a header', 0, 8],
    ['readable part shorter than a header', 3, 8],
    ['writable part shorter than header and status', 4, 0],
    ['writable part shorter than header and status', 4, 7],
  ])('%s (%i, %i bytes) comes back empty, unheard', (_name, length, capacity) => {
    const { one } = new Rig();
    expect(one.exchange(request(1, length), capacity)).toEqual(new Uint8Array(0));
    expect(one.service.handled).toEqual([]);
    expect(one.exchange(request(2))).toEqual(echo(request(2)));
  });

  it('is kept until the service takes it', () => {
    const { one, host, framework } = new Rig();
    one.service.refuses = true;
    expect(one.exchange(request(1))).toBeUndefined();
    one.service.refuses = false;
    host.advance(framework, 1000);
    expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
    expect(one.service.handled.map(({ bytes }) => bytes)).toEqual([request(1)]);
  });

  it('needs no more than two events of its channel', () => {
    const { one } = new Rig({ framework: { eventCount: 2 } });
    for (let count = 0; count < 10; count++) one.driver.post(request(count), 136);
    one.pump();
    expect(one.service.handled.length).toBe(10);
  });
});

describe('many commands', () => {
  it.each([
    [1, DRIVER_FEATURES],
    [2, 0],
    [256, DRIVER_FEATURES],
    [256, flagsOnly],
    [32768, DRIVER_FEATURES],
  ])('are answered once, in order, over the wrap of the indices (queue of %i, features %i)', (queueSize, features) => {
    const { one } = new Rig({ driver: { queueSize, features } });
    one.start(65530);
    for (let token = 0; token < 20; token++) expect(one.exchange(request(token))).toEqual(echo(request(token)));
    expect(one.service.handled.length).toBe(20);
    expect(one.defects).toEqual([]);
  });

  it('in one go are answered in the order they came', () => {
    const { one } = new Rig();
    const slots = Array.from({ length: 64 }, (_, token) => one.driver.post(request(token), 136));
    one.pump();
    expect(slots.map(() => one.driver.reap())).toEqual(slots);
    slots.forEach((slot, token) => expect(one.driver.response(slot, 16)).toEqual(echo(request(token))));
  });

  it('of two agents take turns', () => {
    const { one, other, framework } = new Rig();
    const order: string[] = [];
    one.service.handling = () => order.push('one');
    other.service.handling = () => order.push('other');
    for (const side of [one, other]) {
      for (let count = 0; count < 3; count++) side.driver.post(request(count), 136);
      side.device.kick(0);
    }
    framework.run();
    expect(order).toEqual(['one', 'other', 'one', 'other', 'one', 'other']);
  });
});

describe('interrupts', () => {
  it.each([
    ['event index', DRIVER_FEATURES],
    ['flags', flagsOnly],
  ])('come once for a batch, and again for the next (%s)', (_name, features) => {
    const { one } = new Rig({ driver: { features } });
    for (let count = 0; count < 10; count++) one.driver.post(request(count), 136);
    one.pump();
    expect(one.interrupts).toEqual([1, 0]);
    while (one.driver.reap() >= 0);
    one.exchange(request(1));
    expect(one.interrupts).toEqual([2, 0]);
  });

  it('come in the middle of a batch that is longer than 64', () => {
    const { one } = new Rig({ driver: { commands: 128, requestSize: 16, responseSize: 16 } });
    for (let count = 0; count < 100; count++) one.driver.post(request(count), 16);
    const seen: number[] = [];
    one.service.handling = () => seen.push(one.interrupts[0] ?? 0);
    one.pump();
    expect(seen[63]).toBe(0);
    expect(seen[64]).toBe(1);
  });

  it.each([
    ['event index', DRIVER_FEATURES],
    ['flags', flagsOnly],
  ])('do not come when the driver wants none (%s)', (_name, features) => {
    const { one } = new Rig({ driver: { features } });
    one.driver.commands.setInterrupts(false);
    for (let count = 0; count < 5; count++) one.exchange(request(count));
    expect(one.interrupts).toEqual([0, 0]);
    one.driver.commands.setInterrupts(true);
    one.exchange(request(1));
    expect(one.interrupts).toEqual([1, 0]);
  });

  it('follow the event word exactly', () => {
    const { one } = new Rig();
    one.driver.commands.setInterrupts(false);
    one.driver.commands.setUsedEvent(2);
    for (let count = 0; count < 3; count++) {
      one.driver.post(request(count), 136);
      one.pump();
      expect(one.interrupts[0]).toBe(count === 2 ? 1 : 0);
    }
  });

  it('ignore the flags when there is an event index', () => {
    const { one } = new Rig();
    one.driver.commands.setAvailableFlags(0xffff);
    one.exchange(request(1));
    expect(one.interrupts).toEqual([1, 0]);
  });

  it('for commands already answered do not wait for one that is pending', () => {
    const { one } = new Rig();
    one.driver.post(request(1), 136);
    one.driver.post(request(2), 136);
    one.service.handling = () => (one.service.holds = one.service.handled.length === 2);
    one.pump();
    expect(one.interrupts).toEqual([1, 0]);
    expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
    expect(one.driver.reap()).toBe(-1);
    one.service.finish();
    one.pump();
    expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
    expect(one.interrupts).toEqual([2, 0]);
  });
});

describe('kicks', () => {
  it.each([
    ['event index', DRIVER_FEATURES],
    ['flags', flagsOnly],
  ])('are not asked for while there is work, and are when there is none (%s)', (_name, features) => {
    const { one } = new Rig({ driver: { features } });
    one.driver.post(request(1), 136);
    expect(one.driver.commands.needsKick()).toBe(true);
    one.device.kick(0);
    let wanted: boolean | undefined;
    one.service.handling = () => {
      one.service.handling = undefined;
      one.driver.post(request(2), 136);
      wanted = one.driver.commands.needsKick();
    };
    one.pump();
    expect(wanted).toBe(false);
    expect(one.service.handled.length).toBe(2);
    one.driver.post(request(3), 136);
    expect(one.driver.commands.needsKick()).toBe(true);
  });

  it('are not asked for on the event queue until something waits for a buffer', () => {
    const { one } = new Rig({ driver: { features: flagsOnly } });
    one.driver.postEvents();
    one.pump();
    expect(one.service.transport?.transmit(one.service.response, 8, false)).toBe(true);
    one.driver.takeEvent();
    expect(one.driver.events.needsKick()).toBe(false);
  });

  it('without a reason do nothing', () => {
    const { one } = new Rig();
    for (let count = 0; count < 1000; count++) {
      one.device.kick(0);
      one.device.kick(1);
      one.device.kick(7);
    }
    one.pump();
    expect(one.interrupts).toEqual([0, 0]);
    expect(one.exchange(request(1))).toEqual(echo(request(1)));
  });
});

describe('a queue that is stopped', () => {
  it('first finishes commands that take no time, and tells where to go on', () => {
    const { one } = new Rig();
    one.driver.post(request(1), 136);
    one.driver.post(request(2), 136);
    one.device.kick(0);
    one.pump();
    one.driver.post(request(3), 136);
    one.device.kick(0);
    expect(one.device.stop(0)).toBe(2);
    one.pump();
    expect(one.service.handled.length).toBe(2);
    expect(one.driver.commands.usedIndex).toBe(2);
    one.startQueue(0, one.driver.commands, 2);
    one.pump();
    expect(one.service.handled.map(({ bytes }) => bytes)).toEqual([request(1), request(2), request(3)]);
  });

  it('finishes a command whose event is under way', () => {
    const { one, framework } = new Rig();
    one.driver.post(request(1), 136);
    one.device.kick(0);
    framework.run(1);
    expect(one.service.busy).toBe(true);
    expect(one.device.stop(0)).toBe(1);
    expect(one.driver.commands.usedIndex).toBe(1);
    expect(one.interrupts).toEqual([1, 0]);
  });

  it('gives a pending command back, to come again', () => {
    const { one } = new Rig();
    one.service.holds = true;
    one.driver.post(request(1), 136);
    one.pump();
    expect(one.device.stop(0)).toBe(0);
    one.startQueue(0, one.driver.commands, 0);
    one.pump();
    expect(one.service.handled.length).toBe(1);
    one.service.holds = false;
    one.service.finish();
    expect(one.driver.commands.usedIndex).toBe(0);
    one.pump();
    expect(one.service.handled.map(({ bytes }) => bytes)).toEqual([request(1), request(1)]);
    expect(one.driver.commands.usedIndex).toBe(1);
  });

  it('is not written when a pending command is answered', () => {
    const { one } = new Rig();
    one.service.holds = true;
    one.driver.post(request(1), 136);
    one.pump();
    one.device.stop(0);
    const before = Buffer.from(one.bytes.slice(0));
    one.service.finish();
    one.pump();
    expect(Buffer.from(one.bytes).equals(before)).toBe(true);
    expect(one.interrupts).toEqual([0, 0]);
  });

  it('goes on from the used index in memory', () => {
    const { one } = new Rig();
    one.exchange(request(1));
    one.device.stop(0);
    one.startQueue(0, one.driver.commands, 1);
    expect(one.exchange(request(2))).toEqual(echo(request(2)));
  });
});

describe('the device', () => {
  it('offers and accepts features', () => {
    const { device } = new Rig().one;
    expect(device.features >>> 0).toBe(0x3000_0001);
    expect(device.featuresHigh).toBe(1);
    expect(device.deviceId).toBe(32);
    expect(device.queueCount).toBe(2);
    expect(device.acceptFeatures(0x3000_0001, 1)).toBe(true);
    expect(device.acceptFeatures(0, 1)).toBe(true);
    expect(device.acceptFeatures(0, 0)).toBe(false);
    expect(device.acceptFeatures(2, 1)).toBe(false);
    expect(device.acceptFeatures(0, 3)).toBe(false);
    expect(device.acceptFeatures(1 << 31, 1)).toBe(false);
  });

  it('forgets a command under way when it is reset', () => {
    const { one } = new Rig();
    one.service.holds = true;
    one.driver.post(request(1), 136);
    one.pump();
    const { resets } = one.service;
    one.start();
    expect(one.service.resets).toBe(resets + 1);
    one.service.holds = false;
    expect(one.exchange(request(2))).toEqual(echo(request(2)));
  });

  it('touches nothing after it is reset', () => {
    const { one } = new Rig();
    one.driver.post(request(1), 136);
    one.device.kick(0);
    one.device.reset();
    one.pump();
    expect(one.service.handled).toEqual([]);
    expect(one.driver.commands.usedIndex).toBe(0);
  });

  it.each([
    ['a size that is no power of two', { size: 3 }, 'a size of 3'],
    ['no size', { size: 0 }, 'a size of 0'],
    ['a size beyond 32768', { size: 65536 }, 'a size of 65536'],
    ['a descriptor table off by one', { descriptors: 1 }, 'a misplaced descriptor table'],
    ['an available ring off by one', { available: 1 }, 'a misplaced available ring'],
    ['a used ring off by two', { used: 2 }, 'a misplaced used ring'],
    ['a descriptor table that ends behind the memory', { descriptors: 0x40_0000 - 16 }, 'a misplaced descriptor table'],
    ['an available ring that ends behind it', { available: 0x40_0000 - 8 }, 'a misplaced available ring'],
    ['a used ring that ends behind it', { used: 0x40_0000 - 4 - 8 * 4 }, 'a misplaced used ring'],
  ])('does not start a queue with %s', (_name, wrong, text) => {
    const { one } = new Rig();
    one.device.stop(0);
    const window = one.memory.at(0x4000_0000, 0);
    if (window === undefined) throw new Error('no memory');
    const at = { size: 4, descriptors: 0, available: 64, used: 128, ...wrong };
    const place = (offset: number) => ({ window, offset });
    const setup = {
      size: at.size,
      next: 0,
      descriptors: place(at.descriptors),
      available: place(at.available),
      used: place(at.used),
    };
    expect(one.device.start(0, setup)).toBe(text);
  });

  it('needs no event words behind the rings without the feature', () => {
    const { one } = new Rig({ driver: { features: 0 } });
    one.device.stop(0);
    const window = one.memory.at(0x4000_0000, 0);
    if (window === undefined) throw new Error('no memory');
    const place = (offset: number) => ({ window, offset });
    const setup = { size: 1, next: 0, descriptors: place(0), available: place(64), used: place(0x40_0000 - 12) };
    expect(one.device.start(0, setup)).toBeUndefined();
  });
});
