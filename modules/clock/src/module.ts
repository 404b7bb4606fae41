// SPDX-License-Identifier: BSD-3-Clause
/** The `clock` module, the HAL: one element for each clock. */
import {
  type ElementId,
  type Framework,
  FrameworkError,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import {
  CLOCK,
  CLOCK_DRIVER,
  CLOCK_DRIVER_RESPONSE,
  CLOCK_RATE_CHANGED,
  CLOCK_REQUEST,
  CLOCK_STATE_CHANGED,
} from './api.ts';
import { ClockHal } from './hal.ts';
import { ClockRecord } from './record.ts';
import type { ClockConfig, ClockElementConfig } from './schema.ts';
import { ClockUser } from './user.ts';

function create(framework: Framework): Module<ClockConfig, ClockElementConfig> {
  const hal = new ClockHal(framework);
  const configs: ClockElementConfig[] = [];

  function resolve(record: ClockRecord, { parents = [], parent }: ClockElementConfig): void {
    record.parentIds = parents;
    record.parents = parents.map(id => {
      const found = hal.find(id);
      if (found === undefined) {
        throw new FrameworkError(Status.E_DATA, `a parent of clock ${record.name} is no clock`);
      }
      found.children.push(record);
      return found;
    });
    record.parentIndex = parent === undefined ? 0 : parents.indexOf(parent);
    if (record.parentIndex < 0) {
      throw new FrameworkError(Status.E_DATA, `the parent of clock ${record.name} is not among its parents`);
    }
  }

  return {
    apis: [
      provide(CLOCK, source => new ClockUser(hal, source)),
      provide(CLOCK_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && hal.find(target)?.driverId === source ? hal : Status.E_ACCESS,
      ),
    ],

    init: () => undefined,

    elementInit(id: ElementId, config) {
      hal.records.push(new ClockRecord(id, framework.nameOf(id), config.driver));
      configs.push(config);
    },

    postInit() {
      hal.records.forEach((record, index) => resolve(record, configs[index] ?? { driver: record.driverId }));
      hal.tree.checkCycles(hal.records);
    },

    bind(id, round) {
      const record = isModuleId(id) ? undefined : hal.find(id);
      if (record !== undefined && round === 0) record.driver = framework.bind(record.driverId, CLOCK_DRIVER);
    },

    start(id) {
      if (isModuleId(id)) hal.tree.prepare(hal.records, id);
    },

    processEvent: (event, response) => hal.process(event, response),
  };
}

const definition: ModuleDefinition<ClockConfig, ClockElementConfig> = {
  name: 'clock',
  type: 'HAL',
  apis: [CLOCK, CLOCK_DRIVER_RESPONSE],
  events: [CLOCK_REQUEST],
  notifications: [CLOCK_RATE_CHANGED, CLOCK_STATE_CHANGED],
  create,
};

export default definition;
