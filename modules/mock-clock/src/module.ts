// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-clock` module: a clock driver without hardware, one element for each clock. */
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
import { CLOCK_DRIVER, CLOCK_DRIVER_RESPONSE, type ClockDriver } from '@scp/clock/api';
import { MockClock } from './mock.ts';
import type { MockClockConfig, MockClockElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockClockConfig, MockClockElementConfig> {
  const clocks: MockClock[] = [];
  const find = (id: ElementId): MockClock | undefined => clocks[elementIndex(id)];

  const driver: ClockDriver = {
    rates: id => find(id)?.rates ?? { kind: 'list', list: [] },
    isSlow: id => find(id)?.slow ?? false,
    enableDelay: id => find(id)?.enableDelay ?? 0,
    getRate: (id, out) => find(id)?.getRate(out) ?? Status.E_PARAM,
    setRate: (id, rate, round, out) => find(id)?.setRate(rate, round, out) ?? Status.E_PARAM,
    getState: (id, out) => find(id)?.getState(out) ?? Status.E_PARAM,
    setState: (id, state) => find(id)?.setState(state) ?? Status.E_PARAM,
    setParent: (id, index) => find(id)?.setParent(index) ?? Status.E_PARAM,
    setInputRate: (id, rate, out) => find(id)?.setInputRate(rate, out) ?? Status.E_PARAM,
    extendedTypes: id => find(id)?.extendedTypes ?? [],
    getExtended: (id, type, out) => find(id)?.getExtended(type, out) ?? Status.E_PARAM,
    setExtended: (id, type, value) => find(id)?.setExtended(type, value) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(CLOCK_DRIVER, (source, target) => {
        const clock = isElementId(target) ? find(target) : undefined;
        if (clock === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two clocks on one driver would change each other.
        if (clock.hal !== undefined) return Status.E_ACCESS;
        clock.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      clocks.push(new MockClock(id, config, framework));
    },

    bind(id, round) {
      const clock = isModuleId(id) ? undefined : find(id);
      if (round === 1 && clock?.hal !== undefined) clock.response = framework.bind(clock.hal, CLOCK_DRIVER_RESPONSE);
    },
  };
}

const definition: ModuleDefinition<MockClockConfig, MockClockElementConfig> = {
  name: 'mock-clock',
  type: 'DRIVER',
  apis: [CLOCK_DRIVER],
  create,
};

export default definition;
