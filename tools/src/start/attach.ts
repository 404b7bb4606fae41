// SPDX-License-Identifier: BSD-3-Clause
/** The command lines that attach a guest to a socket of a served product. */

/** What a shell needs around a text. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/**
 * QEMU (8.1 or newer), arm64: the guest's memory must be shared, because the firmware reads and writes the rings in it.
 * A comma in an option's value is written twice (QEMU, "-chardev").
 */
export const qemuCommand = (socket: string): string =>
  [
    'qemu-system-aarch64 -M virt,gic-version=3,memory-backend=mem -cpu cortex-a57 -smp 2 -m 256M -nographic -nic none',
    '  -object memory-backend-memfd,id=mem,size=256M,share=on',
    '  -kernel Image -initrd rootfs.cpio.gz -dtb virt-scmi.dtb -append "console=ttyAMA0"',
    `  -chardev ${quoted(`socket,id=scmi,path=${socket.replaceAll(',', ',,')}`)} -device vhost-user-scmi-pci,chardev=scmi`,
  ].join(' \\\n');

/** User-mode Linux, x86_64: the kernel is a process, and its own front end connects. 32 is virtio's device ID of SCMI. */
export const umlCommand = (socket: string): string =>
  [
    './linux mem=96M initrd=rootfs.cpio.gz dtb=scmi.dtb',
    `  ${quoted(`virtio_uml.device=${socket}:32`)} con=null con0=fd:0,fd:1`,
  ].join(' \\\n');
