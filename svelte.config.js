import adapter from '@sveltejs/adapter-node';

/** The one inline style that Kit writes: the off-screen announcer of page changes. */
const announcerStyleHash = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/** @type {import('@sveltejs/kit').Config} */
const config = {
  kit: {
    adapter: adapter({ out: 'build/web', precompress: true }),
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        'style-src-attr': ['unsafe-hashes', announcerStyleHash],
        // What a person attaches is shown before it is sent.
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'frame-src': ['self'],
        'manifest-src': ['self'],
        'worker-src': ['self'],
        'base-uri': ['none'],
        'form-action': ['self'],
        'frame-ancestors': ['none'],
        'require-trusted-types-for': ['script'],
        'trusted-types': ['parlance', 'svelte-trusted-html', 'sveltekit-trusted-url'],
      },
    },
    // main.ts checks the origin of every request that changes something, not only of forms.
    csrf: { trustedOrigins: ['*'] },
    version: { pollInterval: 0 },
  },
};

export default config;
