import { abort, apply, applyWithImage, approve, type Command, commandNow } from '../command.js';
import type { Traffic } from '../load/traffic.js';
import type { Manifest } from '../manifest/manifest.js';
import { isSettled, type Picture, takePicture } from '../picture/picture.js';
import type { Stage } from '../stage.js';
import type { View } from '../view/view.js';

/** The rollout did not go as the scenario has it. The message says what was awaited. */
export class WentOtherwise extends Error {
  override readonly name = 'WentOtherwise';
}

/** Leads one StormService through a scenario, and has the view show what happens to it. */
export class Director {
  readonly name: string;
  readonly #stage: Stage;
  readonly #view: View;
  readonly #manifest: Manifest;
  readonly #patience: number;
  readonly #traffic: Traffic | undefined;

  /** @param patience seconds of the cluster after which what is awaited counts as not coming */
  constructor(stage: Stage, view: View, manifest: Manifest, patience: number, traffic?: Traffic) {
    const { name, namespace = 'default' } = manifest.object.metadata;
    this.name = namespace === 'default' ? name : `${namespace}/${name}`;
    this.#stage = stage;
    this.#view = view;
    this.#manifest = manifest;
    this.#patience = patience;
    this.#traffic = traffic;
  }

  /** Shows the StormService until the returned function is called. */
  follow(): () => void {
    const { sandbox, tickSeconds } = this.#stage;
    const show = () => void this.picture().then(picture => picture && this.#view.show(picture));
    // Not at single writes: in the middle of a sync, status is not yet about the children that are there.
    if (this.#view.refresh === 'event') return sandbox.on(({ type }) => type !== 'write' && show());
    let next = () => {};
    const tick = () => {
      show();
      next = sandbox.clock.schedule(tickSeconds * 1000, tick);
    };
    tick();
    return () => next();
  }

  async picture(): Promise<Picture | undefined> {
    const picture = await takePicture(this.#stage.sandbox, this.name);
    const traffic = this.#traffic?.picture();
    return picture && traffic ? { ...picture, traffic } : picture;
  }

  async run(command: Command): Promise<void> {
    this.#view.ran(command.text);
    await command.run(this.#stage.sandbox);
  }

  /** The first version, until it serves. */
  async deploy(): Promise<void> {
    await this.run(apply(this.#manifest));
    await this.until('the first version is Healthy', isSettled);
  }

  /** The second one, until its rollout has begun. */
  async change(from: string, to: string): Promise<void> {
    const before = (await this.picture())?.status.updatedRevision;
    await this.run(applyWithImage(this.#manifest, from, to));
    await this.until('the new version is seen', ({ status }) => status.updatedRevision !== before);
  }

  /** Bound to the gate that waits now, as the hook's message has it. */
  async approve(): Promise<void> {
    const picture = await this.picture();
    await this.run((picture && commandNow(picture)) ?? approve(this.name));
  }

  async abort(): Promise<void> {
    await this.run(abort(this.name));
    await this.until('it is rolled back', ({ status }) => status.abort !== undefined);
  }

  /** @throws WentOtherwise when it does not come true in time. */
  async until(what: string, holds: (picture: Picture) => boolean): Promise<void> {
    const came = await this.#stage.sandbox.runUntil(async () => {
      const picture = await this.picture();
      return picture !== undefined && holds(picture);
    }, this.#patience);
    if (!came) throw new WentOtherwise(`${what}: not within ${this.#patience} s. ${this.#stage.sandbox.log.summary()}`);
  }

  async untilSettled(): Promise<void> {
    await this.until('the rollout is over', isSettled);
  }

  /** Time passes, and nothing moves by itself. @throws WentOtherwise when something does. */
  async holdsFor(seconds: number): Promise<void> {
    const before = (await this.picture())?.status;
    const moved = await this.#stage.sandbox.runUntil(async () => {
      const status = (await this.picture())?.status;
      return status?.phase !== before?.phase || status?.currentStepIndex !== before?.currentStepIndex;
    }, seconds);
    if (moved) throw new WentOtherwise(`it moved on although nobody had said so. ${this.#stage.sandbox.log.summary()}`);
  }
}
