/** Why somebody looks at visitors' data. It is written down with each look; the choice holds for the browser's session. */

export const WHYS = [
  ["review", "Routine review"],
  ["contest", "Contest"],
  ["complaint", "Complaint"],
  ["audit", "Audit"],
  ["data_request", "Data request"],
] as const;
export type Why = (typeof WHYS)[number][0];

const SETTING = "candor.review.why";

export function currentWhy(): Why {
  const kept = readSetting();
  return WHYS.find(([name]) => name === kept)?.[0] ?? "review";
}

export function chooseWhy(why: Why): void {
  try {
    sessionStorage.setItem(SETTING, why);
  } catch {
    return; // the browser keeps nothing: the choice lasts as long as the page
  }
}

function readSetting(): string | null {
  try {
    return sessionStorage.getItem(SETTING);
  } catch {
    return null;
  }
}
