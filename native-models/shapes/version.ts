/** Raised whenever the same split and index draw other bytes than before; models say which version they learned. */
export const shapesVersion = 1;
