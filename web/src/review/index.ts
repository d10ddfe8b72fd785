/** The page /review. */
import { installPageStyles } from "../ui/tokens.ts";
import "./review-page.ts";

installPageStyles();
