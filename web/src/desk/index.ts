/** The page /desk. */
import { installPageStyles } from "../ui/tokens.ts";
import "./desk-page.ts";

installPageStyles();
