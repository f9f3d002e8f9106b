/**
 * * The source that is sent for a file. An expression (`(params, secrets) => ...`) and a module of
 * one JavaScript file go as they are, so that error lines are the user's own; TypeScript and
 * modules of several files become one ES module. The Devpack stays an import: the platform provides
 * it. Nothing of the user's code runs here.
 */
import { extname } from 'node:path';
import { usage } from '../failure.ts';
import { readTextFile } from '../local-file.ts';

const DEVPACK_NAMES = ['@neo-service-layer/devpack', '@service-layer/devpack'];
/** What the functions runtime understands. */
const TARGET = 'es2023';
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

export interface BundledSource {
  readonly source: string;
  /** False when the file was sent as it is. */
  readonly bundled: boolean;
}

export async function bundleFunction(file: string): Promise<BundledSource> {
  const extension = extname(file);
  if (!EXTENSIONS.includes(extension))
    throw usage(`${file}: a function is a ${EXTENSIONS.join(', ')} file`);
  const text = await readTextFile(file);
  const isScript = extension.endsWith('js');
  if (isScript && (await isExpressionForm(text))) return { source: text, bundled: false };
  const { source, isOneFile } = await bundleModule(file);
  return isScript && isOneFile ? { source: text, bundled: false } : { source, bundled: true };
}

/**
 * The platform takes a `;` after the expression; whether nothing else follows it is for its
 * compiler to say.
 */
async function isExpressionForm(text: string): Promise<boolean> {
  const cut = text.lastIndexOf(';');
  return (await isExpression(text)) || (cut !== -1 && (await isExpression(text.slice(0, cut))));
}

/** Line ends around it: the text may end in a line comment. */
async function isExpression(text: string): Promise<boolean> {
  const esbuild = await import('esbuild');
  try {
    await esbuild.transform(`(\n${text}\n)`, { loader: 'js', logLevel: 'silent' });
    return true;
  } catch {
    // No expression; a module is tried next, and its errors are the ones to show.
    return false;
  }
}

async function bundleModule(
  file: string,
): Promise<{ readonly source: string; readonly isOneFile: boolean }> {
  const esbuild = await import('esbuild');
  try {
    const result = await esbuild.build({
      entryPoints: [file],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: TARGET,
      external: DEVPACK_NAMES,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
    });
    const [output] = Object.values(result.metafile.outputs);
    if (output?.exports.includes('default') !== true)
      throw usage(`${file}: nothing is run: write \`export default (params, secrets) => ...\``);
    const isOneFile = Object.keys(result.metafile.inputs).length === 1;
    return { source: result.outputFiles[0]?.text ?? '', isOneFile };
  } catch (error) {
    throw isBuildFailure(error) ? usage(describe(error.errors)) : error;
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
  } | null;
}

const isBuildFailure = (error: unknown): error is { readonly errors: readonly BuildMessage[] } =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

const describe = (errors: readonly BuildMessage[]): string =>
  errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    )
    .join('\n');
