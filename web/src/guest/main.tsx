/* Where the links of guests lead: a document of its own, small, without the app around it. */

import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/components.css';
import './guest.css';
import { render } from 'preact';
import { applyTheme } from '../lib/theme';
import { GuestPage } from './guest-page';

applyTheme();
render(<GuestPage />, document.getElementById('app')!);
