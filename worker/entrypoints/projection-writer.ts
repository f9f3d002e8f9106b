/** What objects write into D1 for questions across accounts (core/ports.ts). */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import type { ProjectionWriterPort } from '../core/ports.ts';
import { ok } from '../core/result.ts';
import { connect } from '../db/connect.ts';
import { schedulerWakes } from '../db/tables.ts';
import type { Env } from '../env.ts';

export class ProjectionWriter extends WorkerEntrypoint<Env> implements ProjectionWriterPort {
  async saveWakeBy(
    wake: Parameters<ProjectionWriterPort['saveWakeBy']>[0],
  ): ReturnType<ProjectionWriterPort['saveWakeBy']> {
    await connect(this.env.DB)
      .insert(schedulerWakes)
      .values(wake)
      .onConflictDoUpdate({
        target: schedulerWakes.accountId,
        set: { wakeBy: sql`excluded.wake_by` },
      });
    return ok(null);
  }
}
