import { z } from 'zod';

/** Where the built page has the list. */
export const THIRD_PARTY_FILE = 'third-party.json';

/** A library that is shipped with the program. */
const thirdPartyPackageSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** As its author names it, usually an SPDX expression. */
  licence: z.string(),
  homepage: z.url({ protocol: /^https$/ }).nullable(),
  /** The licence itself, with the names of those who have the rights. */
  text: z.string().min(1),
});
export type ThirdPartyPackage = z.infer<typeof thirdPartyPackageSchema>;

export const thirdPartySchema = z.array(thirdPartyPackageSchema);
