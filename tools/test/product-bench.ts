// SPDX-License-Identifier: BSD-3-Clause
/** A built product in this process, on a virtual clock: everything but its sockets, which the test takes the place of. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ElementId,
  Framework,
  isElementId,
  type Module,
  type ModuleDefinition,
  type ProductModule,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { VIRTIO_DEVICE, type VirtioDevice } from '@scp/virtio-scmi/api';
import { DriverSide } from '@scp/virtio-scmi/driver';

const ROOT = resolve(__dirname, '../..');

/** What `product.json` holds of a module. */
interface BuiltModule {
  readonly name: string;
  readonly config: unknown;
  readonly elements: readonly { readonly name: string; readonly config: unknown }[];
}

const isBuilt = (value: unknown): value is { readonly modules: readonly BuiltModule[] } =>
  typeof value === 'object' && value !== null && 'modules' in value && Array.isArray(value.modules);

const isBackEnd = (config: unknown): config is { readonly device: ElementId } =>
  typeof config === 'object' && config !== null && 'device' in config && typeof config.device === 'number';

/** In place of `vhost-user`, with the same elements. */
const stand = (devices: Map<string, VirtioDevice>): ModuleDefinition => ({
  name: 'vhost-user',
  type: 'SERVICE',
  create(framework): Module {
    const targets = new Map<number, ElementId>();
    return {
      init: () => undefined,
      elementInit(id, config) {
        if (isBackEnd(config)) targets.set(id, config.device);
      },
      bind(id, round) {
        const target = targets.get(id);
        if (round === 1 && isElementId(id) && target !== undefined) {
          devices.set(framework.nameOf(id), framework.bind(target, VIRTIO_DEVICE));
        }
      },
    };
  },
});

/** A product that runs, with a driver at each of its devices. */
export class ProductBench {
  readonly host = new TestHost();
  readonly framework: Framework;
  private readonly sides = new Map<string, DriverSide>();

  /** Builds `product` (`vhost-user`) as `nx build` does and starts it. */
  constructor(product: string) {
    const built = spawnSync(process.execPath, [join(ROOT, 'tools/bin/build-product.mjs'), `products/${product}`], {
      cwd: ROOT,
    });
    if (built.status !== 0) throw new Error(String(built.stderr));
    const content: unknown = JSON.parse(readFileSync(join(ROOT, 'dist/products', product, 'product.json'), 'utf8'));
    if (!isBuilt(content)) throw new Error('product.json has no modules');
    const devices = new Map<string, VirtioDevice>();
    const modules = content.modules.map(({ name, config, elements }): ProductModule => {
      if (name === 'vhost-user') return { definition: stand(devices), config, elements };
      const { default: definition } = jest.requireActual<{ default: ModuleDefinition }>(`@scp/${name}`);
      return { definition, config, elements };
    });
    this.framework = new Framework({ name: product, version: '0', modules }, this.host);
    this.framework.start();
    for (const [name, device] of devices) this.sides.set(name, new DriverSide(this.framework, device));
    for (const side of this.sides.values()) {
      side.start();
      side.driver.postEvents();
      side.pump();
    }
  }

  /** The driver's side of a device, by name of the socket's element: `ospm0`. */
  side(name: string): DriverSide {
    const side = this.sides.get(name);
    if (side === undefined) throw new Error(`no device ${name}`);
    return side;
  }
}
