/** A symbol under its logits: those that are there to make the vocabulary a multiple of 8 have no share. */
import { logits } from "../transformer/forward";
import { vocabulary } from "../transformer/model";
import { codeToken } from "../transformer/token";
import { symbols } from "./block";

/** Codes the symbol that comes behind a row of the last step; the encoder is given it. */
export function codeSymbol(row: i32, symbol: i32, temperature: f32): i32 {
  for (let i = symbols(); i < vocabulary; i++) store<f32>(logits + (row * vocabulary + i << 2), -1e30);
  return codeToken(row, symbol, temperature);
}
