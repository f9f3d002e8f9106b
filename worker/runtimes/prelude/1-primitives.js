// Captures, before any user code runs, every primitive the runtime relies on. User code may replace JSON.stringify,
// Promise.prototype.then or Array.prototype[Symbol.iterator]: nothing below looks anything up again. Own elements of
// array literals and properties of objects without a prototype are the only storage, because setters planted on
// Object.prototype or Array.prototype cannot see those.
const { parse, stringify } = JSON;
const { apply } = Reflect;
const { defineProperty, keys, getPrototypeOf } = Object;
const { isArray } = Array;
const StringOf = String;
const ErrorOf = Error;
const PromiseOf = Promise;
const Float64 = Float64Array;
const globals = globalThis;
const stringSlice = String.prototype.slice;
const stringIndexOf = String.prototype.indexOf;
const stringToLower = String.prototype.toLowerCase;
const stringToUpper = String.prototype.toUpperCase;
const stringIsWellFormed = String.prototype.isWellFormed;
const weakGet = WeakMap.prototype.get;
const weakSet = WeakMap.prototype.set;
const errorPrototype = Error.prototype;
const rangeErrorPrototype = RangeError.prototype;
const internalErrorPrototype = InternalError.prototype;

const slice = (text, from, to) => apply(stringSlice, text, [from, to]);
const indexOf = (text, part) => apply(stringIndexOf, text, [part]);
const lowerCase = (text) => apply(stringToLower, text, []);
const upperCase = (text) => apply(stringToUpper, text, []);
const isObject = (value) => typeof value === 'object' && value !== null;

function defineHidden(object, name, value) {
  defineProperty(object, name, {
    __proto__: null,
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

// Errors made here carry a code; the table cannot be reached, so user code cannot forge one.
const codes = new WeakMap();

function codedError(code, message) {
  const error = new ErrorOf(message);
  apply(weakSet, codes, [error, code]);
  defineHidden(error, 'code', code);
  return error;
}

// The host refuses with '!<code> <message>'.
function accept(reply) {
  if (reply[0] !== '!') return reply;
  const space = indexOf(reply, ' ');
  throw codedError(slice(reply, 1, space), slice(reply, space + 1));
}

// Math.random from the run's seed, 512 numbers at a time; nothing is drawn before the first call.
let numbers = null;
let numbersUsed = 0;
defineHidden(Math, 'random', function random() {
  if (numbers === null || numbersUsed === 512) {
    numbers = new Float64(host('random'));
    numbersUsed = 0;
  }
  numbersUsed += 1;
  return numbers[numbersUsed - 1];
});
