/* A new one-off task, or the same form on one that exists. */

import { useMemo, useState } from 'preact/hooks';
import { tasks as api, type Person, type Task, type TaskType } from '../api';
import { useHere } from '../context';
import { useAction } from '../lib/load';
import { endOfWorkIn, fromLocalInput, toLocalInput } from '../lib/time';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/dialog';
import { CheckField, Field, fieldError, Form, SelectField, TextField } from '../ui/form';
import { Icon } from '../ui/icons';
import { Avatar, nameOf } from '../ui/people';
import { toast } from '../ui/toast';

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
  const [users, setUsers] = useState(task?.owners.users ?? [session.user.id]);
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
      owners: { ...(task?.owners ?? { guests: [], groups: [] }), users },
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
          chosen={users}
          onChange={setUsers}
          error={fieldError(error, 'owners') ?? fieldError(error, 'owners.users')}
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

/** People beyond this many get a box to search them. */
const SEARCH_FROM = 7;

function Assignees({
  chosen,
  onChange,
  error,
}: {
  chosen: number[];
  onChange: (ids: number[]) => void;
  error?: string;
}) {
  const { people, session } = useHere();
  const [filter, setFilter] = useState('');
  const active = useMemo(() => assignable([...people.values()], session.user.id), [people]);
  const wanted = filter.trim().toLowerCase();
  const shown = active.filter((person) =>
    `${nameOf(person)} ${person.email}`.toLowerCase().includes(wanted),
  );
  const toggle = (id: number, on: boolean) =>
    onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id));

  return (
    <fieldset class="field" aria-invalid={error ? true : undefined} tabIndex={-1}>
      <legend>
        {t.taskForm.assignees} <span class="hint">{t.taskForm.chosen(chosen.length)}</span>
      </legend>
      {active.length >= SEARCH_FROM && (
        <input
          type="search"
          aria-label={t.taskForm.findPerson}
          placeholder={t.taskForm.findPerson}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <div class="people-picker">
        {shown.map((person) => (
          <label key={person.id} class="person-choice">
            <input
              type="checkbox"
              checked={chosen.includes(person.id)}
              onChange={(event) => toggle(person.id, event.currentTarget.checked)}
            />
            <Avatar person={person} />
            <span>
              {nameOf(person)}
              {person.id === session.user.id && ` ${t.tasks.you}`}
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
const assignable = (people: Person[], me: number) =>
  people
    .filter((person) => person.status !== 'disabled')
    .sort(
      (a, b) =>
        Number(b.id === me) - Number(a.id === me) || nameOf(a).localeCompare(nameOf(b)),
    );
