import { abort, apply, applyWithImage, approve, type Command, commandNow } from '../command.js';
import type { Traffic } from '../load/traffic.js';
import type { Manifest } from '../manifest/manifest.js';
import { isSettled, type Picture, takePicture } from '../picture/picture.js';
import type { Stage } from '../stage.js';
import type { View } from '../view/view.js';

/** The rollout did not go as expected. The message names the expected state. */
export class UnexpectedRollout extends Error {
  override readonly name = 'UnexpectedRollout';
}

/** Runs a scenario for one StormService and shows it in the view. */
export class Director {
  readonly name: string;
  readonly #stage: Stage;
  readonly #view: View;
  readonly #manifest: Manifest;
  readonly #patience: number;
  readonly #traffic: Traffic | undefined;

  /** @param patience cluster seconds to wait for an expected state */
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
    // Not at single writes: in the middle of a sync, status does not match the children yet.
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

  /** Applies the first version and waits until it serves. */
  async deploy(): Promise<void> {
    await this.run(apply(this.#manifest));
    await this.until('the first version is Healthy', isSettled);
  }

  /** Applies the second version and waits until its rollout has started. */
  async change(from: string, to: string): Promise<void> {
    const before = (await this.picture())?.status.updatedRevision;
    await this.run(applyWithImage(this.#manifest, from, to));
    await this.until('the new version is observed', ({ status }) => status.updatedRevision !== before);
  }

  /** Approves exactly the current gate, as in the hook's message. */
  async approve(): Promise<void> {
    const picture = await this.picture();
    await this.run((picture && commandNow(picture)) ?? approve(this.name));
  }

  async abort(): Promise<void> {
    await this.run(abort(this.name));
    await this.until('it is rolled back', ({ status }) => status.abort !== undefined);
  }

  /** @throws UnexpectedRollout if that does not happen in time. */
  async until(what: string, holds: (picture: Picture) => boolean): Promise<void> {
    const came = await this.#stage.sandbox.runUntil(async () => {
      const picture = await this.picture();
      return picture !== undefined && holds(picture);
    }, this.#patience);
    if (!came)
      throw new UnexpectedRollout(
        `${what}: not reached within ${this.#patience} s. ${this.#stage.sandbox.log.summary()}`,
      );
  }

  async untilSettled(): Promise<void> {
    await this.until('the rollout is over', isSettled);
  }

  /** Lets time pass. @throws UnexpectedRollout if anything progresses. */
  async holdsFor(seconds: number): Promise<void> {
    const before = (await this.picture())?.status;
    const moved = await this.#stage.sandbox.runUntil(async () => {
      const status = (await this.picture())?.status;
      return status?.phase !== before?.phase || status?.currentStepIndex !== before?.currentStepIndex;
    }, seconds);
    if (moved) throw new UnexpectedRollout(`it progressed without an approval. ${this.#stage.sandbox.log.summary()}`);
  }
}
