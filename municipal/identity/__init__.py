"""Staff: who they are, what each of them may do, and until when (職員と権限)."""
