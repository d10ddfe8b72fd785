/** A short, soft tone for a new waiting conversation. Off until the agent turns it on; the choice is kept in this browser. */
import { keep, setting } from "../staff/shortcuts.ts";

const SETTING = "candor.desk.sound";

export class Chime {
  #context: AudioContext | null = null;

  get on(): boolean {
    return setting(SETTING) === "on";
  }

  /** Turning it on plays it once: that demonstrates the sound, and browsers allow sound only after a click. */
  turn(on: boolean): void {
    keep(SETTING, on ? "on" : "off");
    this.play();
  }

  play(): void {
    if (!this.on || typeof AudioContext === "undefined") return;
    const context = (this.#context ??= new AudioContext());
    void context.resume().catch(() => undefined);
    [660, 880].forEach((pitch, at) => tone(context, pitch, context.currentTime + at * 0.14));
  }
}

function tone(audio: AudioContext, pitch: number, start: number): void {
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0005, start + 0.4);
  const oscillator = audio.createOscillator();
  oscillator.frequency.value = pitch;
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.42);
}
