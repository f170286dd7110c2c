/* Everything this app says to the server, and nothing else talks to it.
 *
 * The browser session is a cookie that scripts cannot read; whatever changes something also carries
 * the session's CSRF token. API calls go under /api, since the short paths are pages as well. */

export interface Problem {
  status: number;
  message: string;
  code?: string;
  /** Field name to messages, on 422. */
  errors: Record<string, string[]>;
  requestId?: string;
  /** Seconds, on 429. */
  retryAfter?: number;
}

/** A refused or failed request. `status` 0 means that no answer arrived. */
export class ApiError extends Error implements Problem {
  status: number;
  code?: string;
  errors: Record<string, string[]>;
  requestId?: string;
  retryAfter?: number;

  constructor(problem: Problem) {
    super(problem.message);
    this.status = problem.status;
    this.code = problem.code;
    this.errors = problem.errors;
    this.requestId = problem.requestId;
    this.retryAfter = problem.retryAfter;
  }
}

export type Role = 'admin' | 'standard' | 'light';

export interface User {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  full_name?: string;
  timezone?: string;
  role?: Role;
}

export interface Person {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  role: Role;
  status: string;
  /** The bot, whom nothing is assigned to. */
  support_user: boolean;
}

export interface Organization {
  id: string;
  name: string;
  user_role: Role;
  user_status: string;
  /** The longest that named tokens may live; 0: any time. */
  token_max_days: number;
  keep_personal_token: boolean;
}

export interface TokenUse {
  last_used_at: string | null;
  last_used_ip: string | null;
  last_used_client: string | null;
}

export interface Session {
  user: User;
  csrf_token: string;
  expires_at: string;
  /** The address that waits to be confirmed, if one does. */
  pending_email: string | null;
  personal_token: (TokenUse & { created_at: string; expires_at: string; kept: boolean }) | null;
}

export interface PersonalToken extends TokenUse {
  id: string;
  masked: string;
  created_at: string;
  expires_at: string;
  expires_in: number;
  access_token?: string;
}

export interface Token extends TokenUse {
  id: string;
  name: string;
  scopes: string[];
  prefix: string | null;
  created_at: string;
  expires_at: string | null;
  /** The only organization it works in; null: all of its owner's. */
  organization_id: string | null;
  /** The only addresses it works from; null: any. */
  addresses: string[] | null;
}

export interface NamedToken extends Token {
  calls_7_days: number;
}

export interface ConnectedToken extends Token {
  client_name: string | null;
}

export const TOKEN_KINDS = [
  'personal',
  'named',
  'application',
  'minted',
  'password',
  'authorized',
  'mcp',
  'exchanged',
] as const;

/** What an administrator sees of anybody's token. */
export interface MemberToken extends Token {
  kind: (typeof TOKEN_KINDS)[number];
  client_name: string | null;
  user: { id: number; email: string; full_name: string } | null;
  is_revocable: boolean;
}

export interface NewNamedToken {
  accessToken: string;
  token: NamedToken;
}

export interface OAuthClient extends ClientForm {
  id: string;
  public: boolean;
  created_at: string;
  last_used_at: string | null;
  secret_created_at: string | null;
  old_secret_until: string | null;
  client_secret?: string;
}

export interface ClientForm {
  name: string;
  grants: string[];
  redirect_uris: string[];
  /** The most it may ask for. */
  scopes: string[];
  require_client_header: boolean;
}

/** Somebody who allowed an application to act for them. */
export interface Consent {
  user: { id: number; email: string; full_name: string };
  scopes: string[];
  created_at: string;
  last_used_at: string | null;
}

export interface SecondFactor {
  enabled: boolean;
  confirmed_at: string | null;
  recovery_codes_left: number;
}

export interface OpenSession {
  id: string;
  address: string | null;
  device: string;
  created_at: string;
  last_seen_at: string;
  current: boolean;
}

export interface Mail {
  id: string;
  kind: string;
  recipient: string;
  subject: string;
  state: 'waiting' | 'sent' | 'failed' | 'expired';
  attempts: number;
  created_at: string;
  next_at: string | null;
  sent_at: string | null;
  last_error: string | null;
  /** Only of one mail, while it waits and nothing sends it. */
  text?: string | null;
}

export interface ActivityRow {
  id: number;
  /** A whole sentence. */
  description: string;
  created_at: string;
  /** One person; null where nobody is known to have done it. */
  actor_id: number[] | null;
  actor: { email: string; first_name: string; last_name: string }[] | null;
}

export type TaskType = 'task' | 'approval' | 'expiring' | 'email' | 'expiring_email';

/** Members by id, guests by address, groups by id. */
export interface Owners {
  users: number[];
  guests: string[];
  groups: string[];
}

export interface Task {
  id: string;
  title: string;
  status: 'not-started' | 'in-progress' | 'completed' | 'auto-skipped';
  status_label: string;
  task_type: TaskType;
  summary?: string | null;
  run_id: string | null;
  owners: Owners;
  is_approved: boolean | null;
  is_completable: boolean;
  is_oneoff_task: boolean;
  everyone_must_complete: boolean;
  can_complete_only_assignees: boolean;
  completion_progress: number | null;
  completions?: { user_id?: number; guest?: string; completed_at: string }[];
  starter_id: number | null;
  completer_id: number | null;
  problem: boolean;
  deadline: string | null;
  created_at: string;
  completed_at: string | null;
  archived_at: string | null;
}

export interface TaskDraft {
  title: string;
  task_type: TaskType;
  owners: Owners;
  deadline: string;
  summary: string;
  everyone_must_complete: boolean;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  pages: number;
}

/** A guest, as they see themselves. */
export interface Guest {
  id: number;
  email: string;
  timezone: string | null;
  locale: string | null;
  /** Names of days; null: as the organization has it. */
  cadence_days: string[] | null;
}

export interface GuestPlace {
  guest: Guest;
  organization: {
    id: string;
    name: string;
    org_logo: string | null;
    timezone: string;
    guest_cadence_days: string[];
  };
}

export interface GuestTaskPage extends Page<Task> {
  view: 'open' | 'done';
  /** Names of the members who have these tasks too. */
  people: Map<number, string>;
}

export interface SetUp {
  code: string;
  organization_name: string;
  first_name: string;
  last_name: string;
  email: string;
  password: string;
  timezone: string;
}

export interface NewNamedTokenRequest {
  name: string;
  scopes: string[];
  expires_in_days?: number;
  expires_at?: string;
  organization_id?: string;
  addresses?: string[];
}

/** What an application asks for, and what the one who is asked may answer with. */
export interface ConsentRequest {
  client: {
    id: string;
    name: string;
    origin: 'built-in' | 'operator' | 'administrator' | 'registration';
    /** Where the answer goes; null for a device, which is told when it asks. */
    redirect_host: string | null;
  };
  organizations: { id: string; name: string; role: Role }[];
  scopes: { name: string; title: string; text: string }[];
  previous: { at: string; scopes: string[] } | null;
  refusal: { code: string; message: string; redirect_to: string | null } | null;
}

export type ConsentAnswer =
  | { allow: true; organization_id: string; scopes: string[] }
  | { allow: false };

export interface Invitation {
  organization: { id: string; name: string };
  inviter: { name: string } | null;
  role: Role;
  email: string;
  first_name: string;
  last_name: string;
  needs_password: boolean;
}

export interface NewAccount {
  first_name: string;
  last_name: string;
  password: string;
  timezone: string;
}

export interface TestResult {
  status: number;
  code?: string;
  total: number | null;
  milliseconds: number;
}

type Query = Record<string, string | number | boolean | undefined>;

const CLIENT = 'PawlWeb';
let csrfToken = '';
let userId: number | undefined; // who is signed in, as far as this page knows
let renew = renewSession;
let onSignedOut: () => void = () => {};

/** Called once by the session: what to do when the server says that nobody is signed in, or
 * somebody else. */
export function whenSignedOut(callback: () => void) {
  onSignedOut = callback;
}

function withQuery(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.size ? `${path}?${search}` : path;
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'X-Tallyfy-Client': CLIENT,
  };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    throw new ApiError({ status: 0, message: '', errors: {} });
  }
}

async function readProblem(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => ({}));
  // One refusal of the compatible API, the seat limit, nests its code and message.
  const nested = typeof body.error === 'object' && body.error ? body.error : body;
  return new ApiError({
    status: response.status,
    message: nested.message ?? '',
    // OAuth's own refusals have it under another name (RFC 6749 section 5.2).
    code: nested.code ?? (typeof body.error === 'string' ? body.error : undefined),
    errors: body.errors ?? {},
    requestId: response.headers.get('X-Request-Id') ?? undefined,
    retryAfter: Number(response.headers.get('Retry-After')) || undefined,
  });
}

/** Reads a guest's session anew. False if it is no longer of the same guest. */
async function renewGuest(): Promise<boolean> {
  const before = userId;
  return (await guests.read()).guest.id === before;
}

/** Reads the session anew. False if it is no longer of the same person: what one has filled in is
 * not sent for another, who gets a page of their own. */
async function renewSession(): Promise<boolean> {
  const before = userId;
  const now = (await session.read()).session?.user.id;
  if (now !== undefined && now !== before) onSignedOut();
  return now !== undefined && now === before;
}

/** Sends and reads JSON. A CSRF token goes stale when another tab signs in again: get the new one
 * and try once more rather than make the reader reload and lose what was typed. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response = await send(method, path, body);
  if (response.status === 403 && csrfToken && method !== 'GET') {
    const problem = await readProblem(response.clone());
    if (problem.code === 'CSRF_TOKEN_MISMATCH' && (await renew()))
      response = await send(method, path, body);
  }
  if (!response.ok) {
    const problem = await readProblem(response);
    // A view without its session is replaced by the sign-in; a form keeps what was typed, and can
    // be sent again once its reader has signed in elsewhere.
    if (problem.code === 'UNAUTHENTICATED' && method === 'GET') onSignedOut();
    throw problem;
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function item<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await call<{ data: T }>(method, path, body)).data;
}

interface PageAnswer<T> {
  data: T[];
  meta: { pagination: { total: number; current_page: number; total_pages: number } };
}

function pageOf<T>({ data, meta }: PageAnswer<T>): Page<T> {
  const { total, current_page, total_pages } = meta.pagination;
  return { items: data, total, page: current_page, pages: total_pages };
}

const page = async <T>(path: string, query: Query): Promise<Page<T>> =>
  pageOf(await call<PageAnswer<T>>('GET', withQuery(path, query)));

const inOrg = (org: string, path: string) => `/api/organizations/${org}${path}`;

interface SignedIn {
  user: { id: number };
  csrf_token: string;
}

function keepSession<T extends SignedIn | null>(answer: T): T {
  csrfToken = answer?.csrf_token ?? '';
  userId = answer?.user.id;
  return answer;
}

export interface Boot {
  session: Session | null;
  setupRequired: boolean;
  /** Anybody may make an account. */
  signUp: boolean;
}

export const session = {
  async read(): Promise<Boot> {
    const { data, meta } = await call<{
      data: Session | null;
      meta: { setup_required: boolean; sign_up: boolean };
    }>('GET', '/session');
    return {
      session: keepSession(data),
      setupRequired: meta.setup_required,
      signUp: meta.sign_up,
    };
  },
  /** `code` is of the second factor, for accounts that have one. */
  async signIn(form: { email: string; password: string; remember: boolean; code?: string }) {
    keepSession(await item<Session>('POST', '/session', form));
  },
  async signOut() {
    await call<void>('DELETE', '/session');
    keepSession(null);
  },
  async setUp(form: SetUp): Promise<{ organization: { id: string } }> {
    return keepSession(
      await item<SignedIn & { organization: { id: string } }>('POST', '/setup', form),
    );
  },
};

export type ConsentPath = '/oauth/consent' | '/mcp/oauth/consent' | '/oauth/device';

/** What applications ask for. `query` goes along as it came: it is theirs, not ours. */
export const consents = {
  read: (path: ConsentPath, query: string) =>
    item<ConsentRequest>('GET', `/api${path}${query}`),
  answer: (path: ConsentPath, query: string, answer: ConsentAnswer) =>
    item<{ redirect_to?: string }>('POST', `/api${path}${query}`, answer),
};

export const accounts = {
  register: (form: NewAccount & { email: string; organization_name?: string }) =>
    call<void>('POST', '/api/auth/register', form),
  verify: (token: string) => call<void>('POST', '/api/auth/verify', { token }),
  resendVerification: () => call<void>('POST', '/api/auth/verify/resend'),
  confirmEmail: (token: string) => call<void>('POST', '/api/auth/email/confirm', { token }),
  forgotPassword: (email: string) =>
    call<void>('POST', '/api/auth/password/email', { email }),
  resetPassword: (form: {
    token: string;
    password: string;
    password_confirmation: string;
    end_named_tokens: boolean;
  }) => call<void>('POST', '/api/auth/password/reset', form),
  invitation: (token: string) => item<Invitation>('POST', '/api/auth/invitation', { token }),
  /** Signs in a new account; one that has a password must be signed in already. */
  acceptInvitation: (form: { token: string } & Partial<NewAccount>) =>
    call<void>('POST', '/api/auth/invitation/accept', form),
};

export const organizations = {
  list: async () =>
    (await page<Organization>('/api/me/organizations', { per_page: 100 })).items,
  create: (name: string) => item<{ id: string }>('POST', '/api/organizations', { name }),
  read: (org: string) => item<Organization>('GET', inOrg(org, '')),
  people: (org: string) => item<Person[]>('GET', inOrg(org, '/users-list')),
  group: (org: string, id: string) =>
    item<{ name: string }>('GET', inOrg(org, `/groups/${id}`)),
  setTokenPolicy: (
    org: string,
    policy: { token_max_days: number | string; keep_personal_token: boolean },
  ) => item<Organization>('PATCH', inOrg(org, ''), policy),
};

export const profile = {
  read: (org: string) => item<User>('GET', inOrg(org, '/me')),
  update: (org: string, form: { first_name: string; last_name: string; timezone: string }) =>
    item<User>('PUT', inOrg(org, '/me'), form),
  changePassword: (
    org: string,
    form: { current_password: string; password: string; password_confirmation: string },
  ) => item<User>('PUT', inOrg(org, '/me/update-password'), form),
  changeEmail: (org: string, form: { email: string; password: string }) =>
    item<User>('PUT', inOrg(org, '/me/update-email'), form),
};

export const secondFactor = {
  read: () => item<SecondFactor>('GET', '/api/me/second-factor'),
  start: (password: string) =>
    item<{ secret: string; uri: string }>('POST', '/api/me/second-factor', { password }),
  confirm: (code: string) =>
    item<{ recovery_codes: string[] }>('POST', '/api/me/second-factor/confirm', { code }),
  newCodes: (password: string) =>
    item<{ recovery_codes: string[] }>('POST', '/api/me/second-factor/recovery-codes', {
      password,
    }),
  turnOff: (password: string) => call<void>('DELETE', '/api/me/second-factor', { password }),
};

export const sessions = {
  list: () => item<OpenSession[]>('GET', '/sessions'),
  end: (id: string) => call<void>('DELETE', `/sessions/${id}`),
  async endAll() {
    await call<void>('POST', '/sessions/revoke-all');
    keepSession(null);
  },
};

export const tasks = {
  list: (org: string, path: '/tasks' | '/me/tasks', query: Query) =>
    page<Task>(inOrg(org, path), query),
  read: (org: string, id: string) => item<Task>('GET', inOrg(org, `/tasks/${id}`)),
  create: (org: string, draft: TaskDraft) => item<Task>('POST', inOrg(org, '/tasks'), draft),
  update: (org: string, id: string, draft: TaskDraft) =>
    item<Task>('PUT', inOrg(org, `/tasks/${id}`), draft),
  complete: (org: string, id: string, isApproved?: boolean) =>
    item<Task>('POST', inOrg(org, '/completed-tasks'), {
      task_id: id,
      is_approved: isApproved,
    }),
  reopen: (org: string, id: string) =>
    item<Task>('DELETE', inOrg(org, `/completed-tasks/${id}`)),
  archive: (org: string, id: string) => call<void>('DELETE', inOrg(org, `/tasks/${id}`)),
  restore: (org: string, id: string) => item<Task>('PUT', inOrg(org, `/tasks/${id}/restore`)),
  remove: (org: string, id: string) =>
    call<void>('DELETE', inOrg(org, `/tasks/${id}/delete`)),
  clone: (org: string, id: string) => item<Task>('POST', inOrg(org, `/tasks/${id}/clone`)),
};

export const personalToken = {
  read: () => item<PersonalToken>('GET', '/session/personal-token'),
  reveal: (password: string) =>
    item<PersonalToken>('POST', '/session/personal-token/reveal', { password }),
  replace: (password: string) =>
    item<PersonalToken>('POST', '/session/personal-token/replace', { password }),
};

export const namedTokens = {
  list: () => call<NamedToken[]>('GET', '/oauth/personal-access-tokens'),
  create: (form: NewNamedTokenRequest) =>
    call<NewNamedToken>('POST', '/oauth/personal-access-tokens', form),
  rename: (id: string, name: string) =>
    call<NamedToken>('PUT', `/oauth/personal-access-tokens/${id}`, { name }),
  rotate: (id: string, overlapSeconds: number) =>
    call<NewNamedToken>('POST', `/oauth/personal-access-tokens/${id}/rotate`, {
      overlap_seconds: overlapSeconds,
    }),
  revoke: (id: string) => call<void>('DELETE', `/oauth/personal-access-tokens/${id}`),
};

function keepGuest(answer: GuestPlace & { csrf_token: string }): GuestPlace {
  csrfToken = answer.csrf_token;
  userId = answer.guest.id;
  renew = renewGuest;
  return answer;
}

/** What somebody does who has a guest's link. */
export const guests = {
  enter: async (code: string) => keepGuest(await item('POST', '/api/auth/guest', { code })),
  read: async () => keepGuest(await item('GET', '/api/guest')),
  change: async (form: Omit<Guest, 'id' | 'email'>) =>
    keepGuest(await item('PATCH', '/api/guest', form)).guest,
  leave: () => call<void>('DELETE', '/api/auth/guest'),
  resend: (email: string) => call<void>('POST', '/api/guest/resend', { email }),
  async tasks(
    { guest, organization }: GuestPlace,
    view: GuestTaskPage['view'],
    number: number,
  ): Promise<GuestTaskPage> {
    const answer = await call<
      PageAnswer<Task> & { meta: { people: { id: number; full_name: string }[] } }
    >(
      'GET',
      withQuery(inOrg(organization.id, `/guests/${encodeURIComponent(guest.email)}/tasks`), {
        with: 'summary',
        page: number,
        ...(view === 'open'
          ? { status: 'active', sort: 'deadline' }
          : { status: 'completed', sort: 'completed_newest' }),
      }),
    );
    return {
      ...pageOf(answer),
      view,
      people: new Map(answer.meta.people.map(({ id, full_name }) => [id, full_name])),
    };
  },
};

export const connectedTokens = {
  list: () => call<ConnectedToken[]>('GET', '/oauth/tokens'),
  revoke: (id: string) => call<void>('DELETE', `/oauth/tokens/${id}`),
  revokeAll: () => call<void>('DELETE', '/oauth/tokens'),
};

/** Tokens of all members of an organization, for its administrators. */
export const memberTokens = {
  list: (org: string, number: number) =>
    page<MemberToken>(inOrg(org, '/tokens'), { page: number }),
  revoke: (org: string, id: string) => call<void>('DELETE', inOrg(org, `/tokens/${id}`)),
};

const client = (org: string, id: string, rest = '') => inOrg(org, `/oauth/clients/${id}${rest}`);

export const oauthClients = {
  list: async (org: string) =>
    (await page<OAuthClient>(inOrg(org, '/oauth/clients'), { per_page: 100 })).items,
  read: (org: string, id: string) => item<OAuthClient>('GET', client(org, id)),
  create: (org: string, form: ClientForm & { public: boolean }) =>
    item<OAuthClient>('POST', inOrg(org, '/oauth/clients'), form),
  update: (org: string, id: string, form: ClientForm) =>
    item<OAuthClient>('PUT', client(org, id), form),
  newSecret: (org: string, id: string, overlapSeconds: number) =>
    item<OAuthClient>('POST', client(org, id, '/secret'), { overlap_seconds: overlapSeconds }),
  endOldSecret: (org: string, id: string) =>
    call<void>('DELETE', client(org, id, '/old-secret')),
  users: async (org: string, id: string) =>
    (await page<Consent>(client(org, id, '/users'), { per_page: 100 })).items,
  revokeUser: (org: string, id: string, user: number) =>
    call<void>('DELETE', client(org, id, `/users/${user}`)),
  remove: (org: string, id: string) => call<void>('DELETE', client(org, id)),
};

export const mails = {
  async list(org: string, number: number): Promise<Page<Mail> & { sendsMail: boolean }> {
    const answer = await call<PageAnswer<Mail> & { meta: { sends_mail: boolean } }>(
      'GET',
      withQuery(inOrg(org, '/mails'), { page: number }),
    );
    return { ...pageOf(answer), sendsMail: answer.meta.sends_mail };
  },
  read: (org: string, id: string) => item<Mail>('GET', inOrg(org, `/mails/${id}`)),
  retry: (org: string, id: string) => item<Mail>('POST', inOrg(org, `/mails/${id}/retry`)),
  test: (org: string) => item<Mail>('POST', inOrg(org, '/mails/test')),
};

export const activity = {
  list: (org: string, query: Query) => page<ActivityRow>(inOrg(org, '/activity-feeds'), query),
};

/** Tries a token the way a script would: without the session, with the three headers. */
export async function tryToken(org: string, token: string): Promise<TestResult> {
  const started = performance.now();
  const response = await fetch(inOrg(org, '/me/tasks'), {
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json',
      'X-Tallyfy-Client': 'APIClient',
    },
    credentials: 'omit',
    cache: 'no-store',
  }).catch(() => {
    throw new ApiError({ status: 0, message: '', errors: {} });
  });
  const body = await response.json().catch(() => null);
  return {
    status: response.status,
    code: body?.code,
    total: body?.meta?.pagination?.total ?? null,
    milliseconds: Math.round(performance.now() - started),
  };
}
