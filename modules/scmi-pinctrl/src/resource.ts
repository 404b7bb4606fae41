// SPDX-License-Identifier: BSD-3-Clause
/** What the protocol keeps of a pin, a group or a function, for all agents together. */
import type { ElementId } from '@scp/framework';
import type { PinctrlInfo } from '@scp/pinctrl/api';
import { type Message, packName, type PackedName, type ViewedResource } from '@scp/scmi/api';

/** A pin, a group or a function that agents see. */
export class Resource implements ViewedResource {
  readonly index: number;
  readonly id: ElementId;
  readonly info: PinctrlInfo;
  readonly shortName: PackedName;
  readonly longName: PackedName;
  /** The command that waits for a change of it to end. There is one: the HAL makes one change at a time. */
  message: Message | undefined = undefined;
  sequence = 0;

  constructor(index: number, id: ElementId, info: PinctrlInfo) {
    this.index = index;
    this.id = id;
    this.info = info;
    this.shortName = packName(info.name, 16);
    this.longName = packName(info.name, 64);
  }
}
