/** Who is signed in to the staff's pages. The cookie itself is HttpOnly; the page only ever sees this answer. */
import type { StaffMember } from "../shared/api.ts";
import { emit } from "../shared/element.ts";
import { ApiError, staffCall } from "../shared/http.ts";

const URL_OF_SESSION = "/api/staff/session";

/** The person signed in, or null. Throws `ApiError` when the server cannot say. */
export async function currentStaff(): Promise<StaffMember | null> {
  try {
    return await staffCall<StaffMember>("GET", URL_OF_SESSION);
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

export function signIn(login: string, password: string): Promise<StaffMember> {
  return staffCall<StaffMember>("POST", URL_OF_SESSION, { body: { login, password } });
}

export function signOut(): Promise<void> {
  return staffCall<void>("DELETE", URL_OF_SESSION);
}

/** True when the server no longer knows this browser's sign-in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** A sentence for people, whatever went wrong. */
export function sentence(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong here. Reload the page to try again.";
}

/** Tells the page around `element` that the sign-in has ended. */
export function reportSignedOut(element: EventTarget): void {
  emit(element, "candor-signed-out", undefined, true);
}
