// Schedules a recurring check and, unless told not to, a cron trigger for it.
(params, secrets) => {
  const { schedule, name = 'guardrail', description, enabled = true } = params ?? {};
  if (!schedule) return Devpack.respond.failure('schedule is required');
  const timezone = secrets.timezone ?? 'UTC';
  const job = Devpack.automation.schedule({
    name,
    schedule,
    description: description ?? `Guardrail in ${timezone}`,
    enabled,
  });
  const withTrigger = params.registerTrigger !== false;
  const trigger = withTrigger
    ? Devpack.triggers.register({ type: 'cron', rule: schedule, config: { timezone }, enabled })
    : null;
  return Devpack.respond.success({
    job: job.asResult({ timezone }),
    trigger: trigger === null ? null : trigger.asResult(),
  });
};
