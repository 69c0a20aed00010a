"""The web's kernel: routes found by walking `review.pages`, one request as handlers see it, security, templates."""
