"""How people sign in, how long they stay so, and what a request must prove."""
