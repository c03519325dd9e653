// Says each line once: by a voice of this device where it has one for the language, by a chime where not.

/** Notes of the chimes, hertz and seconds, by what the line is about. */
const CHIMES = {
  next: [[523, 0.18], [659, 0.28]],
  scan: [[659, 0.15], [659, 0.25]],
  switch: [[784, 0.15], [659, 0.15], [784, 0.3]],
  over: [[659, 0.2], [523, 0.2], [392, 0.5]],
  other: [[587, 0.3]],
};

export class Voice {
  #language;
  #blocked;
  #on = true;
  #last = 0;
  #sound = null;
  #pending = null;
  #soon = 0;

  /** `blocked` hears whether the browser waits for a touch before it lets anything be heard. */
  constructor(language, blocked) {
    this.#language = language;
    this.#blocked = blocked;
  }

  turn(on) {
    this.#on = on;
    if (on) return;
    this.#pending = null;
    this.#blocked(false);
    clearTimeout(this.#soon);
    globalThis.speechSynthesis?.cancel();
  }

  /** A touch: from now on the browser lets sound through. */
  unlock() {
    if (!this.#pending) return;
    this.#context()?.resume();
    this.#aloud(this.#pending);
  }

  say(line) {
    if (line.number === this.#last) return;
    this.#last = line.number;
    if (this.#on) this.#aloud(line);
  }

  #aloud(line) {
    this.#pending = null;
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) {
      this.#pending = line;
      this.#blocked(true);
      return;
    }
    this.#blocked(false);
    this.#chime(line.key.split(".")[0]);
    const voice = this.#voice();
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(line.words[this.#language] ?? line.words.en);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.95;
    speechSynthesis.cancel();
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => speechSynthesis.speak(words), 500);
  }

  /** A voice that is on this device: words about somebody's back go to no server. */
  #voice() {
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    return voices.find((voice) => voice.localService && voice.lang.startsWith(this.#language));
  }

  #context() {
    this.#sound ??= globalThis.AudioContext ? new AudioContext() : null;
    return this.#sound;
  }

  #chime(about) {
    const context = this.#context();
    if (!context) return;
    let at = context.currentTime + 0.02;
    for (const [hertz, seconds] of CHIMES[about] ?? CHIMES.other) {
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, at);
      loudness.gain.linearRampToValueAtTime(0.18, at + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + seconds);
      tone.connect(loudness).connect(context.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds * 0.8;
    }
  }
}
