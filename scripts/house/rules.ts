/**
 * The rules of the house that need nothing but the tree, in the order in which their findings are
 * printed.
 */
import { arrows } from './arrows.ts';
import { bannedNames } from './banned-names.ts';
import { bannedSyntax } from './banned-syntax.ts';
import { bannedText } from './banned-text.ts';
import { deadExports, deadFiles } from './dead-code.ts';
import { docLinks } from './doc-links.ts';
import { equalFiles } from './equal-files.ts';
import { errorCodes } from './error-codes.ts';
import { fileHeads } from './file-heads.ts';
import { rootEntries } from './root-entries.ts';
import { serviceFiles } from './service-files.ts';
import { sizes } from './sizes.ts';
import type { Rule } from './source-tree.ts';

export const RULES: readonly Rule[] = [
  rootEntries,
  arrows,
  serviceFiles,
  sizes,
  bannedNames,
  bannedText,
  bannedSyntax,
  deadFiles,
  deadExports,
  equalFiles,
  errorCodes,
  fileHeads,
  docLinks,
];
