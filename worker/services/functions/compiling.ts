/** A version's content: checked, compiled and named by its hash. */
import { sha256Canonical } from '../../core/canonical-json.ts';
import { compile } from '../../core/functions-runtime/compile.ts';
import type { EntryForm } from '../../core/functions-runtime/journal.ts';
import type { SourceUses } from '../../core/functions-runtime/source-uses.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { RUNTIMES } from '../../runtimes/generated/index.ts';
import { inTurn } from './in-turn.ts';
import { checkSchema } from './input-schema.ts';
import type { Permissions, RunLimits } from './tables.ts';

export interface Content {
  readonly source: string;
  readonly secrets: readonly string[];
  readonly permissions: Permissions;
  readonly limits: RunLimits;
  readonly inputSchema: Record<string, unknown> | null;
}

export interface CompiledContent {
  readonly entryForm: EntryForm;
  readonly uses: SourceUses;
  readonly codeHash: string;
  readonly sourceBytes: number;
  readonly runtimeVersion: string;
}

type Refusal = 'functions.source_invalid' | 'functions.input_schema_invalid' | 'functions.capacity';

export async function compileContent(
  accountId: string,
  content: Content,
): Promise<Result<CompiledContent, Refusal>> {
  const [runtime] = RUNTIMES;
  const tried = await inTurn(accountId, (guest) => compile(runtime, content.source, guest));
  if (!tried.ok) return tried;
  const compiled = tried.value;
  if (!compiled.ok) {
    const { line, column, detail, limit, observed } = compiled.failure;
    const place = line === undefined ? '' : ` (line ${line}, column ${column ?? 1})`;
    return err('functions.source_invalid', {
      detail: `${detail}${place}`,
      fields: [{ pointer: '/source', detail: `${detail}${place}` }],
      ...(limit === undefined ? {} : { limit }),
      ...(observed === undefined ? {} : { observed }),
    });
  }
  if (content.inputSchema !== null) {
    const usable = await checkSchema(accountId, content.inputSchema);
    if (!usable.ok) return usable;
  }
  return ok({
    ...compiled.value,
    codeHash: hashContent(content),
    sourceBytes: new TextEncoder().encode(content.source).byteLength,
    runtimeVersion: runtime.runtimeVersion,
  });
}

/** Equal content has an equal hash, whatever the order of names in it. */
export function hashContent(content: Content): string {
  const { modules, httpHosts } = content.permissions;
  return sha256Canonical({
    source: content.source,
    secrets: content.secrets.toSorted(),
    permissions: {
      modules: modules === undefined ? null : modules.toSorted(),
      httpHosts: (httpHosts ?? []).toSorted(),
    },
    limits: {
      fuel: content.limits.fuel ?? null,
      memoryBytes: content.limits.memoryBytes ?? null,
    },
    inputSchema: content.inputSchema,
  });
}
