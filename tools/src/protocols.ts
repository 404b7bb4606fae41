// SPDX-License-Identifier: BSD-3-Clause
/** The protocols that this workspace has modules for: what the agent knows, and what the documentation lists. */
import type { ProtocolDeclaration } from '@scp/scmi/api';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { CLOCK_PROTOCOL } from '@scp/scmi-clock/messages';
import { PERF_PROTOCOL } from '@scp/scmi-perf/messages';
import { PINCTRL_PROTOCOL } from '@scp/scmi-pinctrl/messages';
import { POWERCAP_PROTOCOL } from '@scp/scmi-power-capping/messages';
import { POWER_DOMAIN_PROTOCOL } from '@scp/scmi-power-domain/messages';
import { RESET_DOMAIN_PROTOCOL } from '@scp/scmi-reset-domain/messages';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { SYSTEM_POWER_PROTOCOL } from '@scp/scmi-system-power/messages';
import { VOLTAGE_DOMAIN_PROTOCOL } from '@scp/scmi-voltage-domain/messages';

/** A protocol and the module that serves it. */
export interface KnownProtocol {
  /** The folder under modules/. */
  readonly module: string;
  readonly declaration: ProtocolDeclaration;
}

/** By protocol id. */
export const PROTOCOLS: readonly KnownProtocol[] = [
  { module: 'scmi', declaration: BASE_PROTOCOL },
  { module: 'scmi-power-domain', declaration: POWER_DOMAIN_PROTOCOL },
  { module: 'scmi-system-power', declaration: SYSTEM_POWER_PROTOCOL },
  { module: 'scmi-perf', declaration: PERF_PROTOCOL },
  { module: 'scmi-clock', declaration: CLOCK_PROTOCOL },
  { module: 'scmi-sensor', declaration: SENSOR_PROTOCOL },
  { module: 'scmi-reset-domain', declaration: RESET_DOMAIN_PROTOCOL },
  { module: 'scmi-voltage-domain', declaration: VOLTAGE_DOMAIN_PROTOCOL },
  { module: 'scmi-power-capping', declaration: POWERCAP_PROTOCOL },
  { module: 'scmi-pinctrl', declaration: PINCTRL_PROTOCOL },
];
