import packageJson from '../../package.json' with { type: 'json' };

/** Version of the program, as package.json says. */
export const version: string = packageJson.version;
