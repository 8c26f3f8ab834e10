/** The kinds of data: the one place that knows them all. Each has a folder of its own. */
import type { Codec } from "./codec.ts";
import type { MechanismName } from "./codec.ts";
import { image } from "./image/codec.ts";
import type { mechanisms } from "./image/mechanisms.ts";

export const codecs = { image } as const;

export type Modality = keyof typeof codecs;

/** Data, specification, model and what a training leaves, of any kind. */
export type AnyData = typeof image extends Codec<infer D, infer _S, infer _M, infer _T> ? D : never;
export type AnySpec = typeof image extends Codec<infer _D, infer S, infer _M, infer _T> ? S : never;
export type AnyModel = typeof image extends Codec<infer _D, infer _S, infer M, infer _T> ? M : never;
export type AnyTrained = typeof image extends Codec<infer _D, infer _S, infer _M, infer T> ? T : never;

/** What a mechanism takes, for any kind of data. */
export type OptionsOf<M extends MechanismName> = Parameters<typeof mechanisms[M]["describe"]>[0];

export type { PreprocessOptions } from "./image/transform.ts";

/** How data, or a program's data, are coded. */
export function codecOf({ modality }: { readonly modality: Modality }): typeof codecs[Modality] {
  return codecs[modality];
}
