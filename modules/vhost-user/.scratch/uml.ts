import { configure, elementId, Framework, LogLevel } from '@scp/framework';
import { NodePosix } from '@scp/arch-none/node/posix';
import scmi from '@scp/scmi';
import virtio from '@scp/virtio-scmi';
import vhost from '@scp/vhost-user';
const posix = new NodePosix();
let deadline = Infinity;
const now = () => performance.now() * 1000;
const host: any = {
  posix,
  now,
  log: (l: number, s: string) => console.error(s),
  arm: (d: number) => {
    deadline = d;
  },
  option: (n: string) => (n === 'socket-dir' ? '/tmp/vs' : n === 'trace' ? 'true' : undefined),
};
const names = ['ospm0', 'ospm1'];
const fw = new Framework(
  {
    name: 'vs',
    version: '1',
    modules: [
      configure(
        virtio as any,
        {},
        names.map(name => ({ name, config: { delayedResponses: 64 } })),
      ),
      configure(
        scmi as any,
        {
          vendor: 'V',
          subVendor: 'S',
          implementationVersion: 1,
          agents: names.map(name => ({ name, trusted: false })),
        },
        names.map((agent, i) => ({ name: agent, config: { agent, transport: elementId(0, i) } })),
      ),
      configure(
        vhost as any,
        {},
        names.map((name, i) => ({
          name,
          config: { device: elementId(0, i), socket: `vscmi-${name}.sock`, requireSealedMemory: false },
        })),
      ),
    ],
  },
  host,
  { logLevel: LogLevel.TRACE },
);
fw.start();
let stop = false;
process.on('SIGTERM', () => {
  stop = true;
});
const loop = () => {
  for (let i = 0; i < 1000; i++) {
    const t = Math.min(100, deadline === Infinity ? 100 : Math.max(0, (deadline - now()) / 1000));
    posix.wait(fw.running && busy ? 0 : t);
    busy = fw.poll();
    if (i % 20 === 0) break;
  }
  if (stop) {
    console.error(fw.stop());
    posix.dispose();
    return;
  }
  setImmediate(loop);
};
let busy = true;
loop();
