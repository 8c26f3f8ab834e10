/** A recurrent cell as one kernel of the wasm backend, in place of 20 operations a time step. Importing it is enough. */
import { addWasmKernel } from "../../../lib/backend/wasm.ts";
import "../../../lib/backend/dense_kernels.ts";
import { lstm, lstmGradient } from "./lstm_kernel.ts";

addWasmKernel("Lstm", lstm);
addWasmKernel("LstmGradient", lstmGradient);
