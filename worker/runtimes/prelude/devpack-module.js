// What `import ... from '@neo-service-layer/devpack'` gives: thin functions over the Devpack global.
const runtime = globalThis.Devpack;

export const devpack = () => runtime;
export const currentContext = () => runtime.context;
export const context = new Proxy(
  {},
  {
    get: (_target, name) => runtime.context[name],
    has: (_target, name) => name in runtime.context,
    ownKeys: () => Reflect.ownKeys(runtime.context),
    getOwnPropertyDescriptor: (_target, name) =>
      Object.getOwnPropertyDescriptor(runtime.context, name),
  },
);

export const ensureGasAccount = (params) => runtime.gasBank.ensureAccount(params);
export const withdrawGas = (params) => runtime.gasBank.withdraw(params);
export const balanceGasAccount = (params) => runtime.gasBank.balance(params);
export const listGasTransactions = (params) => runtime.gasBank.listTransactions(params);
export const createOracleRequest = (params) => runtime.oracle.createRequest(params);
export const registerTrigger = (params) => runtime.triggers.register(params);
export const scheduleAutomation = (params) => runtime.automation.schedule(params);
export const generateRandom = (params) => runtime.random.generate(params);
export const recordPriceSnapshot = (params) => runtime.priceFeeds.recordSnapshot(params);
export const submitDataFeedUpdate = (params) => runtime.dataFeeds.submitUpdate(params);
export const publishDataStreamFrame = (params) => runtime.dataStreams.publishFrame(params);
export const createDataLinkDelivery = (params) => runtime.dataLink.createDelivery(params);

export const success = (data, meta) => runtime.respond.success(data, meta);
export const failure = (error, meta) => runtime.respond.failure(error, meta);
export const respond = { success, failure };
export const http = { fetch: (url, options) => runtime.http.fetch(url, options) };
export default runtime;
