"""Tests; a package, as an installed library brings one of the same name along."""
