/**
 * The most that a core does of the arithmetic that our kernels are made of: WebAssembly's f32x4 multiplications and
 * additions, which without relaxed SIMD are instructions of their own. Sums of geometric series, in registers alone.
 */
import asc from "assemblyscript/asc";

const SERIES = 7; // pairs of registers; with the ratio, as many as x86 has but one
const FLOP = 2 * 4 * SERIES; // of one turn of the loop

const each = (line: (i: number) => string) => Array.from({ length: SERIES }, (_, i) => line(i)).join("\n");

const source = `export function series(n: i32, ratio: f32): f32 {
  const r = f32x4.splat(ratio);
  ${each((i) => `let term${i} = r, sum${i} = f32x4.splat(0);`)}
  for (let i = 0; i < n; i++) {
    ${each((i) => `sum${i} = f32x4.add(sum${i}, term${i}); term${i} = f32x4.mul(term${i}, r);`)}
  }
  return ${each((i) => `f32x4.extract_lane(sum${i}, 0) +`)} 0;
}`;

/** Short calls, for an engine optimises a function between two of its calls; the median of the slices counts. */
const worker = `onmessage = async ({ data: { binary, flop } }) => {
  const { instance } = await WebAssembly.instantiate(binary), { series } = instance.exports, speeds = [];
  for (let i = 0; i < 2000; i++) series(1000, 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (let slice = 0; slice < 100; slice++) {
    const begun = performance.now();
    for (let i = 0; i < 100; i++) series(1000, 1);
    speeds.push(flop * 1e5 / (performance.now() - begun) / 1e6);
  }
  postMessage(speeds.sort((a, b) => a - b)[50]);
};`;

/** GFLOPS of so many cores at once. */
export async function peakGflops(cores: number): Promise<number> {
  const { binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    noAssert: true,
    enable: ["simd"],
    use: ["abort="],
  });
  if (!binary) throw new Error(stderr.toString());
  const speeds = await Promise.all(Array.from({ length: cores }, () => measure(binary)));
  return speeds.reduce((sum, speed) => sum + speed);
}

function measure(binary: Uint8Array): Promise<number> {
  const thread = new Worker(`data:text/javascript,${encodeURIComponent(worker)}`, { type: "module" });
  return new Promise((resolve, reject) => {
    thread.onmessage = ({ data }: MessageEvent<number>) => {
      thread.terminate();
      resolve(data);
    };
    thread.onerror = (event) => reject(new Error(event.message));
    thread.postMessage({ binary, flop: FLOP });
  });
}
