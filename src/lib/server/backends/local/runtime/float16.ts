let table: Float32Array | undefined;

/** The value of an IEEE 754 half-precision number for each of its 65,536 bit patterns. */
export function float16Values(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => valueOf(bits));
  return table;
}

function valueOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
