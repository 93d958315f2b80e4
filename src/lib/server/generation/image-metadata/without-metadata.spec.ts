import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImageFormat } from '../../../domain/image-format';
import { imageFile } from '../files';
import { exifOf, orientationIn } from './exif';
import { withoutMetadata } from './without-metadata';

const text = (words: string) => Buffer.from(words, 'latin1');
const number = (value: number, bytes: 2 | 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
/** Exif as cameras write it: little-endian, a maker, an orientation, a place. */
function cameraExif(orientation: number): Buffer {
  const tags = Buffer.alloc(2 + 3 * 12 + 4);
  tags.writeUInt16LE(3, 0);
  for (const [index, tag, type, value] of [
    [0, 0x010f, 2, 50],
    [1, 0x0112, 3, orientation],
    [2, 0x8825, 4, 50],
  ] as const) {
    tags.writeUInt16LE(tag, 2 + index * 12);
    tags.writeUInt16LE(type, 4 + index * 12);
    tags.writeUInt32LE(1, 6 + index * 12);
    tags.writeUInt32LE(value, 10 + index * 12);
  }
  return Buffer.concat([text('II*\0\x08\0\0\0'), tags, text('SECRET camera at 48.85N')]);
}

const segment = (marker: number, data: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker]), number(data.length + 2, 2), data]);
const bare = (marker: number) => Buffer.from([0xff, marker]);
const jfif = segment(0xe0, text('JFIF\0\x01\x02\0\0\x01\0\x01\0\0'));
const icc = segment(0xe2, text('ICC_PROFILE\0\x01\x01profile'));
const adobe = segment(0xee, text('Adobe\0\x64\0\0\0\0\x01'));
const frame = segment(0xc0, Buffer.from([8, 0, 4, 0, 6, 1, 1, 0x11, 0]));
/** Picture data with a 0xFF of its own and a mark to start over. */
const scan = Buffer.concat([
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from('12ff0034ffd356', 'hex'),
]);
const jpeg = (...segments: Buffer[]) =>
  Buffer.concat([bare(0xd8), ...segments, frame, scan, segment(0xc4, text('tables')), scan, bare(0xd9)]);
const jpegExif = (orientation: number) =>
  segment(0xe1, Buffer.concat([text('Exif\0\0'), cameraExif(orientation)]));

const chunk = (kind: string, data: Buffer) =>
  Buffer.concat([
    number(data.length, 4),
    text(kind),
    data,
    number(crc32(Buffer.concat([text(kind), data])), 4),
  ]);
const header = chunk('IHDR', Buffer.concat([number(6, 4), number(4, 4), Buffer.from([8, 2, 0, 0, 0])]));
const png = (...chunks: Buffer[]) =>
  Buffer.concat([
    text('\x89PNG\r\n\x1A\n'),
    header,
    ...chunks,
    chunk('IDAT', text('pixels')),
    chunk('IEND', text('')),
  ]);

const riffChunk = (kind: string, data: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([text(kind), length, data, Buffer.alloc(data.length % 2)]);
};
const riff = (...chunks: Buffer[]) => {
  const body = Buffer.concat([text('WEBP'), ...chunks]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([text('RIFF'), length, body]);
};
const extended = (flags: number) => riffChunk('VP8X', Buffer.from([flags, 0, 0, 0, 5, 0, 0, 3, 0, 0]));
const pixels = riffChunk('VP8L', text('\x2fpixels'));

const same = (image: Uint8Array, mime: Parameters<typeof withoutMetadata>[1]) =>
  expect(withoutMetadata(image, mime)).toBe(image);

describe('a JPEG', () => {
  const mime = 'image/jpeg';

  it('loses what was said of it, and what lies behind it', () => {
    const image = Buffer.concat([
      jpeg(
        jfif,
        segment(0xe0, text('JFXX\0 SECRET thumbnail')),
        jpegExif(1),
        segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET')),
        icc,
        segment(0xe2, text('MPF\0 SECRET')),
        segment(0xed, text('Photoshop 3.0\0SECRET')),
        segment(0xfe, text('SECRET')),
        adobe,
      ),
      text('SECRET film'),
    ]);
    const stripped = Buffer.from(withoutMetadata(image, mime));
    expect(stripped.equals(jpeg(jfif, icc, adobe))).toBe(true);
    expect(readImageFormat(stripped)).toEqual(readImageFormat(image));
  });

  it.each([2, 3, 6, 8])('is still shown the way that orientation %d asks for', (orientation) => {
    const stripped = withoutMetadata(jpeg(jfif, jpegExif(orientation)), mime);
    const exif = segment(0xe1, Buffer.concat([text('Exif\0\0'), exifOf(orientation)]));
    expect(Buffer.from(stripped).equals(jpeg(jfif, exif))).toBe(true);
    same(stripped, mime);
  });

  it('that is damaged, or has nothing to lose, stays as it is', () => {
    same(jpeg(jfif), mime);
    const whole = jpeg(jpegExif(1));
    same(whole.subarray(0, 30), mime);
    same(Buffer.concat([bare(0xd8), jpegExif(1), text('no marker')]), mime);
    same(Buffer.concat([bare(0xd8), bare(0xe1), number(5000, 2), text('SECRET')]), mime);
    // A picture that breaks off is shown as far as it goes, and says nothing else.
    const broken = withoutMetadata(whole.subarray(0, -4), mime);
    expect(Buffer.from(broken).equals(jpeg().subarray(0, -4))).toBe(true);
  });
});

describe('a PNG', () => {
  const mime = 'image/png';

  it('loses texts, times and what lies behind it, and keeps its colours', () => {
    const [gamma, clear] = [chunk('gAMA', number(45455, 4)), chunk('tRNS', Buffer.alloc(6))];
    const image = Buffer.concat([
      png(
        gamma,
        ...['tEXt', 'zTXt', 'iTXt', 'tIME', 'teSt'].map((kind) => chunk(kind, text('SECRET'))),
        chunk('eXIf', cameraExif(1)),
        clear,
      ),
      text('SECRET'),
    ]);
    expect(Buffer.from(withoutMetadata(image, mime)).equals(png(gamma, clear))).toBe(true);
  });

  it('is still shown the way it asks for', () => {
    const stripped = withoutMetadata(png(chunk('eXIf', cameraExif(6))), mime);
    expect(Buffer.from(stripped).equals(png(chunk('eXIf', Buffer.from(exifOf(6)))))).toBe(true);
  });

  it('that is damaged, or has nothing to lose, stays as it is', () => {
    same(png(), mime);
    const whole = png(chunk('tEXt', text('words')));
    for (const length of [20, 40, whole.length - 3]) same(whole.subarray(0, length), mime);
  });
});

describe('a WebP', () => {
  const mime = 'image/webp';

  it('loses what was said of it, also in its list of what there is', () => {
    const [icc, odd] = [riffChunk('ICCP', text('odd')), riffChunk('EXIF', cameraExif(1))];
    const image = Buffer.concat([
      riff(
        extended(0x2c),
        icc,
        pixels,
        odd,
        riffChunk('XMP ', text('SECRET')),
        riffChunk('abcd', text('SECRET')),
      ),
      text('SECRET'),
    ]);
    expect(Buffer.from(withoutMetadata(image, mime)).equals(riff(extended(0x20), icc, pixels))).toBe(true);
  });

  it.each(['', 'Exif\0\0'])('is still shown the way it asks for, after %j', (name) => {
    const exif = riffChunk('EXIF', Buffer.concat([text(name), cameraExif(8)]));
    const stripped = withoutMetadata(
      riff(extended(0x0c), pixels, exif, riffChunk('XMP ', text('SECRET'))),
      mime,
    );
    const left = riff(extended(0x08), pixels, riffChunk('EXIF', Buffer.from(exifOf(8))));
    expect(Buffer.from(stripped).equals(left)).toBe(true);
  });

  it('that is damaged, or has nothing to lose, stays as it is', () => {
    same(riff(pixels), mime);
    const whole = riff(extended(0x08), pixels, riffChunk('EXIF', cameraExif(1)));
    same(whole.subarray(0, whole.length - 10), mime);
  });
});

describe('orientationIn', () => {
  it('reads both orders of bytes, and nothing from what is damaged', () => {
    expect(orientationIn(cameraExif(6))).toBe(6);
    expect(orientationIn(exifOf(3))).toBe(3);
    const beyond = cameraExif(6);
    beyond.writeUInt32LE(5000, 4);
    for (const damaged of [beyond, cameraExif(9), cameraExif(6).subarray(0, 20), text('none'), text('')])
      expect(orientationIn(damaged)).toBeUndefined();
  });
});

it('an upload is kept without what it said', () => {
  const upload = { id: 'i', name: 'photo.jpg', bytes: jpeg(jfif, jpegExif(6)) };
  const { bytes, width, height } = imageFile(upload, new Date(0));
  expect([width, height]).toEqual([6, 4]);
  expect(Buffer.from(bytes).toString('latin1')).not.toContain('SECRET');
});
