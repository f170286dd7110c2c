/* A new one-off task, or the same form on one that exists. */

import { useMemo, useState } from 'preact/hooks';
import { tasks as api, type Owners, type Person, type Task, type TaskType } from '../api';
import { useHere } from '../context';
import { useAction } from '../lib/load';
import { endOfWorkIn, fromLocalInput, toLocalInput } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { CheckField, Field, fieldError, Form, SelectField, TextField } from '../ui/form';
import { Icon } from '../ui/icons';
import { FaceOf, nameOf } from '../ui/people';
import { toast } from '../ui/toast';
import { canHaveTasks, useAssignees, type Assignee } from './assignees';

const TITLE_MAX = 600;
const TYPES: TaskType[] = ['task', 'approval', 'expiring'];
const SOON: [number, string][] = [
  [0, t.taskForm.today],
  [1, t.taskForm.tomorrow],
  [7, t.taskForm.nextWeek],
];
const END_OF_WORK = 17;

export function TaskDialog({
  task,
  onClose,
  onSaved,
}: {
  task?: Task;
  onClose: () => void;
  onSaved: (task: Task) => Promise<void>;
}) {
  const { org, session } = useHere();
  const [title, setTitle] = useState(task?.title ?? '');
  const [type, setType] = useState<TaskType>(task?.task_type ?? 'task');
  const [owners, setOwners] = useState<Owners>(
    task?.owners ?? { users: [session.user.id], guests: [], groups: [] },
  );
  const [deadline, setDeadline] = useState(() =>
    task?.deadline
      ? toLocalInput(new Date(task.deadline))
      : endOfWorkIn(new Date().getHours() < END_OF_WORK ? 0 : 1),
  );
  const [summary, setSummary] = useState(task?.summary ?? '');
  const [everyone, setEveryone] = useState(task?.everyone_must_complete ?? false);
  const canNeedEveryone = type === 'task' || type === 'approval';

  const { run, busy, error } = useAction(async () => {
    const draft = {
      title: title.trim(),
      task_type: type,
      owners,
      // An empty date is sent as such, for the server to say what is missing.
      deadline: deadline && fromLocalInput(deadline),
      summary,
      everyone_must_complete: canNeedEveryone && everyone,
    };
    const saved = task
      ? await api.update(org.id, task.id, draft)
      : await api.create(org.id, draft);
    toast({ text: task ? t.taskForm.saved : t.taskForm.created(saved.title) });
    await onSaved(saved);
  });

  return (
    <Dialog title={task ? t.taskForm.editTitle : t.taskForm.newTitle} onClose={onClose}>
      <Form
        onSubmit={run}
        error={error}
        known={['title', 'task_type', 'owners', 'deadline', 'summary']}
      >
        <TextField
          label={t.taskForm.title}
          name="title"
          maxLength={TITLE_MAX}
          value={title}
          onInput={setTitle}
          error={fieldError(error, 'title')}
        />
        <Assignees
          present={task?.owners ?? NO_OWNERS}
          chosen={owners}
          onChange={setOwners}
          error={
            fieldError(error, 'owners') ??
            fieldError(error, 'owners.users') ??
            fieldError(error, 'owners.guests') ??
            fieldError(error, 'owners.groups')
          }
        />
        <div class="pair">
          <Field label={t.taskForm.deadline} error={fieldError(error, 'deadline')}>
            {(wiring) => (
              <>
                <input
                  {...wiring}
                  type="datetime-local"
                  name="deadline"
                  required
                  value={deadline}
                  onInput={(event) => setDeadline(event.currentTarget.value)}
                />
                <div class="shortcuts">
                  {SOON.map(([days, words]) => (
                    <button
                      key={days}
                      type="button"
                      class="chip"
                      aria-pressed={deadline === endOfWorkIn(days)}
                      onClick={() => setDeadline(endOfWorkIn(days))}
                    >
                      {words}
                    </button>
                  ))}
                </div>
              </>
            )}
          </Field>
          <SelectField
            label={t.taskForm.type}
            value={type}
            onInput={setType}
            options={TYPES.map((one) => [one, t.tasks.types[one]])}
            error={fieldError(error, 'task_type')}
          />
        </div>
        <Field label={t.taskForm.description} error={fieldError(error, 'summary')}>
          {(wiring) => (
            <textarea
              {...wiring}
              name="summary"
              rows={4}
              value={summary}
              onInput={(event) => setSummary(event.currentTarget.value)}
            />
          )}
        </Field>
        {canNeedEveryone && (
          <CheckField
            label={t.taskForm.everyone}
            hint={t.taskForm.everyoneHint}
            checked={everyone}
            onInput={setEveryone}
          />
        )}
        <div class="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {task ? t.save : t.taskForm.action}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
          <span class="key-hint">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
        </div>
      </Form>
    </Dialog>
  );
}

const NO_OWNERS: Owners = { users: [], guests: [], groups: [] };

/** People beyond this many get a box to search them. */
const SEARCH_FROM = 7;

/** Members to choose from, and whoever else the task is given to already (`present`). */
function Assignees({
  present,
  chosen,
  onChange,
  error,
}: {
  present: Owners;
  chosen: Owners;
  onChange: (owners: Owners) => void;
  error?: string;
}) {
  const { people, session } = useHere();
  const [filter, setFilter] = useState('');
  const others = useAssignees(present).filter((one) => !one.person || !canHaveTasks(one.person));
  const active = useMemo(() => assignable([...people.values()], session.user.id), [people]);
  const all = [...others, ...active];
  const wanted = filter.trim().toLowerCase();
  const shown = all.filter((one) =>
    `${one.name} ${one.person?.email ?? ''}`.toLowerCase().includes(wanted),
  );
  const isChosen = ({ list, key }: Assignee) => (chosen[list] as unknown[]).includes(key);
  const toggle = ({ list, key }: Assignee, on: boolean) => {
    const rest = (chosen[list] as (number | string)[]).filter((one) => one !== key);
    onChange({ ...chosen, [list]: on ? [...rest, key] : rest });
  };
  const count = chosen.users.length + chosen.guests.length + chosen.groups.length;

  return (
    <fieldset class="field" aria-invalid={error ? true : undefined} tabIndex={-1}>
      <legend>
        {t.taskForm.assignees} <span class="hint">{t.taskForm.chosen(count)}</span>
      </legend>
      {all.length >= SEARCH_FROM && (
        <input
          type="search"
          aria-label={t.taskForm.findPerson}
          placeholder={t.taskForm.findPerson}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <div class="people-picker">
        {shown.map((one) => (
          <label key={one.key} class="person-choice">
            <input
              type="checkbox"
              checked={isChosen(one)}
              onChange={(event) => toggle(one, event.currentTarget.checked)}
            />
            <FaceOf who={one} />
            <span>
              {one.name}
              {one.key === session.user.id && ` ${t.tasks.you}`}
            </span>
          </label>
        ))}
        {!shown.length && <p class="hint">{t.taskForm.noPerson}</p>}
      </div>
      {error && (
        <p class="field-error">
          <Icon name="alert" />
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** Who can be given work: yourself first, then by name. */
const assignable = (people: Person[], me: number): Assignee[] =>
  people
    .filter(canHaveTasks)
    .map((person): Assignee => ({ list: 'users', key: person.id, name: nameOf(person), person }))
    .sort((a, b) => Number(b.key === me) - Number(a.key === me) || a.name.localeCompare(b.name));
