/** Work by name, in seconds, as a sentence has it: "about 1 min 20 s: training 50 s, encoding 30 s". */
export function aboutSeconds(parts: Readonly<Record<string, number>>): string {
  const named = Object.entries(parts).filter(([, seconds]) => seconds > 0);
  const sum = named.reduce((total, [, seconds]) => total + seconds, 0);
  return `about ${roughly(sum)}: ${named.map(([name, seconds]) => `${name} ${roughly(seconds)}`).join(", ")}`;
}

/** Seconds to two digits or so. */
function roughly(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 595) {
    const tens = Math.round(seconds / 10) % 6;
    return `${Math.floor(Math.round(seconds / 10) / 6)} min${tens ? ` ${tens}0 s` : ""}`;
  }
  const minutes = Math.round(seconds / 60), left = minutes % 60;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${left ? ` ${left} min` : ""}`;
}
