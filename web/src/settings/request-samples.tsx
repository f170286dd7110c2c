/* The first request, in the reader's language and with the reader's own address, organization and
 * token filled in. Each sample is a whole program in a file of its own under samples/. */

import { useState } from 'preact/hooks';
import { recall, remember } from '../lib/storage';
import { t } from '../strings';
import { Code } from '../ui/code';
import { Tabs } from '../ui/tabs';
import c from '../samples/request.c?raw';
import cpp from '../samples/request.cpp?raw';
import csharp from '../samples/request.cs?raw';
import curl from '../samples/request.sh?raw';
import go from '../samples/request.go?raw';
import java from '../samples/Request.java?raw';
import javascript from '../samples/request.mjs?raw';
import python from '../samples/request.py?raw';

const SAMPLES = { curl, javascript, python, java, go, cpp, csharp, c };
type Language = keyof typeof SAMPLES;

const TABS: [Language, string][] = [
  ['curl', 'curl'],
  ['javascript', 'JavaScript'],
  ['python', 'Python'],
  ['java', 'Java'],
  ['go', 'Go'],
  ['cpp', 'C++'],
  ['csharp', 'C#'],
  ['c', 'C'],
];

const TOKEN_PLACEHOLDER = 'YOUR_PERSONAL_ACCESS_TOKEN';

export function RequestSamples({ orgId, token }: { orgId: string; token: string | undefined }) {
  const [language, setLanguage] = useState(
    () => TABS.find(([one]) => one === recall('language'))?.[0] ?? 'curl',
  );
  const source = SAMPLES[language]
    .trimEnd()
    .replaceAll('https://pawl.example.com', location.origin)
    .replaceAll('YOUR_ORGANIZATION_ID', orgId)
    .replaceAll(TOKEN_PLACEHOLDER, token ?? TOKEN_PLACEHOLDER);
  return (
    <>
      <Tabs
        label={t.restApi.language}
        tabs={TABS}
        current={language}
        onChange={(next) => {
          setLanguage(next);
          remember('language', next);
        }}
      >
        <Code source={source} label={TABS.find(([one]) => one === language)![1]}>
          {t.restApi.runWith} <code>{t.restApi.commands[language]}</code>
        </Code>
      </Tabs>
      <p class="hint">{token ? t.restApi.filled : t.restApi.notFilled}</p>
    </>
  );
}
