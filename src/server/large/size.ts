/** Bytes of a body that takes some 15 ms to be read and answered. */
export const LARGE = 256 * 1024;
