"""The wire's independent checker: written from protocol/STANDARD.md alone, sharing no code with the product."""
