import { defineConfig, type Plugin } from 'vite';

// Nothing is painted before the script has set the theme that the reader has chosen: no flash of
// light in the dark.
const themeBeforePaint: Plugin = {
  name: 'theme-before-paint',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '$& blocking="render"'),
  },
};

export default defineConfig({
  plugins: [themeBeforePaint],
  build: {
    target: 'es2022',
    // The app, and the page that guests' links lead to.
    rolldownOptions: { input: ['index.html', 'guest.html'] },
    // From here on browsers know light-dark() themselves.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The content policy of the server allows no inline script, and a picture is cached better
    // as a file than inside one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // For `npm run dev`: everything that is not the web app comes from a server run by hand.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/session', '/oauth'].map((path) => [path, 'http://127.0.0.1:8080']),
    ),
  },
});
