/** A Worker of the search: it is sent the work once, then one task after another. */
import { openEnumerator, type Share, type Task, type Work } from "./enumerator.ts";

let explore: ((task: Task) => Share) | undefined;

self.onmessage = async ({ data }: MessageEvent<Work | Task>) => {
  if ("windows" in data) {
    explore = await openEnumerator(data);
    self.postMessage("ready");
  } else self.postMessage(explore!(data));
};
