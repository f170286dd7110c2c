/* One line of the task list. */

import type { Task } from '../api';
import { dueGroup, dueInWords } from '../lib/time';
import { t } from '../strings';
import { Link } from '../ui/controls';
import { Badge } from '../ui/feedback';
import { Icon } from '../ui/icons';
import { Menu } from '../ui/menu';
import { Faces } from '../ui/people';
import { When } from '../ui/time';
import type { TaskActions } from './actions';
import { useAssignees } from './assignees';

export function TaskRow({
  task: stored,
  href,
  current,
  actions,
}: {
  task: Task;
  href: string;
  current: boolean;
  actions: TaskActions;
}) {
  const task = actions.seen(stored);
  const assignees = useAssignees(task.owners);
  const done = task.status === 'completed';
  return (
    <li class={`task-row ${done ? 'done' : ''} ${current ? 'current' : ''}`}>
      <CompleteCircle task={task} actions={actions} />
      <div class="task-what">
        <Link
          href={href}
          class="task-title"
          data-task={task.id}
          aria-current={current ? 'true' : undefined}
        >
          {task.title}
        </Link>
        <TaskBadges task={task} />
      </div>
      <Faces people={assignees} />
      <DueDate task={task} />
    </li>
  );
}

export function TaskBadges({ task }: { task: Task }) {
  return (
    <>
      {task.task_type !== 'task' && <Badge>{t.tasks.types[task.task_type]}</Badge>}
      {task.problem && <Badge tone="danger">{t.tasks.hasIssue}</Badge>}
      {task.everyone_must_complete && task.status !== 'completed' && (
        <Badge tone="accent">{partsInWords(task)}</Badge>
      )}
      {task.status === 'completed' && task.task_type === 'approval' && (
        <Badge tone={task.is_approved === false ? 'danger' : 'good'}>
          {task.is_approved === false ? t.tasks.isRejected : t.tasks.isApproved}
        </Badge>
      )}
    </>
  );
}

/** How many a group has is not known here; how far they are is. */
function partsInWords(task: Task): string {
  if (task.owners.groups.length) return t.tasks.percentDone(task.completion_progress ?? 0);
  return t.tasks.partsDone(task.completions?.length ?? 0, task.owners.users.length);
}

function DueDate({ task }: { task: Task }) {
  if (task.completed_at)
    return (
      <span class="due">
        <When iso={task.completed_at} />
      </span>
    );
  const group = dueGroup(task.deadline);
  return (
    <span class={`due ${task.status === 'completed' ? '' : group}`}>
      {task.deadline ? (
        <When iso={task.deadline} words={dueInWords(task.deadline)} />
      ) : (
        t.time.noDate
      )}
    </span>
  );
}

function CompleteCircle({ task, actions }: { task: Task; actions: TaskActions }) {
  if (task.archived_at)
    return (
      <span class="circle off">
        <Icon name="archive" />
      </span>
    );
  if (task.status === 'completed')
    return (
      <button
        type="button"
        class="circle done"
        aria-label={t.tasks.reopenIt(task.title)}
        title={t.tasks.reopen}
        onClick={() => actions.reopen(task)}
      >
        <Icon name="check" />
      </button>
    );
  if (!task.is_completable)
    return <span class="circle off" title={t.tasks.notYours} />;
  if (task.task_type === 'approval')
    return (
      <Menu
        label={t.tasks.decideOn(task.title)}
        buttonClass="circle"
        align="start"
        button={<Icon name="check" />}
      >
        {(close) => (
          <>
            {([true, false] as const).map((approve) => (
              <button
                key={String(approve)}
                type="button"
                onClick={() => {
                  close();
                  actions.complete(task, approve);
                }}
              >
                <Icon name={approve ? 'check' : 'close'} />
                {approve ? t.tasks.approve : t.tasks.reject}
              </button>
            ))}
          </>
        )}
      </Menu>
    );
  const isExpiring = task.task_type === 'expiring';
  return (
    <button
      type="button"
      class="circle"
      aria-label={
        isExpiring ? t.tasks.acknowledgeIt(task.title) : t.tasks.completeIt(task.title)
      }
      title={isExpiring ? t.tasks.acknowledge : t.tasks.complete}
      onClick={() => actions.complete(task)}
    >
      <Icon name="check" />
    </button>
  );
}
