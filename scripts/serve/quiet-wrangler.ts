/**
 * Imported before `wrangler`, which reads its log level when it is loaded: warnings are worth a
 * line of `npm start`, reports of what it reads are not.
 */
process.env.WRANGLER_LOG ??= 'warn';
