/** Mechanisms of files whose options are switches of the model: each is true or false, and on where nobody says. */
import type { Mechanism } from "../codec.ts";
import { FLAG } from "../options.ts";
import type { Files, FilesModality } from "./data.ts";

type Flags<Name extends string> = { readonly [N in Name]?: boolean };

/**
 * @param fields What an option is called in the model.
 * @param said What is said of each that is on.
 * @param off What is said when none is: “off …” where the mechanism is then the identity.
 * @param base The model without them; `features` begins with it.
 */
export function switches<M extends FilesModality, Spec extends object, Name extends string>(
  fields: Readonly<Record<Name, keyof Spec>>,
  said: Readonly<Record<Name, string>>,
  off: string,
  base?: Spec,
): Mechanism<Files<M>, Spec, Flags<Name>> {
  const names = Object.keys(fields) as Name[],
    is = (options: Flags<Name>, name: Name) => options[name] ?? true;
  const each = <T>(value: (name: Name) => T) => names.map((name) => [name, value(name)] as const);
  return {
    kinds: Object.fromEntries(each(() => FLAG)),
    describe(options) {
      const on = names.filter((name) => is(options, name));
      return {
        summary: on.map((name) => said[name]).join(", ") || off,
        active: on.length > 0 || !off.startsWith("off"),
      };
    },
    apply: (spec, _, options) => ({
      ...(spec ?? base)!,
      ...Object.fromEntries(names.map((name) => [fields[name], is(options, name)])),
    }),
    asked: (spec) => Object.fromEntries(each((name) => spec[fields[name]])) as unknown as Flags<Name>,
  };
}

/** The one switch of a mechanism, `files`: what one file taught serves the next, or the model forgets it. */
export function acrossFiles<M extends FilesModality, Spec extends { readonly forget: boolean }>(
  units: string,
): Mechanism<Files<M>, Spec, Flags<"files">> {
  return {
    kinds: { files: FLAG },
    describe: ({ files = true }) => ({
      summary: files ? `across all ${units}, and from file to file` : `across the ${units} of a file`,
      active: true,
    }),
    apply: (spec, _, { files = true }) => ({ ...spec!, forget: !files }),
    asked: ({ forget }) => ({ files: !forget }),
  };
}
