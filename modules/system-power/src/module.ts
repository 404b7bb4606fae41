// SPDX-License-Identifier: BSD-3-Clause
/** The `system-power` module: one element for each system, whose power state agents and the platform ask to change. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import {
  SYSTEM_POWER,
  SYSTEM_POWER_DRIVER,
  SYSTEM_POWER_ENTERED,
  SYSTEM_POWER_REQUESTED,
  type SystemPower,
  SystemState,
} from './api.ts';
import type { SystemPowerConfig, SystemPowerElementConfig } from './schema.ts';
import { checkSchedule } from './schedule.ts';
import { System } from './system.ts';

function create(framework: Framework): Module<SystemPowerConfig, SystemPowerElementConfig> {
  const ids: ElementId[] = [];
  const systems: System[] = [];
  const find = (id: ElementId): System | undefined => {
    const index = elementIndex(id);
    return ids[index] === id ? systems[index] : undefined;
  };

  const power: SystemPower = {
    supports: (id, state) => find(id)?.supports(state) ?? false,
    state: id => find(id)?.state ?? SystemState.POWER_UP,
    request: (id, state, isGraceful, timeout, cause) =>
      find(id)?.request(state, isGraceful, timeout, cause) ?? Status.E_PARAM,
    seenUp: id => find(id)?.seenUp(),
    listens: id => find(id)?.listens(),
  };

  return {
    apis: [provide(SYSTEM_POWER, () => power)],

    init: () => undefined,

    elementInit(id, config) {
      checkSchedule(framework.nameOf(id), config);
      ids.push(id);
      systems.push(new System(framework, id, config));
    },

    bind(id, round) {
      const system = isModuleId(id) ? undefined : find(id);
      if (round !== 0 || system?.driverId === undefined) return;
      system.driver = framework.bind(system.driverId, SYSTEM_POWER_DRIVER);
    },

    start(id) {
      if (!isModuleId(id)) find(id)?.startSchedule('start');
    },
  };
}

const definition: ModuleDefinition<SystemPowerConfig, SystemPowerElementConfig> = {
  name: 'system-power',
  type: 'SERVICE',
  apis: [SYSTEM_POWER],
  notifications: [SYSTEM_POWER_REQUESTED, SYSTEM_POWER_ENTERED],
  create,
};

export default definition;
