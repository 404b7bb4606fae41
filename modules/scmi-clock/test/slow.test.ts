// SPDX-License-Identifier: BSD-3-Clause
/** Asynchronous rate changes, and drivers that take their time. */
import { configure, type ElementId, type ModuleDefinition, moduleId, provide, Status } from '@scp/framework';
import { CLOCK_RATE_CHANGED } from '@scp/clock/api';
import { FakeDriver } from '@scp/clock/testing';
import {
  type Message,
  nothing,
  PENDING,
  protocol,
  response,
  SCMI_HUB,
  SCMI_PROTOCOL,
  type ScmiHub,
  type ScmiProtocol,
  statusOnly,
  u32,
} from '@scp/scmi/api';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { FIRST_MODULE, toHex } from '@scp/scmi/testing';
import { ClockServer, type Setup } from './clocks.ts';

const MS = 1000;
const AGENTS = { ospm0: ['fast', 'slow'], ospm1: ['slow', 'fast'] };
const CLOCKS = {
  fast: { rates: [100, 200, 300] },
  slow: { rates: [100, 200, 300], delay: 10 * MS, dutyCycle: 50 },
};
const server = (setup: Partial<Setup> = {}) => new ClockServer({ clocks: CLOCKS, agents: AGENTS, ...setup });

/** CLOCK_RATE_SET with flags, clock, rate and token. */
const rateSet = (flags: number, clock: number, rate: number, token = 0) => {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(0x5005 + token * 2 ** 18, 0);
  bytes.writeUInt32LE(flags, 4);
  bytes.writeUInt32LE(clock, 8);
  bytes.writeUInt32LE(rate, 12);
  return bytes.toString('hex');
};

describe('CLOCK_RATE_SET, asynchronous', () => {
  it('answers, then sends the delayed response with the token, the clock and the rate after rounding', () => {
    const one = server();
    expect(one.exchange('ospm0', rateSet(0x5, 0, 150, 0x2a))).toBe('0550a800 00000000');
    expect(one.events('ospm0')).toEqual(['0552a800 00000000 00000000 c8000000 00000000']);
    expect(one.rate('ospm0', 0)).toBe(200);
  });

  it('on a slow clock waits for it, and the notification goes with it', () => {
    const one = server();
    one.status('ospm1', 'rateNotify', 0, 1);
    expect(one.exchange('ospm0', rateSet(1, 1, 300, 0x3ff))).toBe('0550fc0f 00000000');
    one.advance(9 * MS);
    expect(one.events('ospm0')).toEqual([]);
    one.advance(1 * MS);
    expect(one.events('ospm0')).toEqual(['0552fc0f 00000000 01000000 2c010000 00000000']);
    expect(one.events('ospm1')).toEqual(['00530000 01000000 00000000 2c010000 00000000']);
  });

  it('is done one after the other, in the order of the commands, whoever sent them', () => {
    const one = server();
    one.exchange('ospm0', rateSet(1, 1, 300, 1));
    one.exchange('ospm1', rateSet(1, 0, 200, 2));
    one.exchange('ospm0', rateSet(1, 1, 100, 3));
    one.exchange('ospm0', rateSet(1, 0, 300, 4));
    expect(one.events('ospm0')).toEqual(['05521000 00000000 00000000 2c010000 00000000']);
    one.advance(10 * MS);
    expect(one.events('ospm0')).toEqual(['05520400 00000000 01000000 2c010000 00000000']);
    expect(one.events('ospm1')).toEqual([]);
    one.advance(10 * MS);
    expect(one.events('ospm0')).toEqual([]);
    expect(one.events('ospm1')).toEqual(['05520800 00000000 00000000 c8000000 00000000']);
    one.advance(10 * MS);
    expect(one.events('ospm0')).toEqual(['05520c00 00000000 01000000 64000000 00000000']);
  });

  it('sends no delayed response when none is wanted', () => {
    const one = server();
    one.exchange('ospm0', rateSet(3, 0, 300));
    expect(one.events('ospm0')).toEqual([]);
    expect(one.rate('ospm0', 0)).toBe(300);
  });

  it('waits for a buffer with its delayed response', () => {
    const one = server();
    one.setBuffers('ospm0', false);
    one.exchange('ospm0', rateSet(1, 0, 300));
    expect(one.events('ospm0')).toEqual([]);
    one.setBuffers('ospm0', true);
    expect(one.events('ospm0')).toEqual(['05520000 00000000 00000000 2c010000 00000000']);
  });

  it('is BUSY for an agent that has as many pending as it may, not for another', () => {
    const one = server({ maxPendingRateChanges: 2 });
    expect(one.exchange('ospm0', '01500000')).toBe('01500000 00000000 02000200');
    for (const status of ['00000000', '00000000', 'faffffff']) {
      expect(one.exchange('ospm0', rateSet(1, 1, 200))).toBe(`05500000 ${status}`);
    }
    expect(one.exchange('ospm1', rateSet(1, 0, 200))).toBe('05500000 00000000');
    one.advance(10 * MS);
    expect(one.exchange('ospm0', rateSet(1, 1, 200))).toBe('05500000 00000000');
    one.advance(100 * MS);
    expect(one.events('ospm0')).toHaveLength(3);
    expect(one.events('ospm1')).toHaveLength(1);
  });

  it('is refused when none may be pending, silent or not', () => {
    const one = server({ maxPendingRateChanges: 0 });
    expect(one.exchange('ospm0', '01500000')).toBe('01500000 00000000 02000000');
    expect(one.exchange('ospm0', rateSet(1, 0, 200))).toBe('05500000 feffffff');
    expect(one.exchange('ospm0', rateSet(3, 0, 200))).toBe('05500000 feffffff');
    expect(one.exchange('ospm0', rateSet(0, 0, 200))).toBe('05500000 00000000');
  });

  it('needs a platform-to-agent channel for its delayed response', () => {
    const one = server();
    one.setP2a('ospm0', false);
    expect(one.exchange('ospm0', rateSet(1, 0, 200))).toBe('05500000 ffffffff');
    expect(one.rate('ospm0', 0)).toBe(100);
    expect(one.exchange('ospm0', rateSet(3, 0, 200))).toBe('05500000 00000000');
    expect(one.rate('ospm0', 0)).toBe(200);
  });

  it('is checked before it is accepted', () => {
    const one = server();
    expect(one.exchange('ospm0', rateSet(1, 7, 200))).toBe('05500000 fcffffff');
    expect(one.exchange('ospm0', rateSet(0x11, 0, 200))).toBe('05500000 feffffff');
    expect(one.exchange('ospm0', rateSet(1, 0, 301))).toBe('05500000 feffffff');
    expect(one.events('ospm0')).toEqual([]);
  });

  it('sends the status alone when the driver fails', () => {
    const driver = new FakeDriver(['a']);
    const one = new ClockServer({ clocks: { a: {} }, driver });
    driver.answers.set('a setRate', Status.E_DEVICE);
    expect(one.exchange('ospm0', rateSet(1, 0, 200, 5))).toBe('05501400 00000000');
    expect(one.events('ospm0')).toEqual(['05521400 f7ffffff']);
    driver.answers.clear();
    one.exchange('ospm0', rateSet(1, 0, 200, 6));
    expect(one.events('ospm0')).toEqual(['05521800 00000000 00000000 c8000000 00000000']);
  });
});

describe('without events to go on with', () => {
  it('everything that needs one is BUSY, and leaves nothing behind', () => {
    // The one event is the command's own.
    const one = server({ maxPendingRateChanges: 1, eventCount: 1 });
    for (let times = 0; times < 2; times++) {
      expect(one.exchange('ospm0', rateSet(1, 0, 200))).toBe('05500000 faffffff');
      expect(one.status('ospm0', 'rateGet', 1)).toBe(-6);
      expect(one.status('ospm0', 'configSet', 1, 1)).toBe(-6);
    }
    expect(one.rate('ospm0', 0)).toBe(100);
    expect(one.exchange('ospm0', rateSet(0, 0, 300))).toBe('05500000 00000000');
  });

  it('a vote is BUSY and does not count, though the driver is at work already', () => {
    // The HAL's request and its response don't fit.
    const one = server({ eventCount: 2 });
    expect(one.status('ospm0', 'configSet', 1, 1)).toBe(-6);
    one.advance(10 * MS);
    expect(one.isEnabled('ospm0', 1)).toBe(true);
    one.advance(20 * MS);
    expect(one.isEnabled('ospm0', 1)).toBe(false);
  });
});

describe('a command on a slow clock', () => {
  it.each([
    ['rateGet', [1], '06500000 00000000 64000000 00000000'],
    ['rateSet', [0, 1, 200, 0], '05500000 00000000'],
    ['configSet', [1, 1], '07500000 00000000'],
    ['configSet', [1, 0x10003, 60], '07500000 00000000'],
  ] as const)('%s %j is answered when it is done', (key, payload, answer) => {
    const one = server();
    one.begin('ospm0', key, ...payload);
    one.advance(9 * MS);
    expect(one.take('ospm0')).toBeUndefined();
    one.advance(1 * MS);
    const bytes = one.take('ospm0');
    bytes?.fill(0, 2, 4);
    expect(bytes === undefined ? '' : toHex(bytes)).toBe(answer);
  });

  it('takes two turns for extended configuration and state', () => {
    const one = server();
    one.begin('ospm0', 'configSet', 1, 0x10001, 60);
    one.advance(10 * MS);
    expect(one.takeStatus('ospm0')).toBeUndefined();
    one.advance(10 * MS);
    expect(one.takeStatus('ospm0')).toBe(0);
    expect(one.isEnabled('ospm0', 1)).toBe(true);
    expect(one.value('ospm0', 'configGet', 'extendedValue', 1, 1)).toBe(60);
  });

  it('makes others on that clock BUSY until it is answered, and leaves other clocks alone', () => {
    const one = server();
    one.begin('ospm0', 'rateSet', 0, 1, 200, 0);
    expect(one.status('ospm1', 'rateGet', 0)).toBe(-6);
    expect(one.status('ospm1', 'rateSet', 0, 0, 300, 0)).toBe(-6);
    expect(one.status('ospm1', 'configSet', 0, 1)).toBe(-6);
    expect(one.status('ospm1', 'clockAttributes', 0)).toBe(0);
    expect(one.status('ospm1', 'describeRates', 0, 0)).toBe(0);
    expect(one.status('ospm1', 'rateSet', 0, 1, 300, 0)).toBe(0);
    one.advance(10 * MS);
    expect(one.takeStatus('ospm0')).toBe(0);
    one.begin('ospm1', 'rateGet', 0);
    one.advance(10 * MS);
    expect(toHex(one.take('ospm1') ?? new Uint8Array()).slice(9)).toBe('00000000 c8000000 00000000');
  });

  it('goes before an asynchronous one that comes later', () => {
    const one = server();
    one.begin('ospm0', 'rateSet', 0, 1, 200, 0);
    expect(one.exchange('ospm1', rateSet(1, 0, 300, 7))).toBe('05501c00 00000000');
    one.advance(10 * MS);
    expect(one.takeStatus('ospm0')).toBe(0);
    expect(one.events('ospm1')).toEqual([]);
    one.advance(10 * MS);
    expect(one.events('ospm1')).toEqual(['05521c00 00000000 00000000 2c010000 00000000']);
  });

  it.each([
    ['rateGet', [0], 'getRate'],
    ['rateSet', [0, 0, 200, 0], 'setRate'],
    ['configSet', [0, 1], 'start'],
  ] as const)('that fails: %s, and leaves the clock free', (key, payload, operation) => {
    const { one, driver, id } = slowFake();
    driver.answers.set(`a ${operation}`, Status.PENDING);
    for (let times = 0; times < 2; times++) {
      one.begin('ospm0', key, ...payload);
      driver.complete(id, Status.E_DEVICE);
      one.advance(0);
      expect(one.takeStatus('ospm0')).toBe(-9);
    }
    driver.answers.set(`a ${operation}`, Status.E_TIMEOUT);
    expect(one.status('ospm0', key, ...payload)).toBe(-8);
    driver.answers.clear();
    expect(one.status('ospm0', key, ...payload)).toBe(0);
  });

  it('that undoes extended configuration in the end answers why', () => {
    const { one, driver, id } = slowFake();
    driver.answers.set('a setExtended', Status.PENDING);
    driver.answers.set('a start', Status.PENDING);
    one.begin('ospm0', 'configSet', 0, 0x10001, 60);
    for (const status of [Status.SUCCESS, Status.E_DEVICE, Status.SUCCESS]) {
      expect(one.takeStatus('ospm0')).toBeUndefined();
      driver.complete(id, status);
      one.advance(0);
    }
    expect(one.takeStatus('ospm0')).toBe(-9);
    expect(driver.taken()).toEqual(['a setExtended 60', 'a start', 'a setExtended 0']);
    expect(one.value('ospm0', 'configGet', 'extendedValue', 0, 1)).toBe(0);
  });
});

describe('a reset of the agent', () => {
  it('drops what waits, lets the rate change under way complete without answer', () => {
    const one = server();
    one.exchange('ospm0', rateSet(1, 1, 300));
    one.exchange('ospm0', rateSet(1, 1, 200));
    one.disconnect('ospm0');
    one.advance(100 * MS);
    expect(one.events('ospm0')).toEqual([]);
    one.begin('ospm0', 'rateGet', 1);
    one.advance(10 * MS);
    expect(toHex(one.take('ospm0') ?? new Uint8Array()).slice(9)).toBe('00000000 2c010000 00000000');
    expect(one.exchange('ospm0', '01500000')).toBe('01500000 00000000 02000800');
  });

  it('leaves other agents’ changes waiting', () => {
    const one = server();
    one.exchange('ospm0', rateSet(1, 1, 300));
    one.exchange('ospm1', rateSet(1, 0, 200, 9));
    one.disconnect('ospm0');
    one.advance(20 * MS);
    expect(one.events('ospm1')).toEqual(['05522400 00000000 00000000 c8000000 00000000']);
  });

  it('answers no command of the connection that is gone, least of all in place of the next one', () => {
    const clocks = { slow: { fixed: 1, delay: 10 * MS }, slower: { fixed: 2, delay: 20 * MS } };
    const one = new ClockServer({ clocks });
    one.begin('ospm0', 'rateGet', 0);
    one.disconnect('ospm0');
    one.begin('ospm0', 'rateGet', 1);
    one.advance(10 * MS);
    expect(one.take('ospm0')).toBeUndefined();
    one.advance(10 * MS);
    expect(toHex(one.take('ospm0') ?? new Uint8Array()).slice(9)).toBe('00000000 02000000 00000000');
  });

  it('leaves the answer of the next command alone while that is pending', () => {
    const hubs: ScmiHub[] = [];
    const messages: Message[] = [];
    const one = server({ extra: [configure(patient(hubs, messages), undefined)] });
    one.begin('ospm0', 'rateGet', 1);
    one.disconnect('ospm0');
    expect(one.exchange('ospm0', '03040200')).toBe('');
    one.advance(10 * MS);
    for (const message of messages) hubs[0]?.respond(message, message.sequence, 0);
    expect(toHex(one.take('ospm0') ?? new Uint8Array())).toBe('03040200 00000000 44332211 88776655');
  });

  it('takes back the vote that is being carried out', () => {
    const one = server();
    one.begin('ospm0', 'configSet', 1, 1);
    one.advance(5 * MS);
    one.disconnect('ospm0');
    one.advance(5 * MS);
    expect(one.isEnabled('ospm1', 0)).toBe(true);
    one.advance(10 * MS);
    expect(one.isEnabled('ospm1', 0)).toBe(false);
    expect(one.take('ospm0')).toBeUndefined();
  });

  it('takes back a vote on a slow clock, in its time', () => {
    const one = server();
    one.begin('ospm0', 'configSet', 1, 1);
    one.advance(10 * MS);
    one.takeStatus('ospm0');
    one.disconnect('ospm0');
    one.advance(9 * MS);
    expect(one.isEnabled('ospm1', 0)).toBe(true);
    one.advance(1 * MS);
    expect(one.isEnabled('ospm1', 0)).toBe(false);
  });

  it('takes back a vote once the operation of another agent has ended', () => {
    const one = server();
    one.begin('ospm0', 'configSet', 1, 1);
    one.advance(10 * MS);
    one.takeStatus('ospm0');
    one.begin('ospm1', 'rateSet', 0, 0, 200, 0);
    one.disconnect('ospm0');
    one.advance(10 * MS);
    expect(one.takeStatus('ospm1')).toBe(0);
    one.advance(10 * MS);
    expect(one.isEnabled('ospm1', 0)).toBe(false);
  });

  it('by RESET_AGENT_CONFIGURATION of another answers the command under way', () => {
    const one = server();
    one.begin('ospm1', 'configSet', 0, 1);
    expect(one.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    one.advance(10 * MS);
    expect(one.takeStatus('ospm1')).toBe(0);
    one.advance(10 * MS);
    expect(one.isEnabled('ospm0', 1)).toBe(false);
  });

  it('by RESET_AGENT_CONFIGURATION takes back a vote on a slow clock, which is free afterwards', () => {
    const one = server();
    one.begin('ospm0', 'configSet', 1, 1);
    one.advance(10 * MS);
    one.takeStatus('ospm0');
    expect(one.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [1, 0]).status).toBe(0);
    one.advance(10 * MS);
    expect(one.isEnabled('ospm0', 1)).toBe(false);
    one.begin('ospm0', 'rateGet', 1);
    one.advance(10 * MS);
    expect(one.takeStatus('ospm0')).toBe(0);
  });

  it('tries again while somebody else keeps the clock busy', () => {
    const { one, driver } = slowFake();
    one.status('ospm0', 'configSet', 0, 1);
    driver.answers.set('a stop', Status.E_BUSY);
    one.disconnect('ospm0');
    one.advance(10 * MS);
    expect(one.isEnabled('ospm0', 0)).toBe(true);
    driver.answers.clear();
    one.advance(1 * MS);
    expect(one.isEnabled('ospm0', 0)).toBe(false);
  });
});

describe('a rate that the platform changes', () => {
  it('is told with agent 0', () => {
    const one = server();
    one.status('ospm0', 'rateNotify', 0, 1);
    const clock: ElementId = one.clockId('fast');
    one.framework.notify(CLOCK_RATE_CHANGED, moduleId(FIRST_MODULE + 1), { clock, rate: 77, cause: 0 });
    one.advance(0);
    expect(one.events('ospm0')).toEqual(['00530000 00000000 00000000 4d000000 00000000']);
  });
});

/** A module with protocol 0x81, whose command 3 writes its answer, 64 bits, and waits. */
function patient(hubs: ScmiHub[], messages: Message[]): ModuleDefinition {
  const declaration = protocol({
    id: 0x81,
    name: 'patient',
    versions: [0x10000],
    attributes: statusOnly,
    negotiateSince: 0x10000,
    commands: {
      wait: { id: 3, name: 'WAIT', since: 0x10000, request: nothing, response: response({ low: u32, high: u32 }) },
    },
    notifications: {},
  });
  const provided: ScmiProtocol = {
    declaration,
    version: 0x10000,
    handlers: {
      attributes: () => 0,
      wait: message => {
        messages.push(message);
        message.set(4, 0x11223344);
        message.set(8, 0x55667788);
        return PENDING;
      },
    },
    resourceCount: () => 1,
    resource: () => undefined,
    resetAgent: () => undefined,
  };
  return {
    name: 'patient',
    type: 'PROTOCOL',
    apis: [SCMI_PROTOCOL],
    create: framework => ({
      apis: [provide(SCMI_PROTOCOL, () => provided)],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) hubs.push(framework.bind(framework.moduleId('scmi'), SCMI_HUB));
      },
    }),
  };
}

function slowFake() {
  const driver = new FakeDriver(['a']);
  driver.slow.add('a');
  driver.types = [1];
  const one = new ClockServer({ clocks: { a: {} }, driver });
  return { one, driver, id: one.clockId('a') };
}
