import type { Choices } from "../shared/api.ts";

/** Before the server's own have come. */
export const NO_CHOICES: Choices = { kinds: [], intents: [], outcomes: [], languages: [], models: [], reasons: [], right_intents: [] };
