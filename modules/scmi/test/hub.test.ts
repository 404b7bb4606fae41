// SPDX-License-Identifier: BSD-3-Clause
/** The hub: what bad input gets, pending commands, resets, the way back, and the trace. */
import fc from 'fast-check';
import { configure, type Framework, LogLevel, type Module, type ModuleDefinition, provide } from '@scp/framework';
import {
  type Handler,
  i32,
  layout,
  list,
  name16,
  packName,
  Page,
  PENDING,
  protocol,
  response,
  SCMI_HUB,
  SCMI_PROTOCOL,
  SCMI_SERVICE,
  type ScmiHub,
  type ScmiProtocol,
  ScmiStatus,
  statusOnly,
  Subscribers,
  u32,
} from '@scp/scmi/api';
import scmi from '@scp/scmi';
import { fromHex, statusOf, TestServer, toHex } from '@scp/scmi/testing';

const PROBE = protocol({
  id: 0x80,
  name: 'probe',
  versions: [0x10000, 0x20000],
  attributes: response({ count: u32 }),
  negotiateSince: 0x10000,
  commands: {
    echo: {
      id: 0x3,
      name: 'ECHO',
      since: 0x10000,
      request: layout({ a: u32, b: u32 }),
      requestMinimum: 4,
      response: response({ a: u32, b: u32 }),
    },
    slow: { id: 0x4, name: 'SLOW', since: 0x10000, request: layout({ us: u32 }), response: response({ done: u32 }) },
    many: {
      id: 0x5,
      name: 'MANY',
      since: 0x10000,
      request: layout({}),
      response: response({ count: u32 }, list('items', layout({ item: u32 }))),
    },
    newer: { id: 0x6, name: 'NEWER', since: 0x20000, request: layout({}), response: statusOnly },
    notify: {
      id: 0x7,
      name: 'NOTIFY',
      since: 0x10000,
      request: layout({ enable: u32 }),
      response: statusOnly,
      notifies: true,
    },
    broken: { id: 0x8, name: 'BROKEN', since: 0x10000, request: layout({}), response: statusOnly },
    optional: { id: 0x9, name: 'OPTIONAL', since: 0x10000, request: layout({}), response: statusOnly },
  },
  notifications: { changed: { id: 0x0, name: 'CHANGED', since: 0x10000, payload: layout({ value: u32 }) } },
});

interface Probe {
  hub: ScmiHub | undefined;
  handled: number;
  readonly resets: number[];
}

function probeModule(
  version: number,
  overrides: Partial<ScmiProtocol> = {},
): { definition: ModuleDefinition; probe: Probe } {
  const probe: Probe = { hub: undefined, handled: 0, resets: [] };
  const definition: ModuleDefinition = {
    name: 'probe',
    type: 'PROTOCOL',
    apis: [SCMI_PROTOCOL],
    requires: ['scmi'],
    create(framework: Framework): Module {
      const slow: Handler = message => {
        const { sequence } = message;
        const alarm = framework.createAlarm(framework.moduleId('probe'), () => {
          message.set(4, 1);
          probe.hub?.respond(message, sequence, ScmiStatus.SUCCESS);
        });
        alarm.start(message.u32(0));
        return PENDING;
      };
      const api: ScmiProtocol = {
        declaration: PROBE,
        version,
        handlers: {
          attributes: () => ScmiStatus.SUCCESS,
          echo: message => {
            probe.handled++;
            message.set(4, message.u32(0));
            message.set(8, message.u32(4));
            return ScmiStatus.SUCCESS;
          },
          slow,
          many: message => {
            const count = message.room(4);
            message.set(4, count);
            for (let item = 0; item < count; item++) message.set(8 + 4 * item, item);
            message.size += 4 * count;
            return ScmiStatus.SUCCESS;
          },
          newer: () => ScmiStatus.SUCCESS,
          notify: () => ScmiStatus.SUCCESS,
          broken: () => {
            throw new Error('a defect');
          },
          optional: () => ScmiStatus.SUCCESS,
        },
        resourceCount: agent => (agent === 3 ? 0 : 1),
        resource: () => undefined,
        isAvailable: (command, agent) => command.id !== 0x9 || agent === 1,
        resetAgent: agent => void probe.resets.push(agent),
        ...overrides,
      };
      return {
        apis: [provide(SCMI_PROTOCOL, () => api)],
        init: () => undefined,
        bind(_id, round) {
          if (round === 0) probe.hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
        },
      };
    },
  };
  return { definition, probe };
}

function start(version = 0x20000, agents = ['a', 'b', 'c']) {
  const { definition, probe } = probeModule(version);
  const server = new TestServer({ agents, modules: [configure(definition, undefined)] });
  return { server, probe };
}

describe('what bad input gets', () => {
  it.each([
    ['type 1', '00010200', 'f6ffffff'],
    ['type 2', '00020200', 'f6ffffff'],
    ['type 3', '00030200', 'f6ffffff'],
    ['a protocol nobody has', '00047e00', 'ffffffff'],
    ['a message nobody has, before its length is looked at', '20000200 01', 'fcffffff'],
    ['a message the agent does not have', '09000200', '00000000'],
    ['nothing where 4 bytes are due', '04000200', 'f6ffffff'],
    ['3 of 4 bytes', '04000200 010000', 'f6ffffff'],
    ['5 of 4 bytes', '04000200 01000000 00', 'f6ffffff'],
    ['a byte more than the longest', '03000200 01000000 02000000 00', 'f6ffffff'],
    ['a handler that throws', '08000200', 'f8ffffff'],
  ])('%s', (_name, request, status) => {
    const { server } = start();
    expect(server.exchange('a', request)).toBe(`${toHex(fromHex(request).slice(0, 4))} ${status}`);
    expect(server.exchange('a', '03000200 01000000 02000000')).toBe('03000200 00000000 01000000 02000000');
    expect(server.exchange('b', '00000200')).toBe('00000200 00000000 00000200');
  });

  it('answers for an agent what it sees: no protocol without resources, no message that is not available', () => {
    const { server } = start();
    expect(server.exchange('c', '00000200')).toBe('00000200 ffffffff');
    expect(server.exchange('b', '09000200')).toBe('09000200 fcffffff');
    expect(server.exchange('b', '02000200 09000000')).toBe('02000200 fcffffff');
    expect(server.exchange('a', '02000200 09000000')).toBe('02000200 00000000 00000000');
  });

  it('accepts a request from its shortest to its longest form', () => {
    const { server } = start();
    expect(server.exchange('a', '03000200 07000000')).toBe('03000200 00000000 07000000 00000000');
  });

  it('counts a request that is longer than its page, and does not read it', () => {
    const { server } = start();
    expect(toHex(server.send('a', new Uint8Array(4096).fill(0xff, 4).fill(0, 0, 4)) ?? new Uint8Array())).toBe(
      '00000000 ffffffff',
    );
    const long = new Uint8Array(4096);
    long.set(fromHex('03000200'));
    expect(toHex(server.send('a', long) ?? new Uint8Array())).toBe('03000200 f6ffffff');
  });

  it('has no message of a newer version than the one offered or negotiated', () => {
    expect(start(0x10000).server.exchange('a', '06000200')).toBe('06000200 fcffffff');
    const { server } = start();
    expect(server.exchange('a', '06000200')).toBe('06000200 00000000');
    expect(server.exchange('a', '10000200 00000100')).toBe('10000200 00000000');
    expect(server.exchange('a', '06000200')).toBe('06000200 fcffffff');
    expect(server.exchange('b', '06000200')).toBe('06000200 00000000');
  });

  it('does not act on a command whose answer has no room, and fills lists by the room there is', () => {
    const { server, probe } = start();
    expect(server.exchange('a', '03000200 01000000 02000000', 12)).toBe('03000200 f9ffffff');
    expect(probe.handled).toBe(0);
    expect(server.exchange('a', '05000200', 8)).toBe('05000200 f9ffffff');
    expect(server.exchange('a', '05000200', 12)).toBe('05000200 00000000 00000000');
    expect(server.exchange('a', '05000200', 23)).toBe('05000200 00000000 02000000 00000000 01000000');
  });

  it('has no notifications without a platform-to-agent channel', () => {
    const { server, probe } = start();
    server.setP2a('a', false);
    expect(server.exchange('a', '07000200 01000000')).toBe('07000200 ffffffff');
    expect(server.exchange('a', '02000200 07000000')).toBe('02000200 fcffffff');
    expect(server.exchange('b', '07000200 01000000')).toBe('07000200 00000000');
    expect(probe.hub?.notify(1, PROBE, PROBE.notifications.changed, 4)).toBe(false);
  });

  it('lets a protocol say what message attributes of a command that is not available are answered with', () => {
    const { definition } = probeModule(0x20000, { absentStatus: () => ScmiStatus.NOT_SUPPORTED });
    const server = new TestServer({ agents: ['a', 'b'], modules: [configure(definition, undefined)] });
    server.setP2a('a', false);
    expect(server.exchange('a', '02000200 07000000')).toBe('02000200 ffffffff');
    expect(server.exchange('b', '02000200 07000000')).toBe('02000200 00000000 00000000');
    expect(server.exchange('b', '02000200 09000000')).toBe('02000200 ffffffff');
    expect(server.exchange('b', '02000200 20000000')).toBe('02000200 fcffffff');
    expect(server.exchange('b', '02000200 07010000')).toBe('02000200 fcffffff');
  });

  it('limits the log of what an agent does wrong', () => {
    const { server } = start();
    for (let count = 0; count < 1000; count++) server.exchange('a', '04000200');
    expect(server.host.logged(LogLevel.WARN).length).toBe(10);
    server.advance(1_000_000);
    server.exchange('a', '04000200');
    expect(server.host.logged(LogLevel.WARN)[10]).toBe(
      '[SCMI] a: SLOW, 0 bytes of payload, answered PROTOCOL_ERROR (990 more like this)',
    );
  });

  it('answers any bytes with a defined status, header echoed, and then the next good message', () => {
    const { server } = start();
    const defined = new Set<number>(Object.values(ScmiStatus));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 160 }),
        fc.integer({ min: 8, max: 140 }),
        (bytes, capacity) => {
          const answer = server.send('a', bytes, capacity);
          if (answer === undefined) server.advance(0x1_0000_0000);
          else {
            expect(toHex(answer.slice(0, 4))).toBe(toHex(bytes.slice(0, 4)));
            expect(answer.length).toBeLessThanOrEqual(capacity);
            expect(defined.has(statusOf(answer))).toBe(true);
          }
          expect(server.exchange('a', '03000200 07000000')).toBe('03000200 00000000 07000000 00000000');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('pending commands', () => {
  it('answer later with their header; one at a time on a channel; other channels go on', () => {
    const { server } = start();
    expect(server.exchange('a', '04002a00 e8030000')).toBe('');
    expect(() => server.exchange('a', '00000200')).toThrow('a has a command under way');
    expect(server.exchange('b', '00000200')).toBe('00000200 00000000 00000200');
    server.advance(999);
    expect(server.take('a')).toBeUndefined();
    server.advance(1);
    expect(toHex(server.take('a') ?? new Uint8Array())).toBe('04002a00 00000000 01000000');
    expect(server.exchange('a', '00000200')).toBe('00000200 00000000 00000200');
  });

  it('answer nothing when their agent was reset, nor into the command that follows', () => {
    const { server, probe } = start();
    server.exchange('a', '04000200 e8030000');
    server.disconnect('a');
    expect(probe.resets).toEqual([1]);
    expect(server.exchange('a', '04002a00 d0070000')).toBe('');
    server.advance(1000);
    expect(server.take('a')).toBeUndefined();
    server.advance(1000);
    expect(toHex(server.take('a') ?? new Uint8Array())).toBe('04002a00 00000000 01000000');
  });
});

describe('the way back', () => {
  it('sends notifications with token 0, and drops them without a buffer', () => {
    const { server, probe } = start();
    probe.hub?.event.set(0, 0x1234);
    expect(probe.hub?.notify(2, PROBE, PROBE.notifications.changed, 4)).toBe(true);
    expect(server.events('b')).toEqual(['00030200 34120000']);
    server.setBuffers('b', false);
    expect(probe.hub?.notify(2, PROBE, PROBE.notifications.changed, 4)).toBe(false);
    server.setBuffers('b', true);
    expect(server.events('b')).toEqual([]);
    expect(probe.hub?.notify(9, PROBE, PROBE.notifications.changed, 4)).toBe(false);
  });

  it('sends delayed responses with type 2 and the token, and keeps them until there is a buffer', () => {
    const { server, probe } = start();
    server.setBuffers('a', false);
    probe.hub?.event.set(0, 0);
    probe.hub?.event.set(4, 7);
    probe.hub?.sendDelayed(1, 0x00aa0003 | (0x80 << 10), 8);
    expect(server.events('a')).toEqual([]);
    server.setBuffers('a', true);
    expect(server.events('a')).toEqual(['0302aa00 00000000 07000000']);
  });

  it('knows agents by name and the version spoken with each', () => {
    const { server, probe } = start();
    expect(probe.hub?.agentId('b')).toBe(2);
    expect(probe.hub?.agentId('nobody')).toBeUndefined();
    server.exchange('a', '10000200 00000100');
    expect(probe.hub?.versionFor(PROBE, 1)).toBe(0x10000);
    expect(probe.hub?.versionFor(PROBE, 2)).toBe(0x20000);
  });
});

describe('set-up', () => {
  const failing = (modules: ModuleDefinition[]) => () =>
    new TestServer({ agents: ['a'], modules: modules.map(definition => configure(definition, undefined)) });

  it('refuses two modules for one protocol, a missing handler, an unknown agent, two agents of one name', () => {
    const twin = { ...probeModule(0x20000).definition, name: 'twin' };
    expect(failing([probeModule(0x20000).definition, twin])).toThrow(
      'bind, module scmi: two modules provide protocol 0x80 (probe); one may (E_STATE)',
    );
    expect(failing([probeModule(0x20000, { handlers: {} }).definition])).toThrow('has no handler for');
    const twins = ['a', 'a'].map(name => ({ name, trusted: false }));
    expect(() => new TestServer({ agents: ['a'], scmi: { agents: twins } })).toThrow(
      'init, module scmi: two agents are called a (E_DATA)',
    );
    expect(() => new TestServer({ agents: ['a'], scmi: { agents: [{ name: 'b', trusted: false }] } })).toThrow(
      'init, module scmi, element a: no agent is called a; the agents are b (E_DATA)',
    );
  });

  it('gives the hub to modules and a service to its transport only', () => {
    const thief: ModuleDefinition = {
      name: 'thief',
      type: 'SERVICE',
      create: framework => ({
        init: () => undefined,
        bind: () => {
          const id = framework.findElement(framework.moduleId('scmi'), 'a');
          if (id !== undefined) framework.bind(id, SCMI_SERVICE);
        },
      }),
    };
    expect(failing([thief])).toThrow(
      'bind, module thief: binds SCMI_SERVICE of scmi/a, which refuses thief (E_ACCESS)',
    );
    expect(scmi.apis).toContain(SCMI_HUB);
  });
});

describe('the trace', () => {
  it('prints a command and its answer by the names of the declaration', () => {
    const { definition } = probeModule(0x20000);
    const server = new TestServer({
      agents: ['a'],
      modules: [configure(definition, undefined)],
      framework: { logLevel: LogLevel.TRACE },
      trace: true,
    });
    server.exchange('a', '03002a00 01000000 02000000');
    server.exchange('a', '04000200');
    server.exchange('a', '00047e00');
    expect(server.host.lines.filter(({ level }) => level === LogLevel.TRACE).map(({ line }) => line)).toEqual([
      '[SCMI] a ECHO token=10 a=1 b=2 -> SUCCESS a=1 b=2 (0 us)',
      '[SCMI] a SLOW token=0  -> PROTOCOL_ERROR  (0 us)',
      '[SCMI] a message 0x20400 token=31  -> NOT_SUPPORTED  (0 us)',
    ]);
  });
});

describe('pages, names and layouts', () => {
  it('packs names: cut, terminated, padded, ASCII', () => {
    const bytes = (name: string, size: 16 | 64) =>
      new TextDecoder().decode(new Uint8Array(packName(name, size).buffer));
    expect(bytes('uart', 16)).toBe('uart'.padEnd(16, '\0'));
    expect(bytes('0123456789abcdefgh', 16)).toBe('0123456789abcde\0');
    expect(bytes('x'.repeat(70), 64)).toBe(`${'x'.repeat(63)}\0`);
    expect(bytes('µé', 16)).toBe('??'.padEnd(16, '\0'));
  });

  it.each([
    [0, '00000000 00000000'],
    [594_000_000, '80b86723 00000000'],
    [2 ** 33 + 5, '05000000 02000000'],
    [Number.MAX_SAFE_INTEGER, 'ffffffff ffff1f00'],
    [-1, 'ffffffff ffffffff'],
    [-40_000, 'c063ffff ffffffff'],
    [-(2 ** 32), '00000000 ffffffff'],
    [-(2 ** 40) - 3, 'fdffffff fffeffff'],
  ])('writes and reads %d as two words', (value, hex) => {
    const page = new Page(16);
    page.setI64(0, value);
    expect(toHex(page.bytes.slice(4, 12))).toBe(hex);
    expect(page.i64(0)).toBe(value);
    if (value < 0) return;
    page.setU64(8, value);
    expect(toHex(page.bytes.slice(12, 20))).toBe(hex);
    expect(page.u64(8)).toBe(value);
  });

  it('never leaves the page', () => {
    const page = new Page(8);
    page.set(8, 1);
    expect(page.u32(8)).toBe(0);
    expect(page.bytes.length).toBe(12);
    expect(page.capacity).toBe(8);
  });

  it('decodes what it encodes, whatever the fields', () => {
    const shape = layout({ a: u32, b: i32, c: name16 });
    expect(shape.at).toEqual({ a: 0, b: 4, c: 8 });
    expect(shape.size).toBe(24);
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.string({ maxLength: 15, unit: fc.constantFrom(...'abcXYZ019') }),
        (a, b, c) => {
          const view = new DataView(new ArrayBuffer(24));
          shape.encode(view, 0, { a, b, c });
          expect(shape.decode(view, 0, 24)).toEqual({ a, b, c });
        },
      ),
    );
    expect(() => shape.decode(new DataView(new ArrayBuffer(8)), 0, 8)).toThrow('8 bytes of payload, 24 are needed');
  });

  it('keeps subscriptions by resource and agent', () => {
    const subscribers = new Subscribers(2, 2);
    subscribers.set(0, 1, true);
    subscribers.set(1, 2, true);
    expect([subscribers.has(0, 1), subscribers.has(0, 2), subscribers.has(1, 1), subscribers.has(1, 2)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    subscribers.clear(1);
    expect([subscribers.has(0, 1), subscribers.has(1, 2)]).toEqual([false, true]);
  });

  it('knows whether others subscribe to the same resource', () => {
    const subscribers = new Subscribers(2, 2);
    subscribers.set(0, 1, true);
    expect([0, 1, 2].map(agent => subscribers.hasOther(0, agent))).toEqual([true, false, true]);
    expect([0, 1, 2].map(agent => subscribers.hasOther(1, agent))).toEqual([false, false, false]);
    subscribers.set(0, 2, true);
    expect([1, 2].map(agent => subscribers.hasOther(0, agent))).toEqual([true, true]);
  });
});
