/** The script that <candor-widget> loads: it defines <candor-chat> and exports nothing to the page. */
import "./chat.ts";
