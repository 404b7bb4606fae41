// SPDX-License-Identifier: BSD-3-Clause
/** Settings that take time: answered when they are done, or before, with a delayed response. */
import { Status } from '@scp/framework';
import { FakePowerDriver } from '@scp/power-capping/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { PowercapServer, type Setup } from './domains.ts';

const AGENTS = { ospm0: ['b', 'a'], ospm1: ['a'] };
const DOMAINS = { a: { asynchronous: true }, b: { asynchronous: true } };

/** Domain `a` is slow: 1 to ospm0, 0 to ospm1. */
function make(setup: Partial<Setup> = {}) {
  const driver = new FakePowerDriver(['a', 'b']);
  const server = new PowercapServer({ domains: DOMAINS, agents: AGENTS, driver, ...setup });
  for (const setting of ['cap', 'interval']) driver.answers.set(`a ${setting}`, Status.PENDING);
  const finish = (status: Status = Status.SUCCESS) => {
    driver.complete(server.domainId('a'), status);
    server.framework.run();
  };
  return { driver, server, finish };
}

describe('a synchronous command that takes time', () => {
  it.each([
    ['capSet', 'a cap 5000'],
    ['paiSet', 'a interval 5000'],
  ] as const)('is answered when it is done: %s', (key, call) => {
    const { driver, server, finish } = make();
    server.begin('ospm0', key, 1, 0, 5000);
    expect(server.end('ospm0')).toBeUndefined();
    expect(driver.taken()).toEqual([call]);
    finish();
    expect(server.end('ospm0')).toBe(0);
    expect(server.events('ospm0')).toEqual([]);
    expect(key === 'capSet' ? server.cap('a') : server.interval('a')).toBe(5000);
  });

  it('is answered with what went wrong, and is no request then', () => {
    const { server, finish } = make();
    server.begin('ospm0', 'capSet', 1, 0, 5000);
    expect(server.capGet('ospm1', 0)).toBe(20_000);
    finish(Status.E_DEVICE);
    expect(server.end('ospm0')).toBe(-9);
    server.begin('ospm1', 'capSet', 0, 0, 8000);
    finish();
    expect([server.end('ospm1'), server.cap('a')]).toEqual([0, 8000]);
    server.begin('ospm0', 'paiSet', 1, 0, 5000);
    finish(Status.E_TIMEOUT);
    expect([server.end('ospm0'), server.interval('a')]).toEqual([-8, 1000]);
  });

  it('keeps others off the domain, not off other domains, nor from reading', () => {
    const { server, finish } = make();
    server.begin('ospm1', 'capSet', 0, 0, 5000);
    for (const flags of [0, 1, 2, 3]) expect(server.status('ospm0', 'capSet', 1, flags, 9000)).toBe(-6);
    expect(server.status('ospm0', 'paiSet', 1, 0, 9000)).toBe(-6);
    expect(server.status('ospm0', 'capSet', 1, 4, 9000)).toBe(-2);
    expect(server.capSet('ospm0', 1, 1)).toBe(-2);
    for (const key of ['domainAttributes', 'capGet', 'paiGet', 'nameGet', 'measurementsGet']) {
      expect(server.status('ospm0', key, 1)).toBe(0);
    }
    expect(server.capSet('ospm0', 0, 9000)).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('is followed by its notification', () => {
    const { server, finish } = make();
    server.status('ospm0', 'capNotify', 1, 1);
    server.begin('ospm1', 'capSet', 0, 0, 5000);
    expect(server.events('ospm0')).toEqual([]);
    finish();
    expect(server.events('ospm0')).toEqual(['00630000 02000000 01000000 88130000 e8030000']);
  });
});

describe('an asynchronous command', () => {
  const ASYNC = '0560c000 01000000 02000000 88130000';

  it('is acknowledged, then completed with the same token', () => {
    const { driver, server, finish } = make();
    server.status('ospm0', 'capNotify', 1, 1);
    expect(server.exchange('ospm0', ASYNC)).toBe('0560c000 00000000');
    expect(driver.taken()).toEqual(['a cap 5000']);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.capSet('ospm1', 0, 9000)).toBe(-6);
    finish();
    expect(server.events('ospm0')).toEqual([
      '0562c000 00000000 01000000 88130000',
      '00630000 01000000 01000000 88130000 e8030000',
    ]);
    server.begin('ospm1', 'capSet', 0, 0, 4000);
  });

  it('is read by all as it was promised, and as it is when it fails', () => {
    const { server, finish } = make();
    server.exchange('ospm0', ASYNC);
    expect([server.capGet('ospm0', 1), server.capGet('ospm1', 0), server.cap('a')]).toEqual([5000, 5000, 20_000]);
    finish(Status.E_DEVICE);
    expect([server.capGet('ospm0', 1), server.capGet('ospm1', 0)]).toEqual([20_000, 20_000]);
    expect(server.events('ospm0')).toEqual(['0562c000 f7ffffff']);
  });

  it('says nothing more when its sender ignores it', () => {
    const { driver, server, finish } = make();
    expect(server.exchange('ospm0', '0560c000 01000000 03000000 88130000')).toBe('0560c000 00000000');
    expect(driver.taken()).toEqual(['a cap 5000']);
    expect(server.capSet('ospm0', 1, 9000)).toBe(-6);
    finish();
    expect([server.events('ospm0'), server.cap('a')]).toEqual([[], 5000]);
  });

  it('of a driver that is done at once is completed after the acknowledgement', () => {
    const { server } = make();
    expect(server.exchange('ospm0', '0560c000 00000000 02000000 88130000')).toBe('0560c000 00000000');
    expect(server.events('ospm0')).toEqual(['0562c000 00000000 00000000 88130000']);
  });

  it('waits for the agent’s buffers', () => {
    const { server, finish } = make();
    server.setBuffers('ospm0', false);
    server.exchange('ospm0', ASYNC);
    finish();
    expect(server.events('ospm0')).toEqual([]);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual(['0562c000 00000000 01000000 88130000']);
  });

  it('is refused as BUSY, without effect, when there is no room for its event', () => {
    const { driver, server } = make({ eventCount: 1 });
    expect(server.exchange('ospm0', ASYNC)).toBe('0560c000 faffffff');
    expect(driver.taken()).toEqual([]);
    server.begin('ospm0', 'capSet', 1, 0, 4000);
  });
});

describe('an agent that is reset while', () => {
  it('its synchronous command is under way gets no answer, and has no request', () => {
    const { driver, server, finish } = make();
    server.begin('ospm0', 'capSet', 1, 0, 5000);
    server.disconnect('ospm0');
    expect(server.capSet('ospm1', 0, 9000)).toBe(-6);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    expect(driver.taken()).toEqual(['a cap 5000', 'a cap 20000']);
    finish();
    expect(server.cap('a')).toBe(20_000);
    server.begin('ospm1', 'capSet', 0, 0, 9000);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('its interval is being set leaves the one before', () => {
    const { driver, server, finish } = make();
    server.begin('ospm1', 'paiSet', 0, 0, 5000);
    finish();
    server.end('ospm1');
    server.begin('ospm0', 'paiSet', 1, 0, 9000);
    server.disconnect('ospm0');
    finish();
    finish();
    expect(driver.taken()).toEqual(['a interval 5000', 'a interval 9000', 'a interval 5000']);
    expect(server.interval('a')).toBe(5000);
  });

  it('its asynchronous command is under way hears nothing of it', () => {
    const { server, finish } = make();
    server.exchange('ospm0', '0560c000 01000000 02000000 88130000');
    server.disconnect('ospm0');
    expect(server.capGet('ospm1', 0)).toBe(20_000);
    finish();
    finish();
    expect(server.events('ospm0')).toEqual([]);
    expect(server.capGet('ospm1', 0)).toBe(20_000);
    server.begin('ospm0', 'capSet', 1, 0, 6000);
    finish();
    expect(server.end('ospm0')).toBe(0);
  });

  it('another’s command is under way leaves that one alone, and the domain follows afterwards', () => {
    const { driver, server, finish } = make();
    server.begin('ospm0', 'capSet', 1, 0, 5000);
    finish();
    expect(server.end('ospm0')).toBe(0);
    server.begin('ospm1', 'paiSet', 0, 0, 7000);
    driver.taken();
    server.disconnect('ospm0');
    expect(driver.taken()).toEqual([]);
    finish();
    expect(server.end('ospm1')).toBe(0);
    expect(driver.taken()).toEqual(['a cap 20000']);
    finish();
    expect([server.cap('a'), server.interval('a')]).toEqual([20_000, 7000]);
  });

  it('its command waits is answered, when another agent resets its configuration', () => {
    const { server, finish } = make();
    server.begin('ospm1', 'capSet', 0, 0, 5000);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
    finish();
    expect(server.cap('a')).toBe(20_000);
  });
});
