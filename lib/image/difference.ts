import { counted } from "../counted.ts";
import { type Dataset, images } from "./dataset.ts";

/** A sentence on the first place where two sets differ; undefined when there is none. */
export function firstDifference(decoded: Dataset, expected: Dataset): string | undefined {
  const { channels } = expected;
  if (decoded.channels !== channels) {
    const tone = ({ channels }: Dataset) => channels === 1 ? "gray" : "in colour";
    return `The program's images are ${tone(decoded)}, those of ${expected.name} are ${tone(expected)}.`;
  }
  if (decoded.names.length !== expected.names.length) {
    const [own, other] = [decoded, expected].map(({ names }) => counted(names.length, "image"));
    return `The program has ${own}, ${expected.name} has ${other}.`;
  }
  const there = images(expected);
  let index = 0;
  for (const { height, width, pixels } of images(decoded)) {
    const name = expected.names[index++], other = there.next().value!;
    if (other.height !== height || other.width !== width) {
      return `Image ${name} is ${width}×${height} in the program and ${other.width}×${other.height} in ${expected.name}.`;
    }
    let at = 0;
    while (at < pixels.length && pixels[at] === other.pixels[at]) at++;
    if (at < pixels.length) {
      const pixel = Math.floor(at / channels),
        where = `row ${Math.floor(pixel / width)}, column ${pixel % width}`;
      const values = `${pixels[at]} in the program and ${other.pixels[at]} in ${expected.name}`;
      return `Image ${name} differs first at ${where}, channel ${at % channels}: it is ${values}.`;
    }
  }
}
