/* What can be done to a task, from the list and from its own page. The change shows at once and is
 * taken back with a message if the server refuses it. */

import { useState } from 'preact/hooks';
import { ApiError, tasks as api, type Task } from '../api';
import { t } from '../strings';
import { inWords } from '../ui/feedback';
import { toast } from '../ui/toast';

type Overrides = ReadonlyMap<string, Partial<Task>>;

export interface TaskActions {
  complete: (task: Task, isApproved?: boolean) => void;
  reopen: (task: Task) => void;
  archive: (task: Task) => void;
  restore: (task: Task) => void;
  /** The task as the reader has left it, even if the server has not answered yet. */
  seen: (task: Task) => Task;
}

export function useTaskActions(org: string, reload: () => Promise<unknown>): TaskActions {
  const [overrides, setOverrides] = useState<Overrides>(new Map());

  const override = (id: string, change?: Partial<Task>) =>
    setOverrides((old) => {
      const next = new Map(old);
      if (change) next.set(id, change);
      else next.delete(id);
      return next;
    });

  async function run(task: Task, change: Partial<Task>, act: () => Promise<void>) {
    override(task.id, change);
    try {
      await act();
      await reload();
    } catch (reason) {
      const why = reason instanceof ApiError ? problemInWords(reason) : String(reason);
      toast({ kind: 'problem', text: t.tasks.notChanged(task.title, why) });
    } finally {
      override(task.id);
    }
  }

  const undo = (act: (task: Task) => void, task: Task) => ({
    label: t.undo,
    run: () => act(task),
  });

  const actions: TaskActions = {
    complete: (task, isApproved) =>
      void run(task, { status: 'completed' }, async () => {
        const after = await api.complete(org, task.id, isApproved);
        toast({ text: completedWords(after), action: undo(actions.reopen, task) });
      }),
    reopen: (task) =>
      void run(task, { status: 'in-progress' }, async () => {
        await api.reopen(org, task.id);
        toast({ text: t.tasks.reopened(task.title) });
      }),
    archive: (task) =>
      void run(task, { archived_at: new Date().toISOString() }, async () => {
        await api.archive(org, task.id);
        toast({
          text: t.tasks.archivedNow(task.title),
          action: undo(actions.restore, task),
        });
      }),
    restore: (task) =>
      void run(task, { archived_at: null }, async () => {
        await api.restore(org, task.id);
        toast({ text: t.tasks.restored(task.title) });
      }),
    seen: (task) => ({ ...task, ...overrides.get(task.id) }),
  };
  return actions;
}

/** On a task everyone must complete, one person's part may leave it open. */
function completedWords(task: Task): string {
  if (task.status !== 'completed')
    return task.owners.groups.length
      ? t.tasks.yourPart(task.title)
      : t.tasks.partDone(task.title, task.completions?.length ?? 1, task.owners.users.length);
  if (task.task_type === 'approval')
    return task.is_approved ? t.tasks.approved(task.title) : t.tasks.rejected(task.title);
  if (task.task_type === 'expiring') return t.tasks.acknowledged(task.title);
  return t.tasks.completed(task.title);
}

/** A refusal about one field says more in that field's words. */
const problemInWords = (error: ApiError) => Object.values(error.errors)[0]?.[0] ?? inWords(error);
