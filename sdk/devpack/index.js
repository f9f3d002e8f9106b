/**
 * The Devpack as a module: thin functions over the global that the functions runtime provides. This very file is what
 * `import '@neo-service-layer/devpack'` loads inside the runtime; outside of it every call throws.
 */
const runtime = globalThis.Devpack;

export function devpack() {
  if (runtime === undefined) {
    throw new Error(
      'Devpack runtime unavailable: this code runs as a function of the service layer',
    );
  }
  return runtime;
}

export const currentContext = () => devpack().context;

export const context = new Proxy(
  {},
  {
    get: (_target, name) => currentContext()[name],
    has: (_target, name) => name in currentContext(),
    ownKeys: () => Reflect.ownKeys(currentContext()),
    getOwnPropertyDescriptor: (_target, name) =>
      Object.getOwnPropertyDescriptor(currentContext(), name),
  },
);

export const ensureGasAccount = (params) => devpack().gasBank.ensureAccount(params);
export const withdrawGas = (params) => devpack().gasBank.withdraw(params);
export const balanceGasAccount = (params) => devpack().gasBank.balance(params);
export const listGasTransactions = (params) => devpack().gasBank.listTransactions(params);
export const createOracleRequest = (params) => devpack().oracle.createRequest(params);
export const registerTrigger = (params) => devpack().triggers.register(params);
export const scheduleAutomation = (params) => devpack().automation.schedule(params);
export const generateRandom = (params) => devpack().random.generate(params);
export const recordPriceSnapshot = (params) => devpack().priceFeeds.recordSnapshot(params);
export const submitDataFeedUpdate = (params) => devpack().dataFeeds.submitUpdate(params);
export const publishDataStreamFrame = (params) => devpack().dataStreams.publishFrame(params);
export const createDataLinkDelivery = (params) => devpack().dataLink.createDelivery(params);

export const callContract = (request) => devpack().chain.call(request);
export const readBalance = (request) => devpack().chain.balance(request);
export const readTransaction = (request) => devpack().chain.transaction(request);
export const readHeight = (request) => devpack().chain.height(request);
export const submitTransaction = (params) => devpack().chain.submitTransaction(params);

/** `Devpack.http.fetch`; only hosts in the function's permissions can be reached. */
export const fetch = (url, options) => devpack().http.fetch(url, options);

export const success = (details, meta) => devpack().respond.success(details, meta);
export const failure = (error, meta) => devpack().respond.failure(error, meta);
export const respond = { success, failure };
