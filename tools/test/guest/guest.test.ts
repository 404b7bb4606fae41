// SPDX-License-Identifier: BSD-3-Clause
/**
 * Real Linux guests use the built product through Linux's own drivers. Time limits here are those of a hang: a lost
 * interrupt shows as a minute's wait in a guest.
 */
import { guests } from '../../src/guest/requirements.ts';
import { Guest } from './guest.ts';
import { build } from './product.ts';
import { section } from './sections.ts';
import { AGENTS, type AgentName, Server } from './server.ts';
import { REAL_ROOT } from '../fixture.ts';

jest.setTimeout(300_000);

/** What the guest's drivers made of the server, in sections. */
const INSPECT = `
echo "@clocks"; cat /sys/kernel/debug/clk/clk_summary
echo "@hwmon"; for f in /sys/class/hwmon/hwmon*/*_label; do echo "$(cat $f) $(cat \${f%_label}_input)"; done
echo "@iio"; for d in /sys/bus/iio/devices/iio:device*; do
  echo "name $(cat $d/name)"
  for c in x y z; do cat $d/in_accel_\${c}_raw; done
done
echo "@dmesg"; dmesg | grep -iE 'scmi|virtio'
echo "@end"
`;

/** Name and rate of each clock in a clk_summary. */
function clocksOf(summary: string): Map<string, number> {
  const clocks = new Map<string, number>();
  for (const line of summary.split('\n').slice(2)) {
    const [name, , , , rate] = line.trim().split(/\s+/);
    if (name !== undefined && rate !== undefined && /^[A-Z]/.test(name)) clocks.set(name, Number(rate));
  }
  return clocks;
}

/** The lines with which the guest's drivers complain: there are none, every protocol is served. */
const errorsIn = (dmesg: string): string[] =>
  dmesg.split('\n').filter(line => /error|fail|unable|unexpected|not implemented|timed out|buggy|invalid/i.test(line));

const CLOCKS: Readonly<Record<AgentName, ReadonlyMap<string, number>>> = {
  ospm0: new Map([
    ['CLOCK_0', 1536000],
    ['CLOCK_1', 2116800],
    ['VPU', 600000000],
    ['CLOCK_3', 4233600],
    ['DPU', 260000000],
    ['PIXEL_0', 594000000],
    ['PIXEL_1', 594000000],
    ['I2S', 1058400],
  ]),
  ospm1: new Map([
    ['CLOCK_0', 1536000],
    ['CLOCK_2', 2304000],
    ['CLOCK_3', 4233600],
    ['PIXEL_0', 594000000],
    ['PIXEL_1', 594000000],
  ]),
};

function check(agent: AgentName, output: string): void {
  expect(errorsIn(section(output, 'dmesg'))).toEqual([]);
  expect(clocksOf(section(output, 'clocks'))).toEqual(CLOCKS[agent]);
  const sensors = new Map(
    section(output, 'hwmon')
      .split('\n')
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  );
  expect(sensors.get('sys-volt')).toBe(3300);
  expect(sensors.get('board-temp')).toBeGreaterThan(30_000);
  expect(sensors.get('board-temp')).toBeLessThan(40_000);
  if (agent === 'ospm1') return;
  expect(sensors.get('big-temp')).toBeGreaterThan(40_000);
  const [name, x, y, z] = section(output, 'iio').split('\n');
  expect(name).toContain('name ');
  expect(Math.abs(Number(x))).toBeLessThan(200);
  expect(Math.abs(Number(y))).toBeLessThan(200);
  expect(Number(z)).toBeGreaterThan(9_600);
}

function guestTests(boot: string): void {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start(build());
  });

  afterAll(() => server.stop());

  it('serves two guests at once, each with its own view', async () => {
    const guests = AGENTS.map(agent => ({
      agent,
      guest: new Guest(boot, server.socket(agent), INSPECT),
    }));
    for (const { agent, guest } of guests) check(agent, await guest.finish());
  });

  it('serves a new guest after the old one was killed, without a restart', async () => {
    for (const agent of AGENTS) {
      const victim = new Guest(
        boot,
        server.socket(agent),
        'echo "@alive"; while :; do cat /sys/class/hwmon/hwmon*/temp1_input; done',
      );
      await victim.printed('@alive');
      await victim.kill();
      check(agent, await new Guest(boot, server.socket(agent), INSPECT).finish());
    }
  });
}

for (const { name, boot, missing } of guests(REAL_ROOT)) {
  if (missing.length === 0) describe(name, () => guestTests(boot));
  else describe.skip(`${name} (skipped: missing ${missing.join(', ')})`, () => guestTests(boot));
}
