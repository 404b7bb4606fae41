import { request, Rig } from '../../virtio-scmi/test/rig.ts';
const { one } = new Rig({ framework: {} });
one.service.records = false;
const sent = request(1);
const N = 200000;
for (let r = 0; r < 8; r++) {
  const h = process.memoryUsage().heapUsed;
  const t = performance.now();
  for (let i = 0; i < N; i++) {
    one.driver.post(sent, 136);
    one.pump();
    one.driver.reap();
  }
  const d = performance.now() - t;
  const t2 = performance.now();
  for (let i = 0; i < N; i += 32) {
    for (let k = 0; k < 32; k++) one.driver.post(sent, 136);
    one.pump();
    for (let k = 0; k < 32; k++) one.driver.reap();
  }
  const d2 = performance.now() - t2;
  console.log(
    'one by one ns',
    ((d * 1e6) / N) | 0,
    'batch32',
    ((d2 * 1e6) / N) | 0,
    'heap',
    process.memoryUsage().heapUsed - h,
  );
}
