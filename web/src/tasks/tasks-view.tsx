/* The list of tasks, and beside it the one that is open. All of it can be read from the address. */

import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { tasks as api, type Page, type Task } from '../api';
import { useHere, useTitle } from '../context';
import { useShortcuts } from '../lib/keys';
import { useLoad, type Loaded } from '../lib/load';
import { changeQuery, go, usePlace } from '../lib/router';
import { dueGroup, type DueGroup } from '../lib/time';
import { t } from '../strings';
import { Button, ButtonLink, Link } from '../ui/controls';
import { Empty, Problem, Skeleton } from '../ui/feedback';
import { Pager } from '../ui/pager';
import { useTaskActions, type TaskActions } from './actions';
import { Filters } from './filters';
import {
  hasState,
  isFiltered,
  rangeOf,
  readQuery,
  request,
  unfilteredCount,
  VIEWS,
  withoutFilters,
  withView,
  type ListQuery,
} from './query';
import { TaskDrawer } from './task-drawer';
import { TaskDialog } from './task-form';
import { TaskRow } from './task-row';
import './tasks.css';

const GROUPS: DueGroup[] = ['overdue', 'today', 'week', 'later', 'none'];

type Listed = Page<Task> & { hidden: number };

/** A page of tasks, and how many more there would be without the filters. */
async function readList(org: string, list: ListQuery): Promise<Listed> {
  const { path, query } = request(list);
  const all = unfilteredCount(list);
  const [shown, unfiltered] = await Promise.all([
    api.list(org, path, query),
    isFiltered(list) ? api.list(org, all.path, all.query) : undefined,
  ]);
  return { ...shown, hidden: unfiltered ? unfiltered.total - shown.total : 0 };
}

export function TasksView({ open, mode }: { open?: string; mode?: string }) {
  const { org } = useHere();
  const { query: search } = usePlace();
  const list = readQuery(search);
  const listed = useLoad(() => readList(org.id, list), [org.id, JSON.stringify(list)]);
  const isNew = open === 'new';
  const openId = isNew ? undefined : open;
  const opened = useLoad(
    async () => (openId ? api.read(org.id, openId) : undefined),
    [org.id, openId],
  );
  const actions = useTaskActions(org.id, () => Promise.all([listed.reload(), opened.reload()]));

  const keptQuery = changeQuery(search, {});
  const listPath = `/${org.id}/tasks${keptQuery}`;
  const taskPath = (id: string) => `/${org.id}/tasks/${id}${keptQuery}`;

  useTitle(openId && opened.data?.id === openId ? opened.data.title : t.nav.tasks);
  useReloadOnReturn(listed.reload);
  useListKeys({ tasks: listed.data?.items ?? [], openId, taskPath, listPath, actions });

  const closeTask = () => {
    const id = openId;
    go(listPath);
    // Back to the line it was opened from.
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-task="${id}"]`)?.focus(),
    );
  };
  const saved = async (task: Task) => {
    opened.set(task);
    // The form's own address leaves the history, so that Back does not open it again.
    go(taskPath(task.id), 'replace');
    await listed.reload();
  };

  return (
    <div class={`tasks ${openId ? 'has-open' : ''}`}>
      <section class="task-pane" aria-labelledby="tasks-title">
        <header class="page-head">
          <h1 id="tasks-title">{t.nav.tasks}</h1>
          <p class="count" role="status">
            {listed.data && t.tasks.count(listed.data.total)}
          </p>
        </header>
        <nav class="views" aria-label={t.tasks.views}>
          {VIEWS.map((view) => (
            <Link
              key={view}
              href={`/${org.id}/tasks${withView(view)}`}
              aria-current={view === list.view ? 'page' : undefined}
            >
              {t.tasks.view[view]}
            </Link>
          ))}
        </nav>
        <Filters list={list} search={search} />
        <ListBody
          list={list}
          listed={listed}
          search={search}
          openId={openId}
          taskPath={taskPath}
          actions={actions}
        />
      </section>
      {openId && (
        <TaskDrawer
          key={openId}
          id={openId}
          opened={opened}
          actions={actions}
          taskPath={taskPath}
          onClose={closeTask}
          onRemoved={async () => {
            go(listPath);
            await listed.reload();
          }}
          onCloned={saved}
        />
      )}
      {isNew && <TaskDialog onClose={() => go(listPath, 'replace')} onSaved={saved} />}
      {mode === 'edit' && opened.data && (
        <TaskDialog
          task={opened.data}
          onClose={() => go(taskPath(opened.data!.id), 'replace')}
          onSaved={saved}
        />
      )}
    </div>
  );
}

function ListBody({
  list,
  listed,
  search,
  openId,
  taskPath,
  actions,
}: {
  list: ListQuery;
  listed: Loaded<Listed>;
  search: URLSearchParams;
  openId: string | undefined;
  taskPath: (id: string) => string;
  actions: TaskActions;
}) {
  if (listed.error) return <Problem error={listed.error} retry={listed.reload} />;
  if (!listed.data) return <Skeleton rows={8} />;

  const { items, total, hidden, page, pages } = listed.data;
  const rows = (some: Task[]) => (
    <ul class="task-list">
      {some.map((task) => (
        <TaskRow
          key={task.id}
          task={task}
          href={taskPath(task.id)}
          current={task.id === openId}
          actions={actions}
        />
      ))}
    </ul>
  );
  if (!items.length) return <EmptyList list={list} hidden={hidden} search={search} />;

  const grouped = list.sort === 'deadline' && hasState(list.view);
  const [from, to] = rangeOf(page, items.length);
  return (
    <div aria-busy={listed.loading}>
      {grouped ? <Groups items={items} rows={rows} /> : rows(items)}
      <footer class="list-foot">
        <span>{pages > 1 ? t.tasks.range(from, to, total) : t.tasks.count(total)}</span>
        {hidden > 0 && <HiddenByFilters hidden={hidden} search={search} />}
        <Pager search={search} page={page} pages={pages} />
      </footer>
    </div>
  );
}

function Groups({ items, rows }: { items: Task[]; rows: (tasks: Task[]) => VNode }) {
  const groups = useMemo(
    () => Map.groupBy(items, (task) => dueGroup(task.deadline)),
    [items],
  );
  return (
    <>
      {GROUPS.map((group) => {
        const some = groups.get(group);
        return (
          some && (
            <section key={group} class="task-group" aria-labelledby={`group-${group}`}>
              <h2 id={`group-${group}`} class={group}>
                {t.tasks.group[group]} <span>{some.length}</span>
              </h2>
              {rows(some)}
            </section>
          )
        );
      })}
    </>
  );
}

function HiddenByFilters({ hidden, search }: { hidden: number; search: URLSearchParams }) {
  return (
    <span class="hidden-by">
      {t.tasks.hidden(hidden)}{' '}
      <Button kind="quiet" onClick={() => go(location.pathname + withoutFilters(search))}>
        {t.clear}
      </Button>
    </span>
  );
}

function EmptyList({
  list,
  hidden,
  search,
}: {
  list: ListQuery;
  hidden: number;
  search: URLSearchParams;
}) {
  const { org } = useHere();
  if (isFiltered(list))
    return (
      <Empty icon="search" title={t.tasks.noMatch}>
        {hidden > 0 && <p>{t.tasks.hidden(hidden)}</p>}
        <Button
          kind="primary"
          onClick={() => go(location.pathname + withoutFilters(search))}
        >
          {t.clear}
        </Button>
      </Empty>
    );
  return (
    <Empty icon="tasks" title={t.tasks.empty[list.view].title}>
      <p>{t.tasks.empty[list.view].text}</p>
      {hasState(list.view) && (
        <ButtonLink
          kind="primary"
          icon="add"
          href={`/${org.id}/tasks/new${withView(list.view)}`}
        >
          {t.tasks.create}
        </ButtonLink>
      )}
    </Empty>
  );
}

/** What others did meanwhile shows when the reader comes back to the page. */
function useReloadOnReturn(reload: () => Promise<void>) {
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [reload]);
}

function useListKeys({
  tasks,
  openId,
  taskPath,
  listPath,
  actions,
}: {
  tasks: Task[];
  openId: string | undefined;
  taskPath: (id: string) => string;
  listPath: string;
  actions: TaskActions;
}) {
  const lines = () => [...document.querySelectorAll<HTMLElement>('[data-task]')];
  const focusedId = () => (document.activeElement as HTMLElement | null)?.dataset.task;

  const move = (step: 1 | -1) => {
    const all = lines();
    const from = all.findIndex((line) => line.dataset.task === (openId ?? focusedId()));
    const to = all[from < 0 ? 0 : from + step];
    if (!to) return;
    if (openId) go(taskPath(to.dataset.task!), 'replace');
    else to.focus();
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    e: () => {
      const stored = tasks.find((one) => one.id === (openId ?? focusedId()));
      if (!stored) return;
      const task = actions.seen(stored);
      if (task.status === 'completed' || !task.is_completable) return;
      // A decision needs words to choose from: open it.
      if (task.task_type === 'approval') go(taskPath(task.id));
      else actions.complete(task);
    },
    Escape: () => {
      if (!openId) return;
      go(listPath);
      requestAnimationFrame(() =>
        lines().find((line) => line.dataset.task === openId)?.focus(),
      );
    },
  });
}
