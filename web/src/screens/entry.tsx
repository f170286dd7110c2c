/* The pages outside any organization that few people come to, and those seldom: fetched when
 * somebody does. */

import type { ComponentType } from 'preact';
import type { Session } from '../api';
import { lazy } from '../lib/lazy';
import { Waiting } from './standalone';

/** A page for everybody. */
export interface OpenPage {
  session: Session | null;
  signUp: boolean;
  reload: () => Promise<void>;
}

/** A page that its reader must be signed in for. */
export interface PersonalPage {
  session: Session;
  reload: () => Promise<void>;
}

const open = (fetchPage: () => Promise<ComponentType<OpenPage>>) => lazy(fetchPage, Waiting);
const personal = (fetchPage: () => Promise<ComponentType<PersonalPage>>) =>
  lazy(fetchPage, Waiting);

const Authorize = personal(async () => (await import('./authorize')).Authorize);

export const PERSONAL_PAGES: Record<string, ComponentType<PersonalPage>> = {
  '/device': personal(async () => (await import('./device')).Device),
  '/mcp/oauth/authorize': Authorize,
  '/oauth/authorize': Authorize,
};

export const OPEN_PAGES: Record<string, ComponentType<OpenPage>> = {
  '/email': open(async () => (await import('./confirm-address')).ChangeEmail),
  '/invitation': open(async () => (await import('./invitation')).AcceptInvitation),
  '/password/reset': open(async () => (await import('./password-reset')).PasswordReset),
  '/register': open(async () => (await import('./register')).Register),
  '/verify': open(async () => (await import('./confirm-address')).VerifyEmail),
};
