import './without-eval.ts';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { AppLink } from './client/app-link.ts';
import { transportOfThisPage } from './client/transport.ts';
import { Session } from './state/session.svelte.ts';

const link = new AppLink(transportOfThisPage());
mount(App, { target: document.body, props: { session: new Session(link) } });
