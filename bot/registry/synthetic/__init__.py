"""Made-up people for the demo, the tests and the measurements."""
