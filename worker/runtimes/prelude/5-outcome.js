// The frame around user code: sets the globals, calls the entry, and turns its result or its throw into one string.
// '+' is followed by the output's JSON, '-' by an error's.
let resultCharsMax = 0;
let errorCharsMax = 0;
let entryArguments = null;

function inheritsFrom(value, prototype) {
  for (let at = value; at !== null; at = getPrototypeOf(at)) if (at === prototype) return true;
  return false;
}

// Walks prototypes, which a proxy may trap: callers catch.
const isErrorLike = (value) => inheritsFrom(value, errorPrototype);

function hasMessage(error, prototype, message) {
  try {
    return isObject(error) && getPrototypeOf(error) === prototype && error.message === message;
  } catch {
    return false;
  }
}

const isMemoryError = (error) => hasMessage(error, internalErrorPrototype, 'out of memory');
const isStackError = (error) =>
  hasMessage(error, rangeErrorPrototype, 'Maximum call stack size exceeded');

function readText(object, name) {
  try {
    const value = object[name];
    return typeof value === 'string' ? slice(value, 0, errorCharsMax) : '';
  } catch {
    return '';
  }
}

function describeThrown(value) {
  const thrown = { __proto__: null, code: '', name: '', message: '', stack: '' };
  if (isMemoryError(value)) thrown.code = 'functions.memory_exhausted';
  else if (isStackError(value)) thrown.code = 'functions.stack_exhausted';
  if (isObject(value) || typeof value === 'function') {
    const code = apply(weakGet, codes, [value]);
    if (code !== undefined) thrown.code = code;
    thrown.name = readText(value, 'name');
    thrown.message = readText(value, 'message');
    thrown.stack = readText(value, 'stack');
    if (thrown.message === '' && thrown.stack === '') thrown.message = describeForLog(value);
  } else {
    thrown.message = StringOf(value);
  }
  thrown.message = slice(thrown.message, 0, errorCharsMax);
  return thrown;
}

function describe(value) {
  let thrown;
  try {
    thrown = describeThrown(value);
  } catch {
    thrown = { __proto__: null, code: '', name: '', message: 'a value that cannot be shown', stack: '' };
  }
  return '-' + stringify(thrown);
}

function outputOf(value) {
  let text;
  try {
    text = stringify(value);
  } catch (error) {
    if (isMemoryError(error)) throw error;
    const reason = isStackError(error) ? 'it is nested too deeply' : describeThrown(error).message;
    throw codedError('functions.output_invalid', 'The result is not JSON: ' + reason);
  }
  if (text === undefined || text === 'null') text = '{}';
  else if (text[0] !== '{') text = '{"result":' + text + '}';
  if (text.length > resultCharsMax) {
    throw codedError('functions.output_too_large', 'The result is larger than ' + resultCharsMax + ' bytes');
  }
  return '+' + text;
}

async function start(value, isModule) {
  try {
    let entry = value;
    if (isModule !== undefined) {
      const namespace = await value;
      entry = namespace.default;
      if (entry === undefined) {
        throw codedError('functions.source_invalid', 'The module has no default export');
      }
    }
    if (typeof entry === 'function') entry = entry(entryArguments.params, entryArguments.secrets);
    return outputOf(await entry);
  } catch (error) {
    return describe(error);
  }
}

function begin(text) {
  const given = parse(text);
  resultCharsMax = given.resultCharsMax;
  errorCharsMax = given.errorCharsMax;
  entryArguments = { __proto__: null, params: given.params, secrets: given.secrets };
  globals.params = given.params;
  globals.secrets = given.secrets;
  devpack.context = given.context;
}

return { __proto__: null, begin, start, settle, describe };
