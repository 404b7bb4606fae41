// SPDX-License-Identifier: BSD-3-Clause
/** POWERCAP_MEASUREMENTS_NOTIFY and POWERCAP_MEASUREMENTS_CHANGED: thresholds, each agent’s own. */
import { FakePowerDriver } from '@scp/power-capping/testing';
import { PowercapServer, type Setup } from './domains.ts';

function make(setup: Partial<Setup> = {}) {
  const driver = new FakePowerDriver(['a', 'b']);
  const domains = { a: {}, b: { powerNotifications: false } };
  const agents = { ospm0: ['b', 'a'], ospm1: ['a'] };
  const server = new PowercapServer({ domains, agents, driver, ...setup });
  /** Powers of intervals in turn, and how many are told to ospm0, each with the power of the moment. */
  const play = (steps: readonly (readonly [power: number, told: boolean])[], domain = '01000000') => {
    for (const [power, isTold] of steps) {
      driver.power.set('a', power);
      server.advance(1000);
      const word = power.toString(16).padStart(4, '0');
      const bytes = `${word.slice(2)}${word.slice(0, 2)}0000`;
      expect([power, server.events('ospm0')]).toEqual([power, isTold ? [`01630000 00000000 ${domain} ${bytes}`] : []]);
    }
  };
  return { driver, server, play };
}

describe('POWERCAP_MEASUREMENTS_NOTIFY', () => {
  it.each([
    ['a domain that is not there', [2, 0xf, 1, 2], -4],
    ['reserved bits', [1, 2, 1, 2], -2],
    ['reserved bits, before what the domain lacks', [0, 0x80000000, 1, 2], -2],
    ['a domain without them', [0, 1, 1, 2], -1],
    ['a domain without them, off', [0, 0, 1, 2], -1],
    ['thresholds the wrong way round', [1, 1, 2, 1], -2],
    ['thresholds the wrong way round, of a domain without them', [0, 1, 2, 1], -1],
  ] as const)('refuses %s', (_what, payload, status) => {
    const { server, play } = make();
    expect(server.status('ospm0', 'measurementsNotify', ...payload)).toBe(status);
    play([[9, false]]);
  });

  it.each([0x10000, 0x20000] as const)('tells when the average leaves the range: version %i', version => {
    const { server, play } = make({ version });
    expect(server.exchange('ospm0', '0b600000 01000000 01000000 e8030000 d0070000')).toBe('0b600000 00000000');
    play([
      [1500, false],
      [1000, false],
      [2000, false],
      [2001, true],
      [3000, false],
      [2000, false],
      [999, true],
      [500, false],
      [1000, false],
      [999, true],
      [2001, true],
      [999, true],
    ]);
  });

  it('tells of an average that is outside from the start', () => {
    const { server, play } = make();
    play([[500, false]]);
    server.status('ospm0', 'measurementsNotify', 1, 1, 1000, 2000);
    play([
      [500, true],
      [500, false],
    ]);
  });

  it('replaces thresholds, and leaves them when it is refused', () => {
    const { server, play } = make();
    server.status('ospm0', 'measurementsNotify', 1, 1, 1000, 2000);
    play([
      [2500, true],
      [2500, false],
    ]);
    expect(server.status('ospm0', 'measurementsNotify', 1, 1, 3000, 1)).toBe(-2);
    play([[2500, false]]);
    server.status('ospm0', 'measurementsNotify', 1, 1, 3000, 4000);
    play([
      [2500, true],
      [3500, false],
      [4500, true],
    ]);
  });

  it('ignores thresholds when it turns off, and samples no more then', () => {
    const { server, play } = make();
    server.status('ospm0', 'measurementsNotify', 1, 1, 1000, 2000);
    for (const _twice of [1, 2]) expect(server.status('ospm0', 'measurementsNotify', 1, 0, 9, 1)).toBe(0);
    play([[2500, false]]);
    expect(server.host.deadline).toBe(Infinity);
  });

  it('is each agent’s own', () => {
    const { server, play } = make();
    server.status('ospm0', 'measurementsNotify', 1, 1, 1000, 2000);
    server.status('ospm1', 'measurementsNotify', 0, 1, 2200, 2400);
    play([
      [2300, true],
      [1500, false],
    ]);
    expect(server.events('ospm1')).toEqual(['01630000 00000000 00000000 dc050000']);
    server.status('ospm1', 'measurementsNotify', 0, 0, 0, 0);
    play([[2300, true]]);
    expect(server.events('ospm1')).toEqual([]);
  });

  it('follows the interval in force', () => {
    const { server } = make();
    server.status('ospm0', 'measurementsNotify', 1, 1, 1, 2);
    expect(server.status('ospm0', 'paiSet', 1, 0, 10_000)).toBe(0);
    server.advance(9999);
    expect(server.events('ospm0')).toEqual([]);
    server.advance(1);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('sees what a cap does', () => {
    const server = new PowercapServer({ domains: { a: { value: 8000 } } });
    server.status('ospm0', 'measurementsNotify', 0, 1, 6000, 10_000);
    server.advance(5000);
    expect(server.events('ospm0')).toEqual([]);
    server.capSet('ospm0', 0, 5000);
    server.advance(5000);
    expect(server.events('ospm0')).toEqual(['01630000 00000000 00000000 88130000']);
  });
});
