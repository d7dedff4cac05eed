/** What is mutated, room by room, and the tests that should notice. */
export interface Room {
  readonly name: string;
  readonly mutate: readonly string[];
  /** Tests that import little, next to the source above all: run first, on every mutant. */
  readonly near: readonly string[];
  /** Tests of whole rollouts: run only on the mutants that survive the near ones. */
  readonly wide: readonly string[];
}

const WHOLE_ROLLOUTS = [
  'test/rollouts/{canary,blueGreen,deadline,history,invalidSpec,lateStatus,quiet,reconfigure,repairs,roles}.test.ts',
  'test/rollouts/{annotations,analysis,routed}/*.test.ts',
  'test/release.test.ts',
];

function room(folder: string, near: readonly string[], wide: readonly string[]): Room {
  return {
    name: folder,
    mutate: [`src/${folder}/**/*.ts`, '!src/**/*.test.ts'],
    near: [`src/${folder}/**/*.test.ts`, ...near],
    wide,
  };
}

export const ROOMS: readonly Room[] = [
  room('rollout', [], WHOLE_ROLLOUTS),
  room('routers', ['test/traffic/registry.test.ts'], ['test/traffic/samples.test.ts', 'test/mesh/routers.test.ts']),
  room('analysis/runs', [], ['src/analysis/*.test.ts', 'test/rollouts/analysis/*.test.ts']),
  room('render', [], WHOLE_ROLLOUTS),
  room('observe', [], WHOLE_ROLLOUTS),
];
