"""Two maps set side by side: what each shows, its classes, and how both are drawn."""
