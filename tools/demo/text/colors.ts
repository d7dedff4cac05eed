import picocolors from 'picocolors';

/** Colouring functions; without colours they return strings unchanged. */
export type Colors = ReturnType<typeof picocolors.createColors>;

export const plain: Colors = picocolors.createColors(false);
/** In colour if the terminal supports it and NO_COLOR is not set. */
export const coloured: Colors = picocolors.createColors();
