// SPDX-License-Identifier: BSD-3-Clause
import { existsSync, statSync } from 'node:fs';
import { Request, vringFd, vringState } from '@scp/vhost-user/front-end';
import {
  answers,
  bytes,
  descriptors,
  guestMappings,
  hex,
  NOTIFY_ERRORS,
  Rig,
  TOO_LONG,
  VERSION,
  VERSION_ANSWER,
  withRig,
} from './rig.ts';

const STYLES = ['qemu', 'uml'] as const;

/** The answer to TOO_LONG: PROTOCOL_ERROR. And the event about it. */
const TOO_LONG_ANSWER = '00400000f6ffffff';
const ERROR_EVENT_HEADER = '00430000';

describe.each(STYLES)('a front end like %s', style => {
  it('gets its commands answered', () =>
    withRig(rig => {
      const one = rig.up('one', { style });
      for (let count = 0; count < 5; count++) expect(hex(one.command(bytes(VERSION)))).toBe(VERSION_ANSWER);
      one.close();
    }));

  it('gets events', () =>
    withRig(rig => {
      const one = rig.up('one', { style });
      expect(hex(one.command(bytes(NOTIFY_ERRORS)))).toBe('0840000000000000');
      expect(hex(one.command(bytes(TOO_LONG)))).toBe(TOO_LONG_ANSWER);
      expect(hex(one.event())?.slice(0, 8)).toBe(ERROR_EVENT_HEADER);
      expect(one.takeEvent()).toBeUndefined();
      one.close();
    }));

  it('stops and starts its queues', () =>
    withRig(rig => {
      const one = rig.up('one', { style, backendRequests: true });
      one.stopQueues();
      for (const index of [0, 65535, 77]) {
        expect(one.start(index)).toBeUndefined();
        expect(answers(one)).toBe(true);
        expect(answers(one)).toBe(true);
        const bases = [(index + 2) & 0xffff, index];
        expect(one.stopQueues()).toEqual(style === 'qemu' ? bases : []);
        // Stopped is stopped: nothing is read, written or signalled.
        const { interrupts } = one;
        const before = [...interrupts];
        one.driver.post(bytes(VERSION), 136);
        one.forceKick(0);
        rig.settle();
        expect(one.driver.reap()).toBe(-1);
        expect(interrupts).toEqual(before);
      }
      one.close();
    }));

  it('comes and goes without a trace', () =>
    withRig(rig => {
      rig.up('one', { style }).close();
      rig.settle();
      const before = descriptors();
      for (let count = 0; count < 20; count++) {
        const one = rig.up('one', { style, backendRequests: true });
        expect(answers(one)).toBe(true);
        one.close();
        rig.settle();
      }
      expect(descriptors()).toBe(before);
      expect(guestMappings()).toBe(0);
    }));
});

describe('two agents', () => {
  it('are served side by side', () =>
    withRig(rig => {
      const one = rig.up('one');
      const other = rig.up('other', { style: 'uml' });
      for (let count = 0; count < 10; count++) expect([answers(one), answers(other)]).toEqual([true, true]);
      one.close();
      expect(answers(other)).toBe(true);
      other.close();
    }));
});

describe('a second connection to one socket', () => {
  it('is served when the first has ended', () =>
    withRig(rig => {
      const first = rig.up();
      const second = rig.connect();
      second.send(Request.GET_FEATURES);
      rig.settle();
      expect(second.takeReply()).toBeUndefined();
      expect(second.closed).toBe(false);
      expect(answers(first)).toBe(true);
      first.close();
      rig.settle();
      expect(second.takeReply()?.id).toBe(Request.GET_FEATURES);
      expect(second.bringUp()).toBeUndefined();
      expect(answers(second)).toBe(true);
      second.close();
    }));
});

describe('a connection that ends', () => {
  it('takes the agent’s subscriptions with it', () =>
    withRig(rig => {
      const first = rig.up();
      first.command(bytes(NOTIFY_ERRORS));
      first.close();
      rig.settle();
      const second = rig.up();
      second.command(bytes(TOO_LONG));
      rig.settle();
      expect(second.takeEvent()).toBeUndefined();
      second.close();
    }));

  it('in any phase leaves the server listening', () =>
    withRig(rig => {
      const phases = [
        () => rig.connect(),
        () => {
          const one = rig.connect();
          one.send(Request.GET_FEATURES);
          return one;
        },
        () => {
          const one = rig.connect();
          one.sendBytes(bytes('0500'));
          return one;
        },
        () => {
          const one = rig.up();
          one.stopQueues();
          return one;
        },
        () => {
          const one = rig.up();
          for (let count = 0; count < 30; count++) one.driver.post(bytes(VERSION), 136);
          one.forceKick(0);
          return one;
        },
      ];
      for (const phase of phases) {
        phase().close();
        rig.settle();
        const next = rig.up();
        expect(answers(next)).toBe(true);
        next.close();
        rig.settle();
      }
      expect(guestMappings()).toBe(0);
    }));
});

describe('guest driver', () => {
  it('that negotiates anew finds nothing of its predecessor’s', () =>
    withRig(rig => {
      const one = rig.up();
      one.command(bytes(NOTIFY_ERRORS));
      one.stopQueues();
      expect(one.start()).toBeUndefined();
      one.command(bytes(TOO_LONG));
      rig.settle();
      expect(one.takeEvent()).toBeUndefined();
      one.close();
    }));

  it('without bit 30 has its rings enabled from the start', () =>
    withRig(rig => {
      const one = rig.up();
      one.stopQueues();
      one.features &= ~(1 << 30);
      one.driver.reset();
      expect(one.ack(Request.SET_FEATURES, Uint8Array.of(1, 0, 0, 0x30, 1, 0, 0, 0))).toBe(0);
      expect(one.ack(Request.SET_VRING_BASE, vringState(0, 0))).toBe(0);
      expect(one.ack(Request.SET_VRING_KICK, vringFd(0, false))).toBe(0);
      one.driver.post(bytes(VERSION), 136);
      // No kick descriptor: the ring is looked at every now and then.
      rig.host.advance(rig.framework, 1000);
      expect(one.driver.reap()).toBeGreaterThanOrEqual(0);
      one.close();
    }));
});

describe('the device is reset', () => {
  it('by RESET_DEVICE, which disables the rings', () =>
    withRig(rig => {
      const one = rig.up();
      one.command(bytes(NOTIFY_ERRORS));
      expect(one.ack(Request.RESET_DEVICE)).toBe(0);
      one.driver.post(bytes(VERSION), 136);
      one.forceKick(0);
      rig.settle();
      expect(one.driver.reap()).toBe(-1);
      // Memory, addresses and descriptors stay.
      one.driver.reset();
      for (const queue of [0, 1]) expect(one.enable(queue, true)).toBe(0);
      one.driver.postEvents();
      expect(answers(one)).toBe(true);
      one.close();
    }));

  it('not by RESET_OWNER, which disables them all the same', () =>
    withRig(rig => {
      const one = rig.up();
      one.command(bytes(NOTIFY_ERRORS));
      expect(one.ack(Request.RESET_OWNER)).toBe(0);
      for (const queue of [0, 1]) expect(one.enable(queue, true)).toBe(0);
      expect(hex(one.command(bytes(TOO_LONG)))).toBe(TOO_LONG_ANSWER);
      expect(hex(one.event())?.slice(0, 8)).toBe(ERROR_EVENT_HEADER);
      one.close();
    }));
});

describe('GET_VRING_BASE under traffic', () => {
  it('loses no command, and doubles none', () =>
    withRig(rig => {
      const one = rig.up('one', { queueSize: 64, commands: 16 });
      let sent = 0;
      let answered = 0;
      const reap = (): void => {
        while (one.driver.reap() >= 0) answered++;
      };
      for (let round = 0; round < 100; round++) {
        while (one.driver.post(bytes(VERSION), 136) >= 0) sent++;
        one.forceKick(0);
        if (round % 3 === 0) rig.turn();
        expect(one.enable(0, false)).toBe(0);
        const base = one.transact(Request.GET_VRING_BASE, vringState(0, 0));
        const index = (base?.payload[4] ?? 0) | ((base?.payload[5] ?? 0) << 8);
        expect(index).toBe(one.driver.commands.usedIndex);
        reap();
        expect(one.ack(Request.SET_VRING_BASE, vringState(0, index))).toBe(0);
        const kick = rig.posix.eventfd();
        expect(one.ack(Request.SET_VRING_KICK, vringFd(0), [kick])).toBe(0);
        rig.posix.close(kick);
        expect(one.enable(0, true)).toBe(0);
        rig.settle();
        reap();
      }
      expect(answered).toBe(sent);
      expect(sent).toBeGreaterThan(1000);
      one.close();
    }));
});

describe('the server', () => {
  it('makes sockets that only their owner can open', () =>
    withRig(rig => expect(statSync(rig.path('one')).mode & 0o777).toBe(0o600)));

  it('removes them when it stops, and closes connections', () => {
    const rig = new Rig();
    const one = rig.up();
    expect(rig.framework.stop()).toEqual([]);
    expect(existsSync(rig.path('one'))).toBe(false);
    expect(existsSync(rig.path('other'))).toBe(false);
    rig.settle();
    expect(one.closed).toBe(true);
    expect(rig.host.lines.map(({ line }) => line)).toContain('[VHOST-USER] one: disconnected: the server stops');
    one.close();
    rig.posix.dispose();
  });

  it('leaves no descriptor behind', () => {
    const before = descriptors();
    withRig(rig => rig.up().close());
    expect(descriptors()).toBe(before);
  });

  it('does not start when another listens, and says where', () =>
    withRig(rig => {
      expect(() => new Rig({ folder: rig.folder })).toThrow(
        `start, module vhost-user, element one: can't listen on ${rig.path('one')} (errno 98)`,
      );
      const one = rig.up();
      expect(answers(one)).toBe(true);
      one.close();
    }));

  it('says what happens, at info', () =>
    withRig(rig => {
      rig.up().close();
      rig.settle();
      expect(rig.host.lines.map(({ line }) => line).filter(line => line.includes(' one: '))).toEqual([
        `[VHOST-USER] one: listening on ${rig.path('one')}`,
        '[VHOST-USER] one: connected',
        '[VHOST-USER] one: ring 0 started: 256 descriptors, base 0',
        '[VHOST-USER] one: ring 1 started: 256 descriptors, base 0',
        '[VHOST-USER] one: disconnected: closed by the front end',
      ]);
    }));
});
