// Asks an oracle for the average price of a symbol over a window.
async (params) => {
  const { dataSourceId, symbol, windowMinutes = 5 } = params;
  if (!dataSourceId || !symbol) {
    return Devpack.respond.failure('dataSourceId and symbol are required');
  }
  const request = Devpack.oracle.createRequest({
    dataSourceId,
    payload: JSON.stringify({ symbol: symbol.toUpperCase(), windowMinutes }),
  });
  console.log('requested', symbol, windowMinutes);
  return Devpack.respond.success({ request: request.asResult({ symbol, windowMinutes }) });
};
