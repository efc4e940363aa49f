"""Shared web plumbing: the state of an app, rendering, sign-in, security headers, errors, forms."""
