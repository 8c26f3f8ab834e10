/** What is coded, and how a kind of data is coded. One law holds for all kinds: `tests/check_codec.ts`. */
import type { ItemGroup } from "./items.ts";
import type { Kinds } from "./options.ts";
import type { Context } from "./context.ts";
import type { Mode } from "./program/header.ts";
import type { ProgramInfo } from "./program/read.ts";
import type { DrawOptions } from "./program/sandbox.ts";
import type { Part } from "./program/wasm_module.ts";

/** Where data come from, and what one may do with them. */
export interface Provenance {
  /** A package as `name@version`, `folder`, or `computed`. */
  readonly source: string;
  /** Bytes of the files on disk that they were read from. */
  readonly bytes?: number;
  /** The package's pinned sha512 integrity. */
  readonly integrity?: string;
  /** An SPDX identifier, or a sentence. */
  readonly licence: string;
  /** Whom to cite, or a sentence that says what the data are. */
  readonly citation: string;
}

/** What a program regenerates exactly. Immutable. */
export interface Data {
  /** The kind of data: a name of `codecs`. */
  readonly modality: string;
  /** What it is called: the name of a named set, or of a folder. */
  readonly name: string;
  /** All bytes, in the order in which the program prints them: item after item. */
  readonly symbols: Uint8Array;
  /** One name an item: image, document, clip. */
  readonly names: readonly string[];
  /** Where the data come from. */
  readonly provenance: Provenance;
  /** SHA-256 of `symbols`, lower-case hexadecimal. */
  readonly sha256: string;
}

/** What data are called that a program gave. */
export type Said = Pick<Data, "name" | "names" | "provenance">;

/** What goes into a program: which decoder, and what lies in its memory. */
export interface Coded {
  /** What kind of code it is. */
  readonly mode: Mode;
  /** A module of the decoder's ABI (lib/program/README.md). */
  readonly decoder: Uint8Array;
  /** Memory that the decoder needs in all, in bytes. */
  readonly memoryBytes: number;
  /** What the decoder is told. */
  readonly parameters: Part;
  /** In mode two-part. */
  readonly weights?: Part;
  /** The coarsest scale first; one where there are no scales. `estimatedBits` is its code length under the model. */
  readonly payloads: readonly (Part & { readonly estimatedBits?: number })[];
}

/** Takes what a code has cost so far: bytes of the data that are coded, and bits that they took under the model. */
export type Meter = (bytes: number, bits: number) => void;

/** A code without its decoder. */
export type Code = Omit<Coded, "decoder">;

/** How long to train. */
export interface Schedule {
  /** Training steps. */
  readonly steps: number;
  /** Symbols a step, about: rounded up to what the kernel takes. */
  readonly batch: number;
  /** With relaxed SIMD; see `CompressOptions`. */
  readonly relaxed?: true;
}

/** What a training depends on, and where it may be interrupted. */
export interface Training {
  /** How long. */
  readonly schedule: Schedule;
  /** The result does not depend on them. */
  readonly threads: number;
  /** Folder of checkpoints; without one, an interrupted training begins anew. */
  readonly checkpoints?: string;
  /** All that the result depends on: a checkpoint serves this training only. */
  readonly identity: string;
}

/** Seconds that the parts of the work will take. */
export interface Estimate {
  /** All steps, and what comes before the first. */
  readonly training: number;
  /** Weights and data. */
  readonly encoding: number;
  /** To verify. */
  readonly decoding: number;
}

/** What a way of coding comes to, by a sample of the data. */
export interface Weighed {
  /** Its name. */
  readonly way: string;
  /** Of the program, about; 0 where nothing is known. */
  readonly bytes: number;
  /** To code all data with the model that is there. */
  readonly seconds: number;
}

/** Ways of coding that are in no plan: nothing is trained, the program learns while it decodes. */
export interface Learning<D extends Data, Spec> {
  /** Their names. */
  readonly ways: readonly string[];
  /** Whether they give the data in the order that a model was planned to give them in. */
  keepOrder(spec: Spec): boolean;
  /**
   * Codes the data that way.
   *
   * @throws {MdlError} `interrupted`
   */
  encode(data: D, way: string, context: Context): Promise<Coded>;
  /** What ways come to, `PLANNED` among them. */
  weigh(
    data: D,
    spec: Spec,
    ways: readonly string[],
    training: Pick<Training, "schedule" | "threads">,
    context: Context,
  ): Promise<readonly Weighed[]>;
}

/** The way of the planned model. */
export const PLANNED = "network";

/** One of the article's mechanisms as a kind of data has it. */
export interface Mechanism<D extends Data, Spec, Options extends object = object> {
  /** What its options take. */
  readonly kinds: Kinds;
  /** What it does with these options, to that model where there is one; "off …" when it is the identity. */
  describe(options: Options, spec?: Spec): { readonly summary: string; readonly active: boolean };
  /** The model with it; `features` is given no spec, and makes one. */
  apply(spec: Spec | undefined, data: D, options: Options, context: Context): Spec;
  /** What it would have to be asked for a model. */
  asked(spec: Spec): Options;
}

/** The article's four mechanisms (2.2), in the order of the chain, as their stages are called. */
export type MechanismName = "features" | "sharing" | "hierarchy" | "attention";
export const MECHANISMS: readonly MechanismName[] = ["features", "sharing", "hierarchy", "attention"];

/** All four of a kind of data, and what each takes. */
export type Mechanisms<D extends Data, Spec, Options extends Record<MechanismName, object>> = {
  readonly [Name in MechanismName]: Mechanism<D, Spec, Options[Name]>;
};

/**
 * A kind of data. What decodes is what was encoded, and every byte of the file is accounted for and consumed: see
 * `tests/check_codec.ts`. The stages, the program format, ledger and commands know no more of a kind than this.
 */
export interface Codec<D extends Data, Spec, Model, Trained> {
  /** Its name in `codecs`. */
  readonly modality: D["modality"];
  /** What its items are called: "images". */
  readonly unit: string;
  /** How many new ones are drawn where nobody says. */
  readonly drawn: number;
  /**
   * The part of a preset's training steps that such a model is given; 0 where nothing is trained, and the program learns
   * while it decodes.
   */
  trains(spec: Spec): number;
  /** What a decoded program's host must know besides the items' lengths, as bytes of the header. */
  shape(data: D): Uint8Array;
  /** The lengths of the items. */
  items(data: D): readonly ItemGroup[];
  /**
   * The data from what a program printed.
   *
   * @throws {MdlError} `damaged` when the shape does not fit the items
   */
  assemble(shape: Uint8Array, items: readonly ItemGroup[], symbols: Uint8Array, said: Said): D;
  /**
   * Whether a shape fits the items, before anything is decoded.
   *
   * @throws {MdlError} `damaged` as `assemble`
   */
  checkShape(shape: Uint8Array, items: readonly ItemGroup[]): void;
  /**
   * New data from the model in a program, by decoding random bits; where there is no model, noise.
   *
   * @throws {MdlError} `usage` for a senseless count or option; as decoding
   */
  draw(info: ProgramInfo, count: number, seed: number, options: DrawOptions): Promise<D>;
  /** A sentence on the first place where two data differ; undefined when there is none. */
  difference(decoded: D, expected: D): string | undefined;

  /** What is done to source data before anything is coded; a program keeps the options, so that it can be repeated. */
  readonly preprocessing: {
    readonly kinds: Kinds;
    /** What the options do, one after another; nothing when they are empty. */
    steps(options: object): string[];
    apply(data: D, options: object, context: Context): Promise<D>;
    /** What was lost, in bytes. */
    loss(before: D, after: D): string;
    /**
     * What a program says that was done, to repeat it on other data.
     *
     * @throws {MdlError} `damaged` when its run record says anything else
     */
    said(info: Pick<ProgramInfo, "record" | "items" | "shape">): object;
  };
  /** The article's mechanisms. */
  readonly mechanisms: Mechanisms<D, Spec, Record<MechanismName, object>>;
  /** The models that are worth trying on these data; the shortest program wins. Throws `usage` for a senseless spec. */
  candidates(spec: Spec, data: D, exactly: boolean): readonly Spec[];
  /** The data in a few words: "1,000 images of 32×32 pixels in gray". */
  summary(data: D): string;
  /** A model in a few words: "6,972 parameters". */
  describe(spec: Spec, data: D): string;
  /** What to do about data of which only a share would do. */
  smaller(share: number, data: D): string;
  /** The mechanisms that a model has; all where this is absent. */
  uses?(spec: Spec): readonly MechanismName[];
  /** Bytes of decoder code that each stage adds, by its name; all others are features'. */
  decoderBytes(spec: Spec): Promise<Readonly<Record<string, number>>>;

  /**
   * Trains; `forget` removes the checkpoint, once the program is safe.
   *
   * @throws {MdlError} `interrupted` when the context's signal aborts; a checkpoint is written first.
   */
  fit(data: D, spec: Spec, training: Training, context: Context): Promise<{
    readonly trained: Trained;
    readonly model: Model;
    forget(): Promise<void>;
  }>;
  /**
   * The data under a model: decoder, weights and payload.
   *
   * @throws {MdlError} `interrupted`; `usage` when the model is for other data
   */
  encode(data: D, model: Model, context: Context): Promise<Coded>;
  /** Other ways than the planned model's, where there are any. */
  readonly learning?: Learning<D, Spec>;
  /** How long a training and what follows will take on this machine. */
  estimate(
    data: D,
    spec: Spec,
    training: Pick<Training, "schedule" | "threads">,
    context: Context,
  ): Promise<Estimate>;
  /** The same where the model is given. */
  estimateCoding(data: D, model: Model, context: Context): Promise<Estimate>;
}
