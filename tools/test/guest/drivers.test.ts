// SPDX-License-Identifier: BSD-3-Clause
/** Every SCMI driver of Linux at work on products/vhost-user, with consumers in the device tree. */
import { join } from 'node:path';
import { guests } from '../../src/guest/requirements.ts';
import { REAL_ROOT } from '../fixture.ts';
import { bootWith, Guest } from './guest.ts';
import { build, Variant } from './product.ts';
import { section } from './sections.ts';
import { Server } from './server.ts';

jest.setTimeout(300_000);

const INSPECT = `
echo "@genpd"; cat /sys/kernel/debug/pm_genpd/pm_genpd_summary
echo "@regulators"; for r in /sys/class/regulator/regulator.*; do
  echo "$(cat $r/name) $(cat $r/microvolts 2>/dev/null) $(cat $r/state 2>/dev/null)"
done
echo "@child"; cat /sys/kernel/debug/clk/consumer-clk/clk_rate /sys/kernel/debug/clk/consumer-clk/clk_parent
z=/sys/class/powercap/arm-scmi:0
echo "@powercap"; for n in $z $z:0 $z:1; do echo "$(cat $n/name) $(cat $n/constraint_0_power_limit_uw) $(cat $n/constraint_0_max_power_uw)"; done
echo 5000000 > $z/constraint_0_power_limit_uw; cat $z/constraint_0_power_limit_uw; [ "$(cat $z/power_uw)" -gt 1000000 ] && echo measured
echo "@pins"; d=/sys/kernel/debug/pinctrl/*scmi*; cat $d/pins $d/pingroups $d/pinmux-functions
echo "@parents"; cat /sys/kernel/debug/clk/I2S/clk_parent; cat /sys/kernel/debug/clk/I2S/clk_possible_parents
echo "@drivers"; for d in /sys/bus/scmi_protocol/drivers/*; do
  echo "$(basename $d) $(ls -d $d/scmi_dev.* 2>/dev/null | wc -l)"
done
echo "@dmesg"; dmesg | grep -iE 'scmi' | grep -iE 'error|fail|unable|unexpected|timed out|buggy|invalid'
echo "@end"
`;

/** Linux's drivers for what products/vhost-user has. */
const DRIVERS = [
  'scmi-power-domain',
  'scmi-system-power',
  'scmi-perf-domain',
  'scmi-clocks',
  'scmi-hwmon',
  'scmi-sensor-iiodev',
  'scmi-reset',
  'scmi-regulator',
  'scmi-powercap',
  'scmi-pinctrl',
];

/** Power and performance domains with the state that Linux shows. */
const DOMAINS = [
  ['DPU0TOP', 'off-0'],
  ['DPU1TOP', 'off-0'],
  ['GPUTOP', 'off-0'],
  ['VPUTOP', 'off-0'],
  ['DBGTOP', 'off-0'],
  ['CPU_GROUP_LITTLE_0', 'on'],
  ['CPU_GROUP_BIG_1', 'on'],
  ['GPU_2', 'on'],
  ...['CLUS0', 'CLUS1', 'CLUS0CORE0', 'CLUS0CORE1', 'CLUS1CORE0', 'CLUS1CORE1'].map(name => [name, 'on']),
].sort();

function driverTests(program: string): void {
  const overlay = bootWith(program, join(__dirname, 'consumers-ospm0.dts'));

  afterAll(overlay.remove);

  it('binds them, and they see the domains, regulators and clocks of the product', async () => {
    const server = await Server.start(build());
    const printed = await new Guest(overlay.boot, server.socket('ospm0'), INSPECT).finish();
    await server.stop();
    const lines = (name: string): string[][] =>
      section(printed, name)
        .split('\n')
        .map(line => line.trim().split(/\s+/));
    expect(section(printed, 'dmesg')).toBe('');
    // Linux turns off what nobody uses: what it may set is off, what it may only see is on.
    expect(
      lines('genpd')
        .filter(([name = '']) => /^[A-Z]/.test(name))
        .map(([name, state]) => [name, state])
        .sort(),
    ).toEqual(DOMAINS);
    expect(
      section(printed, 'regulators')
        .split('\n')
        .slice(1)
        .map(line => line.trim()),
    ).toEqual([
      'vdd-big 900000 enabled',
      'vdd-gpu 800000 disabled',
      'vdd-io 1800000 disabled',
      'vdd-sdio 3300000 disabled',
    ]);
    expect(section(printed, 'child')).toBe('2116800\nCLOCK_3');
    expect(section(printed, 'parents')).toBe('CLOCK_1\nCLOCK_0 CLOCK_1 CLOCK_3');
    // The cap that was written is read back.
    expect(section(printed, 'powercap').split('\n')).toEqual([
      'soc 15000000 15000000',
      'big 6000000 6000000',
      'gpu 5000000 5000000',
      '5000000',
      'measured',
    ]);
    const pins = section(printed, 'pins');
    expect(pins.match(/^pin \d \(\S+\) /gm)?.map(line => line.trim().slice(4))).toEqual(
      ['i2c0-scl', 'i2c0-sda', 'uart0-tx', 'uart0-rx', 'gpio4', 'gpio5', 'gpio6', 'gpio7'].map(
        (name, pin) => `${pin} (${name})`,
      ),
    );
    expect(pins.match(/^group: \S+/gm)).toEqual(['group: i2c0_grp', 'group: uart0_grp', 'group: gpio_grp']);
    expect(pins).toContain('function 2: gpio, groups = [ i2c0_grp uart0_grp gpio_grp ]');
    const bound = new Map(lines('drivers').map(([name = '', count]) => [name, Number(count)]));
    for (const driver of DRIVERS) {
      expect([driver, bound.get(driver)]).toEqual([driver, 1]);
    }
  });

  it('powers a guest off that the platform asks to shut down', async () => {
    const request = '[{ after: 1 s, from: agent, request: shutdown, graceful: true, timeout: 2 s }]';
    const variant = new Variant(yaml =>
      yaml.replace('ospm0: { gracefulTimeout: 30 s }', `ospm0: { gracefulTimeout: 30 s, schedule: ${request} }`),
    );
    const server = await Server.start(variant.bundle);
    const guest = new Guest(overlay.boot, server.socket('ospm0'), 'echo "@alive"; sleep 100; echo "@survived"');
    const printed = await guest.finish();
    await server.stop();
    variant.remove();
    expect(printed).toContain('@alive');
    expect(printed).not.toContain('@survived');
    expect(guest.output).toContain('reboot: Power down');
  });
}

for (const { name, boot, missing } of guests(REAL_ROOT)) {
  if (missing.length === 0) describe(name, () => driverTests(boot));
  else describe.skip(`${name} (skipped: missing ${missing.join(', ')})`, () => driverTests(boot));
}
