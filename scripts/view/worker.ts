/** The Worker in which a program's module runs: the library's own. */
import "../../lib/program/decode_worker.ts";
