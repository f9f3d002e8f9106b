/**
 * The scheduler's way to the outside: entrypoints of `worker/index.ts`, reached by `ctx.exports`.
 * The instance holds them in a field, so that a test of the object can stand at the other end.
 */
import type { ProjectionWriterPort, WorkRunnerPort } from '../../worker/core/ports.ts';

export interface SchedulerPorts {
  readonly runner: Pick<WorkRunnerPort, 'run'>;
  readonly projections: Pick<ProjectionWriterPort, 'saveWakeBy'>;
}

export function schedulerPorts(ctx: DurableObjectState): SchedulerPorts {
  // The exports are typed by generated code that objects must not depend on; these two are part of
  // the ports' contract.
  const entrypoints = ctx.exports as unknown as {
    readonly WorkRunner: WorkRunnerPort;
    readonly ProjectionWriter: ProjectionWriterPort;
  };
  return {
    runner: { run: (batch) => entrypoints.WorkRunner.run(batch) },
    projections: { saveWakeBy: (wake) => entrypoints.ProjectionWriter.saveWakeBy(wake) },
  };
}
