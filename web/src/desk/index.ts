/** The page /desk. */
import { installPageStyles } from "../shared/tokens.ts";
import "./desk-page.ts";

installPageStyles();
