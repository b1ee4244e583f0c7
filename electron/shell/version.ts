import packageFile from '../../package.json' with { type: 'json' };

/** The program's version. */
export const PROGRAM_VERSION = packageFile.version;
