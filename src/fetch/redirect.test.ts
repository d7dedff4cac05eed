import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../providers/exchange.js';
import { redirected } from './redirect.js';

const get: HttpRequest = {
  method: 'GET',
  url: 'https://a.example/one?q=1',
  headers: { authorization: 'secret', 'dd-api-key': 'secret', accept: 'application/json' },
  tls: { insecure: true },
};
const post: HttpRequest = {
  ...get,
  method: 'POST',
  body: 'secret',
  headers: { ...get.headers, 'content-type': 'text/plain' },
};

describe('within the origin', () => {
  it('everything goes along', () => {
    expect(redirected(get, 302, '/two')).toEqual({ ...get, url: 'https://a.example/two' });
  });

  it.each([301, 302, 303])('a POST becomes a GET after %i', status => {
    expect(redirected(post, status, 'two')).toEqual({ ...get, url: 'https://a.example/two' });
  });

  it.each([307, 308])('a POST stays one after %i', status => {
    expect(redirected(post, status, '/two')).toEqual({ ...post, url: 'https://a.example/two' });
  });

  it('a HEAD stays one', () => {
    expect(redirected({ ...get, method: 'HEAD' }, 303, '/two').method).toBe('HEAD');
  });
});

describe('to another origin', () => {
  it.each(['https://b.example/', 'https://a.example:8443/', 'http://a.example/', '//b.example/x'])(
    '%s gets no credentials, no trust',
    location => {
      const { headers, tls, body } = redirected(post, 302, location);
      expect({ headers, tls, body }).toEqual({
        headers: { accept: 'application/json' },
        tls: undefined,
        body: undefined,
      });
    },
  );

  it('a body is not taken along', () => {
    expect(() => redirected(post, 307, 'https://b.example/')).toThrow(
      'redirects a POST to another origin: not followed',
    );
  });

  it('credentials in the location are not used', () => {
    expect(redirected(get, 302, 'https://user:pass@a.example/two').url).toBe('https://a.example/two');
  });
});

it.each([undefined, 'http://', 'https://[::'])('goes nowhere: %s', location => {
  expect(() => redirected(get, 302, location)).toThrow('redirects (HTTP 302) to nowhere');
});
