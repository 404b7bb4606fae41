// SPDX-License-Identifier: BSD-3-Clause
/** Resets that take time: answered when they are done, or before, with a delayed response. */
import { Status } from '@scp/framework';
import { FakeResetDriver } from '@scp/reset-domain/testing';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { ResetServer, type Setup } from './domains.ts';

const AGENTS = { ospm0: ['b', 'a'], ospm1: ['a'] };
const DOMAINS = { a: { asynchronous: true }, b: { asynchronous: true } };

/** Domain `a` is slow: 1 to ospm0, 0 to ospm1. */
function make(setup: Partial<Setup> = {}) {
  const driver = new FakeResetDriver(['a', 'b']);
  for (const operation of ['assert', 'release', 'pulse']) driver.answers.set(`a ${operation}`, Status.PENDING);
  const server = new ResetServer({ domains: DOMAINS, agents: AGENTS, driver, ...setup });
  const finish = (status: Status = Status.SUCCESS) => {
    driver.complete(server.domainId('a'), status);
    server.framework.run();
  };
  return { driver, server, finish };
}

describe('a synchronous reset that takes time', () => {
  it.each([
    ['pulse', 1],
    ['assert', 2],
  ])('is answered when it is done: %s', (operation, flags) => {
    const { driver, server, finish } = make();
    server.begin('ospm0', 1, flags);
    expect(server.end('ospm0')).toBeUndefined();
    expect(driver.taken()).toEqual([`a ${operation} 0`]);
    finish();
    expect(server.end('ospm0')).toBe(0);
    expect(server.events('ospm0')).toEqual([]);
  });

  it('is answered with what went wrong, and changes no vote then', () => {
    const { server, finish } = make();
    server.begin('ospm0', 1, 2);
    finish(Status.E_DEVICE);
    expect(server.end('ospm0')).toBe(-9);
    server.begin('ospm1', 0, 1);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('keeps others off the domain, not off other domains', () => {
    const { server, finish } = make();
    server.begin('ospm1', 0, 1);
    for (const flags of [0, 1, 2, 5]) expect(server.reset('ospm0', 1, flags)).toBe(-6);
    expect(server.reset('ospm0', 1, 8)).toBe(-2);
    expect(server.status('ospm0', 'domainAttributes', 1)).toBe(0);
    expect(server.reset('ospm0', 0, 1)).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('is followed by its notification', () => {
    const { server, finish } = make();
    server.status('ospm0', 'notify', 1, 1);
    server.status('ospm1', 'notify', 0, 1);
    server.begin('ospm1', 0, 1);
    expect([server.events('ospm0'), server.events('ospm1')]).toEqual([[], []]);
    finish();
    expect(server.events('ospm0')).toEqual(['005b0000 02000000 01000000 00000000']);
    expect(server.events('ospm1')).toEqual(['005b0000 02000000 00000000 00000000']);
  });
});

describe('an asynchronous reset', () => {
  const ASYNC = '0458c000 01000000 05000000 00000000';

  it.each(['05', '07'])('is acknowledged, then completed with the same token: flags %s', flags => {
    const { driver, server, finish } = make();
    server.status('ospm0', 'notify', 1, 1);
    expect(server.exchange('ospm0', `0458c000 01000000 ${flags}000000 00000000`)).toBe('0458c000 00000000');
    expect(driver.taken()).toEqual(['a pulse 0']);
    expect(server.events('ospm0')).toEqual([]);
    expect(server.reset('ospm1', 0, 1)).toBe(-6);
    finish();
    expect(server.events('ospm0')).toEqual(['045ac000 00000000 01000000', '005b0000 01000000 01000000 00000000']);
    expect(server.reset('ospm0', 0, 1)).toBe(0);
  });

  it('completes with the failure alone', () => {
    const { server, finish } = make();
    server.exchange('ospm0', ASYNC);
    finish(Status.E_DEVICE);
    expect(server.events('ospm0')).toEqual(['045ac000 f7ffffff']);
  });

  it('of a driver that is done at once is completed after the acknowledgement', () => {
    const { server } = make();
    expect(server.exchange('ospm0', '0458c000 00000000 05000000 00000000')).toBe('0458c000 00000000');
    expect(server.events('ospm0')).toEqual(['045ac000 00000000 00000000']);
  });

  it('waits for the agent’s buffers', () => {
    const { server, finish } = make();
    server.setBuffers('ospm0', false);
    server.exchange('ospm0', ASYNC);
    finish();
    expect(server.events('ospm0')).toEqual([]);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual(['045ac000 00000000 01000000']);
  });

  it('is refused as BUSY, without effect, when there is no room for its event', () => {
    const { driver, server } = make({ eventCount: 1 });
    expect(server.exchange('ospm0', ASYNC)).toBe('0458c000 faffffff');
    expect(driver.taken()).toEqual([]);
    server.begin('ospm0', 1, 1);
  });
});

describe('an agent that is reset while', () => {
  it('its synchronous reset is under way gets no answer, and has no vote', () => {
    const { driver, server, finish } = make();
    server.begin('ospm0', 1, 2);
    server.disconnect('ospm0');
    expect(server.reset('ospm1', 0, 1)).toBe(-6);
    finish();
    expect(server.end('ospm0')).toBeUndefined();
    // The line follows the votes, of which there is none: it is released again.
    expect(driver.taken()).toEqual(['a assert 0', 'a release 0']);
    finish();
    server.begin('ospm1', 0, 1);
    finish();
    expect(server.end('ospm1')).toBe(0);
  });

  it('its asynchronous reset is under way hears nothing of it', () => {
    const { server, finish } = make();
    server.exchange('ospm0', '0458c000 01000000 05000000 00000000');
    server.disconnect('ospm0');
    finish();
    expect(server.events('ospm0')).toEqual([]);
    server.begin('ospm0', 1, 1);
    finish();
    expect(server.end('ospm0')).toBe(0);
  });

  it('another’s reset is under way leaves that one alone, and the line follows afterwards', () => {
    const { driver, server, finish } = make({ sharing: 'vote' });
    server.begin('ospm0', 1, 2);
    finish();
    expect(server.end('ospm0')).toBe(0);
    server.begin('ospm1', 0, 0);
    driver.taken();
    server.disconnect('ospm0');
    expect(driver.taken()).toEqual([]);
    finish();
    expect(server.end('ospm1')).toBe(0);
    expect(driver.taken()).toEqual([]);
    server.disconnect('ospm1');
    expect(driver.taken()).toEqual([]);
    expect(server.isAsserted('a')).toBe(false);
  });

  it('its command waits is answered, when another agent resets its configuration', () => {
    const { server, finish } = make();
    server.begin('ospm1', 0, 2);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    finish();
    expect(server.end('ospm1')).toBe(0);
    finish();
    expect(server.isAsserted('a')).toBe(false);
  });
});
