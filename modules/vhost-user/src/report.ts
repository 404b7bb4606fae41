// SPDX-License-Identifier: BSD-3-Clause
import { type Framework, LogLimit } from '@scp/framework';

/** What is logged of one back end. A front end causes all of it, so all of it is limited. */
export class Reporter {
  private readonly framework: Framework;
  private readonly name: string;
  private readonly events: LogLimit;
  private readonly refusals: LogLimit;

  constructor(framework: Framework, name: string) {
    this.framework = framework;
    this.name = name;
    this.events = new LogLimit(framework.host.now(), 20);
    this.refusals = new LogLimit(framework.host.now());
  }

  /** Something happened as it should. */
  happened(text: string): void {
    const line = this.line(this.events, text);
    if (line !== undefined) this.framework.log.info(line);
  }

  /** Something was refused, or broke. */
  refused(text: string): void {
    const line = this.line(this.refusals, `refused: ${text}`);
    if (line !== undefined) this.framework.log.warn(line);
  }

  private line(limit: LogLimit, text: string): string | undefined {
    if (!limit.take(this.framework.host.now())) return undefined;
    const more = limit.suppressed > 0 ? ` (and ${limit.suppressed} more lines)` : '';
    limit.suppressed = 0;
    return `[VHOST-USER] ${this.name}: ${text}${more}`;
  }
}
