/**
 * Text that must not be written, each with what to write instead. `code` is matched with strings
 * and comments blanked, `comments` in comments alone, `text` anywhere. So a test may quote the text
 * it forbids, and guest programs that stand in strings are not held to the host's rules.
 */
import {
  type Finding,
  isBinary,
  isCode,
  isForeign,
  isGenerated,
  lineAt,
  type SourceFile,
  type SourceTree,
} from './source-tree.ts';
import { syntaxOf } from './syntax.ts';

interface Ban {
  readonly where: 'code' | 'comments' | 'text';
  readonly pattern: RegExp;
  readonly instead: string;
  readonly only?: RegExp;
  readonly except?: RegExp;
}

const CORE = /^worker\/core\//;
/** Programs that run inside the guest, where the host has replaced the globals. */
const GUEST = '^worker/core/functions-runtime/(.*/)?prelude|^examples/functions/';

const BANS: readonly Ban[] = [
  {
    where: 'code',
    pattern: /\b(Date\.now|performance\.now)\b|\bnew Date\(\s*\)/g,
    instead: 'core has no clock: take the time as an argument',
    only: CORE,
    except: new RegExp(GUEST),
  },
  {
    where: 'code',
    pattern: /\bcrypto\.(getRandomValues|randomUUID)\b|\brandom(Bytes|SecretKey|PrivateKey)\s*\(/g,
    instead: 'core has no randomness: take the bytes as an argument',
    only: CORE,
    except: new RegExp(GUEST),
  },
  {
    where: 'code',
    pattern: /\bMath\.random\b/g,
    instead: 'use crypto.getRandomValues, or a seed that is printed',
    except: new RegExp(GUEST),
  },
  {
    where: 'code',
    pattern: /\b(db|database|d1|DB)\.transaction\s*\(/g,
    instead: 'D1 has no interactive transactions: use batch(), or decide in a Durable Object',
  },
  {
    where: 'code',
    pattern: /\bconsole\./g,
    instead: 'log through worker/http/log.ts, or enclave-bridge/log.ts in the bridge',
    except: new RegExp(
      `${GUEST}|^worker/http/log\\.ts$|^enclave-bridge/(log\\.ts$|host/)|^(cli|scripts|examples|test)/`,
    ),
  },
  {
    where: 'code',
    pattern: /\b(it|test|describe)\.(only|todo)\b/g,
    instead: 'run the whole suite: remove it',
  },
  {
    where: 'code',
    pattern: /\b(it|test|describe)\.skip\s*\(/g,
    instead: 'use skipIf(condition), or delete the test',
  },
  {
    where: 'comments',
    pattern: /@ts-(ignore|nocheck)\b/g,
    instead: 'mend the type, or use @ts-expect-error with a reason',
  },
  {
    where: 'comments',
    pattern: /@ts-expect-error(?!.{0,3}\S.{8})/g,
    instead: 'write the reason after it',
  },
  {
    where: 'comments',
    pattern: /\b(eslint|oxlint)-disable(?!.*--\s*\S)|\bbiome-ignore(?![^:\n]*:\s*\S)/g,
    instead: 'write the reason after it (`-- reason`, or `: reason` for biome)',
  },
  {
    where: 'comments',
    pattern: /\b(TODO|FIXME|XXX)\b/g,
    instead: 'do it now or leave it out: nothing waits for later',
  },
  {
    where: 'text',
    pattern: /(?<![\w.~$})\]*-])\/(work|root|home\/[a-z]\w*|Users\/\w+)\//g,
    instead: 'use a path relative to the project: this one exists on one machine',
  },
  {
    where: 'text',
    pattern: /\b(registry\.(npmjs|yarnpkg|npmmirror)\b|pypi\.org|proxy\.golang)/g,
    instead: 'leave the registry to the machine: name the package alone',
  },
];

export function bannedText(tree: SourceTree): readonly Finding[] {
  return tree
    .filter(
      ({ path }) => !isBinary(path) && !path.startsWith('test/vectors/') && path !== 'LICENSE',
    )
    .flatMap((file) => BANS.flatMap((ban) => matches(file, ban)));
}

function matches(file: SourceFile, ban: Ban): readonly Finding[] {
  const { path } = file;
  if (ban.only?.test(path) === false || ban.except?.test(path) === true) return [];
  const searched = searchedText(file, ban.where);
  return [...searched.matchAll(ban.pattern)].map((match) => ({
    path,
    line: lineAt(file.text, match.index),
    rule: 'banned text',
    instead: `\`${match[0].trim()}\`: ${ban.instead}`,
  }));
}

function searchedText(file: SourceFile, where: Ban['where']): string {
  if (where === 'text') return file.text;
  if (isGenerated(file.path) || isForeign(file.path)) return '';
  if (isCode(file.path)) return syntaxOf(file)[where];
  // Comments of SQL, TOML and YAML are not told from their code; prose may speak of anything.
  return where === 'comments' && !file.path.endsWith('.md') ? file.text : '';
}
