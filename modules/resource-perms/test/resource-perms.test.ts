// SPDX-License-Identifier: BSD-3-Clause
import { configure, type ElementId, elementId, Framework, type ModuleDefinition } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import resourcePerms from '@scp/resource-perms';
import { RESOURCE_PERMISSIONS, type ResourcePermissions } from '@scp/resource-perms/api';
import type { DenialConfig } from '@scp/resource-perms/schema';

const CLOCK = elementId(0, 0);
const SENSOR = elementId(0, 1);
const FREE = elementId(0, 2);

function start(devices: readonly (readonly ElementId[])[], deny: readonly DenialConfig[] = []): ResourcePermissions {
  let permissions: ResourcePermissions | undefined;
  const user: ModuleDefinition = {
    name: 'user',
    type: 'SERVICE',
    create: framework => ({
      init: () => undefined,
      bind: () => void (permissions = framework.bind(framework.moduleId('resource-perms'), RESOURCE_PERMISSIONS)),
    }),
  };
  const elements = devices.map((resources, index) => ({
    name: `device${index}`,
    config: { resources: [...resources], deny: index === 0 ? [...deny] : [] },
  }));
  const modules = [configure(resourcePerms, {}, elements), configure(user, undefined)];
  new Framework({ name: 'test', version: '0', modules }, new TestHost()).start();
  if (permissions === undefined) throw new Error('not bound');
  return permissions;
}

describe('resource-perms', () => {
  it('knows devices by number and resources by device; what belongs to none is everyone’s', () => {
    const permissions = start([[CLOCK], [SENSOR]]);
    expect(permissions.deviceCount).toBe(2);
    expect([CLOCK, SENSOR, FREE].map(id => permissions.deviceOf(id))).toEqual([0, 1, undefined]);
    permissions.setDevice(1, 0, false);
    expect([CLOCK, SENSOR, FREE].map(id => permissions.isPermitted(1, 0x14, id))).toEqual([false, true, true]);
  });

  it('denies a device to one agent, for every protocol', () => {
    const permissions = start([[CLOCK]]);
    permissions.setDevice(2, 0, false);
    expect([1, 2, 3].map(agent => permissions.isPermitted(agent, 0x14, CLOCK))).toEqual([true, false, true]);
    expect(permissions.isPermitted(2, 0x15, CLOCK)).toBe(false);
    permissions.setDevice(2, 0, true);
    expect(permissions.isPermitted(2, 0x14, CLOCK)).toBe(true);
  });

  it('denies a protocol of a device, beside the permission of the device', () => {
    const permissions = start([[CLOCK]]);
    permissions.setProtocol(1, 0, 0x14, false);
    expect([0x14, 0x15].map(protocol => permissions.isPermitted(1, protocol, CLOCK))).toEqual([false, true]);
    permissions.setDevice(1, 0, false);
    permissions.setDevice(1, 0, true);
    expect(permissions.isPermitted(1, 0x14, CLOCK)).toBe(false);
    permissions.setProtocol(1, 0, 0x14, true);
    expect(permissions.isPermitted(1, 0x14, CLOCK)).toBe(true);
  });

  it('resets one agent and no other', () => {
    const permissions = start([[CLOCK], [SENSOR]]);
    for (const agent of [1, 2, 3]) permissions.setDevice(agent, 1, false);
    permissions.setProtocol(1, 0, 0xff, false);
    permissions.reset(1);
    expect(permissions.isPermitted(1, 0xff, CLOCK)).toBe(true);
    expect([1, 2, 3].map(agent => permissions.isPermitted(agent, 0x15, SENSOR))).toEqual([true, false, false]);
  });

  it('refuses a resource in two devices', () => {
    expect(() => start([[CLOCK], [CLOCK]])).toThrow(
      'init, module resource-perms, element device1: resource [ELM 0:0] belongs to a device already; to one at most (E_DATA)',
    );
  });

  const agentId = (name: string) => ['platform', 'ospm0', 'ospm1'].indexOf(name);

  it('denies what the product says: a device, a protocol, single messages; and again after a reset', () => {
    const permissions = start(
      [[CLOCK], [SENSOR]],
      [
        { agent: 'ospm0', protocol: 0x14 },
        { agent: 'ospm1', protocol: 0x14, messages: [5, 7] },
      ],
    );
    permissions.setAgents(agentId);
    const check = () => {
      expect(permissions.isPermitted(1, 0x14, CLOCK)).toBe(false);
      expect(permissions.isMessagePermitted(1, 0x14, 6, CLOCK)).toBe(false);
      expect(permissions.isPermitted(1, 0x15, CLOCK)).toBe(true);
      expect(permissions.isPermitted(2, 0x14, CLOCK)).toBe(true);
      expect([5, 6, 7].map(message => permissions.isMessagePermitted(2, 0x14, message, CLOCK))).toEqual([
        false,
        true,
        false,
      ]);
      expect(permissions.isMessagePermitted(2, 0x14, 5, SENSOR)).toBe(true);
      expect(permissions.isMessagePermitted(2, 0x14, 5, FREE)).toBe(true);
    };
    check();
    permissions.setProtocol(1, 0, 0x14, true);
    expect(permissions.isPermitted(1, 0x14, CLOCK)).toBe(true);
    permissions.reset(1);
    check();
  });

  it('denies a whole device when no protocol is named', () => {
    const permissions = start([[CLOCK]], [{ agent: 'ospm1' }]);
    permissions.setAgents(agentId);
    expect([0x11, 0x14].map(protocol => permissions.isPermitted(2, protocol, CLOCK))).toEqual([false, false]);
    expect(permissions.isPermitted(1, 0x14, CLOCK)).toBe(true);
  });

  it('refuses messages without a protocol, and an agent that is not there', () => {
    expect(() => start([[CLOCK]], [{ agent: 'ospm0', messages: [1] }])).toThrow(
      'init, module resource-perms, element device0: messages are denied without the protocol they belong to (E_DATA)',
    );
    const permissions = start([[CLOCK]], [{ agent: 'nobody' }]);
    expect(() => permissions.setAgents(() => undefined)).toThrow('denies agent nobody, which is not there (E_DATA)');
  });
});
