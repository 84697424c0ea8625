// Pictures to boxes, masks and embeddings. The module (17 MB, 2.6 MB compressed) and its models (6 MB) are loaded when they are
// asked for. Everything but loading is synchronous, about 0.1 s for each model and picture: let a worker do it.

export { ForgeError } from "./error.js";

/** Where a file is: an address, a response, its bytes. */
export type FileSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView;

/** A model of one's own. */
export interface OwnModel {
  onnx: FileSource | Promise<FileSource>;
  /**
   * Layout, size and scaling of its input, what its outputs are, names of its classes; `modelDescription` gives some to
   * begin with.
   */
  description: Record<string, unknown> | string;
}

export interface VisionOptions {
  /** The module [that beside the scripts]; only the first call loads it. */
  wasm?: FileSource | WebAssembly.Module | Promise<FileSource | WebAssembly.Module>;
  /** What finds boxes [YOLOX-Nano, 80 classes of COCO]; false for nothing. */
  detector?: FileSource | OwnModel | false;
  /** What marks pixels [BodyPix, persons]; false for nothing. */
  segmenter?: FileSource | OwnModel | false;
}

/**
 * Loads the module, once, and the models.
 *
 * Fails with a ForgeError: `wasm_missing`, `wasm_invalid` and `wasm_unsupported` of files, `model` of an ONNX file that cannot be
 * used, naming operator, node or shape, `description` of its description.
 */
export function loadVision(options?: VisionOptions): Promise<Vision>;

/** The description of a known model: `yolox_nano`, `bodypix_s16` or `picodet_s_320`. */
export function modelDescription(name: string): Record<string, unknown>;

export interface PredictOptions {
  /** The least score of a box, 0 to 1 [0.3]. */
  scoreThreshold?: number;
  /** Whether the detector runs, if there is one [true]. */
  boxes?: boolean;
  /** Whether the segmenter runs, if there is one [true]. */
  grid?: boolean;
  /** Whether what the picture checks need is measured [true]. */
  facts?: boolean;
  /** Pixels of a picture at most [64 million]. */
  maxPixels?: number;
}

/** What is seen in a picture. Arrays own their memory, so their buffers may be transferred. */
export interface PictureSeen {
  /** Pixels of the picture as it is meant to be seen: the rotation that cameras note is applied. */
  width: number;
  height: number;
  /** Five numbers a box, highest score first: x1, y1, x2, y2 in pixels, and the score. */
  boxes: Float64Array;
  /** The class of each box, a place in `classNames`. */
  classes: Uint32Array;
  /** Log odds of a person on a coarse grid, row by row. */
  grid?: { rows: number; cols: number; values: Float32Array };
  /** A vector whose direction tells pictures apart. */
  embedding?: Float32Array;
  /** Difference hash, 16 hexadecimal digits: alike for pictures that look alike. */
  dhash: string;
  /** Brightness, sharpness, entropy and the like, as the checks of pictures take them. */
  facts?: Record<string, unknown>;
}

/** Pixels of the person in a box: 1 inside, row by row of the part of the picture at `x`, `y`. */
export interface InstanceMask {
  x: number;
  y: number;
  width: number;
  height: number;
  inside: Uint8Array;
}

/** What sees in pictures: PNG, JPEG and WebP. Errors are ForgeErrors that name the picture: `picture`, `limit`, `setting`. */
export declare class Vision {
  private constructor();
  /** Names of the classes of the detector; none without one. */
  readonly classNames: string[];
  /** The probability above which a pixel is a person; nothing without a segmenter. */
  readonly threshold: number | undefined;
  predictPicture(name: string, bytes: Uint8Array, options?: PredictOptions): PictureSeen;
  /** For each box, four numbers `x1, y1, x2, y2`, the pixels of the person in it. */
  instanceMasks(name: string, bytes: Uint8Array, boxes: Float64Array): InstanceMask[];
  /** The pixels, as `ImageData` takes them. */
  decodePicture(name: string, bytes: Uint8Array): { width: number; height: number; rgba: Uint8ClampedArray };
  /** Gives the memory of the models back. */
  free(): void;
}
