/**
 * In-place fast Fourier transform, radix 2 (Cooley and Tukey 1965).
 * @param re real parts; the length must be a power of two
 * @param im imaginary parts, of the same length
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  if (n !== im.length || n < 1 || (n & (n - 1)) !== 0) throw new RangeError(`${n} is not a power of two`);
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(re, i, j);
      swap(im, i, j);
    }
  }
  for (let half = 1; half < n; half *= 2) {
    for (let k = 0; k < half; k++) {
      const angle = (-Math.PI * k) / half;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let a = k; a < n; a += 2 * half) butterfly(re, im, a, a + half, cos, sin);
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = sampleAt(values, i);
  values[i] = sampleAt(values, j);
  values[j] = kept;
}

function butterfly(re: Float64Array, im: Float64Array, a: number, b: number, cos: number, sin: number): void {
  const turnedRe = sampleAt(re, b) * cos - sampleAt(im, b) * sin;
  const turnedIm = sampleAt(re, b) * sin + sampleAt(im, b) * cos;
  re[b] = sampleAt(re, a) - turnedRe;
  im[b] = sampleAt(im, a) - turnedIm;
  re[a] = sampleAt(re, a) + turnedRe;
  im[a] = sampleAt(im, a) + turnedIm;
}

/** Returns a sample; 0 outside the array. */
export function sampleAt(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

/**
 * Computes the power spectrum of a block with a Hann window, in `block.length / 2` bins. The length is a power of two.
 */
export function powerSpectrum(block: Float64Array): Float64Array {
  const n = block.length;
  const re = block.map((sample, i) => sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n)));
  const im = new Float64Array(n);
  fft(re, im);
  return Float64Array.from({ length: n / 2 }, (_, k) => sampleAt(re, k) ** 2 + sampleAt(im, k) ** 2);
}

/** Returns the smallest power of two that is at least `n`. */
export function nextPowerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(n, 1)));
}
