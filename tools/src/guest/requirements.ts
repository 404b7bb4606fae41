// SPDX-License-Identifier: BSD-3-Clause
/** Which test guests (a real Linux as the SCMI agent) this machine can boot, and what it lacks for the others. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** What a guest needs. */
export interface GuestState {
  readonly name: string;
  /** The program that boots it: `boot-uml SCRIPT SOCKET`. */
  readonly boot: string;
  /** Why it cannot be booted here; empty if it can. */
  readonly missing: readonly string[];
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The folder with the guests: `$SCMI_GUEST_DIR`, or `shared/guest` beside the project. */
export const guestFolder = (workspace: string): string =>
  resolve(process.env['SCMI_GUEST_DIR'] ?? join(workspace, '../shared/guest'));

/** The guests with what each lacks here. */
export function guests(workspace: string): readonly GuestState[] {
  const folder = guestFolder(workspace);
  return [
    { name: 'user-mode Linux', boot: 'boot-uml', kernel: 'uml/linux', programs: ['dtc'], arch: 'x64' },
    {
      name: 'arm64 Linux in QEMU',
      boot: 'boot-qemu',
      kernel: 'arm64/Image',
      programs: ['qemu-system-aarch64', 'dtc', 'fdtoverlay', 'cpio'],
      arch: undefined,
    },
  ].map(({ name, boot, kernel, programs, arch }) => {
    const files = [boot, kernel].filter(file => !existsSync(join(folder, file))).map(file => join(folder, file));
    const missing = [...files, ...programs.filter(program => !isInstalled(program))];
    if (arch !== undefined && process.arch !== arch) missing.push(`an ${arch} machine`);
    return { name, boot: join(folder, boot), missing };
  });
}
