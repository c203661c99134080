"""Pictures of every page and state, by day and by night, on a desk and on a phone: `make pictures`."""
