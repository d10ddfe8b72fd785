/** A conversation and the key to it. */
export interface Visit {
  id: string;
  token: string;
}
