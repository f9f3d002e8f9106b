// Asks an oracle now and schedules a job that looks at the answer later.
(params) => {
  const { dataSourceId, schedule, task = 'review', context = {}, jobName, enabled = true } = params;
  if (!dataSourceId || !schedule) {
    return Devpack.respond.failure('dataSourceId and schedule are required');
  }
  const { functionId } = Devpack.context;
  const request = Devpack.oracle.createRequest({ dataSourceId, payload: { task, context } });
  const job = Devpack.automation.schedule({
    name: jobName || `${task}-followup`,
    schedule,
    description: `Follow up ${request.id} of ${functionId}`,
    enabled,
  });
  return Devpack.respond.success({ request: request.asResult({ task }), job: job.asResult() });
};
