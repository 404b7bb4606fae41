// SPDX-License-Identifier: BSD-3-Clause
import type { ElementId, Framework, Status } from '@scp/framework';
import type { Pinctrl, PinctrlClient } from '@scp/pinctrl/api';
import type { Handlers, ScmiHub, ScmiProtocol } from '@scp/scmi/api';
import { Describe } from './describe.ts';
import { PINCTRL_PROTOCOL, V1 } from './messages.ts';
import { Ownership } from './ownership.ts';
import type { ScmiPinctrlConfig } from './schema.ts';
import { Settings } from './settings.ts';
import { View } from './view.ts';

/** The Pin control protocol of one firmware. */
export class ScmiPinctrl implements ScmiProtocol, PinctrlClient {
  readonly declaration = PINCTRL_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof PINCTRL_PROTOCOL>;
  private readonly view: View;
  private readonly settings: Settings;

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(framework: Framework, config: ScmiPinctrlConfig, hub: ScmiHub, pinctrl: Pinctrl) {
    this.version = config.version ?? V1;
    const view = (this.view = new View(id => framework.nameOf(id), hub, pinctrl, config.agents));
    const describe = new Describe(view);
    const settings = (this.settings = new Settings(view, config.inactive));
    const ownership = new Ownership(view);
    this.handlers = {
      attributes: message => describe.attributes(message),
      pinctrlAttributes: message => describe.pinctrlAttributes(message),
      listAssociations: message => describe.listAssociations(message),
      settingsGet: message => settings.get(message),
      settingsConfigure: message => settings.configure(message),
      request: message => ownership.request(message),
      release: message => ownership.release(message),
      nameGet: message => describe.nameGet(message),
    };
  }

  resourceCount(agent: number): number {
    return this.view.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.view.at(agent, index)?.id;
  }

  /** Pins stay as they are, and are free for others. */
  resetAgent(agent: number): void {
    this.view.pinctrl.releaseAll(agent);
  }

  ended(target: ElementId, status: Status): void {
    this.settings.ended(target, status);
  }
}
