import packageFile from '../../package.json' with { type: 'json' };

/** The program's version, as exports state it. */
export const PROGRAM_VERSION = packageFile.version;
