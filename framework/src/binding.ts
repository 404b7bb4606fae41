// SPDX-License-Identifier: BSD-3-Clause
/** How one entity gets the API of another. */
import { type Entities, type ModuleRecord, State } from './entities.ts';
import { FrameworkError } from './error.ts';
import { type EntityId, formatId, moduleIndex } from './id.ts';
import type { Progress } from './progress.ts';
import { Status } from './status.ts';
import type { ApiProvider, ApiToken } from './token.ts';

/** Binds entities of one firmware to each other's APIs. */
export class Binding {
  private readonly entities: Entities;
  private readonly progress: Progress;

  constructor(entities: Entities, progress: Progress) {
    this.entities = entities;
    this.progress = progress;
  }

  /** As `Framework.bind`. */
  bind<T>(target: EntityId, token: ApiToken<T>): T {
    const { caller, stage } = this.progress;
    const module = this.entities.module(target);
    if (module === undefined || !this.entities.has(target)) {
      throw new FrameworkError(
        Status.E_PARAM,
        `binds ${token.name} of ${formatId(target)}, which the product does not have`,
      );
    }
    const name = `${token.name} of ${this.entities.describe(target)}`;
    const provider = providerOf(module, token);
    if (provider === undefined) {
      const known = (module.definition.apis ?? []).map(api => api.name).join(', ');
      throw new FrameworkError(Status.E_PARAM, `binds ${name}, which provides ${known === '' ? 'no API' : known}`);
    }
    if (caller === undefined || !this.isBindable(module, caller)) {
      throw new FrameworkError(
        Status.E_STATE,
        `binds ${name} in stage ${stage ?? 'none'}; legal in stage bind, or in init once the target is initialised`,
      );
    }
    const api = provider.request(caller, target);
    if (typeof api === 'number') {
      const status = Object.values(Status).find(value => value === api && value < 0) ?? Status.E_HANDLER;
      throw new FrameworkError(status, `binds ${name}, which refuses ${this.entities.describe(caller)}`);
    }
    if (api === undefined || api === null) {
      throw new FrameworkError(Status.E_HANDLER, `binds ${name}, which gave no API`);
    }
    return api;
  }

  private isBindable(module: ModuleRecord, caller: EntityId): boolean {
    const { stage } = this.progress;
    if (stage === 'bind') return true;
    // A module is done with its init only after its elements and postInit, so none of these binds to it.
    return stage === 'init' && module.state === State.INITIALIZED && moduleIndex(caller) !== moduleIndex(module.id);
  }
}

function providerOf<T>({ instance }: ModuleRecord, token: ApiToken<T>): ApiProvider<T> | undefined {
  for (const provider of instance.apis ?? []) {
    if (provider.isFor(token)) return provider;
  }
  return undefined;
}
