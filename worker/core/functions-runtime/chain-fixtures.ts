/**
 * Answers for reads of a chain where there is none: trial runs and runs on an author's machine.
 * Each is given once, to the first read that it fits; a read that none fits is somebody else's to
 * answer.
 */
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { CHAIN_READS } from './call-kinds.ts';
import type { HostCall } from './host-calls.ts';
import type { HostAnswer } from './journal.ts';
import type { JsonValue } from './json-text.ts';
import { LIMITS } from './limits.ts';

/** What a read can fail with. */
const FAILURES = [
  'chain.network_unknown',
  'chain.unavailable',
  'chain.call_faulted',
  'chain.answer_unexpected',
  'chain.answer_too_large',
  'functions.call_invalid',
  'request.not_found',
] as const;

export const chainFixtureSchema = z.strictObject({
  read: z.enum(CHAIN_READS),
  request: z.record(z.string(), z.json()).optional().meta({
    description: 'Fields that the request must have; absent: any request of this read.',
  }),
  value: z.json().optional().meta({ description: 'What the read answers.' }),
  error: z
    .strictObject({
      code: z.enum(FAILURES),
      message: z.string().max(LIMITS.errorCharsMax.value),
    })
    .optional()
    .meta({ description: 'What it fails with instead.' }),
});
export type ChainFixture = z.infer<typeof chainFixtureSchema>;

/** Takes the fixture it answers with out of `left`. */
export function answerFromFixtures(
  left: ChainFixture[],
  { kind, request }: Pick<HostCall, 'kind' | 'request'>,
): HostAnswer | undefined {
  const at = left.findIndex((one) => one.read === kind && fits(one.request ?? {}, request));
  const [fixture] = at === -1 ? [] : left.splice(at, 1);
  if (fixture === undefined) return undefined;
  return fixture.error === undefined
    ? { ok: true, value: fixture.value ?? null }
    : { ok: false, ...fixture.error };
}

/** The door lets nothing but objects pass; absent and null are one. */
function fits(wanted: { readonly [name: string]: JsonValue }, request: JsonValue): boolean {
  const given = request as { readonly [name: string]: JsonValue };
  return Object.entries(wanted).every(
    ([name, value]) => canonicalize(given[name] ?? null) === canonicalize(value),
  );
}
