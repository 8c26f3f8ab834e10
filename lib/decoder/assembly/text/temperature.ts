/** Drawing: the logit of each bit is divided by it; the host may set it. */
export let temperature: f32 = 1;

/** What logits are divided by: 1 as long as the model learns from the data. */
export let divisor: f32 = 1;

/** From here on is drawn. */
export function beginDrawing(): void {
  divisor = temperature;
}
