// SPDX-License-Identifier: BSD-3-Clause
/** Products for guests: the one of this workspace, or a variant of it that only a test has. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REAL_ROOT } from '../fixture.ts';

/** Builds products/vhost-user in a workspace and answers its bundle. */
export function build(root = REAL_ROOT): string {
  const args = [join(root, 'tools/bin/build-product.mjs'), 'products/vhost-user'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root });
  if (status !== 0) throw new Error(String(stderr));
  return join(root, 'dist/products/vhost-user/firmware.cjs');
}

/** A copy of the workspace in which only products/vhost-user differs: its file as `change` makes it. */
export class Variant {
  private readonly root = mkdtempSync(join(tmpdir(), 'scmi-variant-'));
  readonly bundle: string;

  constructor(change: (yaml: string) => string) {
    const own = ['products', 'dist', '.nx', '.git', 'tools'];
    for (const name of readdirSync(REAL_ROOT)) if (!own.includes(name)) this.link(name);
    // The launcher finds its workspace by where it lies.
    mkdirSync(join(this.root, 'tools/bin'), { recursive: true });
    for (const name of readdirSync(join(REAL_ROOT, 'tools'))) if (name !== 'bin') this.link(`tools/${name}`);
    for (const name of readdirSync(join(REAL_ROOT, 'tools/bin'))) {
      writeFileSync(join(this.root, 'tools/bin', name), readFileSync(join(REAL_ROOT, 'tools/bin', name)));
    }
    const yaml = readFileSync(join(REAL_ROOT, 'products/vhost-user/product.yaml'), 'utf8');
    mkdirSync(join(this.root, 'products/vhost-user'), { recursive: true });
    writeFileSync(join(this.root, 'products/vhost-user/product.yaml'), change(yaml));
    this.bundle = build(this.root);
  }

  private link(name: string): void {
    symlinkSync(join(REAL_ROOT, name), join(this.root, name));
  }

  /** Removes it. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
