// SPDX-License-Identifier: BSD-3-Clause
/** Servers with pins, for the tests of this folder. */
import {
  configure,
  elementId,
  type ElementId,
  elementIndex,
  type ModuleDefinition,
  type ProductModule,
  provide,
} from '@scp/framework';
import mockPinctrl from '@scp/mock-pinctrl';
import type { MockPinctrlElementConfig } from '@scp/mock-pinctrl/schema';
import pinctrl from '@scp/pinctrl';
import { PINCTRL, PINCTRL_CLIENT, type Pinctrl } from '@scp/pinctrl/api';
import { elementsOf, type FakePinctrlDriver, type Plan } from '@scp/pinctrl/testing';
import resourcePerms from '@scp/resource-perms';
import { type Answer, FIRST_MODULE, fromHex, TestServer, toHex, words } from '@scp/scmi/testing';
import scmiPinctrl from '@scp/scmi-pinctrl';
import { PINCTRL_PROTOCOL } from '@scp/scmi-pinctrl/messages';
import type { ScmiPinctrlConfig } from '@scp/scmi-pinctrl/schema';

/** What an agent sees, by names. */
export interface Sight {
  readonly pins: readonly (string | { readonly pin: string; readonly configure?: boolean })[];
  readonly groups?: readonly string[];
  readonly functions?: readonly string[];
}

/** What a server is made of. */
export interface Setup {
  readonly plan: Plan;
  /** By agent; left out: ospm0 sees everything, in order. */
  readonly agents?: Readonly<Record<string, Sight>>;
  readonly inactive?: ScmiPinctrlConfig['inactive'];
  readonly controller?: Partial<MockPinctrlElementConfig>;
  /** Elements of a device, by device, which ospm0 may deny to others. */
  readonly devices?: readonly (readonly string[])[];
  /** A driver in the place of mock-pinctrl. */
  readonly driver?: FakePinctrlDriver;
}

const CONTROLLER: MockPinctrlElementConfig = {
  pins: 512,
  muxes: 8,
  vendorSettings: [],
  reset: [],
  limits: [],
  delay: 0,
};

/** Another user of the HAL, who looks at pins. */
class Observer {
  pinctrl: Pinctrl | undefined = undefined;
  readonly definition: ModuleDefinition = {
    name: 'observer',
    type: 'SERVICE',
    apis: [PINCTRL_CLIENT],
    create: framework => ({
      apis: [provide(PINCTRL_CLIENT, () => ({ ended: () => undefined }))],
      init: () => undefined,
      bind: (_id, round) => {
        if (round === 0) this.pinctrl = framework.bind(framework.moduleId('pinctrl'), PINCTRL);
      },
    }),
  };
}

/** A server and the names of its pins, groups and functions. */
export class PinctrlServer extends TestServer {
  private readonly names: readonly string[];
  private readonly observer: Observer;

  constructor(setup: Setup) {
    const elements = elementsOf(setup.plan, FIRST_MODULE + 1, FIRST_MODULE);
    const names = elements.map(({ name }) => name);
    const idOf = (name: string) => elementId(FIRST_MODULE + 1, names.indexOf(name));
    const { pins, groups = {}, functions = {}, pinFunctions = {} } = setup.plan;
    const everything: Sight = {
      pins: Object.keys(pins),
      groups: Object.keys(groups),
      functions: [...Object.keys(functions), ...Object.keys(pinFunctions)],
    };
    const config: ScmiPinctrlConfig = {
      agents: Object.fromEntries(
        Object.entries(setup.agents ?? { ospm0: everything }).map(([agent, sight]) => [
          agent,
          {
            pins: sight.pins.map(entry =>
              typeof entry === 'string' ? idOf(entry) : { ...entry, pin: idOf(entry.pin) },
            ),
            groups: (sight.groups ?? []).map(idOf),
            functions: (sight.functions ?? []).map(idOf),
          },
        ]),
      ),
      inactive: setup.inactive ?? 'zero',
    };
    const devices = (setup.devices ?? []).map((device, index) => ({
      name: `device${index}`,
      config: { resources: device.map(idOf), deny: [] },
    }));
    const controllers = ['soc', 'aon'].map(name => ({ name, config: { ...CONTROLLER, ...setup.controller } }));
    const observer = new Observer();
    const modules: ProductModule[] = [
      setup.driver?.module ?? configure(mockPinctrl, {}, controllers),
      configure(pinctrl, {}, elements),
      configure(scmiPinctrl, config),
      configure(observer.definition, undefined),
      ...(devices.length === 0 ? [] : [configure(resourcePerms, {}, devices)]),
    ];
    super({ agents: ['ospm0', 'ospm1', 'ospm2'], trusted: ['ospm0'], modules });
    this.names = names;
    this.observer = observer;
  }

  private get hal(): Pinctrl {
    if (this.observer.pinctrl === undefined) throw new Error('the observer has not bound the HAL');
    return this.observer.pinctrl;
  }

  private idOf(name: string): ElementId {
    return elementId(FIRST_MODULE + 1, this.names.indexOf(name));
  }

  /** The driver's element. */
  controllerId(index: number): ElementId {
    return elementId(FIRST_MODULE, index);
  }

  /** The value of a setting of a pin. */
  value(pin: string, type: number): number {
    const out = { value: 0 };
    this.hal.get(this.idOf(pin), type, out);
    return out.value;
  }

  /** What holds of a pin: settings that are not 0, and the name of its function. */
  state(pin: string): readonly unknown[] {
    const id = this.idOf(pin);
    const settings = this.hal.settings(id).map(type => [type, this.value(pin, type)] as const);
    const selected = this.hal.selected(id);
    const name = selected === undefined ? 'none' : (this.names[elementIndex(selected)] ?? '?');
    return [name, ...settings.filter(([, value]) => value !== 0)];
  }

  /** A command of the Pin control protocol, decoded. */
  pinctrl(agent: string, key: string, ...payload: number[]): Answer {
    return this.command(agent, PINCTRL_PROTOCOL, key, payload);
  }

  /** The status of a command. */
  status(agent: string, key: string, ...payload: number[]): number {
    return this.pinctrl(agent, key, ...payload).status;
  }

  /** The status of PINCTRL_SETTINGS_CONFIGURE: selector and id; settings in order; a function’s id to select it. */
  configure(
    agent: string,
    [selector, identifier]: readonly [selector: number, identifier: number],
    settings: readonly (readonly [type: number, value: number])[],
    functionId?: number,
  ): number {
    return this.status(agent, 'settingsConfigure', ...configurePayload(selector, identifier, settings, functionId));
  }

  /** Sends a PINCTRL_SETTINGS_CONFIGURE that is pending; its answer comes through `end`. */
  begin(agent: string, ...payload: Parameters<typeof configurePayload>): void {
    const { settingsConfigure } = PINCTRL_PROTOCOL.commands;
    const answer = this.send(agent, this.encode(PINCTRL_PROTOCOL, settingsConfigure, configurePayload(...payload)));
    if (answer !== undefined) throw new Error(`it is not pending, it answers ${toHex(answer)}`);
  }

  /** The status of the command that was pending; undefined while it still is. */
  end(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : new DataView(answer.buffer, answer.byteOffset).getInt32(4, true);
  }
}

/** The payload words of PINCTRL_SETTINGS_CONFIGURE. Without a function, its id is the one Linux sends. */
export function configurePayload(
  selector: number,
  identifier: number,
  settings: readonly (readonly [type: number, value: number])[],
  functionId?: number,
): number[] {
  const attributes = selector | (settings.length << 2) | (functionId === undefined ? 0 : 1 << 10);
  return [identifier, functionId ?? 0xffffffff, attributes, ...settings.flat()];
}

/** Words as they stand in messages: `01000000 02000000`. */
export const hexWords = (...values: number[]): string => toHex(words(...values));

/** 16-bit numbers as they stand in messages. */
export const hexHalves = (...values: number[]): string =>
  toHex(
    fromHex(
      values.map(value => [value & 0xff, value >> 8].map(byte => byte.toString(16).padStart(2, '0')).join('')).join(''),
    ),
  );
