// SPDX-License-Identifier: BSD-3-Clause
/** A product as the builder generates it: a module that serves a socket, and does what `--behave` says. */
import { isMainThread } from 'node:worker_threads';
import { runNode } from '@scp/arch-none/node';
import {
  configure,
  type Framework,
  FrameworkError,
  type Module,
  type ModuleDefinition,
  type Posix,
  Status,
} from '@scp/framework';
import type { ElementId, EntityId, ModuleId } from '@scp/framework';

const MEBIBYTE = 2 ** 20;

class Probe implements Module {
  private readonly framework: Framework;
  private path = '';
  private listener = -1;

  constructor(framework: Framework) {
    this.framework = framework;
  }

  private get posix(): Posix {
    const { posix } = this.framework.host;
    if (posix === undefined) throw new FrameworkError(Status.E_SUPPORT, 'the host has no files');
    return posix;
  }

  private get behaviour(): string {
    return this.framework.host.option('behave') ?? '';
  }

  private say(text: string): void {
    this.framework.log.info(`[PROBE] ${text}`);
  }

  init(): void {
    this.path = `${this.framework.host.option('socket-dir') ?? '.'}/probe.sock`;
  }

  start(id: ModuleId | ElementId): void {
    this.framework.log.debug('[PROBE] a debug line');
    this.framework.log.trace(`[PROBE] trace ${this.framework.host.option('trace')}`);
    this.listener = this.posix.listen(this.path);
    if (this.listener < 0) {
      throw new FrameworkError(Status.E_OS, `${this.path}: errno ${-this.listener}; name another --socket-dir`);
    }
    this.posix.watch(this.listener, { readable: true }, { ready: () => this.accept() });
    if (this.behaviour === 'alarms') this.alarms(id);
    if (this.behaviour === 'swap') this.swap(id);
    if (this.behaviour === 'flood') for (let line = 0; line < 5000; line++) this.framework.host.log(2, 'x'.repeat(100));
    if (this.behaviour === 'die') process.exit(5);
  }

  stop(): void {
    this.say('stop stage');
    if (this.listener >= 0) {
      this.posix.close(this.listener);
      this.posix.unlink(this.path);
    }
    if (this.behaviour === 'fail-stop') throw new FrameworkError(Status.E_DEVICE, 'the probe does not let go');
    while (this.behaviour === 'hang-stop');
  }

  private accept(): void {
    const fd = this.posix.accept(this.listener);
    this.say('a connection');
    this.posix.close(fd);
    if (this.behaviour === 'fault') throw new Error('the probe is broken');
  }

  private alarms(id: EntityId): void {
    const started = this.framework.host.now();
    let fired = 0;
    const alarm = this.framework.createAlarm(id, () => {
      const early = this.framework.host.now() - started < ++fired * 300;
      if (early) this.say('an alarm came early');
      if (fired === 20) this.say('twenty alarms');
    });
    alarm.startPeriodic(300);
  }

  /** Maps and unmaps until addresses of unmapped memory have been released. */
  private swap(id: EntityId): void {
    const fd = this.posix.memfd('probe', MEBIBYTE);
    let before = 0;
    let told = false;
    const alarm = this.framework.createAlarm(id, () => {
      for (let round = 0; round < 20; round++) {
        const mapping = this.posix.map(fd, 0, MEBIBYTE);
        if (typeof mapping === 'number') continue;
        new Uint8Array(mapping.view(0, MEBIBYTE))[0] = 1;
        mapping.unmap();
      }
      const { posix } = this;
      const retired = 'retired' in posix && typeof posix.retired === 'number' ? posix.retired : 0;
      if (retired < before && !told) {
        told = true;
        this.say('addresses were released');
      }
      before = retired;
    });
    alarm.startPeriodic(1000);
  }
}

const probe: ModuleDefinition = {
  name: 'probe',
  type: 'SERVICE',
  options: [
    { name: 'socket-dir', value: 'DIR', description: 'Where the sockets are made (default .)' },
    { name: 'behave', value: 'HOW', description: 'What to do wrong' },
  ],
  create: framework => new Probe(framework),
};

runNode(
  { name: 'probe-product', version: '1.2.3', modules: [configure(probe, {})] },
  { description: 'A product to test the Node host with' },
);

if (isMainThread) {
  process.once('SIGUSR2', () => {
    throw new Error('the main thread is broken');
  });
}
