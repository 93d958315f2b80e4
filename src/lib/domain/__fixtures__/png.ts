import { crc32, deflateSync } from 'node:zlib';

/** A PNG of one colour (red, green, blue, from 0 to 255); with `noise` its pixels differ, so that it is hard to pack. */
export function makePng(
  width: number,
  height: number,
  colour: [number, number, number] = [80, 120, 200],
  noise = 0,
): Buffer {
  const row = width * 3 + 1;
  const pixels = Buffer.alloc(row * height);
  let seed = 1;
  for (let y = 0; y < height; y += 1) {
    for (let at = 0; at < width * 3; at += 1) {
      // A linear congruential generator: the same picture each time.
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      pixels[y * row + 1 + at] = ((colour[at % 3] ?? 0) + (seed >>> 24) * noise) & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, check]);
}
