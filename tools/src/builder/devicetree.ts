// SPDX-License-Identifier: BSD-3-Clause
/**
 * The device-tree source that lets Linux use a product: the `firmware/scmi` node of Linux's binding
 * `firmware/arm,scmi.yaml`, with the protocols that the product serves and no other: Linux reports an error for each
 * protocol that the tree names and the server lacks, and what refers to it waits for ever.
 */
import type { CheckedProduct } from './product.ts';

interface Protocol {
  /** DEN0056 §4: the protocol's identifier. */
  readonly id: number;
  /** By which consumers refer to it. */
  readonly label: string;
  /** The property that makes it a provider, none where nothing refers to it. */
  readonly cells?: string;
}

/** The protocol each protocol module serves. */
const PROTOCOLS: { readonly [module: string]: Protocol } = {
  'scmi-power-domain': { id: 0x11, label: 'scmi_pd', cells: '#power-domain-cells' },
  'scmi-system-power': { id: 0x12, label: 'scmi_syspower' },
  'scmi-perf': { id: 0x13, label: 'scmi_perf', cells: '#power-domain-cells' },
  'scmi-clock': { id: 0x14, label: 'scmi_clk', cells: '#clock-cells' },
  'scmi-sensor': { id: 0x15, label: 'scmi_sensor', cells: '#thermal-sensor-cells' },
  'scmi-reset-domain': { id: 0x16, label: 'scmi_reset', cells: '#reset-cells' },
  'scmi-voltage-domain': { id: 0x17, label: 'scmi_voltage' },
  'scmi-power-capping': { id: 0x18, label: 'scmi_powercap' },
  'scmi-pinctrl': { id: 0x19, label: 'scmi_pinctrl' },
};

/** What Linux calls the transport that a module serves. */
const COMPATIBLE: { readonly [module: string]: string } = { 'virtio-scmi': 'arm,scmi-virtio' };

/** The device-tree source of a product, undefined where it has no transport that a device tree can name. */
export function deviceTree({ name, modules }: Pick<CheckedProduct, 'name' | 'modules'>): string | undefined {
  const names = modules.map(({ facts }) => facts.name);
  const compatible = names.map(module => COMPATIBLE[module]).find(found => found !== undefined);
  if (compatible === undefined) return undefined;
  const protocols = names
    .map(module => PROTOCOLS[module])
    .filter(protocol => protocol !== undefined)
    .sort((one, other) => one.id - other.id);
  const nodes = protocols.flatMap(({ id, label, cells }) => [
    '',
    `\t\t\t${label}: protocol@${id.toString(16)} {`,
    `\t\t\t\treg = <0x${id.toString(16)}>;`,
    ...(cells === undefined ? [] : [`\t\t\t\t${cells} = <1>;`]),
    '\t\t\t};',
  ]);
  return [
    '// SPDX-License-Identifier: BSD-3-Clause',
    '/*',
    ` * How Linux reaches product ${name}. Generated from its product.yaml.`,
    ' *',
    ` * In a board's source, after its root node: /include/ "${name}.dtsi"`,
    ` * As an overlay: a file of the three lines /dts-v1/; /plugin/; /include/ "${name}.dtsi"`,
    ' */',
    '&{/} {',
    '\tfirmware {',
    '\t\tscmi {',
    `\t\t\tcompatible = "${compatible}";`,
    '\t\t\t#address-cells = <1>;',
    '\t\t\t#size-cells = <0>;',
    ...nodes,
    '\t\t};',
    '\t};',
    '};',
    '',
  ].join('\n');
}
