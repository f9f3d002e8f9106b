// The Devpack global. Everything here may be overwritten by user code: that changes what this run sees, never what the
// host has recorded, because actions are handed over when they are called.
const ACTIONS = {
  __proto__: null,
  gasBank: {
    __proto__: null,
    ensureAccount: 'gasbank.ensureAccount',
    withdraw: 'gasbank.withdraw',
    balance: 'gasbank.balance',
    listTransactions: 'gasbank.listTransactions',
  },
  oracle: { __proto__: null, createRequest: 'oracle.createRequest' },
  triggers: { __proto__: null, register: 'triggers.register' },
  automation: { __proto__: null, schedule: 'automation.schedule' },
  random: { __proto__: null, generate: 'random.generate' },
  priceFeeds: { __proto__: null, recordSnapshot: 'pricefeed.recordSnapshot' },
  dataFeeds: { __proto__: null, submitUpdate: 'datafeeds.submitUpdate' },
  dataStreams: { __proto__: null, publishFrame: 'datastreams.publishFrame' },
  dataLink: { __proto__: null, createDelivery: 'datalink.createDelivery' },
};

const queued = { __proto__: null };
let queuedCount = 0;

const reference = (id, type) => ({ __devpack_ref__: true, id, type });

// Absent, undefined and null are one thing: a param that is not there.
function cloneParams(params) {
  const kept = { __proto__: null };
  if (!isObject(params)) return kept;
  const text = stringify(params);
  const clone = text === undefined ? null : parse(text);
  if (!isObject(clone) || isArray(clone)) return kept;
  const names = keys(clone);
  for (let index = 0; index < names.length; index += 1) {
    const value = clone[names[index]];
    if (value !== null) kept[names[index]] = value;
  }
  return kept;
}

function queueAction(type, params) {
  const text = stringify(cloneParams(params));
  const id = accept(host('action', type, text));
  queued[queuedCount] = { __proto__: null, id, type, text };
  queuedCount += 1;
  return {
    id,
    type,
    params: parse(text),
    toJSON: () => reference(id, type),
    asResult: (meta) => {
      const result = { __devpack_ref__: true, id, type, meta };
      const stored = meta === undefined ? null : meta;
      defineHidden(result, 'toJSON', () => ({ __devpack_ref__: true, id, type, meta: stored }));
      return result;
    },
  };
}

// A look only: whatever user code does with the list, the host's own is what runs.
function listQueued() {
  const list = [];
  for (let index = 0; index < queuedCount; index += 1) {
    const { id, type, text } = queued[index];
    const action = { id, type, params: parse(text) };
    defineProperty(list, index, {
      __proto__: null,
      value: action,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return list;
}

const orNull = (value) => (value === undefined ? null : value);

const devpack = {
  version: '0.6.0',
  context: { functionId: '', accountId: '' },
  setContext(context) {
    devpack.context = isObject(context) ? context : {};
  },
  __flushActions: listQueued,
  __reset() {},
  respond: {
    success: (data, meta) => ({ success: true, data: orNull(data), meta: orNull(meta) }),
    failure: (error, meta) => ({ success: false, error: orNull(error), meta: orNull(meta) }),
  },
  http: { fetch: httpFetch },
};

const moduleNames = keys(ACTIONS);
for (let index = 0; index < moduleNames.length; index += 1) {
  const methods = {};
  const names = keys(ACTIONS[moduleNames[index]]);
  for (let place = 0; place < names.length; place += 1) {
    const type = ACTIONS[moduleNames[index]][names[place]];
    methods[names[place]] = (params) => queueAction(type, params);
  }
  devpack[moduleNames[index]] = methods;
}
globals.Devpack = devpack;
