import { describe, expect, it } from 'vitest';
import { parseMaps, readMaps } from './memory-maps';

const smaps = `00400000-00b6f000 r--p 00000000 fe:00 247580                             /models/a b/weights
Size:               7612 kB
Rss:                6776 kB
Anonymous:             4 kB
AnonHugePages:         0 kB
VmFlags: rd mr mw me
7f4919400000-7f491b400000 rw-p 00000000 00:00 0 
Size:              32768 kB
Rss:               32760 kB
Anonymous:         32756 kB
VmFlags: rd wr mr mw me ac hg
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
Size:                  4 kB
Rss:                   0 kB
Anonymous:             0 kB`;

describe('maps of memory', () => {
  it('are read with their sizes in bytes', () => {
    expect(parseMaps(smaps)).toEqual([
      {
        from: 0x400000n,
        bytes: 0x76f000,
        access: 'r--p',
        path: '/models/a b/weights',
        residentBytes: 6776 * 1024,
        anonymousBytes: 4096,
      },
      {
        from: 0x7f4919400000n,
        bytes: 2 ** 25,
        access: 'rw-p',
        path: '',
        residentBytes: 32760 * 1024,
        anonymousBytes: 32756 * 1024,
      },
      {
        from: 0xffffffffff600000n,
        bytes: 4096,
        access: '--xp',
        path: '[vsyscall]',
        residentBytes: 0,
        anonymousBytes: 0,
      },
    ]);
    expect(parseMaps('')).toEqual([]);
  });

  it('are left out where it is not said what was written to them', () => {
    const told = parseMaps(smaps);
    expect(parseMaps(smaps.replace(/^Anonymous: +4 kB\n/mu, ''))).toEqual(told.slice(1));
    expect(parseMaps(smaps.replace(/^Rss: +6776 kB\n/mu, ''))).toEqual(told.slice(1));
  });

  it.runIf(process.platform === 'linux')('of this process have its program among them', () => {
    const own = readMaps().filter(({ path }) => path === process.execPath);
    expect(own.some(({ residentBytes }) => residentBytes > 0)).toBe(true);
  });
});
