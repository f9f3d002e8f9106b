// Log lines leave at once, so that a run that dies still shows what it said before.
const LOG_CHARS_MAX = 65536;
let logsOpen = true;

function describeForLog(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return '[function]';
  if (!isObject(value)) return typeof value === 'bigint' ? StringOf(value) + 'n' : StringOf(value);
  try {
    if (isErrorLike(value)) return StringOf(value.name) + ': ' + StringOf(value.message);
    const text = stringify(value);
    return text === undefined ? '[object]' : text;
  } catch (error) {
    if (isMemoryError(error)) throw error;
    return '[object]';
  }
}

function log(level, values) {
  if (!logsOpen) return;
  let line = '';
  for (let index = 0; index < values.length && line.length < LOG_CHARS_MAX; index += 1) {
    const text = describeForLog(values[index]);
    const room = LOG_CHARS_MAX + 1 - line.length;
    line += (index === 0 ? '' : ' ') + (text.length > room ? slice(text, 0, room) : text);
  }
  logsOpen = host('log', level, line) === '';
}

globals.console = {
  log: (...values) => log('log', values),
  info: (...values) => log('info', values),
  warn: (...values) => log('warn', values),
  error: (...values) => log('error', values),
  debug: (...values) => log('debug', values),
};
