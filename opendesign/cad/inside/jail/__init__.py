"""The jail around a model script: built once around the warm parent, closed again around every single job."""
