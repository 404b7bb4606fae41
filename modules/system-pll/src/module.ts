// SPDX-License-Identifier: BSD-3-Clause
/** The `system-pll` module: a driver of clocks that are PLLs, one element for each. SCP-firmware: module/system_pll. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { CLOCK_DRIVER, CLOCK_DRIVER_RESPONSE, type ClockDriver, type Rates } from '@scp/clock/api';
import { Pll } from './pll.ts';
import type { SystemPllConfig, SystemPllElementConfig } from './schema.ts';

function create(framework: Framework): Module<SystemPllConfig, SystemPllElementConfig> {
  const plls: Pll[] = [];
  const find = (id: ElementId): Pll | undefined => plls[elementIndex(id)];
  const none: Rates = { kind: 'list', list: [] };

  const driver: ClockDriver = {
    rates: id => find(id)?.rates ?? none,
    isSlow: id => (find(id)?.lock ?? 0) > 0,
    enableDelay: id => find(id)?.lock ?? 0,
    getRate: (id, out) => find(id)?.getRate(out) ?? Status.E_PARAM,
    setRate: (id, rate, round, out) => find(id)?.setRate(rate, round, out) ?? Status.E_PARAM,
    getState: (id, out) => find(id)?.getState(out) ?? Status.E_PARAM,
    setState: (id, state) => find(id)?.setState(state) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(CLOCK_DRIVER, (source, target) => {
        const pll = isElementId(target) ? find(target) : undefined;
        if (pll === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two clocks on one PLL would change each other.
        if (pll.hal !== undefined) return Status.E_ACCESS;
        pll.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      plls.push(new Pll(id, config, framework));
    },

    bind(id, round) {
      const pll = isModuleId(id) ? undefined : find(id);
      if (round === 1 && pll?.hal !== undefined) pll.response = framework.bind(pll.hal, CLOCK_DRIVER_RESPONSE);
    },
  };
}

const definition: ModuleDefinition<SystemPllConfig, SystemPllElementConfig> = {
  name: 'system-pll',
  type: 'DRIVER',
  apis: [CLOCK_DRIVER],
  create,
};

export default definition;
