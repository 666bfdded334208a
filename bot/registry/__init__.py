"""The insurance register: snapshot files, import and look-up."""
