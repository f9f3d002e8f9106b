/**
 * `npm run generate`: everything that is made from the contract, in one place. `generateAll` only
 * makes; run directly, it writes, and removes from the generated folders what it no longer makes.
 * The house check compares its answer with the files on disk, so a change to the contract cannot
 * land without its document, its SDK, its CLI and its docs.
 */
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { settingsSchema as bridgeSettings } from '../enclave-bridge/env.ts';
import { ERRORS, LIMIT_GROUPS, operations } from '../worker/contract.ts';
import { settingsSchema } from '../worker/env.ts';
import { buildOpenApi } from '../worker/http/openapi.ts';
import { renderErrors } from '../worker/http/reference-errors.ts';
import { VERSION } from '../worker/version.ts';
import { makeFunctionsRuntimes } from './functions-runtime/build.ts';
import { renderCommands } from './generate/cli-commands.ts';
import { renderConfiguration } from './generate/configuration.ts';
import { renderJsonSchemaValidator } from './generate/json-schema-validator.ts';
import { renderLimits } from './generate/limits.ts';
import { markedPage } from './generate/mark.ts';
import { renderSdkOperations } from './generate/sdk-operations.ts';
import { renderSdkTypes } from './generate/sdk-types.ts';

export type GeneratedFiles = ReadonlyMap<string, string | Uint8Array>;

const ROOT = resolve(import.meta.dirname, '..');

const SETTINGS = [
  {
    title: 'API Worker',
    introduction: 'The public Worker; declared in `worker/env.ts`.',
    schema: settingsSchema,
  },
  {
    title: 'Enclave bridge',
    introduction:
      'The Worker without a public route that holds the keys; declared in `enclave-bridge/env.ts`.',
    schema: bridgeSettings,
  },
];

/** Every generated file by its path from the root. */
export async function generateAll(): Promise<GeneratedFiles> {
  const document = buildOpenApi(operations, { version: VERSION });
  return new Map<string, string | Uint8Array>([
    ['docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['docs/errors.md', markedPage(renderErrors(ERRORS))],
    ['docs/configuration.md', renderConfiguration(SETTINGS)],
    ['docs/limits.md', renderLimits(LIMIT_GROUPS)],
    ['sdk/src/generated/operations.ts', renderSdkOperations(document)],
    ['sdk/src/generated/types.ts', renderSdkTypes(document)],
    ['cli/src/generated/commands.ts', renderCommands(document)],
    await renderJsonSchemaValidator(),
    ...(await makeFunctionsRuntimes()),
  ]);
}

/** Folders in which nothing else lives. */
const GENERATED_FOLDERS = [
  'sdk/src/generated',
  'cli/src/generated',
  'worker/services/functions/generated',
  'worker/runtimes/generated',
];

function write(files: GeneratedFiles): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), content);
  }
  for (const folder of GENERATED_FOLDERS)
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })) {
      const path = relative(ROOT, join(entry.parentPath, entry.name));
      if (!entry.isFile() || files.has(path)) continue;
      rmSync(join(ROOT, path));
      if (readdirSync(entry.parentPath).length === 0) rmdirSync(entry.parentPath);
    }
}

if (import.meta.main) {
  const files = await generateAll();
  write(files);
  console.log(`generated ${files.size} files`);
}
