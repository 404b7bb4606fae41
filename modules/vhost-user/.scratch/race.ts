import { Worker } from 'node:worker_threads';
import { Rig, request, BASE } from '../../virtio-scmi/test/rig.ts';
import { RegionMemory } from '../../virtio-scmi/src/guest-memory.ts';
import { DriverMemory, ScmiDriver } from '../../virtio-scmi/src/testing/driver.ts';
const rig = new Rig(); const one: any = rig.one;
const sab: any = new SharedArrayBuffer(0x400000);
one.bytes = sab; one.memory = new RegionMemory([{ base: BASE, size: sab.byteLength, source: { view: () => sab } } as any]);
one.driver = new ScmiDriver(new DriverMemory(sab, BASE), { queueSize: 64, commands: 16 });
one.service.records = false;
const c = one.driver.commands;
const w = new Worker(`const {workerData:d}=require('worker_threads');const u32=new Uint32Array(d.sab);const vals=[0,1,2,4,5,6,16,32,48,0xffffffff,0x40000000,0x403ffff8,0x7fffffff,0x10000,0x20001,0x10005,0xffff0003];
 let n=0;for(;;){ const a=(d.at>>2)+Math.floor(Math.random()*d.words); u32[a]=vals[Math.floor(Math.random()*vals.length)]; if((++n&63)==0){u32[(d.avail>>2)+1+Math.floor(Math.random()*8)]=vals[Math.floor(Math.random()*vals.length)]} }`,
 { eval: true, workerData: { sab, at: c.descriptorsAt, words: 64 * 4, avail: c.availableAt } });
w.on('online', () => setTimeout(() => {
  const t = performance.now(); let rounds = 0, served = 0;
  one.service.handling = () => served++;
  while (performance.now() - t < 8000) {
    rounds++; one.start();
    for (let i = 0; i < 16; i++) one.driver.commands.offer(Math.floor(Math.random() * 64));
    for (let k = 0; k < 4; k++) { one.device.kick(0); one.framework.run(2000); }
  }
  console.log({ rounds, served, defects: [...new Set(one.defects)].sort(), n: one.defects.length });
  const other = rig.other.exchange(request(3)); console.log('other', other?.length);
  w.terminate();
}, 200));
