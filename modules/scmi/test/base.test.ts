// SPDX-License-Identifier: BSD-3-Clause
/** The Base protocol by exact bytes, under the names of the compliance suite where it has the case. */
import {
  configure,
  elementId,
  type ElementId,
  type Framework,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
} from '@scp/framework';
import resourcePerms from '@scp/resource-perms';
import {
  layout,
  protocol,
  response,
  SCMI_HUB,
  SCMI_PROTOCOL,
  type ScmiHub,
  ScmiStatus,
  statusOnly,
  u32,
} from '@scp/scmi/api';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { FIRST_MODULE, TestServer } from '@scp/scmi/testing';

/** A protocol with `count` resources for everyone, one command and nothing else. */
function probe(id: number, count: number, resources: (index: number) => ElementId | undefined = () => undefined) {
  const declaration = protocol({
    id,
    name: `probe${id}`,
    versions: [0x10000],
    attributes: response({ count: u32 }),
    negotiateSince: 0x10000,
    commands: {
      fail: { id: 0x3, name: 'FAIL', since: 0x10000, request: layout({ status: u32 }), response: statusOnly },
    },
    notifications: {},
  });
  const resets: number[] = [];
  const definition: ModuleDefinition = {
    name: `probe-${id}`,
    type: 'PROTOCOL',
    apis: [SCMI_PROTOCOL],
    create: (framework: Framework): Module => {
      let hub: ScmiHub | undefined;
      return {
        apis: [
          provide(SCMI_PROTOCOL, () => ({
            declaration,
            version: 0x10000,
            handlers: {
              attributes: message => {
                message.set(4, hub?.agents.length ?? 0);
                return ScmiStatus.SUCCESS;
              },
              fail: message =>
                Object.values(ScmiStatus).find(status => status === (message.u32(0) | 0)) ?? ScmiStatus.SUCCESS,
            },
            resourceCount: () => count,
            resource: (_agent, index) => resources(index),
            resetAgent: agent => void resets.push(agent),
          })),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind(id, round) {
          if (round === 0 && isModuleId(id)) hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
        },
      };
    },
  };
  return { definition, declaration, resets };
}

const plain = () => new TestServer({ agents: ['ospm0', 'ospm1'], trusted: ['ospm0'] });

/** Two devices: 0 holds resource 0 of protocol 0x80, 1 holds resource 0 of 0x81; nobody sees device 2's. */
function permissive(version?: number) {
  const perms = FIRST_MODULE;
  const resource = (module: number) => (index: number) => elementId(module, index);
  const first = probe(0x80, 1, resource(perms + 1));
  const second = probe(0x81, 1, resource(perms + 2));
  const element = { name: 'r', config: undefined };
  const server = new TestServer({
    agents: ['ospm0', 'ospm1'],
    trusted: ['ospm0'],
    scmi: version === undefined ? {} : { version },
    modules: [
      configure(resourcePerms, {}, [
        { name: 'one', config: { resources: [elementId(perms + 1, 0)], deny: [] } },
        { name: 'two', config: { resources: [elementId(perms + 2, 0)], deny: [] } },
        { name: 'unseen', config: { resources: [elementId(perms + 1, 1)], deny: [] } },
      ]),
      configure(first.definition, undefined, [element, { name: 's', config: undefined }]),
      configure(second.definition, undefined, [element]),
    ],
  });
  return { server, first, second };
}

const status = (server: TestServer, agent: string, key: string, payload: number[]) =>
  server.command(agent, BASE_PROTOCOL, key, payload).status;

describe('Base protocol: discovery', () => {
  it.each([
    ['b001 PROTOCOL_VERSION', '00400400', '00400400 00000000 01000200'],
    ['b002 PROTOCOL_ATTRIBUTES: two agents, no protocol but Base', '01400000', '01400000 00000000 00020000'],
    ['b003 MESSAGE_ATTRIBUTES of BASE_DISCOVER_VENDOR', '02400000 03000000', '02400000 00000000 00000000'],
    [
      'b003 MESSAGE_ATTRIBUTES of BASE_DISCOVER_IMPLEMENTATION_VERSION',
      '02400000 05000000',
      '02400000 00000000 00000000',
    ],
    ['b003 MESSAGE_ATTRIBUTES of BASE_DISCOVER_LIST_PROTOCOLS', '02400000 06000000', '02400000 00000000 00000000'],
    ['MESSAGE_ATTRIBUTES of itself', '02400000 02000000', '02400000 00000000 00000000'],
    ['MESSAGE_ATTRIBUTES of NEGOTIATE_PROTOCOL_VERSION', '02400000 10000000', '02400000 00000000 00000000'],
    ['b004 command 0xC', '0c400000', '0c400000 fcffffff'],
    ['b004 MESSAGE_ATTRIBUTES of 0xC', '02400000 0c000000', '02400000 fcffffff'],
    ['MESSAGE_ATTRIBUTES of 0x100 does not alias 0x00', '02400000 00010000', '02400000 fcffffff'],
    ['MESSAGE_ATTRIBUTES of SET_DEVICE_PERMISSIONS without resource-perms', '02400000 09000000', '02400000 fcffffff'],
    ['SET_DEVICE_PERMISSIONS without resource-perms', '09400000 01000000 00000000 00000000', '09400000 fcffffff'],
    ['b005 BASE_DISCOVER_VENDOR', '03400000', '03400000 00000000 56656e64 6f720000 00000000 00000000'],
    ['b006 BASE_DISCOVER_SUB_VENDOR', '04400000', '04400000 00000000 53756200 00000000 00000000 00000000'],
    ['b007 BASE_DISCOVER_IMPLEMENTATION_VERSION', '05400000', '05400000 00000000 01000000'],
    ['b008 BASE_DISCOVER_LIST_PROTOCOLS of none', '06400000 00000000', '06400000 00000000 00000000'],
    ['b008 BASE_DISCOVER_LIST_PROTOCOLS past the end', '06400000 08000000', '06400000 feffffff'],
    [
      'b009 BASE_DISCOVER_AGENT 0',
      '07400000 00000000',
      '07400000 00000000 00000000 706c6174 666f726d 00000000 00000000',
    ],
    [
      'b009 BASE_DISCOVER_AGENT of the caller',
      '07400000 ffffffff',
      '07400000 00000000 01000000 6f73706d 30000000 00000000 00000000',
    ],
    [
      'b009 BASE_DISCOVER_AGENT 2',
      '07400000 02000000',
      '07400000 00000000 02000000 6f73706d 31000000 00000000 00000000',
    ],
    ['b009 BASE_DISCOVER_AGENT N+1', '07400000 03000000', '07400000 fcffffff'],
    ['b010 BASE_NOTIFY_ERRORS with reserved bits', '08400000 0f000000', '08400000 feffffff'],
    ['BASE_NOTIFY_ERRORS on', '08400000 01000000', '08400000 00000000'],
    ['NEGOTIATE an older version', '10400000 00000200', '10400000 00000000'],
    ['NEGOTIATE a version that does not exist', '10400000 00000300', '10400000 ffffffff'],
    ['token and reserved header bits are echoed', '0040fcff', '0040fcff 00000000 01000200'],
  ])('%s', (_name, request, expected) => {
    expect(plain().exchange('ospm0', request)).toBe(expected);
  });

  it('b008 walks the list of protocols by the room of the answer, four ids to a word, Base left out', () => {
    const protocols = [0x85, 0x81, 0x90, 0x80, 0x84, 0xff].map(id => configure(probe(id, 1).definition, undefined));
    const server = new TestServer({ agents: ['a'], modules: protocols });
    expect(server.exchange('a', '01400000')).toBe('01400000 00000000 06010000');
    expect(server.exchange('a', '06400000 00000000')).toBe('06400000 00000000 06000000 80818485 90ff0000');
    expect(server.exchange('a', '06400000 00000000', 16)).toBe('06400000 00000000 04000000 80818485');
    expect(server.exchange('a', '06400000 04000000', 16)).toBe('06400000 00000000 02000000 90ff0000');
    expect(server.exchange('a', '06400000 06000000')).toBe('06400000 00000000 00000000');
    expect(server.exchange('a', '06400000 07000000')).toBe('06400000 feffffff');
  });

  it('hides a protocol without resources for the agent', () => {
    const server = new TestServer({ agents: ['a'], modules: [configure(probe(0x80, 0).definition, undefined)] });
    expect(server.exchange('a', '01400000')).toBe('01400000 00000000 00010000');
    expect(server.exchange('a', '00000200')).toBe('00000200 ffffffff');
  });
});

describe('Base protocol: versions', () => {
  it('speaks 1.0 when the product says so', () => {
    const server = new TestServer({ agents: ['a'], scmi: { version: 0x10000 } });
    expect(server.exchange('a', '00400000')).toBe('00400000 00000000 00000100');
    expect(server.exchange('a', '07400000 01000000')).toBe('07400000 00000000 61000000 00000000 00000000 00000000');
    expect(server.exchange('a', '07400000 ffffffff')).toBe('07400000 fcffffff');
    expect(server.exchange('a', '0b400000 01000000 00000000')).toBe('0b400000 fcffffff');
    expect(server.exchange('a', '10400000 00000100')).toBe('10400000 fcffffff');
  });

  it('keeps the negotiated version by agent until it is reset, and can negotiate back', () => {
    const server = plain();
    expect(server.exchange('ospm0', '10400000 00000100')).toBe('10400000 00000000');
    expect(server.exchange('ospm0', '07400000 01000000')).toBe('07400000 00000000 6f73706d 30000000 00000000 00000000');
    expect(server.exchange('ospm1', '07400000 01000000').length).toBe('07400000 00000000 01000000 '.length + 35);
    expect(server.exchange('ospm0', '10400000 00000500')).toBe('10400000 ffffffff');
    expect(server.exchange('ospm0', '0b400000 01000000 00000000')).toBe('0b400000 fcffffff');
    expect(server.exchange('ospm0', '00400000')).toBe('00400000 00000000 01000200');
    expect(server.exchange('ospm0', '10400000 01000200')).toBe('10400000 00000000');
    expect(server.exchange('ospm0', '07400000 ffffffff').startsWith('07400000 00000000 01000000')).toBe(true);
    server.exchange('ospm0', '10400000 00000100');
    server.disconnect('ospm0');
    expect(server.exchange('ospm0', '07400000 ffffffff').startsWith('07400000 00000000 01000000')).toBe(true);
  });

  it('refuses a version that is not declared, at start', () => {
    expect(() => new TestServer({ agents: ['a'], scmi: { version: 0x30000 } })).toThrow(
      'bind, module scmi: protocol base has no version 0x30000; it has 0x10000, 0x20000, 0x20001 (E_DATA)',
    );
  });
});

describe('Base protocol: permissions', () => {
  const { SUCCESS, NOT_FOUND, INVALID_PARAMETERS, DENIED } = ScmiStatus;
  const probeVersion = (server: TestServer, agent: string, id: 0x80 | 0x81) =>
    server.exchange(agent, id === 0x80 ? '00000200' : '00040200').slice(9);

  it.each([
    ['b011 agent N+1', 'setDevicePermissions', [3, 0, 0], NOT_FOUND],
    ['b011 agent 0', 'setDevicePermissions', [0, 0, 0], NOT_FOUND],
    ['b011 reserved flags', 'setDevicePermissions', [1, 0, 0xf], INVALID_PARAMETERS],
    ['b011 no such device', 'setDevicePermissions', [1, 3, 0], NOT_FOUND],
    ['b011 a device the agent does not see', 'setDevicePermissions', [1, 2, 0], NOT_FOUND],
    ['b013 agent N+1', 'setProtocolPermissions', [3, 0, 0x80, 0], NOT_FOUND],
    ['b013 Base can’t be denied', 'setProtocolPermissions', [1, 0, 0x10, 0], NOT_FOUND],
    ['b013 no such protocol', 'setProtocolPermissions', [1, 0, 0x99, 0], NOT_FOUND],
    ['b013 reserved flags', 'setProtocolPermissions', [1, 0, 0x80, 0xf], INVALID_PARAMETERS],
    ['b013 reserved command bits', 'setProtocolPermissions', [1, 0, 0x180, 0], INVALID_PARAMETERS],
    ['b013 a device the agent does not see', 'setProtocolPermissions', [1, 2, 0x80, 0], NOT_FOUND],
    ['b015 agent N+1', 'resetAgentConfiguration', [3, 0], NOT_FOUND],
    ['b015 agent 0', 'resetAgentConfiguration', [0, 0], NOT_FOUND],
    ['b015 reserved flags', 'resetAgentConfiguration', [1, 0xf], INVALID_PARAMETERS],
  ])('%s', (_name, key, payload, expected) => {
    expect(status(permissive().server, 'ospm0', key, payload)).toBe(expected);
  });

  it('b012 denies a device: its only protocol answers DENIED, PROTOCOL_VERSION included, and leaves the list', () => {
    const { server } = permissive();
    expect(probeVersion(server, 'ospm0', 0x80)).toBe('00000000 00000100');
    expect(status(server, 'ospm0', 'setDevicePermissions', [1, 0, 0])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm0', 0x80)).toBe('fdffffff');
    expect(probeVersion(server, 'ospm0', 0x81)).toBe('00000000 00000100');
    expect(probeVersion(server, 'ospm1', 0x80)).toBe('00000000 00000100');
    expect(server.exchange('ospm0', '06400000 00000000')).toBe('06400000 00000000 01000000 81000000');
    expect(status(server, 'ospm0', 'setDevicePermissions', [1, 0, 1])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm0', 0x80)).toBe('00000000 00000100');
  });

  it('b014 denies a protocol of a device, another agent’s too', () => {
    const { server } = permissive();
    expect(status(server, 'ospm0', 'setProtocolPermissions', [2, 1, 0x81, 0])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm1', 0x81)).toBe('fdffffff');
    expect(probeVersion(server, 'ospm0', 0x81)).toBe('00000000 00000100');
    expect(status(server, 'ospm0', 'setProtocolPermissions', [2, 1, 0x81, 1])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm1', 0x81)).toBe('00000000 00000100');
  });

  it.each([
    ['b016 device', 'setDevicePermissions', [1, 0, 0]],
    ['b017 protocol', 'setProtocolPermissions', [1, 0, 0x80, 0]],
  ])('%s permissions come back with flag 1 and only with it', (_name, key, payload) => {
    const { server, first } = permissive();
    expect(status(server, 'ospm0', key, payload)).toBe(SUCCESS);
    expect(status(server, 'ospm0', 'resetAgentConfiguration', [1, 0])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm0', 0x80)).toBe('fdffffff');
    expect(status(server, 'ospm0', 'resetAgentConfiguration', [1, 1])).toBe(SUCCESS);
    expect(probeVersion(server, 'ospm0', 0x80)).toBe('00000000 00000100');
    expect(first.resets).toEqual([1, 1]);
  });

  it('denies an agent that is not trusted, but lets it reset itself', () => {
    const { server, first } = permissive();
    expect(status(server, 'ospm1', 'setDevicePermissions', [2, 0, 0])).toBe(DENIED);
    expect(status(server, 'ospm1', 'setProtocolPermissions', [2, 0, 0x80, 0])).toBe(DENIED);
    expect(status(server, 'ospm1', 'resetAgentConfiguration', [1, 1])).toBe(DENIED);
    expect(first.resets).toEqual([]);
    expect(status(server, 'ospm1', 'resetAgentConfiguration', [2, 0])).toBe(SUCCESS);
    expect(first.resets).toEqual([2]);
  });
});

describe('BASE_ERROR_EVENT', () => {
  const withProbe = () =>
    new TestServer({ agents: ['a', 'b'], modules: [configure(probe(0x80, 1).definition, undefined)] });

  it('tells subscribers of faults, with the header and status of the command, and of nothing else', () => {
    const server = withProbe();
    server.exchange('b', '08400000 01000000');
    expect(server.exchange('a', '03002a00 f7ffffff')).toBe('03002a00 f7ffffff');
    expect(server.events('b')).toEqual(['00430000 01000000 01000000 03002a00 f7ffffff']);
    expect(server.events('a')).toEqual([]);
    server.exchange('a', '03002a00 fdffffff');
    server.exchange('a', '03002a00 00000000');
    expect(server.events('b')).toEqual([]);
    server.exchange('b', '08400000 00000000');
    server.exchange('a', '03002a00');
    expect(server.events('b')).toEqual([]);
  });

  it('is off again after the subscriber’s connection ended', () => {
    const server = withProbe();
    server.exchange('b', '08400000 01000000');
    server.disconnect('b');
    server.exchange('a', '03002a00 f7ffffff');
    expect(server.events('b')).toEqual([]);
  });

  it('is not there without a platform-to-agent channel', () => {
    const server = withProbe();
    server.setP2a('a', false);
    expect(server.exchange('a', '08400000 01000000')).toBe('08400000 ffffffff');
    expect(server.exchange('a', '02400000 08000000')).toBe('02400000 fcffffff');
  });
});
