/** What a session is made of: an ONNX graph, and the files that its external data points into. */
export interface ModelGraph {
  /** The serialised graph. */
  readonly bytes: Uint8Array;
  /** `name` is what the graph calls the file, `path` where it is. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
}
