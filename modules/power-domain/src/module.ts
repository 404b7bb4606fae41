// SPDX-License-Identifier: BSD-3-Clause
/** The `power-domain` module, the HAL: one element for each domain. */
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
  DomainType,
  POWER_DOMAIN,
  POWER_DOMAIN_DRIVER,
  POWER_DOMAIN_DRIVER_RESPONSE,
  POWER_DOMAIN_PRE_TRANSITION,
  POWER_DOMAIN_REQUEST,
  POWER_DOMAIN_STATE_CHANGED,
  STATES_BY_RANK,
} from './api.ts';
import { PowerDomainHal } from './hal.ts';
import { allowedMasks, neededRanks, stateMask } from './masks.ts';
import { DomainRecord } from './record.ts';
import type { PowerDomainConfig, PowerDomainElementConfig } from './schema.ts';
import { PowerDomainUser } from './user.ts';

const TYPES: { readonly [K in PowerDomainElementConfig['type']]: DomainType } = {
  core: DomainType.CORE,
  cluster: DomainType.CLUSTER,
  device: DomainType.DEVICE,
  debug: DomainType.DEBUG,
  system: DomainType.SYSTEM,
};

function create(framework: Framework): Module<PowerDomainConfig, PowerDomainElementConfig> {
  const hal = new PowerDomainHal(framework);
  const configs: PowerDomainElementConfig[] = [];

  function resolve(record: DomainRecord, config: PowerDomainElementConfig): void {
    if (config.parent !== undefined) {
      const parent = hal.find(config.parent);
      if (parent === undefined) {
        throw new FrameworkError(Status.E_DATA, `the parent of power domain ${record.name} is no power domain`);
      }
      record.parent = parent;
      parent.children.push(record);
    }
    record.needed = neededRanks(allowedMasks(record.name, config, record.parent?.states));
  }

  return {
    apis: [
      provide(POWER_DOMAIN, source => new PowerDomainUser(hal, source)),
      provide(POWER_DOMAIN_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && hal.find(target)?.driverId === source ? hal : Status.E_ACCESS,
      ),
    ],

    init: () => undefined,

    elementInit(id: ElementId, config) {
      const { driver, type, states } = config;
      hal.records.push(new DomainRecord(id, framework.nameOf(id), driver, TYPES[type], stateMask(states)));
      configs.push(config);
    },

    postInit() {
      configs.forEach((config, index) => {
        const record = hal.records[index];
        if (record !== undefined) resolve(record, config);
      });
      for (const record of hal.records) checkCycle(record);
    },

    bind(id, round) {
      const record = isModuleId(id) ? undefined : hal.find(id);
      if (record === undefined || round !== 0) return;
      const driver = (record.driver = framework.bind(record.driverId, POWER_DOMAIN_DRIVER));
      for (const state of STATES_BY_RANK) {
        if (!record.has(state) || driver.hasState(record.driverId, state)) continue;
        throw new FrameworkError(Status.E_SUPPORT, `the driver of power domain ${record.name} has no state ${state}`);
      }
    },

    start(id) {
      if (isModuleId(id)) hal.prepare(id);
    },

    processEvent: (event, response) => hal.process(event, response),
    processNotification: event => hal.processAnswer(event),
  };
}

/** Refuses a domain that is powered from itself. FrameworkError E_DATA. */
function checkCycle(record: DomainRecord): void {
  const path = [record];
  for (let at = record.parent; at !== undefined; at = at.parent) {
    path.push(at);
    if (at === record) {
      const cycle = path.map(one => one.name).join(' <- ');
      throw new FrameworkError(Status.E_DATA, `power domains are powered from each other: ${cycle}`);
    }
    // A cycle further up is found from the domains on it.
    if (path.indexOf(at) < path.length - 1) return;
  }
}

const definition: ModuleDefinition<PowerDomainConfig, PowerDomainElementConfig> = {
  name: 'power-domain',
  type: 'HAL',
  apis: [POWER_DOMAIN, POWER_DOMAIN_DRIVER_RESPONSE],
  events: [POWER_DOMAIN_REQUEST],
  notifications: [POWER_DOMAIN_PRE_TRANSITION, POWER_DOMAIN_STATE_CHANGED],
  create,
};

export default definition;
