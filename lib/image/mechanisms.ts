/** The article's mechanisms as images have them: each turns a predictor into another, and says what it does. */
import type { Mechanism, MechanismName } from "../codec.ts";
import { FLAG, oneOf, whole } from "../options.ts";
import { type Order, ORDERS } from "../program/header.ts";
import type { Dataset } from "./dataset.ts";
import { type Lattice, latticeOf, sharesOf } from "./lattice.ts";
import {
  type Attention,
  ATTENTIONS,
  codedWith,
  featureCount,
  inForce,
  type ModelSpec,
  parameterCount,
} from "./spec.ts";
import { tilingIn } from "./tiles.ts";

/** What the mechanisms of images take. */
export interface ImageOptions {
  /** The context of a symbol and the size of the network that reads it. */
  readonly features: {
    /** Causal neighbours in the symbol's own channel; 24 of gray images, 16 of colour ones, by default. */
    readonly neighbours?: number;
    /** The same in each other channel; 12 by default. */
    readonly cross?: number;
    /** Of the network, a multiple of 4; 48, or 64 from 4 million symbols on, by default. */
    readonly width?: number;
    /** Residual blocks; 1 by default. */
    readonly blocks?: number;
    /** Predictions by local least squares among the inputs; true by default. */
    readonly leastSquares?: boolean;
    /** Pictures that were JPEG or PhotoCD once are coded in luma and chroma, exactly, where they allow it; true by default. */
    readonly lattice?: boolean;
    /**
     * Other predictors are mixed with the network, decision by decision, and the local least squares look further around:
     * shorter programs of colour images in raster order, slower to decode. False by default.
     */
    readonly mixing?: boolean;
    /**
     * Images that are tiles of larger pictures, as the set's tiling or their edges say, are coded as those pictures: in
     * raster order, with `leastSquares`, without attention. False by default.
     */
    readonly tiles?: boolean;
    /**
     * The network's weights follow each image while it is coded (dynamic evaluation: Krause et al. 2018): shorter programs of
     * large sets, slower to decode. In raster order, shared across positions and not across layers, without attention; what
     * else is tried on a set of less than 400,000 symbols does without. False by default.
     */
    readonly adaptive?: boolean;
  };
  /** What shares weights with what. */
  readonly sharing: {
    /** Across positions, true by default: false gives each of `cells` × `cells` parts of the image a predictor of its own. */
    readonly positions?: boolean;
    /** 32 by default: one for each position of a 32 × 32 image. */
    readonly cells?: number;
    /** Across layers: one block's weights serve all residual blocks; false by default. */
    readonly layers?: boolean;
    /** Across scales, true by default: false gives each scale of a pyramid a predictor of its own. */
    readonly scales?: boolean;
    /** By a codebook: about 2^bits values that all weights of a kind of layer share; 6 by default. */
    readonly bits?: number;
  };
  /**
   * In what order pixels are coded. "raster", the default: row after row. "pyramid": a coarse picture first, then scale after
   * scale the pixels between.
   */
  readonly hierarchy: { readonly order?: Order };
  /** What the predictor may look at besides its neighbours; "none", the default, switches the stage off. */
  readonly attention: { readonly over?: Attention };
}

/** Sizes that were tuned on S1 and S2; smaller ones serve small sets, see `candidates.ts`. */
const DEFAULTS = { blocks: 1, cross: 12, leastSquares: true }, NEIGHBOURS = { 1: 24, 3: 16 };

/** A large set pays for more weights. */
const WIDTH = 48, WIDER = 64, LARGE = 4e6; // symbols

/** The unshared predictor of the case study: one for each position of a 32 × 32 image. */
const CELLS = 32;

/** Shorter side of the coarsest picture of a pyramid, at least, in pixels. */
const COARSEST = 4;

type Part<Name extends MechanismName> = Mechanism<Dataset, ModelSpec, ImageOptions[Name]>;

const features: Part<"features"> = {
  kinds: {
    neighbours: whole(1, 150),
    cross: whole(1, 150),
    width: whole(4, 128, 4),
    blocks: whole(0, 16),
    leastSquares: FLAG,
    lattice: FLAG,
    mixing: FLAG,
    tiles: FLAG,
    adaptive: FLAG,
  },
  describe(options, spec?: ModelSpec) {
    const { neighbours = "the nearest", width = `${WIDTH} or ${WIDER}`, blocks, leastSquares } = {
      ...DEFAULTS,
      ...options,
    };
    const seen = `${neighbours} causal neighbours${
      leastSquares ? " and a local least-squares prediction" : ""
    }`;
    const read = `${seen} → ${blocks} residual block${blocks === 1 ? "" : "s"} of width ${width}`;
    const summary = [read, ...(spec ? codedWith(spec) : [])].join(", ");
    return { summary, active: true };
  },
  apply(
    _,
    set,
    { lattice: wanted = true, mixing = false, tiles: asked = false, adaptive = false, ...options },
    context,
  ) {
    const { channels, symbols } = set, lattice = wanted ? latticeOf(set) : undefined;
    const plain: ModelSpec = {
      neighbours: NEIGHBOURS[channels],
      width: symbols.length < LARGE ? WIDTH : WIDER,
      ...DEFAULTS,
      ...options,
      tied: false,
      grid: 1,
      bits: 6,
      scales: 1,
      shareScales: true,
      attention: "none",
      ...(lattice ? { lattice } : {}),
      ...(adaptive ? { adaptive } : {}),
    };
    const mixed = mixing && plain.leastSquares ? { ...plain, mixing } : plain;
    const tiles = asked && plain.leastSquares ? tilingIn(set) : undefined;
    const spec = tiles ? { ...mixed, tiles } : mixed;
    if (lattice) context.log(`features: colours are coded as luma and chroma, ${describeLattice(lattice)}`);
    context.log(`features: ${featureCount(spec, channels)} inputs for each symbol`);
    return spec;
  },
  asked: (
    { neighbours, cross, width, blocks, leastSquares, lattice, mixing = false, tiles, adaptive = false },
  ) => ({
    neighbours,
    cross,
    width,
    blocks,
    leastSquares,
    lattice: lattice !== undefined,
    mixing,
    tiles: tiles !== undefined,
    adaptive,
  }),
};

const sharing: Part<"sharing"> = {
  kinds: { positions: FLAG, cells: whole(1, 64), layers: FLAG, scales: FLAG, bits: whole(2, 8) },
  describe({ positions = true, layers = false, scales = true, bits = 6 }) {
    const kinds = [
      ...(positions ? ["positions"] : []),
      ...(layers ? ["layers"] : []),
      ...(scales ? ["scales"] : []),
      `a codebook of ${bits} bits`,
    ];
    return {
      summary: `across ${kinds.join(", ")}`,
      active: true,
    };
  },
  apply(
    spec: ModelSpec,
    { groups, channels },
    { positions = true, cells = CELLS, layers = false, scales = true, bits = 6 },
    context,
  ) {
    const grid = Math.min(CELLS, smallestSide(groups)), unshared = { ...spec, grid, tied: false };
    const shared = {
      ...spec,
      grid: positions ? 1 : cells,
      tied: layers,
      shareScales: scales || !positions,
      bits,
    };
    const count = (spec: ModelSpec) => parameterCount(spec, channels).toLocaleString("en");
    const everywhere = groups.every(({ height, width }) => height === grid && width === grid);
    const each = `each of ${grid}×${grid} ${everywhere ? "positions" : "parts of an image"}`;
    context.log(`sharing: ${count(shared)} parameters, ${count(unshared)} with a predictor for ${each}`);
    return shared;
  },
  asked: ({ grid, tied, shareScales, bits }) => ({
    positions: grid === 1,
    cells: grid,
    layers: tied,
    scales: shareScales,
    bits,
  }),
};

const hierarchy: Part<"hierarchy"> = {
  kinds: { order: oneOf(ORDERS) },
  describe({ order = "raster" }) {
    const active = order === "pyramid";
    const summary = active
      ? "a pyramid: every scale codes the pixels between those of the coarser one"
      : "off (raster order, one scale)";
    return { summary, active };
  },
  apply(spec: ModelSpec, { groups }, _, context) {
    const scales = scalesFor(smallestSide(groups));
    const said = scales === 1 ? "the images are too small for more than one scale" : `${scales} scales`;
    context.log(`hierarchy: ${said}`);
    return inForce({ ...spec, scales });
  },
  asked: ({ scales }) => ({ order: scales > 1 ? "pyramid" : "raster" }),
};

const attention: Part<"attention"> = {
  kinds: { over: oneOf(ATTENTIONS) },
  describe({ over = "none" }) {
    const active = over !== "none";
    const summary = active ? `over earlier ${over}` : "off (every neighbour is used everywhere)";
    return { summary, active };
  },
  apply(spec: ModelSpec, _, { over = "none" }) {
    return { ...spec, attention: over };
  },
  asked: ({ attention }) => ({ over: attention }),
};

export const mechanisms = { features, sharing, hierarchy, attention };

/** Scales of a pyramid over images of which the smallest side is that many pixels: each halves the picture. */
export function scalesFor(side: number): number {
  return Math.max(1, Math.floor(Math.log2(side / COARSEST)) + 1);
}

/** "of JFIF in 40 % of the images". */
function describeLattice(lattice: Lattice): string {
  return sharesOf(lattice).map(([name, share]) => `of ${name} in ${Math.round(share / 2.56)} % of the images`)
    .join(", ");
}

function smallestSide(groups: Dataset["groups"]): number {
  return groups.reduce((least, { height, width }) => Math.min(least, height, width), Infinity);
}
