"""OpenID Connect: a provider elsewhere says who somebody is."""
