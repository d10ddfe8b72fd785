import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "..");
const FIELD = /\b[a-z]+(_[a-z]+)+\??: (string|number|boolean|null|[A-Z{"])/;

/** The declarations of types in `text`: interfaces, and type literals where a type is expected. */
function declarations(text: string): string[] {
  return [...text.matchAll(/^(?:export )?(?:interface|type) \w+[^;{]*\{.*?^\}/gms), ...text.matchAll(/<\{[^}]*\}>|: \{[^}"`()]*\}/g)].map(
    String,
  );
}

it("the API's types, which have snake_case fields, are declared in one module", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && ![".test.ts", "samples.ts", "shared/api.ts"].some((end) => name.endsWith(end)))
    .filter((name) => declarations(readFileSync(join(SOURCES, name), "utf8")).some((one) => FIELD.test(one)));
  expect(files).toEqual(["shared/api-types.ts"]);
});
