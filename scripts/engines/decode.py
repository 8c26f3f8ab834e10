"""As decode.js, in wasmtime: python decode.py x.wasm LENGTH,LENGTH,…"""

import sys

import wasmtime

path, lengths = sys.argv[1:]
store = wasmtime.Store()
exports = wasmtime.Instance(store, wasmtime.Module.from_file(store.engine, path), []).exports(store)
memory, made = exports["memory"], exports["made"] if "made" in exports else None
exports["start"](store, 0, 0)
for length in map(int, lengths.split(",")):
    item = exports["next"](store)
    while made is not None and made.value(store) < length:
        item = exports["next"](store)
    print(memory.read(store, item, item + length).hex())
