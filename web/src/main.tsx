import './ui/tokens.css';
import './ui/base.css';
import './ui/components.css';
import './frame.css';
import { render } from 'preact';
import { App } from './app';
import { applyTheme } from './lib/theme';

applyTheme();
render(<App />, document.getElementById('app')!);
