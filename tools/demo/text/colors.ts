import picocolors from 'picocolors';

/** How things are coloured; without colours the same functions leave texts as they are. */
export type Colors = ReturnType<typeof picocolors.createColors>;

export const plain: Colors = picocolors.createColors(false);
/** In colour where the terminal has it and NO_COLOR is not set. */
export const coloured: Colors = picocolors.createColors();
