// SPDX-License-Identifier: BSD-3-Clause
/** The stages of a firmware's life: its modules are made, checked, initialised, bound, started and stopped. */
import { elementOf, elementRecord, type Entities, type ModuleRecord, moduleRecord, State } from './entities.ts';
import { describeError, FrameworkError } from './error.ts';
import type { Framework } from './framework.ts';
import type { ElementId, EntityId, ModuleId } from './id.ts';
import type { ProductElement, ProductModule } from './module.ts';
import { checkDefinition, checkElements, checkInstance, checkProduct } from './product-rules.ts';
import type { Progress } from './progress.ts';
import { Status } from './status.ts';

/** Takes the modules of one firmware through the stages, and names the place in whatever they throw. */
export class Stages {
  private readonly framework: Framework;
  private readonly entities: Entities;
  private readonly progress: Progress;
  private readonly release: () => void;

  /** `release` gives up what the framework itself holds for the modules, once all of them have stopped. */
  constructor(framework: Framework, entities: Entities, progress: Progress, release: () => void) {
    this.framework = framework;
    this.entities = entities;
    this.progress = progress;
    this.release = release;
  }

  /** As `Framework.start`. */
  start(): void {
    const { progress } = this;
    const { modules } = this.entities;
    if (progress.stage !== undefined) {
      const { stage } = progress;
      throw new FrameworkError(Status.E_STATE, 'start() is called once in a firmware’s life', { stage });
    }
    try {
      progress.stage = 'init';
      this.makeModules();
      for (const module of modules) this.initModule(module);
      progress.stage = 'bind';
      for (const round of [0, 1] as const) {
        for (const module of modules) this.bindModule(module, round);
      }
      progress.stage = 'start';
      for (const module of modules) this.startModule(module);
    } catch (error) {
      this.halt();
      throw error;
    }
    progress.stage = 'run';
    this.framework.log.info('[FWK] Module initialization complete!');
  }

  /** As `Framework.stop`. */
  stop(): readonly FrameworkError[] {
    const { stage } = this.progress;
    if (stage === undefined || stage === 'stop' || stage === 'stopped') return [];
    if (stage !== 'run') throw new FrameworkError(Status.E_STATE, 'stop() during set-up; throw to end the start');
    return this.halt();
  }

  private halt(): readonly FrameworkError[] {
    const { log } = this.framework;
    this.progress.stage = 'stop';
    const errors: FrameworkError[] = [];
    for (const module of [...this.entities.modules].reverse()) {
      for (let index = module.elements.length - 1; index >= 0; index--) {
        this.suspend(module, module.elements[index], elementOf(module, index), errors);
      }
      this.suspend(module, module, module.id, errors);
    }
    this.release();
    this.progress.stage = 'stopped';
    for (const error of errors) log.error(`[FWK] ${error.message}`);
    log.info('[FWK] Stopped');
    log.flush();
    return errors;
  }

  private makeModules(): void {
    const { product } = this.framework;
    checkProduct(product);
    product.modules.forEach((module, index) => {
      this.guard(module.definition.name, undefined, () => this.makeModule(module, index));
    });
  }

  private makeModule(product: ProductModule, index: number): void {
    const { definition, elements = [] } = product;
    checkDefinition(definition, name => this.entities.named(name) !== undefined);
    const module = moduleRecord(index, product, definition.create(this.framework));
    this.entities.add(module);
    // A table is known to everyone before the first init; a generator's elements only after its module's turn.
    if (typeof elements !== 'function') this.setElements(module, elements);
    checkInstance(module);
  }

  private setElements(module: ModuleRecord, elements: readonly ProductElement[]): void {
    checkElements(elements);
    module.elements = elements.map(elementRecord);
  }

  private initModule(module: ModuleRecord): void {
    const { definition, instance, product } = module;
    const { elements, config } = product;
    this.guard(definition.name, undefined, () => {
      if (typeof elements === 'function') {
        this.setElements(module, elements(module.id));
        checkInstance(module);
      }
      this.as(module.id, () => instance.init(config, module.elements.length));
      // From here on it may hold something, which the stop stage has to free even if one of its elements fails.
      module.state = State.INITIALIZED;
    });
    module.elements.forEach((element, index) =>
      this.guard(definition.name, element.name, () => {
        const id = elementOf(module, index);
        this.as(id, () => instance.elementInit?.(id, element.config, element.subElements));
        element.state = State.INITIALIZED;
      }),
    );
    this.guard(definition.name, undefined, () => this.as(module.id, () => instance.postInit?.()));
  }

  private bindModule(module: ModuleRecord, round: 0 | 1): void {
    this.each(module, State.BOUND, round === 1, id => module.instance.bind?.(id, round));
  }

  private startModule(module: ModuleRecord): void {
    this.each(module, State.STARTED, true, id => module.instance.start?.(id));
  }

  /** Calls back for the module, then for each element, and notes the state they reach. */
  private each(module: ModuleRecord, state: State, reached: boolean, call: (id: ModuleId | ElementId) => void): void {
    const { name } = module.definition;
    this.guard(name, undefined, () => this.as(module.id, () => call(module.id)));
    if (reached) module.state = state;
    module.elements.forEach((element, index) =>
      this.guard(name, element.name, () => {
        const id = elementOf(module, index);
        this.as(id, () => call(id));
        if (reached) element.state = state;
      }),
    );
  }

  private suspend(
    module: ModuleRecord,
    entity: { state: State; name?: string } | undefined,
    id: ModuleId | ElementId,
    errors: FrameworkError[],
  ): void {
    // What was never initialised holds nothing; a start that failed halfway has initialised only some.
    if (entity === undefined || entity.state === State.UNINITIALIZED) return;
    entity.state = State.SUSPENDED;
    const error = this.attempt(module.definition.name, entity.name, () =>
      this.as(id, () => module.instance.stop?.(id)),
    );
    if (error !== undefined) errors.push(error);
  }

  /** Runs a part of a stage and names stage, module and element in what it throws. */
  private guard(module: string, element: string | undefined, run: () => void): void {
    const error = this.attempt(module, element, run);
    if (error !== undefined) throw error;
  }

  /** Runs a part of a stage. Answers what it threw, with stage, module and element. */
  private attempt(module: string, element: string | undefined, run: () => void): FrameworkError | undefined {
    try {
      run();
      return undefined;
    } catch (error) {
      const broken = error instanceof FrameworkError ? error : new FrameworkError(Status.E_PANIC, describeError(error));
      return broken.at({ stage: this.progress.stage, module, element });
    }
  }

  private as(caller: EntityId, run: () => void): void {
    this.progress.caller = caller;
    try {
      run();
    } finally {
      this.progress.caller = undefined;
    }
  }
}
