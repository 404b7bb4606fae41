// SPDX-License-Identifier: BSD-3-Clause
/** Acceptance of the Voltage domain protocol: the compliance suite has no tests for it, these are the reference's. */
import { FakeSupply } from '@scp/voltage-domain/testing';
import { VoltageServer } from './domains.ts';

const LEVELS = Array.from({ length: 70 }, (_, index) => 500_000 + 6250 * index);
const DOMAINS = {
  list: { levels: LEVELS, on: true },
  core: { range: { min: 800_000, max: 1_200_000, step: 12_500 }, asynchronous: true, on: true },
  minus: { levels: [-5_000_000, -3_300_000, 0, 3_300_000], level: -3_300_000 },
  io: { fixed: 1_800_000, alwaysOn: true },
};
const COUNT = Object.keys(DOMAINS).length;

const server = () => new VoltageServer({ domains: DOMAINS });

describe('every protocol', () => {
  it('version', () => {
    expect(server().exchange('ospm0', '005c0000')).toBe('005c0000 00000000 01000200');
  });

  it('attributes with reserved bits zero', () => {
    expect(server().exchange('ospm0', '015c0000')).toBe('015c0000 00000000 04000000');
    for (let id = 0; id < COUNT; id++) {
      expect(Number(server().voltageCommand('ospm0', 'domainAttributes', id).values['attributes']) & 0x3fffffff).toBe(
        0,
      );
    }
  });

  it('MESSAGE_ATTRIBUTES for each implemented id 0, and NOT_FOUND for each other', () => {
    const one = server();
    for (let id = 0; id <= 0xff; id++) {
      const answer = one.exchange('ospm0', `025c0000 ${id.toString(16).padStart(2, '0')}000000`);
      expect(answer).toBe(id <= 9 || id === 16 ? '025c0000 00000000 00000000' : '025c0000 fcffffff');
    }
  });

  it('an unknown command is NOT_FOUND', () => {
    expect(server().exchange('ospm0', '0a5c0000')).toBe('0a5c0000 fcffffff');
  });

  it('NEGOTIATE own version SUCCESS, next major NOT_SUPPORTED', () => {
    expect(server().exchange('ospm0', '105c0000 01000200')).toBe('105c0000 00000000');
    expect(server().exchange('ospm0', '105c0000 00000300')).toBe('105c0000 ffffffff');
  });

  it.each([
    ['domainAttributes', []],
    ['describeLevels', [0]],
    ['configSet', [7]],
    ['configGet', []],
    ['levelSet', [0, 500_000]],
    ['levelGet', []],
    ['nameGet', []],
  ] as const)('the id space is tested with count, count + 1 and 0xFFFFFFFF: %s', (key, rest) => {
    for (const id of [COUNT, COUNT + 1, 0xffffffff]) expect(server().status('ospm0', key, id, ...rest)).toBe(-4);
  });
});

describe('suggested cases, voltage', () => {
  it('list paging (> 31 levels), index = count is OUT_OF_RANGE', () => {
    const one = server();
    const page = (index: number) => one.voltageCommand('ospm0', 'describeLevels', 0, index);
    expect(page(0).values).toEqual({ flags: (39 << 16) | 31, levels: LEVELS.slice(0, 31).map(level => ({ level })) });
    expect(page(31).values).toEqual({ flags: (8 << 16) | 31, levels: LEVELS.slice(31, 62).map(level => ({ level })) });
    expect(page(62).values).toEqual({ flags: 8, levels: LEVELS.slice(62).map(level => ({ level })) });
    for (const index of [70, 71, 0xffffffff]) expect(page(index)).toEqual({ status: -5, values: {} });
  });

  it('segment, and with index 1 OUT_OF_RANGE', () => {
    const one = server();
    expect(one.exchange('ospm0', '045c0001 01000000 00000000')).toBe(
      '045c0001 00000000 03100000 00350c00 804f1200 d4300000',
    );
    for (const index of ['01', '02', '03']) {
      expect(one.exchange('ospm0', `045c0001 01000000 ${index}000000`)).toBe('045c0001 fbffffff');
    }
  });

  it('negative levels round trip', () => {
    const one = server();
    expect(one.exchange('ospm0', '045c0000 02000000 00000000')).toBe(
      '045c0000 00000000 04000000 c0b4b3ff 60a5cdff 00000000 a05a3200',
    );
    expect(one.exchange('ospm0', '085c0000 02000000')).toBe('085c0000 00000000 60a5cdff');
    expect(one.exchange('ospm0', '075c0000 02000000 00000000 c0b4b3ff')).toBe('075c0000 00000000');
    expect(one.exchange('ospm0', '085c0000 02000000')).toBe('085c0000 00000000 c0b4b3ff');
  });

  it('mode 0x1 is INVALID_PARAMETERS, and ON is 0x7', () => {
    const one = server();
    for (const mode of [1, 2, 3, 4, 5, 6, 8, 15]) expect(one.status('ospm0', 'configSet', 2, mode)).toBe(-2);
    expect(one.exchange('ospm0', '065c0000 02000000')).toBe('065c0000 00000000 00000000');
    expect(one.exchange('ospm0', '055c0000 02000000 07000000')).toBe('055c0000 00000000');
    expect(one.exchange('ospm0', '065c0000 02000000')).toBe('065c0000 00000000 07000000');
    expect(one.exchange('ospm0', '055c0000 02000000 00000000')).toBe('055c0000 00000000');
    expect(one.exchange('ospm0', '065c0000 02000000')).toBe('065c0000 00000000 00000000');
  });

  it('level off the grid is INVALID_PARAMETERS', () => {
    const one = server();
    for (const level of [799_999, 800_001, 787_500, 1_212_500, -800_000, 0]) {
      expect(one.status('ospm0', 'levelSet', 1, 0, level)).toBe(-2);
    }
    expect(one.status('ospm0', 'levelSet', 0, 0, 500_001)).toBe(-2);
    expect([one.level('ospm0', 0), one.level('ospm0', 1)]).toEqual([500_000, 800_000]);
  });

  it('async set returns the level', () => {
    const one = server();
    expect(one.exchange('ospm0', '075c0401 01000000 01000000 a0bb0d00')).toBe('075c0401 00000000');
    expect(one.events('ospm0')).toEqual(['075e0401 00000000 01000000 a0bb0d00']);
    expect(one.level('ospm0', 1)).toBe(900_000);
  });

  it('async without bit 31 is NOT_SUPPORTED', () => {
    const one = server();
    for (const [id, level] of [
      [0, 500_000],
      [2, 0],
      [3, 1_800_000],
    ] as const) {
      expect(one.status('ospm0', 'levelSet', id, 1, level)).toBe(-1);
    }
    expect(one.events('ospm0')).toEqual([]);
  });

  it('two agents’ mode votes', () => {
    const both = new VoltageServer({ domains: DOMAINS, agents: { ospm0: ['minus'], ospm1: ['io', 'minus'] } });
    expect(both.status('ospm0', 'configSet', 0, 7)).toBe(0);
    expect(both.status('ospm1', 'configSet', 1, 7)).toBe(0);
    expect(both.status('ospm0', 'configSet', 0, 0)).toBe(0);
    expect([both.mode('ospm0', 0), both.mode('ospm1', 1)]).toEqual([7, 7]);
    expect(both.status('ospm1', 'configSet', 1, 0)).toBe(0);
    expect([both.mode('ospm0', 0), both.mode('ospm1', 1)]).toEqual([0, 0]);
  });

  it('LEVEL_GET is one of the levels when the hardware has drifted', () => {
    const fake = new FakeSupply({ levels: { kind: 'range', min: 800_000, max: 1_200_000, step: 12_500 } });
    const one = new VoltageServer({ domains: { a: { fake } } });
    fake.level = 903_111;
    expect(one.level('ospm0', 0)).toBe(900_000);
    fake.level = 1_300_000;
    expect(one.level('ospm0', 0)).toBe(1_200_000);
  });
});
