// SPDX-License-Identifier: BSD-3-Clause
/** What takes time to be set: answered when it is done, or before, with a delayed response. */
import { Status } from '@scp/framework';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { FakeSupply } from '@scp/voltage-domain/testing';
import { type Setup, VoltageServer } from './domains.ts';

const LEVELS = { levels: { kind: 'list', list: [-3, 1, 2] } } as const;

/** Domain `a` is slow: 1 to ospm0, 0 to ospm1. */
function make(setup: Partial<Setup> = {}) {
  const [a, b] = [new FakeSupply(LEVELS), new FakeSupply(LEVELS)];
  a.status = Status.PENDING;
  const server = new VoltageServer({
    domains: { a: { fake: a, asynchronous: true }, b: { fake: b, asynchronous: true } },
    agents: { ospm0: ['b', 'a'], ospm1: ['a'] },
    ...setup,
  });
  const finish = (status: Status = Status.SUCCESS) => {
    a.finish(status);
    server.framework.run();
  };
  return { a, server, finish };
}

describe('a synchronous command that takes time', () => {
  it.each([
    ['levelSet', [1, 0, 2], 'level 2', [2, 0]],
    ['configSet', [1, 7], 'mode 7', [-3, 7]],
  ] as const)('is answered when it is done: %s', (key, payload, call, [level, mode]) => {
    const { a, server, finish } = make();
    server.begin('ospm0', key, ...payload);
    expect(server.end('ospm0')).toBeUndefined();
    expect(a.taken()).toEqual([call]);
    finish();
    expect(server.end('ospm0')).toBe(0);
    expect([server.level('ospm0', 1), server.mode('ospm1', 0)]).toEqual([level, mode]);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('is answered with what went wrong, and leaves no vote then', () => {
    const { server, finish } = make();
    server.begin('ospm0', 'configSet', 1, 7);
    finish(Status.E_DEVICE);
    expect(server.end('ospm0')).toBe(-9);
    server.begin('ospm1', 'configSet', 0, 7);
    finish();
    expect(server.end('ospm1')).toBe(0);
    server.begin('ospm1', 'configSet', 0, 0);
    finish();
    expect([server.end('ospm1'), server.mode('ospm1', 0)]).toEqual([0, 0]);
  });

  it('keeps others from setting, not from reading, and not off other domains', () => {
    const { server, finish } = make();
    server.begin('ospm1', 'levelSet', 0, 0, 2);
    expect(server.status('ospm0', 'levelSet', 1, 0, 1)).toBe(-6);
    expect(server.status('ospm0', 'levelSet', 1, 1, 1)).toBe(-6);
    expect(server.status('ospm0', 'configSet', 1, 7)).toBe(-6);
    expect(server.status('ospm0', 'levelSet', 1, 0, 5)).toBe(-2);
    expect([server.level('ospm0', 1), server.mode('ospm0', 1)]).toEqual([-3, 0]);
    expect(server.status('ospm0', 'levelSet', 0, 0, 2)).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
    expect(server.level('ospm0', 1)).toBe(2);
  });
});

describe('an asynchronous change of the level', () => {
  const ASYNC = '075c0401 01000000 01000000 02000000';

  it('is acknowledged, then completed with the same token and the level', () => {
    const { a, server, finish } = make();
    expect(server.exchange('ospm0', ASYNC)).toBe('075c0401 00000000');
    expect(a.taken()).toEqual(['level 2']);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.status('ospm1', 'levelSet', 0, 0, 1)).toBe(-6);
    finish();
    expect(server.events('ospm0')).toEqual(['075e0401 00000000 01000000 02000000']);
    expect(server.events('ospm1')).toEqual([]);
    server.begin('ospm1', 'levelSet', 0, 0, 1);
  });

  it('tells the level that the domain has, below ground too', () => {
    const { a, server, finish } = make();
    a.level = 2;
    server.exchange('ospm0', '075c0401 01000000 01000000 fdffffff');
    finish();
    expect(server.events('ospm0')).toEqual(['075e0401 00000000 01000000 fdffffff']);
  });

  it('completes with the failure alone', () => {
    const { server, finish } = make();
    server.exchange('ospm0', ASYNC);
    finish(Status.E_DEVICE);
    expect(server.events('ospm0')).toEqual(['075e0401 f7ffffff']);
  });

  it('takes as long as the driver', () => {
    const server = new VoltageServer({ domains: { a: { levels: [1, 2], asynchronous: true, delay: 300 } } });
    expect(server.status('ospm0', 'levelSet', 0, 1, 2)).toBe(0);
    server.advance(299);
    expect([server.events('ospm0'), server.level('ospm0', 0)]).toEqual([[], 1]);
    server.advance(1);
    expect([server.events('ospm0').length, server.level('ospm0', 0)]).toEqual([1, 2]);
  });

  it('waits for the agent’s buffers', () => {
    const { server, finish } = make();
    server.setBuffers('ospm0', false);
    server.exchange('ospm0', ASYNC);
    finish();
    expect(server.events('ospm0')).toEqual([]);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual(['075e0401 00000000 01000000 02000000']);
  });

  it('is refused as BUSY, without effect, when there is no room for its event', () => {
    const { a, server } = make({ eventCount: 1 });
    expect(server.exchange('ospm0', ASYNC)).toBe('075c0401 faffffff');
    expect(a.taken()).toEqual([]);
    server.begin('ospm0', 'levelSet', 1, 0, 1);
  });
});

describe('an agent that is reset while', () => {
  it('its mode is being set gets no answer and has no vote, and the mode follows', () => {
    const { a, server, finish } = make();
    server.begin('ospm0', 'configSet', 1, 7);
    server.disconnect('ospm0');
    expect(server.status('ospm1', 'configSet', 0, 7)).toBe(-6);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    expect(a.taken()).toEqual(['mode 7', 'mode 0']);
    finish();
    expect(server.mode('ospm1', 0)).toBe(0);
    server.begin('ospm1', 'configSet', 0, 7);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('its level is being set asynchronously hears nothing of it', () => {
    const { server, finish } = make();
    server.exchange('ospm0', '075c0401 01000000 01000000 02000000');
    server.disconnect('ospm0');
    finish();
    expect(server.events('ospm0')).toEqual([]);
    expect(server.level('ospm1', 0)).toBe(2);
    server.begin('ospm0', 'levelSet', 1, 0, 1);
    finish();
    expect(server.end('ospm0')).toBe(0);
  });

  it('another’s level is being set leaves that alone, and the mode follows afterwards', () => {
    const { a, server, finish } = make();
    server.begin('ospm0', 'configSet', 1, 7);
    finish();
    server.end('ospm0');
    server.begin('ospm1', 'levelSet', 0, 0, 2);
    a.taken();
    server.disconnect('ospm0');
    expect(a.taken()).toEqual([]);
    finish();
    expect(server.end('ospm1')).toBe(0);
    expect(a.taken()).toEqual(['mode 0']);
    finish();
    expect(server.mode('ospm1', 0)).toBe(0);
  });

  it('its command waits is answered, when another agent resets its configuration', () => {
    const { server, finish } = make();
    server.begin('ospm1', 'configSet', 0, 7);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
    finish();
    expect(server.mode('ospm1', 0)).toBe(0);
  });
});
