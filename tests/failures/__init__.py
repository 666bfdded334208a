"""What must hold when something fails; F01, F02 … are the failures of docs/operations.md."""
