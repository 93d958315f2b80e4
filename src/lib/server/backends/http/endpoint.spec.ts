import { describe, expect, it } from 'vitest';
import { usualCircuitTiming } from './circuit';
import { Endpoint } from './endpoint';

const endpoint = (url: string) => new Endpoint({ url }, usualCircuitTiming, () => 0);

describe('an endpoint', () => {
  it('leads to no other host, whatever a path begins with', () => {
    expect(endpoint('http://host//other.example/v1').addressOf('/models').href).toBe(
      'http://host//other.example/v1/models',
    );
    expect(endpoint('http://host').addressOf('//other.example/models#1').href).toBe(
      'http://host//other.example/models%231',
    );
  });

  it('leads below its address, or above it', () => {
    const below = endpoint('http://host/a/v1/?key=1');
    expect(below.addressOf('/models?b=2').href).toBe('http://host/a/v1/models?key=1&b=2');
    expect(below.addressOf('/../tokenize').href).toBe('http://host/a/tokenize?key=1');
    expect(below.addressOf('').href).toBe('http://host/a/v1?key=1');
  });

  it.each([
    ['me:50%25%21', 'me:50%!'],
    ['me:50%off', 'me:50%off'],
  ])('takes the name and the password %s out of its address', (written, meant) => {
    const { authorization = '' } = endpoint(`http://${written}@host`).headersFor({});
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe(meant);
  });
});
