"""As decode.js, in wasmtime: python decode.py x.wasm COUNTxLENGTH,…"""

import sys

import wasmtime

path, lengths = sys.argv[1:]
store = wasmtime.Store()
exports = wasmtime.Instance(store, wasmtime.Module.from_file(store.engine, path), []).exports(store)
memory, made = exports["memory"], exports["made"] if "made" in exports else None
exports["start"](store, 0, 0)
groups = [map(int, group.split("x")) for group in lengths.split(",")]
for length in [length for count, length in groups for _ in range(count)]:
    item = exports["next"](store)
    while made is not None and made.value(store) < length:
        item = exports["next"](store)
    print(memory.read(store, item, item + length).hex())
