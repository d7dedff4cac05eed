import fc from 'fast-check';

const CHARACTERS = [...'"\'`\\{}()[]$|#/*-~%&;:,.=<>!^+@? \n\r\tabor01_e'];

const ATTACKS = ['"} or vector(1) #', '0 || true', "' OR 1=1 --", '*/', '""', '-1', '.5', 'or', '5m', ''];
const HARMLESS = ['my-app', 'v1.2', '0.95', 'app', '100', 'p99', '1h30m', 'a_b', '-0.5'];

/** Values of arguments, most of them hostile. */
export const hostileValues = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom(...ATTACKS) },
  { weight: 2, arbitrary: fc.constantFrom(...HARMLESS) },
);

/** A template in which @ stands for the argument x. */
export function withArgument(template: string): string {
  return template.replaceAll('@', '{{args.x}}');
}
