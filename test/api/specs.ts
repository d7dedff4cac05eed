/** Raw specs for tests: a small valid one, and ways to change one part of it. */

export type Raw = Record<string, unknown>;

export const context = { name: 'my-app', namespace: 'default', applyStrategy: 'server-side-apply' } as const;

export function container(patch: Raw = {}): Raw {
  return { name: 'web', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 8080 }], ...patch };
}

export function template(podSpec: Raw = {}, metadata: Raw = { labels: { app: 'my-app' } }): Raw {
  return { metadata, spec: { containers: [container()], ...podSpec } };
}

export function spec(patch: Raw = {}): Raw {
  return { replicas: 3, template: template(), ...patch };
}

export function withStrategy(rolloutStrategy: unknown): Raw {
  return spec({ rolloutStrategy });
}

export function canary(patch: Raw): Raw {
  return withStrategy({ canary: patch });
}

export function steps(...list: readonly unknown[]): Raw {
  return canary({ steps: list });
}

export function routed(patch: Raw, ...list: readonly unknown[]): Raw {
  return canary({ trafficRouting: patch, steps: list });
}

export function blueGreen(patch: Raw): Raw {
  return withStrategy({ blueGreen: patch });
}

export function roles(...list: readonly Raw[]): Raw {
  return spec({ template: { spec: { roles: list } } });
}

export function role(patch: Raw = {}): Raw {
  return { name: 'prefill', template: template(), ...patch };
}

export function metric(patch: Raw = {}): Raw {
  return { name: 'errors', provider: { prometheus: { address: 'http://prometheus:9090', query: 'up' } }, ...patch };
}

export function stepMetric(patch: Raw): Raw {
  return steps({ analysis: { metrics: [metric(patch)] } });
}
