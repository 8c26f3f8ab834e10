/**
 * Decodes a program in whatever JavaScript engine this runs in, and prints its data in hexadecimal, a line an item:
 *
 *     ENGINE decode.js x.wasm COUNTxLENGTH,COUNTxLENGTH,…
 */
const shell = typeof scriptArgs !== "undefined"; // SpiderMonkey's
const [path, lengths] = shell ? scriptArgs : process.argv.slice(2);
const bytes = shell
  ? os.file.readFile(path, "binary")
  : process.getBuiltinModule("node:fs").readFileSync(path);
const say = shell ? print : console.log;

const { memory, start, next, made } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
start(0, 0);
for (const group of lengths.split(",")) {
  const [count, length] = group.split("x").map(Number);
  for (let i = 0; i < count; i++) decode(length);
}

function decode(length) {
  let item = next();
  while (made && made.value < length) item = next();
  const data = new Uint8Array(memory.buffer, item, length);
  say(Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
