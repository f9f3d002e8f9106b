/**
 * Schemas that several contracts use: ids, times, pages. Descriptions here are the ones in the docs
 * and in CLI help.
 */
import * as z from 'zod';
import { ID_PREFIXES, type IdKind, idPattern } from '../core/ids.ts';
import { LIMITS } from '../core/limits.ts';

const EXAMPLE_SUFFIX = '01k4j8x1e0e4r9v2m3n5p6q7rs';

/** An id that is valid in form, for examples in contracts. */
export const exampleId = (kind: IdKind): string => `${ID_PREFIXES[kind]}_${EXAMPLE_SUFFIX}`;

export const idSchema = (kind: IdKind, description: string) =>
  z
    .string()
    .regex(idPattern(kind), `is not an id of the form ${exampleId(kind)}`)
    .meta({
      description,
      example: exampleId(kind),
    });

export const accountIdSchema = idSchema('account', 'The account.');

export const timestampSchema = (description: string) =>
  z.iso.datetime({ precision: 3 }).meta({ description: `${description} RFC 3339, UTC.` });

export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.pageSizeMax.value)
    .default(LIMITS.pageSizeDefault.value)
    .meta({ description: 'Items a page, at most.' }),
  cursor: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .meta({ description: '`nextCursor` of the page before; absent for the first page.' }),
} as const;

export const pageOf = <Item extends z.ZodType>(item: Item, id: string) =>
  z
    .strictObject({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    })
    .meta({ id });

/**
 * Free text a person reads. It cannot forge lines of a log or terminal (C0, C1, line separators),
 * cannot show in another order than it is written (bidirectional controls), and is text at all (no
 * lone surrogates, which storage would replace).
 */
export const labelSchema = (maxCharacters: number, description: string) =>
  z
    .string()
    .min(1)
    .max(maxCharacters)
    .regex(
      // oxlint-disable-next-line no-control-regex -- refusing them is the point
      /^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]*$/u,
      CONTROL_CHARACTERS,
    )
    .refine((text) => !DIRECTION_MARKS.test(text), CONTROL_CHARACTERS)
    .meta({ description });

const CONTROL_CHARACTERS = 'must not hold control characters';

/**
 * The marks of the bidirectional algorithm that override nothing (UAX #9 section 2.6) reorder the
 * digits and signs beside them all the same. They stand apart from the pattern, which is part of the
 * released document (docs/versioning.md).
 */
const DIRECTION_MARKS = /[\u061c\u200e\u200f]/;

/** Half a character of UTF-16 is no text: storage would keep another one in its place. */
const wholeText = (text: string): boolean => text.isWellFormed();

export const metadataSchema = z
  .record(
    z.string().min(1).max(64).refine(wholeText, 'is not whole text'),
    z.string().max(512).refine(wholeText, 'is not whole text'),
  )
  .refine((entries) => Object.keys(entries).length <= 32, 'must have at most 32 entries')
  .meta({ description: 'Up to 32 text entries of your own.' });
