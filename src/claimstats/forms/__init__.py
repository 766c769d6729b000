"""A finding in, a file out: each module here is a form that somebody else can open."""
