/** Bundled by scripts/generate/json-schema-validator.ts: whoever says `URL` gets this one. */
export { SchemaUri as URL } from './uri-of-schemas.ts';
