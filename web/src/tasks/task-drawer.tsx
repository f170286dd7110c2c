/* One task, beside the list or, on a phone, instead of it. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { tasks as api, type Task } from '../api';
import { useHere } from '../context';
import { useAction, type Loaded } from '../lib/load';
import { dueGroup, dueInWords, exactly } from '../lib/time';
import { t } from '../strings';
import { Button, IconButton, Link } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { Badge, Note, Problem, Skeleton } from '../ui/feedback';
import { Form, TextField } from '../ui/form';
import { Icon, type IconName } from '../ui/icons';
import { Menu } from '../ui/menu';
import { FaceOf, nameOf } from '../ui/people';
import { When } from '../ui/time';
import { toast } from '../ui/toast';
import type { TaskActions } from './actions';
import { useAssignees } from './assignees';
import { TaskBadges } from './task-row';

export function TaskDrawer({
  id,
  opened,
  actions,
  taskPath,
  onClose,
  onRemoved,
  onCloned,
}: {
  id: string;
  opened: Loaded<Task | undefined>;
  actions: TaskActions;
  taskPath: (id: string) => string;
  onClose: () => void;
  onRemoved: () => Promise<void>;
  onCloned: (task: Task) => Promise<void>;
}) {
  const panel = useRef<HTMLElement>(null);
  // Only this task: while the next one loads, the last one is still in the box.
  const task = opened.data?.id === id ? actions.seen(opened.data) : undefined;
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);

  return (
    <aside class="drawer" ref={panel} tabIndex={-1} aria-label={t.tasks.details}>
      <header class="drawer-head">
        <IconButton icon="back" label={t.tasks.backToList} class="phone" onClick={onClose} />
        {task && <StatusBadge task={task} />}
        <span class="spread" />
        {task && (
          <MoreMenu
            task={task}
            actions={actions}
            taskPath={taskPath}
            onRemoved={onRemoved}
            onCloned={onCloned}
          />
        )}
        <IconButton icon="close" label={t.close} class="wide" onClick={onClose} />
      </header>
      {opened.error && (
        <div class="drawer-body">
          <h2>{t.tasks.notShown}</h2>
          <Problem error={opened.error} retry={opened.reload} />
        </div>
      )}
      {!task && !opened.error && <Skeleton rows={5} />}
      {task && <Details task={task} actions={actions} />}
    </aside>
  );
}

function StatusBadge({ task }: { task: Task }) {
  if (task.archived_at) return <Badge tone="warning">{t.tasks.isArchived}</Badge>;
  if (task.status === 'completed') return <Badge tone="good">{t.tasks.isCompleted}</Badge>;
  if (task.deadline && dueGroup(task.deadline) === 'overdue')
    return <Badge tone="danger">{t.tasks.isOverdue}</Badge>;
  return <Badge tone="accent">{t.tasks.isOpen}</Badge>;
}

function Details({ task, actions }: { task: Task; actions: TaskActions }) {
  const { people } = useHere();
  const person = (id: number | null) => {
    const one = id === null ? undefined : people.get(id);
    return one ? nameOf(one) : id !== null && people.size ? t.tasks.gone : t.tasks.someone;
  };
  return (
    <div class="drawer-body">
      <h2>{task.title}</h2>
      <p class="badges">
        <TaskBadges task={task} />
      </p>
      <Buttons task={task} actions={actions} />
      <dl class="facts">
        <dt>{t.tasks.due}</dt>
        <dd class={`due ${task.status === 'completed' ? '' : dueGroup(task.deadline)}`}>
          {dueInWords(task.deadline)}
          {task.deadline && <span class="exact">{exactly(task.deadline)}</span>}
        </dd>
        <dt>{t.tasks.assignees}</dt>
        <dd>
          <AssigneeList task={task} />
        </dd>
        <dt>{t.tasks.type}</dt>
        <dd>{t.tasks.types[task.task_type]}</dd>
        <dt>{t.tasks.created}</dt>
        <dd>
          {person(task.starter_id)}, <When iso={task.created_at} />
        </dd>
        {task.completed_at && (
          <>
            <dt>{t.tasks.completedBy}</dt>
            <dd>
              {person(task.completer_id)}, <When iso={task.completed_at} />
            </dd>
          </>
        )}
      </dl>
      <section>
        <h3>{t.taskForm.description}</h3>
        <p class={task.summary ? 'prose' : 'hint'}>{task.summary || t.tasks.noSummary}</p>
      </section>
    </div>
  );
}

function AssigneeList({ task }: { task: Task }) {
  const { session } = useHere();
  const doneBy = new Set<number | string | undefined>(
    task.completions?.map((completion) => completion.user_id),
  );
  const assignees = useAssignees(task.owners);
  if (!assignees.length) return <>{t.tasks.nobody}</>;
  return (
    <ul class="assignees">
      {assignees.map((one) => (
        <li key={one.key}>
          <FaceOf who={one} />
          <span>
            {one.name}
            {one.key === session.user.id && ` ${t.tasks.you}`}{' '}
            {one.list === 'guests' && <Badge>{t.tasks.guest}</Badge>}
            {one.list === 'groups' && <Badge>{t.tasks.isGroup}</Badge>}
            {one.list === 'users' && task.everyone_must_complete && (
              <Badge tone={doneBy.has(one.key) ? 'good' : 'plain'}>
                {doneBy.has(one.key) ? t.tasks.partIsDone : t.tasks.partIsOpen}
              </Badge>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The button of a task's type, or why there is none. */
function Buttons({ task, actions }: { task: Task; actions: TaskActions }) {
  if (task.archived_at)
    return (
      <div class="actions">
        <Button kind="primary" icon="reopen" onClick={() => actions.restore(task)}>
          {t.tasks.restore}
        </Button>
      </div>
    );
  if (task.status === 'completed')
    return (
      <div class="actions">
        <Button icon="reopen" onClick={() => actions.reopen(task)}>
          {t.tasks.reopen}
        </Button>
      </div>
    );
  if (!task.is_completable) return <WhyNot task={task} />;
  if (task.task_type === 'approval')
    return (
      <div class="actions">
        <Button kind="primary" icon="check" onClick={() => actions.complete(task, true)}>
          {t.tasks.approve}
        </Button>
        <Button icon="close" onClick={() => actions.complete(task, false)}>
          {t.tasks.reject}
        </Button>
      </div>
    );
  return (
    <div class="actions">
      <Button kind="primary" icon="check" onClick={() => actions.complete(task)}>
        {task.task_type === 'expiring' ? t.tasks.acknowledge : t.tasks.complete}
      </Button>
    </div>
  );
}

function WhyNot({ task }: { task: Task }) {
  const { session } = useHere();
  const isMine = task.owners.users.includes(session.user.id);
  const didMine = task.completions?.some(({ user_id }) => user_id === session.user.id);
  return (
    <Note kind={didMine ? 'good' : 'info'}>
      {didMine ? t.tasks.yourPartDone : isMine ? t.tasks.blocked : t.tasks.notYours}
    </Note>
  );
}

function MoreMenu({
  task,
  actions,
  taskPath,
  onRemoved,
  onCloned,
}: {
  task: Task;
  actions: TaskActions;
  taskPath: (id: string) => string;
  onRemoved: () => Promise<void>;
  onCloned: (task: Task) => Promise<void>;
}) {
  const { org, isAdmin } = useHere();
  const [confirming, setConfirming] = useState(false);
  const clone = useAction(async () => {
    const copy = await api.clone(org.id, task.id);
    toast({ text: t.tasks.cloned(copy.title) });
    await onCloned(copy);
  });
  const isOpen = task.status !== 'completed' && !task.archived_at;
  const editPath = taskPath(`${task.id}/edit`);

  return (
    <>
      {isOpen && (
        <Link href={editPath} class="icon-button" aria-label={t.edit} title={t.edit}>
          <Icon name="edit" />
        </Link>
      )}
      <Menu label={t.moreActions} button={<Icon name="more" />}>
        {(close) => {
          const entry = (icon: IconName, words: string, act: () => void) => (
            <button
              type="button"
              onClick={() => {
                close();
                act();
              }}
            >
              <Icon name={icon} />
              {words}
            </button>
          );
          return (
            <>
              {entry('copy', t.tasks.duplicate, () => void clone.run())}
              {!task.archived_at &&
                entry('archive', t.tasks.archive, () => actions.archive(task))}
              {task.archived_at &&
                isAdmin &&
                entry('trash', t.tasks.deleteForGood, () => setConfirming(true))}
            </>
          );
        }}
      </Menu>
      {confirming && (
        <DeleteDialog
          task={task}
          onClose={() => setConfirming(false)}
          onRemoved={onRemoved}
        />
      )}
    </>
  );
}

function DeleteDialog({
  task,
  onClose,
  onRemoved,
}: {
  task: Task;
  onClose: () => void;
  onRemoved: () => Promise<void>;
}) {
  const { org } = useHere();
  const [typed, setTyped] = useState('');
  const { run, busy, error } = useAction(async () => {
    await api.remove(org.id, task.id);
    toast({ text: t.tasks.deleted(task.title) });
    await onRemoved();
  });
  return (
    <Dialog title={t.tasks.deleteForGood} onClose={onClose}>
      <Form onSubmit={run} error={error}>
        <p>{t.tasks.deleteWarning}</p>
        <p class="quoted">{task.title}</p>
        <TextField
          label={t.tasks.typeTitle}
          autocomplete="off"
          value={typed}
          onInput={setTyped}
        />
        <div class="actions">
          <Button kind="danger" type="submit" busy={busy} disabled={!isSame(typed, task.title)}>
            {t.tasks.deleteForGood}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

const isSame = (typed: string, title: string) => typed.trim() === title.trim();
