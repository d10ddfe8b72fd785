/** The page /review. */
import { installPageStyles } from "../shared/tokens.ts";
import "./review-page.ts";

installPageStyles();
