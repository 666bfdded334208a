"""The law as code: standard library only, no clock, no input or output, no text for people."""
