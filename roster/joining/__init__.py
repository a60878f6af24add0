"""How people come onto the roster: applications, nominations, and the papers they hand in."""
