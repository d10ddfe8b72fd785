"""A visitor's message from arrival to reply: pipeline, inbox, sessions, AI disclosure."""
