import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2022',
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
