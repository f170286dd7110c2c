/* A guest's tasks: what is to be done, and what is done. */

import { useEffect, useState } from 'preact/hooks';
import { guests, type GuestPlace, type GuestTaskPage, type Task } from '../api';
import { useLoad } from '../lib/load';
import { dueGroup, dueInWords, exactly } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Empty, Problem, Skeleton } from '../ui/feedback';
import { Tabs } from '../ui/tabs';
import { When } from '../ui/time';
import { words } from './strings';

type View = 'open' | 'done';

export function GuestTasks({ place, onEnded }: { place: GuestPlace; onEnded: () => void }) {
  const [view, setView] = useState<View>('open');
  const [page, setPage] = useState(1);
  const tasks = useLoad(() => guests.tasks(place, view, page), [view, page]);
  const shown = tasks.loading && tasks.data?.view !== view ? undefined : tasks.data;

  useEffect(() => {
    if (tasks.error?.status === 401) onEnded();
  }, [tasks.error]);

  return (
    <Tabs
      label={words.title}
      tabs={[
        ['open', words.open],
        ['done', words.done],
      ]}
      current={view}
      onChange={(next) => {
        setView(next);
        setPage(1);
      }}
    >
      {tasks.error ? (
        <Problem error={tasks.error} retry={tasks.reload} />
      ) : !shown ? (
        <Skeleton rows={3} />
      ) : shown.items.length === 0 ? (
        <NothingHere view={view} />
      ) : (
        <>
          {view === 'open' && <p class="hint">{words.howto}</p>}
          <ul class="guest-tasks" aria-busy={tasks.loading}>
            {shown.items.map((task) => (
              <TaskCard key={task.id} task={task} listed={shown} self={place.guest.email} />
            ))}
          </ul>
          <Foot listed={shown} onPage={setPage} />
        </>
      )}
    </Tabs>
  );
}

function NothingHere({ view }: { view: View }) {
  return view === 'open' ? (
    <Empty icon="check" title={words.nothing.title}>
      <p>{words.nothing.text}</p>
    </Empty>
  ) : (
    <Empty icon="tasks" title={words.noneDone.title}>
      <p>{words.noneDone.text}</p>
    </Empty>
  );
}

function TaskCard({
  task,
  listed,
  self,
}: {
  task: Task;
  listed: GuestTaskPage;
  self: string;
}) {
  const others = othersIn(task, listed, self);
  const starter = listed.people.get(task.starter_id ?? 0);
  return (
    <li class="guest-task">
      <h2>
        <bdi>{task.title}</bdi>
      </h2>
      <p class="guest-due">
        <TaskTime task={task} />
      </p>
      {task.summary && <p class="prose">{task.summary}</p>}
      {others.length > 0 ? (
        <p class="hint">
          {words.together} <bdi>{others.join(', ')}</bdi>
        </p>
      ) : (
        starter && (
          <p class="hint">
            {words.from} <bdi>{starter}</bdi>
          </p>
        )
      )}
    </li>
  );
}

function TaskTime({ task }: { task: Task }) {
  if (task.completed_at)
    return (
      <>
        {words.doneAt} <When iso={task.completed_at} />
      </>
    );
  if (!task.deadline) return <>{t.time.noDate}</>;
  const group = dueGroup(task.deadline);
  return (
    <span class={group}>
      {group !== 'overdue' && words.due}{' '}
      <When iso={task.deadline} words={dueInWords(task.deadline)} />
      {group === 'overdue' && ` · ${exactly(task.deadline)}`}
    </span>
  );
}

/** Members by name, who can be asked, then other guests by address. */
function othersIn(task: Task, { people }: GuestTaskPage, self: string): string[] {
  const members = task.owners.users.flatMap((id) => people.get(id) ?? []);
  return [
    ...members,
    ...task.owners.guests.filter((email) => email.toLowerCase() !== self.toLowerCase()),
  ];
}

function Foot({ listed, onPage }: { listed: GuestTaskPage; onPage: (page: number) => void }) {
  const { page, pages } = listed;
  if (pages <= 1) return null;
  return (
    <nav class="list-foot" aria-label={t.pages}>
      <span>{words.pageOf(page, pages)}</span>
      <span class="pager">
        {page > 1 && <Button onClick={() => onPage(page - 1)}>{t.previous}</Button>}
        {page < pages && <Button onClick={() => onPage(page + 1)}>{t.next}</Button>}
      </span>
    </nav>
  );
}
